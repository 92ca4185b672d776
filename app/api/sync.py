"""POST /api/sync: the phone's only write road, one round trip."""

from os import urandom
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import Engine

from app.api.contract import Resource
from app.api.errors import document, language, of_domain
from app.api.exam_rows import (
    DayPlanRow,
    ExamCreateFields,
    ExamPlanRow,
    ExamRow,
    ExamUpdateFields,
    given_fields,
)
from app.api.fields import (
    Code,
    Count,
    Day,
    Id,
    Moment,
    Name,
    NoteFields,
    Offset,
    Out,
    Place,
    Rating,
    Retention,
    Small,
    Tags,
    Version,
    Wire,
    whole,
)
from app.api.rows import (
    CardRow,
    ConflictOut,
    DeckOptions,
    DeckRow,
    LearnerRow,
    NoteKind,
    NoteRow,
    ParametersRow,
)
from app.core.errors import DomainError
from app.services import sync as services
from app.services.identity import Identity

resource = Resource("sync", "Sync")

# --- events: a shape for each kind ---


class Nothing(Wire):
    """No further data."""


class AnswerData(Wire):
    """Under what an answer was given: the retention in force, the way of studying, the exam it belongs to."""

    retention: Retention | None = None
    mode: Code | None = None
    exam: Id | None = None


class UndoData(Wire):
    event: Id


class BuryData(Wire):
    until: Day


class FlagData(Wire):
    flag: Annotated[int, *whole(0, 7)]


class DueData(Wire):
    day: Day


class SeedData(Wire):
    """The state of a card that was learnt elsewhere and comes without its history; never a new one."""

    phase: Annotated[int, *whole(1, 3)]
    stability: Annotated[float, Field(gt=0, le=1_000_000, description="days")]
    difficulty: Annotated[float, Field(ge=1, le=10)]
    due_day: Day
    last_day: Day | None
    reps: Small
    lapses: Small


class EventCommon(Wire):
    """What every event holds; ids, clock and learner day come from the device that made it."""

    id: Id
    card_id: Id
    at: Moment
    clock_offset_ms: Offset = 0
    day: Day
    duration_ms: Annotated[int, *whole(0, 86_400_000)] = 0
    device_seq: Count


class AnswerIn(EventCommon):
    kind: Literal["answer"]
    rating: Rating
    data: AnswerData = AnswerData()


class UndoIn(EventCommon):
    kind: Literal["undo"]
    rating: None = None
    data: UndoData


class PlainIn(EventCommon):
    """Suspending, unsuspending and beginning anew need nothing more."""

    kind: Literal["suspend", "unsuspend", "reset"]
    rating: None = None
    data: Nothing = Nothing()


class BuryIn(EventCommon):
    kind: Literal["bury"]
    rating: None = None
    data: BuryData


class FlagIn(EventCommon):
    kind: Literal["flag"]
    rating: None = None
    data: FlagData


class DueIn(EventCommon):
    kind: Literal["due"]
    rating: None = None
    data: DueData


class SeedIn(EventCommon):
    kind: Literal["seed"]
    rating: None = None
    data: SeedData


EventIn = Annotated[
    AnswerIn | UndoIn | PlainIn | BuryIn | FlagIn | DueIn | SeedIn, Field(discriminator="kind")
]

# --- edits: a shape for each thing and operation ---


class EditCommon(Wire):
    """What every edit holds; `base_version` is the row's version that it started from (0 for a new one)."""

    id: Id
    entity_id: Id
    base_version: Version
    at: Moment


class NoteCreateFields(Wire):
    deck_id: Id
    kind: NoteKind
    fields: NoteFields
    tags: Tags = ()


class NoteUpdateFields(Wire):
    deck_id: Id | None = None
    fields: NoteFields | None = None
    tags: Tags | None = None


class DeckCreateFields(Wire):
    name: Name
    options: DeckOptions = DeckOptions()
    position: Place = 0


class DeckUpdateFields(Wire):
    name: Name | None = None
    options: DeckOptions | None = None
    position: Place | None = None


class NoteCreate(EditCommon):
    entity: Literal["note"]
    op: Literal["create"]
    fields: NoteCreateFields


class NoteUpdate(EditCommon):
    entity: Literal["note"]
    op: Literal["update"]
    fields: NoteUpdateFields


class NoteRemoval(EditCommon):
    entity: Literal["note"]
    op: Literal["delete", "restore"]
    fields: Nothing = Nothing()


class DeckCreate(EditCommon):
    entity: Literal["deck"]
    op: Literal["create"]
    fields: DeckCreateFields


class DeckUpdate(EditCommon):
    entity: Literal["deck"]
    op: Literal["update"]
    fields: DeckUpdateFields


class DeckRemoval(EditCommon):
    entity: Literal["deck"]
    op: Literal["delete", "restore"]
    fields: Nothing = Nothing()


