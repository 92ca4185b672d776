"""The decks that come with the service, and adding one."""

from os import urandom
from uuid import UUID

from flask import current_app
from sqlalchemy import Engine

from app.api.contract import Resource
from app.api.fields import Out, Slug
from app.api.rows import DeckRow
from app.services.catalogue import add_deck, list_catalogue, shipped_decks
from app.services.identity import Identity

NOBODY = UUID(int=0)
resource = Resource("catalogue", "Catalogue")


class Added(Out):
    """The learner's copy of a shipped deck, and the version it stands at."""

    deck_id: UUID
    version: str | None


class CatalogueItem(Out):
    """A shipped deck, and the learner's copy where there is one."""

    slug: str
    name: str
    description: str
    language: str
    version: str
    notes: int
    cards: int
    added: Added | None


class Catalogue(Out):
    """All shipped decks: a handful, so one page."""

    items: list[CatalogueItem]


class DeckMerged(DeckRow):
    """The learner's copy, how many notes were added and updated, and whose edited ones stay as they are."""

    added: int
    updated: int
    kept: list[str]


@resource.on("GET", "/catalogue")
def read_catalogue(caller: Identity | None, engine: Engine) -> Catalogue:
    """What there is, and what the learner has of it; whoever has not begun yet sees it too."""
    shipped = shipped_decks(current_app.extensions["settings"].decks)
    found = list_catalogue(engine, caller.learner_id if caller else NOBODY, shipped)
    return Catalogue(items=[CatalogueItem.model_validate(item) for item in found])


@resource.on("POST", "/catalogue/<slug>", status=201, problems={404: ("shipped-deck-missing",)})
def add_shipped_deck(caller: Identity, slug: Slug, engine: Engine, now: int) -> DeckMerged:
    """Add a shipped deck, or bring one's copy to the shipped version; history and own edits stay."""
    shipped = shipped_decks(current_app.extensions["settings"].decks)
    merged = add_deck(engine, caller.learner_id, shipped, slug, now=now, random=urandom)
    return DeckMerged(
        **DeckRow.model_validate(merged.deck).model_dump(),
        added=merged.added,
        updated=merged.updated,
        kept=merged.kept,
    )
