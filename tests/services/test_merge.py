"""Merging edits part by part: the later change stays, whichever arrives first."""

from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.services.merge import merge


def test_different_parts_merge_without_conflict() -> None:
    first = merge({"a": "1", "b": "1"}, {}, 1, wanted={"a": "2"}, base_version=1, at=10)
    second = merge({"a": "2", "b": "1"}, first.stamps, 2, wanted={"b": "2"}, base_version=1, at=5)
    assert (second.values, second.conflicts, second.lost) == ({"b": "2"}, [], {})


def test_the_later_change_of_one_part_stays() -> None:
    first = merge({"a": "1"}, {}, 1, wanted={"a": "mine"}, base_version=1, at=10)
    late = merge({"a": "mine"}, first.stamps, 2, wanted={"a": "theirs"}, base_version=1, at=11)
    assert (late.values, late.conflicts) == ({"a": "theirs"}, [("a", "theirs", "mine")])
    early = merge({"a": "mine"}, first.stamps, 2, wanted={"a": "theirs"}, base_version=1, at=9)
    assert (early.values, early.lost, early.conflicts) == ({}, {"a": "theirs"}, [("a", "mine", "theirs")])


def test_who_knows_the_newest_version_may_change_it_whatever_the_clock_says() -> None:
    first = merge({"a": "1"}, {}, 1, wanted={"a": "2"}, base_version=1, at=10)
    second = merge({"a": "2"}, first.stamps, 2, wanted={"a": "3"}, base_version=2, at=1)
    assert (second.values, second.conflicts) == ({"a": "3"}, [])


edits = st.lists(
    st.tuples(st.dictionaries(st.sampled_from("ab"), st.sampled_from("xyz"), min_size=1), st.integers(1, 4)),
    min_size=2,
    max_size=4,
)


@given(edits)
def test_edits_from_one_base_end_the_same_in_any_order(made: list[tuple[dict[str, Any], int]]) -> None:
    ends = set()
    for order in permutations(made):
        values: dict[str, Any] = {"a": "1", "b": "1"}
        stamps: dict[str, Any] = {}
        version = 1
        for wanted, at in order:
            merged = merge(values, stamps, version, wanted=wanted, base_version=1, at=at)
            values, stamps = {**values, **merged.values}, merged.stamps
            version += bool(merged.values)
        ends.add(tuple(sorted(values.items())))
    assert len(ends) == 1
