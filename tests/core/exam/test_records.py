"""Cards as a phone gets them: small, in order, and close to what they were."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.exam.greedy import greedy_scores
from app.core.exam.memory import Memory
from app.core.exam.records import PlannedCards, key_of, pack, soonest, unpack
from app.core.exam.scope import Cards
from app.core.ids import card_id_of, new_id
from tests.core.exam.decks import deck, mixed


def planned(cards: Cards) -> PlannedCards:
    size, number = len(cards), np.arange(len(cards))
    keys = tuple(int(n).to_bytes(8, "big") for n in number)
    return PlannedCards(keys, cards, number % 4 - 1, number % 20, number % 3 == 0, number % 7 == size % 7)


@settings(max_examples=40, deadline=None)
@given(size=st.integers(0, 200), seed=st.integers(0, 99))
def test_records_say_what_the_plan_says(size: int, seed: int) -> None:
    given_cards = planned(mixed(size, seed))
    read = unpack(pack(given_cards))
    assert read.keys == given_cards.keys
    assert list(read.cards.seen) == list(given_cards.cards.seen)
    for name in ("group", "exam", "pinned", "left_out"):
        assert list(getattr(read, name)) == list(getattr(given_cards, name)), name
    seen = read.cards.seen
    assert read.cards.stability[seen] == pytest.approx(given_cards.cards.stability[seen], rel=2e-4)
    assert read.cards.difficulty[seen] == pytest.approx(given_cards.cards.difficulty[seen], abs=1e-4)
    assert list(read.cards.last_day[seen]) == list(given_cards.cards.last_day[seen])


@pytest.mark.parametrize(("stability", "age"), [(1e-9, 1), (0.001, 65_535), (36_500.0, 200_000), (1e9, 3)])
def test_states_beyond_the_codes_take_the_nearest(stability: float, age: int) -> None:
    cards = unpack(pack(planned(deck(seen=2, stability=stability, age=age)))).cards
    assert cards.seen.all()
    assert 0.0009 < cards.stability[0] < 60_000
    assert cards.last_day[0] == -min(age, 65_535)


def test_a_record_is_sixteen_bytes() -> None:
    assert len(pack(planned(mixed(300)))) == 300 * 16 * 4 // 3


def test_cards_of_one_note_have_different_keys() -> None:
    note = new_id(1_760_000_000_000, lambda size: b"\x5a" * size)
    assert len({key_of(card_id_of(note, ordinal)) for ordinal in range(50)}) == 50


def test_a_card_of_several_exams_is_for_the_soonest() -> None:
    first, second = np.array([False, True, False]), np.array([True, True, False])
    assert list(soonest([first, second])) == [1, 0, 0]
    assert soonest([]).size == 0


def test_without_a_plan_the_card_that_gains_most_comes_first() -> None:
    weak = deck(seen=1, stability=2.0, age=5)
    strong = deck(seen=1, stability=400.0, age=1)
    new = deck(new=1)
    today = deck(seen=1, stability=400.0, age=0)
    score = {
        name: float(greedy_scores(cards, Memory(), 3.6)[0])
        for name, cards in {"weak": weak, "strong": strong, "new": new, "today": today}.items()
    }
    assert score["new"] > score["weak"] > score["strong"] > 0
    assert score["strong"] > score["today"] >= 0
