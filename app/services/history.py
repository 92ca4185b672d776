"""What was: the events of a card, the days of a learner."""

from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Engine, Select, func, literal, select
from sqlmodel import Session

from app.core.errors import Missing, Refused
from app.core.events import Event
from app.core.stats import DayCounts
from app.db import models
from app.db.engine import reading
from app.db.models import cards, events
from app.db.rows import EVENT_COLUMNS, event_of
from app.db.types import Id
from app.services.day_counts import COUNTERS
from app.services.paging import Page, before, cursor_of, cut, read_cursor
from app.services.shelf import read_shelf

MOST_DAYS: Final = 3_700


@dataclass(frozen=True, slots=True)
class DayRow:
    """`deck_id`: the deck that was answered, or the one that was asked for where its days were added up."""

    day: int
    deck_id: UUID | None
    counts: DayCounts


def card_history(
    engine: Engine, learner_id: UUID, card_id: UUID, cursor: str | None, limit: int
) -> Page[Event]:
    """The card's events, newest first. Raises Missing("card-missing"), Refused("cursor-invalid")."""
    key = read_cursor(cursor, int, int, UUID)
    order = (events.c.day, events.c.effective_at, events.c.id)
    question = select(*EVENT_COLUMNS).where(events.c.learner_id == learner_id, events.c.card_id == card_id)
    if key:
        question = question.where(before(order, key))
    with reading(engine) as session:
        card = session.execute(
            select(cards.c.id).where(
                cards.c.learner_id == learner_id, cards.c.id == card_id, cards.c.deleted_at.is_(None)
            )
        )
        if card.first() is None:
            raise Missing("card-missing")
        newest_first = [column.desc() for column in order]
        found = session.execute(question.order_by(*newest_first).limit(limit + 1)).all()
    rows, more = cut(found, limit)
    items = [event_of(row) for row in rows]
    last = items[-1] if more else None
    return Page(items, cursor_of(last.day, last.effective_at, last.id) if last else None)


def day_stats(
    engine: Engine,
    learner_id: UUID,
    first: int,
    last: int,
    *,
    deck_id: UUID | None = None,
    by: Literal["deck", "day"] = "deck",
) -> list[DayRow]:
    """Counts by learner day and deck, both days included; of one deck with all below it, or of all.

    `by="day"` adds the decks of a day up: as many rows as days, however many decks there are.
    Raises Refused("range-too-long") beyond 3,700 days, Missing("deck-missing").
    """
    if last - first >= MOST_DAYS:
        raise Refused("range-too-long", pointer="/to", most=MOST_DAYS)
    rollup = models.day_stats
    asked = [rollup.c.learner_id == learner_id, rollup.c.day.between(first, last)]
    with reading(engine) as session:
        if deck_id is not None:
            asked.append(rollup.c.deck_id.in_(_with_those_below(session, learner_id, deck_id)))
        question = (_by_deck() if by == "deck" else _by_day(deck_id)).where(*asked)
        rows = [DayRow(row[0], row[1], DayCounts(*map(int, row[2:]))) for row in session.execute(question)]
    return [row for row in rows if row.counts != DayCounts()]


def _with_those_below(session: Session, learner_id: UUID, deck_id: UUID) -> list[UUID]:
    below = read_shelf(session, learner_id).below.get(deck_id)
    if below is None:
        raise Missing("deck-missing")
    return list(below)


def _by_deck() -> Select[Any]:
    rollup = models.day_stats
    columns = [rollup.c[name] for name in ("day", "deck_id", *COUNTERS)]
    return select(*columns).order_by(rollup.c.day, rollup.c.deck_id)


def _by_day(deck_id: UUID | None) -> Select[Any]:
    rollup = models.day_stats
    sums = [func.sum(rollup.c[name]) for name in COUNTERS]
    return select(rollup.c.day, literal(deck_id, Id), *sums).group_by(rollup.c.day).order_by(rollup.c.day)
