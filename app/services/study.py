"""What to study now."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine

from app.core.notes import CardFace
from app.core.queue import LOOK_AHEAD_MS, DeckCounts, Queue
from app.core.schedule import Preview, previews
from app.db.engine import reading
from app.db.rows import CardRow, NoteRow
from app.services.cards import read_cards
from app.services.todays_queue import queue_of


@dataclass(frozen=True, slots=True)
class StudyItem:
    """A card to show; `face` is the one of the note's faces that it asks."""

    card: CardRow
    note: NoteRow
    face: CardFace
    previews: list[Preview]


@dataclass(frozen=True, slots=True)
class StudyQueue:
    """`counts` by deck are of the whole day, `items` the first cards of it. `later` are (due_at, card id)."""

    items: list[StudyItem]
    later: list[tuple[int, UUID]]
    counts: Mapping[UUID, DeckCounts]
    day: int
    now: int


def study_queue(
    engine: Engine, learner_id: UUID, *, deck_id: UUID | None, limit: int, now: int
) -> StudyQueue:
    """Today's queue of one deck or of all. Raises Missing("deck-missing")."""
    with reading(engine) as session:
        today = queue_of(session, learner_id, deck_id, now)
        shown = _to_show(today.queue, now)[:limit]
        found = read_cards(session, learner_id, shown)
    items = []
    for card_id in shown:
        known = found[card_id]
        retention = today.retentions.get(known.card.deck_id)
        ahead = previews(card_id, known.card.state, now, today.day, today.parameters, retention)
        items.append(StudyItem(known.card, known.note, known.face, ahead))
    return StudyQueue(items, list(today.queue.later), today.queue.counts, today.day, now)


def _to_show(queue: Queue, now: int) -> list[UUID]:
    """The queue, then the learning cards that may be shown early when nothing else is left."""
    return [*queue.now, *(card_id for due_at, card_id in queue.later if due_at <= now + LOOK_AHEAD_MS)]
