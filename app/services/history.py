"""What was: the events of a card, the days of a learner."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Engine, select

from app.core.errors import Missing, Refused
from app.core.events import Event
from app.core.stats import DayCounts
from app.db import models
from app.db.engine import reading
from app.db.models import cards, events
from app.db.rows import EVENT_COLUMNS, event_of
from app.services.day_counts import COUNTERS
from app.services.paging import Page, before, cursor_of, cut, read_cursor

MOST_DAYS: Final = 3_700


@dataclass(frozen=True, slots=True)
class DayRow:
    day: int
    deck_id: UUID
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


def day_stats(engine: Engine, learner_id: UUID, first: int, last: int) -> list[DayRow]:
    """Counts by learner day and deck, both days included.

    Raises Refused("range-too-long") beyond 3,700 days.
    """
    if last - first >= MOST_DAYS:
        raise Refused("range-too-long", pointer="/to", most=MOST_DAYS)
    rollup = models.day_stats
    columns = [rollup.c[name] for name in ("day", "deck_id", *COUNTERS)]
    question = (
        select(*columns)
        .where(rollup.c.learner_id == learner_id, rollup.c.day.between(first, last))
        .order_by(rollup.c.day, rollup.c.deck_id)
    )
    with reading(engine) as session:
        rows = [DayRow(row[0], row[1], DayCounts(*row[2:])) for row in session.execute(question)]
    return [row for row in rows if row.counts != DayCounts()]
