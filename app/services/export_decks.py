"""Decks taken out: as Anki packages, tables, text and deck files, read as a stream of notes."""

import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import Engine, select
from sqlmodel import Session

from app.core.errors import Missing
from app.core.notes import DeckDraft, NoteDraft, Source
from app.db.engine import reading
from app.db.models import decks, learners
from app.db.rows import DECK_COLUMNS, LEARNER_COLUMNS, DeckRow, LearnerRow, NoteRow
from app.formats.collection_write import Writing
from app.formats.light_markup import light_markup
from app.formats.markdown import deck_pieces
from app.formats.package_write import write_package
from app.formats.spreadsheet import write_anki_text, write_csv
from app.services.export_account import export_account
from app.services.import_files import media_path
from app.services.outgoing import Outgoing, OwnFile, files_of, note_rows, outgoing_deck, shows_anything
from app.services.shelf import read_shelf

ExportFormat = Literal["apkg", "apkg-legacy", "csv", "anki-text", "markdown", "json"]
_PIECE: Final = 256 * 1024
_ENDINGS: Final[dict[ExportFormat, tuple[str, str]]] = {
    "apkg": ("apkg", "application/octet-stream"),
    "apkg-legacy": ("apkg", "application/octet-stream"),
    "csv": ("csv", "text/csv; charset=utf-8"),
    "anki-text": ("txt", "text/plain; charset=utf-8"),
    "markdown": ("md", "text/markdown; charset=utf-8"),
    "json": ("json", "application/json"),
}


@dataclass(frozen=True, slots=True)
class Export:
    """A file on its way out, piece by piece."""

    pieces: Iterator[bytes]
    filename: str
    content_type: str


def export_decks(
    engine: Engine, data: Path, learner_id: UUID, wanted: ExportFormat, *, deck_id: UUID | None,
    history: bool, now: int,
) -> Export:  # fmt: skip
    """All decks, or one with those below it; `data` is the folder of media.

    Raises Missing("deck-missing") before the first piece.
    """
    with reading(engine) as session:
        learner = _learner(session, learner_id)
        chosen = chosen_decks(session, learner_id, deck_id)
        pictured = wanted == "markdown" and shows_anything(session, learner_id, [one.id for one in chosen])
    ending, content_type = _ENDINGS[wanted]
    if wanted == "markdown" and (len(chosen) > 1 or pictured):
        ending, content_type = "zip", "application/zip"
    top = min((deck.name for deck in chosen), key=len).replace("::", "-") if deck_id else "wengu"
    source = _Source(engine, data, learner, chosen, history, now, pictured)
    if wanted == "json":
        pieces = export_account(engine, data, learner_id, now, None if deck_id is None else source.deck_ids)
    else:
        pieces = source.pieces(wanted)
    return Export(pieces, f"{top}.{ending}", content_type)


def chosen_decks(session: Session, learner_id: UUID, deck_id: UUID | None) -> list[DeckRow]:
    """The deck with those below it, or all, by position. Raises Missing("deck-missing")."""
    live = (decks.c.learner_id == learner_id) & decks.c.deleted_at.is_(None)
    question = select(*DECK_COLUMNS).where(live).order_by(decks.c.position, decks.c.id)
    found = [DeckRow(*row) for row in session.execute(question)]
    if deck_id is None:
        return found
    top = next((deck for deck in found if deck.id == deck_id), None)
    if top is None:
        raise Missing("deck-missing")
    return [deck for deck in found if deck is top or deck.name.startswith(top.name + "::")]


