"""A single edit, made over HTTP: the same road as the edits of a phone, but a refusal is raised."""

from collections.abc import Callable, Mapping
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select

from app.core.errors import Missing
from app.core.ids import new_id
from app.db.models import decks, exams, notes
from app.db.rows import DECK_COLUMNS, EXAM_COLUMNS, NOTE_COLUMNS, DeckRow, ExamRow, NoteRow
from app.services.edit_bench import EditIn
from app.services.edits import take_in_edits
from app.services.ledger import Ledger
from app.services.merge import Conflict
from app.services.showing import shown

NEWEST = 2**31 - 1
"""The base version of an edit that was made on top of whatever stands."""


def do_edit(
    ledger: Ledger,
    random: Callable[[int], bytes],
    entity: Literal["note", "deck", "exam"],
    op: Literal["create", "update", "delete", "restore"],
    entity_id: UUID,
    fields: Mapping[str, Any] | None = None,
    base_version: int | None = None,
) -> list[Conflict]:
    """Do one edit now; what it met. Raises whatever refuses it."""
    edit = EditIn(
        id=new_id(ledger.now, random),
        entity=entity,
        op=op,
        entity_id=entity_id,
        base_version=NEWEST if base_version is None else base_version,
        at=ledger.now,
        fields=fields or {},
    )
    done = take_in_edits(ledger, [edit], random)
    if done.refused:
        raise done.refused[0].problem
    ledger.session.flush()
    return done.conflicts


def standing_deck(ledger: Ledger, deck_id: UUID) -> DeckRow:
    """Raises Missing("deck-missing") for one that is deleted, too."""
    row = ledger.session.execute(
        select(*DECK_COLUMNS).where(
            decks.c.learner_id == ledger.learner_id, decks.c.id == deck_id, decks.c.deleted_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        raise Missing("deck-missing")
    return DeckRow(*row)


def standing_note(ledger: Ledger, note_id: UUID) -> NoteRow:
    """Raises Missing("note-missing") for one that is deleted, too."""
    row = ledger.session.execute(
        select(*NOTE_COLUMNS).where(
            notes.c.learner_id == ledger.learner_id, notes.c.id == note_id, notes.c.deleted_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        raise Missing("note-missing")
    (note,) = shown(ledger.session, ledger.learner_id, [NoteRow(*row)])
    return note


def standing_exam(ledger: Ledger, exam_id: UUID) -> ExamRow:
    """Raises Missing("exam-missing") for one that is deleted, too."""
    row = ledger.session.execute(
        select(*EXAM_COLUMNS).where(
            exams.c.learner_id == ledger.learner_id, exams.c.id == exam_id, exams.c.deleted_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        raise Missing("exam-missing")
    return ExamRow(*row)
