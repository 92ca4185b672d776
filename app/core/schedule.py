"""The schedule of a card as the replay of its events. The only module that knows `fsrs`.

Memory (stability, difficulty) follows from ratings and learner days; phase and step from ratings and the
steps in force; the two do not touch each other. That is why new weights can be applied to the whole history
while each due day stays as the version in force at its answer gave it.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from fsrs import Card, Rating, Scheduler, State

from app.core.events import AGAIN, EASY, Event, Kind
from app.core.fuzz import fuzz
from app.core.parameters import Parameters, clip_retention, in_force, newest

NEW, LEARNING, REVIEW, RELEARNING = 0, 1, 2, 3
LEECH_LAPSES: Final = 8
MINUTES_PER_DAY: Final = 1440

LEAST_STABILITY: Final = 0.001
MOST_STABILITY: Final = 36_500.0  # ts-fsrs stops here, fsrs does not
_EASIEST, _HARDEST = 1.0, 10.0
_LONGEST_PAUSE: Final = 1_000_000  # days; beyond it a forged day would overflow Python's dates
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE: Final = timedelta(minutes=1)
_MILLISECOND: Final = timedelta(milliseconds=1)
_RATINGS: Final = {int(rating): rating for rating in Rating}
_STATES: Final = {NEW: State.Learning, **{int(state): state for state in State}}


@dataclass(frozen=True, slots=True)
class CardState:
    """The cached schedule of a card; the default is a card never seen.

    `phase` is 0 new, 1 learning, 2 review, 3 relearning. Days are learner days, times ms UTC, stability days.
    `due_at` stands only while a learning step runs within the day. `reps` counts answers that were not
    undone, `lapses` Again on a review card. A buried card is hidden while today < `buried_until`.
    """

    phase: int = NEW
    step: int | None = None
    stability: float | None = None
    difficulty: float | None = None
    due_day: int | None = None
    due_at: int | None = None
    last_day: int | None = None
    last_at: int | None = None
    reps: int = 0
    lapses: int = 0
    suspended: bool = False
    buried_until: int | None = None
    flag: int = 0

    @property
    def leech(self) -> bool:
        """Whether the card was forgotten so often that its wording should be looked at."""
        return self.lapses >= LEECH_LAPSES


@dataclass(frozen=True, slots=True)
class Preview:
    """What one rating would lead to: `days` until then (0 within the day), `minutes` only within the day."""

    rating: int
    due_day: int
    due_at: int | None
    days: int
    minutes: float | None


@dataclass(frozen=True, slots=True)
class Context:
    """What a reducer may know beside the state and the event: the card and the rules."""

    card_id: UUID
    parameters: Parameters
    scheduler: Scheduler

    @classmethod
    def of(cls, card_id: UUID, parameters: Parameters, retention: float | None = None) -> "Context":
        """The rules as given, or with a deck's own desired retention."""
        if retention is not None:
            parameters = replace(parameters, desired_retention=clip_retention(retention))
        return cls(card_id, parameters, _scheduler(parameters))


Reducer = Callable[[CardState, Event, Context], CardState]


def replay(card_id: UUID, events: Iterable[Event], versions: Sequence[Parameters]) -> CardState:
    """The card's schedule after its events, given in any order and any number of times.

    Undone events count as never made; an undo cannot be undone. Memory is computed with the newest version,
    the due day with the version in force at the last answer: new parameters move no due day by themselves.
    """
    log = effective_log(events)
    state = _fold(card_id, log, versions, newest(versions))
    answers = (event for event in reversed(log) if event.kind == "answer" and not event.crammed)
    last_answer = next(answers, None)
    if last_answer is None:
        return state
    then = in_force(versions, last_answer.effective_at)
    if then.weights == newest(versions).weights:
        return state
    as_scheduled = _fold(card_id, log, versions, then)
    return replace(state, due_day=as_scheduled.due_day, due_at=as_scheduled.due_at)


def apply(card_id: UUID, state: CardState, event: Event, parameters: Parameters) -> CardState:
    """The state after one more event that sorts after all before it.

    `parameters` are both the newest and those in force. An undo needs `replay`: here it changes nothing.
    """
    return REDUCERS[event.kind](state, event, Context.of(card_id, parameters))


