"""The learner's notes: reading, finding, writing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select

from app.core.errors import Missing
from app.core.ids import new_id
from app.core.search import folded
from app.db.engine import reading
from app.db.models import cards, notes
from app.db.queries import check_deck
from app.db.rows import CARD_COLUMNS, NOTE_COLUMNS, CardRow, NoteRow
from app.services.ledger import changing
from app.services.merge import Conflict as EditConflict
from app.services.one_edit import do_edit, standing_deck, standing_note
from app.services.paging import Page, after, cursor_of, cut, read_cursor
from app.services.showing import shown


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
    key = read_cursor(cursor, int, UUID)
    question = select(notes.c.position, *NOTE_COLUMNS).where(
        notes.c.learner_id == learner_id, notes.c.deleted_at.is_(None)
    )
    if deck_id is not None:
        question = question.where(notes.c.deck_id == deck_id)
    if q:
        question = question.where(notes.c.search_text.contains(folded(q), autoescape=True))
    if key:
        question = question.where(after([notes.c.position, notes.c.id], key))
    with reading(engine) as session:
        if deck_id is not None:
            check_deck(session, learner_id, deck_id)
        found = session.execute(question.order_by(notes.c.position, notes.c.id).limit(limit + 1)).all()
        rows, more = cut(found, limit)
        items = shown(session, learner_id, [NoteRow(*row[1:]) for row in rows])
    return Page(items, cursor_of(rows[-1].position, rows[-1].id) if more else None)


def read_note(engine: Engine, learner_id: UUID, note_id: UUID) -> NoteWithCards:
    """Raises Missing("note-missing")."""
    with reading(engine) as session:
        row = session.execute(
            select(*NOTE_COLUMNS).where(
                notes.c.learner_id == learner_id, notes.c.id == note_id, notes.c.deleted_at.is_(None)
            )
        ).one_or_none()
        if row is None:
            raise Missing("note-missing")
        its_cards = session.execute(
            select(*CARD_COLUMNS)
            .where(cards.c.learner_id == learner_id, cards.c.note_id == note_id, cards.c.deleted_at.is_(None))
            .order_by(cards.c.ordinal)
        )
        (note,) = shown(session, learner_id, [NoteRow(*row)])
        return NoteWithCards(note, [CardRow(*card) for card in its_cards])


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
    note_id = new_id(now, random)
    said: dict[str, Any] = {"deck_id": deck_id, "kind": kind, "fields": dict(fields), "tags": tags}
    with changing(engine, learner_id, now) as ledger:
        standing_deck(ledger, deck_id)
        do_edit(ledger, random, "note", "create", note_id, said)
        return standing_note(ledger, note_id)


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
    """Merge the changes into the note.

    Raises Missing("note-missing" | "deck-missing"), Refused("note-invalid").
    """
    said: dict[str, Any] = {"fields": changes.fields, "tags": changes.tags, "deck_id": changes.deck_id}
    said = {name: value for name, value in said.items() if value is not None}
    with changing(engine, learner_id, now) as ledger:
        standing_note(ledger, note_id)
        if changes.deck_id is not None:
            standing_deck(ledger, changes.deck_id)
        conflicts = do_edit(ledger, random, "note", "update", note_id, said, base_version)
        return ChangedNote(standing_note(ledger, note_id), conflicts)


def delete_note(
    engine: Engine, learner_id: UUID, note_id: UUID, *, now: int, random: Callable[[int], bytes]
) -> None:
    """Delete the note and its cards; their history stays for a restore. Raises Missing("note-missing")."""
    with changing(engine, learner_id, now) as ledger:
        standing_note(ledger, note_id)
        do_edit(ledger, random, "note", "delete", note_id)


def restore_note(
    engine: Engine, learner_id: UUID, note_id: UUID, *, now: int, random: Callable[[int], bytes]
) -> NoteRow:
    """Bring a deleted note back with its schedules. Raises Missing("note-missing"), also after 30 days."""
    with changing(engine, learner_id, now) as ledger:
        do_edit(ledger, random, "note", "restore", note_id)
        return standing_note(ledger, note_id)
