"""A break planned ahead: nothing is lost by it, and no day beside it is a wall."""

from collections import Counter
from uuid import NAMESPACE_OID, UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from app.core.breaks import Break, days_in, is_due, missed, reach

CARDS = [uuid5(NAMESPACE_OID, str(number)) for number in range(300)]
ids = st.sampled_from(CARDS)


@given(ids, st.integers(0, 40), st.integers(10, 15), st.integers(0, 20))
def test_every_card_of_a_break_comes_before_it_and_is_there_after_it(
    card: UUID, due: int, first: int, length: int
) -> None:
    off = Break(first, first + length)
    days = [day for day in range(60) if is_due(card, due, None, day, [off])]
    if off.first <= due <= off.last:
        assert days[0] in range(off.first - off.spread, off.first)
        assert set(range(off.last + off.spread, 60)) <= set(days)
    else:
        assert days == list(range(due, 60))
    assert all(due <= reach(day, [off]) for day in days)


def test_the_first_day_back_is_no_wall() -> None:
    off = Break(100, 109)
    came_back = Counter(
        next(day for day in range(off.last + 1, 200) if is_due(card, 100 + n % 10, 99, day, [off]))
        for n, card in enumerate(CARDS)
    )
    assert set(came_back) == set(range(110, 117))
    assert max(came_back.values()) < 2 * len(CARDS) / off.spread


def test_a_card_answered_in_the_days_before_is_not_asked_every_day() -> None:
    off = Break(100, 109)
    for card in CARDS:
        assert not any(is_due(card, 103, 95, day, [off]) for day in range(95, 100))


def test_a_break_that_ends_before_it_begins_is_none() -> None:
    none = Break(20, 10)
    assert [day for day in range(30) if is_due(CARDS[0], 15, None, day, [none])] == list(range(15, 30))
    assert (reach(19, [none]), missed(9, 21, [none])) == (19, 11)


def test_days_of_several_breaks_are_counted_once() -> None:
    assert missed(0, 10, [Break(2, 4), Break(3, 5), Break(9, 20)]) == 4


def test_of_a_break_without_end_only_the_days_asked_for_are_counted() -> None:
    assert days_in([Break(0, 2_932_896), Break(12, 13), Break(9, 5)] * 20, 10, 14) == [10, 11, 12, 13, 14]


@given(
    st.integers(0, 30),
    st.integers(0, 30),
    st.lists(st.builds(Break, st.integers(0, 30), st.integers(0, 30)), max_size=5),
)
def test_missed_days_are_those_between_outside_of_breaks(
    after: int, before: int, breaks: list[Break]
) -> None:
    outside = [
        day for day in range(after + 1, before) if not any(off.first <= day <= off.last for off in breaks)
    ]
    assert missed(after, before, breaks) == len(outside)
