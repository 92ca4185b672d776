"""Media of a learner: files under their own hash, and who asks for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, delete, select
from sqlmodel import Session

from app.core.errors import Missing
from app.db.engine import reading, writing
from app.db.models import media, note_media, note_types
from app.services.import_files import media_path


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file as it may be served: `type` is what its content says."""

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
    return MediaFile(path, row.type, row.size)


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
