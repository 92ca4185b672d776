"""What is shown today, and what never is."""

from collections import Counter
from dataclasses import replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.core.levels import decks_below
from app.core.queue import DeckCounts, DeckLimits, Queue, QueueCard, Today, build_queue, next_card

DAY = 20_000
NOW = DAY * 86_400_000 + 40_000_000
MINUTE = 60_000
DECKS = [UUID(int=n) for n in (0xA, 0xB, 0xC, 0xD)]
TODAY = Today(DAY, NOW)
DEFAULT = DeckLimits()


def card(number: int, phase: int = 0, **others: object) -> QueueCard:
    due_day = None if phase == 0 else DAY
    made = QueueCard(
        UUID(int=number), UUID(int=number + 10**6), DECKS[0], phase, due_day, None, position=number
    )
    return replace(made, **others)  # type: ignore[arg-type]


def queue_of(*cards: QueueCard, total: DeckLimits = DEFAULT, today: Today = TODAY) -> Queue:
    return build_queue(cards, {}, total, today)


def order(queue: Queue) -> list[int]:
    return [card_id.int for card_id in queue.now]


def test_nothing_to_do() -> None:
    empty = queue_of()
    assert (empty.now, empty.later, empty.counts, next_card(empty, NOW)) == ((), (), {}, None)


def test_due_learning_cards_come_first_by_the_minute() -> None:
    queue = queue_of(
        card(1),
        card(2, 2),
        card(3, 1, due_at=NOW),
        card(4, 3, due_at=NOW - MINUTE),
        card(5, 1, due_at=NOW + 1),
        card(6, 1, due_day=DAY - 1),
    )
    assert order(queue) == [6, 4, 3, 2, 1]
    assert queue.later == ((NOW + 1, UUID(int=5)),)
    assert queue.counts[DECKS[0]] == DeckCounts(new=1, learning=4, review=1)


def test_a_step_that_ends_meanwhile_goes_first() -> None:
    queue = queue_of(card(1), card(2, 1, due_at=NOW + 5 * MINUTE))
    assert next_card(queue, NOW) == UUID(int=1)
    assert next_card(queue, NOW + 5 * MINUTE) == UUID(int=2)


def test_steps_are_looked_ahead_to_only_when_nothing_else_is_left() -> None:
    queue = queue_of(card(2, 1, due_at=NOW + 25 * MINUTE))
    assert next_card(queue, NOW) is None
    assert next_card(queue, NOW + 5 * MINUTE) == UUID(int=2)
    assert next_card(replace(queue, look_ahead_ms=0), NOW + 5 * MINUTE) is None


def test_hidden_and_not_yet_due_cards_are_left_out() -> None:
    queue = queue_of(
        card(1, suspended=True),
        card(2, 2, buried_until=DAY + 1),
        card(3, 2, due_day=DAY + 1),
        card(4, 1, due_day=DAY + 1),
        card(5, 1, due_at=NOW - 1, suspended=True),
        card(6, buried_until=DAY),
    )
    assert order(queue) == [6]
    assert queue.later == ()


def test_new_cards_are_spread_evenly_over_reviews() -> None:
    cards = [card(n, 2) for n in range(1, 7)] + [card(n) for n in (21, 22)]
    assert order(queue_of(*cards)) == [1, 2, 21, 3, 4, 5, 22, 6]
    assert order(queue_of(*cards, total=DeckLimits(mix="new-first"))) == [21, 22, 1, 2, 3, 4, 5, 6]
    assert order(queue_of(*cards, total=DeckLimits(mix="reviews-first"))) == [1, 2, 3, 4, 5, 6, 21, 22]


def test_reviews_in_their_orders() -> None:
    cards = [
        card(n, 2, due_day=DAY - n % 3, retrievability=chance)
        for n, chance in ((1, 0.9), (2, 0.5), (3, None), (4, 0.7))
    ]
    assert order(queue_of(*cards)) == [2, 1, 4, 3]
    assert order(queue_of(*cards, total=DeckLimits(review_order="retrievability"))) == [3, 2, 4, 1]


