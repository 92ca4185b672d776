"""The connection to the database: SQLite by default, PostgreSQL by URL. One way to read, one way to write."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from threading import Lock
from typing import Any, Final
from weakref import WeakKeyDictionary

import pysqlite3.dbapi2
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DisconnectionError
from sqlmodel import Session

from app.config import Settings
from app.db.prepared import hand_over, queued, wait_for_queue

OLDEST_SQLITE: Final = (3, 51, 3)
BUSY_MS: Final = 10_000
WRITES: Final = "wengu_writes"
SNAPSHOT: Final = "wengu_snapshot"
_FRESH_SECONDS: Final = 5.0
"""A connection that was used so recently is taken to be alive; finding out costs a round trip."""
_turns: Final[WeakKeyDictionary[Engine, Lock]] = WeakKeyDictionary()


class DatabaseUnusable(RuntimeError):
    """The database cannot be used as it is; the text says what to do."""


def make_engine(settings: Settings) -> Engine:
    """An engine for `settings.database_url`.

    Raises DatabaseUnusable for an old SQLite or an unknown database.
    """
    url = make_url(settings.database_url or f"sqlite:///{settings.data / 'wengu.sqlite3'}")
    if url.get_backend_name() == "postgresql":
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            json_serializer=_dump,
            pool_size=settings.threads,
            max_overflow=4,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
        )
        _speak_postgresql(engine)
        return engine
    if url.get_backend_name() != "sqlite":
        raise DatabaseUnusable(f"{url.get_backend_name()} is not supported: use SQLite or PostgreSQL.")
    if pysqlite3.dbapi2.sqlite_version_info < OLDEST_SQLITE:
        found, oldest = pysqlite3.dbapi2.sqlite_version, ".".join(map(str, OLDEST_SQLITE))
        raise DatabaseUnusable(
            f"SQLite {found} can corrupt a database in WAL mode: {oldest} or newer is needed."
        )
    engine = create_engine(
        url,
        module=pysqlite3.dbapi2,
        json_serializer=_dump,
        pool_size=settings.threads,
        max_overflow=4,
        hide_parameters=True,  # an error goes to the log: what people write and their secrets must not
        connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False},
    )
    _speak_sqlite(engine, settings)
    return engine


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _speak_sqlite(engine: Engine, settings: Settings) -> None:
    """Set each new connection up, and begin transactions ourselves: the driver would begin them too late."""

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={settings.sqlite_synchronous}",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_MS}",
            "trusted_schema=OFF",
            "cache_size=-16000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A read transaction that turns into a writing one fails when another writer came between.
        writes = connection.get_execution_options().get(WRITES, False)
        hand_over(connection, "BEGIN IMMEDIATE" if writes else "BEGIN")


def _speak_postgresql(engine: Engine) -> None:
    """Begin transactions ourselves: then one statement alone is one round trip, not three."""

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if "isolation_level" not in options:  # whoever asks for autocommit means it
            snapshot = " ISOLATION LEVEL REPEATABLE READ READ ONLY" if SNAPSHOT in options else ""
            hand_over(connection, f"BEGIN{snapshot}")

    @event.listens_for(engine, "after_cursor_execute")
    def executed(connection: Connection, *said: Any) -> None:
        context = said[-2]
        if context is not None:  # SQLAlchemy's own statement: it looks for the rows right now
            wait_for_queue(connection)

    @event.listens_for(engine, "checkin")
    def checkin(_connection: Any, record: Any) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def checkout(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("used", 0.0) < _FRESH_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as failure:
            raise DisconnectionError from failure  # the pool opens another one


@contextmanager
def asking(engine: Engine) -> Iterator[Connection]:
    """A connection for one question: a single statement sees one moment without a transaction."""
    with engine.connect() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one snapshot and writes nothing."""
    with engine.connect().execution_options(**{SNAPSHOT: True}) as connection, Session(connection) as session:
        yield session


@contextmanager
def changing_rows(engine: Engine, *, queue: bool = False) -> Iterator[Connection]:
    """One write transaction: committed when the block ends, rolled back when it raises.

    `queue`: its prepared statements may be queued.
    """
    with (
        _turn_to_write(engine),
        engine.connect().execution_options(**{WRITES: True}) as connection,
        queued(connection) if queue else nullcontext(),
        connection.begin(),
    ):
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """The same with a session, for those who write whole objects."""
    with changing_rows(engine) as connection, Session(connection) as session:
        yield session
        session.flush()


@contextmanager
def _turn_to_write(engine: Engine) -> Iterator[None]:
    """On SQLite the threads of this process take turns here.

    SQLite itself lets a waiting writer sleep for longer and longer while others pass it by. Whoever gets
    no turn in time goes on to the database, which then says that it is busy.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    turn = _turns.setdefault(engine, Lock())
    taken = turn.acquire(timeout=BUSY_MS / 1000)
    try:
        yield
    finally:
        if taken:
            turn.release()
