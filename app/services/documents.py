"""Texts that learners bring, and how far each is."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, delete, func, insert, select, update
from sqlmodel import Session

from app.core.errors import Conflict, Missing
from app.core.ids import new_id
from app.db.engine import reading, writing
from app.db.models import candidates, documents, jobs
from app.db.rows import Fetched
from app.formats.limits import DEFAULT_LIMITS
from app.services.import_files import check_room, folder_of, receive
from app.services.jobs import enqueue
from app.services.paging import Page, before, cursor_of, cut, read_cursor

READ: Final = "document-read"
MOST_DOCUMENTS: Final = 100


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A text without its letters."""

    id: UUID
    name: str
    state: str
    title: str
    format: str
    encoding: str
    guessed: bool
    language: str
    length: int
    deck_id: UUID | None
    step: int
    problem: dict[str, Any] | None
    created_at: int


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A possible card, and what the learner says of it."""

    id: UUID
    rule: str
    group: str
    kind: str
    fields: dict[str, str]
    section: list[str]
    spans: list[list[int]]
    paragraph: int
    rank: float
    place: int
    shown: bool
    findings: list[str]
    verdict: str | None
    own_fields: dict[str, str] | None
    changed: bool
    gone: bool
    note_id: UUID | None


COLUMNS: Final = [documents.c[name] for name in DocumentRow.__dataclass_fields__]


@dataclass(frozen=True, slots=True)
class DocumentState:
    """A text with what became of its candidates. `groups` are (shown, open) by kind of fact; while it is
    being read, `done` of `total` candidates are written."""

    row: DocumentRow
    paragraphs: int
    covered: int
    counts: dict[str, int]
    groups: dict[str, tuple[int, int]]
    done: int = 0
    total: int = 0


def is_document(learner_id: UUID, document_id: UUID) -> ColumnElement[bool]:
    return (documents.c.learner_id == learner_id) & (documents.c.id == document_id)


def find_document(session: Session, learner_id: UUID, document_id: UUID) -> DocumentRow:
    """Raises Missing("document-missing")."""
    row = session.execute(select(*COLUMNS).where(is_document(learner_id, document_id))).one_or_none()
    if row is None:
        raise Missing("document-missing")
    return DocumentRow(*row)


def bring_document(
    engine: Engine,
    data: Path,
    learner_id: UUID,
    source: BinaryIO,
    *,
    name: str,
    now: int,
    random: Callable[[int], bytes],
    instead_of: UUID | None = None,
) -> DocumentState:
    """Take a text in, or a new version of one, and have it read; verdicts are carried over.

    Raises Missing("document-missing"), Conflict("too-many-documents" | "document-busy"), TooLarge,
    StorageFull.
    """
    document_id = instead_of or new_id(now, random)
    _check_room_for(engine, learner_id, instead_of)
    folder = folder_of(data, learner_id, document_id)
    try:
        receive(source, folder.upload, DEFAULT_LIMITS.upload)
        check_room(folder.path)
        with writing(engine) as session:
            if instead_of is None:
                _insert(session, learner_id, document_id, name, now)
            else:
                _begin_again(session, learner_id, document_id, name)
            job_id = enqueue(
                session, learner_id, READ, {"document": str(document_id)}, now=now, random=random
            )
            session.execute(
                update(documents).where(is_document(learner_id, document_id)).values(job_id=job_id)
            )
    except FileExistsError:
        raise Conflict("document-busy") from None
    except BaseException:
        folder.remove()
        raise
    return read_document_state(engine, learner_id, document_id)


def read_document_state(engine: Engine, learner_id: UUID, document_id: UUID) -> DocumentState:
    """Raises Missing("document-missing")."""
    with reading(engine) as session:
        row = find_document(session, learner_id, document_id)
        state = _state(session, learner_id, row)
        job = _job_of(session, learner_id, document_id) if row.state == "reading" else None
    if job is None:
        return state
    if job.state == "failed":  # its reader died for good
        row = replace(row, state="failed", problem=job.problem)
    return replace(state, row=row, done=job.done, total=job.total)


def list_documents(engine: Engine, learner_id: UUID, cursor: str | None, limit: int) -> Page[DocumentState]:
    """Newest first. Raises Refused("cursor-invalid")."""
    key = read_cursor(cursor, int, UUID)
    order = (documents.c.created_at, documents.c.id)
    question = select(*COLUMNS).where(documents.c.learner_id == learner_id)
    if key:
        question = question.where(before(order, key))
    with reading(engine) as session:
        newest = [column.desc() for column in order]
        rows, more = cut(session.execute(question.order_by(*newest).limit(limit + 1)).all(), limit)
        items = [_state(session, learner_id, DocumentRow(*row)) for row in rows]
    return Page(items, cursor_of(items[-1].row.created_at, items[-1].row.id) if more else None)


def remove_document(engine: Engine, data: Path, learner_id: UUID, document_id: UUID) -> None:
    """Remove a text and its candidates; cards made of them stay. Raises Missing("document-missing")."""
    with writing(engine) as session:
        find_document(session, learner_id, document_id)
        own = (candidates.c.learner_id == learner_id) & (candidates.c.document_id == document_id)
        session.execute(delete(candidates).where(own))
        session.execute(delete(documents).where(is_document(learner_id, document_id)))
    folder_of(data, learner_id, document_id).remove()


def _check_room_for(engine: Engine, learner_id: UUID, instead_of: UUID | None) -> None:
    with reading(engine) as session:
        if instead_of is not None:
            if find_document(session, learner_id, instead_of).state == "reading":
                raise Conflict("document-busy")
            return
        had = session.execute(
            select(func.count()).select_from(documents).where(documents.c.learner_id == learner_id)
        ).scalar_one()
    if had >= MOST_DOCUMENTS:
        raise Conflict("too-many-documents", most=MOST_DOCUMENTS)


def _insert(session: Session, learner_id: UUID, document_id: UUID, name: str, now: int) -> None:
    session.execute(
        insert(documents).values(
            learner_id=learner_id,
            id=document_id,
            name=name,
            state="reading",
            title="",
            format="",
            encoding="",
            guessed=False,
            language="",
            text="",
            marks=[],
            paragraphs={},
            length=0,
            step=0,
            created_at=now,
        )
    )


def _begin_again(session: Session, learner_id: UUID, document_id: UUID, name: str) -> None:
    change = {"state": "reading", "problem": None} | ({"name": name} if name else {})
    session.execute(update(documents).where(is_document(learner_id, document_id)).values(**change))


def _job_of(session: Session, learner_id: UUID, document_id: UUID) -> Fetched | None:
    return session.execute(
        select(jobs.c.state, jobs.c.problem, jobs.c.done, jobs.c.total)
        .join(documents, (documents.c.learner_id == jobs.c.learner_id) & (documents.c.job_id == jobs.c.id))
        .where(is_document(learner_id, document_id))
    ).one_or_none()


def _state(session: Session, learner_id: UUID, row: DocumentRow) -> DocumentState:
    table = candidates.c
    rows = session.execute(
        select(
            table.group,
            table.shown,
            table.gone,
            table.verdict,
            func.count().label("number"),
            func.count(table.note_id).label("added"),
        )
        .where(table.learner_id == learner_id, table.document_id == row.id)
        .group_by(table.group, table.shown, table.gone, table.verdict)
    )
    counts = dict.fromkeys(("shown", "more", "open", "accepted", "edited", "rejected", "gone", "added"), 0)
    groups: dict[str, tuple[int, int]] = {}
    for one in rows:
        counts["added"] += one.added
        if one.gone:
            counts["gone"] += one.number
            continue
        counts["shown" if one.shown else "more"] += one.number
        if one.verdict:
            counts[one.verdict] += one.number
        if one.shown:
            is_open = 0 if one.verdict else one.number
            counts["open"] += is_open
            shown, waiting = groups.get(one.group, (0, 0))
            groups[one.group] = (shown + one.number, waiting + is_open)
    places = (
        session.execute(select(documents.c.paragraphs).where(is_document(learner_id, row.id)))
        .scalar_one()
        .get("places", [])
    )
    return DocumentState(row, len(places), sum(place[3] > 0 for place in places), counts, groups)
