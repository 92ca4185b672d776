"""SQLite files from strangers: opened so that nothing in them can run, write, wait or be anything but data.

What SQLite itself advises (https://www.sqlite.org/security.html): read-only and immutable, no trust in the
schema, a check of its pages, a census of what it declares, an authorizer, and an end to its patience: work is
counted in steps of SQLite's machine, so that a slow reader of the rows is no reason to stop.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

import pysqlite3.dbapi2 as sqlite

from app.formats.limits import DEFAULT_LIMITS, Limits, spelled
from app.formats.refusals import FileRefused

MAGIC: Final = b"SQLite format 3\0"
_STEPS_BETWEEN_LOOKS: Final = 20_000
_MOST_OBJECTS: Final = 500
_FUNCTIONS: Final = frozenset({"count", "octet_length", "iif", "substr", "length"})
_ALLOWED: Final = frozenset({sqlite.SQLITE_SELECT, sqlite.SQLITE_READ})


class Reader:
    """Reads rows of the tables that were declared to `open_database`."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def rows(self, query: str, values: Iterable[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The query's rows, streamed. Raises FileRefused when the file turns out damaged on the way."""
        with _as_refusals():
            for row in self._connection.execute(query, tuple(values)):  # noqa: UP028 - closing is not ours
                yield row

    def first(self, query: str, values: Iterable[Any] = ()) -> tuple[Any, ...]:
        """The first row. Raises FileRefused("collection-data") when there is none."""
        row = next(self.rows(query, values), None)
        if row is None:
            raise FileRefused("collection-data", what="col")
        return row


@contextmanager
def open_database(
    path: Path, needed: Mapping[str, frozenset[str]], limits: Limits = DEFAULT_LIMITS
) -> Iterator[Reader]:
    """A reader of `path`, whose schema must declare the `needed` tables with their columns.

    Other plain tables are tolerated and never read; triggers, views, virtual tables and computed columns are
    not. Raises FileRefused: "collection-too-large", "collection-broken", "collection-schema",
    "collection-takes-too-long".
    """
    _check_header(path, limits)
    connection = sqlite.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        with _as_refusals():
            _harden(connection, limits)
            tables = _census(connection)
            _check_columns(connection, tables, needed)
            connection.set_authorizer(_authorizer(frozenset(tables)))
        yield Reader(connection)
    finally:
        connection.close()


def tables_in(path: Path, limits: Limits = DEFAULT_LIMITS) -> frozenset[str]:
    """Names of the plain tables, to tell generations apart. Raises as `open_database` does."""
    with open_database(path, {}, limits) as reader:
        return frozenset(str(row[0]) for row in reader.rows("select name from sqlite_master"))


@contextmanager
def _as_refusals() -> Iterator[None]:
    try:
        yield
    except sqlite.OperationalError as error:
        if "interrupted" in str(error):
            raise FileRefused("collection-takes-too-long") from error
        raise FileRefused("collection-broken") from error
    except (sqlite.Error, OverflowError, UnicodeError) as error:
        raise FileRefused("collection-broken") from error


def _check_header(path: Path, limits: Limits) -> None:
    size = path.stat().st_size
    if size > limits.collection:
        raise FileRefused("collection-too-large", limit=spelled(limits.collection))
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise FileRefused("collection-broken")


def _harden(connection: Any, limits: Limits) -> None:
    between, looks = min(_STEPS_BETWEEN_LOOKS, max(limits.sqlite_steps, 1)), count()
    most = limits.sqlite_steps // between
    connection.set_progress_handler(lambda: next(looks) >= most, between)
    connection.enable_load_extension(False)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.create_collation("unicase", _unicase)
    for pragma in ("trusted_schema=off", "cell_size_check=on", "query_only=on", "mmap_size=0"):
        connection.execute(f"pragma {pragma}")
    if connection.execute("pragma quick_check(1)").fetchall() != [("ok",)]:
        raise FileRefused("collection-broken")


def _unicase(left: str, right: str) -> int:
    """Anki's collation: equal but for case."""
    a, b = left.casefold(), right.casefold()
    return (a > b) - (a < b)


def _census(connection: Any) -> set[str]:
    """The plain tables, once the schema is known to hold nothing that computes."""
    rows = connection.execute("select type, name, sql from sqlite_master limit ?", (_MOST_OBJECTS + 1,))
    objects = rows.fetchall()
    if len(objects) > _MOST_OBJECTS:
        raise FileRefused("collection-schema")
    tables = set()
    for kind, name, statement in objects:
        virtual = str(statement or "").lstrip().lower().startswith("create virtual")
        if kind not in ("table", "index") or virtual:
            raise FileRefused("collection-schema")
        if kind == "table":
            tables.add(str(name))
    return tables


def _check_columns(connection: Any, tables: set[str], needed: Mapping[str, frozenset[str]]) -> None:
    for table, columns in needed.items():
        if table not in tables:
            raise FileRefused("collection-schema")
        found = connection.execute("select name, hidden from pragma_table_xinfo(?)", (table,)).fetchall()
        if any(hidden for _, hidden in found) or not columns <= {name for name, _ in found}:
            raise FileRefused("collection-schema")


def _authorizer(tables: frozenset[str]) -> Any:
    """Allows reading those tables by plain selects, and nothing else."""
    readable = tables | {"sqlite_master", ""}

    def decide(
        action: int, first: str | None, second: str | None, database: str | None, via: str | None
    ) -> int:
        if via is not None:
            return int(sqlite.SQLITE_DENY)
        if action == sqlite.SQLITE_FUNCTION:
            return int(sqlite.SQLITE_OK if second in _FUNCTIONS else sqlite.SQLITE_DENY)
        if action == sqlite.SQLITE_READ and first not in readable:
            return int(sqlite.SQLITE_DENY)
        return int(sqlite.SQLITE_OK if action in _ALLOWED else sqlite.SQLITE_DENY)

    return decide
