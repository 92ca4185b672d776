"""Storing an import that its learner has seen and wants: wholly, or not at all."""

import os
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import Engine, func, select
from sqlmodel import Session
from sqlmodel import select as select_objects

from app.core.errors import Busy, DomainError
from app.core.garbage import uncollected
from app.core.parameters import Parameters
from app.db.engine import reading, writing
from app.db.models import Deck, decks, learners, media, note_types
from app.db.queries import dialect_of, insert_ignoring, insert_or
from app.formats.refusals import FileRefused
from app.services.deck_deletion import restore_deck_with_content
from app.services.exam_wakening import ask_for_plan
from app.services.import_decks import FileDecks
from app.services.import_files import Folder, Head, folder_of, media_path, note_of, read_head, read_lines
from app.services.import_merge import Merging
from app.services.import_names import media_of, type_id
from app.services.import_new import HiddenNotes, Places, discard_hidden, highest_position
from app.services.import_plain import HIDDEN
from app.services.import_plan import MET, NEW, NOTES_AT_ONCE, Planned, Planner, Wishes
from app.services.import_read import Finish, Progress, changes_so_far, decks_by_name, failed
from app.services.import_rows import ImportRow, find_import, set_import
from app.services.jobs import CRASHED, LeaseLost
from app.services.ledger import Ledger, changing, read_parameter_versions
from app.services.media import remove_unused
from app.services.shelf import read_shelf

ATTEMPTS: Final = 3
T = TypeVar("T")


class _Changed(RuntimeError):
    """The learner's parameters changed while the import was being written."""


@uncollected()
def store_import(
    engine: Engine,
    data: Path,
    learner_id: UUID,
    import_id: UUID,
    *,
    now: int,
    random: Callable[[int], bytes],
    report: Progress,
    finish: Finish,
) -> None:
    """Store an import in state "storing" and leave it "done"; after an error nothing of it is there.

    `finish` is called in the transaction that makes everything visible. Raises Missing("import-missing"),
    Busy when the learner's parameters keep changing.
    """
    with reading(engine) as session:
        row = find_import(session, learner_id, import_id)
    if row.state != "storing":
        with writing(engine) as session:
            finish(session)
        return
    folder = folder_of(data, learner_id, import_id)
    for _ in range(ATTEMPTS):
        discard_hidden(engine, learner_id)
        storing = _Storing(engine, data, row, folder, read_head(folder.head), now, random, report)
        try:
            storing.run(finish)
        except _Changed:
            continue
        except LeaseLost:
            raise  # another worker has begun anew
        except BaseException as error:
            discard_hidden(engine, learner_id, storing.marker)
            storing.remove_media()
            if isinstance(error, Exception):
                _give_up(engine, row, folder, error, now)
            raise
        folder.remove()
        return
    raise Busy("busy")


def _give_up(engine: Engine, row: ImportRow, folder: Folder, error: Exception, now: int) -> None:
    """The import has failed for good, and says why."""
    problem = error if isinstance(error, DomainError) else DomainError(CRASHED)
    with writing(engine) as session:
        set_import(session, row.learner_id, row.id, failed(problem, now), only_in="storing")
    folder.remove()


