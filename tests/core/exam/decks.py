"""Decks and exams for the tests of the planner: valid by default, each test says what matters to it."""

import numpy as np

from app.core.exam.memory import Array
from app.core.exam.scope import Cards, Exam


def deck(new: int = 0, seen: int = 0, stability: float = 3.0, difficulty: float = 5.0, age: int = 4) -> Cards:
    """`seen` cards alike, then `new` ones."""
    size = new + seen
    old = np.arange(size) < seen
    return Cards(
        np.full(size, stability),
        np.full(size, difficulty),
        np.where(old, -age, 0).astype(np.int64),
        old,
        np.zeros(size, np.int64),
    )


def mixed(size: int, seed: int = 3) -> Cards:
    """Cards of all kinds, half of them new; the same every time."""
    numbers = np.random.default_rng(seed)
    return Cards(
        np.exp(numbers.normal(1.0, 1.0, size)),
        numbers.uniform(1, 10, size),
        -numbers.integers(1, 40, size),
        numbers.random(size) < 0.5,
        np.zeros(size, np.int64),
    )


def exam(size: int, at: float = 6.6) -> Exam:
    """An exam over all cards of a deck."""
    return Exam(at, np.zeros(size, np.int64))


def minutes(count: float, days: int) -> Array:
    """Seconds by day for the same minutes every day."""
    return np.full(days, 60.0 * count)
