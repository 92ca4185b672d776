"""Reading a text that a learner brought: in the cage, then searched for cards."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, update
from sqlmodel import Session

from app.core.passages import PlainText, marks_to_json
from app.db.engine import writing
from app.db.models import documents
from app.formats.refusals import FileRefused
from app.formats.sandbox import read_document_caged
from app.services.documents import is_document
from app.services.import_files import folder_of
from app.services.offered import put_candidates
from app.services.time_limit import TookTooLong, at_most
from app.text.offer import Offer, offer

SEARCH_SECONDS: Final = 240.0
"""Processor time for the cards of one text; an ordinary one of the greatest length that we take needs 200."""


def read_document(
    engine: Engine,
    data: Path,
    learner_id: UUID,
    document_id: UUID,
    *,
    random: Callable[[int], bytes],
    now: int,
    report: Callable[[int, int], None],
    finish: Callable[[Session], None],
) -> None:
    """Read a text in state "reading", find its candidates, and leave it "ready" or "failed"."""
    folder = folder_of(data, learner_id, document_id)
    values: dict[str, Any]
    try:
        text = read_document_caged(folder.upload)
        found = _searched(text)
        put_candidates(engine, learner_id, document_id, found, now=now, random=random, report=report)
        values = _ready(text, found)
    except FileRefused as refusal:
        values = {"state": "failed", "problem": {"code": refusal.code, "params": refusal.params}}
    with writing(engine) as session:
        session.execute(
            update(documents)
            .where(is_document(learner_id, document_id), documents.c.state == "reading")
            .values(**values)
        )
        finish(session)
    folder.remove()


def _searched(text: PlainText) -> Offer:
    """Its cards. Raises FileRefused("file-takes-too-long"): nobody else's work waits for one odd text."""
    try:
        with at_most(SEARCH_SECONDS):
            return offer(text)
    except TookTooLong as error:
        raise FileRefused("file-takes-too-long") from error


def _ready(text: PlainText, found: Offer) -> dict[str, Any]:
    sections: dict[tuple[str, ...], int] = {}
    places = [
        [place.start, place.end, sections.setdefault(place.section, len(sections)), place.cards]
        for place in found.paragraphs
    ]
    return {
        "state": "ready",
        "problem": None,
        "title": found.document,
        "format": text.format,
        "encoding": text.encoding,
        "guessed": text.guessed,
        "language": found.language,
        "text": text.text,
        "length": len(text.text),
        "marks": marks_to_json(text.marks),
        "paragraphs": {"sections": [list(section) for section in sections], "places": places},
        "step": 0,
    }
