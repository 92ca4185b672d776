"""The learner's decks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from app.db.rows import DeckRow
from app.services.merge import Conflict as EditConflict
from app.services.paging import Page

RESTORE_DAYS = 30


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


def list_decks(engine: Engine, learner_id: UUID, cursor: str | None, limit: int, now: int) -> Page[CountedDeck]:
    """By position. Raises Refused("cursor-invalid")."""


def read_deck(engine: Engine, learner_id: UUID, deck_id: UUID, now: int) -> CountedDeck:
    """Raises Missing("deck-missing")."""


def create_deck(
    engine: Engine, learner_id: UUID, *, name: str, now: int, random: Callable[[int], bytes]
) -> DeckRow:
    """An empty deck of the learner's own, last in the list."""


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
    """Change any of name, options, position; without a base version, on top of what stands. Raises Missing."""


def delete_deck(
    engine: Engine, learner_id: UUID, deck_id: UUID, *, now: int, random: Callable[[int], bytes]
) -> None:
    """Delete the deck with its notes and cards; it can be restored for 30 days. Raises Missing."""


def restore_deck(
    engine: Engine, learner_id: UUID, deck_id: UUID, *, now: int, random: Callable[[int], bytes]
) -> DeckRow:
    """Bring a deleted deck back with all that was deleted with it; one that stands stays. Raises Missing."""
