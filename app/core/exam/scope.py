"""What is to be learnt by when: cards as they stand, exams over them, minutes by day.

All days are counted from today (0). Cards are rows of arrays; an exam names rows by the section they are in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from app.core.exam.grid import CELLS, Flags, Table, age_place, corners
from app.core.exam.memory import Array
from app.core.exam.programme import OLD, Group, Reward

NO_SECTION = -1
# A pinned card is planned as if it were worth this many cards: it then comes before any that is not.
PIN = 8.0
MAX_GROUPS = 6
# Plans look at no more days than this; a far exam is planned day by day at both ends, coarser between.
MAX_DAYS = 60


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards as they stand now. For new cards only `seen` = False matters."""

    stability: Array  # days
    difficulty: Array  # 1..10
    last_day: npt.NDArray[np.int64]  # day last seen: 0 today, -1 yesterday …
    seen: Flags
    answers_today: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return int(self.stability.size)


@dataclass(frozen=True, slots=True)
class Section:
    """How a section counts: its share of the points (None: as its number of cards), pinned or dropped."""

    share: float | None = None
    pinned: bool = False
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Exam:
    """An exam at a moment `at` (days from today's hour of study; tomorrow morning is about 0.6).

    `section` gives each card's section number, NO_SECTION for a card outside the exam. `target` is the
    recall (0..1) at which a card is known well enough; the last `buffer_days` days before the exam stay
    free for what was missed.
    """

    at: float
    section: npt.NDArray[np.int64]
    sections: Mapping[int, Section] = field(default_factory=dict)
    pinned: Flags | None = None
    dropped: Flags | None = None
    importance: float = 1.0
    target: float | None = None
    buffer_days: int = 0

    def counted(self) -> Flags:
        """Cards that the exam asks for and the learner has not dropped."""
        flags = self.section != NO_SECTION
        for number, section in self.sections.items():
            if section.dropped:
                flags = flags & (self.section != number)
        return np.asarray(flags if self.dropped is None else flags & ~self.dropped)

    def weights(self) -> Array:
        """What each card counts: mean 1 over the counted cards, 0 for the others."""
        counted = self.counted()
        weights = counted.astype(float)
        given = {number: part for number, part in self.sections.items() if part.share is not None}
        rest = counted & ~np.isin(self.section, list(given))
        left = max(1.0 - sum(part.share or 0.0 for part in given.values()), 0.0)
        parts = [(counted & (self.section == number), part.share or 0.0) for number, part in given.items()]
        if given:
            for chosen, share in [*parts, (rest, left)]:
                weights[chosen] = share / max(int(chosen.sum()), 1)
        total = weights.sum()
        return weights * (counted.sum() / total) if total > 0 else weights

    def priorities(self) -> Array:
        """`weights` as the plan sees them: times importance, and pinned cards before others."""
        raised = np.zeros(self.section.size, dtype=bool) if self.pinned is None else self.pinned
        for number, section in self.sections.items():
            if section.pinned:
                raised = raised | (self.section == number)
        return self.weights() * self.importance * np.where(raised, PIN, 1.0)


def seconds_by_day(
    minutes_by_weekday: Sequence[float], first_weekday: int, days: int, days_off: frozenset[int] = frozenset()
) -> Array:
    """Seconds of study on each of the next days; weekdays are numbered 0..6 from Monday."""
    return np.array([
        0.0 if day in days_off else 60.0 * minutes_by_weekday[(first_weekday + day) % 7]
        for day in range(days)
    ])  # fmt: skip


