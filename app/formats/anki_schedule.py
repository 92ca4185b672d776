"""Anki's card rows and review log as the events that Wengu replays.

Anki keeps a card's due day relative to the day its collection was made; everything here is turned into
learner days once. The events come so that replaying them leads to the state that the file shows: history
where there is history, a `seed` where there is none or where its beginning was cut off, and the original due
day last.

Review log (`revlog`): id is the time in ms; ease the button; type 0 learning, 1 review, 2 relearning,
3 filtered deck, 4 set by hand, 5 rescheduled by Anki; factor is the SM-2 ease in thousandths, or, with FSRS,
the difficulty as 100..1100; lastIvl the interval before, in days, or negative in seconds.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from app.core.day import DAY_MS, HOUR_MS, learner_day
from app.core.events import AGAIN, EASY
from app.core.parameters import DEFAULT_WEIGHTS
from app.formats.anki_values import real, whole
from app.formats.drafts import EventDraft, StateDraft

NEW, LEARNING, REVIEW, RELEARNING = range(4)  # types of cards
FIRST_SEEN, SEEN_AGAIN, LEARNT_AGAIN, FILTERED, BY_HAND, RESCHEDULED = range(6)  # types of the log
SUSPENDED, BURIED = -1, (-2, -3)

_BUCKET_MS: Final = 15 * 60_000  # zones and rollovers change on quarters of an hour only
_EARLIEST_MS: Final = 946_684_800_000  # 2000-01-01: Anki did not exist before
_LONGEST_ANSWER_MS: Final = HOUR_MS
_FURTHEST_DAY: Final = 3_000_000
_LEAST_STABILITY, _MOST_STABILITY = 0.001, 36_500.0
_SM2_RETENTION: Final = 0.9


@dataclass(slots=True)
class Calendar:
    """Turns Anki's times into learner days for a learner's zone and rollover hour.

    `created` is the collection's `crt` (s UTC), `west_minutes` the zone it was made in where known,
    `now` and `changed` (the collection's last change) are ms UTC.
    """

    zone: str
    rollover_hour: int
    now: int
    created: int = 0
    west_minutes: int | None = None
    changed: int = 0
    _days: dict[int, int] = field(default_factory=dict)

    def day_of(self, at: int) -> int:
        """The learner day of an instant (ms UTC)."""
        bucket = at // _BUCKET_MS
        day = self._days.get(bucket)
        if day is None:
            if len(self._days) > 100_000:
                self._days.clear()
            day = self._days[bucket] = learner_day(at, self.zone, self.rollover_hour)
        return day

    @property
    def first_day(self) -> int:
        """The learner day that Anki counts as day 0.

        Newer collections store the zone of their making; in older ones the creation time is itself the
        beginning of a learner's day, and its noon tells the date whatever daylight saving does.
        """
        if self.west_minutes is not None:
            return (self.created - self.west_minutes * 60) // 86_400
        return self.day_of(self.created * 1000 + DAY_MS // 2)

    def due_day(self, due: int) -> int:
        """The learner day of a day number of the collection."""
        return min(max(self.first_day + due, -_FURTHEST_DAY), _FURTHEST_DAY)


@dataclass(frozen=True, slots=True)
class Review:
    """A row of the review log."""

    id: int
    ease: int
    interval: int
    last_interval: int
    factor: int
    time: int
    type: int


@dataclass(frozen=True, slots=True)
class CardRow:
    """A row of the card table, with its JSON `data` parsed."""

    type: int
    queue: int
    due: int
    interval: int
    factor: int
    reps: int
    lapses: int
    original_due: int
    original_deck: int
    flags: int
    data: dict[str, Any]


def position_of(card: CardRow) -> int:
    """The card's place among the new ones, also after it has been seen, where the file still knows it."""
    if card.type == NEW:
        return whole(card.original_due if card.original_deck and card.original_due else card.due, 0, 0, 2**31)
    return whole(card.data.get("pos"), 0, 0, 2**31)


def state_of(card: CardRow, calendar: Calendar) -> StateDraft:
    """What the file says about the card, in learner days."""
    phase = card.type if card.type in (NEW, LEARNING, REVIEW, RELEARNING) else NEW
    marked = StateDraft(
        suspended=card.queue == SUSPENDED,
        buried_until=calendar.day_of(calendar.changed) + 1 if card.queue in BURIED else None,
        flag=card.flags & 7,
    )
    if phase == NEW:
        return marked
    due_day, due_at = _due(card, calendar)
    interval = whole(card.interval, 0, 0, 36_500)
    last_seen = whole(card.data.get("lrt"), 0, 0) * 1000
    last_day = calendar.day_of(last_seen) if last_seen > _EARLIEST_MS else due_day - interval
    stability = real(card.data.get("s"), _LEAST_STABILITY, _MOST_STABILITY)
    difficulty = real(card.data.get("d"), 1.0, 10.0)
    if stability is None or difficulty is None:
        stability, difficulty = memory_of_sm2(max(interval, 1), card.factor)
    return replace(
        marked,
        phase=phase,
        stability=stability,
        difficulty=difficulty,
        due_day=due_day,
        due_at=due_at,
        last_day=min(last_day, due_day),
        interval=interval,
        reps=whole(card.reps, 0, 0, 65_535),
        lapses=whole(card.lapses, 0, 0, 65_535),
    )


def memory_of_sm2(interval: int, factor: int) -> tuple[float, float]:
    """Stability (days) and difficulty that FSRS gives an SM-2 card.

    The formula of fsrs-rs, `memory_state_from_sm2`, at 90 % historical retention: there the stability is the
    interval, and the difficulty is the one at which a good answer would raise it as the ease factor does.
    A factor of 100..1100 is no ease but a difficulty already.
    """
    stability = min(max(float(interval), _LEAST_STABILITY), _MOST_STABILITY)
    if 100 <= factor <= 1100:
        return stability, 1.0 + (factor - 100) / 1000 * 9
    ease = (factor or 2500) / 1000
    weights = DEFAULT_WEIGHTS
    growth = (
        math.exp(weights[8]) * stability ** -weights[9] * (math.exp((1 - _SM2_RETENTION) * weights[10]) - 1)
    )
    return stability, min(max(11 - (ease - 1) / growth, 1.0), 10.0)


def events_of(
    state: StateDraft, reviews: Sequence[Review], calendar: Calendar
) -> tuple[list[EventDraft], int]:
    """The events of a card, and how many rows of its log made no sense. `reviews` are sorted by time."""
    events, dropped = _history(reviews, calendar)
    begin = 1 + max((place for place, event in enumerate(events) if event.kind == "reset"), default=-1)
    answers = [event for event in events[begin:] if event.kind == "answer" and "mode" not in event.data]
    if state.phase == NEW and begin < len(events):
        events.append(_after(events, calendar, "reset", "reset"))
    elif state.phase != NEW and not answers:
        events.insert(begin, _between(_seed(state, calendar), events, begin))
    elif state.phase != NEW:
        lost = _seed_of_lost_beginning(state, reviews, answers, calendar)
        if lost is not None:
            events.insert(begin, _between(lost, events, begin))
    told = events and (events[-1].kind == "seed" or events[-1].data == {"day": state.due_day})
    if state.phase != NEW and state.due_at is None and not told:
        events.append(
            _after(events, calendar, "due", f"due:{state.due_day}", {"day": state.due_day}),
        )
    events += _marks(state, events, calendar)
    return events, dropped


def _history(reviews: Sequence[Review], calendar: Calendar) -> tuple[list[EventDraft], int]:
    events: list[EventDraft] = []
    dropped = 0
    for review in reviews:
        if not _EARLIEST_MS <= review.id <= calendar.now + DAY_MS:
            dropped += 1
        elif review.type == BY_HAND or (review.ease == 0 and review.type != RESCHEDULED):
            events.append(_by_hand(review, calendar))
        elif review.type == RESCHEDULED:
            continue  # Anki's own recomputing: nobody answered anything
        elif AGAIN <= review.ease <= EASY:
            events.append(_answer(review, calendar))
        else:
            dropped += 1
    return events, dropped


def _answer(review: Review, calendar: Calendar) -> EventDraft:
    return EventDraft(
        f"review:{review.id}",
        "answer",
        review.id,
        calendar.day_of(review.id),
        review.ease,
        whole(review.time, 0, 0, _LONGEST_ANSWER_MS),
        {"mode": "cram"} if review.type == FILTERED and review.factor == 0 else {},
    )


def _by_hand(review: Review, calendar: Calendar) -> EventDraft:
    """`Forget` leaves no factor behind; `Set due date` does."""
    day = calendar.day_of(review.id)
    if review.factor == 0:
        return EventDraft(f"review:{review.id}", "reset", review.id, day)
    due = day + whole(review.interval, 0, 0, 36_500)
    return EventDraft(f"review:{review.id}", "due", review.id, day, data={"day": due})


def _seed(state: StateDraft, calendar: Calendar) -> EventDraft:
    day = state.last_day if state.last_day is not None else calendar.day_of(calendar.changed)
    return seed_event(state, day * DAY_MS + DAY_MS // 2, day)


def _between(seed: EventDraft, events: Sequence[EventDraft], place: int) -> EventDraft:
    """The seed at a time that sorts after the event before `place` and before the one there."""
    at, day = seed.at, seed.day
    if place < len(events):
        at, day = min(at, events[place].at - 1), min(day, events[place].day)
    if place:
        at, day = max(at, events[place - 1].at), max(day, events[place - 1].day)
    return replace(seed, at=at, day=day)


def seed_event(state: StateDraft, at: int, day: int) -> EventDraft:
    """The event that brings a state without the history that led to it."""
    stability = None if state.stability is None else round(state.stability, 6)
    difficulty = None if state.difficulty is None else round(state.difficulty, 6)
    return EventDraft(
        f"seed:{stability}:{difficulty}:{state.due_day}",
        "seed",
        max(at, 0),
        day,
        data={
            "phase": state.phase,
            "stability": stability,
            "difficulty": difficulty,
            "due_day": state.due_day,
            "last_day": state.last_day,
            "reps": state.reps,
            "lapses": state.lapses,
        },
    )


def _seed_of_lost_beginning(
    state: StateDraft, reviews: Sequence[Review], answers: Sequence[EventDraft], calendar: Calendar
) -> EventDraft | None:
    """What the card was before its first known answer, when that was no first answer.

    The way Anki itself treats a log whose beginning is missing.
    """
    first = next(review for review in reviews if review.id == answers[0].at)
    if first.type not in (SEEN_AGAIN, LEARNT_AGAIN):
        return None
    before = first.last_interval if first.last_interval > 0 else max(first.interval, 1)
    interval = whole(before, 1, 1, 36_500)
    stability, difficulty = memory_of_sm2(interval, first.factor)
    missed = sum(
        1
        for review in reviews
        if review.ease == AGAIN and review.type == SEEN_AGAIN and review.id >= first.id
    )
    day = answers[0].day
    earlier = StateDraft(
        phase=REVIEW,
        stability=stability,
        difficulty=difficulty,
        due_day=day,
        last_day=day - interval,
        reps=max(state.reps - len(answers), 1),
        lapses=max(state.lapses - missed, 0),
    )
    return seed_event(earlier, first.id - 1, day - interval)


def _due(card: CardRow, calendar: Calendar) -> tuple[int, int | None]:
    """Due day, and the instant too while a step runs. A card lent to a filtered deck keeps its own due."""
    due = card.original_due if card.original_deck and card.original_due else card.due
    if due * 1000 > _EARLIEST_MS:
        due_at = min(due * 1000, calendar.now + 400 * DAY_MS)
        return calendar.day_of(due_at), due_at if card.type != REVIEW else None
    return calendar.due_day(whole(due, 0, -_FURTHEST_DAY, _FURTHEST_DAY)), None


def _marks(state: StateDraft, events: Sequence[EventDraft], calendar: Calendar) -> list[EventDraft]:
    marks = []
    if state.flag:
        marks.append(_after(events, calendar, "flag", f"flag:{state.flag}", {"flag": state.flag}))
    if state.suspended:
        marks.append(_after(events, calendar, "suspend", "suspend"))
    if state.buried_until is not None:
        until = state.buried_until
        marks.append(_after(events, calendar, "bury", f"bury:{until}", {"until": until}))
    return marks


def _after(
    events: Sequence[EventDraft], calendar: Calendar, kind: Any, key: str, data: dict[str, Any] | None = None
) -> EventDraft:
    """An event that sorts after all so far: at the collection's last change, or right after the last one."""
    at = max(min(calendar.changed, calendar.now), events[-1].at + 1 if events else 0)
    day = max(calendar.day_of(at), events[-1].day if events else 0)
    return EventDraft(key, kind, at, day, data=data or {})
