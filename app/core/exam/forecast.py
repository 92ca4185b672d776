"""Where the learner stands: readiness at the exam, as a band, if they stop now and if they keep to the plan.

Readiness is the mean recall probability at the exam over all cards that count, weighted as the exam weighs
them; a card never seen counts 0. The band is to hold four in five outcomes. Its half-width is measured on the
angle asin(sqrt(share)), on which shares near 0 and 1 vary as much as those in the middle:

    reach² = (KNOWN·own doubt)² + MODEL² + (PROMISED·part)²

The own doubt is that between hypotheses and about the shift of the logit; `part` is the part of the share
that only study still to come will bring. The numbers are fitted by quantile regression (pinball loss at 0.8)
to what simulated learners came to, three in five of whom remember by FSRS's equations with weights of their
own, the others by three processes that the planner does not know: `python -m tests.bench.exam.bands`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.core.exam.calibration import Calibration
from app.core.exam.grid import LOG_STABILITY, Grid, Table, logistic, logit, shifted
from app.core.exam.plan import Plan
from app.core.exam.programme import OLD, Choices, DayWorth, Flow, soft_maximum
from app.core.exam.scope import Cards, Exam

KNOWN, MODEL, PROMISED = 0.8, 0.05, 0.22
# A day of the plan is followed at a price that is looked for around the plan's, as a logarithm.
FREE_AND_DEAR = (float(np.log(1e-7)), 0.0)
FIRST_STEP, SAME_PRICE, CLEARED, CLEARING_STEPS = 0.06, 0.01, 0.01, 12


@dataclass(frozen=True, slots=True)
class Readiness:
    """Expected share (0..1) known at the exam, and the band that holds four in five outcomes."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class DayForecast:
    """One day of the plan in expectation; `readiness` is the exam's if study stopped after that day."""

    day: int
    seconds: float
    new_cards: float
    readiness: float


def band(mean: float, reach: float) -> Readiness:
    """A band around the mean that reaches so far on the angle to both sides, kept within 0..1."""
    middle = _angle(mean)
    low, high = max(middle - reach, 0.0), min(middle + reach, np.pi / 2)
    return Readiness(mean, float(np.sin(low) ** 2), float(np.sin(high) ** 2))


def _angle(share: float) -> float:
    return float(np.arcsin(np.sqrt(np.clip(share, 0.0, 1.0))))


def recall_at(calibration: Calibration, cards: Cards, at: float) -> Table:
    """Recall of the cards seen at a moment, if none is studied before: (cards seen, hypotheses)."""
    rows = np.nonzero(cards.seen)[0]
    return calibration.recall_of(rows, at - cards.last_day[rows].astype(float))


def readiness(
    calibration: Calibration, cards: Cards, exam: Exam, today: float, recall: Table | None = None
) -> Readiness:
    """Readiness if no more is studied. `today` is on the same scale of days as the calibration's answers.

    `recall` is that at the exam, where it is known already.
    """
    weights = exam.weights()
    total = float(weights.sum())
    seen = cards.seen & (weights > 0)
    if total <= 0 or not seen.any():
        return Readiness(0.0, 0.0, 0.0)
    shares = weights[seen] / total
    all_seen = recall_at(calibration, cards, exam.at) if recall is None else recall
    each = all_seen[(weights > 0)[cards.seen]]
    shift, doubt = calibration.shift(today)
    belief = calibration.belief
    chance = logistic(logit((each @ belief.astype(np.float32)).astype(float)) + shift)
    mean = float(shares @ chance)
    by_hypothesis = shares @ each
    variance = float(belief @ (by_hypothesis - belief @ by_hypothesis) ** 2)
    slope = float(shares @ (chance * (1.0 - chance)))
    own = float(np.hypot(np.sqrt(variance), slope * doubt)) / (2.0 * np.sqrt(max(mean * (1.0 - mean), 0.02)))
    return band(mean, float(np.hypot(KNOWN * own, MODEL)))


def outlook(plan: Plan, calibration: Calibration, cards: Cards, exam: Exam, today: float) -> Readiness:
    """Readiness at the exam if the learner keeps to the plan."""
    now = readiness(calibration, cards, exam, today)
    path = expected_path(plan, exam)
    return promised(now, path[-1].readiness) if path else now


def promised(now: Readiness, mean: float) -> Readiness:
    """The band around what is expected later: what is only promised is known less well."""
    middle = _angle(now.mean)
    reach = max(_angle(now.high) - middle, middle - _angle(now.low))
    part = abs(mean - now.mean) / max(mean, now.mean, 0.02)
    return band(mean, float(np.hypot(reach, PROMISED * part)))


@dataclass(frozen=True, slots=True)
class Course:
    """The plan followed to its end: a path for each exam, and how many cards of each group stay new."""

    paths: tuple[list[DayForecast], ...]
    still_new: tuple[float, ...]


def grid_of(plan: Plan) -> Grid:
    """The memory as it is (not as hedged), on the days of a plan."""
    learner = plan.learner
    return Grid(learner.memory, learner.costs, plan.days, learner.first_shares, learner.shift)


