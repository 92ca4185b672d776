"""Everything of a learner as one JSON document, written piece by piece."""

import base64
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Engine, Table, false, select, true
from sqlmodel import Session

from app.core.errors import Missing
from app.db.engine import reading
from app.db.models import (
    cards,
    day_stats,
    decks,
    devices,
    events,
    exam_plans,
    exams,
    learners,
    media,
    note_media,
    note_types,
    note_versions,
    notes,
    parameter_sets,
)
from app.db.rows import LEARNER_COLUMNS, LearnerRow
from app.services.import_files import media_path

_ROWS_A_PIECE: Final = 500
_INTERNAL: Final = {"learner_id", "seq", "stamps", "search_text", "content_hash", "last_order"}
_SECTIONS: Final = (
    ("devices", devices),
    ("parameters", parameter_sets),
    ("decks", decks),
    ("note_types", note_types),
    ("notes", notes),
    ("note_versions", note_versions),
    ("cards", cards),
    ("events", events),
    ("days", day_stats),
    ("exams", exams),
    ("exam_plans", exam_plans),
)


def export_account(
    engine: Engine, data: Path, learner_id: UUID, now: int, deck_ids: Sequence[UUID] | None = None
) -> Iterator[bytes]:
    """UTF-8 pieces of the document, one consistent snapshot. Raises Missing at the first piece.

    With `deck_ids` only those decks and what belongs to them. Deleted decks, notes and cards that can still
    come back are in it, with `deleted_at`. Secrets are not. Pictures and sounds are in it as base64.
    """
    with reading(engine) as session:
        row = session.execute(select(*LEARNER_COLUMNS).where(learners.c.id == learner_id)).one_or_none()
        if row is None:
            raise Missing("learner-missing")
        head = orjson.dumps(
            {"format": "wengu-account", "version": 1, "exported_at": now, "learner": LearnerRow(*row)}
        )
        yield head[:-1]
        for name, table in _SECTIONS:
            yield b',"%s":[' % name.encode()
            columns = _told(table)
            mine = _told_of(table, learner_id) & _of_decks(table, learner_id, deck_ids)
            rows = session.execute(
                select(*columns).where(mine).order_by(*table.primary_key.columns),
                execution_options={"stream_results": True, "yield_per": _ROWS_A_PIECE},
            )
            names, separator = [column.name for column in columns], b""
            for part in rows.partitions():
                yield separator + b",".join(
                    orjson.dumps(dict(zip(names, values, strict=True))) for values in part
                )
                separator = b","
            yield b"]"
        yield b',"media":['
        separator = b""
        for piece in _media(session, data, learner_id, deck_ids):
            yield separator + piece
            separator = b","
        yield b"]}\n"


def _media(
    session: Session, data: Path, learner_id: UUID, deck_ids: Sequence[UUID] | None
) -> Iterator[bytes]:
    """The files that notes ask for, under every name that they have for it; one that is lost is left out."""
    asked = (
        select(note_media.c.name, media.c.hash, media.c.type)
        .join(media, (media.c.learner_id == note_media.c.learner_id) & (media.c.hash == note_media.c.hash))
        .join(notes, (notes.c.learner_id == note_media.c.learner_id) & (notes.c.id == note_media.c.note_id))
        .where(note_media.c.learner_id == learner_id, notes.c.seq > 0, notes.c.deleted_at.is_(None))
        .distinct()
        .order_by(media.c.hash, note_media.c.name)
    )
    if deck_ids is not None:
        asked = asked.where(notes.c.deck_id.in_(deck_ids))
    for name, digest, kind in session.execute(asked).all():
        path = media_path(data, learner_id, digest)
        if path.is_file():
            content = base64.b64encode(path.read_bytes()).decode()
            yield orjson.dumps({"name": name, "hash": digest, "type": kind, "content": content})


def _of_decks(table: Table, learner_id: UUID, deck_ids: Sequence[UUID] | None) -> ColumnElement[bool]:
    """Whether a row belongs to the decks; what belongs to no deck at all is left out then."""
    if deck_ids is None:
        return true()
    if table is decks:
        return decks.c.id.in_(deck_ids)
    if "deck_id" in table.c:
        return table.c.deck_id.in_(deck_ids)
    if table is note_types:
        used = select(notes.c.note_type_id).where(
            notes.c.learner_id == learner_id, notes.c.deck_id.in_(deck_ids)
        )
        return note_types.c.id.in_(used)
    parent = notes if table is note_versions else cards
    if table not in (note_versions, events):
        return false()
    own = select(parent.c.id).where(parent.c.learner_id == learner_id, parent.c.deck_id.in_(deck_ids))
    return (table.c.note_id if table is note_versions else table.c.card_id).in_(own)


def _told_of(table: Table, learner_id: UUID) -> ColumnElement[bool]:
    """The learner's rows, without what an import is still writing."""
    own = table.c.learner_id == learner_id
    return own & (table.c.seq > 0) if table in (decks, notes, cards) else own


def _told(table: Table) -> list[ColumnElement[Any]]:
    """The columns that mean something outside this database."""
    return [column for column in table.columns if column.name not in _INTERNAL]
