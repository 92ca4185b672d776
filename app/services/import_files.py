"""Where imports keep what they work on, and the media of a learner: folders within the data folder.

imports/<learner>/<import>/upload          the file as it came
                           notes.jsonl     its notes, read and checked, one a line
                           places          each note's place among the new cards, 8 bytes a note
                           marks           what the preview said of each note, a byte a note
                           head.json       everything else that is to be stored
                           media/<sha256>  its media files, before they are the learner's
media/<learner>/<aa>/<sha256>
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import UUID

import orjson

from app.core.errors import StorageFull, TooLarge
from app.core.events import Kind

CHUNK: Final = 256 * 1024
SPARE_BYTES: Final = 1024**3
"""What must stay free on the disk: answers are worth more than imports."""


@dataclass(frozen=True, slots=True)
class StagedEvent:
    """An event of `app.formats.drafts.EventDraft`, checked."""

    key: str
    kind: Kind
    at: int
    day: int
    rating: int | None
    duration_ms: int
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StagedCard:
    """`place` is where the file has the card among its new cards; it only sorts."""

    ordinal: int
    deck: str
    place: int
    events: Sequence[StagedEvent]


@dataclass(frozen=True, slots=True)
class StagedNote:
    """A checked note. `scoped`: its guid means something within its deck only."""

    guid: str
    kind: str
    format: str
    fields: dict[str, str]
    deck: str
    tags: list[str]
    note_type: str
    scoped: bool
    cards: Sequence[StagedCard]


@dataclass(slots=True)
class Head:
    """What is stored beside the notes: decks and note types by key, media by name as (hash, size, type).

    `seq` is the learner's count of changes when the file was compared with what they have.
    """

    decks: dict[str, dict[str, Any]] = field(default_factory=dict)
    note_types: dict[str, dict[str, Any]] = field(default_factory=dict)
    media: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    seq: int = -1


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of one import."""

    path: Path

    @property
    def upload(self) -> Path:
        return self.path / "upload"

    @property
    def notes(self) -> Path:
        return self.path / "notes.jsonl"

    @property
    def places(self) -> Path:
        return self.path / "places"

    @property
    def marks(self) -> Path:
        return self.path / "marks"

    @property
    def head(self) -> Path:
        return self.path / "head.json"

    @property
    def media(self) -> Path:
        return self.path / "media"

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        for parent in (self.path.parent, self.path.parent.parent):
            try:
                parent.rmdir()
            except OSError:
                return

    def remove_staged(self) -> None:
        """Everything but the file as it came."""
        shutil.rmtree(self.media, ignore_errors=True)
        for file in (self.notes, self.places, self.marks, self.head):
            file.unlink(missing_ok=True)


def folder_of(data: Path, learner_id: UUID, import_id: UUID) -> Folder:
    return Folder(data / "imports" / str(learner_id) / str(import_id))


def media_path(data: Path, learner_id: UUID, digest: str) -> Path:
    """Where a file of the learner is, or would be."""
    return data / "media" / str(learner_id) / digest[:2] / digest


def remove_learner(data: Path, learner_id: UUID) -> None:
    """All files of a learner."""
    for name in ("imports", "media"):
        shutil.rmtree(data / name / str(learner_id), ignore_errors=True)


def receive(source: BinaryIO, to: Path, most: int) -> int:
    """Write a stream to a new file, piece by piece; its size.

    Raises TooLarge("body-too-large") beyond `most` bytes, StorageFull where the disk has no room to spare.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with to.open("xb") as file:
        while piece := source.read(CHUNK):
            size += len(piece)
            if size > most:
                raise TooLarge("body-too-large", limit=most)
            if size % (64 * CHUNK) < len(piece):
                check_room(to.parent)
            file.write(piece)
    return size


def check_room(folder: Path) -> None:
    """Raises StorageFull("storage-full") when the disk is nearly full."""
    if shutil.disk_usage(folder).free < SPARE_BYTES:
        raise StorageFull("storage-full")


# --- staged records -------------------------------------------------------------------------------


def note_line(note: StagedNote) -> bytes:
    cards = [
        (card.ordinal, card.deck, card.place, [tuple(event) for event in map(_event_values, card.events)])
        for card in note.cards
    ]
    return (
        orjson.dumps(
            (
                note.guid, note.kind, note.format, note.fields, note.deck, note.tags, note.note_type,
                note.scoped, cards,
            )
        )
        + b"\n"
    )  # fmt: skip


def _event_values(event: StagedEvent) -> tuple[Any, ...]:
    return event.key, event.kind, event.at, event.day, event.rating, event.duration_ms, event.data


def read_lines(path: Path) -> Iterator[bytes]:
    """The staged notes as lines, for `note_of`."""
    with path.open("rb") as file:
        yield from file


def note_of(line: bytes) -> StagedNote:
    """A staged note, as it was written."""
    values: list[Any] = orjson.loads(line)
    values[-1] = [_card(*card) for card in values[-1]]
    return StagedNote(*values)


def _card(ordinal: int, deck: str, place: int, events: list[list[Any]]) -> StagedCard:
    return StagedCard(ordinal, deck, place, [StagedEvent(*event) for event in events])


def write_head(path: Path, head: Head) -> None:
    path.write_bytes(orjson.dumps(head))


def read_head(path: Path) -> Head:
    told: Mapping[str, Any] = orjson.loads(path.read_bytes())
    return Head(
        told["decks"],
        told["note_types"],
        {name: tuple(value) for name, value in told["media"].items()},
        told.get("seq", -1),
    )