def follow_plan(plan: Plan, exams: Sequence[Exam], made: Grid | None = None) -> Course:
    """The plan followed with the minutes there are, day by day; its `grid_of` may be `made` already."""
    grid = made or grid_of(plan)
    flows = [Flow(grid, group) for group in plan.grouping.groups]
    shares = [_shares(plan, exam) for exam in exams]
    paths: tuple[list[DayForecast], ...] = tuple([] for _ in exams)
    for index, day in enumerate(plan.days):
        fresh = sum(flow.fresh for flow in flows)
        used = _clear(plan, flows, index)
        started = fresh - sum(flow.fresh for flow in flows)
        for exam, share, path in zip(exams, shares, paths, strict=True):
            if day < exam.at:
                known = sum(
                    part * _standing(flow, exam.at, index)
                    for flow, part in zip(flows, share, strict=True)
                    if part > 0
                )
                path.append(DayForecast(day, used, started, known))
    return Course(paths, tuple(flow.fresh for flow in flows))


def _shares(plan: Plan, exam: Exam) -> list[float]:
    """What one card of each group counts of the whole exam."""
    weights = exam.weights()
    total = max(float(weights.sum()), 1e-9)
    shares = []
    for label in range(len(plan.grouping.groups)):
        mine = plan.grouping.of_card == label
        shares.append(float(weights[mine].sum()) / max(int(mine.sum()), 1) / total)
    return shares


def expected_path(plan: Plan, exam: Exam) -> list[DayForecast]:
    """The path to one exam."""
    return follow_plan(plan, [exam]).paths[0]


def left_out(plan: Plan, cards: Cards, still_new: Sequence[float] | None = None) -> list[int]:
    """New cards that the minutes will probably not reach, in the order of the deck: the last ones."""
    staying = follow_plan(plan, []).still_new if still_new is None else still_new
    missing: list[int] = []
    for label, fresh in enumerate(staying):
        new = np.nonzero((plan.grouping.of_card == label) & ~cards.seen)[0]
        count = min(round(fresh), new.size)
        missing.extend(int(card) for card in new[new.size - count :])
    return sorted(missing)


def _standing(flow: Flow, at: float, index: int) -> float:
    """Expected number of a group's cards known at a moment if study stops after a day."""
    slots = OLD + index + 1
    ages = at - flow.grid.last_seen[:slots, None].astype(float)
    recall = shifted(flow.grid.memory.recall(ages, np.exp(LOG_STABILITY)[None, :]), flow.grid.shift)
    by_stability = flow.mass[:slots].reshape(slots, LOG_STABILITY.size, -1).sum(axis=2)
    return float((by_stability * recall).sum())


def _clear(plan: Plan, flows: Sequence[Flow], index: int) -> float:
    """Study one day at the price that uses its seconds up, as a session does; returns the seconds."""
    attendance = float(plan.attendance[index])
    supply = float(plan.seconds[index]) * attendance
    if supply <= 0:
        return 0.0
    low, high, part = _bracket(plan, flows, index, supply)
    cheap, dear = (_orders(plan, flows, index, price) for price in (low, high))
    return sum(
        flow.study(index, more.mixed(less, part), attending)
        for (flow, (more, attending)), (_, (less, _)) in zip(cheap, dear, strict=True)
    )


def _bracket(plan: Plan, flows: Sequence[Flow], index: int, supply: float) -> tuple[float, float, float]:
    """Two log prices, and the part of the lower one in the mix of both that uses the day's seconds up.

    Cards alike jump together at one price: between the two only a part of them is studied.
    """
    low, high, too_much, too_little = *FREE_AND_DEAR, supply, 0.0
    at, step = float(np.log(plan.prices[index])), FIRST_STEP
    for _ in range(CLEARING_STEPS):
        asked = sum(flow.copy().study(index, *order) for flow, order in _orders(plan, flows, index, at))
        if abs(asked - supply) < CLEARED * supply:
            return at, at, 1.0
        if asked > supply:
            low, too_much = at, asked
        else:
            high, too_little = at, asked
        if high - low < SAME_PRICE:
            break
        if low > FREE_AND_DEAR[0] and high < FREE_AND_DEAR[1]:
            part = (too_much - supply) / (too_much - too_little)
            at = low + (high - low) * min(max(part, 0.15), 0.85)
        else:  # the plan's price is near: the right one is looked for around it first
            at = min(max(at + (step if asked > supply else -step), FREE_AND_DEAR[0]), FREE_AND_DEAR[1])
            step *= 4.0
    return low, high, (supply - too_little) / max(too_much - too_little, 1e-9)


def _orders(
    plan: Plan, flows: Sequence[Flow], index: int, log_price: float
) -> list[tuple[Flow, tuple[Choices, float]]]:
    price = float(np.exp(log_price))
    orders = []
    for flow, group, worths in zip(flows, plan.grouping.groups, plan.worths, strict=True):
        attending = float(group.attended(plan.grid, plan.attendance)[index])
        orders.append((flow, (_choices(plan, worths[index], index, price), attending)))
    return orders


def _choices(plan: Plan, worth: DayWorth, index: int, price: float) -> Choices:
    """What is studied when only gains above a price per second are."""
    costs = plan.learner.costs
    asked = np.float32(price) * plan.grid.moves[index].cost
    review = soft_maximum(worth.gain - asked, np.float32(0.05) * asked)[1]
    passed = np.float32(price * costs.passed)
    repeat = soft_maximum(worth.repeat_gain - passed, np.float32(0.05) * passed)[1]
    new = np.float32(price * costs.new)
    gain = np.full((), worth.new_gain - new, np.float32)
    return Choices(review, [repeat] * 3, float(soft_maximum(gain, np.float32(0.05) * new)[1]))
