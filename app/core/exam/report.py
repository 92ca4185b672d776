"""What the screens show of a plan, as JSON values: readiness, outlook, path, sections, cards left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from app.core.exam.forecast import Course, Readiness, follow_plan, grid_of, promised, readiness
from app.core.exam.grid import Flags, Table
from app.core.exam.history import Standing
from app.core.exam.plan import Plan
from app.core.exam.scope import NO_SECTION, Exam

FIVE_MINUTES = 300.0
MOST_NAMED = 200


@dataclass(frozen=True, slots=True)
class Part:
    """A deck of an exam (`path` empty) or a part of it: its cards as flags, how it is marked."""

    key: str
    deck_id: str
    path: tuple[str, ...]
    cards: Flags
    pinned: bool = False
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Followed:
    """The plan followed to its end as it is, and with five more minutes today."""

    course: Course
    with_more: Course


def followed(plan: Plan, exams: Sequence[Exam]) -> Followed:
    seconds, attendance = plan.seconds.copy(), plan.attendance.copy()
    seconds[0] += FIVE_MINUTES
    attendance[0] = 1.0
    more = replace(plan, seconds=seconds, attendance=attendance)
    grid = grid_of(plan)
    return Followed(follow_plan(plan, exams, grid), follow_plan(more, exams, grid))


def readiness_at(standing: Standing, exam: Exam, recall: Table | None = None) -> Readiness:
    """Where the learner stands; `recall` at the exam, where it is known already."""
    return readiness(standing.calibration, standing.cards, exam, float(standing.today), recall)


def readiness_report(
    standing: Standing, exam: Exam, parts: Sequence[Part], now: Readiness, recall: Table
) -> dict[str, Any]:
    """What is known without any plan: how many cards count, where the learner stands, section by section."""
    counted = exam.weights() > 0
    return {
        "cards": int(counted.sum()),
        "seen": int((counted & standing.cards.seen).sum()),
        "readiness": _band(now),
        "sections": [_part(standing, exam, part, recall) for part in parts],
    }


def plan_report(
    standing: Standing, number: int, done: Followed, left_out: tuple[int, Sequence[str]], now: Readiness
) -> dict[str, Any]:
    """What the plan adds: `number` is the exam's place in the course, `left_out` how many cards stay new, and
    the first of them."""
    path, more = done.course.paths[number], done.with_more.paths[number]
    last = promised(now, path[-1].readiness) if path else now
    return {
        "outlook": _band(last),
        "five_more": _short(max(more[-1].readiness - path[-1].readiness, 0.0)) if path else 0.0,
        "path": [
            {
                "day": standing.today + day.day,
                "seconds": _short(day.seconds),
                "new_cards": _short(day.new_cards),
                **_band(promised(now, day.readiness)),
            }
            for day in path
        ],
        "left_out": {"count": left_out[0], "cards": list(left_out[1])},
    }


def _part(standing: Standing, exam: Exam, part: Part, recall: Table) -> dict[str, Any]:
    weights = exam.weights()
    alone = Exam(exam.at, np.where(part.cards, 0, NO_SECTION))
    return {
        "key": part.key,
        "deck_id": part.deck_id,
        "path": list(part.path),
        "cards": int(part.cards.sum()),
        "seen": int((part.cards & standing.cards.seen).sum()),
        "share": _short(float(weights[part.cards].sum()) / max(float(weights.sum()), 1e-9)),
        "readiness": _band(readiness_at(standing, alone, recall)),
        "pinned": part.pinned,
        "dropped": part.dropped,
    }


def _band(known: Readiness) -> dict[str, float]:
    return {"mean": _short(known.mean), "low": _short(known.low), "high": _short(known.high)}


def _short(value: float) -> float:
    return round(float(value), 5)
