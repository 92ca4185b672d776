"""Media of a learner: files under their own hash, what they are, and who asks for them."""

import hashlib
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from sqlalchemy import Engine, delete, exists, select
from sqlmodel import Session

from app.core.errors import Missing, Refused
from app.core.ids import new_id
from app.db.engine import reading, writing
from app.db.models import media, note_media, note_types, notes
from app.db.queries import dialect_of, insert_ignoring
from app.formats.media_types import media_type
from app.services.import_files import CHUNK, check_room, folder_of, media_path, receive

LARGEST_FILE: Final = 8 * 1024**2
_OWN: Final = re.compile(r"media/([0-9a-f]{64})(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file as it may be served: `type` is what its content says."""

    hash: str
    path: Path
    type: str
    size: int


def find_media(engine: Engine, data: Path, learner_id: UUID, digest: str) -> MediaFile:
    """A file of the learner's own. Raises Missing("media-missing")."""
    with reading(engine) as session:
        row = session.execute(
            select(media.c.type, media.c.size).where(media.c.learner_id == learner_id, media.c.hash == digest)
        ).one_or_none()
    path = media_path(data, learner_id, digest)
    if row is None or not path.is_file():
        raise Missing("media-missing")
    return MediaFile(digest, path, row.type, row.size)


def take_media(
    engine: Engine,
    data: Path,
    learner_id: UUID,
    source: BinaryIO,
    *,
    now: int,
    random: Callable[[int], bytes],
) -> MediaFile:
    """Keep a picture or sound; the same bytes are the same file however often they come.

    Raises TooLarge("body-too-large"), Refused("media-type-unknown"), StorageFull.
    """
    folder = folder_of(data, learner_id, new_id(now, random))
    try:
        size = receive(source, folder.upload, LARGEST_FILE)
        check_room(folder.path)
        with folder.upload.open("rb") as file:
            kind = media_type(file.read(CHUNK))
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if kind is None:
            raise Refused("media-type-unknown")
        place = media_path(data, learner_id, digest)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(folder.upload, place)
    finally:
        folder.remove()
    row = {"learner_id": learner_id, "hash": digest, "type": kind, "size": size, "created_at": now}
    with writing(engine) as session:
        session.execute(insert_ignoring(dialect_of(session), media), [row])
    return MediaFile(digest, place, kind, size)


def own_files(text: str) -> list[str]:
    """Hashes that a field names as `media/<hash>`, in text as in HTML."""
    return _OWN.findall(text) if "media/" in text else []


def name_files(session: Session, learner_id: UUID, named: Mapping[UUID, set[str]]) -> None:
    """Note down which notes show which of the learner's own files."""
    wanted = {digest for digests in named.values() for digest in digests}
    if not wanted:
        return
    known = set(
        session.execute(
            select(media.c.hash).where(media.c.learner_id == learner_id, media.c.hash.in_(list(wanted)))
        ).scalars()
    )
    rows = [
        {"learner_id": learner_id, "note_id": note_id, "name": digest, "hash": digest}
        for note_id, digests in named.items()
        for digest in digests & known
    ]
    if rows:
        session.execute(insert_ignoring(dialect_of(session), note_media), rows)


def files_of_hidden(engine: Engine, learner_id: UUID) -> list[str]:
    """Hashes of the files that notes about to be removed ask for."""
    with reading(engine) as session:
        rows = session.execute(
            select(note_media.c.hash)
            .join(
                notes,
                (notes.c.learner_id == note_media.c.learner_id) & (notes.c.id == note_media.c.note_id),
            )
            .where(note_media.c.learner_id == learner_id, notes.c.seq < 0)
            .distinct()
        )
        return list(rows.scalars())


def remove_unused_types(engine: Engine, learner_id: UUID) -> list[str]:
    """Remove the note types that no note has; the hashes of the files that their templates asked for."""
    used = exists().where(
        notes.c.learner_id == note_types.c.learner_id, notes.c.note_type_id == note_types.c.id
    )
    with writing(engine) as session:
        rows = session.execute(
            select(note_types.c.id, note_types.c.media).where(note_types.c.learner_id == learner_id, ~used)
        ).all()
        session.execute(
            delete(note_types).where(
                note_types.c.learner_id == learner_id, note_types.c.id.in_([row.id for row in rows])
            )
        )
    return [digest for row in rows for digest in row.media.values()]


def remove_unused(engine: Engine, data: Path, learner_id: UUID, digests: Sequence[str]) -> None:
    """Remove those of these files that no note and no note type asks for."""
    for start in range(0, len(digests), 1_000):
        with writing(engine) as session:
            gone = _unused(session, learner_id, digests[start : start + 1_000])
            session.execute(delete(media).where(media.c.learner_id == learner_id, media.c.hash.in_(gone)))
        for digest in gone:
            media_path(data, learner_id, digest).unlink(missing_ok=True)


def _unused(session: Session, learner_id: UUID, digests: Sequence[str]) -> list[str]:
    asked = set(
        session.execute(
            select(note_media.c.hash).where(
                note_media.c.learner_id == learner_id, note_media.c.hash.in_(list(digests))
            )
        ).scalars()
    )
    for named in session.execute(
        select(note_types.c.media).where(note_types.c.learner_id == learner_id)
    ).scalars():
        asked |= set(named.values())
    return [digest for digest in digests if digest not in asked]
