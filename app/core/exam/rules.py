"""What an exam must be like, and when it counts as running."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.core.errors import Refused, TooLarge

FARTHEST_DAYS: Final = 3_660
MOST_RUNNING: Final = 20
MOST_SECTIONS: Final = 500
MOST_CARDS: Final = 5_000
DEFAULT_TIME: Final = 540
"""Minutes after midnight at which an exam begins whose time is not known."""
USUAL_STUDY: Final = 1080
"""Minutes after midnight at which a day's study is taken to happen."""
ON_THE_DAY: Final = 0.1
"""Days from the last study to the exam when both fall on one day."""
SECTION_SEPARATOR: Final = "/"
_ROUNDING: Final = 1e-6


def is_running(day: int, archived: bool, today: int) -> bool:
    """Whether an exam still lies ahead."""
    return day >= today and not archived


def days_to_exam(day: int, time: int | None, today: int) -> float:
    """Days from today's study to the exam; not positive for one that is over."""
    if day == today:
        return ON_THE_DAY
    return day - today + ((DEFAULT_TIME if time is None else time) - USUAL_STUDY) / 1440


def check_day(day: int, today: int) -> None:
    """Raises Refused("exam-past" | "exam-far")."""
    if day < today:
        raise Refused("exam-past", pointer="/day")
    if day > today + FARTHEST_DAYS:
        raise Refused("exam-far", pointer="/day", most=FARTHEST_DAYS)


def check_minutes(minutes: Sequence[int]) -> None:
    """Raises Refused("exam-no-minutes")."""
    if not any(minutes):
        raise Refused("exam-no-minutes", pointer="/minutes")


def check_marks(sections: Mapping[str, Any], cards: Mapping[str, Any]) -> None:
    """Raises TooLarge("exam-marks"), Refused("exam-shares")."""
    if len(sections) > MOST_SECTIONS or len(cards) > MOST_CARDS:
        raise TooLarge("exam-marks", pointer="/cards", cards=MOST_CARDS, sections=MOST_SECTIONS)
    if sum(section.get("share") or 0.0 for section in sections.values()) > 1.0 + _ROUNDING:
        raise Refused("exam-shares", pointer="/sections")


def weekday(day: int) -> int:
    """0 for Monday to 6; day 0 was a Thursday."""
    return (day + 3) % 7


def seconds_on(day: int, minutes: Sequence[int], days_off: frozenset[int]) -> float:
    """Seconds of study that an exam gives to a day."""
    return 0.0 if day in days_off else 60.0 * minutes[weekday(day)]


def section_key(deck_id: str, path: Sequence[str]) -> str:
    """How a deck, or a part of it, is named in an exam's `sections`."""
    return SECTION_SEPARATOR.join([deck_id, *path])


def section_of(deck_id: str, path: Sequence[str], sections: Mapping[str, Any]) -> str | None:
    """The longest key among an exam's sections that fits a card, None when none does."""
    for length in range(len(path), -1, -1):
        key = section_key(deck_id, path[:length])
        if key in sections:
            return key
    return None
