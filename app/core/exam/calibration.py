"""What the learner's own answers say about their memory: a posterior over a grid of hypotheses.

A hypothesis changes the learner's weights in three ways: new cards last `scale` times as long (w0..w3), a
pass makes stability grow by `growth` more (w8, a logarithm), and forgetting follows the exponent `decay`
(w20). Under every hypothesis every card has its own stability, replayed answer by answer; each answer on a
later day multiplies the hypothesis by the probability that it gave to what happened (Bayes). Answers on the
same day move stabilities but say little about forgetting, so they are no evidence.

What the posterior still gets wrong on average is taken up by a `shift` of all recall probabilities in the
logit, fitted to how the predictions made before each answer came out, the latest days counting most.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from app.core.exam.grid import Flags, Index
from app.core.exam.memory import AGAIN, Array, Memory, Values

SCALES = np.array([0.05, 0.1, 0.2, 0.38, 0.65, 1.0, 1.6, 2.5])
GROWTHS = np.array([-1.0, -0.5, 0.0, 0.5])
DECAYS = np.array([0.12, 0.18, 0.28, 0.45, 0.8])
# Spread of learners around their parameters, in logarithms; the middle of the decays leans to forgetting
# faster than the default weights say, as their curve is known to be too flat at its end.
SCALE_SPREAD, GROWTH_SPREAD, DECAY_SPREAD, DECAY_RATIO = 0.8, 0.5, 0.5, 1.23
# No single answer may rule a hypothesis out: people slip and guess.
SLIP = 0.01
# The shift of the logit: its spread before any answer, and the days after which an answer counts half.
SHIFT_SPREAD, SHIFT_HALF_LIFE = 0.3, 6.0


@dataclass(frozen=True, slots=True)
class LoggedAnswer:
    """One answer of the log: row of the card, learner day on any one scale, grade (1..4)."""

    card: int
    day: int
    grade: int


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers to different cards: which, days since each was last seen, grade (1..4), same day again."""

    card: Index
    elapsed: Array
    grade: Index
    same_day: Flags


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
        self.memories = self._memory(np.log(self.scale), self.growth, np.log(self.decay))
        middle = float(np.asarray(memory.decay)) * DECAY_RATIO
        self.evidence = -0.5 * (
            (np.log(self.scale) / SCALE_SPREAD) ** 2
            + (self.growth / GROWTH_SPREAD) ** 2
            + (np.log(self.decay / middle) / DECAY_SPREAD) ** 2
        )
        self.stabilities = stability[:, None] * self.scale
        self.difficulty = difficulty.copy()
        self._predicted: list[Array] = []
        self._passed: list[Flags] = []
        self._day: list[Array] = []

    def _memory(self, log_scale: Values, growth: Values, log_decay: Values) -> Memory:
        w = self.prior_memory.weights
        changes = {index: w[index] * np.exp(log_scale) for index in range(4)}
        return self.prior_memory.changed({**changes, 8: w[8] + growth, 20: np.exp(log_decay)})

    @property
    def belief(self) -> Array:
        """Probability of each hypothesis."""
        shares = np.exp(self.evidence - self.evidence.max())
        return np.asarray(shares / shares.sum())

    def learn(self, log: Iterable[LoggedAnswer]) -> None:
        """Take in answers, in the order of the log; a call may hold any part of it."""
        rows = np.array([(answer.card, answer.day, answer.grade) for answer in log], np.int64).reshape(-1, 3)
        self.learn_all(rows[:, 0], rows[:, 1], rows[:, 2])

    def learn_all(self, card: Index, day: Index, grade: Index) -> None:
        """The same for many answers at once."""
        for chosen in turns(card, day):
            self._learn_turn(int(day[chosen[0]]), card[chosen], grade[chosen])

    def _learn_turn(self, day: int, card: Index, grade: Index) -> None:
        new = ~self.seen[card]
        self.start(card[new], grade[new])
        old = card[~new]
        if old.size:
            elapsed = np.maximum(day - self.last_day[old], 0.0)
            self.observe(Answers(old, elapsed, grade[~new], elapsed < 1.0), float(day))
        self.seen[card], self.last_day[card] = True, day

    def start(self, card: Index, grade: Index) -> None:
        """First answers to new cards."""
        for value in range(1, 5):
            chosen = card[grade == value]
            stability, difficulty = self.memories.first(value)
            self.stabilities[chosen], self.difficulty[chosen] = stability, difficulty

    def observe(self, answers: Answers, day: float) -> None:
        """Further answers of a day; each card at most once in a call, calls in the order of the log."""
        stability = self.stabilities[answers.card]
        difficulty = self.difficulty[answers.card]
        recall = self.memories.recall(answers.elapsed[:, None], stability)
        told = ~answers.same_day
        passed = answers.grade != AGAIN
        chance = np.clip(recall[told], SLIP, 1.0 - SLIP)
        self._remember(chance @ self.belief, passed[told], day)
        self.evidence += np.where(passed[told, None], np.log(chance), np.log1p(-chance)).sum(axis=0)
        self._move(answers, stability, difficulty)

    def _remember(self, predicted: Array, passed: Flags, day: float) -> None:
        self._predicted.append(predicted)
        self._passed.append(passed)
        self._day.append(np.full(passed.size, day))

    def _move(self, answers: Answers, stability: Array, difficulty: Array) -> None:
        for same_day in (False, True):
            for grade in range(1, 5):
                chosen = (answers.same_day == same_day) & (answers.grade == grade)
                if not chosen.any():
                    continue
                at = answers.card[chosen]
                self.stabilities[at] = self.memories.answered(
                    stability[chosen],
                    difficulty[chosen, None],
                    answers.elapsed[chosen, None],
                    grade,
                    same_day,
                )[0]
                self.difficulty[at] = self.prior_memory.next_difficulty(difficulty[chosen], grade)

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
        return np.asarray(np.exp(np.log(self.stabilities) @ self.belief))

    def shift(self, today: float) -> tuple[float, float]:
        """(mean, spread) of the shift of the logit: logistic regression with a prior, by Newton's method."""
        if not self._day:
            return 0.0, SHIFT_SPREAD
        weight = 0.5 ** ((today - np.concatenate(self._day)) / SHIFT_HALF_LIFE)
        offset, passed = logit(np.concatenate(self._predicted)), np.concatenate(self._passed)
        shift, precision = 0.0, 1.0 / SHIFT_SPREAD**2
        for _ in range(8):
            chance = logistic(offset + shift)
            slope = float((weight * (passed - chance)).sum()) - shift / SHIFT_SPREAD**2
            precision = float((weight * chance * (1.0 - chance)).sum()) + 1.0 / SHIFT_SPREAD**2
            shift += slope / precision
        return shift, precision**-0.5

    def recall_of(self, card: Index, elapsed: Array) -> Array:
        """Recall (hypotheses, cards) of some cards `elapsed` days after each was last seen, unshifted."""
        return self.memories.recall(elapsed[:, None], self.stabilities[card]).T


def turns(card: Index, day: Index) -> Iterator[Index]:
    """Which answers can be taken together, in order: a day's first ones to all cards, its second ones, …"""
    order = np.lexsort((np.arange(card.size), day, card))
    follows = np.zeros(card.size, bool)
    follows[1:] = (np.diff(card[order]) == 0) & (np.diff(day[order]) == 0)
    place = np.arange(card.size)
    turn = np.empty(card.size, np.intp)
    turn[order] = place - np.maximum.accumulate(np.where(follows, 0, place))
    together = np.lexsort((turn, day))
    ends = np.nonzero(np.diff(day[together]) | np.diff(turn[together]))[0] + 1
    yield from np.split(together, ends) if together.size else ()


def logit(chance: Array) -> Array:
    """ln(p / (1-p)), cut off at 0.001 and 0.999."""
    kept = np.clip(chance, 1e-3, 1.0 - 1e-3)
    return np.asarray(np.log(kept / (1.0 - kept)))


def logistic(value: Array) -> Array:
    """The inverse of `logit`."""
    return np.asarray(1.0 / (1.0 + np.exp(-value)))
