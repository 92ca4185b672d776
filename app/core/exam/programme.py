"""What a card is worth when every second of study has a price, and how much study that asks for.

Lagrangian relaxation of "most recall at the exams with B_t seconds on day t": with a price λ_t for a second
of day t the cards part, and each is a small Markov decision problem, solved backwards once for all cards of
a group (Everett 1963; the index is that of restless bandits, Whittle 1988):

    V_t(slot, cell) = (1-a_t)·V_{t+1} + a_t·max(V_{t+1}, R·W_t(pass) + (1-R)·W_t(fail) - λ_t·seconds)
    W_t(cell)       = V_{t+1}(slot t, cell), or that after up to three more passes today, at their price
    N_t             = (1-a_t)·N_{t+1} + a_t·max(N_{t+1}, Σ_G share(G)·W_t(S0(G), D0(G)) - λ_t·seconds)

and V after the last day is weight x recall at the exam; a_t is the chance that the learner studies on day t.
The maximum is smoothed over prices within ±`softness`, so that demand moves smoothly with prices.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from app.core.exam.grid import AGES, CELLS, DIFFICULTY, Grid, Index, Table
from app.core.exam.memory import Array

ANSWERS_A_DAY = 4
OLD = AGES.size
WIDTH = DIFFICULTY.size


@dataclass(frozen=True, slots=True)
class Reward:
    """What recalling a card counts (1 = a plain card) at a moment, in days from today.

    With a `target`, recall beyond it counts nothing: such a card is known well enough.
    """

    at: float
    weight: float = 1.0
    target: float | None = None

    def table(self, grid: Grid, slots: int) -> Table:
        """What a card counts by (slot, cell) if it is not studied again."""
        recall = grid.recall_at(self.at, slots)
        return np.float32(self.weight) * (recall if self.target is None else np.minimum(recall, self.target))


@dataclass(frozen=True, slots=True)
class Group:
    """Cards that count alike: their rewards, how many are new, and where the others stand.

    From day `until` on they get no time (it is buffer, or their exam is over).
    """

    rewards: tuple[Reward, ...]
    fresh: float
    seen: Table  # (ages, cells): number of cards last seen before today
    today: Table  # (cells): number of cards already seen today
    until: float = np.inf

    def attended(self, grid: Grid, attendance: Array) -> Array:
        """Chance by day that these cards can be studied."""
        return np.where(np.array(grid.days) < self.until, attendance, 0.0)


@dataclass(frozen=True, slots=True)
class Choices:
    """Shares (0..1) of the cards that are studied on a day."""

    review: Table
    repeats: list[Table]
    new: float

    def mixed(self, others: "Choices", part: float) -> "Choices":
        """These by `part` (0..1), others by the rest."""
        mine, rest = np.float32(part), np.float32(1.0 - part)
        return Choices(
            mine * self.review + rest * others.review,
            [mine * my + rest * its for my, its in zip(self.repeats, others.repeats, strict=True)],
            part * self.new + (1.0 - part) * others.new,
        )


@dataclass(frozen=True, slots=True)
class DayWorth:
    """What study is worth on one day, over leaving it for later, and what is chosen at the day's price."""

    gain: Table  # of a review: (slots, cells)
    repeat_gain: Table  # of one more pass on the same day: (cells)
    new_gain: float  # of a new card
    choices: Choices


@dataclass(slots=True)
class Worth:
    """Values and decisions of one group under given prices."""

    waiting: Table  # value by (slot, cell) before today's choices
    fresh: float  # value of a new card
    days: list[DayWorth] = field(default_factory=list)


def soft_maximum(excess: Table, width: Table | np.float32) -> tuple[Table, Table]:
    """(smoothed max(excess, 0), share that takes it), linear in the share over ±width."""
    share = np.asarray(excess / width)
    share += np.float32(1.0)
    share *= np.float32(0.5)
    np.minimum(share, 1.0, out=share)
    np.maximum(share, 0.0, out=share)
    more = np.asarray(share * share)
    more *= width
    more += np.maximum(excess - width, 0.0)
    return more, share


def between(values: Table, cell: Index, part: Table) -> Table:
    """`values` (cells) read at cell + part of the way to the next stability."""
    steps = np.empty_like(values)
    steps[:-WIDTH] = values[WIDTH:] - values[:-WIDTH]
    steps[-WIDTH:] = 0.0
    return values.take(cell) + part * steps.take(cell)


def spread(cell: Index, part: Table, amount: Table) -> Table:
    """Amounts put on cell and on the next stability, by part: the transpose of `between`."""
    low = np.bincount(cell, amount * (1 - part), CELLS)
    high = np.bincount(cell, amount * part, CELLS)[:-WIDTH]
    low[WIDTH:] += high
    return low.astype(np.float32)


def value(grid: Grid, rewards: Sequence[Reward], prices: Array, attendance: Array, softness: float) -> Worth:
    """Solve one group's programme backwards. `attendance` 0 closes a day."""
    days = grid.days
    worth = Worth(np.zeros((OLD + len(days), CELLS), np.float32), 0.0)
    for index in range(len(days) - 1, -1, -1):
        after = days[index + 1] if index + 1 < len(days) else np.inf
        slots = OLD + index + 1
        for reward in rewards:
            if days[index] < reward.at <= after:
                worth.waiting[:slots] += reward.table(grid, slots)
        _value_day(grid, worth, index, float(prices[index]), float(attendance[index]), softness)
    worth.days.reverse()
    return worth


