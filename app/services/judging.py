"""Judging the candidates of a text: looking through them, verdicts, taking verdicts back, the text beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, bindparam, func, select, update
from sqlmodel import Session

from app.core.errors import Conflict, Missing
from app.db.engine import reading, writing
from app.db.models import candidates, documents
from app.db.rows import Fetched
from app.services.content import check_note, chunks
from app.services.documents import CandidateRow, DocumentRow, find_document, is_document
from app.services.paging import Page, after, cursor_of, cut, read_cursor

Verdict = Literal["accepted", "edited", "rejected"]
MOST_STEPS: Final = 50
MOST_LETTERS: Final = 50_000
COLUMNS: Final = [candidates.c[name] for name in CandidateRow.__dataclass_fields__]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which candidates: None does not ask. `verdict` may be "open"."""

    group: str | None = None
    verdict: str | None = None
    paragraph: int | None = None
    more: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the learner says of one candidate; None takes their word back."""

    id: UUID
    verdict: Verdict | None
    fields: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    index: int
    start: int
    end: int
    section: list[str]
    cards: int
    open: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the text with its marks and paragraphs; places count code points of the whole text."""

    text: str
    start: int
    end: int
    length: int
    marks: list[list[Any]]
    paragraphs: list[Paragraph]


def list_candidates(
    engine: Engine,
    learner_id: UUID,
    document_id: UUID,
    which: Filter,
    order: Literal["reading", "rank"],
    cursor: str | None,
    limit: int,
) -> Page[CandidateRow]:
    """Raises Missing("document-missing"), Refused("cursor-invalid")."""
    key = read_cursor(cursor, int, UUID)
    column = candidates.c.start if order == "reading" else candidates.c.place
    question = select(column.label("place_in_order"), *COLUMNS).where(_chosen(learner_id, document_id, which))
    if key:
        question = question.where(after([column, candidates.c.id], key))
    with reading(engine) as session:
        find_document(session, learner_id, document_id)
        found = session.execute(question.order_by(column, candidates.c.id).limit(limit + 1)).all()
    rows, more = cut(found, limit)
    items = [CandidateRow(*row[1:]) for row in rows]
    return Page(items, cursor_of(rows[-1].place_in_order, rows[-1].id) if more else None)


def read_passage(engine: Engine, learner_id: UUID, document_id: UUID, start: int, end: int) -> Passage:
    """A piece of the text, MOST_LETTERS at most; none where it ends before it starts.

    Raises Missing("document-missing").
    """
    end = max(start, min(end, start + MOST_LETTERS))
    with reading(engine) as session:
        document = find_document(session, learner_id, document_id)
        row = session.execute(
            select(
                func.substr(documents.c.text, start + 1, end - start).label("text"),
                documents.c.marks,
                documents.c.paragraphs,
            ).where(is_document(learner_id, document_id))
        ).one()
        inside = [
            (index, place)
            for index, place in enumerate(row.paragraphs.get("places", []))
            if place[0] < end and place[1] > start
        ]
        waiting = _open_by_paragraph(session, learner_id, document_id, inside)
    sections = row.paragraphs.get("sections", [])
    return Passage(
        row.text,
        start,
        min(end, document.length),
        document.length,
        [mark for mark in row.marks if mark[0] < end and mark[1] > start],
        [
            Paragraph(index, first, last, sections[section], cards, waiting.get(index, 0))
            for index, (first, last, section, cards) in inside
        ],
    )


def judge(engine: Engine, learner_id: UUID, document_id: UUID, judgements: Sequence[Judgement]) -> None:
    """Write verdicts down as one step that can be undone.

    Raises Missing("document-missing" | "candidate-missing"), Conflict("document-busy"),
    Refused("note-invalid").
    """
    with writing(engine) as session:
        document = _ready(session, learner_id, document_id)
        wanted = {one.id: one for one in judgements}
        rows = _rows(session, _chosen_ids(learner_id, document_id, list(wanted)))
        if len(rows) < len(wanted):
            raise Missing("candidate-missing")
        for row in rows:
            fields = wanted[row.id].fields
            if fields is not None:
                check_note(row.kind, fields)
        _write(session, learner_id, document, rows, wanted)


def judge_all(engine: Engine, learner_id: UUID, document_id: UUID, which: Filter, verdict: Verdict) -> None:
    """One verdict for all shown candidates of a kind or a paragraph that have none; one step.

    Raises Missing("document-missing"), Conflict("document-busy").
    """
    with writing(engine) as session:
        document = _ready(session, learner_id, document_id)
        chosen = Filter(which.group, "open", which.paragraph)
        rows = _rows(session, _chosen(learner_id, document_id, chosen))
        _write(session, learner_id, document, rows, {row.id: Judgement(row.id, verdict) for row in rows})


