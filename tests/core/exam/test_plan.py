"""The laws of the plan."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.exam.attendance import Attendance
from app.core.exam.forecast import expected_path, left_out
from app.core.exam.plan import Learner, Plan, learn_first_shares, make_plan
from app.core.exam.scope import Cards, Exam, Section
from app.core.exam.tables import open_session
from tests.core.exam.decks import deck, exam, minutes, mixed

ALWAYS = Learner(attendance=Attendance(chance=1.0))


def plan_for(cards: Cards, count: float = 10, days: int = 7, learner: Learner = ALWAYS) -> Plan:
    return make_plan(cards, [exam(len(cards), days - 0.4)], minutes(count, days), learner)


def reached(cards: Cards, count: float, days: int = 7) -> float:
    plan = plan_for(cards, count, days)
    return expected_path(plan, exam(len(cards), days - 0.4))[-1].readiness


@settings(max_examples=12, deadline=None)
@given(size=st.integers(20, 400), seed=st.integers(0, 99), days=st.integers(1, 12), count=st.integers(2, 30))
def test_more_minutes_never_lower_the_forecast(size: int, seed: int, days: int, count: int) -> None:
    cards = mixed(size, seed)
    assert reached(cards, count * 1.5, days) >= reached(cards, count, days) - 0.004


@settings(max_examples=12, deadline=None)
@given(size=st.integers(20, 400), seed=st.integers(0, 99), days=st.integers(1, 12), count=st.integers(2, 30))
def test_no_day_is_planned_over_its_minutes_by_more_than_two_percent(
    size: int, seed: int, days: int, count: int
) -> None:
    cards = mixed(size, seed)
    for day in expected_path(plan_for(cards, count, days), exam(size, days - 0.4)):
        assert day.seconds <= count * 60 * 1.02


def test_minutes_that_are_short_are_all_planned() -> None:
    cards = deck(new=300)
    path = expected_path(plan_for(cards, 10), exam(300))
    assert [day.seconds for day in path] == pytest.approx([600.0] * 7, rel=0.02)


def test_prices_ask_for_the_minutes_there_are() -> None:
    plan = plan_for(deck(new=300), 10)
    assert plan.expected_seconds == pytest.approx(plan.seconds, rel=0.06)


def test_the_same_inputs_give_the_same_plan() -> None:
    first, second = plan_for(mixed(100)), plan_for(mixed(100))
    assert first.curve == second.curve
    assert np.array_equal(
        open_session(first, mixed(100), 600).scores, open_session(second, mixed(100), 600).scores
    )


def test_yesterdays_prices_lead_to_nearly_the_same_plan_in_fewer_steps() -> None:
    cards = deck(new=300)
    cold = plan_for(cards)
    warm = make_plan(cards, [exam(300)], minutes(10, 7), ALWAYS, earlier=(cold.curve, 0))
    assert warm.prices == pytest.approx(cold.prices, rel=0.1)


@pytest.mark.parametrize(("before", "now"), [(2, 2), (20, 20), (60, 2), (2, 60)])
def test_prices_of_other_days_lead_to_a_plan_as_good_as_one_made_afresh(before: int, now: int) -> None:
    cards, wanted, days = mixed(600), exam(600, 8.6), 9
    earlier = make_plan(cards, [exam(600, 9.6)], minutes(before, days + 1), ALWAYS).curve
    fresh = make_plan(cards, [wanted], minutes(now, days), ALWAYS)
    warm = make_plan(cards, [wanted], minutes(now, days), ALWAYS, earlier=(earlier, 1))
    reached = expected_path(warm, wanted)[-1].readiness
    assert reached > expected_path(fresh, wanted)[-1].readiness - 0.003
    if now <= 20:  # the minutes are used up
        off = np.abs(warm.expected_seconds - warm.seconds)
        assert off.sum() < 0.05 * warm.seconds.sum()


def test_days_off_get_nothing_and_the_others_more() -> None:
    cards, seconds = deck(new=300), minutes(10, 7)
    seconds[3] = 0.0
    plan = make_plan(cards, [exam(300)], seconds, ALWAYS)
    path = expected_path(plan, exam(300))
    assert path[3].seconds == 0.0
    assert path[2].seconds == pytest.approx(600, rel=0.02)


def test_buffer_days_stay_free() -> None:
    cards = deck(new=300)
    kept = Exam(6.6, np.zeros(300, np.int64), buffer_days=1)
    path = expected_path(make_plan(cards, [kept], minutes(10, 7), ALWAYS), kept)
    assert path[-1].seconds == 0.0
    assert path[-2].seconds > 500.0


def test_expected_absence_makes_study_today_dearer() -> None:
    cards = deck(new=300)
    rare = plan_for(cards, learner=Learner(attendance=Attendance(chance=0.5)))
    assert rare.prices[0] > plan_for(cards).prices[0]


def test_a_target_leaves_cards_alone_that_are_known_well_enough() -> None:
    cards = deck(seen=50, stability=60.0, age=2)
    wanted = Exam(0.6, np.zeros(50, np.int64), target=0.9)
    with_target = open_session(make_plan(cards, [wanted], minutes(10, 1), ALWAYS), cards, 600)
    without = open_session(plan_for(cards, days=1), cards, 600)
    assert with_target.pick() is None
    assert without.pick() is not None


def test_sections_get_time_by_what_they_count() -> None:
    cards = deck(new=200)
    section = np.repeat([0, 1], 100)
    heavy = Exam(2.6, section, {1: Section(share=0.9), 0: Section(share=0.1)})
    session = open_session(make_plan(cards, [heavy], minutes(5, 3), ALWAYS), cards, 300)
    card = session.pick()
    assert card is not None
    assert section[card] == 1


def test_several_exams_share_the_minutes() -> None:
    cards = deck(new=200)
    first = Exam(3.6, np.repeat([0, -1], 100))
    second = Exam(9.6, np.repeat([-1, 0], 100))
    plan = make_plan(cards, [first, second], minutes(10, 10), ALWAYS)
    paths = [expected_path(plan, one) for one in (first, second)]
    assert [len(path) for path in paths] == [4, 10]
    assert paths[0][-1].readiness > 0.6
    assert paths[1][-1].readiness > 0.6
    assert paths[1][0].seconds <= 612


def test_too_little_time_says_which_cards_are_left_out() -> None:
    cards = deck(new=300)
    plan = plan_for(cards, 5, 3)
    missing = left_out(plan, cards)
    assert missing == list(range(300 - len(missing), 300))
    assert 240 < len(missing) < 275
    assert left_out(plan_for(cards, 60, 7), cards) == []


def test_pinned_cards_are_not_left_out() -> None:
    cards, pinned = deck(new=300), np.zeros(300, bool)
    pinned[290:] = True
    wanted = Exam(2.6, np.zeros(300, np.int64), pinned=pinned)
    plan = make_plan(cards, [wanted], minutes(5, 3), ALWAYS)
    assert not set(left_out(plan, cards)) & set(range(290, 300))
    assert open_session(plan, cards, 300).pick() == 290


def test_a_far_exam_is_planned_with_few_days() -> None:
    cards = deck(new=50)
    plan = make_plan(cards, [exam(50, 1800.6)], minutes(10, 1801), ALWAYS, steps=5)
    assert len(plan.days) <= 75
    assert plan.days[:10] == tuple(range(10))
    assert plan.days[-1] == 1800
    assert plan.seconds.sum() == pytest.approx(1801 * 600)


def test_no_exam_ahead_is_refused() -> None:
    with pytest.raises(ValueError, match="no exam"):
        make_plan(deck(new=3), [exam(3, -1.0)], minutes(10, 3), ALWAYS)


def test_an_exam_without_cards_is_an_empty_plan() -> None:
    cards = deck(new=3)
    nothing = Exam(6.6, np.full(3, -1))
    plan = make_plan(cards, [nothing], minutes(10, 7), ALWAYS)
    assert open_session(plan, cards, 600).pick() is None
    assert left_out(plan, cards) == []


def test_first_grades_are_learnt_with_a_prior() -> None:
    assert learn_first_shares([0, 0, 0, 0]) == pytest.approx((0.25, 0.10, 0.50, 0.15))
    assert learn_first_shares([0, 0, 4000, 0])[2] > 0.98
