"""The day's queue out of a bounded look at the indexes; which cards it takes is the core's to say.

Of all due and all new cards only so many are read as the limits could let through, deeper where siblings of
answered cards, or decks with much to do, stand in the way. So 100,000 cards cost what 500 do, and a statement
asks for the cards of all decks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from app.core.breaks import breaks_in, reach
from app.core.day import learner_day
from app.core.deck_options import limits_in_force
from app.core.errors import Missing
from app.core.parameters import Parameters
from app.core.queue import (
    DeckCounts,
    DeckLimits,
    Kind,
    Queue,
    QueueCard,
    Room,
    Today,
    build_queue,
    catching_up,
)
from app.core.schedule import CardState, retrievability
from app.db.rows import Fetched
from app.services.day_counts import done_on
from app.services.queue_reads import answered_notes, cards_in_steps, first_cards
from app.services.shelf import Shelf, read_shelf

_SPARE: Final = 16  # read beyond the limits at first, for siblings
_KINDS: Final[tuple[Kind, ...]] = ("new", "review")
MOST_READ: Final = 5_000
"""Orders that no index knows (random, by retrievability) look at so many cards of a deck, no more."""


@dataclass(frozen=True, slots=True)
class TodaysQueue:
    """`retentions` are those that a deck says for itself or for those below it."""

    queue: Queue
    day: int
    parameters: Parameters
    retentions: Mapping[UUID, float]


@dataclass(frozen=True, slots=True)
class _Read:
    """A read of one deck, by the order of an index or in any."""

    deck_id: UUID
    kind: Kind
    by_index: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """What was read of one deck: `last` is the sort key of the last card when there may be more."""

    cards: Sequence[QueueCard]
    last: tuple[int, bytes] | None


@dataclass(frozen=True, slots=True)
class _Question:
    """What is studied: one deck with all below it, or all decks."""

    decks: Sequence[UUID]
    total: DeckLimits

    def reads(self) -> Iterable[_Read]:
        by_index = {
            "new": self.total.new_order == "position",
            "review": self.total.review_order == "due",
        }
        return (_Read(deck, kind, by_index[kind]) for deck in self.decks for kind in _KINDS)


@dataclass(slots=True)
class _Search:
    """The learner's day, and what was read of it so far."""

    session: Session
    shelf: Shelf
    today: Today
    limits: Mapping[UUID, DeckLimits]
    learning: Sequence[QueueCard]
    found: dict[_Read, _Found] = field(default_factory=dict)

    def room(self, kind: Kind) -> Room:
        return Room(kind, self.limits, self.today, self.shelf.above)

    def total_room(self, question: _Question, kind: Kind) -> int:
        """How many more cards of a kind all decks together may show."""
        if kind == "new":
            return question.total.new_per_day - sum(self.today.new_done.values())
        return question.total.reviews_per_day - sum(self.today.reviews_done.values())

    def question(self, deck_id: UUID | None) -> _Question:
        """Raises Missing("deck-missing")."""
        settings = self.shelf.learner.settings
        if deck_id is None:
            return _Question(list(self.shelf.names), _total(settings, DeckLimits()))
        if deck_id not in self.limits:
            raise Missing("deck-missing")
        return _Question(self.shelf.below[deck_id], _total(settings, self.limits[deck_id]))


def queue_of(session: Session, learner_id: UUID, deck_id: UUID | None, now: int) -> TodaysQueue:
    """Today's queue of one deck with all below it, or of all decks.

    Raises Missing("learner-missing" | "deck-missing").
    """
    search = _begin(session, learner_id, now)
    (queue,) = _answer(search, [search.question(deck_id)])
    told = {deck: options["desired_retention"] for deck, options in search.shelf.options.items()}
    retentions = {deck: option.value for deck, option in told.items() if option.deck_id is not None}
    return TodaysQueue(queue, search.today.day, search.shelf.parameters, retentions)


def decks_today(
    session: Session, learner_id: UUID, deck_ids: Sequence[UUID], now: int
) -> tuple[Shelf, dict[UUID, DeckCounts]]:
    """What the queue of each of these decks has, each with all that stand below it.

    Raises Missing("learner-missing" | "deck-missing").
    """
    search = _begin(session, learner_id, now)
    queues = _answer(search, [search.question(deck_id) for deck_id in deck_ids])
    counts = {deck_id: queue.left for deck_id, queue in zip(deck_ids, queues, strict=True)}
    return search.shelf, counts


def _begin(session: Session, learner_id: UUID, now: int) -> _Search:
    shelf = read_shelf(session, learner_id)
    day = learner_day(now, shelf.learner.zone, shelf.learner.rollover_hour)
    done = done_on(session.connection(), learner_id, day)
    today = Today(
        day,
        now,
        {each.deck_id: each.new for each in done},
        {each.deck_id: each.reviews for each in done},
        breaks=breaks_in(shelf.learner.settings),
    )
    limits = {deck: limits_in_force(told) for deck, told in shelf.options.items()}
    rows = cards_in_steps(session, learner_id, day)
    learning = [QueueCard(*row) for row in rows if row.deck_id in shelf.names]
    return _Search(session, shelf, today, limits, learning)


