"""Days, sections and groups."""

import numpy as np
import pytest

from app.core.exam.scope import Exam, Section, gathered, group_cards, planning_days, seconds_by_day
from tests.core.exam.decks import deck, exam


def test_minutes_follow_the_weekday_and_days_off() -> None:
    week = [10, 20, 30, 40, 50, 0, 5]
    assert list(seconds_by_day(week, 4, 5, frozenset({3})) / 60) == [50, 0, 5, 0, 20]


def test_shares_of_sections_become_weights() -> None:
    section = np.array([0, 0, 0, 1, 2, -1])
    weights = Exam(5.0, section, {1: Section(share=0.2)}).weights()
    assert weights.sum() == pytest.approx(5.0)
    assert weights[3] == pytest.approx(1.0)
    assert weights[5] == 0.0
    assert Exam(5.0, section, {0: Section(share=0.5), 1: Section(share=0.5)}).weights()[4] == 0.0


def test_cards_that_count_alike_share_a_group() -> None:
    section = np.array([0, 1, 0, -1])
    grouping = group_cards(deck(new=4), [Exam(5.0, section, {1: Section(share=0.6)})])
    assert list(grouping.of_card == grouping.of_card[0]) == [True, False, True, False]
    assert grouping.of_card[3] == -1
    assert sum(group.fresh for group in grouping.groups) == 3


def test_many_weights_are_rounded_to_few_groups() -> None:
    section = np.arange(60)
    sections = {number: Section(share=(number + 1) / 1830) for number in range(60)}
    assert len(group_cards(deck(new=60), [Exam(5.0, section, sections)]).groups) <= 6


def test_every_card_seen_stands_somewhere_on_the_grid() -> None:
    cards = deck(seen=30, stability=1e5, age=900)
    group = group_cards(cards, [exam(30)]).groups[0]
    assert group.seen.sum() == pytest.approx(30, rel=1e-5)


def test_near_exams_are_planned_day_by_day() -> None:
    assert planning_days([exam(1, 13.6), exam(1, 6.6)]) == tuple(range(14))
    far = planning_days([exam(1, 200.6), exam(1, 90.6)])
    assert {88, 89, 90, 198, 199, 200} <= set(far)


def test_no_second_is_lost_between_calendar_and_plan() -> None:
    assert list(gathered(np.array([1.0, 2, 3, 4, 5]), (0, 1, 4))) == [1.0, 9.0, 5.0]


def test_twenty_exams_are_planned_in_few_groups() -> None:
    of = np.arange(200) % 20
    asked = [Exam(3.0 + 2 * number, np.where(of == number, 0, -1)) for number in range(20)]
    grouping = group_cards(deck(new=200), asked)
    assert len(grouping.groups) <= 6
    assert (grouping.of_card >= 0).all()
    assert sum(group.fresh for group in grouping.groups) == 200
    assert len(set(grouping.of_card[of == 0])) == 1
    assert min(reward.at for group in grouping.groups for reward in group.rewards) == 3.0
