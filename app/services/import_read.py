"""Reading an import: in the cage, checked, staged in its folder, and compared with what the learner has."""

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import UUID

from sqlalchemy import Engine, select
from sqlmodel import Session

from app.core.errors import DomainError
from app.core.garbage import uncollected
from app.db.engine import reading, writing
from app.db.models import decks, learners, media
from app.formats.anki_collection import Reading
from app.formats.drafts import (
    Header,
    ImportedDeck,
    ImportedNote,
    MediaDraft,
    NoteTypeDraft,
    Record,
    TableDraft,
)
from app.formats.media_types import TYPES
from app.formats.refusals import FileRefused
from app.formats.sandbox import read_caged
from app.services.deck_deletion import restorable
from app.services.import_checks import Checker
from app.services.import_files import Folder, Head, StagedNote, folder_of, note_line, write_head
from app.services.import_names import type_id
from app.services.import_plan import NOTES_AT_ONCE, Planner, Wishes
from app.services.import_report import Report
from app.services.import_rows import ImportRow, Options, find_import, set_import

Progress = Callable[[int, int], None]
Finish = Callable[[Session], None]
MOST_MEDIA: Final = 20_000
PASTED: Final = {"zh": "粘贴的卡片", "en": "Pasted cards"}
"""The deck of cards that came without any name."""


@uncollected()
def read_import(
    engine: Engine,
    data: Path,
    learner_id: UUID,
    import_id: UUID,
    *,
    now: int,
    report: Progress,
    finish: Finish,
) -> None:
    """Read the file of an import in state "reading" and leave it in "preview", or "failed" with a reason.

    `finish` is called in the transaction that says so. Raises Missing("import-missing").
    """
    with reading(engine) as session:
        row = find_import(session, learner_id, import_id)
        learner = session.execute(
            select(learners.c.zone, learners.c.rollover_hour, learners.c.language).where(
                learners.c.id == learner_id
            )
        ).one()
    folder = folder_of(data, learner_id, import_id)
    values: dict[str, Any]
    try:
        deck = row.chosen.deck or Path(row.name).stem or PASTED[learner.language]
        how = Reading(learner.zone, learner.rollover_hour, now, row.chosen.scheduling)
        values = {"state": "preview", "problem": None, **_read(engine, row, folder, how, deck, report)}
    except FileRefused as refusal:
        values = failed(refusal, now)
    with writing(engine) as session:
        kept = set_import(session, learner_id, import_id, values, only_in="reading")
        finish(session)
    if not kept or values["state"] == "failed":
        folder.remove()


def failed(problem: DomainError, now: int) -> dict[str, Any]:
    """How an import ends that cannot be done."""
    told = {"code": problem.code, "params": problem.params}
    return {"state": "failed", "problem": told, "finished_at": now, "counts": {}, "report": {}}


def changes_so_far(session: Session, learner_id: UUID) -> int:
    """The learner's count of changes: while it stands, all that they have is as it was."""
    return int(session.execute(select(learners.c.seq).where(learners.c.id == learner_id)).scalar_one())


def decks_by_name(session: Session, learner_id: UUID, now: int) -> dict[str, UUID]:
    """The learner's decks; one that was deleted lately only where no other has its name."""
    rows = session.execute(
        select(decks.c.id, decks.c.name, decks.c.deleted_at)
        .where(decks.c.learner_id == learner_id)
        .order_by(decks.c.position.desc(), decks.c.id.desc())
    ).all()
    usable = [row for row in rows if restorable(row.deleted_at, now)]
    usable.sort(key=lambda row: row.deleted_at is None)
    return {row.name: row.id for row in usable}


def _read(
    engine: Engine, row: ImportRow, folder: Folder, how: Reading, deck: str, report: Progress
) -> dict[str, Any]:
    folder.remove_staged()
    folder.media.mkdir()
    options = row.chosen
    records = read_caged(
        folder.upload,
        options.reader,
        how,
        deck=deck,
        media_folder=folder.media,
        text=options.text,
    )
    with folder.notes.open("xb") as file:
        stage = _Stage(engine, row, options, how.now, report, file)
        stage.take(records)
    write_head(folder.head, stage.head)
    with folder.places.open("wb") as file:
        stage.places.tofile(file)
    folder.marks.write_bytes(stage.marks)
    stage.count_media()
    return {
        "generation": stage.generation,
        "counts": stage.told.counts,
        "report": stage.told.as_json(stage.deck_ids),
    }


