"""The day's queue equals the core's queue over all cards, though only some are read."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, bindparam, event, select, update

from app.core.breaks import Break
from app.core.errors import Missing
from app.core.levels import decks_above, line_of
from app.core.queue import DeckCounts, DeckLimits, QueueCard, Today, build_queue, catching_up
from app.core.schedule import CardState, retrievability
from app.db.engine import reading, writing
from app.db.models import cards, day_stats
from app.services import todays_queue
from app.services.content import NewNote, add_notes
from app.services.decks import change_deck, list_decks
from app.services.learners import LearnerChanges, change_learner, read_parameters
from app.services.ledger import changing
from app.services.study import study_queue
from app.services.todays_queue import queue_of
from tests.factories import HOUR, NOW, a_deck, a_learner, a_phone, an_id, random_bytes, some_cards, today

DAY = today()
states = st.fixed_dictionaries(
    {
        "phase": st.sampled_from([0, 0, 0, 1, 2, 2, 2, 3]),
        "due": st.integers(-4, 2),
        "last": st.sampled_from([-30, -3, -1, 0]),
        "minutes": st.sampled_from([None, -5, 5, 40]),
        "stability": st.floats(0.5, 50),
        "suspended": st.sampled_from([False, False, False, True]),
        "buried": st.sampled_from([None, None, 0, 1]),
    }
)


def row_of(card_id: UUID, drawn: dict[str, Any]) -> dict[str, Any]:
    seen = drawn["phase"] > 0
    in_steps = drawn["phase"] in (1, 3) and drawn["minutes"] is not None
    return {
        "b_id": card_id,
        "phase": drawn["phase"],
        "due_day": (DAY if in_steps else DAY + drawn["due"]) if seen else None,
        "due_at": NOW + drawn["minutes"] * 60_000 if in_steps else None,
        "last_day": DAY + drawn["last"] if seen else None,
        "stability": drawn["stability"] if seen else None,
        "suspended": drawn["suspended"],
        "buried_until": None if drawn["buried"] is None else DAY + drawn["buried"],
    }


def fill(
    engine: Engine, learner_id: UUID, drawn: list[list[list[dict[str, Any]]]], names: Sequence[str]
) -> list[UUID]:
    """Decks of notes of cards in the states drawn."""
    deck_ids, rows = [], []
    for name, deck in zip(names, drawn, strict=False):
        deck_id = a_deck(engine, learner_id, name)
        deck_ids.append(deck_id)
        new = []
        for position, note in enumerate(deck):
            text = "".join(f"{{{{c{n + 1}::字}}}}" for n in range(len(note)))
            new.append(NewNote(an_id(), "cloze", {"text": text}, (), str(an_id()), None, position))
        with changing(engine, learner_id, NOW) as ledger:
            add_notes(ledger, deck_id, new)
        with reading(engine) as session:
            made = session.execute(
                select(cards.c.id, cards.c.note_id, cards.c.ordinal).where(cards.c.deck_id == deck_id)
            ).all()
        states_of = {new_note.id: note for new_note, note in zip(new, deck, strict=True)}
        rows += [row_of(row.id, states_of[row.note_id][row.ordinal]) for row in made]
    if rows:
        with writing(engine) as session:
            session.execute(update(cards).where(cards.c.id == bindparam("b_id")), rows)
    return deck_ids


def over_all_cards(
    engine: Engine,
    learner_id: UUID,
    deck_id: UUID | None,
    total: DeckLimits,
    limits: Any,
    breaks: tuple[Break, ...] = (),
    above: Mapping[UUID, UUID] = MappingProxyType({}),
) -> Any:
    names = [name for name in QueueCard.__dataclass_fields__ if name != "retrievability"]
    parameters = read_parameters(engine, learner_id)
    with reading(engine) as session:
        rows = session.execute(
            select(*(cards.c[name] for name in names)).where(cards.c.learner_id == learner_id)
        ).mappings()
        every = []
        for row in rows:
            state = CardState(stability=row["stability"], last_day=row["last_day"])
            every.append(QueueCard(**row, retrievability=retrievability(state, DAY, parameters)))
        done = session.execute(select(day_stats).where(day_stats.c.learner_id == learner_id)).all()
    answered = frozenset(card.note_id for card in every if card.last_day == DAY)
    now = Today(
        DAY,
        NOW,
        {row.deck_id: row.new for row in done if row.day == DAY},
        {row.deck_id: row.young + row.mature for row in done if row.day == DAY},
        answered,
        breaks,
    )
    here = [card for card in every if deck_id is None or deck_id in line_of(card.deck_id, above)]
    return build_queue(here, limits, total, now, above)


@settings(max_examples=30, deadline=None, suppress_health_check=[*HealthCheck])
@given(
    drawn=st.lists(
        st.lists(st.lists(states, min_size=1, max_size=4), min_size=1, max_size=12), min_size=1, max_size=3
    ),
    limits=st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6), st.sampled_from(["position", "random"])),
        min_size=3,
        max_size=3,
    ),
    total=st.tuples(st.integers(0, 9), st.integers(0, 9)),
    order=st.sampled_from(["due", "random", "retrievability"]),
    only=st.sampled_from([None, 0]),
    names=st.sampled_from([("一", "二", "三"), ("一", "一::二", "一::二::三"), ("一", "一::二", "一::三")]),
    off=st.sampled_from([None, None, (1, 3), (-2, -1), (-1, 1), (0, 5)]),
    catch_up=st.sampled_from([None, None, 2]),
)
def test_the_queue_is_that_of_all_cards(
    engine: Engine,
    drawn: Any,
    limits: Any,
    total: Any,
    order: Any,
    only: int | None,
    names: Sequence[str],
    off: Any,
    catch_up: int | None,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(todays_queue, "_SPARE", 1)
        learner_id = a_learner(engine)
        breaks = () if off is None else (Break(DAY + off[0], DAY + off[1]),)
        deck_ids = fill(engine, learner_id, drawn, names)
        chosen = {}
        for deck_id, (new, reviews, new_order) in zip(deck_ids, limits, strict=False):
            options = {
                "new_per_day": new,
                "reviews_per_day": reviews,
                "new_order": new_order,
                "review_order": order,
            }
            change_deck(
                engine,
                learner_id,
                deck_id,
                {"options": options},
                base_version=None,
                now=NOW,
                random=random_bytes,
            )
            chosen[deck_id] = DeckLimits(**options)
        change_learner(
            engine,
            learner_id,
            LearnerChanges(
                settings={
                    "new_per_day": total[0],
                    "reviews_per_day": total[1],
                    "breaks": [asdict(each) for each in breaks],
                    "catch_up": catch_up,
                }
            ),
            NOW,
            random_bytes,
        )
        chosen_id = None if only is None else deck_ids[only]
        orders = chosen[chosen_id] if chosen_id else DeckLimits()
        whole = DeckLimits(total[0], total[1], orders.new_order, orders.review_order)
        whole = catching_up(replace(whole, mix=orders.mix), catch_up)
        with reading(engine) as session:
            found = queue_of(session, learner_id, chosen_id, NOW).queue
            page = list_decks(engine, learner_id, None, 10, NOW).items
        above = decks_above(zip(deck_ids, names, strict=False))
        assert found == over_all_cards(engine, learner_id, chosen_id, whole, chosen, breaks, above)
        for item in page:
            orders = replace(chosen[item.deck.id], new_per_day=total[0], reviews_per_day=total[1])
            whole = catching_up(orders, catch_up)
            left = over_all_cards(engine, learner_id, item.deck.id, whole, chosen, breaks, above).left
            counts = item.counts
            assert DeckCounts(counts.new, counts.learning, counts.review) == left


def test_answers_use_the_days_limits_up(engine: Engine) -> None:
    phone = a_phone(engine)
    deck_id = a_deck(engine, phone.learner_id)
    some_cards(engine, phone.learner_id, 6, deck_id)
    change_learner(engine, phone.learner_id, LearnerChanges(settings={"new_per_day": 4}), NOW, random_bytes)
    queue = study_queue(engine, phone.learner_id, deck_id=deck_id, limit=2, now=NOW)
    assert len(queue.items) == 2
    assert queue.counts[deck_id].new == 4
    phone.sync([phone.event(item.card.id, rating=4) for item in queue.items])
    queue = study_queue(engine, phone.learner_id, deck_id=None, limit=10, now=NOW)
    assert [item.note.fields["front"] for item in queue.items] == ["问2", "问3"]


def test_items_carry_note_face_and_the_four_ways_on(engine: Engine) -> None:
    phone = a_phone(engine)
    deck_id = a_deck(engine, phone.learner_id)
    some_cards(engine, phone.learner_id, 1, deck_id)
    change = {"options": {"desired_retention": 0.8}}
    change_deck(engine, phone.learner_id, deck_id, change, base_version=None, now=NOW, random=random_bytes)
    (item,) = study_queue(engine, phone.learner_id, deck_id=None, limit=10, now=NOW).items
    assert (item.face.front, item.face.back) == ("问0", "答0")
    assert [each.rating for each in item.previews] == [1, 2, 3, 4]
    answer = phone.event(item.card.id, rating=4, retention=0.8)
    (card,) = phone.sync([answer]).changes.cards[-1:]
    assert card.due_day == item.previews[3].due_day


def test_learning_cards_soon_due_come_when_nothing_else_is_left(engine: Engine) -> None:
    phone = a_phone(engine)
    (card,) = some_cards(engine, phone.learner_id, 1)
    phone.sync([phone.event(card, rating=3)])
    queue = study_queue(engine, phone.learner_id, deck_id=None, limit=10, now=NOW + 60_000)
    assert [item.card.id for item in queue.items] == [card]
    assert queue.later == [(NOW + 600_000, card)]
    later = study_queue(engine, phone.learner_id, deck_id=None, limit=10, now=NOW - HOUR)
    assert later.items == []


def test_a_parent_is_studied_with_all_below_it_and_holds_them(engine: Engine) -> None:
    phone = a_phone(engine)
    names = ("礼仪", "礼仪::国际", "礼仪::国内", "别的")
    top, abroad, home, _other = deck_ids = [a_deck(engine, phone.learner_id, name) for name in names]
    for deck_id in deck_ids:
        some_cards(engine, phone.learner_id, 3, deck_id)
    for deck_id, new in ((top, 4), (abroad, 2)):
        change = {"options": {"new_per_day": new}}
        change_deck(
            engine, phone.learner_id, deck_id, change, base_version=None, now=NOW, random=random_bytes
        )

    def left() -> list[tuple[int, int]]:
        page = list_decks(engine, phone.learner_id, None, 10, NOW).items
        for item in page:
            queue = study_queue(engine, phone.learner_id, deck_id=item.deck.id, limit=50, now=NOW)
            assert sum(counts.new for counts in queue.counts.values()) == item.counts.new == len(queue.items)
        return [(item.counts.new, item.counts.total) for item in page]

    assert left() == [(4, 9), (2, 3), (3, 3), (3, 3)]
    (item,) = study_queue(engine, phone.learner_id, deck_id=abroad, limit=1, now=NOW).items
    phone.sync([phone.event(item.card.id, rating=4)])
    assert left() == [(3, 9), (1, 3), (3, 3), (3, 3)]
    for item in study_queue(engine, phone.learner_id, deck_id=home, limit=50, now=NOW).items:
        phone.sync([phone.event(item.card.id, rating=4)])
    assert left() == [(0, 9), (0, 3), (0, 3), (3, 3)]


@pytest.mark.parametrize("deck", [None, 0])
def test_statements_do_not_grow_with_decks(engine: Engine, deck: int | None) -> None:
    counts = []
    for number in (2, 30):
        learner_id = a_learner(engine)
        ids = [a_deck(engine, learner_id, "::".join("礼仪"[: 1 + n % 2]) + f"{n}") for n in range(number)]
        some_cards(engine, learner_id, 2, ids[-1])
        seen: list[str] = []

        def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)  # noqa: B023 - taken away below

        event.listen(engine, "before_cursor_execute", hear)
        with reading(engine) as session:
            queue_of(session, learner_id, None if deck is None else ids[deck], NOW)
        list_decks(engine, learner_id, None, 100, NOW)
        event.remove(engine, "before_cursor_execute", hear)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_deck_that_is_not_there(engine: Engine) -> None:
    with pytest.raises(Missing, match="deck-missing"):
        study_queue(engine, a_learner(engine), deck_id=an_id(), limit=1, now=NOW)
