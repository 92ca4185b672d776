"""From the log to what a plan starts from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.exam import history
from app.core.exam.attendance import PastDay
from app.core.exam.calibration import Calibration, LoggedAnswer
from app.core.exam.history import Log, Seeds, replayed, spent_by_day, standing
from app.core.exam.memory import Memory

CARDS, TODAY = 12, 40
answers = st.lists(
    st.tuples(st.integers(0, CARDS - 1), st.integers(0, 60), st.integers(1, 4), st.floats(1, 60)), max_size=80
)


def log_of(rows: list[tuple[int, int, int, float]]) -> Log:
    """The rows in the order of the days."""
    rows = sorted(rows, key=lambda row: row[1])
    table = np.array(rows, float).reshape(-1, 4)
    whole = table[:, :3].astype(np.int64)
    return Log(whole[:, 0], whole[:, 1], whole[:, 2], table[:, 3])


def no_seeds(known: int = 0) -> Seeds:
    """Nothing brought from elsewhere, but for the first `known` cards."""
    size = np.arange(CARDS)
    return Seeds(size < known, np.full(CARDS, 30.0), np.full(CARDS, 6.0), np.full(CARDS, -9, np.int64))


@settings(max_examples=40, deadline=None)
@given(rows=answers, seeded=st.integers(0, 3))
def test_the_replay_is_that_of_one_answer_after_the_other(
    rows: list[tuple[int, int, int, float]], seeded: int
) -> None:
    log, seeds, memory = log_of(rows), no_seeds(seeded), Memory()
    states = dict.fromkeys(range(seeded), (30.0, 6.0, -9))
    for card, day, grade in zip(log.card.tolist(), log.day.tolist(), log.grade.tolist(), strict=True):
        if card in states:
            stability, difficulty, last = states[card]
            after = memory.answered(stability, difficulty, day - last, grade, day == last)
        else:
            after = memory.first(grade)
        states[card] = float(after[0]), float(after[1]), day
    done = replayed(log, seeds, memory)
    assert list(np.nonzero(done.known)[0]) == sorted(states)
    for card, (stability, difficulty, last) in states.items():
        assert done.stability[card] == pytest.approx(stability)
        assert done.difficulty[card] == pytest.approx(difficulty)
        assert done.last_day[card] == last


@settings(max_examples=25, deadline=None)
@given(rows=answers, cut=st.integers(0, 60))
def test_answers_may_be_learnt_in_any_parts(rows: list[tuple[int, int, int, float]], cut: int) -> None:
    log = log_of(rows)
    whole, parts = (
        Calibration(Memory(), np.ones(CARDS), np.full(CARDS, 5.0), np.zeros(CARDS, bool), np.zeros(CARDS))
        for _ in range(2)
    )
    whole.learn_all(log.card, log.day, log.grade)
    listed = zip(log.card.tolist(), log.day.tolist(), log.grade.tolist(), strict=True)
    told = [LoggedAnswer(card, day, grade) for card, day, grade in listed]
    parts.learn(answer for answer in told if answer.day < cut)
    parts.learn(answer for answer in told if answer.day >= cut)
    assert parts.belief == pytest.approx(whole.belief)
    assert parts.stability() == pytest.approx(whole.stability())


@settings(max_examples=25, deadline=None)
@given(rows=answers)
def test_no_answer_of_today_or_later_counts(rows: list[tuple[int, int, int, float]]) -> None:
    early = [row for row in rows if row[1] < TODAY]
    whole = standing(log_of(rows), no_seeds(), Memory(), TODAY, [])
    without = standing(log_of(early), no_seeds(), Memory(), TODAY, [])
    assert whole.cards.stability == pytest.approx(without.cards.stability)
    assert whole.learner.costs == without.learner.costs
    assert (whole.cards.last_day < 0).all()
    assert (whole.cards.answers_today == 0).all()


def test_old_answers_move_cards_and_late_ones_tell_hypotheses_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(card, day, 3, 8.0) for day in (0, 3, 10, 30) for card in range(CARDS)]
    whole = standing(log_of(rows), no_seeds(), Memory(), TODAY, [])
    monkeypatch.setattr(history, "MOST_EVIDENCE", CARDS)
    short = standing(log_of(rows), no_seeds(), Memory(), TODAY, [])
    assert short.cards.seen.all()
    assert list(short.cards.last_day) == list(whole.cards.last_day)
    assert 0.3 < short.cards.stability[0] / whole.cards.stability[0] < 3
    assert abs(np.log(short.calibration.belief).std()) < abs(np.log(whole.calibration.belief).std())


def test_times_are_told_apart_by_what_the_answer_was() -> None:
    first = [(card, 1, 3, 30.0) for card in range(CARDS)] * 1
    later = [
        (card, day, 1 if day % 7 == 0 else 3, 25.0 if day % 7 == 0 else 5.0)
        for card in range(CARDS)
        for day in range(2, 40)
    ]
    costs = standing(log_of([*first, *later]), no_seeds(), Memory(), TODAY, []).learner.costs
    assert costs.passed == pytest.approx(5.0, abs=0.3)
    assert costs.failed == pytest.approx(25.0, abs=2.5)
    assert 20 < costs.new < 30
    seeded = standing(log_of([*first, *later]), no_seeds(CARDS), Memory(), TODAY, []).learner.costs
    assert seeded.new == 20.0


def test_missed_days_and_first_grades_are_learnt() -> None:
    rows = [(card, 1, 1, 9.0) for card in range(CARDS)]
    past = [PastDay(600.0, 0.0)] * 20
    learner = standing(log_of(rows), no_seeds(), Memory(), TODAY, past).learner
    assert learner.attendance.chance < 0.4
    assert learner.first_shares[0] > 0.35
    assert spent_by_day(log_of(rows)) == {1: CARDS * 9.0}
