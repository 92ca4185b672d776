"""The day's queue out of a bounded look at the indexes; which cards it takes is the core's to say.

Of all due and all new cards only so many are read as the limits could let through, deeper where siblings of
answered cards stand in the way. So 100,000 cards cost what 500 do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Select, select, union_all
from sqlmodel import Session

from app.core.breaks import Break, reach
from app.core.day import learner_day
from app.core.errors import Missing
from app.core.parameters import Parameters
from app.core.queue import DeckLimits, Queue, QueueCard, Today, build_queue, catching_up
from app.core.schedule import CardState, retrievability
from app.db.constraints import IN_STEPS, NEW_CARDS, REVIEW_CARDS
from app.db.models import cards, decks, learners
from app.db.rows import LEARNER_COLUMNS, Fetched, LearnerRow
from app.services.day_counts import done_on
from app.services.ledger import parameters_in_force

Kind = Literal["new", "review"]
_SPARE: Final = 16  # read beyond the limits at first, for siblings
_DECKS_A_STATEMENT: Final = 50
MOST_READ: Final = 5_000
"""Orders that no index knows (random, by retrievability) look at so many cards of a deck, no more."""
_COLUMNS: Final = [
    cards.c[name]
    for name in (
        "id",
        "note_id",
        "deck_id",
        "phase",
        "due_day",
        "due_at",
        "position",
        "stability",
        "last_day",
    )
]
_DAYS_OF_TRAVEL: Final = 2


@dataclass(frozen=True, slots=True)
class TodaysQueue:
    """`retentions` are the decks' own desired retentions."""

    queue: Queue
    day: int
    parameters: Parameters
    retentions: Mapping[UUID, float]


@dataclass(slots=True)
class _Read:
    """What was read of one deck: `last` is the sort key of the last card when there may be more."""

    found: Sequence[QueueCard]
    last: tuple[int, bytes] | None


@dataclass(slots=True)
class _Search:
    """One search for the day's cards. `reads` are by deck and kind."""

    session: Session
    learner_id: UUID
    limits: Mapping[UUID, DeckLimits]
    total: DeckLimits
    today: Today
    parameters: Parameters
    learning: Sequence[QueueCard]
    reads: dict[tuple[UUID, Kind], _Read]

    def room(self, deck_id: UUID, kind: Kind) -> int:
        """How many more cards of this kind the deck may show today."""
        limit = self.limits[deck_id]
        if kind == "new":
            return limit.new_per_day - self.today.new_done.get(deck_id, 0)
        return limit.reviews_per_day - self.today.reviews_done.get(deck_id, 0)

    def total_room(self, kind: Kind) -> int:
        if kind == "new":
            return self.total.new_per_day - sum(self.today.new_done.values())
        return self.total.reviews_per_day - sum(self.today.reviews_done.values())


def queue_of(session: Session, learner_id: UUID, deck_id: UUID | None, now: int) -> TodaysQueue:
    """Today's queue of one deck or of all. Raises Missing("learner-missing" | "deck-missing")."""
    row = session.execute(select(*LEARNER_COLUMNS).where(learners.c.id == learner_id)).one_or_none()
    if row is None:
        raise Missing("learner-missing")
    learner = LearnerRow(*row)
    day = learner_day(now, learner.zone, learner.rollover_hour)
    options = _deck_options(session, learner_id, deck_id)
    parameters = parameters_in_force(session, learner)
    limits = {deck: _limits(chosen) for deck, chosen in options.items()}
    search = _Search(
        session,
        learner_id,
        limits,
        _total(learner.settings, None if deck_id is None else limits[deck_id]),
        replace(_done_today(session, learner_id, day, now), breaks=_breaks(learner.settings)),
        parameters,
        _learning(session, learner_id, day, limits),
        {},
    )
    own = {deck: chosen.get("desired_retention") for deck, chosen in options.items()}
    retentions = {deck: retention for deck, retention in own.items() if retention is not None}
    return TodaysQueue(_fill(search), day, parameters, retentions)


def _fill(search: _Search) -> Queue:
    """Read deeper until no card that was left unread could be in the queue."""
    wanted: list[tuple[UUID, Kind]] = [
        (deck, kind)
        for deck in search.limits
        for kind in ("new", "review")
        if search.room(deck, kind) > 0 and search.total_room(kind) > 0
    ]
    spare = _SPARE
    while True:
        for kind in ("new", "review"):
            deck_ids = [deck for deck, its_kind in wanted if its_kind == kind]
            most = max((search.room(deck, kind) for deck in deck_ids), default=0)
            _read_deeper(search, kind, deck_ids, min(most, search.total_room(kind)) + spare)
        found = [*search.learning, *(card for read in search.reads.values() for card in read.found)]
        today = replace(search.today, notes_answered=_answered(search, found))
        queue = build_queue(found, search.limits, search.total, today)
        wanted = _unfilled(search, queue, found)
        if not wanted:
            return queue
        spare *= 8


def _unfilled(search: _Search, queue: Queue, found: Iterable[QueueCard]) -> list[tuple[UUID, Kind]]:
    """The reads that ended too early: their deck could take more, and an unread card might come first."""
    chosen = set(queue.now)
    picked: dict[Kind, list[tuple[int, bytes]]] = {"new": [], "review": []}
    for card in found:
        if card.id in chosen and card.phase in (0, 2):
            kind: Kind = "new" if card.phase == 0 else "review"
            picked[kind].append(_key(kind, card))
    short = []
    for (deck, kind), read in search.reads.items():
        if read.last is None:
            continue
        full = len(picked[kind]) >= search.total_room(kind) and max(picked[kind]) <= read.last
        counts = queue.counts.get(deck)
        has = 0 if counts is None else (counts.new if kind == "new" else counts.review)
        if not full and has < search.room(deck, kind):
            short.append((deck, kind))
    return short


