"""The digest: known answers, and sums that follow every change."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.digest import EMPTY, add, card_digest, from_hex, murmur3, set_digest, subtract, to_hex
from app.core.schedule import CardState
from tests.core.factories import CARD

states = st.builds(
    CardState,
    phase=st.integers(0, 3),
    step=st.none() | st.integers(0, 9),
    due_day=st.none() | st.integers(-1, 2**31 - 1),
    reps=st.integers(0, 10**6),
    lapses=st.integers(0, 10**6),
    suspended=st.booleans(),
)
cards = st.lists(st.tuples(st.uuids(), states))


@pytest.mark.parametrize(
    ("data", "seed", "expected"),
    [
        (b"", 0, 0),
        (b"", 1, 0x514E28B7),
        (b"test", 0, 0xBA6BD213),
        (b"Hello, world!", 0x9747B28C, 0x24884CBA),
        (b"The quick brown fox jumps over the lazy dog", 0x9747B28C, 0x2FA826CD),
    ],
)
def test_murmur3_gives_the_published_answers(data: bytes, seed: int, expected: int) -> None:
    assert murmur3(data, seed) == expected


@given(cards)
def test_order_does_not_matter(given_cards: list[tuple[UUID, CardState]]) -> None:
    assert set_digest(reversed(given_cards)) == set_digest(given_cards)


@given(cards, st.uuids(), states, states)
def test_a_changed_card_is_one_subtraction_and_one_addition(
    others: list[tuple[UUID, CardState]], card_id: UUID, before: CardState, after: CardState
) -> None:
    total = set_digest([*others, (card_id, before)])
    total = add(subtract(total, card_digest(card_id, before)), card_digest(card_id, after))
    assert total == set_digest([*others, (card_id, after)])


@given(cards)
def test_hexadecimal_there_and_back(given_cards: list[tuple[UUID, CardState]]) -> None:
    digest = set_digest(given_cards)
    assert from_hex(to_hex(digest)) == digest
    assert len(to_hex(digest)) == 16


@pytest.mark.parametrize("field", ["phase", "step", "due_day", "reps", "lapses", "suspended"])
def test_every_field_counts(field: str) -> None:
    changed = CardState(**{field: 1})  # type: ignore[arg-type]
    assert card_digest(CARD, changed) != card_digest(CARD, CardState())
    assert to_hex(EMPTY) == "0" * 16


def test_what_the_schedule_does_not_depend_on_does_not_count() -> None:
    assert card_digest(CARD, CardState(flag=3, stability=5.0)) == card_digest(CARD, CardState())
