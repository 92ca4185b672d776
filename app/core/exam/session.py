"""Today's session: always the card with the highest gain per second; an answer changes only its own card."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.core.exam.desk import Desk, read
from app.core.exam.memory import Array
from app.core.exam.programme import ANSWERS_A_DAY
from app.core.exam.scope import Cards

# Gain per second (weighted cards) below which study no longer pays.
NOTHING = 1e-7
# The last card may run over the minutes by this share of them.
OVERRUN = 0.02
# Between new cards of equal worth the order of the deck decides.
ORDER = 1e-10


@dataclass(frozen=True, slots=True)
class Why:
    """Why a card is shown now: what it is today, and how likely it is recalled (None for a new card)."""

    kind: Literal["new", "review", "repeat"]
    recall: float | None


class Session:
    """Scores of all cards for one day. `scores` is gain per second, -inf for cards that are not offered."""

    def __init__(self, desk: Desk, cards: Cards, seconds: float) -> None:
        self.desk = desk
        self.seconds = seconds
        self.spent = 0.0
        self.stability = cards.stability.astype(float)
        self.difficulty = cards.difficulty.astype(float)
        self.last_day = cards.last_day.copy()
        self.seen = cards.seen.copy()
        self.answers_today = cards.answers_today.copy()
        self.scores = self._score()

    def _score(self) -> Array:
        scores = np.full(self.seen.size, -np.inf)
        for label, table in enumerate(self.desk.tables):
            mine = self.desk.group == label
            new = np.nonzero(mine & ~self.seen)[0]
            scores[new] = table.new - ORDER * new
            old = mine & self.seen & (self.last_day < 0)
            scores[old] = read(table.review, self.stability[old], self.difficulty[old], -self.last_day[old])
            for card in np.nonzero(mine & self.seen & (self.last_day >= 0))[0]:
                scores[card] = self._repeat_score(int(card))
        return np.where(scores > NOTHING, scores, -np.inf)

    def _repeat_score(self, card: int) -> float:
        if self.answers_today[card] >= ANSWERS_A_DAY:
            return -np.inf
        table = self.desk.tables[int(self.desk.group[card])]
        return table.score(float(self.stability[card]), float(self.difficulty[card]), 0)

    def why(self, card: int) -> Why:
        """What to tell the learner about a card that `pick` chose."""
        if not self.seen[card]:
            return Why("new", None)
        if self.last_day[card] >= 0:
            return Why("repeat", 1.0)
        return Why("review", self._recall(card))

    def _recall(self, card: int) -> float:
        memory = self.desk.memory
        return float(memory.recall(-float(self.last_day[card]), float(self.stability[card])))

    def expected_seconds(self, card: int) -> float:
        """What the next answer to a card will probably take."""
        costs = self.desk.costs
        if not self.seen[card]:
            return costs.new
        if self.last_day[card] >= 0:
            return costs.passed
        recall = self._recall(card)
        return recall * costs.passed + (1.0 - recall) * costs.failed

    def pick(self) -> int | None:
        """The card to show now, or None when nothing pays or nothing fits in the seconds left."""
        if self.scores.size == 0:
            return None
        left = self.seconds * (1.0 + OVERRUN) - self.spent
        card = int(self.scores.argmax())
        if self.scores[card] == -np.inf:
            return None
        if self.expected_seconds(card) <= left:
            return card
        return self._pick_short(left)

    def _pick_short(self, left: float) -> int | None:
        if left < min(self.desk.costs.passed, self.desk.costs.new):
            return None
        for card in np.argsort(-self.scores, kind="stable")[:200]:
            if self.scores[card] > -np.inf and self.expected_seconds(int(card)) <= left:
                return int(card)
        return None

    def extend(self, seconds: float) -> None:
        """The learner wants to go on for longer."""
        self.seconds += seconds

    def answered(self, card: int, grade: int, seconds: float) -> None:
        """Take in an answer: its time, the card's new state, the card's new score."""
        self.spent += seconds
        memory = self.desk.memory
        if self.seen[card]:
            same_day = bool(self.last_day[card] >= 0)
            stability, difficulty = memory.answered(
                float(self.stability[card]),
                float(self.difficulty[card]),
                -float(self.last_day[card]),
                grade,
                same_day,
            )
        else:
            stability, difficulty = memory.first(grade)
        self.stability[card], self.difficulty[card] = stability, difficulty
        self.seen[card], self.last_day[card] = True, 0
        self.answers_today[card] += 1
        group = int(self.desk.group[card])
        score = self._repeat_score(card) if group >= 0 else -np.inf
        self.scores[card] = score if score > NOTHING else -np.inf