def _read_deeper(search: _Search, kind: Kind, deck_ids: Sequence[UUID], depth: int) -> None:
    by_index = search.total.new_order == "position" if kind == "new" else search.total.review_order == "due"
    depth = depth if by_index else MOST_READ
    for start in range(0, len(deck_ids), _DECKS_A_STATEMENT):
        part = deck_ids[start : start + _DECKS_A_STATEMENT]
        looks = [_look(search, kind, deck, depth).subquery() for deck in part]
        rows = search.session.execute(union_all(*(select(look) for look in looks)))
        found: dict[UUID, list[QueueCard]] = {deck: [] for deck in part}
        for row in rows:
            found[row.deck_id].append(_queue_card(row, search))
        for deck, its_cards in found.items():
            its_cards.sort(key=lambda card: _key(kind, card))
            more = by_index and len(its_cards) == depth
            search.reads[deck, kind] = _Read(its_cards, _key(kind, its_cards[-1]) if more else None)


def _look(search: _Search, kind: Kind, deck_id: UUID, depth: int) -> Select[Any]:
    day = search.today.day
    question = select(*_COLUMNS).where(
        cards.c.learner_id == search.learner_id,
        cards.c.deck_id == deck_id,
        cards.c.buried_until.is_(None) | (cards.c.buried_until <= day),
    )
    if kind == "new":
        question = question.where(NEW_CARDS).order_by(cards.c.position, cards.c.id)
    else:
        due = cards.c.due_day <= reach(day, search.today.breaks)
        question = question.where(REVIEW_CARDS, due).order_by(cards.c.due_day, cards.c.id)
    return question.limit(depth)


def _key(kind: Kind, card: QueueCard) -> tuple[int, bytes]:
    return (card.position if kind == "new" else card.due_day or 0), card.id.bytes


def _queue_card(row: Fetched, search: _Search | None = None) -> QueueCard:
    card = QueueCard(*row)
    by_memory = search is not None and search.total.review_order in ("retrievability", "known")
    if search is None or not by_memory or card.phase != 2:
        return card
    state = CardState(stability=card.stability, last_day=card.last_day)
    return replace(card, retrievability=retrievability(state, search.today.day, search.parameters))


def _learning(
    session: Session, learner_id: UUID, day: int, limits: Mapping[UUID, DeckLimits]
) -> list[QueueCard]:
    """Cards within their learning steps.

    Steps within a day stay today's, also for who has crossed the date line.
    """
    rows = session.execute(
        select(*_COLUMNS).where(
            cards.c.learner_id == learner_id,
            IN_STEPS,
            cards.c.due_day <= day + _DAYS_OF_TRAVEL,
            cards.c.buried_until.is_(None) | (cards.c.buried_until <= day),
        )
    )
    return [_queue_card(row) for row in rows if row.deck_id in limits]


def _answered(search: _Search, found: Sequence[QueueCard]) -> frozenset[UUID]:
    """Which notes of these cards were answered today."""
    note_ids = list({card.note_id for card in found if card.phase in (0, 2)})
    if not note_ids:
        return frozenset()
    rows = search.session.execute(
        select(cards.c.note_id).where(
            cards.c.learner_id == search.learner_id,
            cards.c.note_id.in_(note_ids),
            cards.c.last_day == search.today.day,
        )
    )
    return frozenset(rows.scalars())


def _done_today(session: Session, learner_id: UUID, day: int, now: int) -> Today:
    done = done_on(session.connection(), learner_id, day)
    return Today(
        day, now, {each.deck_id: each.new for each in done}, {each.deck_id: each.reviews for each in done}
    )


def _deck_options(session: Session, learner_id: UUID, deck_id: UUID | None) -> dict[UUID, dict[str, Any]]:
    question = select(decks.c.id, decks.c.options).where(
        decks.c.learner_id == learner_id, decks.c.deleted_at.is_(None)
    )
    if deck_id is not None:
        question = question.where(decks.c.id == deck_id)
    found = {row.id: row.options for row in session.execute(question.order_by(decks.c.position, decks.c.id))}
    if deck_id is not None and not found:
        raise Missing("deck-missing")
    return found


def _limits(options: Mapping[str, Any]) -> DeckLimits:
    known = {name: options[name] for name in DeckLimits.__dataclass_fields__ if options.get(name) is not None}
    return DeckLimits(**known)


def _total(settings: Mapping[str, Any], only: DeckLimits | None) -> DeckLimits:
    """The learner's own limits. One deck alone follows its own orders, several the usual ones."""
    usual = DeckLimits()
    total = replace(
        only or usual,
        new_per_day=settings.get("new_per_day", usual.new_per_day),
        reviews_per_day=settings.get("reviews_per_day", usual.reviews_per_day),
    )
    return catching_up(total, settings.get("catch_up"))


def _breaks(settings: Mapping[str, Any]) -> tuple[Break, ...]:
    return tuple(Break(each["first"], each["last"]) for each in settings.get("breaks") or ())
