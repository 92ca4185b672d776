"""Very many rows at once: on SQLite straight to the driver, which saves most of SQLAlchemy's time.

The rows are tuples of what the driver takes; `stored_id` and `stored_json` make it.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Table, insert
from sqlmodel import Session

Row = tuple[Any, ...]


def insert_rows(session: Session, table: Table, names: tuple[str, ...], rows: Sequence[Row]) -> None:
    """Insert rows that have these columns."""
    if not rows:
        return
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_statement(table, names), list(rows))
    else:
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])


def stored_id(dialect: str) -> Callable[[bytes], Any]:
    """What turns the bytes of an id into a value of a row."""
    return bytes if dialect == "sqlite" else lambda raw: UUID(bytes=raw)


def stored_json(dialect: str) -> Callable[[Any], Any]:
    """What turns anything but None into a JSON value of a row."""
    return (lambda value: orjson.dumps(value).decode()) if dialect == "sqlite" else (lambda value: value)


@cache
def _statement(table: Table, names: tuple[str, ...]) -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    holes = ", ".join("?" * len(names))
    return f'INSERT INTO "{table.name}" ({columns}) VALUES ({holes})'  # noqa: S608 - our own names
