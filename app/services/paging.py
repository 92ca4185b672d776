"""Pages of long lists: each goes on where the one before ended, whatever was added or removed between."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, literal, tuple_

from app.core.errors import Refused
from app.db.rows import Fetched

T = TypeVar("T")
LONGEST_PAGE = 500


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`next` is the cursor of the following page, None on the last one."""

    items: list[T]
    next: str | None


def cursor_of(*key: int | UUID) -> str:
    """The cursor that stands for the row with this sort key."""
    plain = [str(part) if isinstance(part, UUID) else part for part in key]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, *kinds: type[int] | type[UUID]) -> tuple[Any, ...] | None:
    """The sort key back, None for the first page. Raises Refused("cursor-invalid")."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        plain = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        key = tuple(_part(kind, part) for kind, part in zip(kinds, plain, strict=True))
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise Refused("cursor-invalid", pointer="/cursor") from error
    return key


def _part(kind: type[int] | type[UUID], part: Any) -> int | UUID:
    if kind is UUID and isinstance(part, str):
        return UUID(part)
    if kind is int and type(part) is int and abs(part) < 2**53:
        return part
    raise ValueError(part)


def after(columns: Sequence[ColumnElement[Any]], key: tuple[Any, ...]) -> ColumnElement[bool]:
    """The condition that a row sorts after `key`."""
    return tuple_(*columns) > _like(columns, key)


def before(columns: Sequence[ColumnElement[Any]], key: tuple[Any, ...]) -> ColumnElement[bool]:
    """The condition that a row sorts before `key`."""
    return tuple_(*columns) < _like(columns, key)


def _like(columns: Sequence[ColumnElement[Any]], key: tuple[Any, ...]) -> ColumnElement[Any]:
    """The key in the columns' own types: SQLite would otherwise compare bytes with text.

    Numbers stay wide: one that the column could not hold sorts before or after all that it does.
    """
    pairs = zip(key, columns, strict=True)
    return tuple_(
        *(literal(part, BigInteger() if isinstance(part, int) else column.type) for part, column in pairs)
    )


def cut(rows: Sequence[Fetched], limit: int) -> tuple[Sequence[Fetched], bool]:
    """The rows of one page out of `limit + 1` fetched ones, and whether more follow."""
    return rows[:limit], len(rows) > limit
