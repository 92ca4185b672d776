"""Exams: list, make, change, archive, delete and bring back; the plan, the forecast, and how one went."""

from os import urandom
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field
from sqlalchemy import Engine

from app.api.contract import Resource
from app.api.exam_rows import (
    Band,
    ExamCreateFields,
    ExamResult,
    ExamRow,
    ExamUpdateFields,
    LeftOut,
    PastDay,
    PathDay,
    SectionOut,
    State,
    given_fields,
)
from app.api.fields import Id, Out, Page, Query, QueryDay, Version, whole_text
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


class PlanQuery(Query):
    """Of which learner day; today when none is named."""

    day: QueryDay | None = None


class WhatIfQuery(Query):
    """Other minutes for every open day, another day of the exam, or both."""

    minutes: Annotated[int, Field(ge=1, le=600), BeforeValidator(whole_text)] | None = None
    day: QueryDay | None = None


class PlannedCardOut(Out):
    """A card to study, why it is its turn, and how likely it is recalled (null for a new one)."""

    card_id: UUID
    why: Literal["new", "review", "repeat"]
    recall: float | None


class PlannedDayOut(Out):
    """A day of the plan: the first cards in the order in which they pay most."""

    state: State
    day: int
    seconds: float
    items: list[PlannedCardOut]
    five_more: float
    left_out: LeftOut


class Forecast(Out):
    """The way to the exam: what was said on past days, and what is expected of those to come."""

    state: State
    readiness: Band
    outlook: Band
    path: list[PathDay]
    history: list[PastDay]


class ReadinessOut(Out):
    """Where the learner stands if nothing more is studied, section by section."""

    state: State
    readiness: Band
    sections: list[SectionOut]


class WhatIfOut(Out):
    """What these minutes or this day would lead to, and the outlook as it stands now."""

    day: int
    minutes: list[int]
    outlook: Band
    now: Band
    left_out: int


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


@resource.on("GET", "/exams/<id>/plan", problems={404: ("exam-missing", "exam-plan-missing")})
def read_exam_plan(caller: Identity, id: Id, query: PlanQuery, engine: Engine, now: int) -> PlannedDayOut:
    """What to study on a day, today up to six days ahead. Until the plan is solved a rough one answers."""
    from app.services import exam_reading  # whoever has no exam needs none of the numerics

    day = exam_reading.planned_day(engine, caller.learner_id, id, query.day, now)
    return PlannedDayOut.model_validate(day)


@resource.on("GET", "/exams/<id>/forecast", problems={404: ("exam-missing",)})
def read_forecast(caller: Identity, id: Id, engine: Engine, now: int) -> Forecast:
    """The way to the exam, day by day, with its band."""
    from app.services import exam_reading  # whoever has no exam needs none of the numerics

    said = exam_reading.report(engine, caller.learner_id, id, now)
    return Forecast(**{name: said[name] for name in Forecast.model_fields})


@resource.on("GET", "/exams/<id>/readiness", problems={404: ("exam-missing",)})
def read_readiness(caller: Identity, id: Id, engine: Engine, now: int) -> ReadinessOut:
    """Strong and weak sections."""
    from app.services import exam_reading  # whoever has no exam needs none of the numerics

    said = exam_reading.report(engine, caller.learner_id, id, now)
    return ReadinessOut(**{name: said[name] for name in ReadinessOut.model_fields})


@resource.on(
    "GET",
    "/exams/<id>/what-if",
    problems={404: ("exam-missing",), 422: ("exam-past", "exam-far"), 429: ("too-many-tries",)},
)
def read_what_if(caller: Identity, id: Id, query: WhatIfQuery, engine: Engine, now: int) -> WhatIfOut:
    """What other minutes, or another day, would lead to."""
    from app.services import exam_reading  # whoever has no exam needs none of the numerics

    said = exam_reading.what_if(engine, caller.learner_id, id, query.minutes, query.day, now)
    return WhatIfOut.model_validate(said)
