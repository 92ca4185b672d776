"""Questions about an exam: where the learner stands, what to study today, what other minutes would bring.

The solved plan answers when there is one of today; until then a rough one is made at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import numpy as np
from sqlalchemy import Engine, select
from sqlmodel import Session

from app.core.breaks import breaks_in
from app.core.day import learner_day
from app.core.errors import Missing
from app.core.exam.attendance import Attendance
from app.core.exam.costs import Costs
from app.core.exam.desk import Desk
from app.core.exam.forecast import Readiness, follow_plan, left_out, promised
from app.core.exam.memory import memory_of
from app.core.exam.plan import Learner, PriceCurve, make_plan
from app.core.exam.records import PlannedCards, key_of, unpack
from app.core.exam.rules import check_day
from app.core.exam.scope import Cards
from app.core.exam.session import Session as StudySession
from app.core.exam.tables import desk_from, desk_of
from app.core.parameters import Parameters
from app.db.engine import reading
from app.db.models import day_plans, exam_plans, exams, learners
from app.db.rows import EXAM_PLAN_COLUMNS, LEARNER_COLUMNS, ExamPlanRow, Fetched, LearnerRow
from app.services.exam_log import read_answers_since
from app.services.exam_material import (
    NAMED_COLUMNS,
    NO_EXAM_CARDS,
    ExamCards,
    NamedExam,
    ask,
    read_cards,
    read_exams,
)
from app.services.exam_plans import body_when_over
from app.services.exam_solving import Solved, report_of, seconds_ahead, solve_roughly
from app.services.ledger import parameters_in_force
from app.services.throttle import Allowance, spend

DAYS_AHEAD: Final = 6
MOST_SHOWN: Final = 100
WHAT_IFS_A_MINUTE: Final = 20  # each solves a plan
OPEN: Final = ("solved", "greedy")


@dataclass(frozen=True, slots=True)
class PlannedCard:
    """A card of today's plan, why it is there, and how likely it is recalled (None for a new one)."""

    card_id: UUID
    why: str
    recall: float | None


@dataclass(frozen=True, slots=True)
class PlannedDay:
    state: str
    day: int
    seconds: float
    items: list[PlannedCard]
    five_more: float
    left_out: dict[str, Any]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What other minutes or another day would lead to; `now` is the outlook as it stands."""

    day: int
    minutes: list[int]
    outlook: dict[str, float]
    now: dict[str, float]
    left_out: int


@dataclass(frozen=True, slots=True)
class _Desk:
    """Everything that a question about one exam starts from, as of one moment."""

    today: int
    exam: NamedExam
    archived: bool
    running: list[NamedExam]
    parameters: Parameters
    known: ExamCards
    told: ExamPlanRow | None
    solved_day: Fetched | None
    answers: list[Fetched]

    @property
    def solved(self) -> tuple[ExamPlanRow, Fetched] | None:
        """The plan of today with that of the day, if it is there and made for the exam as it is now."""
        told, day = self.told, self.solved_day
        if told is None or day is None or str(self.exam.id) not in day.body["exams"]:
            return None
        if (told.day, told.exam_version) != (self.today, self.exam.version):
            return None
        return told, day


def report(engine: Engine, learner_id: UUID, exam_id: UUID, now: int) -> dict[str, Any]:
    """The exam's plan as the phone gets it. Raises Missing("exam-missing")."""
    desk = _read(engine, learner_id, exam_id, now, with_cards=False)
    if desk.solved is None and desk.exam.day >= desk.today:
        desk = _read(engine, learner_id, exam_id, now)
    return _body(desk)


def _body(desk: _Desk) -> dict[str, Any]:
    if desk.exam.day < desk.today:
        body = body_when_over(desk.told)
    elif desk.solved is not None:
        body = desk.solved[0].body
    else:
        body = report_of(_rough(desk), _place(desk), "greedy")
    history = desk.told.body["history"] if desk.told is not None else []
    return {**body, "history": history}


def planned_day(engine: Engine, learner_id: UUID, exam_id: UUID, day: int | None, now: int) -> PlannedDay:
    """The first cards of a day in the order in which they pay most.

    Raises Missing("exam-missing" | "exam-plan-missing").
    """
    desk = _read(engine, learner_id, exam_id, now)
    wanted = desk.today if day is None else day
    if not desk.today <= wanted <= desk.today + DAYS_AHEAD:
        raise Missing("exam-plan-missing")
    body = _body(desk)
    if body["state"] not in OPEN:
        return PlannedDay(body["state"], wanted, 0.0, [], 0.0, body["left_out"])
    ahead = seconds_ahead(desk.running, desk.today)
    later = wanted - desk.today
    seconds = float(ahead[later]) if later < ahead.size else 0.0
    items = _rough_items(desk) if desk.solved is None else _solved_items(desk, desk.solved[1], wanted)
    return PlannedDay(body["state"], wanted, seconds, items, body["five_more"], body["left_out"])


