"""One call from where a learner stands to what every second of the days ahead is worth."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from app.core.exam.attendance import Attendance
from app.core.exam.costs import Costs
from app.core.exam.grid import Grid
from app.core.exam.memory import Array, Memory
from app.core.exam.prices import find_prices
from app.core.exam.programme import DayWorth
from app.core.exam.scope import Cards, Exam, Grouping, gathered, group_cards, planning_days

# Plans are made for a forgetting curve at least this steep: a hedge against a tail that is too flat, which
# costs next to nothing if FSRS is right.
HEDGE_DECAY = 0.3
# Shares of Again, Hard, Good and Easy on first sight, until the learner's own are known.
FIRST_SHARES = (0.25, 0.10, 0.50, 0.15)
PRIOR_FIRST = 40.0


@dataclass(frozen=True, slots=True)
class Learner:
    """What planning needs to know about a learner.

    `memory` is best the calibrated one; `shift` is how far off it is on average, in the logit of the recall:
    forecasts count with it, plans gain nothing by it.
    """

    memory: Memory = field(default_factory=Memory)
    costs: Costs = field(default_factory=Costs)
    first_shares: tuple[float, float, float, float] = FIRST_SHARES
    attendance: Attendance = field(default_factory=Attendance)
    shift: float = 0.0


def learn_first_shares(counts: Sequence[int]) -> tuple[float, float, float, float]:
    """Shares of the four grades on first sight from their counts, with a prior of PRIOR_FIRST answers."""
    total = sum(counts) + PRIOR_FIRST
    again, hard, good, easy = (
        (count + PRIOR_FIRST * prior) / total for count, prior in zip(counts, FIRST_SHARES, strict=True)
    )
    return again, hard, good, easy


@dataclass(frozen=True, slots=True)
class PriceCurve:
    """Prices by day, kept from one day to the next to start the search from."""

    days: tuple[int, ...]
    prices: tuple[float, ...]

    def at(self, days: Sequence[int], passed: int) -> Array:
        """Prices for `days` counted from a today that is `passed` days later."""
        logs = np.log(np.array(self.prices))
        return np.asarray(np.exp(np.interp(np.array(days) + passed, np.array(self.days), logs)))


@dataclass(frozen=True, slots=True)
class Plan:
    """A solved plan. Days are counted from the day it was made for; arrays run over `days`."""

    learner: Learner
    grid: Grid
    grouping: Grouping
    seconds: Array  # there are, if the learner comes
    attendance: Array  # chance that the learner comes
    prices: Array  # weighted cards per second
    expected_seconds: Array
    worths: tuple[tuple[DayWorth, ...], ...]  # by group, by day

    @property
    def days(self) -> tuple[int, ...]:
        """Days of study, the first is today."""
        return self.grid.days

    @property
    def curve(self) -> PriceCurve:
        """What the next day's plan starts from."""
        return PriceCurve(self.days, tuple(float(price) for price in self.prices))


def make_plan(
    cards: Cards, exams: Sequence[Exam], seconds: Array, learner: Learner,
    earlier: tuple[PriceCurve, int] | None = None, steps: int | None = None,
) -> Plan:  # fmt: skip
    """Plan all days up to the last exam.

    `seconds` are those of each calendar day from today, today's being what is still left; `earlier` is an
    older plan's curve and the days passed since. Raises ValueError when no exam lies ahead.
    """
    ahead = [exam for exam in exams if exam.at > 0]
    if not ahead:
        raise ValueError("no exam lies ahead")
    grid, supply, attendance = _frame(ahead, seconds, learner)
    grouping = group_cards(cards, ahead)
    start = None if earlier is None else earlier[0].at(grid.days, earlier[1])
    found = find_prices(grid, grouping.groups, supply, attendance, start, steps)
    worths = tuple(tuple(worth.days) for worth in found.worths)
    return Plan(learner, grid, grouping, supply, attendance, found.by_day, found.seconds, worths)


def _frame(exams: Sequence[Exam], seconds: Array, learner: Learner) -> tuple[Grid, Array, Array]:
    days = planning_days(exams)
    calendar = np.zeros(days[-1] + 1)
    calendar[: seconds.size] = seconds[: calendar.size]
    calendar[1:] *= learner.attendance.share
    supply = gathered(calendar, days)
    attendance = np.where(supply > 0, learner.attendance.chance, 0.0)
    attendance[0] = float(supply[0] > 0)
    hedged = learner.memory.hedged(HEDGE_DECAY)
    return Grid(hedged, learner.costs, days, learner.first_shares), supply, attendance
