"""What a day of study adds up to.

The counts of a day follow from the log alone: a card's phase from ratings and steps, its maturity from the
days that really passed since its last answer. New weights therefore change no statistics, and the rollup in
the database can always be rebuilt.
"""

import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.core.breaks import Break, missed
from app.core.events import AGAIN, Event
from app.core.parameters import Parameters
from app.core.schedule import NEW, REVIEW, CardState, walk

MATURE_DAYS: Final = 21
LONGEST_ANSWER_MS: Final = 60_000  # who takes longer was called away
FREEZES: Final = 1
DAYS_TO_EARN_A_FREEZE: Final = 7


@dataclass(frozen=True, slots=True)
class DayCounts:
    """Answers of a day: by rating; by what the card was before; those remembered (not Again); time in ms.

    `learning` includes relearning, and practice that moves no schedule; a review card is `mature` when 21
    days or more passed since its last answer, else `young`. Each of the two groups adds up to the number of
    answers.
    """

    again: int = 0
    hard: int = 0
    good: int = 0
    easy: int = 0
    new: int = 0
    learning: int = 0
    young: int = 0
    mature: int = 0
    young_passed: int = 0
    mature_passed: int = 0
    duration_ms: int = 0

    @property
    def answers(self) -> int:
        return self.again + self.hard + self.good + self.easy

    @property
    def retention(self) -> float | None:
        """Share of reviews remembered, None on a day without reviews."""
        reviews = self.young + self.mature
        return (self.young_passed + self.mature_passed) / reviews if reviews else None

    def __add__(self, other: "DayCounts") -> "DayCounts":
        return DayCounts(*map(operator.add, _numbers(self), _numbers(other)))

    def __sub__(self, other: "DayCounts") -> "DayCounts":
        return DayCounts(*map(operator.sub, _numbers(self), _numbers(other)))


_numbers: Final[Callable[[DayCounts], tuple[int, ...]]] = operator.attrgetter(*DayCounts.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Streak:
    """`days` studied in the streak that still runs, `freezes` left to forgive a missed day."""

    days: int
    freezes: int
    today: bool


def counts_of(before: CardState, answer: Event) -> DayCounts:
    """What one answer adds to its day, given the card's state before it."""
    passed = answer.rating != AGAIN
    group = "learning" if answer.crammed else _group(before, answer.day)
    return DayCounts(
        again=int(answer.rating == 1),
        hard=int(answer.rating == 2),
        good=int(answer.rating == 3),
        easy=int(answer.rating == 4),
        new=int(group == "new"),
        learning=int(group == "learning"),
        young=int(group == "young"),
        mature=int(group == "mature"),
        young_passed=int(group == "young" and passed),
        mature_passed=int(group == "mature" and passed),
        duration_ms=min(max(answer.duration_ms, 0), LONGEST_ANSWER_MS),
    )


def tally(card_id: UUID, events: Iterable[Event], versions: Sequence[Parameters]) -> dict[int, DayCounts]:
    """Counts by learner day of one card's log; undone answers count nowhere.

    A late event can change what later answers count as: take the old log's tally away, add the new one's.
    """
    days: dict[int, DayCounts] = {}
    for event, before, _ in walk(card_id, events, versions):
        if event.kind == "answer":
            days[event.day] = days.get(event.day, DayCounts()) + counts_of(before, event)
    return days


def streak(days: Iterable[int], today: int, freezes: int = FREEZES, breaks: Sequence[Break] = ()) -> Streak:
    """The streak over the learner days on which something was answered.

    A missed day uses up a freeze instead of ending the streak; seven days of study in a row earn one back,
    never more than `freezes`. Today is not missed before it is over, and days to come do not count. Days of a
    planned break are never missed.
    """
    studied = sorted({day for day in days if day <= today})
    length, left, row, last = 0, freezes, 0, None
    for day in [*studied, today]:
        gone = 0 if last is None else missed(last, day, breaks)
        if gone > 0:
            row = 0
            length, left = (length, left - gone) if gone <= left else (0, freezes)
        if day == last or day not in studied:
            continue
        length, row, last = length + 1, row + 1, day
        if row % DAYS_TO_EARN_A_FREEZE == 0:
            left = min(left + 1, freezes)
    return Streak(length, left, bool(studied) and studied[-1] == today)


def _group(before: CardState, day: int) -> str:
    if before.phase == NEW:
        return "new"
    if before.phase != REVIEW or before.last_day is None:
        return "learning"
    return "mature" if day - before.last_day >= MATURE_DAYS else "young"
