"""What an exam must be like."""

from datetime import date, timedelta

import pytest

from app.core.errors import Refused, TooLarge
from app.core.exam.rules import (
    check_day,
    check_marks,
    check_minutes,
    days_to_exam,
    is_running,
    seconds_on,
    section_key,
    section_of,
    weekday,
)

DECK = "018e0000-0000-7000-8000-000000000000"


@pytest.mark.parametrize("day", [0, 1, 20_750, 29_999])
def test_weekdays_are_those_of_the_calendar(day: int) -> None:
    assert weekday(day) == (date(1970, 1, 1) + timedelta(day)).weekday()


@pytest.mark.parametrize(
    ("day", "time", "days"), [(101, None, 0.625), (101, 1080, 1.0), (100, 1200, 0.1), (114, 540, 13.625)]
)
def test_days_are_counted_from_the_evening(day: int, time: int | None, days: float) -> None:
    assert days_to_exam(day, time, 100) == pytest.approx(days)


def test_an_exam_runs_until_its_day_is_over() -> None:
    assert [is_running(day, False, 100) for day in (99, 100, 101)] == [False, True, True]
    assert not is_running(101, True, 100)


def test_minutes_are_those_of_the_weekday_and_none_on_days_off() -> None:
    week = [10, 20, 30, 40, 50, 60, 70]
    monday = next(day for day in range(100, 107) if weekday(day) == 0)
    assert [seconds_on(monday + n, week, frozenset({monday + 2})) / 60 for n in range(4)] == [10, 20, 0, 40]


def test_the_longest_key_that_fits_counts() -> None:
    marks: dict[str, dict[str, float]] = {DECK: {}, section_key(DECK, ["一", "二"]): {}}
    assert section_of(DECK, ("一", "二", "三"), marks) == f"{DECK}/一/二"
    assert section_of(DECK, ("一",), marks) == DECK
    assert section_of("other", ("一", "二"), marks) is None


@pytest.mark.parametrize(("day", "code"), [(99, "exam-past"), (100 + 3_661, "exam-far")])
def test_days_out_of_reach_are_refused(day: int, code: str) -> None:
    with pytest.raises(Refused, match=code):
        check_day(day, 100)
    check_day(100, 100)
    check_day(100 + 3_660, 100)


def test_nothing_to_study_with_and_too_much_to_mark_are_refused() -> None:
    with pytest.raises(Refused, match="exam-no-minutes"):
        check_minutes([0] * 7)
    with pytest.raises(TooLarge, match="exam-marks"):
        check_marks({}, {str(n): "pinned" for n in range(5_001)})
    with pytest.raises(Refused, match="exam-shares"):
        check_marks({"a": {"share": 0.7}, "b": {"share": 0.4}}, {})
    check_marks({str(n): {"share": 0.1} for n in range(10)}, {})