def effective_log(events: Iterable[Event]) -> list[Event]:
    """Each event once, in order, without undos and what they undo."""
    distinct = {event.id: event for event in events}
    undone = {_undone_id(event) for event in distinct.values() if event.kind == "undo"}
    kept = [event for event in distinct.values() if event.kind != "undo" and event.id not in undone]
    return sorted(kept, key=lambda event: event.order_key)


def walk(
    card_id: UUID, events: Iterable[Event], versions: Sequence[Parameters]
) -> Iterator[tuple[Event, CardState, CardState]]:
    """Each event that counts with the state before and after it, memory by the newest version throughout."""
    after = CardState()
    for event, context in _with_rules(card_id, effective_log(events), versions, newest(versions)):
        before, after = after, REDUCERS[event.kind](after, event, context)
        yield event, before, after


def previews(
    card_id: UUID,
    state: CardState,
    now: int,
    day: int,
    parameters: Parameters,
    retention: float | None = None,
) -> list[Preview]:
    """Where each of the four ratings would lead, answered at `now` (ms UTC) on learner day `day`.

    `retention` is the deck's own desired retention, if it has one.
    """
    context = Context.of(card_id, parameters, retention)
    return [
        _preview(rating, _answered(state, rating, now, day, context), now, day)
        for rating in range(AGAIN, EASY + 1)
    ]


def retrievability(state: CardState, day: int, parameters: Parameters) -> float | None:
    """Chance of recall on `day` by the forgetting curve of FSRS-6; None for a card without memory."""
    if state.stability is None or state.last_day is None:
        return None
    elapsed = min(max(day - state.last_day, 0), _LONGEST_PAUSE)
    card = Card(0, State.Review, None, state.stability, state.difficulty, _EPOCH, _EPOCH)
    return _scheduler(parameters).get_card_retrievability(card, _EPOCH + timedelta(days=elapsed))


# --- folding --------------------------------------------------------------------------------------


def _fold(
    card_id: UUID, log: Sequence[Event], versions: Sequence[Parameters], memory: Parameters
) -> CardState:
    state = CardState()
    for event, context in _with_rules(card_id, log, versions, memory):
        state = REDUCERS[event.kind](state, event, context)
    return state


def _with_rules(
    card_id: UUID, log: Iterable[Event], versions: Sequence[Parameters], memory: Parameters
) -> Iterator[tuple[Event, Context]]:
    """Each event with the weights of `memory` and all other rules as they were in force at the time."""
    contexts: dict[int, Context] = {}
    for event in log:
        rules = memory if len(versions) < 2 else in_force(versions, event.effective_at)
        context = contexts.get(rules.version)
        if context is None:
            context = Context.of(card_id, replace(rules, weights=memory.weights))
            contexts[rules.version] = context
        yield event, context


def _undone_id(undo: Event) -> UUID | None:
    named = undo.data.get("event")
    return UUID(named) if isinstance(named, str) else named


# --- reducers -------------------------------------------------------------------------------------


def _answer(state: CardState, event: Event, context: Context) -> CardState:
    if event.crammed:
        return state
    retention = event.data.get("retention")
    if retention is not None:
        context = Context.of(context.card_id, context.parameters, retention)
    return _answered(state, event.rating or AGAIN, event.effective_at, event.day, context)


def _undo(state: CardState, event: Event, context: Context) -> CardState:
    """Undone events never reach the fold, so there is nothing left to do."""
    return state


def _suspend(state: CardState, event: Event, context: Context) -> CardState:
    return replace(state, suspended=True)


def _unsuspend(state: CardState, event: Event, context: Context) -> CardState:
    return replace(state, suspended=False)


def _bury(state: CardState, event: Event, context: Context) -> CardState:
    return replace(state, buried_until=event.data["until"])


def _flag(state: CardState, event: Event, context: Context) -> CardState:
    return replace(state, flag=event.data["flag"])


def _reset(state: CardState, event: Event, context: Context) -> CardState:
    return CardState(suspended=state.suspended, flag=state.flag)


def _due(state: CardState, event: Event, context: Context) -> CardState:
    """Only a card that has been seen can be due."""
    if state.phase == NEW:
        return state
    return replace(state, due_day=event.data["day"], due_at=None)


