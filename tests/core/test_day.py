"""The learner day through clock changes, odd zones and forged times."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.day import (
    DAY_MS,
    HOUR_MS,
    check_rollover_hour,
    check_zone,
    day_starts_at,
    learner_day,
)
from app.core.errors import Refused

# Zones of people; a polar station that moves its clock by three hours at two at night has to live with it.
zones = st.sampled_from(
    [
        "UTC", "Asia/Shanghai", "Asia/Kathmandu", "Europe/Berlin", "America/New_York", "America/St_Johns",
        "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Apia", "Etc/GMT+12",
    ]
)  # fmt: skip
moments = st.integers(1_325_376_000_000, 1_893_456_000_000)  # 2012 to 2030
rollovers = st.integers(0, 23)


def ms(year: int, month: int, date: int, hour: int = 0, minute: int = 0) -> int:
    return int(datetime(year, month, date, hour, minute, tzinfo=UTC).timestamp()) * 1000


def day(year: int, month: int, date: int) -> int:
    return ms(year, month, date) // DAY_MS


@pytest.mark.parametrize(
    ("at", "zone", "expected"),
    [
        (ms(2025, 3, 9, 19, 59), "Asia/Shanghai", day(2025, 3, 9)),
        (ms(2025, 3, 9, 20, 0), "Asia/Shanghai", day(2025, 3, 10)),
        (ms(2025, 3, 9, 22, 14), "Asia/Kathmandu", day(2025, 3, 9)),
        (ms(2025, 3, 9, 22, 15), "Asia/Kathmandu", day(2025, 3, 10)),
        # On the night of the spring change four o'clock comes an hour sooner.
        (ms(2025, 3, 30, 1, 59), "Europe/Berlin", day(2025, 3, 29)),
        (ms(2025, 3, 30, 2, 0), "Europe/Berlin", day(2025, 3, 30)),
        (ms(2025, 10, 26, 2, 59), "Europe/Berlin", day(2025, 10, 25)),
        (ms(2025, 10, 26, 3, 0), "Europe/Berlin", day(2025, 10, 26)),
        (ms(2025, 3, 9, 15, 59), "Etc/GMT+12", day(2025, 3, 8)),
        (ms(2025, 3, 9, 14, 0), "Pacific/Kiritimati", day(2025, 3, 10)),
    ],
)
def test_the_day_begins_at_four(at: int, zone: str, expected: int) -> None:
    assert learner_day(at, zone, 4) == expected


@given(moments, st.integers(0, 40 * DAY_MS), zones, rollovers)
def test_days_run_forwards(at: int, later: int, zone: str, rollover: int) -> None:
    assert learner_day(at, zone, rollover) <= learner_day(at + later, zone, rollover)


@given(moments, zones, rollovers)
def test_a_day_begins_once(at: int, zone: str, rollover: int) -> None:
    today = learner_day(at, zone, rollover)
    begin = day_starts_at(today, zone, rollover)
    assert begin <= at
    assert learner_day(begin, zone, rollover) == today
    assert learner_day(begin - 1, zone, rollover) < today
    assert day_starts_at(today + 1, zone, rollover) > at


def test_a_day_that_a_zone_skipped_begins_with_the_next() -> None:
    """Samoa went from the 29th of December 2011 to the 31st."""
    assert day_starts_at(day(2011, 12, 30), "Pacific/Apia", 0) == day_starts_at(
        day(2011, 12, 31), "Pacific/Apia", 0
    )


@given(st.integers(-(2**60), 2**60), zones)
def test_forged_times_have_a_day_too(at: int, zone: str) -> None:
    assert abs(learner_day(at, zone, 4) - at // DAY_MS) <= 2


@pytest.mark.parametrize(
    "zone", ["", "Mars/Olympus", "../etc/passwd", "localtime", "posix/UTC", "Factory", "\0"]
)
def test_zones_that_nobody_lives_in_are_refused(zone: str) -> None:
    with pytest.raises(Refused, match="zone-unknown"):
        check_zone(zone)
    with pytest.raises(Refused, match="zone-unknown"):
        learner_day(0, zone, 4)


def test_the_rollover_is_an_hour_of_the_day() -> None:
    assert [check_rollover_hour(hour) for hour in (0, 23)] == [0, 23]
    for hour in (-1, 24):
        with pytest.raises(Refused, match="rollover-hour"):
            check_rollover_hour(hour)


def test_hours_and_days_are_what_they_are_called() -> None:
    assert 24 * HOUR_MS == DAY_MS
