"""Statements of the busiest requests: compiled once, then handed to the driver as they are.

For a question that SQLite answers in ten microseconds, SQLAlchemy's way through caches, contexts and results
takes ten times as long. What a statement says is still said in SQLAlchemy's words, values still go through
the column types, failures are SQLAlchemy's, and whoever listens to an engine's statements hears these too.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, Connection, Dialect, Executable, bindparam
from sqlalchemy.exc import DBAPIError

from app.db.types import Id

Values = Mapping[str, Any]
Row = tuple[Any, ...]
Convert = Callable[[Any], Any]
_MOST_IDS: Final = 4_096
_QUEUE: Final = "wengu_queue"


class Prepared:
    """One statement; a function makes it for a dialect's name where it is not the same for all."""

    def __init__(self, statement: Executable | Callable[[str], Executable]) -> None:
        self._statement = statement
        self._spoken: dict[str, _Spoken] = {}

    def run(self, connection: Connection, values: Values) -> "Answer":
        """Execute it."""
        spoken = self._in(connection.dialect)
        return Answer(connection, spoken, hand_over(connection, spoken.sql, spoken.bound(values)))

    def run_each(self, connection: Connection, many: Sequence[Values]) -> None:
        """Execute it for each of `many`; what it may return is not kept."""
        spoken = self._in(connection.dialect)
        if len(many) == 1:
            hand_over(connection, spoken.sql, spoken.bound(many[0]))
        elif many:
            hand_over(connection, spoken.sql, [spoken.bound(values) for values in many], each=True)

    def _in(self, dialect: Dialect) -> "_Spoken":
        spoken = self._spoken.get(dialect.name)
        if spoken is None:
            statement = self._statement(dialect.name) if callable(self._statement) else self._statement
            spoken = self._spoken[dialect.name] = _Spoken(statement, dialect)
        return spoken


class PreparedIn:
    """A statement about some ids: one for each number of them, rounded up so that there are few."""

    def __init__(self, build: Callable[[list[BindParameter[UUID]]], Executable]) -> None:
        self._build = build
        self._by_room: dict[int, Prepared] = {}

    def rows(self, connection: Connection, ids: Sequence[UUID], values: Values) -> list[Row]:
        """All rows about these ids; databases take only so many values at once."""
        found: list[Row] = []
        for first in range(0, len(ids), _MOST_IDS):
            found += self._some(connection, ids[first : first + _MOST_IDS], values)
        return found

    def _some(self, connection: Connection, ids: Sequence[UUID], values: Values) -> list[Row]:
        room = 1 << (len(ids) - 1).bit_length()
        prepared = self._by_room.get(room)
        if prepared is None:
            places = [bindparam(f"id_{number}", type_=Id()) for number in range(room)]
            prepared = self._by_room[room] = Prepared(self._build(places))
        filled = [*ids, *([ids[-1]] * (room - len(ids)))]
        named = {f"id_{number}": one for number, one in enumerate(filled)}
        return prepared.run(connection, {**named, **values}).rows()


class Answer:
    """What came back for one statement. It outlives the transaction."""

    __slots__ = ("_connection", "_cursor", "_found", "_spoken")

    def __init__(self, connection: Connection, spoken: "_Spoken", cursor: Any) -> None:
        self._connection, self._spoken, self._cursor = connection, spoken, cursor
        self._found: list[Row] | None = None
        if connection.dialect.name == "sqlite":
            self._found = cursor.fetchall()  # until then SQLite is still at work on the statement

    def rows(self) -> list[Row]:
        """All rows, in the order of the statement's columns."""
        found = self._found
        if found is None:
            try:
                found = self._cursor.fetchall()
            except self._connection.dialect.loaded_dbapi.Error as failure:
                raise _failed(self._connection, self._spoken.sql, failure) from failure
        return self._spoken.read(found, self._cursor) if found else found

    def row(self) -> Row | None:
        """The first row, None when there is none."""
        found = self.rows()
        return found[0] if found else None


def hand_over(connection: Connection, sql: str, values: Any = (), *, each: bool = False) -> Any:
    """Give the driver a statement in its own words; the cursor. Raises what SQLAlchemy raises."""
    heard = connection.engine.dispatch
    cursor = connection.connection.cursor()
    heard.before_cursor_execute(connection, cursor, sql, values, None, each)
    try:
        if each:
            cursor.executemany(sql, values)
        else:
            cursor.execute(sql, values)
    except connection.dialect.loaded_dbapi.Error as failure:
        raise _failed(connection, sql, failure) from failure
    heard.after_cursor_execute(connection, cursor, sql, values, None, each)
    return cursor


@contextmanager
def queued(connection: Connection) -> Iterator[None]:
    """On PostgreSQL, statements within go out together, up to the next one whose rows are read.

    So they cost as many round trips as there are questions. What fails may fail only there, or at the end.
    SQLAlchemy reads at once (`wait_for_queue`), so its own statements are in no danger here, and no faster.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    try:
        with driver.pipeline() as queue:
            connection.info[_QUEUE] = queue
            yield
    except connection.dialect.loaded_dbapi.Error as failure:
        raise _failed(connection, "", failure) from failure
    finally:
        connection.info.pop(_QUEUE, None)


def wait_for_queue(connection: Connection) -> None:
    """Have all that was sent so far answered."""
    queue: Any = connection.info.get(_QUEUE)
    if queue is not None:
        queue.sync()


def _failed(connection: Connection, sql: str, failure: Any) -> BaseException:
    """The driver's error as SQLAlchemy raises it; a connection that broke is not used again."""
    dialect = connection.dialect
    broken = dialect.is_disconnect(failure, connection.connection.dbapi_connection, None)
    if broken:
        connection.invalidate(failure)
    raised: BaseException = DBAPIError.instance(
        sql,
        None,
        failure,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=broken,
        dialect=dialect,
    )
    return raised


class _Spoken:
    """A statement in the words of one driver: how its values go in and how its rows come out."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        types = {name: bind.type.dialect_impl(dialect) for bind, name in compiled.bind_names.items()}
        self.sql = str(compiled)
        self._positional = compiled.positional
        self._ins = [(name, types[name].bind_processor(dialect)) for name in compiled.positiontup or types]
        self._constants = {name: value for name, value in compiled.params.items() if value is not None}
        self._columns = [column.type.dialect_impl(dialect) for column in _columns_of(statement)]
        self._dialect = dialect
        self._outs: list[tuple[int, Convert]] | None = None

    def bound(self, values: Values) -> Any:
        """The values as the driver takes them."""
        if self._constants:
            values = {**self._constants, **values}
        if self._positional:
            return [convert(values[name]) if convert else values[name] for name, convert in self._ins]
        return {name: convert(values[name]) if convert else values[name] for name, convert in self._ins}

    def read(self, rows: list[Row], cursor: Any) -> list[Row]:
        """The rows as the column types say; what comes right from the driver is left alone."""
        if self._outs is None:  # the driver's description costs as much as the rows: one look is enough
            converts = [
                kind.result_processor(self._dialect, said[1])
                for kind, said in zip(self._columns, cursor.description, strict=True)
            ]
            self._outs = [(place, convert) for place, convert in enumerate(converts) if convert]
        return [self._converted(row, self._outs) for row in rows] if self._outs else rows

    @staticmethod
    def _converted(row: Row, outs: list[tuple[int, Convert]]) -> Row:
        values = list(row)
        for place, convert in outs:
            values[place] = convert(values[place])
        return tuple(values)


def _columns_of(statement: Any) -> Sequence[Any]:
    """What the statement selects or returns."""
    return list(getattr(statement, "exported_columns", ()))
