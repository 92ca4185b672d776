"""What else an anonymous learner brings into an account: note types, files, texts, exams."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Table, func, insert, select

from app.core.day import learner_day
from app.core.exam.rules import MOST_RUNNING, SECTION_SEPARATOR, is_running
from app.db.models import candidates, documents, exam_plans, exams, media, note_types
from app.db.queries import dialect_of, insert_ignoring
from app.services.import_files import media_path
from app.services.ledger import Ledger
from app.services.unite_notes import Places

_ROWS_AT_ONCE: Final = 500
_SHAPE: Final = ("key", "name", "kind", "fields", "templates", "css", "media")


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file by the hash of its content."""

    hash: str

    def copy(self, data: Path, source: UUID, account: UUID) -> None:
        """Let the account have it too; one that is lost on the disk stays lost."""
        there = media_path(data, account, self.hash)
        there.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError, FileNotFoundError):
            try:
                os.link(media_path(data, source, self.hash), there)
            except PermissionError:  # a disk that knows no second name for a file
                shutil.copyfile(media_path(data, source, self.hash), there)


def unite_types(ledger: Ledger, source: UUID) -> Mapping[UUID, UUID]:
    """Note types of Anki; one that the account has in the same form is that one."""
    mine = _rows(ledger, note_types, ledger.learner_id)
    had = {row["id"] for row in mine}
    same: dict[UUID, UUID] = {}
    for row in _rows(ledger, note_types, source):
        twin = next((each for each in mine if all(each[name] == row[name] for name in _SHAPE)), None)
        if row["id"] in had:
            continue
        if twin is not None:
            same[row["id"]] = twin["id"]
        else:
            ledger.session.execute(insert(note_types), [{**row, "learner_id": ledger.learner_id}])
    return same


def unite_files(ledger: Ledger, source: UUID) -> Sequence[OwnFile]:
    """The rows of files; the files themselves are the caller's to copy."""
    rows = _rows(ledger, media, source)
    _put(ledger, media, rows)
    return [OwnFile(row["hash"]) for row in rows]


def unite_texts(ledger: Ledger, source: UUID, places: Places) -> None:
    """Texts with all verdicts. One that is just being read is brought by reading it again."""
    read = [row for row in _rows(ledger, documents, source) if row["state"] != "reading"]
    for row in read:
        row["deck_id"] = None if row["deck_id"] is None else places.of(row["deck_id"])
        row["job_id"] = None
    _put(ledger, documents, read)
    known = {row["id"] for row in read}
    for part in _in_parts(ledger, candidates, source):
        rows = [row for row in part if row["document_id"] in known]
        for row in rows:
            row["note_id"] = None if row["note_id"] is None else places.of(row["note_id"])
        _put(ledger, candidates, rows)


def unite_exams(ledger: Ledger, source: UUID, places: Places) -> None:
    """Exams by their ids. Beyond what one learner may have running they come as archived ones."""
    learner = ledger.learner
    today = learner_day(ledger.now, learner.zone, learner.rollover_hour)
    mine = _rows(ledger, exams, learner.id)
    had = {row["id"] for row in mine}
    running = sum(_running(row, today) for row in mine)
    rows = [row for row in _rows(ledger, exams, source) if row["id"] not in had]
    for row in rows:
        row["decks"] = None if row["decks"] is None else [_moved(key, places) for key in row["decks"]]
        row["cards"] = {_moved(key, places): mark for key, mark in row["cards"].items()}
        row["sections"] = {_section(key, places): mark for key, mark in row["sections"].items()}
        row["seq"] = ledger.next_seq()
        running += _running(row, today)
        row["archived"] = row["archived"] or (_running(row, today) and running > MOST_RUNNING)
    _put(ledger, exams, rows)
    fresh = {row["id"] for row in rows}
    plans = [row for row in _rows(ledger, exam_plans, source) if row["exam_id"] in fresh]
    _put(ledger, exam_plans, [{**row, "seq": ledger.next_seq()} for row in plans])


def _running(row: Mapping[str, Any], today: int) -> bool:
    return row["deleted_at"] is None and is_running(row["day"], row["archived"], today)


def _moved(key: str, places: Places) -> str:
    return str(places.of(UUID(key)))


def _section(key: str, places: Places) -> str:
    """A section is named by its deck, and the path in it."""
    deck, separator, path = key.partition(SECTION_SEPARATOR)
    return _moved(deck, places) + separator + path


def _rows(ledger: Ledger, table: Table, owner: UUID) -> list[dict[str, Any]]:
    found = ledger.session.execute(select(table).where(table.c.learner_id == owner))
    return [dict(row) for row in found.mappings()]


def _in_parts(ledger: Ledger, table: Table, owner: UUID) -> Iterator[list[dict[str, Any]]]:
    count = ledger.session.execute(
        select(func.count()).select_from(table).where(table.c.learner_id == owner)
    ).scalar_one()
    for first in range(0, count, _ROWS_AT_ONCE):
        question = select(table).where(table.c.learner_id == owner).order_by(table.c.id)
        found = ledger.session.execute(question.offset(first).limit(_ROWS_AT_ONCE))
        yield [dict(row) for row in found.mappings()]


def _put(ledger: Ledger, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        own = [{**row, "learner_id": ledger.learner_id} for row in rows]
        ledger.session.execute(insert_ignoring(dialect_of(ledger.session), table), own)
