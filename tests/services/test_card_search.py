"""The server finds the cards that a search means, the same ones as the phone."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, select, update
from sqlmodel import Session

from app.core.errors import Refused
from app.core.golden_search import search_vectors
from app.core.search import Facts, matches, parse
from app.db.models import cards, decks, notes
from app.services.card_search import condition_of
from app.services.cards import list_cards
from app.services.content import search_text
from tests.factories import NOW, Phone, a_deck, a_note, a_phone, some_cards, today

VALID = [each["search"] for each in search_vectors()["searches"] if "finds" in each]


@pytest.fixture
def phone(engine: Engine) -> Phone:
    return a_phone(engine)


@pytest.fixture
def stocked(phone: Phone) -> dict[UUID, Facts]:
    """Cards like those of the vectors, each with what a search asks of it."""
    engine, me = phone.engine, phone.learner_id
    deck_ids: dict[str, UUID] = {}
    facts: dict[UUID, Facts] = {}
    for number, given in enumerate(search_vectors()["cards"]):
        if given["deck"] not in deck_ids:
            deck_ids[given["deck"]] = a_deck(engine, me)
            write(engine, decks, deck_ids[given["deck"]], {"name": given["deck"]})
        note_id = a_note(engine, me, deck_ids[given["deck"]], front=f"f{number}", back="b")
        stock(engine, note_id, given)
        facts[card_of(engine, note_id)] = Facts(**{**given, "tags": tuple(given["tags"])})
    return facts


def stock(engine: Engine, note_id: UUID, given: dict[str, Any]) -> None:
    text = search_text({"front": given["text"]}, given["tags"])
    write(engine, notes, note_id, {"kind": given["kind"], "search_text": text})
    due = None if given["due"] is None else given["due"] + today()
    state = {name: given[name] for name in ("phase", "suspended", "flag", "lapses", "reps", "stability")}
    last_day = due - given["interval"] if due is not None and given["interval"] is not None else None
    state |= {"difficulty": given["difficulty"], "due_day": due, "last_day": last_day}
    state["buried_until"] = today() + 1 if given["buried"] else None
    write(engine, cards, card_of(engine, note_id), state)


def card_of(engine: Engine, note_id: UUID) -> UUID:
    with engine.connect() as connection:
        found: UUID = connection.execute(select(cards.c.id).where(cards.c.note_id == note_id)).scalar_one()
        return found


def write(engine: Engine, table: Any, row_id: UUID, values: dict[str, Any]) -> None:
    with engine.begin() as connection:
        connection.execute(update(table).where(table.c.id == row_id).values(**values))


def test_the_database_finds_what_the_grammar_means(phone: Phone, stocked: dict[UUID, Facts]) -> None:
    with Session(phone.engine) as session:
        for words in VALID:
            meant = parse(words)
            condition = condition_of(session, phone.learner_id, meant, today())
            joined = (notes.c.learner_id == cards.c.learner_id) & (notes.c.id == cards.c.note_id)
            rows = session.execute(select(cards.c.id).join(notes, joined).where(condition)).scalars()
            assert set(rows) == {card for card, facts in stocked.items() if matches(meant, facts)}, words


def find(phone: Phone, words: str) -> list[UUID]:
    page = list_cards(
        phone.engine,
        phone.learner_id,
        deck_id=None,
        q=None,
        search=words,
        state=None,
        cursor=None,
        limit=10,
        now=NOW,
    )
    return [item.card.id for item in page.items]


def test_a_search_narrows_the_list_of_cards(phone: Phone) -> None:
    mine = some_cards(phone.engine, phone.learner_id, 3, a_deck(phone.engine, phone.learner_id, "礼仪::握手"))
    phone.sync([phone.event(mine[1], "suspend")])
    assert find(phone, "deck:礼仪 -is:suspended") == [mine[0], mine[2]]
    assert find(phone, "答2 OR is:suspended") == [mine[1], mine[2]]
    assert find(phone, "deck:握手") == []


def test_nobody_finds_the_cards_of_others(phone: Phone) -> None:
    other = a_phone(phone.engine)
    some_cards(phone.engine, other.learner_id, 2)
    assert find(phone, "") == []


def test_a_search_that_cannot_be_read_is_refused_with_its_words(phone: Phone) -> None:
    with pytest.raises(Refused, match="search-key-unknown") as refusal:
        find(phone, "colour:red")
    assert refusal.value.params == {"words": "colour"}