def what_if(
    engine: Engine, learner_id: UUID, exam_id: UUID, minutes: int | None, day: int | None, now: int
) -> WhatIf:
    """The outlook with these minutes on every open day, or with the exam on another day.

    Raises Missing("exam-missing"), Refused("exam-past" | "exam-far"), Throttled("too-many-tries").
    """
    spend(engine, [Allowance(f"what-if of {learner_id}", WHAT_IFS_A_MINUTE, 60_000)], now)
    desk = _read(engine, learner_id, exam_id, now)
    changed = desk.exam
    if minutes is not None:
        changed = replace(changed, minutes=[minutes if each else 0 for each in changed.minutes])
    if day is not None:
        changed = replace(changed, day=day)
    check_day(changed.day, desk.today)
    running = [changed if exam.id == changed.id else exam for exam in desk.running]
    if changed not in running:
        running.append(changed)
    supposed = replace(desk, exam=changed, running=sorted(running, key=lambda exam: exam.day))
    body = _body(desk)
    if desk.solved is None:
        told = report_of(_rough(supposed), _place(supposed), "greedy")
        outlook, missing = told["outlook"], told["left_out"]["count"]
    else:
        outlook, missing = _supposed(supposed, desk.solved[1], body["readiness"])
    return WhatIf(changed.day, list(changed.minutes), outlook, body["outlook"], missing)


# --- reading ---


def _read(engine: Engine, learner_id: UUID, exam_id: UUID, now: int, *, with_cards: bool = True) -> _Desk:
    with reading(engine) as session:
        learner = LearnerRow(
            *session.execute(select(*LEARNER_COLUMNS).where(learners.c.id == learner_id)).one()
        )
        today = learner_day(now, learner.zone, learner.rollover_hour)
        row = session.execute(
            select(*NAMED_COLUMNS, exams.c.archived).where(
                exams.c.learner_id == learner_id, exams.c.id == exam_id, exams.c.deleted_at.is_(None)
            )
        ).one_or_none()
        if row is None:
            raise Missing("exam-missing")
        exam, archived = NamedExam(*row[:-1]), row.archived
        running = [
            other
            for other in read_exams(session, learner_id, breaks_in(learner.settings))
            if other.day >= today
        ]
        if archived and exam.day >= today:
            running = [exam]
        told = session.execute(
            select(*EXAM_PLAN_COLUMNS).where(
                exam_plans.c.learner_id == learner_id, exam_plans.c.exam_id == exam_id
            )
        ).one_or_none()
        solved_day = _newest(session, learner_id)
        return _Desk(
            today, exam, archived, running, parameters_in_force(session, learner),
            read_cards(session, learner_id, running or [exam]) if with_cards else NO_EXAM_CARDS,
            None if told is None else ExamPlanRow(*told), solved_day,
            read_answers_since(session, learner_id, solved_day.day) if solved_day and with_cards else [],
        )  # fmt: skip


def _newest(session: Session, learner_id: UUID) -> Fetched | None:
    return session.execute(
        select(day_plans.c.day, day_plans.c.body, day_plans.c.kept)
        .where(day_plans.c.learner_id == learner_id)
        .order_by(day_plans.c.day.desc())
        .limit(1)
    ).one_or_none()


# --- rough answers ---


def _rough(desk: _Desk) -> Solved:
    asked = [ask(exam, desk.known, desk.today) for exam in desk.running]
    return solve_roughly(desk.running, asked, desk.known, desk.parameters, desk.today)


def _place(desk: _Desk) -> int:
    return next(place for place, exam in enumerate(desk.running) if exam.id == desk.exam.id)


def _rough_items(desk: _Desk) -> list[PlannedCard]:
    solved = _rough(desk)
    mine = solved.asked[_place(desk)].plan.weights() > 0
    cards = solved.standing.cards
    return _items(desk_of(solved.plan), cards, desk.known.ids, mine.tolist())


# --- answers from the solved plan ---


