"""What the day's queue asks of the database: one statement for the first cards of however many decks."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, select, true
from sqlmodel import Session

from app.core.queue import Kind
from app.db.constraints import IN_STEPS, NEW_CARDS, REVIEW_CARDS
from app.db.models import cards, decks
from app.db.queries import dialect_of
from app.db.rows import Fetched

_NAMES: Final = (
    "id",
    "note_id",
    "deck_id",
    "phase",
    "due_day",
    "due_at",
    "position",
    "stability",
    "last_day",
)
_DAYS_OF_TRAVEL: Final = 2
_NOTES_BY_NAME: Final = 4_096
"""Beyond so many notes it is quicker to ask for all that were answered."""


def first_cards(
    session: Session,
    learner_id: UUID,
    kind: Kind,
    deck_ids: Sequence[UUID],
    *,
    depth: int,
    day: int,
    last: int,
) -> Iterable[Fetched]:
    """The first `depth` cards of each deck: new ones by position, or reviews due up to the day `last`."""
    if not deck_ids:
        return ()
    first = _first(learner_id, kind, day, last).limit(depth)
    these = and_(decks.c.learner_id == learner_id, decks.c.id.in_(deck_ids))
    if dialect_of(session) == "postgresql":
        each = first.with_only_columns(*(cards.c[name] for name in _NAMES)).lateral()
        return session.execute(select(each).select_from(decks.join(each, true())).where(these))
    # SQLite knows no LATERAL. An outer join keeps it from going through all cards to ask each for its deck.
    shown = cards.alias()
    ids = first.with_only_columns(cards.c.id).correlate(decks).scalar_subquery()
    mine = and_(shown.c.learner_id == learner_id, shown.c.id.in_(ids))
    rows = session.execute(
        select(*(shown.c[name] for name in _NAMES)).select_from(decks.outerjoin(shown, mine)).where(these)
    )
    return (row for row in rows if row.id is not None)


def _first(learner_id: UUID, kind: Kind, day: int, last: int) -> Select[Any]:
    question = select(cards).where(
        cards.c.learner_id == learner_id,
        cards.c.deck_id == decks.c.id,
        cards.c.buried_until.is_(None) | (cards.c.buried_until <= day),
    )
    if kind == "new":
        return question.where(NEW_CARDS).order_by(cards.c.position, cards.c.id)
    return question.where(REVIEW_CARDS, cards.c.due_day <= last).order_by(cards.c.due_day, cards.c.id)


def cards_in_steps(session: Session, learner_id: UUID, day: int) -> Iterable[Fetched]:
    """Cards within their learning steps.

    Steps within a day stay today's, also for who has crossed the date line.
    """
    return session.execute(
        select(*(cards.c[name] for name in _NAMES)).where(
            cards.c.learner_id == learner_id,
            IN_STEPS,
            cards.c.due_day <= day + _DAYS_OF_TRAVEL,
            cards.c.buried_until.is_(None) | (cards.c.buried_until <= day),
        )
    )


def answered_notes(session: Session, learner_id: UUID, note_ids: Sequence[UUID], day: int) -> frozenset[UUID]:
    """Which of these notes were answered on the day; perhaps others too."""
    if not note_ids:
        return frozenset()
    question = select(cards.c.note_id).where(cards.c.learner_id == learner_id, cards.c.last_day == day)
    if len(note_ids) <= _NOTES_BY_NAME:
        question = question.where(cards.c.note_id.in_(note_ids))
    return frozenset(session.execute(question).scalars())