def _seed(state: CardState, event: Event, context: Context) -> CardState:
    """A state brought from elsewhere; a card with answers of its own needs none."""
    if state.phase != NEW:
        return state
    data = event.data
    return replace(
        state,
        phase=data["phase"],
        step=None if data["phase"] == REVIEW else 0,
        stability=_within(data["stability"], LEAST_STABILITY, MOST_STABILITY),
        difficulty=_within(data["difficulty"], _EASIEST, _HARDEST),
        due_day=data["due_day"],
        last_day=data["last_day"],
        reps=data["reps"],
        lapses=data["lapses"],
    )


REDUCERS: Final[Mapping[Kind, Reducer]] = {
    "answer": _answer,
    "undo": _undo,
    "suspend": _suspend,
    "unsuspend": _unsuspend,
    "bury": _bury,
    "flag": _flag,
    "reset": _reset,
    "due": _due,
    "seed": _seed,
}


# --- the answer -----------------------------------------------------------------------------------


def _answered(state: CardState, rating: int, at: int, day: int, context: Context) -> CardState:
    """The state after an answer; the day never runs backwards."""
    day = day if state.last_day is None else max(day, state.last_day)
    after, wait = _review(state, rating, day, context.scheduler)
    reps = state.reps + 1
    phase = int(after.state)
    due_at = None
    if phase == REVIEW:
        due_day = day + fuzz(context.card_id, reps, wait.days, context.parameters.maximum_interval)
    elif wait.days:
        due_day = day + wait.days
    else:
        due_day, due_at = day, at + wait // _MILLISECOND
    return CardState(
        phase=phase,
        step=after.step,
        stability=after.stability,
        difficulty=after.difficulty,
        due_day=due_day,
        due_at=due_at,
        last_day=day,
        last_at=at,
        reps=reps,
        lapses=state.lapses + (rating == AGAIN and state.phase == REVIEW),
        suspended=state.suspended,
        flag=state.flag,
    )


def _review(state: CardState, rating: int, day: int, scheduler: Scheduler) -> tuple[Card, timedelta]:
    """The card as fsrs leaves it, and how long it is to wait.

    fsrs sees days only: the last answer stands at its epoch, this one as many whole days later.
    """
    elapsed = 0 if state.last_day is None else min(day - state.last_day, _LONGEST_PAUSE)
    now = _EPOCH + timedelta(days=elapsed)
    card = _OwnCard(
        card_id=0,  # without an id fsrs sleeps for a millisecond
        state=_STATES[state.phase],
        step=state.step,
        stability=state.stability,
        difficulty=state.difficulty,
        due=_EPOCH,
        last_review=None if state.last_day is None else _EPOCH,
    )
    after, _ = scheduler.review_card(card, _RATINGS[rating], now)
    return after, after.due - now


class _OwnCard(Card):
    """A card made for one call: fsrs copies what it is given, and that would cost as much as its sums."""

    def __copy__(self) -> "_OwnCard":
        return self


def _preview(rating: int, after: CardState, now: int, day: int) -> Preview:
    due_day = day if after.due_day is None else after.due_day
    minutes = None if after.due_at is None else (after.due_at - now) / 60_000
    return Preview(rating, due_day, after.due_at, max(due_day - day, 0), minutes)


class _Scheduler(Scheduler):
    """fsrs where ts-fsrs differs from it: halves of days are rounded up, and stability has an upper end."""

    def _next_interval(self, *, stability: float) -> int:
        modifier = (self.desired_retention ** (1 / self._DECAY) - 1) / self._FACTOR
        interval: int = math.floor(stability * round(modifier, 8) + 0.5)
        return min(max(interval, 1), self.maximum_interval)

    def _clamp_stability(self, *, stability: Any) -> Any:
        return min(max(stability, LEAST_STABILITY), MOST_STABILITY)


@lru_cache(maxsize=256)
def _scheduler(parameters: Parameters) -> Scheduler:
    return _Scheduler(
        parameters=parameters.weights,
        desired_retention=parameters.desired_retention,
        learning_steps=[step * _MINUTE for step in parameters.learning_steps],
        relearning_steps=[step * _MINUTE for step in parameters.relearning_steps],
        maximum_interval=parameters.maximum_interval,
        enable_fuzzing=False,
    )


def _within(value: Any, least: float, most: float) -> float | None:
    return None if value is None else min(max(float(value), least), most)
