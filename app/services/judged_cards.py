"""The cards of the candidates that a learner took: made once, removed when they change their mind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, bindparam, func, select, update

from app.core.errors import Conflict
from app.core.ids import derived_id, new_ids
from app.db.models import candidates, decks, documents, notes
from app.db.rows import Fetched
from app.services.content import IDS_A_STATEMENT, NewNote, add_notes, chunks
from app.services.documents import DocumentRow, find_document, is_document
from app.services.edit_bench import EditIn
from app.services.edits import take_in_edits
from app.services.exam_wakening import ask_for_plan
from app.services.ledger import Ledger, changing
from app.services.one_edit import NEWEST, do_edit, standing_deck

LONGEST_QUOTE: Final = 500


@dataclass(frozen=True, slots=True)
class CardsMade:
    deck_id: UUID
    added: int
    removed: int


def make_cards(
    engine: Engine,
    learner_id: UUID,
    document_id: UUID,
    *,
    deck_id: UUID | None,
    deck_name: str | None,
    now: int,
    random: Callable[[int], bytes],
) -> CardsMade:
    """Notes for all accepted and edited candidates that have none; those no longer wanted go.

    Raises Missing("document-missing" | "deck-missing"), Conflict("document-busy"), Refused("note-invalid").
    """
    with changing(engine, learner_id, now) as ledger:
        document = find_document(ledger.session, learner_id, document_id)
        if document.state != "ready":
            raise Conflict("document-busy")
        deck = _deck(ledger, deck_id, deck_name or document.title or document.name, random)
        rows = _taken(ledger, document_id)
        made = _add(ledger, document, deck, [row for row in rows if row.note_id is None], random)
        removed = _remove(ledger, document_id, random)
        ask_for_plan(ledger, random)
        ledger.session.execute(
            update(documents).where(is_document(learner_id, document_id)).values(deck_id=deck)
        )
        return CardsMade(deck, made, removed)


def _deck(ledger: Ledger, deck_id: UUID | None, name: str, random: Callable[[int], bytes]) -> UUID:
    """The deck that was named, or a new one of that name. Raises Missing("deck-missing")."""
    if deck_id is not None:
        return standing_deck(ledger, deck_id).id
    found: UUID | None = ledger.session.execute(
        select(decks.c.id)
        .where(
            decks.c.learner_id == ledger.learner_id,
            decks.c.name == name[:200],
            decks.c.deleted_at.is_(None),
        )
        .limit(1)
    ).scalar_one_or_none()
    if found is not None:
        return found
    fresh = next(new_ids(ledger.now, random))
    do_edit(ledger, random, "deck", "create", fresh, {"name": name[:200]})
    ledger.session.execute(
        update(decks)
        .where(decks.c.learner_id == ledger.learner_id, decks.c.id == fresh)
        .values(origin="text")
    )
    return fresh


def _taken(ledger: Ledger, document_id: UUID) -> Sequence[Fetched]:
    table = candidates.c
    return ledger.session.execute(
        select(
            table.id, table.key, table.rule, table.kind, table.fields, table.own_fields, table.section,
            table.spans, table.note_id,
        )
        .where(
            table.learner_id == ledger.learner_id,
            table.document_id == document_id,
            table.verdict.in_(("accepted", "edited")),
        )
        .order_by(table.start, table.id)
    ).all()  # fmt: skip


def _add(
    ledger: Ledger,
    document: DocumentRow,
    deck_id: UUID,
    rows: Sequence[Fetched],
    random: Callable[[int], bytes],
) -> int:
    if not rows:
        return 0
    place = 1 + (
        ledger.session.execute(
            select(func.coalesce(func.max(notes.c.position), -1)).where(
                notes.c.learner_id == ledger.learner_id, notes.c.deck_id == deck_id
            )
        ).scalar_one()
    )
    guids = {row.id: str(derived_id(0, document.id.bytes, row.key.encode())) for row in rows}
    had = _notes_of(ledger, list(guids.values()))
    ids = new_ids(ledger.now, random)
    new: list[NewNote] = []
    named = []
    text = _text_of(ledger, document.id)
    for row in rows:
        note_id = had.get(guids[row.id])
        if note_id is None:
            note_id = next(ids)
            new.append(
                NewNote(
                    id=note_id,
                    kind=row.kind,
                    fields=row.own_fields or row.fields,
                    tags=(),
                    guid=guids[row.id],
                    source=_source(document, row, text),
                    position=place + len(new),
                )
            )
        named.append({"b_id": row.id, "note_id": note_id})
    add_notes(ledger, deck_id, new)
    mine = (candidates.c.learner_id == ledger.learner_id) & (candidates.c.id == bindparam("b_id"))
    ledger.session.execute(update(candidates).where(mine), named)
    return len(new)


def _notes_of(ledger: Ledger, guids: Sequence[str]) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    for part in chunks(guids, IDS_A_STATEMENT):
        rows = ledger.session.execute(
            select(notes.c.guid, notes.c.id).where(
                notes.c.learner_id == ledger.learner_id,
                notes.c.guid.in_(list(part)),
                notes.c.deleted_at.is_(None),
            )
        )
        found |= {row.guid: row.id for row in rows}
    return found


def _text_of(ledger: Ledger, document_id: UUID) -> str:
    question = select(documents.c.text).where(is_document(ledger.learner_id, document_id))
    return str(ledger.session.execute(question).scalar_one())


def _source(document: DocumentRow, row: Fetched, text: str) -> dict[str, Any]:
    start, end = row.spans[0]
    return {
        "document": document.title or document.name,
        "section": row.section,
        "start": start,
        "end": end,
        "rule": row.rule,
        "quote": text[start : min(end, start + LONGEST_QUOTE)],
    }


def _remove(ledger: Ledger, document_id: UUID, random: Callable[[int], bytes]) -> int:
    """Notes of candidates that are no longer wanted."""
    table = candidates.c
    rows = ledger.session.execute(
        select(table.id, table.note_id).where(
            table.learner_id == ledger.learner_id,
            table.document_id == document_id,
            table.note_id.is_not(None),
            (table.verdict == "rejected") | table.verdict.is_(None),
        )
    ).all()
    standing = set(
        ledger.session.execute(
            select(notes.c.id).where(
                notes.c.learner_id == ledger.learner_id,
                notes.c.id.in_([row.note_id for row in rows]),
                notes.c.deleted_at.is_(None),
            )
        ).scalars()
    )
    ids = new_ids(ledger.now, random)
    take_in_edits(
        ledger,
        [EditIn(next(ids), "note", "delete", note_id, NEWEST, ledger.now) for note_id in sorted(standing)],
        random,
    )
    if rows:
        mine = (table.learner_id == ledger.learner_id) & (table.id == bindparam("b_id"))
        ledger.session.execute(
            update(candidates).where(mine).values(note_id=None), [{"b_id": row.id} for row in rows]
        )
    return len(standing)
