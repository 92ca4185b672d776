"""Prices of a second of study, by day, under which the cards ask for just the minutes there are.

Dual descent: raise the price of a day that is asked for too much, lower the price of one that is asked for
too little. From nothing, steps are taken in the logarithm with the moments of Adam (Kingma & Ba 2015), and
shrink while the decisions sharpen from soft to hard (a homotopy: hard decisions make demand jump). From
there, or from the prices of the day before, each day takes Newton's step by the slope of its own demand:
where time is far too short, thousands of cards alike are on the brink of one price, and any other step is too
long. As days also take each other's cards, these steps are mixed by Anderson's acceleration (1965).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.core.exam.grid import Flags, Grid
from app.core.exam.memory import Array
from app.core.exam.programme import Group, Worth, follow, value

LOWEST, HIGHEST = 1e-7, 0.5  # weighted cards per second
SOFT, SHARP = 0.6, 0.12
COLD_STEPS, NEAR_STEPS = 44, 20
# Many groups make a step slow; then fewer steps have to do, but never fewer than these.
FULL_STEPS_GROUPS, COLD_STEPS_MIN, NEAR_STEPS_MIN = 3, 24, 8
FIRST_MOMENT, SECOND_MOMENT, LENGTH, SHRINKING = 0.8, 0.95, 0.6, 0.06
# A search ends when the days' misses are this share of all seconds. Prices of another day that miss by more
# than a factor are first moved together; if the search from them ends with a great miss, it begins afresh.
CLOSE, FAR, GREAT = 0.02, 3.0, 0.25
MOVES = 8
REMEMBERED, STIFFNESS = 5, 1e-3
LONGEST = SHARP  # a longer step might pass over all of the brink
NEARLY_FREE = float(np.log(1e-6))  # seconds that nobody wants at such a price are no miss


@dataclass(frozen=True, slots=True)
class Prices:
    """Weighted cards per second, by day of study, and what they lead to."""

    by_day: Array
    seconds: Array  # expected demand
    worths: tuple[Worth, ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """Expected seconds asked for on each day, those on the brink, and each group's worth."""

    seconds: Array
    undecided: Array
    worths: tuple[Worth, ...]


def demand(grid: Grid, groups: Sequence[Group], prices: Array, attendance: Array, softness: float) -> Demand:
    """What the cards ask for at these prices."""
    seconds, undecided = np.zeros(len(grid.days)), np.zeros(len(grid.days))
    worths = []
    for group in groups:
        attended = group.attended(grid, attendance)
        worths.append(value(grid, group.rewards, prices, attended, softness))
        asked, brink = follow(grid, group, worths[-1], attended)
        seconds += asked
        undecided += brink
    return Demand(seconds, undecided, tuple(worths))


def find_prices(
    grid: Grid, groups: Sequence[Group], seconds: Array, attendance: Array, start: Array | None = None,
    steps: int | None = None,
) -> Prices:  # fmt: skip
    """Prices at which demand meets `seconds` (on a day the learner attends), warm from `start` if given."""
    market = _Market(grid, groups, np.maximum(seconds * attendance, 1e-9), attendance)
    near = _steps(len(groups), NEAR_STEPS, NEAR_STEPS_MIN) if steps is None else steps
    found = None
    if start is not None:
        found = market.settled(market.moved(np.log(np.clip(start, LOWEST, HIGHEST))), near)
    if found is None or found.miss > GREAT:
        left = grid.days[-1] - np.array(grid.days)
        logs = market.scaled(np.log1p(0.5 * np.exp(-left / 2.5)), np.log(1e-6), np.log(0.1), 9)
        logs = market.descended(logs, steps or _steps(len(groups), COLD_STEPS, COLD_STEPS_MIN))
        fresh = market.settled(logs, near if steps is None else 1)
        found = fresh if found is None or fresh.miss < found.miss else found
    return Prices(np.exp(found.logs), found.asked.seconds, found.asked.worths)


