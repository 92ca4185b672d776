"""Queues for the golden vectors: small days of study, each with another thing that decides."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import Any, Final
from uuid import NAMESPACE_OID, UUID, uuid5

from app.core.breaks import Break
from app.core.fuzz import fmix32
from app.core.queue import (
    LOOK_AHEAD_MS,
    DeckLimits,
    Mix,
    NewOrder,
    QueueCard,
    ReviewOrder,
    Today,
    build_queue,
    catching_up,
    next_card,
)

_DAY: Final = 20_156
_NOW: Final = _DAY * 86_400_000 + 36_000_000
_MINUTE: Final = 60_000
_DECK_A, _DECK_B = (uuid5(NAMESPACE_OID, f"wengu deck {name}") for name in "ab")
_TODAY: Final = Today(_DAY, _NOW)
_DRAWN: Final = 12


def queue_vectors() -> Mapping[str, Any]:
    return {
        "about": (
            "queue = build_queue(cards, limits by deck, total, today, above, look_ahead_ms): now in the order"
            " to show, later as [due_at, id], counts by deck. next: the card that next_card gives at a time,"
            " null for none. total caps all decks and says the orders; a deck without limits has the"
            " default ones. above: the deck that stands above a deck; its limits hold for all below it."
        ),
        "queues": [_vector(name, *day) for name, day in {**_told(), **_broken(), **_drawn()}.items()]
        + [_vector(name, *day) for name, day in _in_levels().items()],
        "catching_up": [
            {"total": asdict(total), "per_day": per_day, "then": asdict(catching_up(total, per_day))}
            for total in (DeckLimits(), DeckLimits(3, 40, review_order="random"))
            for per_day in (None, 0, 50, 300)
        ],
    }


Day = tuple[list[QueueCard], dict[UUID, DeckLimits], DeckLimits, Today]


def _vector(
    name: str,
    cards: list[QueueCard],
    limits: dict[UUID, DeckLimits],
    total: DeckLimits,
    today: Today,
    above: Mapping[UUID, UUID] = MappingProxyType({}),
) -> dict[str, Any]:
    queue = build_queue(cards, limits, total, today, above)
    times = [today.now + minutes * _MINUTE for minutes in (0, 5, 30)]
    return {
        "name": name,
        "cards": [_plain(asdict(card)) for card in cards],
        "limits": {str(deck): asdict(limit) for deck, limit in limits.items()},
        "total": asdict(total),
        "above": {str(deck): str(upper) for deck, upper in above.items()},
        "today": {
            "day": today.day,
            "now": today.now,
            "new_done": _by_deck(today.new_done),
            "reviews_done": _by_deck(today.reviews_done),
            "notes_answered": sorted(str(note) for note in today.notes_answered),
            "breaks": [asdict(off) for off in today.breaks],
        },
        "look_ahead_ms": LOOK_AHEAD_MS,
        "queue": {
            "now": [str(card_id) for card_id in queue.now],
            "later": [[due_at, str(card_id)] for due_at, card_id in queue.later],
            "counts": {str(deck): asdict(counts) for deck, counts in sorted(queue.counts.items())},
        },
        "next": [
            {"now": time, "id": None if (found := next_card(queue, time)) is None else str(found)}
            for time in times
        ],
    }


def _told() -> dict[str, Day]:
    mixed = [*_many(5, 0), *_many(12, 2, due_day=_DAY), *_steps()]
    two_decks = [*_many(6, 0), *_many(6, 0, deck_id=_DECK_B), *_many(6, 2, deck_id=_DECK_B, due_day=_DAY - 3)]
    siblings = [
        replace(card, note_id=_id("shared note", number // 3)) for number, card in enumerate(_many(9, 0))
    ]
    siblings += [replace(_card("a review of the same", 2, due_day=_DAY), note_id=_id("shared note", 1))]
    hidden = [
        _card("suspended", 2, due_day=_DAY, suspended=True),
        _card("buried until tomorrow", 0, buried_until=_DAY + 1),
        _card("buried until today", 0, buried_until=_DAY),
        _card("buried in a step", 1, due_day=_DAY, due_at=_NOW - 1, buried_until=_DAY + 1),
        _card("due tomorrow", 2, due_day=_DAY + 1),
        _card("a step of days, not over", 1, due_day=_DAY + 1),
    ]
    done = replace(_TODAY, new_done={_DECK_A: 2, _DECK_B: 1}, reviews_done={_DECK_B: 4})
    answered = replace(_TODAY, notes_answered=frozenset({_id("shared note", 0)}))
    few, tight = DeckLimits(3, 4), DeckLimits(new_per_day=5, reviews_per_day=3)
    return {
        "nothing": ([], {}, DeckLimits(), _TODAY),
        "hidden ones": (hidden, {}, DeckLimits(), _TODAY),
        "only steps": (_steps(), {}, DeckLimits(), _TODAY),
        "mixed": (mixed, {}, DeckLimits(), _TODAY),
        "new first": (mixed, {}, DeckLimits(mix="new-first"), _TODAY),
        "reviews first": (mixed, {}, DeckLimits(mix="reviews-first"), _TODAY),
        "at random": (mixed, {}, DeckLimits(new_order="random", review_order="random"), _TODAY),
        "at random tomorrow": (
            mixed,
            {},
            DeckLimits(new_order="random", review_order="random"),
            Today(_DAY + 1, _NOW + 86_400_000),
        ),
        "deck limits": (two_decks, {_DECK_A: few, _DECK_B: few}, DeckLimits(), _TODAY),
        "total limits": (two_decks, {_DECK_A: few, _DECK_B: few}, tight, _TODAY),
        "some done": (two_decks, {_DECK_A: few, _DECK_B: few}, tight, done),
        "nothing left": (two_decks, {}, DeckLimits(0, 0), _TODAY),
        "siblings": (siblings, {}, DeckLimits(), _TODAY),
        "siblings answered": (siblings, {}, DeckLimits(), answered),
    }


def _broken() -> dict[str, Day]:
    """The days around a break, for cards that fall due before, in and after it."""
    off = Break(_DAY + 10, _DAY + 19)
    cards = [
        replace(
            _card(f"due {number}", 2, due_day=off.first - 3 + number % 16),
            last_day=off.first - 4 if number % 5 == 0 else _DAY - 30,
            retrievability=number % 9 / 10,
        )
        for number in range(48)
    ]
    seen = {
        "long before": off.first - 8,
        "a week before": off.first - 7,
        "the day before": off.first - 1,
        "the first of": off.first,
        "the last of": off.last,
        "the day after": off.last + 1,
        "a week after": off.last + 7,
    }
    days: dict[str, Day] = {
        f"{name} a break": (cards, {}, DeckLimits(), replace(_TODAY, day=day, breaks=(off,)))
        for name, day in seen.items()
    }
    two = (Break(_DAY + 30, _DAY + 29), off, Break(_DAY + 25, _DAY + 26))
    days["between breaks"] = (cards, {}, DeckLimits(), replace(_TODAY, day=_DAY + 21, breaks=two))
    caught = catching_up(DeckLimits(), 7)
    days["catching up"] = (cards, {}, caught, replace(_TODAY, day=_DAY + 40))
    return days


def _drawn() -> dict[str, Day]:
    """Days drawn by lot, with every order in turn."""
    return {f"drawn {number}": _draw(number) for number in range(_DRAWN)}


def _draw(number: int) -> Day:
    lots = iter(fmix32(number * 10_000 + i + 1) for i in range(10_000))
    cards = []
    for i in range(40):
        phase = next(lots) % 4
        within = phase in (1, 3) and next(lots) % 3 > 0
        due_day = _DAY - 5 + next(lots) % 8
        cards.append(
            QueueCard(
                id=_id(f"drawn {number}", i),
                note_id=_id(f"note {number}", next(lots) % 30),
                deck_id=(_DECK_A, _DECK_B)[next(lots) % 2],
                phase=phase,
                due_day=None if phase == 0 else due_day,
                due_at=_NOW - 600_000 + next(lots) % 3_000_000 if within else None,
                position=next(lots) % 50,
                retrievability=None if phase == 0 else next(lots) % 1_000 / 1_000,
                suspended=next(lots) % 10 == 0,
                buried_until=_DAY + next(lots) % 2 if next(lots) % 10 == 0 else None,
            )
        )
    new_orders: tuple[NewOrder, ...] = ("position", "random")
    review_orders: tuple[ReviewOrder, ...] = ("due", "random", "retrievability", "known")
    mixes: tuple[Mix, ...] = ("mix", "new-first", "reviews-first")
    total = DeckLimits(7, 9, new_orders[number % 2], review_orders[number % 4], mixes[number // 3 % 3])
    answered = frozenset(_id(f"note {number}", next(lots) % 30) for _ in range(4))
    breaks = (Break(_DAY + 1 - number, _DAY + 3 - number),) if number % 2 else ()
    today = replace(_TODAY, notes_answered=answered, breaks=breaks)
    return cards, {_DECK_A: DeckLimits(5, 4)}, total, today


def _in_levels() -> dict[str, tuple[*Day, Mapping[UUID, UUID]]]:
    """Decks below decks: A above C and D, C above E; B stands for itself."""
    deck_c, deck_d, deck_e = (uuid5(NAMESPACE_OID, f"wengu deck {name}") for name in "cde")
    above = {deck_c: _DECK_A, deck_d: _DECK_A, deck_e: deck_c}
    decks = (_DECK_A, _DECK_B, deck_c, deck_d, deck_e)
    cards = [
        card
        for deck in decks
        for card in (*_many(5, 0, deck), *_many(5, 2, deck, due_day=_DAY - decks.index(deck)))
    ]
    below = [card for card in cards if card.deck_id in (deck_c, deck_e)]
    done = replace(_TODAY, new_done={deck_e: 2, _DECK_B: 1}, reviews_done={deck_d: 3, _DECK_A: 1})
    wide, few, least, none = DeckLimits(30, 30), DeckLimits(9, 7), DeckLimits(2, 3), DeckLimits(0, 0)
    total = DeckLimits()
    days = {
        "the one above holds for all": {_DECK_A: few, deck_c: wide, deck_d: wide, deck_e: wide},
        "the one below holds too": {_DECK_A: wide, deck_c: few, deck_d: least, deck_e: least},
        "in the middle": {_DECK_A: wide, deck_c: least, deck_d: wide, deck_e: wide},
        "nothing above": {_DECK_A: none, deck_c: wide, deck_e: wide},
        "without limits below": {_DECK_A: few},
    }
    found: dict[str, tuple[*Day, Mapping[UUID, UUID]]] = {}
    for name, limits in days.items():
        found[f"levels: {name}"] = (cards, limits, total, _TODAY, above)
        found[f"levels: {name}, some done"] = (cards, limits, total, done, above)
        found[f"levels: {name}, from below"] = (below, limits, total, done, above)
    for number in range(_DRAWN):
        drawn, limits, total, today = _draw(_DRAWN + number)
        lots = (fmix32(number * 1_000 + i + 7) for i in range(1_000))
        spread = [replace(card, deck_id=decks[next(lots) % 5]) for card in drawn]
        limits = limits | {deck: DeckLimits(next(lots) % 7, next(lots) % 7) for deck in (_DECK_A, deck_c)}
        begun = {deck: next(lots) % 3 for deck in decks}
        found[f"levels: drawn {number}"] = (spread, limits, total, replace(today, new_done=begun), above)
    return found


def _steps() -> list[QueueCard]:
    """Learning cards: due long ago, just now, in a moment, soon, and a step of days that is over."""
    waits = {"long ago": -50, "just now": 0, "in a moment": 4, "soon": 25, "much later": 300}
    within = [
        _card(f"step {name}", 1, due_day=_DAY, due_at=_NOW + minutes * _MINUTE)
        for name, minutes in waits.items()
    ]
    return [*within, _card("relearning", 3, due_day=_DAY, due_at=_NOW - 1), _card("days", 1, due_day=_DAY)]


def _many(count: int, phase: int, deck_id: UUID = _DECK_A, due_day: int | None = None) -> list[QueueCard]:
    return [
        replace(
            _card(f"{phase} of {deck_id} {number}", phase, due_day=due_day and due_day - number % 4),
            deck_id=deck_id,
            position=count - number,
        )
        for number in range(count)
    ]


def _card(name: str, phase: int, **others: Any) -> QueueCard:
    given = {"due_day": None, "due_at": None, "position": 0, **others}
    return QueueCard(
        id=_id(name, 0), note_id=_id(f"note of {name}", 0), deck_id=_DECK_A, phase=phase, **given
    )


def _id(name: str, number: int) -> UUID:
    return uuid5(NAMESPACE_OID, f"wengu {name} {number}")


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, UUID) else value for name, value in fields.items()}


def _by_deck(numbers: Mapping[UUID, int]) -> dict[str, int]:
    return {str(deck): number for deck, number in numbers.items()}
