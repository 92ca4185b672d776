"""Decks: list with counts, make, rename, options, delete and bring back."""

from os import urandom
from typing import Literal
from uuid import UUID

from sqlalchemy import Engine

from app.api.contract import Resource
from app.api.fields import Id, Name, Out, Page, Place, Version, Wire
from app.api.rows import ConflictOut, DeckOptions, DeckRow
from app.services import decks
from app.services.identity import Identity

resource = Resource("decks", "Decks")


class DeckNew(Wire):
    """A deck of one's own; `::` in its name makes levels."""

    name: Name


class DeckChange(Wire):
    """What changes; what is left out stays. `base_version` tells apart what others changed meanwhile."""

    base_version: Version | None = None
    name: Name | None = None
    options: DeckOptions | None = None
    position: Place | None = None


class DeckCounts(Out):
    """What is due today within the limits of the day, and how many cards there are; with all decks below."""

    new: int
    learning: int
    review: int
    total: int


class OptionOut(Out):
    """An option as it counts: said by the deck itself, by a deck above it (`deck_id`), or by the learner."""

    value: int | float | str
    source: Literal["own", "deck", "learner"]
    deck_id: UUID | None
    deck_name: str | None


class OptionsInForce(Out):
    """Every option of a deck as it counts; the row's `options` are those that the deck says itself."""

    new_per_day: OptionOut
    reviews_per_day: OptionOut
    new_order: OptionOut
    review_order: OptionOut
    mix: OptionOut
    desired_retention: OptionOut
    read_aloud: OptionOut
    voice: OptionOut


class DeckOut(DeckRow):
    """A deck, its counts, and how it is studied."""

    counts: DeckCounts
    in_force: OptionsInForce


class DeckList(Out):
    """One page of decks; `next` is the cursor of the page after, null on the last."""

    items: list[DeckOut]
    next: str | None


class DeckChanged(DeckRow):
    """The deck as it stands now, and which fields somebody else had changed meanwhile."""

    conflicts: list[ConflictOut]
    in_force: OptionsInForce


@resource.on("GET", "/decks", problems={422: ("cursor-invalid",)})
def list_my_decks(caller: Identity, query: Page, engine: Engine, now: int) -> DeckList:
    """The decks by position, with what is due today."""
    page = decks.list_decks(engine, caller.learner_id, query.cursor, query.limit, now)
    return DeckList(items=[_counted(item) for item in page.items], next=page.next)


@resource.on("POST", "/decks", status=201)
def make_deck(caller: Identity, body: DeckNew, engine: Engine, now: int) -> DeckOut:
    """Make an empty deck of one's own, last in the list."""
    row = decks.create_deck(engine, caller.learner_id, name=body.name, now=now, random=urandom)
    return _read(engine, caller, row.id, now)


@resource.on("GET", "/decks/<id>", problems={404: ("deck-missing",)})
def read_my_deck(caller: Identity, id: Id, engine: Engine, now: int) -> DeckOut:
    """One deck with its counts."""
    return _read(engine, caller, id, now)


@resource.on("PATCH", "/decks/<id>", problems={404: ("deck-missing",), 422: ("deck-name-too-long",)})
def change_my_deck(caller: Identity, id: Id, body: DeckChange, engine: Engine, now: int) -> DeckChanged:
    """Rename a deck (those below it move along), move it, or change its options."""
    given = body.model_dump(mode="json", exclude_unset=True)
    base_version = given.pop("base_version", None)
    changes = {name: value for name, value in given.items() if value is not None}
    changed = decks.change_deck(
        engine, caller.learner_id, id, changes, base_version=base_version, now=now, random=urandom
    )
    return DeckChanged(
        **DeckRow.model_validate(changed.deck).model_dump(),
        conflicts=[ConflictOut.model_validate(conflict) for conflict in changed.conflicts],
        in_force=OptionsInForce.model_validate(changed.in_force),
    )


@resource.on("DELETE", "/decks/<id>", problems={404: ("deck-missing",)})
def delete_my_deck(caller: Identity, id: Id, engine: Engine, now: int) -> None:
    """Delete a deck with its cards; for 30 days it can be restored."""
    decks.delete_deck(engine, caller.learner_id, id, now=now, random=urandom)


@resource.on("POST", "/decks/<id>/restore", problems={404: ("deck-missing",)})
def restore_my_deck(caller: Identity, id: Id, engine: Engine, now: int) -> DeckOut:
    """Bring a deleted deck back with all that was deleted with it."""
    decks.restore_deck(engine, caller.learner_id, id, now=now, random=urandom)
    return _read(engine, caller, id, now)


def _read(engine: Engine, caller: Identity, deck_id: UUID, now: int) -> DeckOut:
    return _counted(decks.read_deck(engine, caller.learner_id, deck_id, now))


def _counted(item: decks.CountedDeck) -> DeckOut:
    return DeckOut(
        **DeckRow.model_validate(item.deck).model_dump(),
        counts=DeckCounts.model_validate(item.counts),
        in_force=OptionsInForce.model_validate(item.in_force),
    )
