"""What the learner's own answers say about their memory: a posterior over a grid of hypotheses.

A hypothesis changes the learner's weights in three ways: new cards last `scale` times as long (w0..w3), a
pass makes stability grow by `growth` more (w8, a logarithm), and forgetting follows the exponent `decay`
(w20). Under every hypothesis every card has its own stability, replayed answer by answer; each answer on a
later day multiplies the hypothesis by the probability that it gave to what happened (Bayes). Answers on the
same day move stabilities but say little about forgetting, so they are no evidence.

What the posterior still gets wrong on average is taken up by a `shift` of all recall probabilities in the
logit, fitted to how the predictions made before each answer came out, the latest days counting most.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.core.exam.grid import Flags, Index, Table, logistic, logit
from app.core.exam.memory import AGAIN, Array, Memory, Values

SCALES = np.array([0.05, 0.1, 0.2, 0.38, 0.65, 1.0, 1.6, 2.5])
GROWTHS = np.array([-1.0, -0.5, 0.0, 0.5])
DECAYS = np.array([0.12, 0.18, 0.28, 0.45, 0.8])
# Spread of learners around their parameters, in logarithms; the middle of the decays leans to forgetting
# faster than the default weights say, as their curve is known to be too flat at its end.
SCALE_SPREAD, GROWTH_SPREAD, DECAY_SPREAD, DECAY_RATIO = 0.8, 0.5, 0.5, 1.23
# No single answer may rule a hypothesis out: people slip and guess.
SLIP = 0.01
# The shift of the logit: its middle and spread before any answer, and the days after which an answer counts
# half. Cards of one state differ in how well they last, which makes all together forget faster than one of
# them: the middle is that at which simulated learners (`tests.bench.exam.bands`) come out as was said.
SHIFT_MIDDLE, SHIFT_SPREAD, SHIFT_HALF_LIFE = -0.1, 0.3, 6.0


@dataclass(frozen=True, slots=True)
class LoggedAnswer:
    """One answer of the log: row of the card, learner day on any one scale, grade (1..4)."""

    card: int
    day: int
    grade: int


@dataclass(frozen=True, slots=True)
class _Told:
    """Answers of later days than the last: recall under each hypothesis is (answers, hypotheses)."""

    day: Array
    elapsed: Array
    recall: Table
    passed: Flags


class Calibration:
    """Posterior over hypotheses and, under each of them, the stability of every card."""

    def __init__(
        self, memory: Memory, stability: Array, difficulty: Array, seen: Flags, last_day: Array
    ) -> None:
        """Start from the scheduler's states; for new cards any positive numbers will do."""
        self.seen, self.last_day = seen.copy(), last_day.astype(float)
        grids = np.meshgrid(SCALES, GROWTHS, DECAYS, indexing="ij")
        self.scale, self.growth, self.decay = (grid.ravel() for grid in grids)
        self.prior_memory = memory
        self.memories = _in_singles(self._memory(np.log(self.scale), self.growth, np.log(self.decay)))
        middle = float(np.asarray(memory.decay)) * DECAY_RATIO
        self.evidence = -0.5 * (
            (np.log(self.scale) / SCALE_SPREAD) ** 2
            + (self.growth / GROWTH_SPREAD) ** 2
            + (np.log(self.decay / middle) / DECAY_SPREAD) ** 2
        )
        self.stabilities: Table = stability.astype(np.float32)[:, None] * self.scale.astype(np.float32)
        self.difficulty = difficulty.copy()
        self._predicted: list[Array] = []
        self._passed: list[Flags] = []
        self._elapsed: list[Array] = []
        self._day: list[Array] = []

    def _memory(self, log_scale: Values, growth: Values, log_decay: Values) -> Memory:
        w = self.prior_memory.weights
        changes = {index: w[index] * np.exp(log_scale) for index in range(4)}
        return self.prior_memory.changed({**changes, 8: w[8] + growth, 20: np.exp(log_decay)})

    @property
    def belief(self) -> Array:
        """Probability of each hypothesis."""
        return _shares(self.evidence)

    def learn(self, log: Iterable[LoggedAnswer]) -> None:
        """Take in answers, in the order of the log; a call may hold any part of it."""
        rows = np.array([(answer.card, answer.day, answer.grade) for answer in log], np.int64).reshape(-1, 3)
        self.learn_all(rows[:, 0], rows[:, 1], rows[:, 2])

    def learn_all(self, card: Index, day: Index, grade: Index) -> None:
        """The same for many answers at once."""
        told = [self._learn_round(card[some], day[some], grade[some]) for some in rounds(card)]
        if told:
            self._weigh(told)

    def _learn_round(self, card: Index, day: Index, grade: Index) -> _Told:
        """One answer of each of these cards."""
        elapsed = np.where(self.seen[card], np.maximum(day - self.last_day[card], 0.0), np.inf)
        later = (elapsed >= 1.0) & (elapsed < np.inf)
        stability = self.stabilities[card[later]]
        recall = _single(self.memories.recall(_single(elapsed[later, None]), stability))
        for value in range(1, 5):
            given = grade == value
            self._start(card[given & (elapsed == np.inf)], value)
            self._move(card[given & (elapsed < 1.0)], value, None)
            self._move(card[given & later], value, recall[given[later]])
        self.seen[card], self.last_day[card] = True, day
        return _Told(day[later].astype(float), elapsed[later], recall, grade[later] != AGAIN)

    def _start(self, card: Index, grade: int) -> None:
        stability, difficulty = self.memories.first(grade)
        self.stabilities[card], self.difficulty[card] = stability, difficulty

    def _move(self, card: Index, grade: int, recall: Table | None) -> None:
        """Further answers to cards, on the same day as the last ones if no recall is given."""
        if not card.size:
            return
        stability, difficulty = self.stabilities[card], self.difficulty[card]
        hard = _single(difficulty[:, None])
        if recall is None:
            after = self.memories.after_repeat(stability, grade)
        elif grade == AGAIN:
            after = self.memories.after_fail(stability, hard, recall)
        else:
            after = self.memories.after_pass(stability, hard, recall, grade)
        self.stabilities[card] = after
        self.difficulty[card] = self.prior_memory.next_difficulty(difficulty, grade)

    def _weigh(self, told: Sequence[_Told]) -> None:
        """Take in what the answers of later days say; each was predicted by what was known that morning."""
        day = np.concatenate([some.day for some in told])
        if not day.size:
            return
        order = np.argsort(day, kind="stable")
        recall = np.concatenate([some.recall for some in told])[order]
        passed = np.concatenate([some.passed for some in told])[order]
        days, begins, which = np.unique(day[order], return_index=True, return_inverse=True)
        chance = np.where(passed[:, None], recall, np.float32(1.0) - recall)
        likelihood = np.log(np.clip(chance, np.float32(SLIP), np.float32(1.0 - SLIP), out=chance), out=chance)
        after = self.evidence + np.cumsum(np.add.reduceat(likelihood, begins, axis=0, dtype=float), axis=0)
        before = np.concatenate([self.evidence[None, :], after[:-1]])
        beliefs = _shares(before).astype(np.float32)
        self._predicted.append(np.einsum("ah,ah->a", recall, beliefs[which]).astype(float))
        self._passed.append(passed)
        self._elapsed.append(np.concatenate([some.elapsed for some in told])[order])
        self._day.append(days[which])
        self.evidence = after[-1]

    @property
    def memory(self) -> Memory:
        """The learner's memory in the posterior mean of the (logarithmic) changes."""
        belief = self.belief
        return self._memory(
            float(belief @ np.log(self.scale)),
            float(belief @ self.growth),
            float(belief @ np.log(self.decay)),
        )

    def stability(self) -> Array:
        """Each card's stability in days, the posterior geometric mean."""
        return np.asarray(np.exp((np.log(self.stabilities) @ _single(self.belief)).astype(float)))

    def shift(self, today: float) -> tuple[float, float]:
        """(mean, spread) of the shift of the logit: logistic regression with a prior, by Newton's method."""
        if not self._day:
            return SHIFT_MIDDLE, SHIFT_SPREAD
        weight = 0.5 ** ((today - np.concatenate(self._day)) / SHIFT_HALF_LIFE)
        offset, passed = logit(np.concatenate(self._predicted)), np.concatenate(self._passed)
        shift, precision = SHIFT_MIDDLE, 1.0 / SHIFT_SPREAD**2
        for _ in range(8):
            chance = logistic(offset + shift)
            slope = float((weight * (passed - chance)).sum()) - (shift - SHIFT_MIDDLE) / SHIFT_SPREAD**2
            precision = float((weight * chance * (1.0 - chance)).sum()) + 1.0 / SHIFT_SPREAD**2
            shift += slope / precision
        return shift, precision**-0.5

    def recall_of(self, card: Index, elapsed: Array) -> Table:
        """Recall (cards, hypotheses) of some cards `elapsed` days after each was last seen, unshifted."""
        return _single(self.memories.recall(_single(elapsed[:, None]), self.stabilities[card]))


def _single(values: npt.NDArray[np.floating[Any]]) -> Table:
    return np.asarray(values, np.float32)


def _shares(evidence: Array) -> Array:
    """Probabilities from their logarithms, each row up to a constant."""
    shares = np.exp(evidence - evidence.max(axis=-1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True))


def _in_singles(memory: Memory) -> Memory:
    """The same in single precision: half the time, and an error far below that of the model."""
    singles: tuple[Any, ...] = tuple(np.asarray(weight, np.float32) for weight in memory.weights)
    return Memory(singles)


def rounds(card: Index) -> Iterator[Index]:
    """Which answers can be taken together: each card's first ones, its second ones, …

    Cards do not touch each other, so only the order within a card matters.
    """
    if not card.size:
        return
    order = np.argsort(card, kind="stable")
    place = np.arange(card.size)
    begins = np.concatenate([[True], np.diff(card[order]) != 0])
    turn = place - np.maximum.accumulate(np.where(begins, place, 0))
    by_turn = np.argsort(turn, kind="stable")
    yield from np.split(order[by_turn], np.cumsum(np.bincount(turn))[:-1])
