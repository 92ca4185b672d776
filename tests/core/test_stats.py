"""What days of study add up to, and how long a streak lasts."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.core.events import Event
from app.core.parameters import DEFAULT_PARAMETERS, Parameters
from app.core.schedule import CardState, effective_log
from app.core.stats import DayCounts, Streak, counts_of, streak, tally
from tests.core.factories import CARD, FIRST_DAY, answers, event, logs, rules

VERSIONS = [DEFAULT_PARAMETERS]


def test_each_answer_counts_by_rating_and_by_what_the_card_was() -> None:
    days = tally(CARD, answers((0, 3), (0, 4), (8, 3), (60, 1), (60, 2)), VERSIONS)
    assert days == {
        FIRST_DAY: DayCounts(good=1, easy=1, new=1, learning=1, duration_ms=8_000),
        FIRST_DAY + 8: DayCounts(good=1, young=1, young_passed=1, duration_ms=4_000),
        FIRST_DAY + 60: DayCounts(again=1, hard=1, mature=1, learning=1, duration_ms=8_000),
    }


def test_retention_is_of_reviews_only() -> None:
    assert DayCounts(again=5, new=5).retention is None
    assert DayCounts(young=3, young_passed=2, mature=1, mature_passed=1, new=9).retention == 0.75


def test_an_answer_of_an_hour_counts_as_a_minute() -> None:
    away = event(0, duration_ms=3_600_000)
    assert counts_of(CardState(), away).duration_ms == 60_000
    assert counts_of(CardState(), replace(away, duration_ms=-5)).duration_ms == 0


def test_practice_that_moves_no_schedule_counts_but_not_for_retention() -> None:
    log = [*answers((0, 4)), event(30, rating=1, data={"mode": "cram"})]
    practised = tally(CARD, log, VERSIONS)[FIRST_DAY + 30]
    assert (practised.again, practised.learning, practised.retention) == (1, 1, None)


@given(logs(), rules(1), rules(2))
def test_statistics_follow_from_the_log_alone(log: list[Event], one: Parameters, other: Parameters) -> None:
    """New weights and retentions change no count; only other steps would."""
    other = replace(other, learning_steps=one.learning_steps, relearning_steps=one.relearning_steps)
    assert tally(CARD, log, [one]) == tally(CARD, log[::-1], [one, other])


@given(logs())
def test_both_groups_add_up_to_the_answers(log: list[Event]) -> None:
    days = tally(CARD, log, VERSIONS)
    for counts in days.values():
        assert counts.answers == counts.new + counts.learning + counts.young + counts.mature
        assert counts.young_passed <= counts.young
        assert counts.mature_passed <= counts.mature
    answered = [item for item in effective_log(log) if item.kind == "answer"]
    assert sum(counts.answers for counts in days.values()) == len(answered)
    assert set(days) == {item.day for item in answered}


@given(logs())
def test_what_is_added_can_be_taken_away(log: list[Event]) -> None:
    days = tally(CARD, log, VERSIONS)
    total = sum(days.values(), DayCounts())
    for counts in days.values():
        total = total - counts
    assert total == DayCounts()


def test_a_streak_runs_until_today_or_yesterday() -> None:
    assert streak([8, 9, 10], 10) == Streak(3, 1, True)
    assert streak([7, 8, 9], 10) == Streak(3, 1, False)
    assert streak([], 10) == Streak(0, 1, False)
    assert streak([11, 12], 10) == Streak(0, 1, False)


def test_one_missed_day_is_forgiven() -> None:
    assert streak([6, 7, 9, 10], 10) == Streak(4, 0, True)
    assert streak([6, 7, 8], 10) == Streak(3, 0, False)
    assert streak([6, 7], 10) == Streak(0, 1, False)
    assert streak([5, 7, 9, 10], 10) == Streak(2, 1, True)
    assert streak([6, 7, 9, 10], 10, freezes=0) == Streak(2, 0, True)


def test_a_week_of_study_earns_the_freeze_back() -> None:
    week = range(3, 10)
    assert streak([1, *week, 11], 11) == Streak(9, 0, True)
    assert streak([1, *week], 9) == Streak(8, 1, True)


@given(st.sets(st.integers(0, 40)), st.integers(0, 40), st.integers(0, 3))
def test_a_streak_never_counts_more_than_was_studied(days: set[int], today: int, freezes: int) -> None:
    result = streak(days, today, freezes)
    assert 0 <= result.days <= len([day for day in days if day <= today])
    assert 0 <= result.freezes <= freezes
    assert result.today == (today in days)
    assert result.days >= 1 or today not in days