@dataclass(frozen=True, slots=True)
class _Source:
    """What is taken out, and for whose days."""

    engine: Engine
    data: Path
    learner: LearnerRow
    decks: Sequence[DeckRow]
    history: bool
    now: int
    pictured: bool

    @property
    def deck_ids(self) -> list[UUID]:
        return [deck.id for deck in self.decks]

    def pieces(self, wanted: ExportFormat) -> Iterator[bytes]:
        if wanted == "markdown":
            return self._markdown()
        return self._table(wanted) if wanted in ("csv", "anki-text") else self._package(wanted)

    def _table(self, wanted: ExportFormat) -> Iterator[bytes]:
        names = {str(deck.id): deck.name for deck in self.decks}
        write = write_csv if wanted == "csv" else write_anki_text
        with reading(self.engine) as session:
            found = Outgoing(session, self.learner.id, history=False).notes(self.decks)
            for piece in write(found, names):
                yield piece.encode()

    def _markdown(self) -> Iterator[bytes]:
        """One deck as its file, several, or what has pictures, as a zip, written to disk first."""
        if len(self.decks) == 1 and not self.pictured:
            with reading(self.engine) as session:
                yield from self._deck_file(session, self.decks[0], "", {})
            return
        shown: dict[str, str] = {}
        with tempfile.TemporaryDirectory(prefix="wengu-export-") as work:
            path = Path(work) / "decks.zip"
            with zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED) as archive, reading(self.engine) as session:
                for name, deck in zip(_file_names(self.decks), self.decks, strict=True):
                    with archive.open(name, "w", force_zip64=True) as file:
                        for piece in self._deck_file(session, deck, "../" * name.count("/"), shown):
                            file.write(piece)
                for name, digest in shown.items():
                    path_of_file = media_path(self.data, self.learner.id, digest)
                    if path_of_file.is_file():
                        archive.write(path_of_file, name, zipfile.ZIP_STORED)
            yield from _read(path)

    def _deck_file(self, session: Session, deck: DeckRow, way: str, shown: dict[str, str]) -> Iterator[bytes]:
        """`shown` learns the files that the notes show by their names in the zip, whose root is at `way`."""
        found = (
            draft for page in note_rows(session, self.learner.id, deck.id)
            for draft in self._drafts(session, page, way, shown)
        )  # fmt: skip
        slug = deck.slug or f"deck-{deck.id}"
        language = "en" if self.learner.language == "en" else "zh-CN"
        for piece in deck_pieces(DeckDraft(slug, deck.name, "", language, 1, ()), found):
            yield piece.encode()

    def _drafts(
        self, session: Session, page: Sequence[NoteRow], way: str, shown: dict[str, str]
    ) -> Iterator[NoteDraft]:
        files = files_of(session, self.learner.id, [row.id for row in page]) if self.pictured else {}
        for row in page:
            if row.kind != "anki":
                yield _pictured(_draft(row), files.get(row.id, ()), way, shown)

    def _package(self, wanted: ExportFormat) -> Iterator[bytes]:
        """Written to disk first: a zip begins with what is known last."""
        with tempfile.TemporaryDirectory(prefix="wengu-export-") as work:
            path = Path(work) / "deck.apkg"
            with reading(self.engine) as session:
                shelf = read_shelf(session, self.learner.id)
                outgoing = Outgoing(session, self.learner.id, self.history, packed=True)
                write_package(
                    path,
                    "anki-latest" if wanted == "apkg" else "anki-legacy2",
                    Writing(self.learner.zone, self.learner.rollover_hour, self.now, shelf.parameters),
                    note_types=outgoing.note_types(),
                    decks=[outgoing_deck(deck, shelf.options[deck.id]) for deck in self.decks],
                    notes=outgoing.notes(self.decks),
                    media=self._media(outgoing),
                )
            yield from _read(path)

    def _media(self, outgoing: Outgoing) -> Iterator[tuple[str, Path]]:
        """The files that the notes asked for, once all notes have passed; one that is lost is left out."""
        for name, digest in outgoing.media.items():
            path = media_path(self.data, self.learner.id, digest)
            if path.is_file():
                yield name, path


def _draft(row: NoteRow) -> NoteDraft:
    told = row.source
    source = (
        Source(
            told["document"], tuple(told["section"]), told["start"], told["end"], told["rule"], told["quote"]
        )
        if told
        else None
    )
    html = row.format == "html"
    fields = {name: light_markup(value) if html else value for name, value in row.fields.items()}
    return NoteDraft(row.guid, row.kind, fields, tuple(row.tags), source)  # type: ignore[arg-type]


def _pictured(note: NoteDraft, files: Iterable[OwnFile], way: str, shown: dict[str, str]) -> NoteDraft:
    """The note with its files where the zip has them."""
    fields = dict(note.fields)
    for name, digest, ending in files:
        place = f"media/{digest}.{ending}"
        shown[place] = digest
        for written in (f"](media/{name})", f"]({name})"):
            fields = {key: value.replace(written, f"]({way}{place})") for key, value in fields.items()}
    return replace(note, fields=fields)


def _file_names(chosen: Sequence[DeckRow]) -> list[str]:
    """A name for each deck's file that every system can keep, and no two alike."""
    names: list[str] = []
    taken: set[str] = set()
    for deck in chosen:
        safe = "/".join(map(_safe, deck.name.split("::")))
        name, number = safe, 2
        while name.casefold() in taken:
            name, number = f"{safe} {number}", number + 1
        taken.add(name.casefold())
        names.append(f"{name}.md")
    return names


def _safe(level: str) -> str:
    plain = "".join(letter if letter.isalnum() or letter in " -_." else "_" for letter in level)
    return plain.strip(" .") or "_"


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _learner(session: Session, learner_id: UUID) -> LearnerRow:
    row = session.execute(select(*LEARNER_COLUMNS).where(learners.c.id == learner_id)).one_or_none()
    if row is None:
        raise Missing("learner-missing")
    return LearnerRow(*row)
