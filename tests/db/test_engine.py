"""How the database is spoken to."""

import threading
from pathlib import Path

import pysqlite3.dbapi2
import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError

from app.config import Settings
from app.db.engine import DatabaseUnusable, make_engine, reading, writing
from app.db.models import decks, learners, logins
from tests.factories import a_row


def test_an_sqlite_that_can_corrupt_a_database_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pysqlite3.dbapi2, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(DatabaseUnusable, match=r"3\.51\.3"):
        make_engine(Settings(data=tmp_path))


def test_other_databases_are_refused() -> None:
    with pytest.raises(DatabaseUnusable, match="mysql"):
        make_engine(Settings(database_url="mysql://db/wengu"))


def test_an_error_for_the_log_lists_nothing_that_people_wrote(engine: Engine) -> None:
    row = a_row("login")
    with engine.begin() as connection, pytest.raises(IntegrityError) as failure:
        connection.execute(logins.insert(), [row, row])
    assert "INSERT INTO login" in str(failure.value)
    assert "[parameters:" not in str(failure.value)


def test_sqlite_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    made = make_engine(Settings(data=tmp_path))
    with made.connect() as connection:
        asked = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    made.dispose()
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


def test_a_block_that_raises_leaves_nothing(engine: Engine) -> None:
    def fail() -> None:
        with writing(engine) as session:
            session.execute(learners.insert(), [a_row("learner")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with reading(engine) as session:
        assert session.execute(select(learners)).all() == []


def test_readers_see_one_moment(engine: Engine) -> None:
    with reading(engine) as session:
        assert session.execute(select(learners.c.id)).all() == []
        with writing(engine) as other:
            other.execute(learners.insert(), [a_row("learner")])
        assert session.execute(select(learners.c.id)).all() == []


def test_rows_of_nobody_are_refused(engine: Engine) -> None:
    with pytest.raises(IntegrityError), writing(engine) as session:
        session.execute(decks.insert(), [a_row("deck")])


def test_writers_of_one_learner_wait_for_each_other(engine: Engine) -> None:
    """Each reads the count, adds one and writes it: none may be lost."""
    with writing(engine) as session:
        session.execute(learners.insert(), [a_row("learner", seq=0)])
    failures: list[BaseException] = []

    def count_up() -> None:
        try:
            for _ in range(10):
                with writing(engine) as session:
                    seq = session.execute(select(learners.c.seq).with_for_update()).scalar_one()
                    session.execute(learners.update().values(seq=seq + 1))
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with reading(engine) as session:
        assert session.execute(select(learners.c.seq)).scalar_one() == 40
