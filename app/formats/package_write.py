"""Anki packages written: Latest for Anki 2.1.50 and newer, Legacy 2 for what is older.

Rows go to a collection on disk as they come, media from file to archive: memory does not grow with the deck.
"""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, Literal

import zstandard

from app.formats.archive import CHUNK
from app.formats.collection_write import CollectionWriter, Writing
from app.formats.drafts import CardDraft, ImportedDeck, ImportedNote, NoteTypeDraft
from app.formats.package import COLLECTIONS, MEDIA, META
from app.formats.protobuf import bytes_field, varint_field

_STUB: Final = "Please update to the latest Anki version, then import the .colpkg/.apkg file again."
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # equal content gives equal bytes
_VERSIONS: Final = {"anki-legacy2": 2, "anki-latest": 3}

Target = Literal["anki-legacy2", "anki-latest"]


def write_package(
    to: Path,
    target: Target,
    writing: Writing,
    *,
    note_types: Iterable[NoteTypeDraft],
    decks: Iterable[ImportedDeck],
    notes: Iterable[ImportedNote],
    media: Iterable[tuple[str, Path]] = (),
) -> None:
    """Writes the package to a new file `to`; notes and media are consumed as streams."""
    latest = target == "anki-latest"
    with tempfile.TemporaryDirectory(prefix="wengu-export-") as work, zipfile.ZipFile(to, "x") as archive:
        collection = Path(work) / "collection"
        writer = CollectionWriter(collection, writing, modern=latest)
        writer.describe(note_types, decks)
        for note in notes:
            writer.add(note)
        writer.close()
        stub = Path(work) / "stub"
        _write_stub(stub, writing)
        _add(archive, META, [varint_field(1, _VERSIONS[target])])
        pieces = _zstd(_pieces(collection)) if latest else _pieces(collection)
        _add(archive, COLLECTIONS[target], pieces, packed=not latest)
        _add(archive, COLLECTIONS["anki-legacy1"], _pieces(stub), packed=True)
        _add_media(archive, media, latest=latest)


def _add_media(archive: zipfile.ZipFile, media: Iterable[tuple[str, Path]], *, latest: bool) -> None:
    listed: list[tuple[str, int, bytes]] = []
    for place, (name, path) in enumerate(media):
        digest = hashlib.sha1(usedforsecurity=False)  # the map's own checksum
        for piece in _pieces(path):
            digest.update(piece)
        listed.append((name, path.stat().st_size, digest.digest()))
        _add(archive, str(place), _zstd(_pieces(path)) if latest else _pieces(path))
    if latest:
        entries = b"".join(
            bytes_field(1, bytes_field(1, name) + varint_field(2, size) + bytes_field(3, digest))
            for name, size, digest in listed
        )
        _add(archive, MEDIA, _zstd(iter([entries])))
    else:
        names = {str(place): name for place, (name, _, _) in enumerate(listed)}
        _add(archive, MEDIA, [json.dumps(names, ensure_ascii=False).encode()])


def _write_stub(path: Path, writing: Writing) -> None:
    """The collection that older Anki finds, with one note that says what to do."""
    writer = CollectionWriter(path, writing, modern=False)
    writer.describe([], [ImportedDeck("1", "Default")])
    fields = {"front": _STUB, "back": "-"}
    writer.add(ImportedNote("wengu-stub", "basic", fields, "1", "html", cards=(CardDraft(0, "1", 1),)))
    writer.close()


def _add(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes], *, packed: bool = False) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with archive.open(entry, "w", force_zip64=True) as file:
        for piece in pieces:
            file.write(piece)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from _read(file)


def _read(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(CHUNK):
        yield piece


def _zstd(pieces: Iterator[bytes]) -> Iterator[bytes]:
    frame = zstandard.ZstdCompressor().compressobj()
    for piece in pieces:
        yield frame.compress(piece)
    yield frame.flush()
