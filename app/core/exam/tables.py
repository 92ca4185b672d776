"""A plan made small for the phone: what a second is worth, by day and kind of card, for the next days.

Shape of the JSON (`export`), all days counted from the plan's day:

    {"version": 1,
     "weights": [21 numbers],           memory under which the phone moves a card's state after an answer
     "costs": {"new": s, "passed": s, "failed": s},
     "answers_a_day": 4,                no card more often on one day
     "log_stability": [first, last, n], evenly spaced nodes of ln(stability in days)
     "difficulty": [nodes], "ages": [nodes in days, read in the logarithm],
     "groups": [                        cards that count alike; a card's group comes with the plan
       {"days": [{"day": 0, "new": code, "repeat": base64, "review": base64}, …]}, …]}

`repeat` holds a code for each (stability, difficulty), `review` for each (age, stability, difficulty), rows
first, as little-endian unsigned 16-bit numbers. Code 0 means "does not pay", code c ≥ 1 means a gain per
second of e^(-18 + 18·(c-1)/65534) weighted cards. Between nodes values (not codes) are read linearly: in
ln(stability), difficulty and ln(age), clamped to the ends. A card seen today is scored by `repeat`, one seen
before by `review`, a new one by `new`; the highest score is shown next, one of at most 1e-7 never.
"""

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from app.core.exam.costs import Costs
from app.core.exam.desk import DayTable, Desk
from app.core.exam.grid import AGES, CELLS, DIFFICULTY, LOG_STABILITY, Index, Table
from app.core.exam.memory import Array, Memory, memory_of
from app.core.exam.plan import Plan
from app.core.exam.programme import ANSWERS_A_DAY, OLD
from app.core.exam.scope import Cards
from app.core.exam.session import Session

VERSION = 1
REACH = 18.0
TOP = 65_534


def day_tables(plan: Plan, days: int) -> list[list[DayTable]]:
    """Tables of the first `days` planned days for each group."""
    return [
        [_day_table(plan, group, index) for index in range(min(days, len(plan.days)))]
        for group in range(len(plan.worths))
    ]


def desk_of(plan: Plan) -> Desk:
    """The desk of the plan's own day."""
    tables = [_day_table(plan, group, 0) for group in range(len(plan.worths))]
    return Desk(tables, plan.grouping.of_card, plan.learner.memory, plan.learner.costs)


def open_session(plan: Plan, cards: Cards, seconds: float) -> Session:
    """The session of the plan's own day."""
    return Session(desk_of(plan), cards, seconds)


def _day_table(plan: Plan, group: int, index: int) -> DayTable:
    worth, costs = plan.worths[group][index], plan.learner.costs
    day = plan.days[index]
    if day >= plan.grouping.groups[group].until:
        return DayTable(day, 0.0, np.zeros(CELLS), np.zeros((OLD, CELLS)))
    table = np.maximum(worth.gain / plan.grid.moves[index].cost, 0.0)
    ages = day - plan.grid.last_seen[: OLD + index]
    review = _by_age(table, ages.astype(float))
    repeat = np.maximum(worth.repeat_gain / costs.passed, 0.0).astype(float)
    return DayTable(day, max(worth.new_gain / costs.new, 0.0), repeat, review)


def _by_age(table: Table, ages: Array) -> Array:
    """A (slots, cells) table read at the nodes AGES, in the logarithm of the age."""
    order = np.argsort(ages)
    nodes = np.log(ages[order])
    at = np.clip(np.log(AGES.astype(float)), nodes[0], nodes[-1])
    below = np.clip(np.searchsorted(nodes, at, side="right") - 1, 0, nodes.size - 2)
    part = ((at - nodes[below]) / (nodes[below + 1] - nodes[below]))[:, None]
    rows = table[order]
    return np.asarray(rows[below] * (1.0 - part) + rows[below + 1] * part, dtype=np.float64)


def encode(values: Array) -> npt.NDArray[np.uint16]:
    """Codes of gains per second."""
    logs = np.log(np.maximum(values, 1e-30))
    codes = np.rint((logs + REACH) / REACH * TOP) + 1
    return np.where(logs < -REACH, 0, np.clip(codes, 1, TOP + 1)).astype(np.uint16)


def decode(codes: npt.NDArray[np.uint16]) -> Array:
    """Gains per second of codes."""
    gains = np.exp(-REACH + REACH * (codes.astype(float) - 1.0) / TOP)
    return np.where(codes == 0, 0.0, gains)


def _packed(values: Array) -> str:
    return base64.b64encode(encode(values).astype("<u2").tobytes()).decode("ascii")


def _unpacked(text: str, shape: tuple[int, ...]) -> Array:
    return decode(np.frombuffer(base64.b64decode(text), dtype="<u2").astype(np.uint16)).reshape(shape)


def export(plan: Plan, days: int = 7) -> dict[str, Any]:
    """The plan's next days as plain JSON values; the module's docstring gives the shape."""
    return exported(day_tables(plan, days), plan.learner.memory, plan.learner.costs)


def exported(groups: Sequence[Sequence[DayTable]], memory: Memory, costs: Costs) -> dict[str, Any]:
    """Tables by group and day as plain JSON values."""
    return {
        "version": VERSION,
        "weights": [float(np.asarray(weight)) for weight in memory.weights],
        "costs": {"new": costs.new, "passed": costs.passed, "failed": costs.failed},
        "answers_a_day": ANSWERS_A_DAY,
        "log_stability": [float(LOG_STABILITY[0]), float(LOG_STABILITY[-1]), LOG_STABILITY.size],
        "difficulty": [float(node) for node in DIFFICULTY],
        "ages": [int(node) for node in AGES],
        "groups": [{"days": [_exported(table) for table in tables]} for tables in groups],
    }


def desk_from(packed: dict[str, Any], group: Index, day: int) -> Desk:
    """The desk that a phone has on a day (days after the plan's); beyond the tables' end the last one."""
    chosen = [next((table for table in tables if table.day == day), tables[-1]) for tables in load(packed)]
    costs = packed["costs"]
    return Desk(
        chosen,
        group,
        memory_of(packed["weights"]),
        Costs(costs["new"], costs["passed"], costs["failed"]),
    )


def _exported(table: DayTable) -> dict[str, Any]:
    return {
        "day": table.day,
        "new": int(encode(np.array([table.new]))[0]),
        "repeat": _packed(table.repeat),
        "review": _packed(table.review),
    }


def load(packed: dict[str, Any]) -> Sequence[Sequence[DayTable]]:
    """The tables as a phone reads them, by group and day."""
    if packed["version"] != VERSION:
        raise ValueError(f"exam tables of version {packed['version']}, this reads {VERSION}")
    return [
        [
            DayTable(
                day["day"],
                float(decode(np.array([day["new"]], np.uint16))[0]),
                _unpacked(day["repeat"], (CELLS,)),
                _unpacked(day["review"], (OLD, CELLS)),
            )
            for day in group["days"]
        ]
        for group in packed["groups"]
    ]
