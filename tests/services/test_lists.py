"""Lists: every row once, in order, page by page; found by words and by state; never another learner's."""

from collections.abc import Callable
from typing import Any, Literal
from uuid import UUID

import pytest
from sqlalchemy import Engine

from app.core.errors import Missing, Refused
from app.services.cards import list_cards, read_card, set_suspended
from app.services.decks import create_deck, list_decks, read_deck
from app.services.devices import create_token, list_devices, list_tokens
from app.services.history import card_history, day_stats
from app.services.notes import list_notes, read_note
from app.services.paging import Page, cursor_of, read_cursor
from tests.factories import (
    DAY,
    HOUR,
    NOW,
    Phone,
    a_deck,
    a_note,
    a_phone,
    an_id,
    random_bytes,
    some_cards,
    today,
)


@pytest.fixture
def phone(engine: Engine) -> Phone:
    return a_phone(engine)


def walk(read: Callable[[str | None], Page[Any]], limit: int) -> list[Any]:
    found: list[Any] = []
    cursor = None
    while True:
        page = read(cursor)
        assert len(page.items) <= limit
        found += page.items
        if page.next is None:
            return found
        assert len(page.items) == limit
        cursor = page.next


@pytest.mark.parametrize("limit", [1, 3, 7, 100])
def test_every_list_pages_through_each_row_once(phone: Phone, limit: int) -> None:
    engine, me = phone.engine, phone.learner_id
    deck = a_deck(engine, me)
    cards = some_cards(engine, me, 7, deck)
    for n in range(6):
        create_deck(engine, me, name=f"第{n}", now=NOW, random=random_bytes)
        create_token(engine, me, name=f"t{n}", now=NOW + n, random=random_bytes)
        a_phone(engine, me).sync()
    phone.sync([phone.event(cards[0], at=NOW + n * HOUR) for n in range(7)], now=NOW + DAY)

    decks = walk(lambda c: list_decks(engine, me, c, limit, NOW), limit)
    assert [item.deck.position for item in decks] == list(range(7))
    notes = walk(lambda c: list_notes(engine, me, deck_id=None, q=None, cursor=c, limit=limit), limit)
    assert [note.fields["front"] for note in notes] == [f"问{n}" for n in range(7)]
    shown = walk(
        lambda c: list_cards(engine, me, deck_id=deck, q=None, state=None, cursor=c, limit=limit, now=NOW),
        limit,
    )
    assert [item.card.id for item in shown] == cards
    history = walk(lambda c: card_history(engine, me, cards[0], c, limit), limit)
    assert [event.at for event in history] == [NOW + n * HOUR for n in reversed(range(7))]
    tokens = walk(lambda c: list_tokens(engine, me, c, limit), limit)
    assert [token.name for token in tokens] == [f"t{n}" for n in range(6)]
    devices = walk(lambda c: list_devices(engine, me, c, limit), limit)
    assert len({device.id for device in devices}) == 8
    assert [device.signed_in for device in devices].count(True) == 1


@pytest.mark.parametrize(
    "cursor", ["x", "AAAA", "W10", cursor_of(1), cursor_of(an_id(), 1), "W2UsIjEiXQ", "=", "。"]
)
def test_a_cursor_of_somebodys_own_making(cursor: str) -> None:
    with pytest.raises(Refused, match="cursor-invalid"):
        read_cursor(cursor, int, UUID)


def test_cursors_come_back() -> None:
    key = (7, an_id())
    assert read_cursor(cursor_of(*key), int, UUID) == key
    assert read_cursor(None, int, UUID) is None


@pytest.mark.parametrize(
    ("q", "found"),
    [("握", 1), ("hand", 1), ("HAND", 1), ("%", 1), ("_", 0), ("100%", 1), ("没有", 0), ("", 2)],
)
def test_searching(phone: Phone, q: str, found: int) -> None:
    deck = a_deck(phone.engine, phone.learner_id)
    a_note(phone.engine, phone.learner_id, deck, front="握手", back="Handshake")
    a_note(phone.engine, phone.learner_id, deck, front="满", back="100%")
    notes = list_notes(phone.engine, phone.learner_id, deck_id=deck, q=q, cursor=None, limit=10).items
    shown = list_cards(
        phone.engine, phone.learner_id, deck_id=None, q=q, state=None, cursor=None, limit=10, now=NOW
    ).items
    assert (len(notes), len(shown)) == (found, found)


