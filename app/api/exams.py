"""Exams: list, make, change, archive, delete and bring back; how one went."""

from os import urandom

from sqlalchemy import Engine

from app.api.contract import Resource
from app.api.exam_rows import ExamCreateFields, ExamResult, ExamRow, ExamUpdateFields, given_fields
from app.api.fields import Id, Out, Page, Version
from app.api.rows import ConflictOut
from app.services import exams
from app.services.identity import Identity

resource = Resource("exams", "Exams")
REFUSALS = {
    413: ("exam-marks",),
    422: ("exam-past", "exam-far", "exam-no-minutes", "exam-no-cards", "exam-too-many", "exam-shares"),
}


class ExamChange(ExamUpdateFields):
    """What changes; `base_version` tells apart what others changed meanwhile."""

    base_version: Version | None = None


class ExamList(Out):
    """One page of exams; `next` is the cursor of the page after, null on the last."""

    items: list[ExamRow]
    next: str | None


class ExamChanged(ExamRow):
    """The exam as it stands now, and which fields somebody else had changed meanwhile."""

    conflicts: list[ConflictOut]


@resource.on("GET", "/exams", problems={422: ("cursor-invalid",)})
def list_my_exams(caller: Identity, query: Page, engine: Engine) -> ExamList:
    """The exams by day, past ones too."""
    page = exams.list_exams(engine, caller.learner_id, query.cursor, query.limit)
    return ExamList(items=[ExamRow.model_validate(item) for item in page.items], next=page.next)


@resource.on("POST", "/exams", status=201, problems=REFUSALS)
def make_exam(caller: Identity, body: ExamCreateFields, engine: Engine, now: int) -> ExamRow:
    """Name an exam: when it is, what it asks for, and the minutes a day there are for it."""
    made = exams.create_exam(engine, caller.learner_id, given_fields(body), now=now, random=urandom)
    return ExamRow.model_validate(made)


@resource.on("GET", "/exams/<id>", problems={404: ("exam-missing",)})
def read_my_exam(caller: Identity, id: Id, engine: Engine) -> ExamRow:
    """One exam as it was set up."""
    return ExamRow.model_validate(exams.read_exam(engine, caller.learner_id, id))


@resource.on("PATCH", "/exams/<id>", problems={404: ("exam-missing",), **REFUSALS})
def change_my_exam(caller: Identity, id: Id, body: ExamChange, engine: Engine, now: int) -> ExamChanged:
    """Move an exam, change its decks, sections or minutes, mark cards, archive it."""
    given = given_fields(body)
    base_version = given.pop("base_version", None)
    changed = exams.change_exam(
        engine, caller.learner_id, id, given, base_version=base_version, now=now, random=urandom
    )
    return ExamChanged(
        **ExamRow.model_validate(changed.exam).model_dump(),
        conflicts=[ConflictOut.model_validate(conflict) for conflict in changed.conflicts],
    )


@resource.on("DELETE", "/exams/<id>", problems={404: ("exam-missing",)})
def delete_my_exam(caller: Identity, id: Id, engine: Engine, now: int) -> None:
    """Delete an exam; cards and answers stay. For 30 days it can be restored."""
    exams.delete_exam(engine, caller.learner_id, id, now=now, random=urandom)


@resource.on("POST", "/exams/<id>/restore", problems={404: ("exam-missing",), 422: ("exam-too-many",)})
def restore_my_exam(caller: Identity, id: Id, engine: Engine, now: int) -> ExamRow:
    """Bring a deleted exam back."""
    restored = exams.restore_exam(engine, caller.learner_id, id, now=now, random=urandom)
    return ExamRow.model_validate(restored)


@resource.on("POST", "/exams/<id>/result", problems={404: ("exam-missing",)})
def tell_result(caller: Identity, id: Id, body: ExamResult, engine: Engine, now: int) -> ExamRow:
    """Say how the exam went."""
    result = {"result": body.model_dump(mode="json")}
    changed = exams.change_exam(engine, caller.learner_id, id, result, now=now, random=urandom)
    return ExamRow.model_validate(changed.exam)