def planning_days(exams: Sequence[Exam], longest: int = MAX_DAYS) -> tuple[int, ...]:
    """Days to plan for: all of them while they are few, else all near today and near each exam."""
    last = max(int(np.floor(exam.at)) for exam in exams)
    if last < longest:
        return tuple(range(last + 1))
    near = max(2, longest // (3 * len(exams)))
    kept = set(range(longest // 3))
    for exam in exams:
        end = int(np.floor(exam.at))
        kept.update(range(max(end - min(near, 10) + 1, 0), end + 1))
    between = np.linspace(0, last, max(longest - len(kept), 2))
    return tuple(sorted(kept | {int(day) for day in between}))


def gathered(seconds: Array, days: Sequence[int]) -> Array:
    """Seconds of every calendar day, given to the planned day that stands for it."""
    sums = np.zeros(len(days))
    for day, value in enumerate(seconds[: days[-1] + 1]):
        sums[int(np.searchsorted(days, day, side="right")) - 1] += value
    return sums


@dataclass(frozen=True, slots=True)
class Grouping:
    """Cards sorted into groups that count alike; `of_card` is -1 for cards that never get time."""

    groups: tuple[Group, ...]
    of_card: npt.NDArray[np.int64]


def group_cards(cards: Cards, exams: Sequence[Exam]) -> Grouping:
    """Group cards by what they count at each exam; many different weights are rounded to few.

    When exams of many dates leave too many groups, those nearest to each other are planned as one, on the
    first of their dates.
    """
    soonest = sorted(exams, key=lambda exam: exam.at)
    priorities = np.stack([exam.priorities() for exam in soonest], axis=1)
    of_card = np.full(len(cards), -1, dtype=np.int64)
    wanted = np.nonzero((priorities > 0).any(axis=1))[0]
    if wanted.size == 0:
        return Grouping((), of_card)
    bundles = [[place] for place in range(len(soonest))]
    counts, labels = priorities[wanted], _labels(priorities[wanted])
    while labels.max() >= MAX_GROUPS and len(bundles) > 1:
        bundles = _bundled(bundles, soonest)
        counts = np.stack([priorities[wanted][:, bundle].sum(axis=1) for bundle in bundles], axis=1)
        labels = _labels(counts)
    of_card[wanted] = labels
    groups = []
    for label in range(int(labels.max()) + 1):
        weights = counts[labels == label].mean(axis=0)
        asking = [
            (soonest[bundle[0]], bundle, weight) for bundle, weight in zip(bundles, weights, strict=True)
        ]
        rewards = tuple(
            Reward(exam.at, float(weight), exam.target if len(bundle) == 1 else None)
            for exam, bundle, weight in asking
            if weight > 0
        )
        until = max(exam.at - exam.buffer_days for exam, _, weight in asking if weight > 0)
        groups.append(_group(cards, of_card == label, rewards, until))
    return Grouping(tuple(groups), of_card)


def _bundled(bundles: list[list[int]], exams: Sequence[Exam]) -> list[list[int]]:
    """One bundle fewer: the two whose dates are nearest, as shares of the time until then."""
    starts = np.log(np.maximum([exams[bundle[0]].at for bundle in bundles], 0.01))
    place = int(np.argmin(np.diff(starts)))
    return [*bundles[:place], bundles[place] + bundles[place + 1], *bundles[place + 2 :]]


def _labels(priorities: Array) -> npt.NDArray[np.int64]:
    """Number the different rows; rounding grows coarser until few are left."""
    logs = np.where(priorities > 0, np.log2(np.maximum(priorities, 1e-12)), -99.0)
    labels = np.zeros(len(priorities), dtype=np.int64)
    for step in (1e-6, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 1000.0):
        rounded = np.where(priorities > 0, np.rint(logs / step), -1e9)
        rows, inverse = np.unique(rounded, axis=0, return_inverse=True)
        labels = inverse.reshape(-1).astype(np.int64)
        if len(rows) <= MAX_GROUPS:
            break
    return labels


def _group(cards: Cards, chosen: Flags, rewards: tuple[Reward, ...], until: float) -> Group:
    old = chosen & cards.seen & (cards.last_day < 0)
    today = chosen & cards.seen & (cards.last_day >= 0)
    cells, shares = corners(cards.stability[today], cards.difficulty[today])
    now = np.bincount(cells.ravel(), shares.ravel(), CELLS).astype(np.float32)
    return Group(rewards, float((chosen & ~cards.seen).sum()), _mass(cards, old), now, until)


def _mass(cards: Cards, chosen: Flags) -> Table:
    cells, shares = corners(cards.stability[chosen], cards.difficulty[chosen])
    slot, part = age_place(-cards.last_day[chosen].astype(float))
    low = np.bincount((slot * CELLS + cells).ravel(), (shares * (1 - part)).ravel(), OLD * CELLS)
    high = np.bincount(((slot + 1) * CELLS + cells).ravel(), (shares * part).ravel(), OLD * CELLS)
    return (low + high).reshape(OLD, CELLS).astype(np.float32)
