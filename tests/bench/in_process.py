"""What the database and the core cost, without HTTP."""

import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, event, insert, select

from app.config import Settings
from app.core.day import learner_day
from app.db.engine import make_engine, writing
from app.db.models import cards, decks, events
from app.services.history import day_stats
from app.services.migrate import migrate
from app.services.study import study_queue
from app.services.sync import EventIn, SyncRequest, sync
from tests.bench.collection import add_log, add_year_of_days, fill, log_rows
from tests.bench.report import Figure
from tests.bench.serving import ROLLOVER, ZONE, fresh_id
from tests.postgres import cluster


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def today() -> int:
    return learner_day(now_ms(), ZONE, ROLLOVER)


@contextmanager
def sqlite_engine() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(Settings.from_env({"WENGU_DATA": folder}))
        migrate(engine)
        yield engine
        engine.dispose()


@contextmanager
def postgresql_engine() -> Iterator[Engine]:
    with cluster(durable=True) as url:
        engine = make_engine(
            Settings.from_env({"WENGU_DATABASE_URL": url.render_as_string(hide_password=False)})
        )
        migrate(engine)
        yield engine
        engine.dispose()


def median_seconds(act: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def card_ids(engine: Engine, learner_id: UUID) -> list[UUID]:
    with engine.connect() as connection:
        return list(connection.execute(select(cards.c.id).where(cards.c.learner_id == learner_id)).scalars())


def sync_of_5000() -> Iterator[Figure]:
    """5,000 first answers in one request, against `executemany` of the same log rows into an empty file."""
    number = 5_000
    with sqlite_engine() as engine:
        learner_id = fill(engine, size=number, today=today(), now=now_ms())
        request = _answers_to(card_ids(engine, learner_id))
        began = time.perf_counter()
        result = sync(engine, learner_id, request, now=now_ms(), random=os.urandom)
        seconds = time.perf_counter() - began
        assert len(result.acked) == number, result.refused[:3]
    with sqlite_engine() as bare:
        other = fill(bare, size=1, today=today(), now=now_ms())
        rows = list(log_rows(other, card_ids(bare, other), number, today()))
        began = time.perf_counter()
        with writing(bare) as session:
            session.execute(insert(events), rows)
        floor = time.perf_counter() - began
    yield Figure(
        "sync of 5,000 answers / executemany", seconds / floor, 12, detail=f"{seconds:.2f} s / {floor:.2f} s"
    )


def _answers_to(ids: list[UUID]) -> SyncRequest:
    at, day = now_ms(), today()
    given = [
        EventIn(fresh_id(), card_id, "answer", 3, at + index, 0, day, 4000, index, {})
        for index, card_id in enumerate(ids)
    ]
    return SyncRequest(device_id=fresh_id(), cursor=10_000_000, want=1, events=given)


def due_queue() -> Iterator[Figure]:
    """Today's queue in a small and in a large collection with the same number of cards due."""
    for name, engine_of, must_ms in (("SQLite", sqlite_engine, 0.1), ("PostgreSQL", postgresql_engine, 0.3)):
        with engine_of() as engine:
            small = fill(engine, size=500, today=today(), now=now_ms())
            large = fill(engine, size=100_000, today=today(), now=now_ms())
            if engine.dialect.name == "postgresql":
                with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql("ANALYZE")
            seconds = {size: _queue_seconds(engine, who) for size, who in ((500, small), (100_000, large))}
            slowest = _slowest_statement_ms(engine, partial(_queue, engine, large))
        yield Figure(
            f"due queue, 100,000 cards / 500, {name}",
            seconds[100_000] / seconds[500],
            2,
            detail=f"{seconds[100_000] * 1000:.1f} ms; slowest statement {slowest:.2f} ms (aim {must_ms})",
        )


def _queue(engine: Engine, learner_id: UUID) -> object:
    return study_queue(engine, learner_id, deck_id=None, limit=20, now=now_ms())


def _queue_seconds(engine: Engine, learner_id: UUID) -> float:
    _queue(engine, learner_id)
    return median_seconds(partial(_queue, engine, learner_id), 30)


def _slowest_statement_ms(engine: Engine, act: Callable[[], object]) -> float:
    times: list[float] = []

    def before(connection: object, cursor: object, statement: str, *_rest: object) -> None:
        times.append(-time.perf_counter())

    def after(connection: object, cursor: object, statement: str, *_rest: object) -> None:
        times[-1] += time.perf_counter()

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    act()
    event.remove(engine, "before_cursor_execute", before)
    event.remove(engine, "after_cursor_execute", after)
    return max(times) * 1000


def year_statistics() -> Iterator[Figure]:
    """A year by day and deck, with 5,000 and with a million answers in the log."""
    with sqlite_engine() as engine:
        seconds = {}
        for number in (5_000, 1_000_000):
            learner_id = fill(engine, size=500, today=today(), now=now_ms())
            with engine.connect() as connection:
                own = list(
                    connection.execute(select(decks.c.id).where(decks.c.learner_id == learner_id)).scalars()
                )
            add_year_of_days(engine, learner_id, own, today())
            add_log(engine, learner_id, card_ids(engine, learner_id), number, today())
            year = partial(day_stats, engine, learner_id, today() - 365, today())
            seconds[number] = median_seconds(year, 200)
    yield Figure(
        "year statistics, 1,000,000 answers / 5,000",
        seconds[1_000_000] / seconds[5_000],
        1.2,
        detail=f"{seconds[1_000_000] * 1000:.2f} ms",
    )


def bytes_a_review() -> Iterator[Figure]:
    number = 100_000
    with sqlite_engine() as engine:
        learner_id = fill(engine, size=500, today=today(), now=now_ms())
        path = str(engine.url.database)
        before = _sqlite_bytes(path)
        add_log(engine, learner_id, card_ids(engine, learner_id), number, today())
        small = (_sqlite_bytes(path) - before) / number
    with postgresql_engine() as engine:
        learner_id = fill(engine, size=500, today=today(), now=now_ms())
        add_log(engine, learner_id, card_ids(engine, learner_id), number, today())
        with engine.connect() as connection:
            size = connection.exec_driver_sql("SELECT pg_total_relation_size('event')").scalar_one()
    yield Figure("bytes a review, SQLite", small, 55)
    yield Figure("bytes a review, PostgreSQL", size / number, 155)


def _sqlite_bytes(path: str) -> int:
    """The pages in use, once the log has been written back into the file."""
    connection = sqlite3.connect(Path(path))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    pages, page_size, free = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "page_size", "freelist_count")
    )
    connection.close()
    return int((pages - free) * page_size)