def _answer(search: _Search, questions: Sequence[_Question]) -> list[Queue]:
    """Read deeper until no card that was left unread could be in any of the queues."""
    queues: list[Queue | None] = [None] * len(questions)
    wanted = _first_reads(search, questions)
    while True:
        _read(search, wanted)
        found = [*search.learning, *(card for read in search.found.values() for card in read.cards)]
        note_ids = list({card.note_id for card in found if card.phase in (0, 2)})
        answered = answered_notes(search.session, search.shelf.learner.id, note_ids, search.today.day)
        search.today = replace(search.today, notes_answered=answered)
        deeper: dict[_Read, int] = {}
        for place, question in enumerate(questions):
            if queues[place] is None:
                queue = _built(search, question)
                short = _too_short(search, question, queue)
                deeper |= {read: 8 * len(search.found[read].cards) + _SPARE for read in short}
                queues[place] = None if short else queue
        if not deeper:
            return [queue for queue in queues if queue is not None]
        wanted = deeper


def _first_reads(search: _Search, questions: Sequence[_Question]) -> dict[_Read, int]:
    """How deep to look into each deck at first.

    A deck that is studied by itself may have to give all that its room allows; of many that are studied
    together each is expected to give its share.
    """
    wanted: dict[_Read, int] = {}
    rooms = {kind: search.room(kind) for kind in _KINDS}
    for question in questions:
        totals = {kind: search.total_room(question, kind) for kind in _KINDS}
        for read in question.reads():
            room = min(rooms[read.kind].left(read.deck_id), totals[read.kind])
            if room > 0:
                share = 2 * totals[read.kind] // len(question.decks) + 1
                depth = min(room, share) + _SPARE // len(question.decks) + 1
                wanted[read] = max(wanted.get(read, 0), depth)
    return wanted


def _read(search: _Search, wanted: Mapping[_Read, int]) -> None:
    """One statement for all decks of a kind and an order."""
    day, last = search.today.day, reach(search.today.day, search.today.breaks)
    for kind, by_index in ((kind, by_index) for kind in _KINDS for by_index in (True, False)):
        reads = {read.deck_id: read for read in wanted if (read.kind, read.by_index) == (kind, by_index)}
        depth = max((wanted[read] for read in reads.values()), default=0) if by_index else MOST_READ
        rows = first_cards(
            search.session, search.shelf.learner.id, kind, list(reads), depth=depth, day=day, last=last
        )
        by_deck: dict[UUID, list[QueueCard]] = {deck: [] for deck in reads}
        for row in rows:
            by_deck[row.deck_id].append(_queue_card(row, search, by_index))
        for deck, its_cards in by_deck.items():
            its_cards.sort(key=_key)
            more = by_index and len(its_cards) == depth
            search.found[reads[deck]] = _Found(its_cards, _key(its_cards[-1]) if more else None)


def _built(search: _Search, question: _Question) -> Queue:
    here = set(question.decks)
    read = (search.found[each].cards for each in question.reads() if each in search.found)
    found = [card for card in search.learning if card.deck_id in here]
    found += (card for cards in read for card in cards)
    return build_queue(found, search.limits, question.total, search.today, search.shelf.above)


def _too_short(search: _Search, question: _Question, queue: Queue) -> list[_Read]:
    """The reads that ended too early: beyond them may be a card that comes before one that was taken.

    A card beyond a read matters only while its deck, those above and the total have room after all cards that
    were taken up to there.
    """
    cut = [(search.found[read].last, read) for read in question.reads() if read in search.found]
    ends = sorted(((last, read) for last, read in cut if last is not None), key=lambda end: end[0])
    if not ends:
        return []
    chosen = set(queue.now)
    short = []
    for kind in _KINDS:
        its_cards = (card for _, read in cut if read.kind == kind for card in search.found[read].cards)
        taken = iter(sorted((_key(card), card.deck_id) for card in its_cards if card.id in chosen))
        room, left = search.room(kind), search.total_room(question, kind)
        upcoming = next(taken, None)
        for last, read in ends:
            if read.kind != kind:
                continue
            while upcoming is not None and upcoming[0] <= last:
                room.take(upcoming[1])
                left -= 1
                upcoming = next(taken, None)
            if left > 0 and room.left(read.deck_id) > 0:
                short.append(read)
    return short


def _key(card: QueueCard) -> tuple[int, bytes]:
    """Of new cards and of reviews, in the order of their index."""
    return (card.position if card.phase == 0 else card.due_day or 0), card.id.bytes


def _queue_card(row: Fetched, search: _Search, by_index: bool) -> QueueCard:
    card = QueueCard(*row)
    if by_index or card.phase == 0:
        return card
    state = CardState(stability=card.stability, last_day=card.last_day)
    return replace(card, retrievability=retrievability(state, search.today.day, search.shelf.parameters))


def _total(settings: Mapping[str, Any], orders: DeckLimits) -> DeckLimits:
    """The learner's own limits. One deck is studied in its orders, several in the usual ones."""
    usual = DeckLimits()
    total = replace(
        orders,
        new_per_day=settings.get("new_per_day", usual.new_per_day),
        reviews_per_day=settings.get("reviews_per_day", usual.reviews_per_day),
    )
    return catching_up(total, settings.get("catch_up"))
