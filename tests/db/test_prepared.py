"""Statements that go straight to the driver mean the same, fail the same and are heard of the same."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, bindparam, event, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from app.db import prepared
from app.db.engine import asking, changing_rows
from app.db.models import decks, learners, notes
from app.db.prepared import Prepared, PreparedIn, hand_over
from tests.factories import LEARNER, a_row, an_id

BY_ID = PreparedIn(
    lambda ids: (
        select(learners.c.id, learners.c.settings).where(learners.c.id.in_(ids)).order_by(learners.c.id)
    )
)
ADD_LEARNER = Prepared(insert(learners))
ADD_DECK = Prepared(insert(decks))
SETTINGS = Prepared(select(learners.c.settings).where(learners.c.id == bindparam("learner")))
NAMED = Prepared(select(decks.c.id, decks.c.options).where(decks.c.name == bindparam("name")))


@pytest.fixture
def learner(engine: Engine) -> UUID:
    with changing_rows(engine) as connection:
        ADD_LEARNER.run_each(connection, [a_row("learner", settings={"theme": "夜"})])
    return LEARNER


def test_values_come_back_as_they_went_in(engine: Engine, learner: UUID) -> None:
    ids = [an_id() for _ in range(3)]
    rows = [
        a_row("deck", id=deck_id, name="礼仪", options={"mix": None, "new_per_day": 3}) for deck_id in ids
    ]
    with changing_rows(engine) as connection:
        ADD_DECK.run_each(connection, rows)
        found = NAMED.run(connection, {"name": "礼仪"}).rows()
    assert sorted(found) == sorted((deck_id, {"mix": None, "new_per_day": 3}) for deck_id in ids)


@pytest.mark.parametrize("number", [0, 1, 2, 3, 5])
def test_any_number_of_ids(engine: Engine, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_MOST_IDS", 4)
    ids = [an_id() for _ in range(5)]
    with changing_rows(engine) as connection:
        ADD_LEARNER.run_each(connection, [a_row("learner", id=learner_id) for learner_id in ids])
        found = BY_ID.rows(connection, ids[:number], {})
    assert sorted(row[0] for row in found) == sorted(ids[:number])


def test_no_rows(engine: Engine, learner: UUID) -> None:
    with asking(engine) as connection:
        assert NAMED.run(connection, {"name": "nothing"}).row() is None


@pytest.mark.parametrize("queue", [False, True])
def test_rows_may_be_read_after_the_transaction(engine: Engine, learner: UUID, queue: bool) -> None:
    with changing_rows(engine, queue=queue) as connection:
        answer = SETTINGS.run(connection, {"learner": learner})
        ADD_DECK.run_each(connection, [a_row("deck")])
    assert answer.row() == ({"theme": "夜"},)
    with asking(engine) as connection:
        assert NAMED.run(connection, {"name": a_row("deck")["name"]}).row() is not None


@pytest.mark.parametrize("queue", [False, True])
def test_what_fails_leaves_nothing_and_fails_as_everywhere(engine: Engine, queue: bool) -> None:
    def add_twice() -> None:
        with changing_rows(engine, queue=queue) as connection:
            ADD_LEARNER.run_each(connection, [a_row("learner")])
            ADD_LEARNER.run_each(connection, [a_row("learner")])

    with pytest.raises(IntegrityError) as failure:
        add_twice()
    assert "[parameters:" not in str(failure.value)
    with asking(engine) as connection:
        assert BY_ID.rows(connection, [LEARNER], {}) == []


def test_a_question_alone_opens_no_transaction(engine: Engine) -> None:
    with asking(engine) as connection:
        NAMED.run(connection, {"name": ""})
        assert not connection.in_transaction()
        raw: Any = connection.connection.dbapi_connection
        if engine.dialect.name == "sqlite":
            assert not raw.in_transaction
        else:
            assert raw.info.transaction_status.name == "IDLE"


def test_listeners_hear_of_them(engine: Engine) -> None:
    seen: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    with asking(engine) as connection:
        NAMED.run(connection, {"name": ""})
    event.remove(engine, "before_cursor_execute", listen)
    assert len(seen) == 1
    assert seen[0].startswith("SELECT deck.id")


def test_a_connection_that_broke_is_not_used_again(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("a file does not hang up")
    with asking(engine) as connection:
        hand_over(connection, "SELECT 1")
        with pytest.raises(OperationalError) as failure:
            hand_over(connection, "SELECT pg_terminate_backend(pg_backend_pid())")
    assert failure.value.connection_invalidated
    with asking(engine) as connection:
        assert hand_over(connection, "SELECT 1").fetchall() == [(1,)]


def test_the_statement_about_a_learner_without_notes(engine: Engine, learner: UUID) -> None:
    """A constant of the statement itself is a value like the others."""
    asked = Prepared(
        select(notes.c.id).where(notes.c.learner_id == bindparam("learner"), notes.c.kind == "basic")
    )
    with asking(engine) as connection:
        assert asked.run(connection, {"learner": learner}).rows() == []


def test_other_statements_may_come_between_queued_ones(engine: Engine) -> None:
    with changing_rows(engine, queue=True) as connection:
        ADD_LEARNER.run_each(connection, [a_row("learner")])
        assert connection.execute(select(learners.c.id)).scalars().all() == [LEARNER]
        ADD_DECK.run_each(connection, [a_row("deck")])
        made = connection.execute(insert(notes).returning(notes.c.id), [a_row("note")]).scalars().all()
        assert connection.execute(select(decks.c.id)).scalars().all() == [a_row("deck")["id"]]
    assert made == [a_row("note")["id"]]