def _steps(groups: int, most: int, least: int) -> int:
    return max(min(most, most * FULL_STEPS_GROUPS // max(groups, 1)), least)


@dataclass(frozen=True, slots=True)
class _Trial:
    """Log prices that were tried."""

    logs: Array
    asked: Demand
    miss: float


@dataclass(frozen=True, slots=True)
class _Market:
    grid: Grid
    groups: Sequence[Group]
    supply: Array
    attendance: Array

    def asked(self, logs: Array, softness: float = SHARP) -> Demand:
        return demand(self.grid, self.groups, np.exp(logs), self.attendance, softness)

    def tried(self, logs: Array) -> _Trial:
        """What comes of prices; the miss is what days get too many or too few, as a share of all seconds."""
        asked = self.asked(logs)
        off = np.where(self._unwanted(logs, asked), 0.0, np.abs(asked.seconds - self.supply))
        return _Trial(logs, asked, float(off.sum() / self.supply.sum()))

    def _unwanted(self, logs: Array, asked: Demand) -> Flags:
        """Days that nothing is wrong with: closed, or free and still not used up."""
        return (self.attendance <= 0) | ((logs < NEARLY_FREE) & (asked.seconds < self.supply))

    def moved(self, logs: Array) -> Array:
        """Earlier prices moved together until they are of the right size."""
        low = high = None
        by, step = 0.0, 0.5
        for _ in range(MOVES):
            ratio = float(self.asked(self._kept(logs + by)).seconds.sum() / self.supply.sum())
            if 1.0 / FAR <= ratio <= FAR or (logs.max() + by < NEARLY_FREE and ratio < 1.0):
                break
            if ratio > 1.0:
                low = by
            else:
                high = by
            if low is not None and high is not None:
                by = 0.5 * (low + high)
            else:
                by += step if ratio > 1.0 else -step
                step *= 2.0
        return self._kept(logs + by)

    def scaled(self, shape: Array, low: float, high: float, rounds: int) -> Array:
        """A curve of log prices moved up or down, within bounds, until total demand meets total supply."""
        for _ in range(rounds):
            middle = 0.5 * (low + high)
            dear = self.asked(middle + shape, SOFT).seconds.sum() <= self.supply.sum()
            low, high = (low, middle) if dear else (middle, high)
        return self._kept(0.5 * (low + high) + shape)

    def descended(self, logs: Array, steps: int) -> Array:
        """Log prices after dual descent in which choices sharpen from SOFT to SHARP and steps shrink."""
        mean, square = np.zeros(logs.size), np.zeros(logs.size)
        for step in range(steps):
            part = step / max(steps - 1, 1)
            asked = self.asked(logs, SOFT * (SHARP / SOFT) ** part).seconds
            surplus = np.clip((asked - self.supply) / self.supply, -3.0, 3.0) * (self.attendance > 0)
            mean = FIRST_MOMENT * mean + (1 - FIRST_MOMENT) * surplus
            square = SECOND_MOMENT * square + (1 - SECOND_MOMENT) * surplus**2
            moved = mean / (1 - FIRST_MOMENT ** (step + 1))
            scale = np.sqrt(square / (1 - SECOND_MOMENT ** (step + 1))) + 0.15
            logs = self._kept(logs + LENGTH * SHRINKING**part * moved / scale)
        return logs

    def settled(self, logs: Array, steps: int) -> _Trial:
        """The best of some trials, each day led by the slope of its own demand: -undecided / (2·SHARP)."""
        tried: list[tuple[Array, Array]] = []
        best = last = self.tried(logs)
        for _ in range(steps - 1):
            if best.miss < CLOSE:
                break
            tried = [*tried[1 - REMEMBERED :], (last.logs, self._newton(last))]
            last = self.tried(self._kept(last.logs + _mixed(tried)))
            best = min(best, last, key=lambda one: one.miss)
        return best

    def _newton(self, last: _Trial) -> Array:
        """Each day's own step. On the brink is at least a quarter of the day: else steps know no bounds."""
        undecided = np.maximum(last.asked.undecided, 0.25 * np.maximum(last.asked.seconds, self.supply))
        step = SHARP * (last.asked.seconds - self.supply) / undecided
        return np.where(self._unwanted(last.logs, last.asked), 0.0, np.clip(step, -LONGEST, LONGEST))

    @staticmethod
    def _kept(logs: Array) -> Array:
        return np.clip(logs, np.log(LOWEST), np.log(HIGHEST))


def _mixed(tried: Sequence[tuple[Array, Array]]) -> Array:
    """The last step, with what the steps before it showed of how days move each other."""
    logs, steps = (np.stack(parts) for parts in zip(*tried, strict=True))
    step = steps[-1]
    if len(tried) > 1:
        moved, changed = np.diff(logs, axis=0), np.diff(steps, axis=0)
        square = changed @ changed.T
        square += (STIFFNESS * np.trace(square) / len(square) + 1e-12) * np.eye(len(square))
        step = step - np.linalg.solve(square, changed @ step) @ (moved + changed)
    return np.asarray(np.clip(step, -2.0 * LONGEST, 2.0 * LONGEST))
