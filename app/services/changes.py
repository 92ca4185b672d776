"""What changed since a phone last looked, in the order in which it changed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Table,
    bindparam,
    literal,
    select,
    union_all,
)
from sqlmodel import Session

from app.db.models import (
    cards,
    day_plans,
    decks,
    exam_plans,
    exams,
    learners,
    notes,
    parameter_sets,
    tombstones,
)
from app.db.prepared import Prepared
from app.db.rows import (
    CARD_COLUMNS,
    DAY_PLAN_COLUMNS,
    DECK_COLUMNS,
    EXAM_COLUMNS,
    EXAM_PLAN_COLUMNS,
    LEARNER_COLUMNS,
    NOTE_COLUMNS,
    PARAMETERS_COLUMNS,
    CardRow,
    DayPlanRow,
    DeckRow,
    ExamPlanRow,
    ExamRow,
    LearnerRow,
    NoteRow,
    ParametersRow,
)
from app.services.showing import shown

T = TypeVar("T")
MOST_LETTERS: Final = 2_000_000
"""What the notes of one page may hold together; ordinary ones never come near it."""
_NOTES_AT_ONCE: Final = 50


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
    exams: list[ExamRow] = field(default_factory=list)
    exam_plans: list[ExamPlanRow] = field(default_factory=list)
    day_plans: list[DayPlanRow] = field(default_factory=list)
    tombstones: list[TombstoneRow] = field(default_factory=list)


_TOMBSTONE_COLUMNS: Final = [tombstones.c.entity, tombstones.c.id, tombstones.c.seq]
_SOURCES: Final[Mapping[str, tuple[Table, Sequence[ColumnElement[Any]]]]] = {
    "parameters": (parameter_sets, PARAMETERS_COLUMNS),
    "decks": (decks, DECK_COLUMNS),
    "notes": (notes, NOTE_COLUMNS),
    "cards": (cards, CARD_COLUMNS),
    "exams": (exams, EXAM_COLUMNS),
    "exam_plans": (exam_plans, EXAM_PLAN_COLUMNS),
    "day_plans": (day_plans, DAY_PLAN_COLUMNS),
    "tombstones": (tombstones, _TOMBSTONE_COLUMNS),
}


def read_changes(session: Session, learner_id: UUID, cursor: int, want: int) -> tuple[Changes, int, bool]:
    """At most `want` changes after `cursor`, the cursor behind them, and whether there are more.

    A phone that begins (cursor 0) is not told what was deleted before.
    """
    asked = {"learner": learner_id, "cursor": cursor}
    connection = session.connection()
    found = _NEXT.run(connection, {**asked, "most": want + 1}).rows()
    page = found[:want]
    last = page[-1][1] if page else cursor
    kinds = {kind for kind, _ in page}
    its_notes, cut_at = _read_notes(connection, {**asked, "last": last}) if "notes" in kinds else ([], None)
    if cut_at is not None:
        last = cut_at
        kinds = {kind for kind, seq in page if seq <= last}

    def read(kind: str, row_type: Callable[..., T]) -> list[T]:
        if kind not in kinds:
            return []
        return [row_type(*row) for row in _ROWS[kind].run(connection, {**asked, "last": last}).rows()]

    changes = Changes(
        parameters=read("parameters", ParametersRow),
        decks=read("decks", DeckRow),
        notes=shown(session, learner_id, its_notes),
        cards=read("cards", CardRow),
        exams=read("exams", ExamRow),
        exam_plans=read("exam_plans", ExamPlanRow),
        day_plans=read("day_plans", DayPlanRow),
        tombstones=read("tombstones", TombstoneRow),
    )
    if "learner" in kinds:
        (row,) = _LEARNER.run(connection, asked).rows()
        changes.learner = LearnerRow(*row)
    return changes, last, cut_at is not None or len(found) > want


def _read_notes(connection: Connection, asked: Mapping[str, Any]) -> tuple[list[NoteRow], int | None]:
    """The notes of a page, and where it has to end early when they are too large for one answer."""
    rows: list[NoteRow] = []
    size = 0
    while True:
        after = rows[-1].seq if rows else asked["cursor"]
        found = _SOME_NOTES.run(connection, {**asked, "cursor": after}).rows()
        for row in found:
            note = NoteRow(*row)
            size += _letters(note)
            if size > MOST_LETTERS and rows:
                return rows, rows[-1].seq
            rows.append(note)
        if len(found) < _NOTES_AT_ONCE:
            return rows, None


def _letters(note: NoteRow) -> int:
    """About how much is to be shown of a note; one with templates is shown whole for each of its gaps."""
    letters = sum(map(len, note.fields.values()))
    return (
        letters * (1 + sum(value.count("{{c") for value in note.fields.values()))
        if note.kind == "anki"
        else letters
    )


def _after_cursor(table: Table) -> ColumnElement[bool]:
    mine = (table.c.learner_id == bindparam("learner")) & (table.c.seq > bindparam("cursor"))
    if table is tombstones:
        return mine & (bindparam("cursor", type_=BigInteger) > 0)
    return mine & table.c.deleted_at.is_(None) if "deleted_at" in table.c else mine


def _next() -> Select[Any]:
    """Which kinds of changes come next, each with its number: one look at the indexes."""
    looks = [
        select(literal("learner").label("name"), learners.c.own_seq.label("seq")).where(
            learners.c.id == bindparam("learner"), learners.c.own_seq > bindparam("cursor")
        )
    ]
    for name, (table, _) in _SOURCES.items():
        first = (
            select(literal(name).label("name"), table.c.seq.label("seq"))
            .where(_after_cursor(table))
            .order_by(table.c.seq)
            .limit(bindparam("most"))
            .subquery()
        )
        looks.append(select(first.c.name, first.c.seq))
    every = union_all(*looks).subquery()
    return select(every.c.name, every.c.seq).order_by(every.c.seq).limit(bindparam("most"))


def _of_a_page(name: str) -> Select[Any]:
    table, columns = _SOURCES[name]
    asked = _after_cursor(table), table.c.seq <= bindparam("last")
    return select(*columns).where(*asked).order_by(table.c.seq)


_NEXT: Final = Prepared(_next())
_ROWS: Final = {name: Prepared(_of_a_page(name)) for name in _SOURCES if name != "notes"}
_SOME_NOTES: Final = Prepared(_of_a_page("notes").limit(_NOTES_AT_ONCE))
_LEARNER: Final = Prepared(select(*LEARNER_COLUMNS).where(learners.c.id == bindparam("learner")))