def _value_day(grid: Grid, worth: Worth, index: int, price: float, attending: float, softness: float) -> None:
    slots = OLD + index
    best, repeat_gain, repeats = _repeats(grid, worth.waiting[slots].copy(), price, softness)
    square = best.reshape(-1, WIDTH)
    passed = (square @ grid.shift_pass.T).ravel()
    failed = (square @ grid.shift_fail.T).ravel()
    moves = grid.moves[index]
    now = between(failed, moves.fail_cell, moves.fail_part)
    now += moves.recall * (between(passed, moves.pass_cell, moves.pass_part) - now)
    gain = now - worth.waiting[:slots]
    asked = np.float32(price) * moves.cost
    more, review = soft_maximum(gain - asked, np.float32(softness) * asked)
    worth.waiting[:slots] += np.float32(attending) * more
    new_gain = grid.first @ best - np.float32(worth.fresh)
    asked_new = np.float32(price * grid.costs.new)
    more_new, new = soft_maximum(new_gain - asked_new, np.float32(softness) * asked_new)
    worth.fresh += attending * float(more_new)
    worth.days.append(DayWorth(gain, repeat_gain, float(new_gain), Choices(review, repeats, float(new))))


def _repeats(grid: Grid, done: Table, price: float, softness: float) -> tuple[Table, Table, list[Table]]:
    """(value with up to three repeats left, gain of the next one, shares taken from the first on)."""
    best, gain, shares = done, done, []
    asked = np.float32(price * grid.costs.passed)
    for _ in range(ANSWERS_A_DAY - 1):
        gain = grid.repeat @ best - done
        more, share = soft_maximum(gain - asked, np.float32(softness) * asked)
        best = done + more
        shares.append(share)
    return best, gain, shares[::-1]


class Flow:
    """A group's cards in expectation, moved from day to day: `mass` by (slot, cell), `fresh` still new.

    `undecided` are the seconds of the last day's study that only a part of the cards alike is given: what a
    small change of the price moves.
    """

    def __init__(self, grid: Grid, group: Group) -> None:
        self.grid = grid
        self.mass = np.zeros((OLD + len(grid.days), CELLS), np.float32)
        self.mass[:OLD] = group.seen
        self.mass[OLD] = group.today
        self.fresh = group.fresh
        self.undecided = 0.0

    def copy(self) -> "Flow":
        """The same cards, to try something out on."""
        twin = Flow.__new__(Flow)
        twin.grid, twin.mass, twin.fresh = self.grid, self.mass.copy(), self.fresh
        twin.undecided = 0.0
        return twin

    def study(self, index: int, choices: Choices, attending: float) -> float:
        """Let the learner study on a day with chance `attending`; returns the expected seconds."""
        grid, slots = self.grid, OLD + index
        used, studied = self._review(index, choices.review, attending)
        if 0.0 < choices.new < 1.0:
            self.undecided += self.fresh * attending * grid.costs.new
        started = self.fresh * attending * choices.new
        self.fresh -= started
        used += started * grid.costs.new
        before = self.mass[slots]
        moving = studied + np.float32(started) * grid.first + before * np.float32(attending)
        rest = before * np.float32(1.0 - attending)
        for share in choices.repeats:
            again = moving * share
            total = float(again.sum())
            if total < 1e-6:
                break
            used += total * grid.costs.passed
            self.undecided += float(moving[share < 1].sum()) * grid.costs.passed
            rest += moving - again
            moving = again @ grid.repeat
        self.mass[slots] = rest + moving
        return used

    def _review(self, index: int, take: Table, attending: float) -> tuple[float, Table]:
        grid, slots, moves = self.grid, OLD + index, self.grid.moves[index]
        flowing = (take * self.mass[:slots]).ravel()
        at = np.nonzero(flowing > 1e-7)[0]
        chosen = flowing[at] * np.float32(attending)
        cost = moves.cost.ravel()[at]
        used = float(chosen @ cost)
        mass = self.mass[:slots].reshape(-1)
        self.undecided = attending * float((mass[at] * (take.ravel()[at] < 1)) @ cost)
        mass[at] -= chosen
        recall = moves.recall.ravel()[at]
        passed = spread(moves.pass_cell.ravel()[at], moves.pass_part.ravel()[at], chosen * recall)
        failed = spread(moves.fail_cell.ravel()[at], moves.fail_part.ravel()[at], chosen * (1 - recall))
        studied = passed.reshape(-1, WIDTH) @ grid.shift_pass + failed.reshape(-1, WIDTH) @ grid.shift_fail
        return used, studied.ravel()


def follow(grid: Grid, group: Group, worth: Worth, attendance: Array) -> tuple[Array, Array]:
    """Seconds asked for on each day when the group follows the choices in `worth`, and the undecided ones."""
    flow = Flow(grid, group)
    seconds, undecided = np.zeros(len(grid.days)), np.zeros(len(grid.days))
    for index, attending in enumerate(attendance):
        if attending > 0:
            seconds[index] = flow.study(index, worth.days[index].choices, float(attending))
            undecided[index] = flow.undecided
    return seconds, undecided
