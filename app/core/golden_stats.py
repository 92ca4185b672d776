"""Golden vectors of a day's counts: what one answer adds to its day, by what its card was before."""

from collections.abc import Mapping
from dataclasses import asdict
from itertools import product
from typing import Any, Final
from uuid import UUID

from app.core.day import DAY_MS
from app.core.events import Event
from app.core.schedule import CardState
from app.core.stats import MATURE_DAYS, counts_of

_DAY: Final = 20_500  # a learner day in 2026
_SOME: Final = UUID(int=1)
_PAUSES: Final = (None, 0, 1, MATURE_DAYS - 1, MATURE_DAYS, 400)
_TIMES: Final = (0, 4_000, 60_000, 3_600_000)


def stats_vectors() -> Mapping[str, Any]:
    """Each phase with each pause and rating; practice, which counts as learning; long looks."""
    cases = [
        *(
            (phase, pause, rating, 4_000, False)
            for phase, pause, rating in product(range(4), _PAUSES, range(1, 5))
        ),
        *((2, pause, 1, 4_000, True) for pause in _PAUSES),
        *((2, MATURE_DAYS, 3, time, False) for time in _TIMES),
    ]
    return {
        "about": "counts = what an answer adds to its day, given phase and last day of its card before it.",
        "answers": [_vector(*case) for case in cases],
    }


def _vector(phase: int, pause: int | None, rating: int, time: int, practice: bool) -> Mapping[str, Any]:
    before = CardState(phase=phase, last_day=None if pause is None else _DAY - pause)
    data = {"mode": "cram"} if practice else {}
    answer = _answer(rating, time, data)
    return {
        "before": {"phase": phase, "last_day": before.last_day},
        "event": {"rating": rating, "day": _DAY, "duration_ms": time, "data": data},
        "counts": asdict(counts_of(before, answer)),
    }


def _answer(rating: int, time: int, data: dict[str, Any]) -> Event:
    at = _DAY * DAY_MS
    return Event(
        id=_SOME,
        card_id=_SOME,
        kind="answer",
        rating=rating,
        at=at,
        clock_offset_ms=0,
        day=_DAY,
        duration_ms=time,
        device_id=_SOME,
        device_seq=1,
        received_at=at,
        effective_at=at,
        data=data,
    )
