"""What the tables have in common: names of constraints, the owner in every key, conditions of indexes."""

from typing import Any, Final, cast

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Table, TextClause, text
from sqlmodel import SQLModel

# Rows are made by statements: no model needs a validator before somebody asks for one.
SQLModel.model_config["defer_build"] = True

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def owner() -> ForeignKeyConstraint:
    """The row belongs to a learner."""
    return ForeignKeyConstraint(["learner_id"], ["learner.id"])


def one_of(column: str, *values: str) -> CheckConstraint:
    """The column holds one of these words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


_LIVE = "deleted_at IS NULL AND NOT suspended"
NEW_CARDS: Final = text(f"{_LIVE} AND phase = 0")
IN_STEPS: Final = text(f"{_LIVE} AND phase IN (1, 3)")
REVIEW_CARDS: Final = text(f"{_LIVE} AND phase = 2")
"""Conditions of partial indexes. Whoever asks in other words does not get the index."""


def partly(condition: TextClause) -> dict[str, Any]:
    """What makes an index hold only the rows of a condition."""
    return {"sqlite_where": condition, "postgresql_where": condition}


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model, for statements that move many rows."""
    return cast(Table, model.__table__)  # type: ignore[attr-defined]