def test_random_orders_hold_for_the_day_and_change_with_it() -> None:
    cards = [card(n, phase) for phase in (0, 2) for n in range(phase * 100, phase * 100 + 15)]
    shuffled = DeckLimits(new_order="random", review_order="random", mix="new-first")
    today = order(queue_of(*cards, total=shuffled))
    assert today == order(queue_of(*reversed(cards), total=shuffled))
    tomorrow = order(queue_of(*cards, total=shuffled, today=replace(TODAY, day=DAY + 1)))
    assert today != tomorrow
    assert today != sorted(today)
    assert sorted(today) == sorted(tomorrow)


def test_limits_of_decks_and_of_all() -> None:
    cards = [card(n) for n in range(1, 5)] + [card(n, deck_id=DECKS[1]) for n in range(11, 15)]
    limits = {DECKS[0]: DeckLimits(new_per_day=3), DECKS[1]: DeckLimits(new_per_day=2)}
    assert order(build_queue(cards, limits, DEFAULT, TODAY)) == [1, 2, 3, 11, 12]
    assert order(build_queue(cards, limits, DeckLimits(new_per_day=4), TODAY)) == [1, 2, 3, 11]
    done = replace(TODAY, new_done={DECKS[0]: 1, DECKS[1]: 5})
    assert order(build_queue(cards, limits, DeckLimits(new_per_day=20), done)) == [1, 2]
    assert order(build_queue(cards, limits, DeckLimits(new_per_day=7), done)) == [1]


def test_the_limit_of_the_deck_above_holds_for_all_below_it() -> None:
    top, left, right, deep = DECKS
    above = {left: top, right: top, deep: left}
    cards = [card(10 * place + n, deck_id=deck) for place, deck in enumerate(DECKS) for n in range(1, 4)]
    limits = {top: DeckLimits(new_per_day=5), left: DeckLimits(new_per_day=2)}
    assert order(build_queue(cards, limits, DEFAULT, TODAY, above)) == [1, 2, 3, 11, 12]
    below = [each for each in cards if each.deck_id in (left, deep)]
    assert order(build_queue(below, limits, DEFAULT, TODAY, above)) == [11, 12]
    done = replace(TODAY, new_done={right: 4, deep: 1})
    assert order(build_queue(below, limits, DEFAULT, done, above)) == []
    assert order(build_queue(below, {left: limits[left]}, DEFAULT, done, above)) == [11]


def test_a_sibling_takes_no_room() -> None:
    note = UUID(int=7)
    cards = [card(1, note_id=note), card(2, note_id=note), card(3)]
    assert order(queue_of(*cards, total=DeckLimits(new_per_day=2))) == [1, 3]
    assert order(queue_of(*cards, card(4, 2, note_id=note))) == [4, 3]
    assert order(queue_of(*cards, today=replace(TODAY, notes_answered=frozenset({note})))) == [3]
    learning = card(5, 1, due_at=NOW, note_id=note)
    assert order(queue_of(*cards, learning)) == [5, 1, 3]


queue_cards = st.builds(
    QueueCard,
    id=st.uuids(),
    note_id=st.sampled_from([UUID(int=n) for n in range(8)]),
    deck_id=st.sampled_from(DECKS),
    phase=st.integers(0, 3),
    due_day=st.integers(DAY - 3, DAY + 3),
    due_at=st.none() | st.integers(NOW - 10**6, NOW + 10**7),
    position=st.integers(0, 9),
    retrievability=st.none() | st.floats(0, 1),
    suspended=st.booleans(),
    buried_until=st.none() | st.integers(DAY - 1, DAY + 1),
).map(lambda item: item if item.phase in (1, 3) else replace(item, due_at=None))
deck_limits = st.builds(
    DeckLimits,
    new_per_day=st.integers(0, 5),
    reviews_per_day=st.integers(0, 5),
    new_order=st.sampled_from(["position", "random"]),
    review_order=st.sampled_from(["due", "random", "retrievability"]),
    mix=st.sampled_from(["mix", "new-first", "reviews-first"]),
)
done = st.dictionaries(st.sampled_from(DECKS), st.integers(0, 4))
todays = st.builds(
    Today,
    day=st.just(DAY),
    now=st.just(NOW),
    new_done=done,
    reviews_done=done,
    notes_answered=st.frozensets(st.sampled_from([UUID(int=n) for n in range(8)])),
)


