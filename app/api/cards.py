"""Cards: search, read, suspend, and what happened to them."""

from os import urandom
from typing import Literal

from sqlalchemy import Engine

from app.api.contract import Resource
from app.api.fields import Id, LongSearch, Out, Page, Search, Wire
from app.api.rows import CardRow, EventRow, NoteRow
from app.services import cards
from app.services.history import card_history
from app.services.identity import Identity

resource = Resource("cards", "Cards")
SEARCH_PROBLEMS = (
    "search-quote-open",
    "search-bracket-open",
    "search-bracket-empty",
    "search-key-unknown",
    "search-value-missing",
    "search-value-unknown",
    "search-number-unknown",
    "search-nothing-beside",
    "search-too-long",
)


class CardQuery(Page):
    """Which cards: of one deck, holding `q`, in one state, and those that `search` means.

    `search` reads `deck:name tag:name kind:cloze is:due flag:1 prop:lapses>3 prop:due<=7 words
    "words together" -not this OR that (brackets)`.
    """

    deck_id: Id | None = None
    q: Search = ""
    search: LongSearch = ""
    state: Literal["new", "learning", "review", "due", "suspended", "buried", "flagged", "leech"] | None = (
        None
    )


class Face(Out):
    """What a card shows: the question, the answer, the explanation under it."""

    ordinal: int
    front: str
    back: str
    note: str


class CardOut(CardRow):
    """A card with its note and what it shows."""

    note: NoteRow
    face: Face


class CardList(Out):
    """One page of cards; `next` is the cursor of the page after, null on the last."""

    items: list[CardOut]
    next: str | None


class Suspension(Wire):
    """Out of study, or back in."""

    suspended: bool


class History(Out):
    """One page of a card's events, the newest first."""

    items: list[EventRow]
    next: str | None


@resource.on("GET", "/cards", problems={404: ("deck-missing",), 422: ("cursor-invalid", *SEARCH_PROBLEMS)})
def list_my_cards(caller: Identity, query: CardQuery, engine: Engine, now: int) -> CardList:
    """Cards in the order of their decks, with what they show."""
    page = cards.list_cards(
        engine,
        caller.learner_id,
        deck_id=query.deck_id,
        q=query.q or None,
        search=query.search,
        state=query.state,
        cursor=query.cursor,
        limit=query.limit,
        now=now,
    )
    return CardList(items=[_shown(item) for item in page.items], next=page.next)


@resource.on("GET", "/cards/<id>", problems={404: ("card-missing",)})
def read_my_card(caller: Identity, id: Id, engine: Engine) -> CardOut:
    """One card with its note."""
    return _shown(cards.read_card(engine, caller.learner_id, id))


@resource.on("POST", "/cards/<id>/suspend", problems={404: ("card-missing",)})
def suspend_my_card(caller: Identity, id: Id, body: Suspension, engine: Engine, now: int) -> CardRow:
    """Take a card out of study or back in; that is an event like any other."""
    row = cards.set_suspended(engine, caller.learner_id, id, body.suspended, now=now, random=urandom)
    return CardRow.model_validate(row)


@resource.on("GET", "/cards/<id>/history", problems={404: ("card-missing",), 422: ("cursor-invalid",)})
def read_history(caller: Identity, id: Id, query: Page, engine: Engine) -> History:
    """All that happened to a card, the newest first."""
    page = card_history(engine, caller.learner_id, id, query.cursor, query.limit)
    return History.model_validate(page)


def _shown(item: cards.CardWithNote) -> CardOut:
    return CardOut(
        **CardRow.model_validate(item.card).model_dump(),
        note=NoteRow.model_validate(item.note),
        face=Face.model_validate(item.face),
    )
