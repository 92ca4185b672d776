"""What answers, days and times teach about a learner."""

import numpy as np
import numpy.typing as npt
import pytest

from app.core.exam.attendance import PastDay, learn_attendance
from app.core.exam.calibration import Calibration, LoggedAnswer
from app.core.exam.costs import Costs, learn_costs
from app.core.exam.forecast import outlook, readiness
from app.core.exam.memory import Memory
from app.core.exam.plan import Learner, make_plan
from tests.core.exam.decks import deck, exam, minutes


def fresh(cards: int, stability: float, seen: bool = False) -> Calibration:
    """Nothing learnt yet; the cards were `seen` on day 0 or never."""
    return Calibration(
        Memory(), np.full(cards, stability), np.full(cards, 5.0), np.full(cards, seen), np.zeros(cards)
    )


def answer_all(calibration: Calibration, day: int, grade: npt.ArrayLike) -> None:
    """Every card is answered on a day."""
    cards = np.arange(calibration.seen.size)
    calibration.learn_all(cards, np.full(cards.size, day), np.broadcast_to(grade, cards.size).astype(np.intp))


def study(scale: float, cards: int = 200, days: int = 6, seed: int = 1) -> Calibration:
    """A learner whose memory lasts `scale` times the default answers every card every other day."""
    numbers = np.random.default_rng(seed)
    truth = Memory().changed({index: Memory().weights[index] * scale for index in range(4)})
    calibration = fresh(cards, 1.0)
    answer_all(calibration, 0, 3)
    stability, difficulty = np.full(cards, float(truth.first(3)[0])), np.full(cards, float(truth.first(3)[1]))
    for day in range(2, days, 2):
        recall = truth.recall(2.0, stability)
        passed = numbers.random(cards) < recall
        answer_all(calibration, day, np.where(passed, 3, 1))
        stability = np.where(
            passed,
            truth.after_pass(stability, difficulty, recall),
            truth.after_fail(stability, difficulty, recall),
        )
        difficulty = np.where(
            passed, truth.next_difficulty(difficulty, 3), truth.next_difficulty(difficulty, 1)
        )
    return calibration


def test_without_answers_the_calibrated_memory_is_nearly_the_learners_own() -> None:
    memory = fresh(3, 1.0).memory
    assert float(np.asarray(memory.weights[2])) == pytest.approx(Memory().weights[2], rel=0.15)
    assert float(np.asarray(memory.weights[8])) == pytest.approx(Memory().weights[8], abs=0.15)


@pytest.mark.parametrize("scale", [0.2, 1.0])
def test_answers_reveal_how_long_memory_lasts(scale: float) -> None:
    found = study(scale)
    assert float(np.asarray(found.memory.weights[2])) == pytest.approx(Memory().weights[2] * scale, rel=0.35)


def test_readiness_is_calibrated_and_its_band_narrows_with_answers() -> None:
    cards = deck(seen=200, age=0)
    early, late = study(0.3, days=4), study(0.3, days=14)
    first, last = (readiness(one, cards, exam(200, 1.6), 12.0) for one in (early, late))
    assert last.low < last.mean < last.high
    assert last.high - last.low < first.high - first.low


def test_the_shift_follows_what_the_hypotheses_miss() -> None:
    calibration = fresh(50, 30.0, seen=True)
    assert calibration.shift(0.0) == (-0.1, 0.3)
    answer_all(calibration, 1, 1)
    shift, spread = calibration.shift(1.0)
    assert shift < -0.3
    assert spread < 0.3


def test_the_order_in_which_cards_are_told_says_nothing() -> None:
    log = [LoggedAnswer(0, 1, 3), LoggedAnswer(1, 1, 1), LoggedAnswer(1, 1, 3), LoggedAnswer(0, 4, 3)]
    whole, parts, by_card = fresh(2, 1.0), fresh(2, 1.0), fresh(2, 1.0)
    whole.learn(log)
    for answer in log:
        parts.learn([answer])
    by_card.learn(sorted(log, key=lambda answer: answer.card))
    for other in (parts, by_card):
        assert whole.stability() == pytest.approx(other.stability())
        assert whole.belief == pytest.approx(other.belief)
        assert whole.shift(5.0) == pytest.approx(other.shift(5.0))


