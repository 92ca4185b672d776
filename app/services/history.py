"""What was: the events of a card, the days of a learner."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine

from app.core.events import Event
from app.core.stats import DayCounts
from app.services.paging import Page


@dataclass(frozen=True, slots=True)
class DayRow:
    day: int
    deck_id: UUID
    counts: DayCounts


def card_history(
    engine: Engine, learner_id: UUID, card_id: UUID, cursor: str | None, limit: int
) -> Page[Event]:
    """The card's events, newest first. Raises Missing("card-missing"), Refused("cursor-invalid")."""


def day_stats(engine: Engine, learner_id: UUID, first: int, last: int) -> list[DayRow]:
    """Counts by learner day and deck, both days included. Raises Refused("range-too-long") beyond 3,700 days."""
