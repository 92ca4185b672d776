"""One round trip between a phone and the service: events and edits in, changes out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Engine

from app.core.errors import DomainError
from app.core.events import Kind
from app.db.rows import CardRow, DeckRow, LearnerRow, NoteRow, ParametersRow
from app.services.merge import Conflict as EditConflict


@dataclass(frozen=True, slots=True)
class EventIn:
    """An event as the phone sends it; `data` is plain JSON."""

    id: UUID
    card_id: UUID
    kind: Kind
    rating: int | None
    at: int
    clock_offset_ms: int
    day: int
    duration_ms: int
    device_seq: int
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EditIn:
    """An edit as the phone sends it; `fields` as the contract names them for the entity and op, plain JSON."""

    id: UUID
    entity: Literal["note", "deck"]
    op: Literal["create", "update", "delete", "restore"]
    entity_id: UUID
    base_version: int
    at: int
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SyncRequest:
    device_id: UUID
    cursor: int
    want: int
    events: list[EventIn] = field(default_factory=list)
    edits: list[EditIn] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RefusedItem:
    """`problem` says why; the phone keeps the item where the learner sees it."""

    id: UUID
    problem: DomainError


@dataclass(frozen=True, slots=True)
class CorrectedDay:
    id: UUID
    day: int


@dataclass(frozen=True, slots=True)
class TombstoneRow:
    entity: str
    id: UUID
    seq: int


@dataclass(frozen=True, slots=True)
class Changes:
    learner: LearnerRow | None
    parameters: list[ParametersRow]
    decks: list[DeckRow]
    notes: list[NoteRow]
    cards: list[CardRow]
    tombstones: list[TombstoneRow]


@dataclass(frozen=True, slots=True)
class SyncResult:
    """All that is acked is on the disk. `digest` stands only when the phone has everything (`more` is False)."""

    cursor: int
    more: bool
    acked: list[UUID]
    refused: list[RefusedItem]
    corrected: list[CorrectedDay]
    conflicts: list[EditConflict]
    changes: Changes
    server_time: int
    digest: str | None


def sync(
    engine: Engine, learner_id: UUID, request: SyncRequest, *, now: int, random: Callable[[int], bytes]
) -> SyncResult:
    """Take in what the phone did, then tell it what changed since its cursor.

    Bad items are refused one by one: event-id-reused, card-missing, card-deleted, edit-id-reused, note-missing,
    deck-missing, note-exists, deck-exists, note-invalid. Raises Missing("learner-missing").
    """