def _solved_items(desk: _Desk, solved_day: Fetched, day: int) -> list[PlannedCard]:
    body = solved_day.body
    planned = unpack(body["cards"])
    later = day - solved_day.day
    table = desk_from(body["tables"], planned.group, later)
    place = body["exams"].index(str(desk.exam.id))
    places = {key: row for row, key in enumerate(desk.known.plan_keys)}
    rows = [places.get(key) for key in planned.keys]
    ids = [None if row is None else desk.known.id(row) for row in rows]
    answers = [answer for answer in desk.answers if answer.day <= day]
    cards = _laid_on(planned, answers, table, solved_day.day, day)
    mine = [card_id is not None and exam == place for card_id, exam in zip(ids, planned.exam, strict=True)]
    return _items(table, cards, ids, mine)


def _laid_on(planned: PlannedCards, answers: Sequence[Fetched], desk: Desk, begun: int, day: int) -> Cards:
    """The cards of a plan with the answers since its morning, their days counted from `day`."""
    cards = planned.cards
    place = {key: number for number, key in enumerate(planned.keys)}
    session = StudySession(desk, replace(cards, last_day=cards.last_day.copy()), 0.0)
    last, today = session.last_day, cards.answers_today.copy()
    for answer in answers:
        number = place.get(key_of(answer.card_id))
        if number is None:
            continue
        on = answer.day - begun
        elapsed = on - int(last[number])
        if session.seen[number]:
            before = float(session.stability[number]), float(session.difficulty[number])
            after = desk.memory.answered(*before, elapsed, answer.rating, elapsed < 1)
        else:
            after = desk.memory.first(answer.rating)
        session.stability[number], session.difficulty[number] = after
        session.seen[number], last[number] = True, on
        today[number] += answer.day == day
    return Cards(session.stability, session.difficulty, last - (day - begun), session.seen, today)


def _items(desk: Desk, cards: Cards, ids: Sequence[UUID | None], mine: Sequence[bool]) -> list[PlannedCard]:
    session = StudySession(desk, cards, 0.0)
    shown: list[PlannedCard] = []
    for row in np.argsort(-session.scores, kind="stable").tolist():
        card_id = ids[row]
        if session.scores[row] == -np.inf or len(shown) == MOST_SHOWN:
            break
        if card_id is not None and mine[row]:
            why = session.why(row)
            shown.append(PlannedCard(card_id, why.kind, None if why.recall is None else round(why.recall, 4)))
    return shown


def _supposed(
    desk: _Desk, solved_day: Fetched, readiness: Mapping[str, float]
) -> tuple[dict[str, float], int]:
    """(outlook, cards left out) under other minutes or another day, warm from the plan that stands."""
    body, kept = solved_day.body, solved_day.kept
    planned = unpack(body["cards"])
    place = {key: number for number, key in enumerate(planned.keys)}
    rows = [place.get(key, -1) for key in desk.known.plan_keys]
    cards = _arranged(planned.cards, np.array(rows, np.intp))
    costs = body["tables"]["costs"]
    learner = Learner(
        memory_of(body["tables"]["weights"]), Costs(costs["new"], costs["passed"], costs["failed"]),
        tuple(kept["first_shares"]), Attendance(*kept["attendance"]), kept["shift"],
    )  # fmt: skip
    plans = [ask(exam, desk.known, desk.today).plan for exam in desk.running]
    curve = PriceCurve(tuple(kept["days"]), tuple(kept["prices"]))
    plan = make_plan(cards, plans, seconds_ahead(desk.running, desk.today), learner, (curve, 0))
    number = _place(desk)
    course = follow_plan(plan, [plans[number]])
    now = Readiness(readiness["mean"], readiness["low"], readiness["high"])
    path = course.paths[0]
    outlook = promised(now, path[-1].readiness) if path else now
    counted = plans[number].weights() > 0
    missing = sum(bool(counted[row]) for row in left_out(plan, cards, course.still_new))
    return {name: round(getattr(outlook, name), 5) for name in ("mean", "low", "high")}, missing


def _arranged(cards: Cards, rows: Any) -> Cards:
    """Cards in another order; those that the plan did not know (-1) are new."""
    if not len(cards):
        size = rows.size
        blank = np.ones(size), np.full(size, 5.0), np.full(size, -1, np.int64)
        return Cards(*blank, np.zeros(size, bool), np.zeros(size, np.int64))
    known = rows >= 0
    return Cards(
        cards.stability[rows],
        cards.difficulty[rows],
        np.where(known, cards.last_day[rows], -1),
        cards.seen[rows] & known,
        np.zeros(rows.size, np.int64),
    )
