"""The memory model tabulated: cells of (log stability x difficulty), slots of "day last seen".

A card that waits learns nothing, so "days since review" needs no axis that moves: a card sits in the slot
of the day it was last seen on, and only its distance to today grows. Slots are a few ages before today
(interpolated in the logarithm of the age), then one for each day of study. Arrays are (slots, cells), cells
flattened as stability-major; `float32` halves the time and its error (1e-7) is far below that of the memory
model.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.core.exam.costs import Costs
from app.core.exam.memory import AGAIN, GOOD, Array, Memory

Table = npt.NDArray[np.float32]
Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

LOG_STABILITY = np.linspace(np.log(0.02), np.log(4000.0), 40)
DIFFICULTY = np.array([1.0, 2.1, 3.5, 5.0, 6.4, 7.6, 8.8, 10.0])
AGES = np.array([1, 2, 3, 4, 6, 8, 11, 15, 21, 30, 45, 70, 110, 180, 365])
CELLS = LOG_STABILITY.size * DIFFICULTY.size


def place(axis: Array, values: Array) -> tuple[Index, Array]:
    """Where values lie on a rising axis: the node below and the part (0..1) of the way to the next."""
    below = np.clip(np.searchsorted(axis, values, side="right") - 1, 0, axis.size - 2)
    part = np.clip((values - axis[below]) / (axis[below + 1] - axis[below]), 0.0, 1.0)
    return below, part


def corners(stability: Array, difficulty: Array) -> tuple[Index, Array]:
    """The four cells around each (stability, difficulty) and their bilinear shares: two (4, n) arrays."""
    low, part = place(LOG_STABILITY, np.log(np.maximum(stability, 1e-6)))
    left, side = place(DIFFICULTY, difficulty)
    cell = low * DIFFICULTY.size + left
    width = DIFFICULTY.size
    cells = np.stack([cell, cell + 1, cell + width, cell + width + 1])
    shares = np.stack([(1 - part) * (1 - side), (1 - part) * side, part * (1 - side), part * side])
    return cells, shares


def age_place(age: Array) -> tuple[Index, Array]:
    """Where ages (days, at least 1) lie among AGES, in the logarithm."""
    return place(np.log(AGES.astype(float)), np.log(np.maximum(age, 1.0)))


def difficulty_shift(memory: Memory, grade: int) -> Table:
    """Matrix (difficulty, difficulty): a row's share of each next difficulty after `grade`."""
    below, part = place(DIFFICULTY, memory.next_difficulty(DIFFICULTY, grade))
    shift = np.zeros((DIFFICULTY.size, DIFFICULTY.size), np.float32)
    rows = np.arange(DIFFICULTY.size)
    shift[rows, below] = 1.0 - part
    shift[rows, below + 1] += part
    return shift


def next_cell(stability: Array) -> tuple[Index, Table]:
    """For next stabilities (..., difficulty): cell below (difficulty kept) and part of the way up."""
    low, part = place(LOG_STABILITY, np.log(stability))
    return low * DIFFICULTY.size + np.arange(DIFFICULTY.size), part.astype(np.float32)


def logit(chance: Array) -> Array:
    """ln(p / (1-p)), cut off at 0.001 and 0.999."""
    kept = np.clip(chance, 1e-3, 1.0 - 1e-3)
    return np.asarray(np.log(kept / (1.0 - kept)))


def logistic(value: Array) -> Array:
    """The inverse of `logit`."""
    return np.asarray(1.0 / (1.0 + np.exp(-value)))


def shifted(chance: Array, shift: float) -> Array:
    """Chances moved by `shift` in the logit."""
    return logistic(logit(chance) + shift) if shift else chance


@dataclass(frozen=True, slots=True)
class Moves:
    """What an answer on one day does, by (slot, cell); slots are those last seen before the day."""

    recall: Table
    cost: Table  # expected seconds
    pass_cell: Index
    pass_part: Table
    fail_cell: Index
    fail_part: Table

    def rows(self, chosen: Index) -> "Moves":
        """The same for a choice of rows, in that order."""
        return Moves(
            self.recall[chosen], self.cost[chosen], self.pass_cell[chosen], self.pass_part[chosen],
            self.fail_cell[chosen], self.fail_part[chosen],
        )  # fmt: skip


