"""What a card is worth when every second of study has a price, and how much study that asks for.

Lagrangian relaxation of "most recall at the exams with B_t seconds on day t": with a price λ_t for a second of
day t the cards part, and each is a small Markov decision problem, solved backwards once for all cards of a
group (Everett 1963; the index is that of restless bandits, Whittle 1988):

    V_t(slot, cell) = (1-a_t)·V_{t+1} + a_t·max(V_{t+1}, R·W_t(pass) + (1-R)·W_t(fail) - λ_t·seconds)
    W_t(cell)       = V_{t+1}(slot t, cell), or the same after one to three more passes today, each at its price
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
    """What recalling a card counts (1 = a plain card) at a moment, in days from today."""

    at: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Group:
    """Cards that count alike: their rewards, how many are new, and where the others stand."""

    rewards: tuple[Reward, ...]
    fresh: float
    seen: Table  # (ages, cells): number of cards last seen before today
    today: Table  # (cells): number of cards already seen today


@dataclass(slots=True)
class Worth:
    """Values and decisions of one group under given prices. Lists run over the days of study."""

    waiting: Table  # V of today, (slots, cells), after today's choices
    fresh: float
    fresh_today: float = 0.0
    gain: list[Table | None] = field(default_factory=list)  # of a review: (slots, cells)
    repeat_gain: list[Table | None] = field(default_factory=list)
    new_gain: list[float] = field(default_factory=list)
    take: list[Table | None] = field(default_factory=list)
    take_repeat: list[list[Table]] = field(default_factory=list)
    take_new: list[float] = field(default_factory=list)


def soft_maximum(excess: Table, width: Table | float) -> tuple[Table, Table]:
    """(smoothed max(excess, 0), share that takes it), linear in the share over ±width."""
    share = np.clip(0.5 + 0.5 * excess / width, 0.0, 1.0)
    return width * share * share + np.maximum(excess - width, 0.0), share


def between(values: Table, cell: Index, part: Table) -> Table:
    """`values` (cells) read at cell + part of the way to the next stability."""
    steps = np.empty_like(values)
    steps[:-WIDTH] = values[WIDTH:] - values[:-WIDTH]
    steps[-WIDTH:] = 0.0
    return values.take(cell) + part * steps.take(cell)


def value(grid: Grid, rewards: Sequence[Reward], prices: Array, attendance: Array, softness: float) -> Worth:
    """Solve one group's programme backwards. `attendance` 0 closes a day."""
    days = grid.days
    waiting = np.zeros((OLD + len(days), CELLS), np.float32)
    worth = Worth(waiting, 0.0)
    for index in range(len(days) - 1, -1, -1):
        after = days[index + 1] if index + 1 < len(days) else np.inf
        slots = OLD + index + 1
        for reward in rewards:
            if days[index] < reward.at <= after:
                waiting[:slots] += np.float32(reward.weight) * grid.recall_at(reward.at, slots)
        _value_day(grid, worth, index, float(prices[index]), float(attendance[index]), softness)
    for values in (
        worth.gain,
        worth.repeat_gain,
        worth.new_gain,
        worth.take,
        worth.take_repeat,
        worth.take_new,
    ):
        values.reverse()
    return worth


def _value_day(grid: Grid, worth: Worth, index: int, price: float, attending: float, softness: float) -> None:
    slots = OLD + index
    done = worth.waiting[slots].copy()
    best, repeat_gain, repeats = _repeats(grid, done, price, softness)
    square = best.reshape(-1, WIDTH)
    passed = (square @ grid.shift_pass.T).ravel()
    failed = (square @ grid.shift_fail.T).ravel()
    moves = grid.moves[index]
    now = between(failed, moves.fail_cell, moves.fail_part)
    now += moves.recall * (between(passed, moves.pass_cell, moves.pass_part) - now)
    gain = now - worth.waiting[:slots]
    asked = np.float32(price) * moves.cost
    more, take = soft_maximum(gain - asked, np.float32(softness) * asked)
    worth.waiting[:slots] += np.float32(attending) * more
    new_gain = float(grid.first @ best) - worth.fresh
    asked_new = price * grid.costs.new
    share = min(max(0.5 + 0.5 * (new_gain - asked_new) / (softness * asked_new), 0.0), 1.0)
    excess = softness * asked_new * share**2 + max(new_gain - asked_new * (1.0 + softness), 0.0)
    worth.fresh += attending * excess
    worth.gain.append(gain)
    worth.repeat_gain.append(repeat_gain)
    worth.new_gain.append(new_gain)
    worth.take.append(take)
    worth.take_repeat.append(repeats)
    worth.take_new.append(share)


