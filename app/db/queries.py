"""Statements that several services need."""

from typing import cast
from uuid import UUID

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app.core.errors import Missing
from app.db.models import decks


def dialect_of(asked: Session | Connection) -> str:
    """ "sqlite" or "postgresql"."""
    return (asked.get_bind() if isinstance(asked, Session) else asked).dialect.name


def insert_or(dialect: str, table: Table) -> sqlite.Insert:
    """An insert that can say what to do on conflict; PostgreSQL's has the same methods as SQLite's."""
    if dialect == "postgresql":
        return cast(sqlite.Insert, postgresql.insert(table))
    return sqlite.insert(table)


def insert_ignoring(dialect: str, table: Table) -> sqlite.Insert:
    """An insert that leaves rows alone whose key is there already."""
    return insert_or(dialect, table).on_conflict_do_nothing()


def check_deck(session: Session, learner_id: UUID, deck_id: UUID) -> None:
    """Raises Missing("deck-missing") unless the learner has this deck and it is not deleted."""
    found = session.execute(
        select(decks.c.id).where(
            decks.c.learner_id == learner_id, decks.c.id == deck_id, decks.c.deleted_at.is_(None)
        )
    )
    if found.first() is None:
        raise Missing("deck-missing")
