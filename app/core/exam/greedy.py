"""What to study when there is no plan yet: the gain in recall at the exam of one more second, today only.

From the learner's own weights with the hedged forgetting curve; a phone without a network computes the same.
With T days to the exam, a days since the card was last seen, R = recall(a, S):

    new     sum over grades G of share(G)·recall(T, S0(G)) / seconds of a new card
    review  (R·recall(T, S_pass) + (1-R)·recall(T, S_fail) - recall(T + a, S)) / expected seconds
    repeat  (recall(T, S_repeat) - recall(T, S)) / seconds of a pass
"""

import numpy as np

from app.core.exam.costs import Costs
from app.core.exam.memory import Array, Memory
from app.core.exam.plan import FIRST_SHARES, HEDGE_DECAY
from app.core.exam.scope import Cards

USUAL: Costs = Costs()


def greedy_scores(cards: Cards, memory: Memory, days_to_exam: float) -> Array:
    """Gain per second of each card; a card seen today is scored as a repeat."""
    hedged = memory.hedged(HEDGE_DECAY)
    scores = np.full(len(cards), new_score(hedged, days_to_exam))
    old = cards.seen & (cards.last_day < 0)
    today = cards.seen & (cards.last_day >= 0)
    age = -cards.last_day[old].astype(float)
    scores[old] = review_score(hedged, days_to_exam, cards.stability[old], cards.difficulty[old], age)
    scores[today] = repeat_score(hedged, days_to_exam, cards.stability[today])
    return scores


def new_score(hedged: Memory, days_to_exam: float) -> float:
    recalled = [float(hedged.recall(days_to_exam, hedged.first(grade)[0])) for grade in (1, 2, 3, 4)]
    return sum(share * recall for share, recall in zip(FIRST_SHARES, recalled, strict=True)) / USUAL.new


def review_score(
    hedged: Memory, days_to_exam: float, stability: Array, difficulty: Array, age: Array
) -> Array:
    recall = hedged.recall(age, stability)
    passed = hedged.recall(days_to_exam, hedged.after_pass(stability, difficulty, recall))
    failed = hedged.recall(days_to_exam, hedged.after_fail(stability, difficulty, recall))
    left_alone = hedged.recall(days_to_exam + age, stability)
    seconds = recall * USUAL.passed + (1.0 - recall) * USUAL.failed
    return np.asarray((recall * passed + (1.0 - recall) * failed - left_alone) / seconds)


def repeat_score(hedged: Memory, days_to_exam: float, stability: Array) -> Array:
    again = hedged.recall(days_to_exam, hedged.after_repeat(stability))
    return np.asarray((again - hedged.recall(days_to_exam, stability)) / USUAL.passed)
