"""The learner's decks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, func, select
from sqlmodel import Session

from app.core.errors import Missing
from app.core.ids import new_id
from app.core.queue import DeckCounts
from app.db.engine import reading
from app.db.models import cards, decks
from app.db.rows import DECK_COLUMNS, DeckRow
from app.services.ledger import changing
from app.services.merge import Conflict as EditConflict
from app.services.one_edit import do_edit, standing_deck
from app.services.paging import Page, after, cursor_of, cut, read_cursor
from app.services.todays_queue import queue_of


@dataclass(frozen=True, slots=True)
class Counts:
    """To do today within the limits; `total` is all cards of the deck."""

    new: int
    learning: int
    review: int
    total: int


@dataclass(frozen=True, slots=True)
class CountedDeck:
    deck: DeckRow
    counts: Counts


@dataclass(frozen=True, slots=True)
class ChangedDeck:
    deck: DeckRow
    conflicts: list[EditConflict]


def list_decks(
    engine: Engine, learner_id: UUID, cursor: str | None, limit: int, now: int
) -> Page[CountedDeck]:
    """By position. Raises Refused("cursor-invalid")."""
    key = read_cursor(cursor, int, UUID)
    question = select(*DECK_COLUMNS).where(decks.c.learner_id == learner_id, decks.c.deleted_at.is_(None))
    if key:
        question = question.where(after([decks.c.position, decks.c.id], key))
    with reading(engine) as session:
        found = session.execute(question.order_by(decks.c.position, decks.c.id).limit(limit + 1)).all()
        rows, more = cut(found, limit)
        items = _counted(session, learner_id, [DeckRow(*row) for row in rows], now)
    return Page(items, cursor_of(items[-1].deck.position, items[-1].deck.id) if more else None)


def read_deck(engine: Engine, learner_id: UUID, deck_id: UUID, now: int) -> CountedDeck:
    """Raises Missing("deck-missing")."""
    with reading(engine) as session:
        row = session.execute(
            select(*DECK_COLUMNS).where(
                decks.c.learner_id == learner_id, decks.c.id == deck_id, decks.c.deleted_at.is_(None)
            )
        ).one_or_none()
        if row is None:
            raise Missing("deck-missing")
        return _counted(session, learner_id, [DeckRow(*row)], now)[0]


def create_deck(
    engine: Engine, learner_id: UUID, *, name: str, now: int, random: Callable[[int], bytes]
) -> DeckRow:
    """An empty deck of the learner's own, last in the list."""
    deck_id = new_id(now, random)
    with changing(engine, learner_id, now) as ledger:
        do_edit(ledger, random, "deck", "create", deck_id, {"name": name})
        return standing_deck(ledger, deck_id)


def change_deck(
    engine: Engine,
    learner_id: UUID,
    deck_id: UUID,
    changes: Mapping[str, Any],
    *,
    base_version: int | None,
    now: int,
    random: Callable[[int], bytes],
) -> ChangedDeck:
    """Change any of name, options, position; without a base version, on top of what stands.

    Options are changed one by one, and one given as None is taken off. Raises Missing("deck-missing").
    """
    with changing(engine, learner_id, now) as ledger:
        standing_deck(ledger, deck_id)
        conflicts = do_edit(ledger, random, "deck", "update", deck_id, changes, base_version)
        return ChangedDeck(standing_deck(ledger, deck_id), conflicts)


def delete_deck(
    engine: Engine, learner_id: UUID, deck_id: UUID, *, now: int, random: Callable[[int], bytes]
) -> None:
    """Delete the deck with its notes and cards; it can be restored for 30 days.

    Raises Missing("deck-missing").
    """
    with changing(engine, learner_id, now) as ledger:
        standing_deck(ledger, deck_id)
        do_edit(ledger, random, "deck", "delete", deck_id)


def restore_deck(
    engine: Engine, learner_id: UUID, deck_id: UUID, *, now: int, random: Callable[[int], bytes]
) -> DeckRow:
    """Bring a deleted deck back with all that was deleted with it; one that stands stays.

    Raises Missing("deck-missing"), also after 30 days.
    """
    with changing(engine, learner_id, now) as ledger:
        do_edit(ledger, random, "deck", "restore", deck_id)
        return standing_deck(ledger, deck_id)


def _counted(session: Session, learner_id: UUID, page: Sequence[DeckRow], now: int) -> list[CountedDeck]:
    if not page:
        return []
    today = queue_of(session, learner_id, None, now).queue.counts
    rows = session.execute(
        select(cards.c.deck_id, func.count().label("total"))
        .where(
            cards.c.learner_id == learner_id,
            cards.c.deck_id.in_([deck.id for deck in page]),
            cards.c.deleted_at.is_(None),
        )
        .group_by(cards.c.deck_id)
    )
    totals = {row.deck_id: row.total for row in rows}
    counted = []
    for deck in page:
        due = today.get(deck.id, DeckCounts())
        counts = Counts(due.new, due.learning, due.review, totals.get(deck.id, 0))
        counted.append(CountedDeck(deck, counts))
    return counted
