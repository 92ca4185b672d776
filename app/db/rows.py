"""What comes out of the database: the rows as they go over the wire and into exports, by the same names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select
from sqlmodel import Session

from app.core.events import Event
from app.core.parameters import Parameters
from app.core.schedule import CardState
from app.db.models import (
    cards,
    day_plans,
    decks,
    events,
    exam_plans,
    exams,
    learners,
    notes,
    parameter_sets,
)

Fetched = Row[*tuple[Any, ...]]
"""A row as it comes, read by column name."""


def rows_as_stored(
    session: Session, question: Select[Any], values: Mapping[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    """All rows as the driver has them: for very many, SQLAlchemy's rows and values take most of the time."""
    found = session.connection().execute(question, values)
    cursor = found.cursor
    return list(cursor.fetchall()) if cursor is not None else []


@dataclass(frozen=True, slots=True)
class LearnerRow:
    id: UUID
    kind: str
    name: str | None
    language: str
    zone: str
    rollover_hour: int
    settings: dict[str, Any]
    parameters_version: int


@dataclass(frozen=True, slots=True)
class DeckRow:
    id: UUID
    name: str
    slug: str | None
    origin: str
    origin_version: str | None
    options: dict[str, Any]
    position: int
    version: int
    seq: int


@dataclass(frozen=True, slots=True)
class Side:
    """One card of a note of kind "anki", rendered: clean HTML."""

    ordinal: int
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note. `sides` and `media` (hashes of files by name) are no columns: `services.showing` fills them."""

    id: UUID
    deck_id: UUID
    kind: str
    format: str
    fields: dict[str, str]
    tags: list[str]
    guid: str
    source: dict[str, Any] | None
    version: int
    seq: int
    note_type_id: UUID | None
    sides: tuple[Side, ...] | None = None
    media: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card and its cached schedule; `version` is that of the parameters it was computed with."""

    id: UUID
    note_id: UUID
    deck_id: UUID
    ordinal: int
    position: int
    phase: int
    step: int | None
    stability: float | None
    difficulty: float | None
    due_day: int | None
    due_at: int | None
    last_day: int | None
    last_at: int | None
    reps: int
    lapses: int
    suspended: bool
    buried_until: int | None
    flag: int
    version: int
    seq: int

    @property
    def state(self) -> CardState:
        return state_of(self)


@dataclass(frozen=True, slots=True)
class ParametersRow:
    version: int
    from_at: int
    weights: list[float]
    desired_retention: float
    learning_steps: list[int]
    relearning_steps: list[int]
    maximum_interval: int

    @property
    def parameters(self) -> Parameters:
        return Parameters(
            self.version,
            self.from_at,
            tuple(self.weights),
            self.desired_retention,
            tuple(self.learning_steps),
            tuple(self.relearning_steps),
            self.maximum_interval,
        )


@dataclass(frozen=True, slots=True)
class ExamRow:
    id: UUID
    name: str
    day: int
    time: int | None
    decks: list[str] | None
    sections: dict[str, Any]
    cards: dict[str, str]
    minutes: list[int]
    days_off: list[int]
    target: float | None
    buffer_days: int
    result: dict[str, Any] | None
    archived: bool
    version: int
    seq: int


@dataclass(frozen=True, slots=True)
class ExamPlanRow:
    exam_id: UUID
    day: int
    made_at: int
    exam_version: int
    body: dict[str, Any]
    seq: int


@dataclass(frozen=True, slots=True)
class DayPlanRow:
    day: int
    made_at: int
    body: dict[str, Any]
    seq: int


LEARNER_COLUMNS: Final[Sequence[ColumnElement[Any]]] = [
    learners.c[name] for name in LearnerRow.__dataclass_fields__
]
DECK_COLUMNS: Final[Sequence[ColumnElement[Any]]] = [decks.c[name] for name in DeckRow.__dataclass_fields__]
NOTE_COLUMNS: Final[Sequence[ColumnElement[Any]]] = [
    notes.c[name] for name in NoteRow.__dataclass_fields__ if name in notes.c
]
CARD_COLUMNS: Final[Sequence[ColumnElement[Any]]] = [
    cards.c["parameters_version" if name == "version" else name] for name in CardRow.__dataclass_fields__
]
PARAMETERS_COLUMNS: Final[Sequence[ColumnElement[Any]]] = [
    parameter_sets.c[name] for name in ParametersRow.__dataclass_fields__
]
EXAM_COLUMNS: Final[Sequence[ColumnElement[Any]]] = [exams.c[name] for name in ExamRow.__dataclass_fields__]
EXAM_PLAN_COLUMNS: Final[Sequence[ColumnElement[Any]]] = [
    exam_plans.c[name] for name in ExamPlanRow.__dataclass_fields__
]
DAY_PLAN_COLUMNS: Final[Sequence[ColumnElement[Any]]] = [
    day_plans.c[name] for name in DayPlanRow.__dataclass_fields__
]
EVENT_COLUMNS: Final[Sequence[ColumnElement[Any]]] = [events.c[name] for name in Event.__dataclass_fields__]
STATE_FIELDS: Final = tuple(CardState.__dataclass_fields__)


def event_of(row: Sequence[Any]) -> Event:
    """An event from EVENT_COLUMNS; no data is stored as null."""
    *known, data = row
    values: list[Any] = [*known, data or {}]
    return Event(*values)


def event_row(learner_id: UUID, event: Event) -> dict[str, Any]:
    """The event as a row of its table; no data is stored as null."""
    return {
        "learner_id": learner_id,
        "id": event.id,
        "card_id": event.card_id,
        "kind": event.kind,
        "rating": event.rating,
        "at": event.at,
        "clock_offset_ms": event.clock_offset_ms,
        "day": event.day,
        "duration_ms": event.duration_ms,
        "device_id": event.device_id,
        "device_seq": event.device_seq,
        "received_at": event.received_at,
        "effective_at": event.effective_at,
        "data": event.data or None,
    }


def state_of(row: Any) -> CardState:
    """The schedule out of anything that has a card's columns as attributes."""
    return CardState(
        row.phase,
        row.step,
        row.stability,
        row.difficulty,
        row.due_day,
        row.due_at,
        row.last_day,
        row.last_at,
        row.reps,
        row.lapses,
        row.suspended,
        row.buried_until,
        row.flag,
    )


def columns_of(state: CardState) -> Mapping[str, Any]:
    """The schedule as column values."""
    return {name: getattr(state, name) for name in STATE_FIELDS}