def test_cards_by_state(phone: Phone) -> None:
    cards = some_cards(phone.engine, phone.learner_id, 6)
    leech = [phone.event(cards[5], at=NOW + n * 30 * DAY, rating=4 if n % 2 == 0 else 1) for n in range(17)]
    phone.sync(
        [
            phone.event(cards[1]),
            phone.event(cards[2], rating=4),
            phone.event(cards[3], "bury", until=today() + 1),
            phone.event(cards[4], "flag", flag=2),
            *leech,
        ],
        now=NOW + 600 * DAY,
    )
    assert set_suspended(
        phone.engine, phone.learner_id, cards[4], True, now=NOW, random=random_bytes
    ).suspended

    def ids(state: Any, now: int = NOW) -> list[UUID]:
        page = list_cards(
            phone.engine, phone.learner_id, deck_id=None, q=None, state=state, cursor=None, limit=10, now=now
        )
        return [item.card.id for item in page.items]

    assert ids("new") == [cards[0], cards[3], cards[4]]
    assert ids("learning") == [cards[1]]
    assert ids("review") == [cards[2], cards[5]]
    assert ids("due") == [cards[1]]
    assert ids("due", NOW + 60 * DAY) == [cards[1], cards[2]]
    assert (ids("buried"), ids("buried", NOW + DAY)) == ([cards[3]], [])
    assert (ids("flagged"), ids("suspended")) == ([cards[4]], [cards[4]])
    assert ids("leech") == [cards[5]]
    assert not set_suspended(
        phone.engine, phone.learner_id, cards[4], False, now=NOW + 1, random=random_bytes
    ).suspended


def test_what_belongs_to_others_is_missing_everywhere(phone: Phone) -> None:
    deck = a_deck(phone.engine, phone.learner_id)
    note = a_note(phone.engine, phone.learner_id, deck)
    card = read_note(phone.engine, phone.learner_id, note).cards[0].id
    other = a_phone(phone.engine).learner_id
    reads: list[Callable[[], Any]] = [
        lambda: read_deck(phone.engine, other, deck, NOW),
        lambda: read_note(phone.engine, other, note),
        lambda: read_card(phone.engine, other, card),
        lambda: card_history(phone.engine, other, card, None, 10),
        lambda: list_notes(phone.engine, other, deck_id=deck, q=None, cursor=None, limit=10),
        lambda: list_cards(
            phone.engine, other, deck_id=deck, q=None, state=None, cursor=None, limit=9, now=NOW
        ),
        lambda: set_suspended(phone.engine, other, card, True, now=NOW, random=random_bytes),
        lambda: a_note(phone.engine, other, deck),
    ]
    for read in reads:
        with pytest.raises(Missing):
            read()
    assert list_decks(phone.engine, other, None, 10, NOW).items == []


def test_a_range_of_days_has_an_end(phone: Phone) -> None:
    with pytest.raises(Refused, match="range-too-long"):
        day_stats(phone.engine, phone.learner_id, 0, 3_700)
    assert day_stats(phone.engine, phone.learner_id, 1, 3_700) == []


def test_days_are_added_up_over_decks_or_of_one_with_those_below(phone: Phone) -> None:
    names = ("礼", "礼::仪", "史")
    decks = {name: a_deck(phone.engine, phone.learner_id, name) for name in names}
    for name, number in zip(names, (1, 2, 4), strict=True):
        fresh = some_cards(phone.engine, phone.learner_id, number, decks[name])
        phone.sync([phone.event(card, rating=3) for card in fresh])
        phone.sync([phone.event(fresh[0], rating=1, at=NOW - 2 * DAY)], now=NOW + 1)

    def days(name: str | None, by: Literal["deck", "day"] = "day") -> list[tuple[int, UUID | None, int]]:
        asked = decks[name] if name else None
        rows = day_stats(phone.engine, phone.learner_id, today() - 9, today() + 9, deck_id=asked, by=by)
        return [(row.day - today(), row.deck_id, row.counts.answers) for row in rows]

    assert days(None) == [(-2, None, 3), (0, None, 7)]
    assert days("礼") == [(-2, decks["礼"], 2), (0, decks["礼"], 3)]
    assert days("礼::仪") == [(-2, decks["礼::仪"], 1), (0, decks["礼::仪"], 2)]
    each = {(day, deck): number for day, deck, number in days("礼", "deck")}
    assert each == {
        (-2, decks["礼"]): 1,
        (-2, decks["礼::仪"]): 1,
        (0, decks["礼"]): 1,
        (0, decks["礼::仪"]): 2,
    }
    with pytest.raises(Missing, match="deck-missing"):
        day_stats(phone.engine, phone.learner_id, 0, 9, deck_id=an_id())
