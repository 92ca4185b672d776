"""The decks that come with the service, and adding one: a merge by guid, like any import."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine

from app.core.notes import DeckDraft
from app.db.rows import DeckRow


@dataclass(frozen=True, slots=True)
class AddedDeck:
    deck_id: UUID
    version: str | None


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """`added` is the learner's copy with the version it stands at, None when they have none."""

    slug: str
    name: str
    description: str
    language: str
    version: str
    notes: int
    cards: int
    added: AddedDeck | None


@dataclass(frozen=True, slots=True)
class Merged:
    """What adding or updating did. `kept` are the guids whose notes the learner had edited: theirs stay."""

    deck: DeckRow
    added: int
    updated: int
    kept: list[str]


def shipped_decks(folder: Path) -> Sequence[DeckDraft]:
    """The decks of a folder by slug, read once and again when a file changes."""


def list_catalogue(engine: Engine, learner_id: UUID, shipped: Sequence[DeckDraft]) -> list[CatalogueItem]:
    """What there is, and what the learner has of it."""


def add_deck(
    engine: Engine,
    learner_id: UUID,
    shipped: Sequence[DeckDraft],
    slug: str,
    *,
    now: int,
    random: Callable[[int], bytes],
) -> Merged:
    """Copy a shipped deck into the learner's space, or bring their copy to the shipped version.

    A deck that they deleted comes back. Raises Missing("deck-missing").
    """
