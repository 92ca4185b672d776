"""Ids: sortable by time, and the same for a note's cards everywhere."""

import os
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.core.ids import card_id_of, new_id


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_an_id_says_its_version_and_its_time(now: int, noise: bytes) -> None:
    made = new_id(now, lambda size: noise[:size])
    assert (made.version, made.variant) == (7, UUID(int=0x8 << 60).variant)
    assert made.int >> 80 == now


def test_later_ids_sort_later_and_none_is_like_another() -> None:
    made = [new_id(now, os.urandom) for now in range(200)]
    assert made == sorted(made)
    assert len({new_id(5, os.urandom) for _ in range(200)}) == 200


def test_a_forged_time_still_makes_an_id() -> None:
    assert new_id(-5, os.urandom).int >> 80 == 0
    assert new_id(2**60, os.urandom).int >> 80 == 2**48 - 1


def test_a_cards_id_follows_from_its_note() -> None:
    note = UUID("01890000-0000-7000-8000-00000000fffe")
    assert card_id_of(note, 0) == UUID("01890000-0000-7000-8000-00000000ffff")
    assert card_id_of(note, 1) == UUID("01890000-0000-7000-8000-000000000000")


@given(st.uuids(), st.sets(st.integers(0, 99), min_size=1))
def test_cards_of_a_note_differ_from_it_and_from_each_other(note: UUID, ordinals: set[int]) -> None:
    made = {card_id_of(note, ordinal) for ordinal in ordinals}
    assert len(made) == len(ordinals)
    assert note not in made
