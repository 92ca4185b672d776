"""After an exam: cards whose turn has come meanwhile get due days spread by load, not all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 14


@dataclass(frozen=True, slots=True)
class Overdue:
    """A card whose due day has come: its row, its stability in days."""

    row: int
    stability: float


def spread(overdue: Sequence[Overdue], load: Mapping[int, int], today: int) -> list[tuple[int, int]]:
    """(row, due day) of each card: the day with the least to do, not later than its stability allows.

    `load` is how many cards are due on each day already. The weakest cards choose first.
    """
    waiting = dict(load)
    given = []
    for card in sorted(overdue, key=lambda one: (one.stability, one.row)):
        reach = min(max(round(card.stability), 1), LONGEST)
        day = min(range(today, today + reach + 1), key=lambda day: (waiting.get(day, 0), day))
        waiting[day] = waiting.get(day, 0) + 1
        given.append((card.row, day))
    return given