@dataclass(frozen=True)
class Grid:
    """All tables for one memory, one set of answer times and the days of study ahead.

    `days` are whole days from today, rising, the first is today (0). `first_shares` are the learner's shares
    of Again, Hard, Good, Easy on first sight. `shift` moves the chance to pass in the logit.
    """

    memory: Memory
    costs: Costs
    days: tuple[int, ...]
    first_shares: tuple[float, float, float, float]
    shift: float = 0.0

    @cached_property
    def last_seen(self) -> npt.NDArray[np.int64]:
        """Day (relative to today) on which the cards of each slot were last seen."""
        return np.concatenate([-AGES, np.array(self.days)]).astype(np.int64)

    @cached_property
    def moves(self) -> list[Moves]:
        """`Moves` for each day of study."""
        elapsed = [day - self.last_seen[: AGES.size + index] for index, day in enumerate(self.days)]
        ages, where = np.unique(np.concatenate(elapsed), return_inverse=True)
        tables = self._tables(ages.astype(float))
        ends = np.cumsum([len(part) for part in elapsed])[:-1]
        return [tables.rows(rows) for rows in np.split(where, ends)]

    def _tables(self, ages: Array) -> Moves:
        stability = np.exp(LOG_STABILITY)[None, :, None]
        difficulty = DIFFICULTY[None, None, :]
        recall = self.memory.recall(ages[:, None, None], stability)
        passed = next_cell(self.memory.after_pass(stability, difficulty, recall))
        failed = next_cell(self.memory.after_fail(stability, difficulty, recall))
        chance = shifted(recall, self.shift)
        flat = np.broadcast_to(chance, passed[0].shape).reshape(ages.size, CELLS).astype(np.float32)
        cost = (flat * self.costs.passed + (1.0 - flat) * self.costs.failed).astype(np.float32)
        shape = (ages.size, CELLS)
        return Moves(
            flat, cost, passed[0].reshape(shape), passed[1].reshape(shape),
            failed[0].reshape(shape), failed[1].reshape(shape),
        )  # fmt: skip

    @cached_property
    def repeat(self) -> Table:
        """Matrix (cells, cells): a row's share of each next cell after one more pass on the same day."""
        stability = np.exp(LOG_STABILITY)[:, None] * np.ones(DIFFICULTY.size)
        low, part = place(LOG_STABILITY, np.log(self.memory.after_repeat(stability)))
        matrix = np.zeros((*low.shape, *low.shape), np.float32)
        row, column = np.indices(low.shape)
        matrix[row, column, low] = (1.0 - part)[..., None] * self.shift_pass[column]
        matrix[row, column, low + 1] += part[..., None] * self.shift_pass[column]
        return matrix.reshape(CELLS, CELLS)

    @cached_property
    def shift_pass(self) -> Table:
        """Difficulty after a pass, see `difficulty_shift`."""
        return difficulty_shift(self.memory, GOOD)

    @cached_property
    def shift_fail(self) -> Table:
        """Difficulty after a fail, see `difficulty_shift`."""
        return difficulty_shift(self.memory, AGAIN)

    @cached_property
    def first(self) -> Table:
        """Share of new cards that stands in each cell after the first answer."""
        states = np.array([[float(part) for part in self.memory.first(grade)] for grade in (1, 2, 3, 4)])
        cells, shares = corners(states[:, 0], states[:, 1])
        weights = shares * np.array(self.first_shares)
        return np.bincount(cells.ravel(), weights.ravel(), CELLS).astype(np.float32)

    def recall_at(self, moment: float, slots: int) -> Table:
        """Recall at a moment (days from today) by (slot, cell), for the first `slots` slots."""
        stability = np.exp(LOG_STABILITY)
        ages = moment - self.last_seen[:slots, None].astype(float)
        curve = self.memory.recall(ages, stability[None, :])
        return np.repeat(curve, DIFFICULTY.size, axis=1).astype(np.float32)
