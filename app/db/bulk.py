"""Many rows at once: on SQLite straight to the driver, which saves half of the time that SQLAlchemy takes."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final

import orjson
from sqlalchemy import Table, insert
from sqlmodel import Session

from app.db.types import Id, Json

_Converter = Callable[[Any], Any]


def insert_many(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns, those of the first."""
    if not rows:
        return
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        connection.execute(insert(table), list(rows))
        return
    names = tuple(rows[0])
    statement, converted = _statement(table, names)
    values = []
    for row in rows:
        own = [row[name] for name in names]
        for place, convert in converted:
            own[place] = convert(own[place])
        values.append(tuple(own))
    connection.exec_driver_sql(statement, values)


@cache
def _statement(table: Table, names: tuple[str, ...]) -> tuple[str, tuple[tuple[int, _Converter], ...]]:
    """The statement, and which values have to be turned into what SQLite holds."""
    columns = ", ".join(f'"{name}"' for name in names)
    holes = ", ".join("?" * len(names))
    converted = tuple(
        (place, converter)
        for place, name in enumerate(names)
        for kind, converter in _CONVERTERS
        if isinstance(table.c[name].type, kind)
    )
    statement = f'INSERT INTO "{table.name}" ({columns}) VALUES ({holes})'  # noqa: S608 - our own names
    return statement, converted


def _bytes_of(value: Any) -> Any:
    return None if value is None else value.bytes


def _json_of(value: Any) -> Any:
    return None if value is None else orjson.dumps(value).decode()


_CONVERTERS: Final[tuple[tuple[type, _Converter], ...]] = ((Id, _bytes_of), (Json, _json_of))
