"""The learner's notes: reading, finding, writing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine

from app.db.rows import CardRow, NoteRow
from app.services.merge import Conflict as EditConflict
from app.services.paging import Page


@dataclass(frozen=True, slots=True)
class NoteWithCards:
    note: NoteRow
    cards: list[CardRow]


@dataclass(frozen=True, slots=True)
class ChangedNote:
    note: NoteRow
    conflicts: list[EditConflict]


@dataclass(frozen=True, slots=True)
class NoteChanges:
    """What to change; None leaves it. `fields` holds only the fields that change."""

    fields: Mapping[str, str] | None = None
    tags: tuple[str, ...] | None = None
    deck_id: UUID | None = None


def list_notes(
    engine: Engine, learner_id: UUID, *, deck_id: UUID | None, q: str | None, cursor: str | None, limit: int
) -> Page[NoteRow]:
    """In the order of their decks' contents; `q` is looked for in fields and tags, whatever its case.

    Raises Missing("deck-missing"), Refused("cursor-invalid").
    """


def read_note(engine: Engine, learner_id: UUID, note_id: UUID) -> NoteWithCards:
    """Raises Missing("note-missing")."""


def create_note(
    engine: Engine,
    learner_id: UUID,
    *,
    deck_id: UUID,
    kind: str,
    fields: Mapping[str, str],
    tags: tuple[str, ...],
    now: int,
    random: Callable[[int], bytes],
) -> NoteRow:
    """A note with its cards. Raises Missing("deck-missing"), Refused("note-invalid", field=, reason=)."""


def change_note(
    engine: Engine,
    learner_id: UUID,
    note_id: UUID,
    changes: NoteChanges,
    *,
    base_version: int,
    now: int,
    random: Callable[[int], bytes],
) -> ChangedNote:
    """Merge the changes into the note. Raises Missing("note-missing"), Refused("note-invalid")."""


def delete_note(
    engine: Engine, learner_id: UUID, note_id: UUID, *, now: int, random: Callable[[int], bytes]
) -> None:
    """Delete the note and its cards; their history stays for a restore. Raises Missing("note-missing")."""


def restore_note(
    engine: Engine, learner_id: UUID, note_id: UUID, *, now: int, random: Callable[[int], bytes]
) -> NoteRow:
    """Bring a deleted note back with its schedules. Raises Missing("note-missing")."""
