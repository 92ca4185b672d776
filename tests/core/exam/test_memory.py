"""The equations agree with the library that schedules."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from fsrs import Card, Rating, Scheduler
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.exam.memory import DEFAULT_WEIGHTS, Memory, memory_of

START = datetime(2026, 1, 1, tzinfo=UTC)
ANSWERS = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 60)), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(answers=ANSWERS)
def test_states_and_recall_agree_with_fsrs(answers: list[tuple[int, int]]) -> None:
    scheduler = Scheduler(DEFAULT_WEIGHTS, learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card, memory, day = Card(card_id=1), Memory(), 0
    stability: object = None
    difficulty: object = None
    for index, (grade, wait) in enumerate(answers):
        if index == 0:
            stability, difficulty = memory.first(grade)
        else:
            day += wait
            stability, difficulty = memory.answered(
                np.asarray(stability), np.asarray(difficulty), float(wait), grade, same_day=wait == 0
            )
        card, _ = scheduler.review_card(card, Rating(grade), START + timedelta(days=day))
        assert float(np.asarray(stability)) == pytest.approx(card.stability, rel=1e-9)
        assert float(np.asarray(difficulty)) == pytest.approx(card.difficulty, rel=1e-9)
    later = scheduler.get_card_retrievability(card, START + timedelta(days=day + 9))
    assert float(memory.recall(9.0, np.asarray(stability))) == pytest.approx(later, rel=1e-9)


def test_a_learners_own_weights_are_used() -> None:
    own = memory_of([*DEFAULT_WEIGHTS[:20], 0.4])
    assert float(own.recall(30.0, 5.0)) < float(Memory().recall(30.0, 5.0))
    assert float(own.recall(5.0, 5.0)) == pytest.approx(0.9)


def test_a_wrong_number_of_weights_is_refused() -> None:
    with pytest.raises(ValueError, match="21 weights"):
        memory_of([1.0] * 19)


def test_the_hedge_never_makes_a_curve_flatter() -> None:
    assert float(np.asarray(Memory().hedged(0.3).decay)) == 0.3
    assert float(np.asarray(Memory().changed({20: 0.5}).hedged(0.3).decay)) == 0.5