@dataclass(slots=True)
class _Storing:
    engine: Engine
    data: Path
    row: ImportRow
    folder: Folder
    head: Head
    now: int
    random: Callable[[int], bytes]
    report: Progress
    deck_ids: dict[str, UUID] = field(default_factory=dict)
    restored: set[UUID] = field(default_factory=set)
    own_media: list[Path] = field(default_factory=list)
    file_decks: FileDecks = field(init=False)
    unchanged_since: bool = False  # whether nothing of the learner's has changed since the preview

    @property
    def marker(self) -> int:
        return HIDDEN + self.now

    @property
    def learner_id(self) -> UUID:
        return self.row.learner_id

    def run(self, finish: Finish) -> None:
        with reading(self.engine) as session:
            versions = read_parameter_versions(session, self.learner_id)
            version = session.execute(
                select(learners.c.parameters_version).where(learners.c.id == self.learner_id)
            ).scalar_one()
            self.unchanged_since = changes_so_far(session, self.learner_id) == self.head.seq
            self.deck_ids = decks_by_name(session, self.learner_id, self.now)
            shelf = read_shelf(session, self.learner_id)
            self.file_decks = FileDecks.beside(shelf, self.row, self.head.decks, self.deck_ids)
            standing = set(
                session.execute(
                    select(decks.c.id).where(
                        decks.c.learner_id == self.learner_id, decks.c.deleted_at.is_(None)
                    )
                ).scalars()
            )
            first = 1 + highest_position(session, self.learner_id)
            deck_place = session.execute(
                select(func.coalesce(func.max(decks.c.position), -1)).where(
                    decks.c.learner_id == self.learner_id
                )
            ).scalar_one()
        self._take_media()
        self._write_types()
        hidden = self._new_notes(versions, first, standing, int(deck_place))
        later = self._write_new(hidden)
        hidden.flush()
        with changing(self.engine, self.learner_id, self.now) as ledger:
            if ledger.learner.parameters_version != version:
                raise _Changed
            self._finish(ledger, hidden, later, finish)
            ask_for_plan(ledger, self.random)

    # --- what notes need ---

    def _take_media(self) -> None:
        """Move the files to the learner's media, and note them down."""
        rows = {
            digest: {
                "learner_id": self.learner_id,
                "hash": digest,
                "type": kind,
                "size": size,
                "created_at": self.now,
            }
            for digest, size, kind in self.head.media.values()
        }
        for digest in rows:
            place = media_path(self.data, self.learner_id, digest)
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                os.replace(self.folder.media / digest, place)
                self.own_media.append(place)
        if rows:
            with writing(self.engine) as session:
                session.execute(insert_ignoring(dialect_of(session), media), list(rows.values()))

    def remove_media(self) -> None:
        """Take the files back that no note asks for now."""
        remove_unused(self.engine, self.data, self.learner_id, [place.name for place in self.own_media])

    def _write_types(self) -> None:
        files = self._files()
        rows = [
            {
                "learner_id": self.learner_id,
                "id": type_id(kind),
                **kind,
                "media": media_of(
                    {
                        f"{place}": side["front"] + side["back"]
                        for place, side in enumerate(kind["templates"])
                    },
                    files,
                ),
                "version": 1,
            }
            for kind in self.head.note_types.values()
        ]
        if rows:
            with writing(self.engine) as session:
                upsert = insert_or(dialect_of(session), note_types)
                keys = [note_types.c.learner_id, note_types.c.id]
                session.execute(
                    upsert.on_conflict_do_update(index_elements=keys, set_={"media": upsert.excluded.media}),
                    rows,
                )

    def _files(self) -> dict[str, str]:
        return {name: digest for name, (digest, _, _) in self.head.media.items()}

    def _type_ids(self) -> dict[str, UUID]:
        return {key: type_id(kind) for key, kind in self.head.note_types.items()}

    # --- new notes, hidden at first ---

    def _new_notes(
        self, versions: Sequence[Parameters], first: int, standing: set[UUID], deck_place: int
    ) -> HiddenNotes:
        positions, in_order = _ranks(self.folder.places)
        made: list[str] = []

        def deck_of(key: str) -> UUID:
            name = self.head.decks[key]["name"]
            deck_id = self.deck_ids.get(name)
            if deck_id is None:
                made.append(name)
                deck_id = hidden.add_deck(self.file_decks.row_of(key, deck_place + len(made)))
                self.deck_ids[name] = deck_id
                standing.add(deck_id)
                for upper in self.file_decks.followed(key):
                    deck_of(upper)
            elif deck_id not in standing:
                self.restored.add(deck_id)
            return deck_id

        hidden = HiddenNotes(
            engine=self.engine,
            learner_id=self.learner_id,
            import_id=self.row.id,
            now=self.now,
            random=self.random,
            versions=versions,
            deck_of=deck_of,
            type_ids=self._type_ids(),
            media=self._files(),
            first_position=first,
            positions=positions,
            places=Places(first, in_order),
            marker=self.marker,
        )
        return hidden

    def _write_new(self, hidden: HiddenNotes) -> bytearray:
        """Write the new notes; the others are marked, to be merged at the end."""
        marks = self._marks()
        later = bytearray(len(marks))
        number = 0
        for lines in _runs(read_lines(self.folder.notes) if any(marks) else iter(())):
            self._write_run(hidden, number, lines, marks, later)
            number += len(lines)
            self.report(number, len(marks))
        return later

    def _marks(self) -> bytes:
        """What the preview said of each note, for as long as nothing of the learner's has changed since."""
        if self.unchanged_since:
            return self.folder.marks.read_bytes()
        return bytes([MET]) * int(self.row.counts["notes"])

    def _write_run(
        self, hidden: HiddenNotes, first: int, lines: Sequence[bytes], marks: bytes, later: bytearray
    ) -> None:
        met = []
        for place, line in enumerate(lines, first):
            if marks[place] == NEW:
                hidden.add(note_of(line), place)
            elif marks[place] == MET:
                met.append((place, note_of(line)))
        if not met:
            return
        with reading(self.engine) as session:
            plans = self._planner(session).plan([note for _, note in met])
        for (place, _), plan in zip(met, plans, strict=True):
            if plan.act == "new":
                hidden.add(plan.note, place)
            elif plan.act != "deleted":
                self._keep_deck(plan)
                later[place] = plan.touches or plan.act in ("updated", "conflict")

    def _keep_deck(self, plan: Planned) -> None:
        if plan.row is not None and plan.row.deck_deleted_at is not None:
            self.restored.add(plan.row.deck_id)

    def _planner(self, session: Session) -> Planner:
        options = self.row.chosen
        wishes = Wishes(options.conflicts == "take", options.deleted == "restore", options.choices)
        names = {key: deck["name"] for key, deck in self.head.decks.items()}
        return Planner(
            session,
            self.learner_id,
            self.now,
            wishes,
            names,
            self.deck_ids,
            self._type_ids(),
            self._files(),
        )

    # --- the end ---

    def _finish(self, ledger: Ledger, hidden: HiddenNotes, later: bytearray, finish: Finish) -> None:
        """What was there is merged, what is new is shown, and the import is done: one transaction."""
        for deck in self._decks(ledger, self.restored):
            if deck.deleted_at is not None:
                restore_deck_with_content(ledger, deck)
        merging = Merging(ledger, self.row.id, self.random, self._type_ids())
        lines = read_lines(self.folder.notes) if any(later) else iter(())
        marked = (note_of(line) for line, mark in zip(lines, later, strict=False) if mark)
        for run in _runs(marked):
            merging.apply([plan for plan in self._planner(ledger.session).plan(run) if plan.act != "new"])
        hidden.reveal(ledger)
        stored = set_import(
            ledger.session,
            self.learner_id,
            self.row.id,
            {"state": "done", "finished_at": self.now, "report": {**self.row.report, **self._made(ledger)}},
            only_in="storing",
        )
        if not stored:
            raise FileRefused("file-reader-failed")
        finish(ledger.session)

    def _decks(self, ledger: Ledger, ids: set[UUID]) -> Sequence[Deck]:
        if not ids:
            return []
        question = select_objects(Deck).where(Deck.learner_id == self.learner_id)
        return [deck for deck in ledger.session.exec(question) if deck.id in ids]

    def _made(self, ledger: Ledger) -> dict[str, Any]:
        """The decks in which the import's notes are, for the way there."""
        names = {deck["name"] for deck in self.head.decks.values()}
        used = [name for name in self.deck_ids if name in names]
        return {"decks_made": [{"id": str(self.deck_ids[name]), "name": name} for name in sorted(used)][:500]}


def _ranks(path: Path) -> tuple[Sequence[int], Sequence[int]]:
    """The rank of each note among the new cards of the file, and the places in order."""
    places = array("q")
    with path.open("rb") as file:
        places.fromfile(file, path.stat().st_size // places.itemsize)
    order = sorted(range(len(places)), key=places.__getitem__)
    ranks = array("q", bytes(8 * len(places)))
    for rank, number in enumerate(order):
        ranks[number] = rank
    return ranks, array("q", (places[number] for number in order))


def _runs(items: Iterator[T]) -> Iterator[list[T]]:
    while run := list(islice(items, NOTES_AT_ONCE)):
        yield run