def _repeats(grid: Grid, done: Table, price: float, softness: float) -> tuple[Table, Table, list[Table]]:
    """(value with up to three repeats left, gain of the next repeat, shares taken from the first repeat on)."""
    best, gain, shares = done, done, []
    asked = np.float32(price * grid.costs.passed)
    for _ in range(ANSWERS_A_DAY - 1):
        shifted = (best.reshape(-1, WIDTH) @ grid.shift_pass.T).ravel()
        gain = between(shifted, *grid.repeat) - done
        more, share = soft_maximum(gain - asked, np.float32(softness) * asked)
        best = done + more
        shares.append(share)
    return best, gain, shares[::-1]


@dataclass(frozen=True, slots=True)
class Flow:
    """What following the decisions leads to, in expectation."""

    seconds: Array  # by day
    new: Array  # cards first studied, by day
    answers: Array  # by day
    standing: Array  # by day: weighted recall at the exams if study stopped after that day
    mass: Table
    fresh: float


def follow(grid: Grid, group: Group, worth: Worth, attendance: Array) -> Array:
    """Seconds asked for on each day when the group follows the decisions in `worth`."""
    seconds = np.zeros(len(grid.days))
    mass = np.zeros((OLD + len(grid.days), CELLS), np.float32)
    mass[:OLD] = group.seen
    fresh = group.fresh
    for index, attending in enumerate(attendance):
        if index == 0 and group.today.any():
            mass[OLD] = group.today
        if attending <= 0.0:
            continue
        used, fresh = _follow_day(grid, worth, index, float(attending), mass, fresh)
        seconds[index] = used
    return seconds


def _follow_day(
    grid: Grid, worth: Worth, index: int, attending: float, mass: Table, fresh: float
) -> tuple[float, float]:
    slots = OLD + index
    take, moves = worth.take[index], grid.moves[index]
    assert take is not None
    flowing = take * mass[:slots]
    at = np.nonzero(flowing.ravel() > 1e-7)[0]
    chosen = flowing.ravel()[at] * np.float32(attending)
    used = float(chosen @ moves.cost.ravel()[at])
    mass[:slots].reshape(-1)[at] -= chosen
    recall = moves.recall.ravel()[at]
    passed = spread(moves.pass_cell.ravel()[at], moves.pass_part.ravel()[at], chosen * recall)
    failed = spread(moves.fail_cell.ravel()[at], moves.fail_part.ravel()[at], chosen * (1 - recall))
    studied = passed.reshape(-1, WIDTH) @ grid.shift_pass + failed.reshape(-1, WIDTH) @ grid.shift_fail
    started = fresh * attending * worth.take_new[index]
    used += started * grid.costs.new
    moving = studied.ravel() + np.float32(started) * grid.first + mass[slots] * np.float32(attending)
    rest = mass[slots] * np.float32(1.0 - attending)
    for share in worth.take_repeat[index]:
        again = moving * share
        total = float(again.sum())
        if total < 1e-6:
            break
        used += total * grid.costs.passed
        rest += moving - again
        moving = (spread(*grid.repeat, again).reshape(-1, WIDTH) @ grid.shift_pass).ravel()
    mass[slots] = rest + moving
    return used, fresh - started


def spread(cell: Index, part: Table, amount: Table) -> Table:
    """Amounts put on cell and on the next stability, by part: the transpose of `between`."""
    low = np.bincount(cell, amount * (1 - part), CELLS)
    high = np.bincount(cell, amount * part, CELLS)[:-WIDTH]
    low[WIDTH:] += high
    return low.astype(np.float32)
