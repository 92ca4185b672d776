"""Column types that mean the same on SQLite and on PostgreSQL."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, Dialect, LargeBinary, Uuid, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine


class Id(TypeDecorator[UUID]):
    """A UUID: 16 bytes on SQLite, `uuid` on PostgreSQL."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Uuid() if dialect.name == "postgresql" else LargeBinary(16))

    def bind_processor(self, dialect: Dialect) -> Callable[[UUID | None], Any] | None:
        return None if dialect.name == "postgresql" else _bytes_of

    def result_processor(self, dialect: Dialect, _coltype: object) -> Callable[[Any], UUID | None] | None:
        return None if dialect.name == "postgresql" else _uuid_of


def _bytes_of(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes


def _uuid_of(value: bytes | None) -> UUID | None:
    return None if value is None else UUID(bytes=value)


def as_stored(column: ColumnElement[UUID]) -> ColumnElement[Any]:
    """An id's column as the driver gives it, for many rows: making UUIDs takes longer than reading them."""
    return type_coerce(column, NullType())


def stored(value: UUID, dialect: str) -> Any:
    """An id as the driver gives it."""
    return value if dialect == "postgresql" else value.bytes


def id_from(value: Any) -> UUID:
    """An id from what the driver gave."""
    return value if isinstance(value, UUID) else UUID(bytes=value)


def bytes_from(value: Any) -> bytes:
    """The bytes of an id from what the driver gave."""
    return value.bytes if isinstance(value, UUID) else bytes(value)


def json_from(value: Any) -> Any:
    """What a `Json` column holds, from what the driver gave; nothing is an empty object."""
    return json.loads(value) if isinstance(value, str) else value or {}


class Json(TypeDecorator[Any]):
    """A small JSON value; Python's None is SQL's NULL. `jsonb` on PostgreSQL, text on SQLite."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        wanted = JSONB(none_as_null=True) if dialect.name == "postgresql" else JSON(none_as_null=True)
        return dialect.type_descriptor(wanted)
