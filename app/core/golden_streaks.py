"""Golden vectors of the streak: days studied, and what each following day says of them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from app.core.stats import streak

_FIRST: Final = 20_500  # a learner day in 2026
# One letter a day: x studied, - not.
_LIVES: Final = (
    "",
    "x",
    "-",
    "xxxxx",
    "xx-xx",
    "xx--xx",
    "x-x-x",
    "xxxxxxx-x-x",
    "xxxxxx-xxxxxxx-x",
    "xxxxxxxxxxxxxxx-x-xxxxxxx-x--x",
    "-xxx-",
    "xxx--",
    "x---------x",
)


def streak_vectors() -> Mapping[str, Any]:
    """Each life seen from each of its days and the two days after it."""
    return {
        "about": "streak(days, today): the days studied (any order, days to come included) seen on a day.",
        "streaks": [vector for life in _LIVES for vector in _seen(life)],
    }


def _seen(life: str) -> Sequence[Mapping[str, Any]]:
    days = [_FIRST + place for place, mark in enumerate(life) if mark == "x"]
    return [
        {"days": days[::-1], "today": today, "streak": asdict(streak(days, today))}
        for today in range(_FIRST, _FIRST + len(life) + 2)
    ]
