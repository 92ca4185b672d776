"""Breaks planned ahead: what would fall due in one comes before it, or after it bit by bit.

No due day changes, in the log or in the cache: a break only says on which day a card is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.core.fuzz import hash32

MOST_DAYS: Final = 7
"""Over so many days at most the cards of a break are spread, before it and after it."""


@dataclass(frozen=True, slots=True)
class Break:
    """Learner days on which nobody studies, both ends included. One that ends before it begins is none."""

    first: int
    last: int

    @property
    def spread(self) -> int:
        """Over how many days its cards are spread on each side."""
        return min(MOST_DAYS, self.last - self.first + 1)


def breaks_in(settings: Mapping[str, Any]) -> tuple[Break, ...]:
    """The breaks among a learner's settings."""
    return tuple(Break(each["first"], each["last"]) for each in settings.get("breaks") or ())


def days_in(breaks: Sequence[Break], first: int, last: int) -> list[int]:
    """The days of these breaks between two days, both included: a break itself may last for ages."""
    return sorted({day for off in breaks for day in range(max(first, off.first), min(last, off.last) + 1)})


def is_due(card_id: UUID, due_day: int, last_day: int | None, day: int, breaks: Sequence[Break]) -> bool:
    """Whether a review is to be shown.

    In the days before a break each of its cards has a day on which it is due early, unless it was answered in
    these days already. After the break those that are left have each a day on which they come back.
    """
    for off in breaks:
        if not off.first <= due_day <= off.last:
            continue
        if day < off.first:
            fresh = last_day is None or last_day < off.first - off.spread
            return fresh and day >= off.first - 1 - hash32(card_id, off.first) % off.spread
        if day > off.last:
            return day >= off.last + 1 + hash32(card_id, off.last) % off.spread
    return due_day <= day


def reach(day: int, breaks: Sequence[Break]) -> int:
    """The last due day of a card that can be shown on this day."""
    ahead = [off.last for off in breaks if off.first - off.spread <= day < off.first]
    return max([day, *ahead])


def missed(after: int, before: int, breaks: Sequence[Break]) -> int:
    """How many days between two days were no break."""
    gone, at = max(0, before - after - 1), after + 1
    for off in sorted(breaks, key=lambda each: each.first):
        first, last = max(at, off.first), min(before - 1, off.last)
        gone -= max(0, last - first + 1)
        at = max(at, last + 1)
    return gone
