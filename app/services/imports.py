"""Imports as their learner sees them: bring a file, look, decide, and take it back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import UUID

from sqlalchemy import Engine, delete, func, insert, select
from sqlmodel import Session

from app.core.day import DAY_MS
from app.core.errors import Conflict
from app.core.ids import new_id
from app.db.engine import reading, writing
from app.db.models import cards, import_changes, imports, jobs, learners, notes
from app.formats.limits import DEFAULT_LIMITS
from app.services.import_files import check_room, folder_of, receive
from app.services.import_rows import (
    BUSY,
    COLUMNS,
    UNDO_DAYS,
    ImportRow,
    Options,
    find_import,
    is_import,
    options_json,
    set_import,
)
from app.services.jobs import enqueue
from app.services.paging import Page, before, cursor_of, cut, read_cursor

READ, STORE, UNDO = "import-read", "import-store", "import-undo"
MOST_OPEN: Final = 3
OPEN: Final = ("reading", "preview", "storing", "undoing")
FORGOTTEN_AFTER_MS: Final = DAY_MS
_READ_ANEW: Final = frozenset({"reader", "deck", "scheduling", "layout", "encoding", "between", "deleted"})


@dataclass(frozen=True, slots=True)
class Standing:
    """An import with how far its work is: `done` of `total` notes, and why the work failed, if it did."""

    row: ImportRow
    done: int = 0
    total: int = 0
    answers_since: int = 0


def open_import(
    engine: Engine,
    data: Path,
    learner_id: UUID,
    source: BinaryIO,
    *,
    name: str,
    options: Options,
    now: int,
    random: Callable[[int], bytes],
) -> ImportRow:
    """Take a file in and have it read.

    Raises Conflict("too-many-imports"), TooLarge("body-too-large"), StorageFull, Refused("file-empty").
    """
    _forget_old(engine, data, learner_id, now)
    _check_open(engine, learner_id)
    import_id = new_id(now, random)
    folder = folder_of(data, learner_id, import_id)
    try:
        receive(source, folder.upload, DEFAULT_LIMITS.upload)
        check_room(folder.path)
        with writing(engine) as session:
            session.execute(
                insert(imports).values(
                    learner_id=learner_id,
                    id=import_id,
                    name=name,
                    state="reading",
                    options=options_json(options),
                    created_at=now,
                )
            )
            _enqueue(session, learner_id, import_id, READ, now, random)
            return find_import(session, learner_id, import_id)
    except BaseException:
        folder.remove()
        raise


def read_import_row(engine: Engine, learner_id: UUID, import_id: UUID) -> Standing:
    """Raises Missing("import-missing")."""
    with reading(engine) as session:
        row = find_import(session, learner_id, import_id)
        job = None
        if row.job_id is not None and row.state in BUSY:
            job = session.execute(
                select(jobs.c.state, jobs.c.done, jobs.c.total, jobs.c.problem).where(
                    jobs.c.learner_id == learner_id, jobs.c.id == row.job_id
                )
            ).one_or_none()
        since = _answered_since(session, row) if row.state == "done" else 0
    if job is None:
        return Standing(row, answers_since=since)
    if job.state == "failed":
        row = replace(row, state="failed", problem=job.problem)
    return Standing(row, job.done, job.total)


def list_imports(engine: Engine, learner_id: UUID, cursor: str | None, limit: int) -> Page[ImportRow]:
    """Newest first. Raises Refused("cursor-invalid")."""
    key = read_cursor(cursor, int, UUID)
    order = (imports.c.created_at, imports.c.id)
    question = select(*COLUMNS).where(imports.c.learner_id == learner_id)
    if key:
        question = question.where(before(order, key))
    with reading(engine) as session:
        newest = [column.desc() for column in order]
        found = session.execute(question.order_by(*newest).limit(limit + 1)).all()
    rows, more = cut(found, limit)
    items = [ImportRow(*row) for row in rows]
    return Page(items, cursor_of(items[-1].created_at, items[-1].id) if more else None)


def change_import(
    engine: Engine,
    learner_id: UUID,
    import_id: UUID,
    changes: Mapping[str, Any],
    *,
    now: int,
    random: Callable[[int], bytes],
) -> Standing:
    """Change options of an import in preview; those about the file have it read again.

    Raises Missing("import-missing"), Conflict("import-busy" | "import-finished").
    """
    with writing(engine) as session:
        row = find_import(session, learner_id, import_id)
        check_preview(row)
        options = options_json(row.chosen) | dict(changes)
        anew = any(options[name] != row.options[name] for name in _READ_ANEW)
        values: dict[str, Any] = {"options": options}
        if anew:
            values |= {"state": "reading", "counts": {}, "report": {}}
        set_import(session, learner_id, import_id, values, only_in="preview")
        if anew:
            _enqueue(session, learner_id, import_id, READ, now, random)
    return read_import_row(engine, learner_id, import_id)


def commit_import(
    engine: Engine, learner_id: UUID, import_id: UUID, *, now: int, random: Callable[[int], bytes]
) -> Standing:
    """Have an import in preview stored.

    Raises Missing("import-missing"), Conflict("import-busy" | "import-finished").
    """
    with writing(engine) as session:
        row = find_import(session, learner_id, import_id)
        check_preview(row)
        _check_alone(session, learner_id)
        set_import(session, learner_id, import_id, {"state": "storing"}, only_in="preview")
        _enqueue(session, learner_id, import_id, STORE, now, random)
    return read_import_row(engine, learner_id, import_id)


def undo_import(
    engine: Engine, learner_id: UUID, import_id: UUID, *, now: int, random: Callable[[int], bytes]
) -> Standing:
    """Have a finished import taken back.

    Raises Missing("import-missing"), Conflict("import-busy" | "import-not-undoable").
    """
    with writing(engine) as session:
        row = find_import(session, learner_id, import_id)
        until = undo_until(row)
        if row.state != "done" or until is None or now > until:
            raise Conflict("import-not-undoable", days=UNDO_DAYS)
        _check_alone(session, learner_id)
        set_import(session, learner_id, import_id, {"state": "undoing"}, only_in="done")
        _enqueue(session, learner_id, import_id, UNDO, now, random)
    return read_import_row(engine, learner_id, import_id)


def forget_import(engine: Engine, data: Path, learner_id: UUID, import_id: UUID) -> None:
    """Drop an import that waits for a decision, or the memory of one that is over; its cards stay.

    Raises Missing("import-missing"), Conflict("import-busy").
    """
    standing = read_import_row(engine, learner_id, import_id)
    if standing.row.state in ("storing", "undoing"):
        raise Conflict("import-busy")
    _remove(engine, data, learner_id, import_id)


def undo_until(row: ImportRow) -> int | None:
    """Until when (ms) a finished import can be taken back; None for any other."""
    if row.state != "done" or row.finished_at is None:
        return None
    return row.finished_at + UNDO_DAYS * DAY_MS


def check_preview(row: ImportRow) -> None:
    """Raises Conflict("import-busy" | "import-finished")."""
    if row.state in BUSY:
        raise Conflict("import-busy")
    if row.state != "preview":
        raise Conflict("import-finished")


def _enqueue(
    session: Session, learner_id: UUID, import_id: UUID, kind: str, now: int, random: Callable[[int], bytes]
) -> None:
    job_id = enqueue(session, learner_id, kind, {"import": str(import_id)}, now=now, random=random)
    session.execute(imports.update().where(is_import(learner_id, import_id)).values(job_id=job_id))


def _check_open(engine: Engine, learner_id: UUID) -> None:
    with reading(engine) as session:
        waiting = session.execute(
            select(func.count())
            .select_from(imports)
            .where(imports.c.learner_id == learner_id, imports.c.state.in_(OPEN))
        ).scalar_one()
    if waiting >= MOST_OPEN:
        raise Conflict("too-many-imports", most=MOST_OPEN)


def _check_alone(session: Session, learner_id: UUID) -> None:
    """Only one import of a learner is written at a time. Raises Conflict("import-busy")."""
    session.execute(select(learners.c.id).where(learners.c.id == learner_id).with_for_update())
    found = session.execute(
        select(jobs.c.state)
        .join(imports, (imports.c.learner_id == jobs.c.learner_id) & (imports.c.job_id == jobs.c.id))
        .where(
            imports.c.learner_id == learner_id,
            imports.c.state.in_(("storing", "undoing")),
            jobs.c.state.in_(("waiting", "running")),
        )
    )
    if found.first() is not None:
        raise Conflict("import-busy")


def _forget_old(engine: Engine, data: Path, learner_id: UUID, now: int) -> None:
    """Drop what waited a day for a decision that never came."""
    with reading(engine) as session:
        old = list(
            session.execute(
                select(imports.c.id).where(
                    imports.c.learner_id == learner_id,
                    imports.c.state.in_(("reading", "preview")),
                    imports.c.created_at < now - FORGOTTEN_AFTER_MS,
                )
            ).scalars()
        )
    for import_id in old:
        _remove(engine, data, learner_id, import_id)


def _remove(engine: Engine, data: Path, learner_id: UUID, import_id: UUID) -> None:
    with writing(engine) as session:
        session.execute(
            delete(import_changes).where(
                import_changes.c.learner_id == learner_id, import_changes.c.import_id == import_id
            )
        )
        session.execute(delete(imports).where(is_import(learner_id, import_id)))
    folder_of(data, learner_id, import_id).remove()


def _answered_since(session: Session, row: ImportRow) -> int:
    """How many of the import's cards have been studied since: their last event is not the import's."""
    device = func.substr(cards.c.last_order, 13, 16)
    found = session.execute(
        select(func.count())
        .select_from(cards)
        .join(notes, (notes.c.learner_id == cards.c.learner_id) & (notes.c.id == cards.c.note_id))
        .where(
            cards.c.learner_id == row.learner_id,
            notes.c.import_id == row.id,
            cards.c.last_order != b"",
            device != row.id.bytes,
        )
    )
    return int(found.scalar_one())
