"""What to study now."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine

from app.core.notes import CardFace
from app.core.queue import DeckCounts
from app.core.schedule import Preview
from app.db.rows import CardRow, NoteRow


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


def study_queue(engine: Engine, learner_id: UUID, *, deck_id: UUID | None, limit: int, now: int) -> StudyQueue:
    """Today's queue of one deck or of all. Raises Missing("deck-missing")."""
