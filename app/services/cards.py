"""The learner's cards: reading, finding, suspending."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, select
from sqlmodel import Session

from app.core.day import learner_day
from app.core.errors import Missing
from app.core.ids import new_id
from app.core.notes import CardFace
from app.core.search import State, folded
from app.db.engine import reading
from app.db.models import cards, learners, notes
from app.db.queries import check_deck
from app.db.rows import CARD_COLUMNS, NOTE_COLUMNS, CardRow, Fetched, NoteRow
from app.services.card_search import condition_of, in_state, read_search
from app.services.events_in import EventIn, take_in
from app.services.ledger import changing
from app.services.paging import Page, after, cursor_of, cut, read_cursor
from app.services.showing import face_of, shown

_WIDTH: Final = len(CARD_COLUMNS)


@dataclass(frozen=True, slots=True)
class CardWithNote:
    """`face` is the one of the note's faces that the card asks."""

    card: CardRow
    note: NoteRow
    face: CardFace


def list_cards(
    engine: Engine,
    learner_id: UUID,
    *,
    deck_id: UUID | None,
    q: str | None,
    search: str = "",
    state: State | None,
    cursor: str | None,
    limit: int,
    now: int,
) -> Page[CardWithNote]:
    """In the order of the decks' contents.

    Raises Missing("deck-missing"), Refused("cursor-invalid" | "search-…").
    """
    key, meant = read_cursor(cursor, int, UUID), read_search(search)
    question = _with_notes(learner_id)
    if deck_id is not None:
        question = question.where(cards.c.deck_id == deck_id)
    if q:
        question = question.where(notes.c.search_text.contains(folded(q), autoescape=True))
    if key:
        question = question.where(after([cards.c.position, cards.c.id], key))
    with reading(engine) as session:
        if deck_id is not None:
            check_deck(session, learner_id, deck_id)
        today = _today(session, learner_id, now)
        if state is not None:
            question = question.where(in_state(state, today))
        question = question.where(condition_of(session, learner_id, meant, today))
        found = session.execute(question.order_by(cards.c.position, cards.c.id).limit(limit + 1)).all()
        rows, more = cut(found, limit)
        items = _cards_with_notes(session, learner_id, rows)
    return Page(items, cursor_of(items[-1].card.position, items[-1].card.id) if more else None)


def read_card(engine: Engine, learner_id: UUID, card_id: UUID) -> CardWithNote:
    """Raises Missing("card-missing")."""
    with reading(engine) as session:
        found = read_cards(session, learner_id, [card_id])
    if not found:
        raise Missing("card-missing")
    return found[card_id]


def read_cards(session: Session, learner_id: UUID, card_ids: Sequence[UUID]) -> dict[UUID, CardWithNote]:
    """These cards by id, as far as they stand."""
    rows = session.execute(_with_notes(learner_id).where(cards.c.id.in_(card_ids))).all()
    return {item.card.id: item for item in _cards_with_notes(session, learner_id, rows)}


def set_suspended(
    engine: Engine,
    learner_id: UUID,
    card_id: UUID,
    suspended: bool,
    *,
    now: int,
    random: Callable[[int], bytes],
) -> CardRow:
    """Take a card out of study or back in, as an event of the server's own.

    Raises Missing("card-missing").
    """
    with changing(engine, learner_id, now) as ledger:
        learner = ledger.learner
        event = EventIn(
            id=new_id(now, random),
            card_id=card_id,
            kind="suspend" if suspended else "unsuspend",
            rating=None,
            at=now,
            clock_offset_ms=0,
            day=learner_day(now, learner.zone, learner.rollover_hour),
            duration_ms=0,
            device_seq=ledger.seq + 1,
            data={},
        )
        taken = take_in(
            ledger, [event], learner_id
        )  # the server acts in the learner's name: their id is its device
        if taken.refused:
            raise Missing("card-missing")
        return read_cards(ledger.session, learner_id, [card_id])[card_id].card


def _with_notes(learner_id: UUID) -> Any:
    return (
        select(*CARD_COLUMNS, *NOTE_COLUMNS)
        .join(notes, (notes.c.learner_id == cards.c.learner_id) & (notes.c.id == cards.c.note_id))
        .where(cards.c.learner_id == learner_id, cards.c.deleted_at.is_(None))
    )


def _cards_with_notes(session: Session, learner_id: UUID, rows: Sequence[Fetched]) -> list[CardWithNote]:
    found = [CardRow(*row[:_WIDTH]) for row in rows]
    distinct = {note.id: note for note in (NoteRow(*row[_WIDTH:]) for row in rows)}
    by_id = {note.id: note for note in shown(session, learner_id, list(distinct.values()))}
    return [
        CardWithNote(card, by_id[card.note_id], face_of(by_id[card.note_id], card.ordinal)) for card in found
    ]


def _today(session: Session, learner_id: UUID, now: int) -> int:
    row = session.execute(
        select(learners.c.zone, learners.c.rollover_hour).where(learners.c.id == learner_id)
    ).one()
    return learner_day(now, row.zone, row.rollover_hour)
