"""Fuzz: in its range, even, and the same everywhere."""

import math
from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.core.fuzz import fuzz, fuzz_range, hash32
from tests.core.factories import CARD

intervals = st.integers(1, 36_500)


def ts_fsrs_range(interval: int, maximum_interval: int) -> tuple[int, int]:
    """`get_fuzz_range` of ts-fsrs in floats, for a card not seen longer than the interval."""
    delta = 1.0
    for start, end, factor in ((2.5, 7, 0.15), (7, 20, 0.1), (20, math.inf, 0.05)):
        delta += factor * max(min(interval, end) - start, 0)
    high = min(math.floor(interval + delta + 0.5), maximum_interval)
    return min(max(2, math.floor(interval - delta + 0.5)), high), high


@given(st.uuids(), st.integers(0, 2**31), intervals, st.integers(1, 36_500))
def test_fuzz_stays_in_its_range(card_id: UUID, reps: int, interval: int, most: int) -> None:
    interval = min(interval, most)
    low, high = fuzz_range(interval, most)
    assert 1 <= low <= fuzz(card_id, reps, interval, most) <= high <= most


@given(intervals)
def test_the_range_is_that_of_ts_fsrs(interval: int) -> None:
    """Floats may put a range that ends on a half elsewhere; integers may not."""
    ours = fuzz_range(interval, 36_500)
    if interval >= 3:
        theirs = ts_fsrs_range(interval, 36_500)
        assert max(abs(ours[0] - theirs[0]), abs(ours[1] - theirs[1])) <= 1
    else:
        assert ours == (interval, interval)


def test_short_intervals_stay_as_they_are() -> None:
    assert [fuzz(CARD, 1, interval, 36_500) for interval in (1, 2)] == [1, 2]
    assert (fuzz_range(3, 36_500), fuzz_range(7, 36_500), fuzz_range(100, 36_500)) == (
        (2, 4),
        (5, 9),
        (93, 107),
    )


def test_each_day_of_the_range_is_as_likely() -> None:
    days = Counter(fuzz(UUID(int=number << 64), 3, 30, 36_500) for number in range(7_000))
    low, high = fuzz_range(30, 36_500)
    assert set(days) == set(range(low, high + 1))
    assert max(days.values()) < 1.2 * min(days.values())


@given(st.uuids(), st.integers(0, 2**33))
def test_the_hash_is_unsigned_and_takes_any_number(card_id: UUID, number: int) -> None:
    assert 0 <= hash32(card_id, number) < 2**32
    assert hash32(card_id, number) == hash32(card_id, number % 2**32)
