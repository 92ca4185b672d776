"""How much processor time a plan and a pick take, at 5,000 cards and 30 days (one thread)."""

import time
from collections.abc import Callable

import numpy as np

from app.core.exam.memory import Array
from app.core.exam.plan import Learner, make_plan
from app.core.exam.scope import Cards, Exam
from app.core.exam.session import Session
from app.core.exam.tables import open_session

CARDS, DAYS = 5_000, 30


def deck(size: int) -> Cards:
    """Cards of all kinds, the same every time; half of them new."""
    numbers = np.random.default_rng(5)
    return Cards(
        np.exp(numbers.normal(1.5, 1.2, size)), numbers.uniform(1, 10, size),
        -numbers.integers(1, 60, size), numbers.random(size) < 0.5, np.zeros(size, np.int64),
    )  # fmt: skip


def seconds_of(action: Callable[[], object], times: int) -> float:
    """Median processor time of an action in seconds: the machine may be busy with other work."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        action()
        taken.append(time.process_time() - start)
    return float(np.median(taken))


def report(say: Callable[[str], None]) -> bool:
    """Print the times; True when all are within budget."""
    cards, exam = deck(CARDS), Exam(DAYS - 0.4, np.zeros(CARDS, np.int64))
    minutes: Array = np.full(DAYS, 1800.0)
    plan = make_plan(cards, [exam], minutes, Learner())
    session = open_session(plan, cards, 1800.0)
    rows = [
        ("plan, cold", seconds_of(lambda: make_plan(cards, [exam], minutes, Learner()), 3), 3.0, 3.0),
        (
            "plan, warm",
            seconds_of(lambda: make_plan(cards, [exam], minutes, Learner(), (plan.curve, 1)), 3),
            0.5,
            0.5,
        ),
        ("session opened", seconds_of(lambda: open_session(plan, cards, 1800.0), 3), 0.5, 0.5),
        ("pick and answer", seconds_of(lambda: answer_one(session), 60), 0.005, 0.001),
    ]
    say(f"\n{CARDS} cards, {DAYS} days")
    for words, value, budget, aim in rows:
        verdict = "aim" if value <= aim else "kept" if value <= budget else "MISSED"
        limits = f"budget {budget * 1000:.0f}, aim {aim * 1000:.0f}"
        say(f"  {words:20}{value * 1000:9.2f} ms   {limits}   {verdict}")
    return all(value <= budget for _, value, budget, _ in rows)


def answer_one(session: Session) -> None:
    """Pick a card and answer it."""
    card = session.pick()
    if card is not None:
        session.answered(card, 3, 8.0)
