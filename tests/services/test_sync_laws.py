"""Laws of sync over a real database: whatever several phones send, in whatever order and however often."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from app.core.digest import set_digest, to_hex
from app.core.events import Kind
from app.core.schedule import replay
from app.core.stats import DayCounts, tally
from app.db.engine import reading
from app.db.models import Event, cards, events
from app.db.rows import CARD_COLUMNS, EVENT_COLUMNS, CardRow, event_of
from app.services.day_counts import CountsByDeck
from app.services.history import day_stats
from app.services.learners import LearnerChanges, change_learner
from app.services.ledger import read_parameter_versions
from app.services.rebuild import rebuild
from app.services.sync import EventIn
from tests.factories import DAY, HOUR, NOW, a_deck, a_learner, a_phone, all_rows, random_bytes, some_cards

CARDS, PHONES = 3, 3
over_the_database = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass(frozen=True)
class Act:
    """What one phone does at some hour; `card` and `undoes` are numbers into what there is."""

    phone: int
    card: int
    kind: Kind
    hours: int
    rating: int
    number: int
    offset: int


acts = st.builds(
    Act,
    phone=st.integers(0, PHONES - 1),
    card=st.integers(0, CARDS - 1),
    kind=st.sampled_from(
        ["answer"] * 6 + ["undo", "undo", "suspend", "unsuspend", "bury", "flag", "reset", "due", "seed"]
    ),
    hours=st.integers(0, 24 * 40),
    rating=st.integers(1, 4),
    number=st.integers(0, 30),
    offset=st.sampled_from([0, 0, 0, -HOUR, 3 * HOUR, 400 * DAY]),
)
plans = st.tuples(
    st.lists(acts, min_size=1, max_size=14),
    st.randoms(use_true_random=False),
    st.lists(st.integers(1, 5), min_size=1, max_size=6),
)


def data_of(act: Act, earlier: list[EventIn]) -> dict[str, Any]:
    day = (NOW + act.hours * HOUR) // DAY
    if act.kind == "undo":
        return {"event": str(earlier[act.number % len(earlier)].id)}
    by_kind: dict[str, dict[str, Any]] = {
        "bury": {"until": day + act.number},
        "flag": {"flag": act.number % 8},
        "due": {"day": day + act.number},
        "seed": {
            "phase": 2,
            "stability": 1.5 + act.number,
            "difficulty": 5.0,
            "due_day": day + 3,
            "last_day": day,
            "reps": act.number,
            "lapses": 1,
        },
    }
    return by_kind.get(act.kind, {})


class World:
    """A learner with some cards and several phones."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.learner_id = a_learner(engine)
        deck = a_deck(engine, self.learner_id)
        self.cards = some_cards(engine, self.learner_id, CARDS, deck)
        self.phones = [a_phone(engine, self.learner_id) for _ in range(PHONES)]

    def made(self, script: list[Act]) -> list[tuple[int, EventIn]]:
        """The events of the script, each with the number of its phone."""
        done: list[EventIn] = []
        sent = []
        for act in script:
            kind: Kind = "flag" if act.kind == "undo" and not done else act.kind
            data = data_of(act, done) if kind == act.kind else {"flag": 1}
            event = self.phones[act.phone].event(
                self.cards[act.card], kind, at=NOW + act.hours * HOUR, rating=act.rating, **data
            )
            event = EventIn(
                **{**{n: getattr(event, n) for n in EventIn.__slots__}, "clock_offset_ms": act.offset}
            )
            done.append(event)
            sent.append((act.phone, event))
        return sent

    def send(self, sent: list[tuple[int, EventIn]], sizes: list[int], now: int) -> None:
        """All events in this order, in requests of these sizes (each of one phone)."""
        queue, turn = list(sent), 0
        while queue:
            phone, size = queue[0][0], sizes[turn % len(sizes)]
            batch = [event for number, event in queue[:size] if number == phone]
            queue = [entry for entry in queue if entry[1] not in batch]
            result = self.phones[phone].sync(batch, now=now)
            assert not result.refused
            turn += 1

    def card_rows(self) -> dict[UUID, CardRow]:
        with reading(self.engine) as session:
            rows = session.execute(select(*CARD_COLUMNS).where(cards.c.learner_id == self.learner_id))
            return {row[0]: CardRow(*row) for row in rows}

    def check(self) -> None:
        """Every cache is what the log says."""
        rows = self.card_rows()
        counted = CountsByDeck()
        with reading(self.engine) as session:
            versions = read_parameter_versions(session, self.learner_id)
            logged = session.execute(select(*EVENT_COLUMNS).where(events.c.learner_id == self.learner_id))
            log = [event_of(row) for row in logged]
        for card_id, row in rows.items():
            its_log = [event for event in log if event.card_id == card_id]
            assert row.state == replay(card_id, its_log, versions)
            counted.add_all(row.deck_id, tally(card_id, its_log, versions))
        stored = {
            (row.day, row.deck_id): row.counts
            for row in day_stats(self.engine, self.learner_id, 18_000, 21_600)
        }
        assert stored == {key: counts for key, counts in counted.counts.items() if counts != DayCounts()}
        digest = self.phones[0].sync(now=NOW + 60 * DAY).digest
        assert digest == to_hex(set_digest((card_id, row) for card_id, row in rows.items()))
        assert rebuild(self.engine, NOW + 60 * DAY, [self.learner_id]) == 0


