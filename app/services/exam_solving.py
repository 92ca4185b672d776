"""From what was read to what is written: the plan of a day for all running exams, and a report for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from app.core.exam.attendance import PastDay
from app.core.exam.calibration import Calibration
from app.core.exam.forecast import left_out, recall_at
from app.core.exam.history import Log, Seeds, Standing, cards_at, spent_by_day, standing
from app.core.exam.memory import Array, memory_of
from app.core.exam.plan import Learner, Plan, PriceCurve, make_plan
from app.core.exam.records import PlannedCards, pack, soonest
from app.core.exam.report import MOST_NAMED, Followed, followed, plan_report, readiness_at, readiness_report
from app.core.exam.rules import seconds_on
from app.core.exam.tables import export
from app.core.parameters import Parameters
from app.services.exam_material import Asked, ExamCards, NamedExam

DAYS_TOLD: Final = 14
DAYS_OF_TABLES: Final = 7
DAYS_LOOKED_BACK: Final = 60
_TABLES_AT_MOST: Final = 14  # groups times days: what a phone can fetch in a morning


@dataclass(frozen=True, slots=True)
class Solved:
    """The plan with everything it was made of; `missing` are rows of cards that will stay new."""

    today: int
    standing: Standing
    asked: Sequence[Asked]
    known: ExamCards
    seconds: Array
    plan: Plan
    missing: Sequence[int]
    done: Followed


def seconds_ahead(running: Sequence[NamedExam], today: int) -> Array:
    """Seconds of each day until the last exam: the most that any exam still ahead gives to the day."""
    off = [frozenset(exam.days_off) for exam in running]
    days = max((exam.day for exam in running), default=today) - today + 1
    return np.array([
        max(
            (
                seconds_on(today + ahead, exam.minutes, free)
                for exam, free in zip(running, off, strict=True)
                if exam.day > today + ahead or (ahead == 0 and exam.day == today)
            ),
            default=0.0,
        )
        for ahead in range(days)
    ])  # fmt: skip


def past_days(running: Sequence[NamedExam], log: Log, today: int) -> list[PastDay]:
    """The days since the first of these exams was named, as they were to be and as they were."""
    spent = spent_by_day(log)
    begun = max(min((exam.created_day for exam in running), default=today), today - DAYS_LOOKED_BACK)
    past = []
    for day in range(begun, today):
        then = [exam for exam in running if exam.created_day <= day]
        planned = max((seconds_on(day, e.minutes, frozenset(e.days_off)) for e in then), default=0.0)
        past.append(PastDay(planned, min(spent.get(day, 0.0), planned)))
    return past


def solve(
    running: Sequence[NamedExam], asked: Sequence[Asked], known: ExamCards, log: Log, seeds: Seeds,
    parameters: Parameters, today: int, earlier: tuple[PriceCurve, int] | None,
) -> Solved:  # fmt: skip
    """The plan of the day, from all that the learner's answers say."""
    memory = memory_of(parameters.weights)
    stands = standing(log, seeds, memory, today, past_days(running, log, today))
    seconds = seconds_ahead(running, today)
    plan = make_plan(stands.cards, [one.plan for one in asked], seconds, stands.learner, earlier)
    return _solved(stands, asked, known, seconds, plan)


def solve_roughly(
    running: Sequence[NamedExam], asked: Sequence[Asked], known: ExamCards, parameters: Parameters, today: int
) -> Solved:
    """An answer at once: from the cards' schedules alone, with prices that fit only roughly."""
    memory = memory_of(parameters.weights)
    seen = np.array([stability is not None for stability in known.stability], bool)
    calibration = Calibration(
        memory,
        np.where(seen, np.array(known.stability, float), 1.0),
        np.where(seen, np.array(known.difficulty, float), 5.0),
        seen,
        np.array([today - 1 if day is None else day for day in known.last_day], float),
    )
    stands = Standing(today, cards_at(calibration, today), calibration, Learner(memory))
    seconds = seconds_ahead(running, today)
    plans = [one.plan for one in asked]
    return _solved(
        stands, asked, known, seconds, make_plan(stands.cards, plans, seconds, stands.learner, steps=8)
    )


def _solved(stands: Standing, asked: Sequence[Asked], known: ExamCards, seconds: Array, plan: Plan) -> Solved:
    done = followed(plan, [one.plan for one in asked])
    missing = left_out(plan, stands.cards, done.course.still_new)
    return Solved(stands.today, stands, asked, known, seconds, plan, missing, done)


def report_of(solved: Solved, number: int, state: str = "solved") -> dict[str, Any]:
    """The body of one exam's plan."""
    one = solved.asked[number]
    counted = one.plan.weights() > 0
    missing = [row for row in solved.missing if counted[row]]
    named = [str(solved.known.id(row)) for row in missing[:MOST_NAMED]]
    stands = solved.standing
    recall = recall_at(stands.calibration, stands.cards, one.plan.at)
    now = readiness_at(stands, one.plan, recall)
    told = readiness_report(stands, one.plan, one.parts, now, recall)
    told |= plan_report(stands, number, solved.done, (len(missing), named), now)
    told["seconds"] = float(solved.seconds[0])
    open_days = solved.seconds[: int(np.ceil(one.plan.at))]
    told["state"] = "no-cards" if not told["cards"] else state if open_days.sum() > 0 else "no-time"
    return told


def day_body(solved: Solved) -> dict[str, Any]:
    """What a phone needs to study by the plan without a network."""
    counts = [one.plan.weights() > 0 for one in solved.asked]
    rows = np.nonzero(np.any(counts, axis=0))[0] if len(solved.known) else np.zeros(0, np.intp)
    missing = np.zeros(len(solved.known), bool)
    missing[list(solved.missing)] = True
    cards = solved.standing.cards
    keys = solved.known.plan_keys
    planned = PlannedCards(
        tuple(keys[row] for row in rows.tolist()),
        replace(
            cards,
            stability=cards.stability[rows],
            difficulty=cards.difficulty[rows],
            last_day=cards.last_day[rows],
            seen=cards.seen[rows],
            answers_today=cards.answers_today[rows],
        ),
        solved.plan.grouping.of_card[rows],
        soonest([count[rows] for count in counts]),
        np.any([one.pinned[rows] for one in solved.asked], axis=0),
        missing[rows],
    )
    groups = max(len(solved.plan.worths), 1)
    days = min(DAYS_OF_TABLES, max(3, _TABLES_AT_MOST // groups))
    return {
        "exams": [str(one.row.id) for one in solved.asked],
        "at": [round(one.plan.at, 5) for one in solved.asked],
        "seconds": [float(value) for value in solved.seconds[:DAYS_TOLD]],
        "count": int(rows.size),
        "cards": pack(planned),
        "tables": export(solved.plan, days),
    }


def kept_of(solved: Solved, made_of: Mapping[str, Any]) -> dict[str, Any]:
    """What the next plan, and questions about this one, start from."""
    learner = solved.standing.learner
    return {
        "made_of": dict(made_of),
        "days": list(solved.plan.curve.days),
        "prices": list(solved.plan.curve.prices),
        "attendance": [learner.attendance.chance, learner.attendance.share],
        "first_shares": list(learner.first_shares),
        "shift": learner.shift,
    }