def undo_step(engine: Engine, learner_id: UUID, document_id: UUID) -> list[CandidateRow]:
    """Take the last step back; the candidates as they are again.

    Raises Missing("document-missing"), Conflict("document-busy" | "nothing-to-undo").
    """
    with writing(engine) as session:
        document = _ready(session, learner_id, document_id)
        own = (candidates.c.learner_id == learner_id) & (candidates.c.document_id == document_id)
        rows = _rows(session, own & (candidates.c.step == document.step) & (candidates.c.step > 0))
        changed = []
        for row in rows:
            *earlier, (_, verdict, own_fields) = row.past
            changed.append(
                {
                    "b_id": row.id,
                    "verdict": verdict,
                    "own_fields": own_fields,
                    "past": earlier,
                    "step": _step_before(row),
                }
            )
        if not changed:
            raise Conflict("nothing-to-undo")
        _save(session, learner_id, changed)
        _set_step(session, learner_id, document_id, document.step - 1)
        ids = [row.id for row in rows]
        found = session.execute(
            select(*COLUMNS).where(_chosen_ids(learner_id, document_id, ids)).order_by(candidates.c.start)
        )
        return [CandidateRow(*row) for row in found]


def can_undo(document: DocumentRow) -> bool:
    return document.step > 0


def _step_before(row: Fetched) -> int:
    """The step that gave the verdict before the last one; it is kept with that verdict."""
    return int(row.past[-1][0])


def _ready(session: Session, learner_id: UUID, document_id: UUID) -> DocumentRow:
    """The text, held still. Raises Missing("document-missing"), Conflict("document-busy")."""
    session.execute(select(documents.c.id).where(is_document(learner_id, document_id)).with_for_update())
    document = find_document(session, learner_id, document_id)
    if document.state != "ready":
        raise Conflict("document-busy")
    return document


def _rows(session: Session, which: ColumnElement[bool]) -> Sequence[Fetched]:
    table = candidates.c
    return session.execute(
        select(table.id, table.kind, table.verdict, table.own_fields, table.step, table.past).where(which)
    ).all()


def _write(
    session: Session,
    learner_id: UUID,
    document: DocumentRow,
    rows: Sequence[Fetched],
    wanted: Mapping[UUID, Judgement],
) -> None:
    step = document.step + 1
    changed = [
        {
            "b_id": row.id,
            "verdict": wanted[row.id].verdict,
            "own_fields": dict(wanted[row.id].fields or {}) or None,
            "past": [*row.past[-(MOST_STEPS - 1) :], [row.step, row.verdict, row.own_fields]],
            "step": step,
        }
        for row in rows
    ]
    if changed:
        _save(session, learner_id, changed)
        _set_step(session, learner_id, document.id, step)


def _save(session: Session, learner_id: UUID, rows: Sequence[dict[str, Any]]) -> None:
    mine = (candidates.c.learner_id == learner_id) & (candidates.c.id == bindparam("b_id"))
    for part in chunks(rows, 5_000):
        session.execute(update(candidates).where(mine).values(changed=False), list(part))


def _set_step(session: Session, learner_id: UUID, document_id: UUID, step: int) -> None:
    session.execute(update(documents).where(is_document(learner_id, document_id)).values(step=step))


def _chosen(learner_id: UUID, document_id: UUID, which: Filter) -> ColumnElement[bool]:
    table = candidates.c
    where = (table.learner_id == learner_id) & (table.document_id == document_id)
    if not which.more:
        where &= table.shown | table.verdict.is_not(None)
    if which.group is not None:
        where &= table.group == which.group
    if which.paragraph is not None:
        where &= table.paragraph == which.paragraph
    if which.verdict == "open":
        where &= table.verdict.is_(None) & ~table.gone
    elif which.verdict is not None:
        where &= table.verdict == which.verdict
    return where


def _chosen_ids(learner_id: UUID, document_id: UUID, ids: Sequence[UUID]) -> ColumnElement[bool]:
    table = candidates.c
    return (table.learner_id == learner_id) & (table.document_id == document_id) & table.id.in_(list(ids))


def _open_by_paragraph(
    session: Session, learner_id: UUID, document_id: UUID, inside: Sequence[tuple[int, Any]]
) -> dict[int, int]:
    if not inside:
        return {}
    table = candidates.c
    rows = session.execute(
        select(table.paragraph, func.count().label("number"))
        .where(
            _chosen(learner_id, document_id, Filter(verdict="open")),
            table.shown,
            table.paragraph.between(inside[0][0], inside[-1][0]),
        )
        .group_by(table.paragraph)
    )
    return {row.paragraph: row.number for row in rows}
