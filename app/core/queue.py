"""Which cards to show today, and in which order."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from operator import attrgetter
from typing import Final, Literal
from uuid import UUID

from app.core.breaks import Break, is_due
from app.core.fuzz import hash32
from app.core.levels import line_of

NewOrder = Literal["position", "random"]
ReviewOrder = Literal["due", "random", "retrievability", "known"]
Mix = Literal["mix", "new-first", "reviews-first"]
Kind = Literal["new", "review"]

LOOK_AHEAD_MS: Final = 20 * 60_000
_NEW, _REVIEW, _IN_STEPS = 0, 2, (1, 3)
_FLAT: Final[Mapping[UUID, UUID]] = {}


@dataclass(frozen=True, slots=True)
class QueueCard:
    """What the queue needs of a card. Suspended and buried cards may be given; they are left out."""

    id: UUID
    note_id: UUID
    deck_id: UUID
    phase: int
    due_day: int | None
    due_at: int | None
    position: int
    stability: float | None = None
    last_day: int | None = None
    retrievability: float | None = None
    suspended: bool = False
    buried_until: int | None = None


@dataclass(frozen=True, slots=True)
class DeckLimits:
    """Cards a day of a deck with all below it, and orders. The orders that count are those of the total."""

    new_per_day: int = 20
    reviews_per_day: int = 200
    new_order: NewOrder = "position"
    review_order: ReviewOrder = "due"
    mix: Mix = "mix"


@dataclass(frozen=True, slots=True)
class Today:
    """The learner day, the time (ms UTC), what was done today (by deck, and which notes were answered), and
    the breaks that the learner planned."""

    day: int
    now: int
    new_done: Mapping[UUID, int] = field(default_factory=dict)
    reviews_done: Mapping[UUID, int] = field(default_factory=dict)
    notes_answered: frozenset[UUID] = frozenset()
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True, slots=True)
class DeckCounts:
    new: int = 0
    learning: int = 0
    review: int = 0


@dataclass(frozen=True, slots=True)
class Queue:
    """`now` in the order to show; `later` the learning cards not yet due, by (due_at, id)."""

    now: tuple[UUID, ...]
    later: tuple[tuple[int, UUID], ...]
    counts: Mapping[UUID, DeckCounts]
    look_ahead_ms: int = LOOK_AHEAD_MS

    @property
    def left(self) -> DeckCounts:
        """The counts of all its decks together."""
        counts = self.counts.values()
        return DeckCounts(
            sum(each.new for each in counts),
            sum(each.learning for each in counts),
            sum(each.review for each in counts),
        )


class Room:
    """How many more cards of a kind each deck may show today.

    A card takes one from its deck and from each deck above, whatever is studied: no limit is ever exceeded.
    """

    def __init__(
        self, kind: Kind, limits: Mapping[UUID, DeckLimits], today: Today, above: Mapping[UUID, UUID]
    ) -> None:
        """What was done today counts for its deck and all above it."""
        self._limits, self._above = limits, above
        self._cap = attrgetter("new_per_day" if kind == "new" else "reviews_per_day")
        self._usual: int = self._cap(DeckLimits())
        self._used: Counter[UUID] = Counter()
        self._lines: dict[UUID, list[UUID]] = {}
        for deck_id, count in (today.new_done if kind == "new" else today.reviews_done).items():
            self.take(deck_id, count)

    def left(self, deck_id: UUID) -> int:
        return min(self._left_of(each) for each in self._line(deck_id))

    def take(self, deck_id: UUID, count: int = 1) -> None:
        for each in self._line(deck_id):
            self._used[each] += count

    def _left_of(self, deck_id: UUID) -> int:
        limit = self._limits.get(deck_id)
        cap: int = self._usual if limit is None else self._cap(limit)
        return cap - self._used[deck_id]

    def _line(self, deck_id: UUID) -> list[UUID]:
        line = self._lines.get(deck_id)
        if line is None:
            line = self._lines[deck_id] = line_of(deck_id, self._above)
        return line


def build_queue(
    cards: Iterable[QueueCard],
    limits: Mapping[UUID, DeckLimits],
    total: DeckLimits,
    today: Today,
    above: Mapping[UUID, UUID] = _FLAT,
    look_ahead_ms: int = LOOK_AHEAD_MS,
) -> Queue:
    """Today's queue: due learning cards, then reviews and new cards in the order asked for.

    Reviews are chosen before new cards, and a note gives at most one card to both together; a note answered
    today gives none. Learning cards know no limit. `limits` are by deck (the default ones for a deck that has
    none) and hold for a deck with all below it, as `above` says (levels.py): also for decks of which no card
    is given. `total` caps all decks together and says the orders.
    """
    shown = [card for card in cards if not card.suspended and not _buried(card, today.day)]
    learning = sorted((card for card in shown if _is_learning(card, today.day)), key=_learning_key)
    due_reviews = [card for card in shown if card.phase == _REVIEW and _is_shown(card, today)]
    unseen = [card for card in shown if card.phase == _NEW]
    notes = set(today.notes_answered)
    reviews = _pick(
        sorted(due_reviews, key=partial(_review_key, total.review_order, today.day)),
        Room("review", limits, today, above),
        total.reviews_per_day - sum(today.reviews_done.values()),
        notes,
    )
    new = _pick(
        sorted(unseen, key=partial(_new_key, total.new_order, today.day)),
        Room("new", limits, today, above),
        total.new_per_day - sum(today.new_done.values()),
        notes,
    )
    ready = [card for card in learning if card.due_at is None or card.due_at <= today.now]
    return Queue(
        now=tuple(card.id for card in [*ready, *_mixed(new, reviews, total.mix)]),
        later=tuple(
            (card.due_at, card.id) for card in learning if card.due_at is not None and card.due_at > today.now
        ),
        counts=_counts(new, learning, reviews),
        look_ahead_ms=look_ahead_ms,
    )


def catching_up(total: DeckLimits, per_day: int | None) -> DeckLimits:
    """The total of a learner who works a backlog off: so many reviews a day, what is still known before what
    is lost already, for that is lost first by waiting."""
    if per_day is None:
        return total
    return replace(total, reviews_per_day=min(total.reviews_per_day, per_day), review_order="known")


def next_card(queue: Queue, now: int) -> UUID | None:
    """The card to show at `now` (ms UTC): a learning card that came due, the queue, else one due soon."""
    soonest = queue.later[0] if queue.later else None
    if soonest and soonest[0] <= now:
        return soonest[1]
    if queue.now:
        return queue.now[0]
    if soonest and soonest[0] <= now + queue.look_ahead_ms:
        return soonest[1]
    return None


def _buried(card: QueueCard, day: int) -> bool:
    return card.buried_until is not None and day < card.buried_until


def _is_due(card: QueueCard, day: int) -> bool:
    return card.due_day is not None and card.due_day <= day


def _is_shown(card: QueueCard, today: Today) -> bool:
    """Whether a review belongs to today, by its due day or because of a break."""
    return card.due_day is not None and is_due(card.id, card.due_day, card.last_day, today.day, today.breaks)


def _is_learning(card: QueueCard, day: int) -> bool:
    """Steps within a day belong to today; steps of whole days only once their day has come."""
    return card.phase in _IN_STEPS and (card.due_at is not None or _is_due(card, day))


def _learning_key(card: QueueCard) -> tuple[int, bytes]:
    return (-1 if card.due_at is None else card.due_at, card.id.bytes)


def _review_key(order: ReviewOrder, day: int, card: QueueCard) -> tuple[float, bytes]:
    """Longest due first, shuffled anew each day, most likely forgotten first, or least likely first."""
    if order == "random":
        return hash32(card.id, day), card.id.bytes
    if order == "retrievability":
        return card.retrievability or 0.0, card.id.bytes
    if order == "known":
        return -(card.retrievability or 0.0), card.id.bytes
    return card.due_day or 0, card.id.bytes


def _new_key(order: NewOrder, day: int, card: QueueCard) -> tuple[int, bytes]:
    return (hash32(card.id, day) if order == "random" else card.position), card.id.bytes


def _pick(ordered: Iterable[QueueCard], room: Room, left: int, notes: set[UUID]) -> list[QueueCard]:
    """The first cards for which their deck has room and the total has some left, one a note.

    `notes` learns the notes taken.
    """
    picked = []
    for card in ordered:
        if left <= 0:
            break
        if card.note_id in notes or room.left(card.deck_id) <= 0:
            continue
        picked.append(card)
        notes.add(card.note_id)
        room.take(card.deck_id)
        left -= 1
    return picked


def _mixed(new: list[QueueCard], reviews: list[QueueCard], mix: Mix) -> list[QueueCard]:
    """Both lists in their own orders: one after the other, or the shorter spread evenly over the longer."""
    if mix == "new-first":
        return new + reviews
    if mix == "reviews-first":
        return reviews + new
    # The middle of each card's share of the whole, brought to the common denominator 2 * new * reviews.
    places = [((2 * i + 1) * len(new), 0, card) for i, card in enumerate(reviews)]
    places += [((2 * i + 1) * len(reviews), 1, card) for i, card in enumerate(new)]
    return [card for _, _, card in sorted(places, key=lambda place: place[:2])]


def _counts(
    new: list[QueueCard], learning: list[QueueCard], reviews: list[QueueCard]
) -> dict[UUID, DeckCounts]:
    by_deck = [Counter(card.deck_id for card in cards) for cards in (new, learning, reviews)]
    decks = {deck for counter in by_deck for deck in counter}
    return {deck: DeckCounts(*(counter[deck] for counter in by_deck)) for deck in decks}