@over_the_database
@given(plan=plans)
def test_any_order_from_any_phones_gives_what_replay_gives(engine: Engine, plan: Any) -> None:
    script, dice, sizes = plan
    world = World(engine)
    sent = world.made(script)
    dice.shuffle(sent)
    world.send(sent, sizes, NOW + 50 * DAY)
    world.check()


@over_the_database
@given(plan=plans)
def test_the_log_is_the_union_and_the_order_of_arrival_is_forgotten(engine: Engine, plan: Any) -> None:
    script, dice, sizes = plan
    world = World(engine)
    sent = world.made(script)
    world.send(sent, sizes, NOW + 50 * DAY)
    first = {card_id: row.state for card_id, row in world.card_rows().items()}
    log = sorted(row["id"] for row in all_rows(engine, Event))
    twice = sent + sent
    dice.shuffle(twice)
    world.send(twice, sizes, NOW + 51 * DAY)
    assert {card_id: row.state for card_id, row in world.card_rows().items()} == first
    assert log == sorted(row["id"] for row in all_rows(engine, Event))
    world.check()


@over_the_database
@given(plan=plans, cut=st.integers(0, 14), retention=st.sampled_from([0.8, 0.95]))
def test_new_parameters_between_the_answers(engine: Engine, plan: Any, cut: int, retention: float) -> None:
    script, dice, sizes = plan
    world = World(engine)
    sent = world.made(script)
    dice.shuffle(sent)
    world.send(sent[:cut], sizes, NOW + 50 * DAY)
    due = {card_id: row.due_day for card_id, row in world.card_rows().items()}
    change_learner(
        engine, world.learner_id, LearnerChanges(desired_retention=retention), NOW + 20 * DAY, random_bytes
    )
    assert {card_id: row.due_day for card_id, row in world.card_rows().items()} == due or any(
        event.at - event.clock_offset_ms >= NOW + 20 * DAY for _, event in sent[:cut]
    )
    world.check()
    world.send(sent[cut:], sizes, NOW + 50 * DAY)
    world.check()


def test_wrong_caches_are_found_and_put_right(engine: Engine) -> None:
    world = World(engine)
    world.phones[0].sync([world.phones[0].event(card) for card in world.cards])
    with engine.begin() as connection:
        connection.execute(cards.update().where(cards.c.id == world.cards[0]).values(reps=7, due_day=1))
    assert rebuild(engine, NOW, [world.learner_id]) > 0
    world.check()
