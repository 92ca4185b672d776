"""Cards that waited for the exam come back evenly, none later than it may."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.core.exam.spread import LONGEST, Overdue, spread


@given(
    stabilities=st.lists(st.floats(0.01, 400), max_size=120),
    load=st.dictionaries(st.integers(100, 120), st.integers(0, 40), max_size=15),
)
def test_every_card_gets_one_day_within_its_reach(stabilities: list[float], load: dict[int, int]) -> None:
    overdue = [Overdue(row, stability) for row, stability in enumerate(stabilities)]
    given_days = spread(overdue, load, 100)
    assert sorted(row for row, _ in given_days) == list(range(len(overdue)))
    for row, day in given_days:
        assert 100 <= day <= 100 + min(max(round(stabilities[row]), 1), LONGEST)


@given(count=st.integers(1, 200))
def test_cards_alike_are_spread_evenly(count: int) -> None:
    days = Counter(day for _, day in spread([Overdue(row, 30.0) for row in range(count)], {}, 100))
    assert max(days.values()) - min((days.get(day, 0) for day in range(100, 101 + LONGEST)), default=0) <= 1


def test_full_days_are_left_to_others() -> None:
    given_days = spread([Overdue(0, 3.0), Overdue(1, 2.0)], {100: 9, 101: 9, 102: 0, 103: 1}, 100)
    assert dict(given_days) == {1: 102, 0: 102}
