"""Golden vectors of the streak: days studied, and what each following day says of them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from app.core.breaks import Break
from app.core.stats import streak

_FIRST: Final = 20_500  # a learner day in 2026
# One letter a day: x studied, - not.
_BREAKS: Final = (
    ("xx--xx", Break(_FIRST + 2, _FIRST + 3)),
    ("xx----xx", Break(_FIRST + 2, _FIRST + 4)),
    ("xx----xx", Break(_FIRST + 3, _FIRST + 9)),
    ("xxx---------", Break(_FIRST + 3, _FIRST + 10)),
    ("xx-xx", Break(_FIRST + 3, _FIRST + 1)),
    ("x-x-x", Break(_FIRST - 9, _FIRST + 1)),
)
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
        "about": "streak(days, today, breaks): the days studied (any order, days to come included) seen on a"
        " day. Days of a break are not missed.",
        "streaks": [
            *(vector for life in _LIVES for vector in _seen(life)),
            *(vector for life, off in _BREAKS for vector in _seen(life, off)),
        ],
    }


def _seen(life: str, *breaks: Break) -> Sequence[Mapping[str, Any]]:
    days = [_FIRST + place for place, mark in enumerate(life) if mark == "x"]
    return [
        {
            "days": days[::-1],
            "today": today,
            "breaks": [asdict(off) for off in breaks],
            "streak": asdict(streak(days, today, breaks=breaks)),
        }
        for today in range(_FIRST, _FIRST + len(life) + 2)
    ]