@dataclass(slots=True)
class _Stage:
    """Takes records in, writes the notes down and counts what would become of them."""

    engine: Engine
    row: ImportRow
    options: Options
    now: int
    report: Progress
    file: BinaryIO
    generation: str = ""
    head: Head = field(default_factory=Head)
    told: Report = field(default_factory=Report)
    places: "array[int]" = field(default_factory=lambda: array("q"))
    checker: Checker = field(default_factory=Checker)
    marks: bytearray = field(default_factory=bytearray)
    run: list[StagedNote] = field(default_factory=list)
    deck_ids: dict[str, UUID] = field(default_factory=dict)
    type_ids: dict[str, UUID] = field(default_factory=dict)
    _done: int = 0
    _total: int = 0

    def take(self, records: Iterable[Record]) -> None:
        """Raises FileRefused."""
        with reading(self.engine) as session:
            self.head.seq = changes_so_far(session, self.row.learner_id)
            self.deck_ids = decks_by_name(session, self.row.learner_id, self.now)
        for record in records:
            self._take(record)
        self._plan()
        if not self.told.counts["notes"]:
            raise FileRefused("file-nothing-inside")
        self.report(self._done, max(self._total, self._done))

    def count_media(self) -> None:
        """How many of the files are new, and their size."""
        sizes = {digest: size for digest, size, _ in self.head.media.values()}
        with reading(self.engine) as session:
            known = set(
                session.execute(
                    select(media.c.hash).where(media.c.learner_id == self.row.learner_id)
                ).scalars()
            )
        fresh = sizes.keys() - known
        self.told.counts["media"] = len(self.head.media)
        self.told.counts["new_media"] = len(fresh)
        self.told.counts["media_bytes"] = sum(sizes[digest] for digest in fresh)

    def _take(self, record: Record) -> None:
        if isinstance(record, ImportedNote):
            self._note(record)
        elif isinstance(record, Header):
            self.generation, self._total = record.generation, min(max(record.notes, 0), 10**7)
            self.checker.generation = record.generation
            self.told.encoding, self.told.guessed = record.encoding[:40], record.guessed_encoding
        elif isinstance(record, TableDraft):
            self.told.take_table(record)
        elif isinstance(record, NoteTypeDraft):
            self.head.note_types[record.key] = self.checker.note_type(record)
            self.type_ids[record.key] = type_id(self.head.note_types[record.key])
        elif isinstance(record, ImportedDeck):
            self.head.decks[record.key] = self.checker.deck(record)
        elif isinstance(record, MediaDraft):
            self._media(record)
        else:
            self.told.skip(record)

    def _note(self, record: ImportedNote) -> None:
        staged = self.checker.note(record)
        self._done += 1
        if not isinstance(staged, StagedNote):
            self.told.skip(staged)
            return
        self.file.write(note_line(staged))
        self.places.append(min(card.place for card in staged.cards))
        self.run.append(staged)
        if len(self.run) >= NOTES_AT_ONCE:
            self._plan()
            self.report(self._done, max(self._total, self._done))

    def _media(self, record: MediaDraft) -> None:
        sound = record.type in TYPES and 0 < len(record.name) <= 255 and len(self.head.media) < MOST_MEDIA
        if not sound or record.name in self.head.media:
            raise FileRefused("file-reader-failed")
        self.head.media[record.name] = (record.sha256, record.size, record.type)

    def _plan(self) -> None:
        names = {key: str(deck["name"]) for key, deck in self.head.decks.items()}
        wishes = Wishes(restore_deleted=self.options.deleted == "restore")
        with reading(self.engine) as session:
            planner = Planner(
                session, self.row.learner_id, self.now, wishes, names, self.deck_ids, self.type_ids
            )
            for plan in planner.plan(self.run):
                self.told.take(plan, names, self.checker.note_types)
                self.marks.append(plan.mark)
        self.run.clear()
