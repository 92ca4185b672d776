"""What a day's session scores cards by: tables of gain per second, the memory that moves a card, the costs.

The same whether the tables come straight from a plan or from the few that a phone holds for the next days.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.core.exam.costs import Costs
from app.core.exam.grid import Index, Table, age_place, corners
from app.core.exam.memory import Array, Memory


@dataclass(frozen=True, slots=True)
class DayTable:
    """Gain per second on one day for one group of cards; 0 where study does not pay."""

    day: int
    new: float
    repeat: Array  # (cells)
    review: Array  # (ages, cells)

    def score(self, stability: float, difficulty: float, age: int) -> float:
        """Score of a card seen `age` days before this day; age 0 means on this day."""
        one, other = np.array([stability]), np.array([difficulty])
        if age > 0:
            return float(read(self.review, one, other, np.array([float(age)]))[0])
        cells, shares = corners(one, other)
        return float((self.repeat[cells[:, 0]] * shares[:, 0]).sum())


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that one day's session needs besides the cards; `group` is -1 for cards that get no time."""

    tables: Sequence[DayTable]
    group: Index
    memory: Memory
    costs: Costs


def read(table: Table | Array, stability: Array, difficulty: Array, age: Array) -> Array:
    """A (ages, cells) table read between its nodes."""
    cells, shares = corners(stability, difficulty)
    slot, part = age_place(age)
    low = (table[slot, cells] * shares).sum(axis=0)
    high = (table[slot + 1, cells] * shares).sum(axis=0)
    return np.asarray(low * (1.0 - part) + high * part)