class ExamCreate(EditCommon):
    entity: Literal["exam"]
    op: Literal["create"]
    fields: ExamCreateFields


class ExamUpdate(EditCommon):
    entity: Literal["exam"]
    op: Literal["update"]
    fields: ExamUpdateFields


class ExamRemoval(EditCommon):
    entity: Literal["exam"]
    op: Literal["delete", "restore"]
    fields: Nothing = Nothing()


NoteEdit = Annotated[NoteCreate | NoteUpdate | NoteRemoval, Field(discriminator="op")]
DeckEdit = Annotated[DeckCreate | DeckUpdate | DeckRemoval, Field(discriminator="op")]
ExamEdit = Annotated[ExamCreate | ExamUpdate | ExamRemoval, Field(discriminator="op")]
EditIn = Annotated[NoteEdit | DeckEdit | ExamEdit, Field(discriminator="entity")]


class SyncIn(Wire):
    """What the phone has done since it last heard from us, and from which cursor on it wants changes."""

    device_id: Id
    cursor: Count = 0
    want: Annotated[int, *whole(1, 2_000, "changed rows at most")] = 500
    events: Annotated[tuple[EventIn, ...], Field(max_length=1_000)] = ()
    edits: Annotated[tuple[EditIn, ...], Field(max_length=200)] = ()
    app_version: Code | None = None


# --- the answer ---


class ItemProblem(Out):
    """Why one event or edit was not taken; the others of the request were."""

    type: str
    title: str
    status: int


class Refusal(Out):
    id: UUID
    problem: ItemProblem


class Correction(Out):
    """An event whose learner day could not be true: the day that counts instead."""

    id: UUID
    day: int


class Tombstone(Out):
    entity: Literal["deck", "note", "card", "exam"]
    id: UUID


class Changes(Out):
    learner: LearnerRow | None
    parameters: list[ParametersRow]
    decks: list[DeckRow]
    notes: list[NoteRow]
    cards: list[CardRow]
    exams: list[ExamRow]
    exam_plans: list[ExamPlanRow]
    day_plans: list[DayPlanRow]
    tombstones: list[Tombstone]


class DeckDone(Out):
    deck_id: UUID
    new: int
    reviews: int


class Today(Out):
    """What counts against the limits of the learner's day, whichever device it was answered on."""

    day: int
    done: list[DeckDone]


class SyncOut(Out):
    """Everything in `acked` is on the disk. `digest` is there once `more` is false."""

    cursor: int
    more: bool
    acked: list[UUID]
    refused: list[Refusal]
    corrected: list[Correction]
    conflicts: list[ConflictOut]
    changes: Changes
    server_time: int
    digest: str | None
    today: Today


@resource.on("POST", "/sync")
def sync_phone(caller: Identity, body: SyncIn, engine: Engine, now: int) -> SyncOut:
    """One round trip: what the phone did goes in, what changed since its cursor comes out.

    A bad event or edit is refused alone, in `refused`; the rest of the request counts. The same request sent
    again changes nothing.
    """
    request = services.SyncRequest(
        device_id=body.device_id,
        cursor=body.cursor,
        want=body.want,
        events=[_event(event) for event in body.events],
        edits=[_edit(edit) for edit in body.edits],
    )
    done = services.sync(engine, caller.learner_id, request, now=now, random=urandom)
    return SyncOut(
        cursor=done.cursor,
        more=done.more,
        acked=done.acked,
        refused=[Refusal(id=item.id, problem=_problem(item.problem)) for item in done.refused],
        corrected=[Correction.model_validate(item) for item in done.corrected],
        conflicts=[ConflictOut.model_validate(item) for item in done.conflicts],
        changes=Changes.model_validate(done.changes),
        server_time=done.server_time,
        digest=done.digest,
        today=Today(day=done.day, done=[DeckDone.model_validate(each) for each in done.done]),
    )


def _event(event: EventIn) -> services.EventIn:
    return services.EventIn(
        id=event.id,
        card_id=event.card_id,
        kind=event.kind,
        rating=event.rating,
        at=event.at,
        clock_offset_ms=event.clock_offset_ms,
        day=event.day,
        duration_ms=event.duration_ms,
        device_seq=event.device_seq,
        data=event.data.model_dump(mode="json", exclude_unset=True),
    )


def _edit(edit: EditIn) -> services.EditIn:
    if edit.entity == "exam":
        fields = given_fields(edit.fields)
    else:
        given = edit.fields.model_dump(mode="json", exclude_unset=True)
        fields = {name: value for name, value in given.items() if value is not None}
    return services.EditIn(
        id=edit.id,
        entity=edit.entity,
        op=edit.op,
        entity_id=edit.entity_id,
        base_version=edit.base_version,
        at=edit.at,
        fields=fields,
    )


def _problem(error: DomainError) -> ItemProblem:
    said = document(of_domain(error), language())
    return ItemProblem(type=said["type"], title=said["title"], status=said["status"])
