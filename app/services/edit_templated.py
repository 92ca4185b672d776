"""Edits of notes that keep a note type of Anki."""

from collections.abc import Mapping

from sqlalchemy import select

from app.core.errors import Refused
from app.db.models import Note, cards
from app.services.content import Shape
from app.services.import_checks import MOST_LETTERS
from app.services.ledger import Ledger
from app.services.showing import ordinals_of, read_types


def anki_shape(ledger: Ledger, note: Note, fields: Mapping[str, str]) -> Shape:
    """The cards that its templates make of the fields, and those that it has: none goes by itself.

    Raises Refused("note-invalid") for fields unknown to its type, or cards that would be too long together.
    """
    known = read_types(ledger.session, ledger.learner_id, [note.note_type_id] if note.note_type_id else [])
    rows = ledger.session.execute(
        select(cards.c.ordinal).where(
            cards.c.learner_id == ledger.learner_id,
            cards.c.note_id == note.id,
            cards.c.deleted_at.is_(None) if note.deleted_at is None else cards.c.deleted_at.is_not(None),
        )
    )
    ordinals = set(rows.scalars())
    for kind in known.values():
        for name in fields:
            if name not in kind.draft.fields:
                raise _refusal(name, "unknown-field")
        ordinals |= set(ordinals_of(kind.draft, fields))
    if len(ordinals) * sum(map(len, fields.values())) > MOST_LETTERS:
        raise _refusal(next(iter(fields)), "too-many")
    return Shape(note.id, note.deck_id, note.position, tuple(sorted(ordinals)))


def _refusal(field: str, reason: str) -> Refused:
    return Refused("note-invalid", pointer=f"/fields/{field}", field=field, reason=reason)
