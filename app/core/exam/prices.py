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
COLD_STEPS, WARM_STEPS = 44, 16
# Many groups make a step slow; then fewer steps have to do, but never fewer than these.
FULL_STEPS_GROUPS, COLD_STEPS_MIN, WARM_STEPS_MIN = 3, 24, 6
WARM_SCALINGS = 5
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
    """Prices at which demand meets `seconds` (on a day the learner attends), warm from `start` if given.

    A start need not be close: first the whole curve is scaled until demand meets supply in total.
    """
    market = _Market(grid, groups, np.maximum(seconds * attendance, 1e-9), attendance)
    if start is None:
        left = grid.days[-1] - np.array(grid.days)
        logs = market.scaled(np.log1p(0.5 * np.exp(-left / 2.5)), np.log(1e-6), np.log(0.1), 9)
        logs = market.descended(logs, steps or _steps(len(groups), COLD_STEPS, COLD_STEPS_MIN), SOFT, 0.6)
    else:
        logs = market.scaled(np.log(np.clip(start, LOWEST, HIGHEST)), -2.0, 2.0, WARM_SCALINGS)
        logs = market.descended(logs, steps or _steps(len(groups), WARM_STEPS, WARM_STEPS_MIN), SHARP, 0.25)
    asked, worths = demand(grid, groups, np.exp(logs), attendance, SHARP)
    return Prices(np.exp(logs), asked, worths)


def _steps(groups: int, most: int, least: int) -> int:
    return max(min(most, most * FULL_STEPS_GROUPS // max(groups, 1)), least)


@dataclass(frozen=True, slots=True)
class _Market:
    grid: Grid
    groups: Sequence[Group]
    supply: Array
    attendance: Array

    def asked(self, logs: Array, softness: float) -> Array:
        return demand(self.grid, self.groups, np.exp(logs), self.attendance, softness)[0]

    def scaled(self, shape: Array, low: float, high: float, rounds: int) -> Array:
        """A curve of log prices moved up or down, within bounds, until total demand meets total supply."""
        for _ in range(rounds):
            middle = 0.5 * (low + high)
            dear = self.asked(middle + shape, SOFT).sum() <= self.supply.sum()
            low, high = (low, middle) if dear else (middle, high)
        return np.asarray(np.clip(0.5 * (low + high) + shape, np.log(LOWEST), np.log(HIGHEST)))

    def descended(self, logs: Array, steps: int, softness: float, length: float) -> Array:
        """Log prices after dual descent in which choices sharpen to SHARP and steps shrink from `length`."""
        mean, square = np.zeros(logs.size), np.zeros(logs.size)
        for step in range(steps):
            part = step / max(steps - 1, 1)
            asked = self.asked(logs, softness * (SHARP / softness) ** part)
            surplus = np.clip((asked - self.supply) / self.supply, -3.0, 3.0) * (self.attendance > 0)
            mean = FIRST_MOMENT * mean + (1 - FIRST_MOMENT) * surplus
            square = SECOND_MOMENT * square + (1 - SECOND_MOMENT) * surplus**2
            moved = mean / (1 - FIRST_MOMENT ** (step + 1))
            scale = np.sqrt(square / (1 - SECOND_MOMENT ** (step + 1))) + 0.15
            logs = logs + length * 0.06**part * moved / scale
            logs = np.clip(logs, np.log(LOWEST), np.log(HIGHEST))
        return logs
