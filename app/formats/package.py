"""Anki packages (.apkg, .colpkg) of all three generations.

- Legacy 1: `collection.anki2`, JSON media map, nothing else.
- Legacy 2: `collection.anki21`, a `meta` that says so, and a collection of one note for older Anki beside.
- Latest: `collection.anki21b` and the media map in zstd, media files each in zstd, schema 18.

Which one it is follows from `meta`, never from whichever database happens to be readable.
"""

import hashlib
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.formats import protobuf
from app.formats.anki_collection import Reading, read_collection
from app.formats.anki_values import SAFE_INTEGER, json_of
from app.formats.archive import CHUNK, Archive
from app.formats.drafts import Generation, MediaDraft, Record, Skipped
from app.formats.limits import DEFAULT_LIMITS, MB, Limits, spelled
from app.formats.media_types import media_type
from app.formats.refusals import FileRefused

META, MEDIA = "meta", "media"
COLLECTIONS: Final[dict[Generation, str]] = {
    "anki-legacy1": "collection.anki2",
    "anki-legacy2": "collection.anki21",
    "anki-latest": "collection.anki21b",
}
_VERSIONS: Final[dict[int, Generation]] = {1: "anki-legacy1", 2: "anki-legacy2", 3: "anki-latest"}
_MOST_META: Final = 4096
_MOST_MAP: Final = 32 * MB
_LONGEST_MEDIA_NAME: Final = 255


@dataclass(frozen=True, slots=True)
class _Entry:
    """A media file: the archive's name for it, and the name that notes use."""

    entry: str
    name: str


def read_package(
    path: Path, reading: Reading, *, media_folder: Path | None = None, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Record]:
    """The package as records. Raises FileRefused at any point: keep nothing then.

    Media go to `media_folder` as files named by the SHA-256 of their content; without a folder they are only
    described.
    """
    with Archive(path, limits) as archive, tempfile.TemporaryDirectory(prefix="wengu-import-") as work:
        generation = generation_of(archive)
        media, skipped = _media_map(archive, latest=generation == "anki-latest")
        collection = Path(work) / "collection.sqlite3"
        _unpack_collection(archive, generation, collection, limits)
        yield from read_collection(collection, generation, reading, limits, media=len(media))
        collection.unlink()
        yield from skipped
        for entry in media:
            latest = generation == "anki-latest"
            yield media_of(archive, entry.entry, entry.name, latest, media_folder or Path(work), limits)


def is_package(archive: Archive) -> bool:
    """Whether it was made by Anki, whatever is wrong with it."""
    return META in archive or any(name in archive for name in COLLECTIONS.values())


def generation_of(archive: Archive) -> Generation:
    """Raises FileRefused: "package-meta", "package-too-new", "package-no-collection"."""
    if META in archive:
        data = archive.read(META, most=_MOST_META, too_large=FileRefused("package-meta"))
        try:
            version = protobuf.number(protobuf.read_message(data), 1)
        except protobuf.BadMessage as error:
            raise FileRefused("package-meta") from error
        if version > max(_VERSIONS):
            raise FileRefused("package-too-new")
        if version not in _VERSIONS:
            raise FileRefused("package-meta")
        generation = _VERSIONS[version]
        if COLLECTIONS[generation] in archive:
            return generation
        # An old collection beside a newer `meta` is the note that asks to update Anki, not the deck.
        stub = any(name in archive for name in COLLECTIONS.values())
        raise FileRefused("package-stub" if stub else "package-no-collection")
    for generation in ("anki-latest", "anki-legacy2", "anki-legacy1"):
        if COLLECTIONS[generation] in archive:
            return generation
    raise FileRefused("package-no-collection")


def _unpack_collection(archive: Archive, generation: Generation, to: Path, limits: Limits) -> None:
    with to.open("xb") as file:
        archive.copy(
            COLLECTIONS[generation],
            file,
            most=limits.collection,
            too_large=FileRefused("collection-too-large", limit=spelled(limits.collection)),
            zstd=generation == "anki-latest",
        )


def _media_map(archive: Archive, *, latest: bool) -> tuple[list[_Entry], list[Skipped]]:
    if MEDIA not in archive:
        return [], []
    broken = FileRefused("package-media-map")
    data = archive.read(MEDIA, most=_MOST_MAP, too_large=broken, zstd=latest)
    listed = _protobuf_map(data) if latest else _json_map(data)
    entries, skipped, names = [], [], set()
    for entry, raw in listed:
        name = unicodedata.normalize("NFC", raw)
        if not _sound(name) or name in names:
            skipped.append(Skipped("media", "media-name", name[:80]))
        elif entry not in archive:
            skipped.append(Skipped("media", "media-missing", name))
        else:
            names.add(name)
            entries.append(_Entry(entry, name))
    return entries, skipped


def _json_map(data: bytes) -> list[tuple[str, str]]:
    """`{"0": "cat.jpg"}`; old packages without media have an empty file here."""
    if not data.strip():
        return []
    try:
        listed = json_of(data, "media")
    except FileRefused as error:
        raise FileRefused("package-media-map") from error
    if not isinstance(listed, dict) or not all(isinstance(name, str) for name in listed.values()):
        raise FileRefused("package-media-map")
    return list(listed.items())


def _protobuf_map(data: bytes) -> list[tuple[str, str]]:
    """`MediaEntries`: the place in the list is the entry's name, unless field 255 says otherwise."""
    try:
        found = []
        for place, item in enumerate(protobuf.read_message(data).get(1, [])):
            if not isinstance(item, bytes):
                raise protobuf.BadMessage("no entry")
            message = protobuf.read_message(item)
            found.append(
                (str(min(protobuf.number(message, 255, place), SAFE_INTEGER)), protobuf.text(message, 1))
            )
    except protobuf.BadMessage as error:
        raise FileRefused("package-media-map") from error
    return found


def _sound(name: str) -> bool:
    """Names are only keys here, but an export writes them again: none that means a place or a command."""
    return (
        0 < len(name.encode("utf-8", "replace")) <= _LONGEST_MEDIA_NAME
        and name not in {".", ".."}
        and name.isprintable()
        and not any(character in '/\\:*?"<>|' for character in name)
    )


def media_of(
    archive: Archive, entry: str, name: str, zstd: bool, folder: Path, limits: Limits
) -> MediaDraft | Skipped:
    """An entry unpacked into `folder` under the hash of its content, for notes that call it `name`."""
    too_large = FileRefused("file-too-large", limit=spelled(limits.media_file))
    digest, size, head = hashlib.sha256(), 0, b""
    target = folder / "unpacking"
    chunks = archive.chunks(entry, most=limits.media_file, too_large=too_large, zstd=zstd)
    try:
        with target.open("wb") as file, closing(chunks):
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                head = head or chunk[:CHUNK]
                file.write(chunk)
        kind = media_type(head)
        if kind is None:
            return Skipped("media", "media-type", name)
        target.rename(folder / digest.hexdigest())
    except FileRefused as refusal:
        if refusal is not too_large:
            raise
        return Skipped("media", "media-too-large", name)
    finally:
        target.unlink(missing_ok=True)
    return MediaDraft(name, digest.hexdigest(), size, kind)
