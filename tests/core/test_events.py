"""Which time and which day of an event count, and in which order events do."""

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.core.day import DAY_MS, learner_day
from app.core.events import effective_at, effective_day
from tests.core.factories import event

NOON = 20_000 * DAY_MS + DAY_MS // 2


def test_the_known_offset_of_a_clock_is_taken_away() -> None:
    assert effective_at(NOON + 7_000, 7_000, NOON) == NOON


def test_nothing_happens_later_than_five_minutes_after_it_arrived() -> None:
    assert effective_at(NOON + 300_000, 0, NOON) == NOON + 300_000
    assert effective_at(NOON + 10**12, 0, NOON) == NOON + 300_000
    assert effective_at(NOON - 10**12, 0, NOON) == NOON - 10**12


@given(st.integers(-5, 5), st.sampled_from(["UTC", "Pacific/Kiritimati", "Etc/GMT+12"]))
def test_a_claimed_day_stands_while_it_can_be_true(off: int, zone: str) -> None:
    day, corrected = effective_day(20_000 + off, NOON, zone, 4)
    if abs(off) <= 1:
        assert (day, corrected) == (20_000 + off, False)
    else:
        assert (day, corrected) == (learner_day(NOON, zone, 4), True)


@given(st.integers(0, 4 * 10**12), st.integers(0, 23), st.sampled_from(["Pacific/Kiritimati", "Etc/GMT+12"]))
def test_an_honest_day_is_never_corrected(at: int, rollover: int, zone: str) -> None:
    honest = learner_day(at, zone, rollover)
    assert effective_day(honest, at, zone, rollover) == (honest, False)


def test_order_is_by_day_then_time_then_device_then_count() -> None:
    first: dict[str, Any] = {"day": 20_000, "effective_at": NOON, "device_id": UUID(int=1), "device_seq": 1}
    ordered = [
        event(5, **first),
        event(4, **{**first, "device_seq": 2}),
        event(3, **{**first, "device_id": UUID(int=2)}),
        event(2, **{**first, "effective_at": NOON + 1}),
        event(1, **{**first, "day": 20_001, "effective_at": NOON - 9}),
    ]
    scrambled = [ordered[place] for place in (3, 0, 4, 2, 1)]
    assert sorted(scrambled, key=lambda item: item.order_key) == ordered
    assert len({item.order_key for item in (event(1, **first), event(2, **first))}) == 2