def test_single_precision_keeps_what_the_hypotheses_say() -> None:
    calibration = fresh(1, 3.0, seen=True)
    exact = calibration.prior_memory.changed({
        **{index: Memory().weights[index] * calibration.scale for index in range(4)},
        8: Memory().weights[8] + calibration.growth,
        20: calibration.decay,
    })  # fmt: skip
    stability, difficulty = 3.0 * calibration.scale, np.full(1, 5.0)
    chance = np.ones(calibration.scale.size)
    for elapsed, grade in ((1, 3), (4, 3), (0, 2), (20, 1), (3, 4)):
        recall = exact.recall(float(elapsed), stability)
        if elapsed:
            chance *= np.clip(1.0 - recall if grade == 1 else recall, 0.01, 0.99)
        stability, difficulty = exact.answered(stability, difficulty, float(elapsed), grade, elapsed == 0)
    belief = calibration.belief * chance
    calibration.learn(
        LoggedAnswer(0, day, grade) for day, grade in ((1, 3), (5, 3), (5, 2), (25, 1), (28, 4))
    )
    assert calibration.stabilities[0] == pytest.approx(stability, rel=1e-4)
    assert calibration.belief == pytest.approx(belief / belief.sum(), rel=1e-4)
    assert calibration.difficulty == pytest.approx(difficulty)


def test_repeats_on_the_same_day_are_no_evidence() -> None:
    calibration = fresh(5, 2.0, seen=True)
    before = calibration.belief
    answer_all(calibration, 0, 1)
    assert np.array_equal(calibration.belief, before)


def test_unseen_cards_count_nothing_in_readiness() -> None:
    calibration = fresh(10, 500.0)
    half = readiness(calibration, deck(new=5, seen=5, stability=500.0, age=1), exam(10, 0.6), 0.0)
    assert half.mean == pytest.approx(0.5, abs=0.01)
    none = readiness(calibration, deck(new=10), exam(10, 0.6), 0.0)
    assert (none.mean, none.high) == (0.0, 0.0)


def test_attendance_is_learnt_not_assumed_away() -> None:
    kept, missed = PastDay(600, 600), PastDay(600, 0)
    assert learn_attendance([kept] * 20).chance > learn_attendance([]).chance
    assert learn_attendance([kept, missed] * 20).chance == pytest.approx(0.54, abs=0.02)
    assert learn_attendance([PastDay(0, 0)] * 9) == learn_attendance([])
    assert learn_attendance([PastDay(600, 300)] * 40).share == pytest.approx(0.55, abs=0.02)


def test_costs_are_medians_with_a_prior() -> None:
    assert learn_costs([], [], []) == Costs()
    learnt = learn_costs([30.0] * 380, [4.0] * 20, [-1.0, 0.0])
    assert learnt.new == pytest.approx(29.5)
    assert learnt.passed == pytest.approx(6.0)
    assert learnt.failed == Costs().failed


def test_a_learner_who_walked_away_does_not_make_cards_dear() -> None:
    assert learn_costs([], [5.0, 5.0, 9_000.0], []).passed < Costs().passed


def test_the_outlook_is_above_readiness_now_and_less_sure() -> None:
    calibration, cards, wanted = fresh(60, 3.0), deck(new=30, seen=30), exam(60, 4.6)
    now = readiness(calibration, cards, wanted, 0.0)
    plan = make_plan(cards, [wanted], minutes(10, 5), Learner(memory=calibration.memory))
    then = outlook(plan, calibration, cards, wanted, 0.0)
    assert then.mean > now.mean + 0.2
    sure, promised = (np.diff(np.arcsin(np.sqrt([said.low, said.high])))[0] for said in (now, then))
    assert promised > sure