# A deck stands below one that comes before it, or below none.
levels = st.tuples(*(st.none() | st.sampled_from(DECKS[:place]) for place in range(1, len(DECKS)))).map(
    lambda uppers: {deck: upper for deck, upper in zip(DECKS[1:], uppers, strict=True) if upper}
)


@given(
    st.lists(queue_cards, max_size=40, unique_by=lambda item: item.id),
    st.dictionaries(st.sampled_from(DECKS), deck_limits),
    deck_limits,
    todays,
    levels,
    st.none() | st.sampled_from(DECKS),
)
def test_a_queue_keeps_its_rules(
    cards: list[QueueCard],
    limits: dict[UUID, DeckLimits],
    total: DeckLimits,
    today: Today,
    above: dict[UUID, UUID],
    studied: UUID | None,
) -> None:
    """Whatever is studied, with the limits of every deck above."""
    below = decks_below(DECKS, above)
    cards = [item for item in cards if studied is None or item.deck_id in below[studied]]
    queue = build_queue(cards, limits, total, today, above)
    by_id = {item.id: item for item in cards}
    shown = [by_id[card_id] for card_id in queue.now]
    assert len(set(queue.now) | {card_id for _, card_id in queue.later}) == len(shown) + len(queue.later)
    for item in [*shown, *(by_id[card_id] for _, card_id in queue.later)]:
        assert not item.suspended
        assert item.buried_until is None or today.day >= item.buried_until

    fresh = [item for item in shown if item.phase in (0, 2)]
    assert max(Counter(item.note_id for item in fresh).values(), default=0) <= 1
    assert not {item.note_id for item in fresh} & today.notes_answered
    for phase, cap, begun in ((0, "new_per_day", today.new_done), (2, "reviews_per_day", today.reviews_done)):
        taken = Counter(item.deck_id for item in fresh if item.phase == phase)
        assert sum(taken.values()) <= max(getattr(total, cap) - sum(begun.values()), 0)
        for deck, its_own in below.items():
            left = getattr(limits.get(deck, DEFAULT), cap) - sum(begun.get(each, 0) for each in its_own)
            assert sum(taken[each] for each in its_own) <= max(left, 0)

    assert list(queue.later) == sorted(queue.later, key=lambda entry: (entry[0], entry[1].bytes))
    totals = [(counts.new, counts.learning, counts.review) for counts in queue.counts.values()]
    assert sum(map(sum, totals)) == len(shown) + len(queue.later)
    assert build_queue(cards[::-1], limits, total, today, above) == queue


@given(st.lists(queue_cards, max_size=40, unique_by=lambda item: item.id), levels, todays)
def test_a_limit_that_repeats_the_one_above_changes_nothing(
    cards: list[QueueCard], above: dict[UUID, UUID], today: Today
) -> None:
    """Which is what inherited limits do."""
    told = {DECKS[0]: DeckLimits(4, 3)}
    wide = DeckLimits(9_999, 9_999)
    silent = {deck: told.get(deck, wide) for deck in DECKS}
    below = decks_below(DECKS, above)[DECKS[0]]
    repeated = {deck: told[DECKS[0]] if deck in below else wide for deck in DECKS}
    first, second = (build_queue(cards, limits, wide, today, above) for limits in (silent, repeated))
    assert first == second
