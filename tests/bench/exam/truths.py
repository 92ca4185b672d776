"""One more way that memory may really work, unlike the simulator's three, so that no list is tuned to."""

from typing import Any

import numpy as np


class PowerTruth:
    """R = (1 + t/S)^-½; a pass lengthens S by how much of it had run out, a fail keeps a third of it.

    Learners differ in first strength and in growth, cards in both (log-normal).
    """

    def __init__(self, rng: Any, learners: int, cards: int, spread: float = 1.0) -> None:
        shape = (learners, cards)
        self.seen = np.zeros(shape, bool)
        self.last = np.full(shape, -1e9)
        self.strength = np.full(shape, 0.01)
        self.first_strength = np.array([0.6, 1.5, 4.0, 12.0])[:, None] * np.exp(rng.normal(0, 0.4, learners))
        self.growth = 2.2 * np.exp(rng.normal(0, 0.3, learners))
        self.card = np.exp(rng.normal(0, 0.5, shape))

    def first(self, r: Any, c: Any, t: Any, grade: Any, same: Any = None) -> None:
        self.strength[r, c] = self.first_strength[grade - 1, r] * self.card[r, c]
        self.last[r, c] = t
        self.seen[r, c] = True

    def p(self, r: Any, c: Any, t: Any) -> Any:
        return (1.0 + (t - self.last[r, c]) / self.strength[r, c]) ** -0.5

    def review(self, r: Any, c: Any, t: Any, ok: Any, same: Any) -> None:
        strength = self.strength[r, c]
        run_out = np.minimum((t - self.last[r, c]) / strength, 3.0)
        grown = strength * (1.0 + self.growth[r] * self.card[r, c] ** 0.3 * np.sqrt(run_out))
        kept = np.maximum(strength / 3.0, 0.5 * self.first_strength[0, r])
        self.strength[r, c] = np.where(ok, np.where(same, np.maximum(grown, 1.08 * strength), grown), kept)
        self.last[r, c] = t

    def exam(self, at: float) -> Any:
        return np.where(self.seen, (1.0 + np.maximum(at - self.last, 0.0) / self.strength) ** -0.5, 0.0)

    def shift(self, days: Any) -> None:
        self.last = np.where(self.seen, self.last + days, self.last)
