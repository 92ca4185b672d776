"""From the log of the exams' cards to what a plan starts from: cards, memory, costs, attendance.

All of it as it stood at the start of a day: no answer of that day or later counts.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.core.exam.attendance import Attendance, PastDay, learn_attendance
from app.core.exam.calibration import Calibration, rounds
from app.core.exam.costs import Costs, learn_costs
from app.core.exam.grid import Flags, Index
from app.core.exam.memory import AGAIN, Array, Memory
from app.core.exam.plan import Learner, learn_first_shares
from app.core.exam.scope import Cards

# The latest answers of each kind from which the learner's times are taken.
RECENT = 2_000
# The latest answers that tell hypotheses about the memory apart. Older ones only move the cards, as the
# scheduler has it: what somebody remembered years ago says little, and takes long to weigh.
MOST_EVIDENCE = 8_000


@dataclass(frozen=True, slots=True)
class Log:
    """Answers in the order of replay, none undone, none before a card's last reset: card, learner day, grade
    (1..4), seconds looked at."""

    card: Index
    day: npt.NDArray[np.int64]
    grade: Index
    seconds: Array

    def before(self, today: int) -> "Log":
        """Only the answers of days before `today`."""
        kept = self.day < today
        return Log(self.card[kept], self.day[kept], self.grade[kept], self.seconds[kept])


@dataclass(frozen=True, slots=True)
class Seeds:
    """States that cards brought from elsewhere before their first answer here; `known` says which did."""

    known: Flags
    stability: Array
    difficulty: Array
    last_day: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the learner stands at the start of `today`; days of `cards` are counted from it."""

    today: int
    cards: Cards
    calibration: Calibration
    learner: Learner


def standing(log: Log, seeds: Seeds, memory: Memory, today: int, past: list[PastDay]) -> Standing:
    """Replay the log under every hypothesis about the learner's memory, and learn their habits from it."""
    log = log.before(today)
    cut = int(log.day[-MOST_EVIDENCE]) if log.day.size > MOST_EVIDENCE else 0
    old = replayed(log.before(cut), seeds, memory)
    late = log.day >= cut
    calibration = Calibration(memory, old.stability, old.difficulty, old.known, old.last_day.astype(float))
    calibration.learn_all(log.card[late], log.day[late], log.grade[late])
    learner = Learner(
        calibration.memory,
        costs_of(log, seeds.known),
        first_shares_of(log, seeds.known),
        learn_attendance(past) if past else Attendance(),
        calibration.shift(float(today))[0],
    )
    return Standing(today, cards_at(calibration, today), calibration, learner)


def replayed(log: Log, seeds: Seeds, memory: Memory) -> Seeds:
    """The states after all answers by the memory alone."""
    known = seeds.known.copy()
    stability = np.where(known, seeds.stability, 1.0)
    difficulty = np.where(known, seeds.difficulty, 5.0)
    last_day = np.where(known, seeds.last_day, 0)
    for chosen in rounds(log.card):
        card, grade, day = log.card[chosen], log.grade[chosen], log.day[chosen]
        elapsed = np.maximum(day - last_day[card], 0).astype(float)
        for value in (1, 2, 3, 4):
            for kind in (~known[card], known[card] & (elapsed < 1), known[card] & (elapsed >= 1)):
                at = kind & (grade == value)
                if not at.any():
                    continue
                which, new, same_day = card[at], not known[card[at][0]], bool(elapsed[at][0] < 1)
                before = stability[which], difficulty[which], elapsed[at]
                after = memory.first(value) if new else memory.answered(*before, value, same_day)
                stability[which], difficulty[which] = after
        known[card], last_day[card] = True, day
    return Seeds(known, stability, difficulty, last_day)


def cards_at(calibration: Calibration, today: int) -> Cards:
    """The cards at the start of a day, by the learner's calibrated memory."""
    seen = calibration.seen
    age = np.where(seen, np.minimum(calibration.last_day - today, -1), -1).astype(np.int64)
    return Cards(
        np.where(seen, calibration.stability(), 1.0),
        calibration.difficulty,
        age,
        seen.copy(),
        np.zeros(seen.size, np.int64),
    )


def costs_of(log: Log, seeded: Flags) -> Costs:
    """Typical seconds for a first answer, a pass and a fail."""
    first = _firsts(log, seeded)
    failed = ~first & (log.grade == AGAIN)
    passed = ~first & ~failed
    return learn_costs(*(log.seconds[kind][-RECENT:].tolist() for kind in (first, passed, failed)))


def first_shares_of(log: Log, seeded: Flags) -> tuple[float, float, float, float]:
    """Shares of the grades on first sight."""
    grades = log.grade[_firsts(log, seeded)]
    return learn_first_shares([int((grades == grade).sum()) for grade in (1, 2, 3, 4)])


def spent_by_day(log: Log) -> dict[int, float]:
    """Seconds of answers by learner day."""
    days, where = np.unique(log.day, return_inverse=True)
    sums = np.bincount(where, log.seconds, days.size)
    return {int(day): float(spent) for day, spent in zip(days, sums, strict=True)}


def _firsts(log: Log, seeded: Flags) -> Flags:
    first = np.zeros(log.card.size, bool)
    first[np.unique(log.card, return_index=True)[1]] = True
    return first & ~seeded[log.card]
