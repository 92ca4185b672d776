"""Prices of a second of study, by day, under which the cards ask for just the minutes there are.

Dual descent: raise the price of a day that is asked for too much, lower the price of one that is asked for
too little. Steps are taken in the logarithm with the moments of Adam (Kingma & Ba 2015), and shrink while
the decisions sharpen from soft to hard (a homotopy: hard decisions make demand jump).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.core.exam.grid import Grid
from app.core.exam.memory import Array
from app.core.exam.programme import Group, Worth, follow, value

LOWEST, HIGHEST = 1e-7, 0.5  # weighted cards per second
SOFT, SHARP = 0.6, 0.12
COLD_STEPS, WARM_STEPS = 80, 16
FIRST_MOMENT, SECOND_MOMENT = 0.8, 0.95


@dataclass(frozen=True, slots=True)
class Prices:
    """Weighted cards per second, by day of study, and what they lead to."""

    by_day: Array
    seconds: Array  # expected demand
    worths: tuple[Worth, ...]


def demand(
    grid: Grid, groups: Sequence[Group], prices: Array, attendance: Array, softness: float
) -> tuple[Array, tuple[Worth, ...]]:
    """Expected seconds asked for on each day, and each group's worth."""
    seconds = np.zeros(len(grid.days))
    worths = []
    for group in groups:
        attended = group.attended(grid, attendance)
        worths.append(value(grid, group.rewards, prices, attended, softness))
        seconds += follow(grid, group, worths[-1], attended)
    return seconds, tuple(worths)


def find_prices(
    grid: Grid, groups: Sequence[Group], seconds: Array, attendance: Array, start: Array | None = None,
    steps: int | None = None,
) -> Prices:  # fmt: skip
    """Prices at which demand meets `seconds` (on a day the learner attends), warm from `start` if given."""
    supply = np.maximum(seconds * attendance, 1e-9)
    warm = start is not None
    count = steps or (WARM_STEPS if warm else COLD_STEPS)
    logs = (
        np.log(np.clip(start, LOWEST, HIGHEST))
        if start is not None
        else _rough(grid, groups, supply, attendance)
    )
    mean, square = np.zeros(logs.size), np.zeros(logs.size)
    for step in range(count):
        part = step / max(count - 1, 1)
        softness = SHARP if warm else SOFT * (SHARP / SOFT) ** part
        asked, _ = demand(grid, groups, np.exp(logs), attendance, softness)
        surplus = np.where(attendance > 0, np.clip((asked - supply) / supply, -3.0, 3.0), 0.0)
        mean = FIRST_MOMENT * mean + (1 - FIRST_MOMENT) * surplus
        square = SECOND_MOMENT * square + (1 - SECOND_MOMENT) * surplus**2
        moved = mean / (1 - FIRST_MOMENT ** (step + 1))
        scale = np.sqrt(square / (1 - SECOND_MOMENT ** (step + 1))) + 0.15
        length = (0.25 if warm else 0.6) * 0.06**part
        logs = np.clip(logs + length * moved / scale, np.log(LOWEST), np.log(HIGHEST))
    asked, worths = demand(grid, groups, np.exp(logs), attendance, SHARP)
    return Prices(np.exp(logs), asked, worths)


def _rough(grid: Grid, groups: Sequence[Group], supply: Array, attendance: Array) -> Array:
    """Logarithms of prices of a fixed shape, dearer near the exam; in total, demand meets supply."""
    left = grid.days[-1] - np.array(grid.days)
    shape = np.log1p(0.5 * np.exp(-left / 2.5))
    low, high = np.log(1e-6), np.log(0.1)
    for _ in range(9):
        middle = 0.5 * (low + high)
        asked, _ = demand(grid, groups, np.exp(middle + shape), attendance, SOFT)
        low, high = (middle, high) if asked.sum() > supply.sum() else (low, middle)
    return np.asarray(0.5 * (low + high) + shape)
