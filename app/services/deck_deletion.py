"""Deleting a deck with all that is in it, and bringing it back: a few statements whatever its size."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, func, insert, literal, select, update

from app.core.day import DAY_MS
from app.db.models import Deck, cards, decks, notes, tombstones
from app.db.rows import STATE_FIELDS
from app.services.ledger import Ledger

RESTORE_DAYS: Final = 30
_CONTENT: Final = (("note", notes), ("card", cards))


def restorable(deleted_at: int | None, now: int) -> bool:
    """Whether something stands, or was deleted so lately (ms) that it can come back."""
    return deleted_at is None or now - deleted_at <= RESTORE_DAYS * DAY_MS


def delete_deck_with_content(ledger: Ledger, deck: Deck) -> None:
    """Mark the deck and its live notes and cards as deleted, and note them down for phones."""
    moment = _moment_of_its_own(ledger, deck.id)
    _count(ledger, deck.id, cards.c.deleted_at.is_(None), alive=False)
    for entity, table in _CONTENT:
        here = _in_deck(ledger, table, deck.id) & table.c.deleted_at.is_(None)
        place = func.row_number().over(order_by=table.c.id)
        gone = select(table.c.learner_id, table.c.id, literal(entity), literal(ledger.seq) + place).where(
            here
        )
        names = ["learner_id", "id", "entity", "seq"]
        ledger.skip(_rows(ledger, insert(tombstones).from_select(names, gone)))
        _rows(ledger, update(table).where(here).values(deleted_at=moment, seq=ledger.next_seq()))
    row = {"learner_id": ledger.learner_id, "id": deck.id, "entity": "deck", "seq": ledger.next_seq()}
    ledger.session.execute(insert(tombstones), [row])
    _mark(ledger, deck, moment)


def restore_deck_with_content(ledger: Ledger, deck: Deck) -> None:
    """Bring back the deck and what went with it; what had been deleted before stays deleted."""
    then = deck.deleted_at
    _count(ledger, deck.id, cards.c.deleted_at == then, alive=True)
    for _, table in _CONTENT:
        here = _in_deck(ledger, table, deck.id) & (table.c.deleted_at == then)
        back = select(table.c.id).where(here)
        _rows(
            ledger,
            delete(tombstones).where(tombstones.c.learner_id == ledger.learner_id, tombstones.c.id.in_(back)),
        )
        numbered = select(table.c.id, func.row_number().over(order_by=table.c.id).label("n")).where(here)
        place = numbered.subquery()
        ledger.skip(
            _rows(
                ledger,
                update(table)
                .where(table.c.learner_id == ledger.learner_id, table.c.id == place.c.id)
                .values(deleted_at=None, seq=literal(ledger.seq) + place.c.n),
            )
        )
    ledger.session.execute(
        delete(tombstones).where(tombstones.c.learner_id == ledger.learner_id, tombstones.c.id == deck.id)
    )
    _mark(ledger, deck, None)


def _moment_of_its_own(ledger: Ledger, deck_id: UUID) -> int:
    """Now, or later than all that was deleted in the deck before: a restore knows what went by this time."""
    highest = [
        ledger.session.execute(
            select(func.max(table.c.deleted_at)).where(_in_deck(ledger, table, deck_id))
        ).scalar_one()
        for _, table in _CONTENT
    ]
    return max(ledger.now, *(1 + (before or 0) for before in highest))


def _mark(ledger: Ledger, deck: Deck, deleted_at: int | None) -> None:
    """Done by statement like the rest; objects read before are stale afterwards."""
    ledger.session.execute(
        update(decks)
        .where(decks.c.learner_id == ledger.learner_id, decks.c.id == deck.id)
        .values(deleted_at=deleted_at, version=deck.version + 1, seq=ledger.next_seq())
    )
    ledger.session.expire_all()


def _in_deck(ledger: Ledger, table: Table, deck_id: UUID) -> ColumnElement[bool]:
    return (table.c.learner_id == ledger.learner_id) & (table.c.deck_id == deck_id)


def _count(ledger: Ledger, deck_id: UUID, which: ColumnElement[bool], *, alive: bool) -> None:
    """Let the cards count in the digest, or no longer."""
    names = ("id", *STATE_FIELDS)
    rows = ledger.session.execute(
        select(*(cards.c[name] for name in names)).where(_in_deck(ledger, cards, deck_id), which)
    )
    for card in rows:
        if alive:
            ledger.count_in(card.id, card)
        else:
            ledger.count_out(card.id, card)


def _rows(ledger: Ledger, statement: Any) -> int:
    """Run a statement that changes rows; how many."""
    done = ledger.session.connection().execute(statement.execution_options(preserve_rowcount=True))
    return int(done.rowcount)
