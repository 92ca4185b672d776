"""The memory model of FSRS-6 over numpy arrays: what an answer does to a card, what time does to it.

Equations: "The Algorithm", wiki of open-spaced-repetition/fsrs4anki, section FSRS-6; a test holds them
against `fsrs` 6.3.2. S is stability in days, D difficulty (1..10), R recall probability (0..1), G the grade
(1..4).

    R(t, S)  = (1 + f·t/S)^(-w20),  f = 0.9^(-1/w20) - 1
    S0(G)    = w[G-1]                       D0(G) = w4 - e^(w5·(G-1)) + 1
    pass     S' = S·(1 + e^w8·(11-D)·S^-w9·(e^(w10·(1-R)) - 1)·(w15 if Hard)·(w16 if Easy))
    fail     S' = min(w11·D^-w12·((S+1)^w13 - 1)·e^(w14·(1-R)), S/e^(w17·w18))
    same day S' = S·k, k = e^(w17·(G-3+w18))·S^-w19, k ≥ 1 unless Again
    D'       = w7·D0(4) + (1-w7)·(D - w6·(G-3)·(10-D)/9)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Values = npt.NDArray[np.floating[Any]] | float  # single precision stays so where the weights are

WEIGHT_COUNT = 21
STABILITY_MIN, STABILITY_MAX = 0.001, 36_500.0
AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
# FSRS-6 defaults, as published with fsrs 6.3.2.
DEFAULT_WEIGHTS: tuple[float, ...] = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
    1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Memory:
    """One learner's memory: 21 FSRS-6 weights. Every method works elementwise and broadcasts.

    A weight may be an array: then this is a row of memories, compared side by side.
    """

    weights: tuple[Values, ...] = DEFAULT_WEIGHTS

    def __post_init__(self) -> None:
        if len(self.weights) != WEIGHT_COUNT:
            raise ValueError(f"FSRS-6 has {WEIGHT_COUNT} weights, not {len(self.weights)}")

    def changed(self, changes: dict[int, Values]) -> "Memory":
        """The same memory with some weights replaced, by index."""
        return Memory(tuple(changes.get(index, weight) for index, weight in enumerate(self.weights)))

    @property
    def decay(self) -> Values:
        """The exponent w20 of the forgetting curve; larger forgets more in the long run."""
        return self.weights[20]

    def hedged(self, decay: float) -> "Memory":
        """The same memory with a forgetting curve at least as steep as `decay`."""
        return self.changed({20: np.maximum(self.decay, decay)})

    def recall(self, elapsed: Values, stability: Values) -> Array:
        """Probability (0..1) to recall after `elapsed` days; negative time counts as none."""
        factor = 0.9 ** (-1.0 / np.asarray(self.decay)) - 1.0
        ages = np.maximum(elapsed, 0.0)
        return np.asarray((1.0 + factor * ages / stability) ** -np.asarray(self.decay))

    def first(self, grade: int) -> tuple[Array, Array]:
        """(stability, difficulty) after the first answer to a new card."""
        stability = np.maximum(self.weights[grade - 1], STABILITY_MIN)
        return stability, np.clip(self._first_difficulty(grade), 1.0, 10.0)

    def after_pass(self, stability: Values, difficulty: Values, recall: Values, grade: int = GOOD) -> Array:
        """Stability after a pass on a later day than the last answer."""
        w = self.weights
        bonus = {HARD: w[15], GOOD: 1.0, EASY: w[16]}[grade]
        growth = np.exp(w[8]) * (11.0 - np.asarray(difficulty)) * np.asarray(stability) ** -np.asarray(w[9])
        grown = stability * (1.0 + growth * np.expm1((1.0 - np.asarray(recall)) * w[10]) * bonus)
        return np.asarray(np.clip(grown, STABILITY_MIN, STABILITY_MAX))

    def after_fail(self, stability: Values, difficulty: Values, recall: Values) -> Array:
        """Stability after Again on a later day than the last answer."""
        w = self.weights
        lapse = (
            w[11]
            * np.asarray(difficulty) ** -np.asarray(w[12])
            * ((np.asarray(stability) + 1.0) ** w[13] - 1.0)
        )
        ceiling = stability / np.exp(w[17] * w[18])
        lapsed = np.minimum(lapse * np.exp((1.0 - np.asarray(recall)) * w[14]), ceiling)
        return np.asarray(np.maximum(lapsed, STABILITY_MIN))

    def after_repeat(self, stability: Values, grade: int = GOOD) -> Array:
        """Stability after one more answer on the same day."""
        w = self.weights
        change = np.exp(w[17] * (grade - 3.0 + w[18])) * np.asarray(stability) ** -np.asarray(w[19])
        if grade != AGAIN:
            change = np.maximum(change, 1.0)
        return np.asarray(np.clip(stability * change, STABILITY_MIN, STABILITY_MAX))

    def next_difficulty(self, difficulty: Values, grade: int = GOOD) -> Array:
        """Difficulty after any answer but the first."""
        w = self.weights
        damped = difficulty - w[6] * (grade - 3.0) * (10.0 - np.asarray(difficulty)) / 9.0
        reverted = w[7] * self._first_difficulty(EASY) + (1.0 - np.asarray(w[7])) * damped
        return np.asarray(np.clip(reverted, 1.0, 10.0))

    def answered(
        self, stability: Values, difficulty: Values, elapsed: Values, grade: int, same_day: bool
    ) -> tuple[Array, Array]:
        """(stability, difficulty) after one answer to a card seen `elapsed` days ago."""
        later = self.next_difficulty(difficulty, grade)
        if same_day:
            return self.after_repeat(stability, grade), later
        recall = self.recall(elapsed, stability)
        if grade == AGAIN:
            return self.after_fail(stability, difficulty, recall), later
        return self.after_pass(stability, difficulty, recall, grade), later

    def _first_difficulty(self, grade: int) -> Array:
        return np.asarray(self.weights[4] - np.exp(self.weights[5] * (grade - 1.0)) + 1.0)


def memory_of(weights: Sequence[float]) -> Memory:
    """The memory that a learner's own trained weights describe."""
    return Memory(tuple(float(weight) for weight in weights))
