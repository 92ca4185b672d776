"""A whole import in one go, for the command line."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, delete
from sqlmodel import Session

from app.core.errors import Refused
from app.db.engine import writing
from app.db.models import jobs
from app.formats.readers import READERS
from app.services import imports
from app.services.import_read import read_import
from app.services.import_rows import UNDO_DAYS, ImportRow, Options
from app.services.import_store import store_import
from app.services.learners import read_learner


def import_at_once(
    engine: Engine,
    data: Path,
    learner_id: UUID,
    file: Path,
    options: Mapping[str, Any],
    *,
    dry_run: bool,
    clock: Callable[[], int],
    random: Callable[[int], bytes],
) -> list[str]:
    """Read the file and store it; what happened, line by line.

    Raises Missing("learner-missing"), Refused with the reader's reason, Conflict("too-many-imports").
    """
    if options["reader"] not in READERS:
        raise Refused("reader-unknown", known=", ".join(READERS))
    read_learner(engine, learner_id)
    with file.open("rb") as source:
        row = imports.open_import(
            engine,
            data,
            learner_id,
            source,
            name=file.name,
            options=Options(**options),
            now=clock(),
            random=random,
        )
    done = _without_worker(engine, learner_id, row)
    read_import(engine, data, learner_id, row.id, now=clock(), report=_nothing, finish=done)
    row = imports.read_import_row(engine, learner_id, row.id).row
    if row.problem:
        imports.forget_import(engine, data, learner_id, row.id)
        raise Refused(row.problem["code"], **row.problem["params"])
    lines = _told(row)
    if dry_run:
        imports.forget_import(engine, data, learner_id, row.id)
        return [*lines, "Nothing was stored."]
    imports.commit_import(engine, learner_id, row.id, now=clock(), random=random)
    done = _without_worker(engine, learner_id, imports.read_import_row(engine, learner_id, row.id).row)
    store_import(engine, data, learner_id, row.id, now=clock(), random=random, report=_nothing, finish=done)
    return [*lines, f"Stored. The app can take it back for {UNDO_DAYS} days."]


def _without_worker(engine: Engine, learner_id: UUID, row: ImportRow) -> Callable[[Session], None]:
    """Take the job away from the workers: it is done here and now."""
    with writing(engine) as session:
        session.execute(delete(jobs).where(jobs.c.learner_id == learner_id, jobs.c.id == row.job_id))
    return _nothing


def _nothing(*_: Any) -> None:
    """Nobody watches."""


def _told(row: ImportRow) -> list[str]:
    counts = row.counts
    names = ("new", "updated", "unchanged", "conflicts", "deleted", "skipped")
    return [
        f"{counts['notes']} notes, {counts['cards']} cards, {counts['reviews']} reviews, "
        f"{counts['media']} files",
        ", ".join(f"{counts[name]} {name}" for name in names),
        *(
            f"left out: {item['count']} {item['what']} ({item['code']})"
            for item in row.report.get("skipped", ())
        ),
    ]
