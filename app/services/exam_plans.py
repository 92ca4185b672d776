"""Solving the plans of a learner's exams: read, compute without holding anything, write."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, delete, insert, select

from app.core.breaks import Break, breaks_in
from app.core.day import learner_day
from app.core.errors import Missing
from app.core.exam.history import Log, Seeds, spent_by_day
from app.core.exam.plan import PriceCurve
from app.core.parameters import Parameters
from app.db.engine import reading
from app.db.models import day_plans, exam_plans, exams, learners
from app.db.rows import EXAM_PLAN_COLUMNS, LEARNER_COLUMNS, ExamPlanRow, Fetched, LearnerRow
from app.services.exam_log import read_log
from app.services.exam_material import ExamCards, NamedExam, ask, read_cards, read_ended, read_exams
from app.services.exam_solving import Solved, day_body, kept_of, report_of, solve
from app.services.exam_spread import spread_after
from app.services.ledger import Ledger, changing, parameters_in_force

LONGEST_HISTORY: Final = 400
NOWHERE: Final = {"mean": 0.0, "low": 0.0, "high": 0.0}


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that plans are made of, as of one moment."""

    today: int
    breaks: Sequence[Break]
    running: list[NamedExam]
    over: list[NamedExam]
    parameters: Parameters
    known: ExamCards
    log: Log
    seeds: Seeds
    before: Mapping[UUID, ExamPlanRow]
    last: Fetched | None

    @property
    def made_of(self) -> dict[str, Any]:
        """What tells one plan of a day from another."""
        return {
            "exams": {str(exam.id): exam.version for exam in self.running},
            "breaks": [[off.first, off.last] for off in self.breaks],
            "cards": len(self.known),
            "answers": int(self.log.before(self.today).day.size),
            "parameters": self.parameters.version,
        }


def solve_plans(
    engine: Engine,
    learner_id: UUID,
    *,
    now: int,
    random: Callable[[int], bytes],
    report: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Bring the plans of all exams up to date; what was done. Raises Missing("learner-missing")."""
    material = _read(engine, learner_id, now)
    report(1, 3)
    if _is_up_to_date(material):
        return {"solved": 0, "day": material.today}
    solved = _solve(material) if material.running else None
    report(2, 3)
    with changing(engine, learner_id, now) as ledger:
        written = _write(ledger, material, solved)
        spread = sum(spread_after(ledger, exam, material.today, random) for exam in material.over)
    return {"solved": written, "spread": spread, "day": material.today}


def _read(engine: Engine, learner_id: UUID, now: int) -> Material:
    with reading(engine) as session:
        row = session.execute(select(*LEARNER_COLUMNS).where(learners.c.id == learner_id)).one_or_none()
        if row is None:
            raise Missing("learner-missing")
        learner = LearnerRow(*row)
        today = learner_day(now, learner.zone, learner.rollover_hour)
        breaks = breaks_in(learner.settings)
        running = [exam for exam in read_exams(session, learner_id, breaks) if exam.day >= today]
        over = read_ended(session, learner_id, today)
        wanted = [*running, *over]
        known = read_cards(session, learner_id, wanted)
        log, seeds = read_log(session, learner_id, wanted, known)
        plans = session.execute(select(*EXAM_PLAN_COLUMNS).where(exam_plans.c.learner_id == learner_id))
        last = session.execute(
            select(day_plans.c.day, day_plans.c.kept)
            .where(day_plans.c.learner_id == learner_id)
            .order_by(day_plans.c.day.desc())
            .limit(1)
        ).one_or_none()
        return Material(
            today,
            breaks,
            running,
            over,
            parameters_in_force(session, learner),
            known,
            log,
            seeds,
            {plan.exam_id: plan for plan in (ExamPlanRow(*row) for row in plans)},
            last,
        )


def _is_up_to_date(material: Material) -> bool:
    last = material.last
    if material.over or (last is None) != (not material.running):
        return False
    return last is None or (last.day == material.today and last.kept["made_of"] == material.made_of)


def _solve(material: Material) -> Solved:
    earlier = None
    if material.last is not None and material.last.day <= material.today:
        kept = material.last.kept
        curve = PriceCurve(tuple(kept["days"]), tuple(kept["prices"]))
        earlier = (curve, material.today - material.last.day)
    return solve(
        material.running,
        [ask(exam, material.known, material.today) for exam in material.running],
        material.known,
        material.log,
        material.seeds,
        material.parameters,
        material.today,
        earlier,
    )


def _write(ledger: Ledger, material: Material, solved: Solved | None) -> int:
    """Replace the plans of the exams that still stand; of how many exams."""
    mine = ledger.learner_id
    ledger.session.execute(delete(day_plans).where(day_plans.c.learner_id == mine))
    standing = set(
        ledger.session.execute(
            select(exams.c.id).where(exams.c.learner_id == mine, exams.c.deleted_at.is_(None))
        ).scalars()
    )
    bodies = [(exam, body_when_over(material.before.get(exam.id))) for exam in material.over]
    if solved is not None:
        bodies += [(one.row, report_of(solved, number)) for number, one in enumerate(solved.asked)]
        ledger.session.execute(insert(day_plans), [_day_row(ledger, material, solved)])
    rows = [_plan_row(ledger, material, exam, body) for exam, body in bodies if exam.id in standing]
    if rows:
        ids = [row["exam_id"] for row in rows]
        ledger.session.execute(
            delete(exam_plans).where(exam_plans.c.learner_id == mine, exam_plans.c.exam_id.in_(ids))
        )
        ledger.session.execute(insert(exam_plans), rows)
    return len(rows)


def _day_row(ledger: Ledger, material: Material, solved: Solved) -> dict[str, Any]:
    return {
        "learner_id": ledger.learner_id,
        "day": material.today,
        "made_at": ledger.now,
        "body": day_body(solved),
        "kept": kept_of(solved, material.made_of),
        "seq": ledger.next_seq(),
    }


def _plan_row(ledger: Ledger, material: Material, exam: NamedExam, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "learner_id": ledger.learner_id,
        "exam_id": exam.id,
        "day": material.today,
        "made_at": ledger.now,
        "exam_version": exam.version,
        "body": {**body, "history": _history(material, exam)},
        "seq": ledger.next_seq(),
    }


def body_when_over(before: ExamPlanRow | None) -> dict[str, Any]:
    """The last that was said before the exam."""
    nothing: dict[str, Any] = {
        "cards": 0, "seen": 0, "seconds": 0.0, "readiness": NOWHERE, "outlook": NOWHERE, "five_more": 0.0,
        "path": [], "sections": [], "left_out": {"count": 0, "cards": []},
    }  # fmt: skip
    said = nothing if before is None else before.body
    return {**nothing, **said, "state": "over", "seconds": 0.0, "five_more": 0.0, "path": []}


def _history(material: Material, exam: NamedExam) -> list[dict[str, Any]]:
    """The days on which there was a plan, as said in the morning, with what was done on them."""
    before = material.before.get(exam.id)
    if before is None:
        return []
    days: Sequence[dict[str, Any]] = before.body["history"]
    if before.day < material.today and before.body["state"] != "over":
        said = {name: before.body[name] for name in ("readiness", "outlook")}
        days = [*days, {"day": before.day, "planned": before.body["seconds"], "spent": 0.0, **said}]
    spent = spent_by_day(material.log)
    return [{**day, "spent": round(spent.get(day["day"], day["spent"]), 1)} for day in days][
        -LONGEST_HISTORY:
    ]
