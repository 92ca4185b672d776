"""The learner's exams."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select

from app.core.errors import Missing
from app.core.ids import new_id
from app.db.engine import reading
from app.db.models import exams
from app.db.rows import EXAM_COLUMNS, ExamRow
from app.services.ledger import changing
from app.services.merge import Conflict as EditConflict
from app.services.one_edit import do_edit, standing_exam
from app.services.paging import Page, after, cursor_of, cut, read_cursor


@dataclass(frozen=True, slots=True)
class ChangedExam:
    exam: ExamRow
    conflicts: list[EditConflict]


def list_exams(engine: Engine, learner_id: UUID, cursor: str | None, limit: int) -> Page[ExamRow]:
    """By day, past ones too. Raises Refused("cursor-invalid")."""
    key = read_cursor(cursor, int, UUID)
    question = select(*EXAM_COLUMNS).where(exams.c.learner_id == learner_id, exams.c.deleted_at.is_(None))
    if key:
        question = question.where(after([exams.c.day, exams.c.id], key))
    with reading(engine) as session:
        found = session.execute(question.order_by(exams.c.day, exams.c.id).limit(limit + 1)).all()
    rows, more = cut(found, limit)
    items = [ExamRow(*row) for row in rows]
    return Page(items, cursor_of(items[-1].day, items[-1].id) if more else None)


def read_exam(engine: Engine, learner_id: UUID, exam_id: UUID) -> ExamRow:
    """Raises Missing("exam-missing")."""
    with reading(engine) as session:
        row = session.execute(
            select(*EXAM_COLUMNS).where(
                exams.c.learner_id == learner_id, exams.c.id == exam_id, exams.c.deleted_at.is_(None)
            )
        ).one_or_none()
    if row is None:
        raise Missing("exam-missing")
    return ExamRow(*row)


def create_exam(
    engine: Engine,
    learner_id: UUID,
    fields: Mapping[str, Any],
    *,
    now: int,
    random: Callable[[int], bytes],
) -> ExamRow:
    """Raises what `edit_exams.create_exam` refuses."""
    exam_id = new_id(now, random)
    with changing(engine, learner_id, now) as ledger:
        do_edit(ledger, random, "exam", "create", exam_id, fields)
        return standing_exam(ledger, exam_id)


def change_exam(
    engine: Engine,
    learner_id: UUID,
    exam_id: UUID,
    changes: Mapping[str, Any],
    *,
    base_version: int | None = None,
    now: int,
    random: Callable[[int], bytes],
) -> ChangedExam:
    """Change any fields; without a base version, on top of what stands. Raises Missing("exam-missing") and
    what `edit_exams.update_exam` refuses."""
    with changing(engine, learner_id, now) as ledger:
        standing_exam(ledger, exam_id)
        conflicts = do_edit(ledger, random, "exam", "update", exam_id, changes, base_version)
        return ChangedExam(standing_exam(ledger, exam_id), conflicts)


def delete_exam(
    engine: Engine, learner_id: UUID, exam_id: UUID, *, now: int, random: Callable[[int], bytes]
) -> None:
    """It can be restored for 30 days; no answer goes with it. Raises Missing("exam-missing")."""
    with changing(engine, learner_id, now) as ledger:
        standing_exam(ledger, exam_id)
        do_edit(ledger, random, "exam", "delete", exam_id)


def restore_exam(
    engine: Engine, learner_id: UUID, exam_id: UUID, *, now: int, random: Callable[[int], bytes]
) -> ExamRow:
    """Raises Missing("exam-missing"), also after 30 days; Refused("exam-too-many")."""
    with changing(engine, learner_id, now) as ledger:
        do_edit(ledger, random, "exam", "restore", exam_id)
        return standing_exam(ledger, exam_id)
