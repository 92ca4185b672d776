"""What changed since a phone last looked, in the order in which it changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Table, literal, select, union_all
from sqlmodel import Session

from app.db.models import cards, decks, learners, notes, parameter_sets, tombstones
from app.db.rows import (
    CARD_COLUMNS,
    DECK_COLUMNS,
    LEARNER_COLUMNS,
    NOTE_COLUMNS,
    PARAMETERS_COLUMNS,
    CardRow,
    DeckRow,
    Fetched,
    LearnerRow,
    NoteRow,
    ParametersRow,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TombstoneRow:
    entity: str
    id: UUID
    seq: int


@dataclass(slots=True)
class Changes:
    learner: LearnerRow | None = None
    parameters: list[ParametersRow] = field(default_factory=list)
    decks: list[DeckRow] = field(default_factory=list)
    notes: list[NoteRow] = field(default_factory=list)
    cards: list[CardRow] = field(default_factory=list)
    tombstones: list[TombstoneRow] = field(default_factory=list)


_SOURCES: Final[Sequence[tuple[str, Table]]] = (
    ("parameters", parameter_sets),
    ("decks", decks),
    ("notes", notes),
    ("cards", cards),
    ("tombstones", tombstones),
)
_TOMBSTONE_COLUMNS: Final = [tombstones.c.entity, tombstones.c.id, tombstones.c.seq]


def read_changes(session: Session, learner_id: UUID, cursor: int, want: int) -> tuple[Changes, int, bool]:
    """At most `want` changes after `cursor`, the cursor behind them, and whether there are more.

    A phone that begins (cursor 0) is not told what was deleted before.
    """
    kinds, last, more = _next(session, learner_id, cursor, want)

    def read(
        name: str, table: Table, columns: Sequence[ColumnElement[Any]], row_type: Callable[..., T]
    ) -> list[T]:
        if name not in kinds:
            return []
        rows = session.execute(
            select(*columns)
            .where(_mine(table, learner_id, cursor), table.c.seq <= last)
            .order_by(table.c.seq)
        )
        return [row_type(*row) for row in rows]

    changes = Changes(
        parameters=read("parameters", parameter_sets, PARAMETERS_COLUMNS, ParametersRow),
        decks=read("decks", decks, DECK_COLUMNS, DeckRow),
        notes=read("notes", notes, NOTE_COLUMNS, NoteRow),
        cards=read("cards", cards, CARD_COLUMNS, CardRow),
        tombstones=read("tombstones", tombstones, _TOMBSTONE_COLUMNS, TombstoneRow),
    )
    if "learner" in kinds:
        row = session.execute(select(*LEARNER_COLUMNS).where(learners.c.id == learner_id)).one()
        changes.learner = LearnerRow(*row)
    return changes, last, more


def _next(session: Session, learner_id: UUID, cursor: int, want: int) -> tuple[set[str], int, bool]:
    """Which kinds of changes come next, the number of the last of them, and whether more follow."""
    own = select(literal("learner").label("name"), learners.c.own_seq.label("seq")).where(
        learners.c.id == learner_id, learners.c.own_seq > cursor
    )
    looks = [own]
    for name, table in _SOURCES:
        if name == "tombstones" and cursor == 0:
            continue
        first = (
            select(literal(name).label("name"), table.c.seq.label("seq"))
            .where(_mine(table, learner_id, cursor))
            .order_by(table.c.seq)
            .limit(want + 1)
            .subquery()
        )
        looks.append(select(first.c.name, first.c.seq))
    all_kinds = union_all(*looks).subquery()
    rows: Sequence[Fetched] = session.execute(
        select(all_kinds.c.name, all_kinds.c.seq).order_by(all_kinds.c.seq).limit(want + 1)
    ).all()
    page = rows[:want]
    return {row.name for row in page}, (page[-1].seq if page else cursor), len(rows) > want


def _mine(table: Table, learner_id: UUID, cursor: int) -> ColumnElement[bool]:
    mine = (table.c.learner_id == learner_id) & (table.c.seq > cursor)
    return mine & table.c.deleted_at.is_(None) if "deleted_at" in table.c else mine
