"""The learner's cards: reading, finding, suspending."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import Engine

from app.core.notes import CardFace
from app.db.rows import CardRow, NoteRow
from app.services.paging import Page

CardFilter = Literal["new", "learning", "review", "due", "suspended", "buried", "flagged", "leech"]


@dataclass(frozen=True, slots=True)
class CardWithNote:
    card: CardRow
    note: NoteRow
    face: CardFace


def list_cards(
    engine: Engine,
    learner_id: UUID,
    *,
    deck_id: UUID | None,
    q: str | None,
    state: CardFilter | None,
    cursor: str | None,
    limit: int,
    now: int,
) -> Page[CardWithNote]:
    """In the order of the decks' contents. Raises Missing("deck-missing"), Refused("cursor-invalid")."""


def read_card(engine: Engine, learner_id: UUID, card_id: UUID) -> CardWithNote:
    """Raises Missing("card-missing")."""


def set_suspended(
    engine: Engine,
    learner_id: UUID,
    card_id: UUID,
    suspended: bool,
    *,
    now: int,
    random: Callable[[int], bytes],
) -> CardRow:
    """Take a card out of study or back in, as an event of the server's own. Raises Missing("card-missing")."""
