"""The learner's decks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Engine, func, select
from sqlmodel import Session

from app.core.deck_options import InForce
from app.core.errors import Missing, Refused
from app.core.ids import new_id
from app.core.levels import LONGEST_NAME, name_below
from app.db.engine import reading
from app.db.models import cards, decks
from app.db.rows import DECK_COLUMNS, DeckRow
from app.services.ledger import Ledger, changing
from app.services.merge import Conflict as EditConflict
from app.services.one_edit import do_edit, standing_deck
from app.services.paging import Page, after, cursor_of, cut, read_cursor
from app.services.shelf import Shelf, read_shelf
from app.services.todays_queue import decks_today


@dataclass(frozen=True, slots=True)
class Counts:
    """To do today within the limits; `total` is all cards. Both of the deck with all below it."""

    new: int
    learning: int
    review: int
    total: int


Source = Literal["own", "deck", "learner"]


@dataclass(frozen=True, slots=True)
class Option:
    """The value of an option that counts, and who says so: the deck itself, one above it, or the learner."""

    value: int | float | str
    source: Source
    deck_id: UUID | None
    deck_name: str | None


@dataclass(frozen=True, slots=True)
class CountedDeck:
    deck: DeckRow
    counts: Counts
    in_force: Mapping[str, Option]


@dataclass(frozen=True, slots=True)
class ChangedDeck:
    deck: DeckRow
    conflicts: list[EditConflict]
    in_force: Mapping[str, Option]


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

    A new name takes the decks below along. Options are changed one by one; one given as None is taken off.
    Raises Missing("deck-missing"), Refused("deck-name-too-long").
    """
    with changing(engine, learner_id, now) as ledger:
        before = standing_deck(ledger, deck_id)
        conflicts = do_edit(ledger, random, "deck", "update", deck_id, changes, base_version)
        _rename_below(ledger, before, standing_deck(ledger, deck_id).name, random)
        shelf = read_shelf(ledger.session, learner_id)
        return ChangedDeck(standing_deck(ledger, deck_id), conflicts, _options(shelf, deck_id))


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
    shelf, left = decks_today(session, learner_id, [deck.id for deck in page], now)
    rows = session.execute(
        select(cards.c.deck_id, func.count().label("total"))
        .where(
            cards.c.learner_id == learner_id,
            cards.c.deck_id.in_({below for deck in page for below in shelf.below[deck.id]}),
            cards.c.deleted_at.is_(None),
        )
        .group_by(cards.c.deck_id)
    )
    totals = {row.deck_id: row.total for row in rows}
    counted = []
    for deck in page:
        due = left[deck.id]
        total = sum(totals.get(below, 0) for below in shelf.below[deck.id])
        counts = Counts(due.new, due.learning, due.review, total)
        counted.append(CountedDeck(deck, counts, _options(shelf, deck.id)))
    return counted


def _rename_below(ledger: Ledger, before: DeckRow, name: str, random: Callable[[int], bytes]) -> None:
    """Decks below a deck that was renamed stay below it. Raises Refused("deck-name-too-long")."""
    if name == before.name:
        return
    for deck_id, below in read_shelf(ledger.session, ledger.learner_id).names.items():
        renamed = name_below(below, before.name, name)
        if renamed is None or deck_id == before.id:
            continue
        if len(renamed) > LONGEST_NAME:
            raise Refused("deck-name-too-long", pointer="/name")
        do_edit(ledger, random, "deck", "update", deck_id, {"name": renamed})


def _options(shelf: Shelf, deck_id: UUID) -> dict[str, Option]:
    options = {}
    for name, told in shelf.options[deck_id].items():
        says = None if told.deck_id is None else shelf.names[told.deck_id]
        options[name] = Option(told.value, _source(told, deck_id), told.deck_id, says)
    return options


def _source(told: InForce, deck_id: UUID) -> Source:
    if told.deck_id is None:
        return "learner"
    return "own" if told.deck_id == deck_id else "deck"
