"""Anki's stock note types as Wengu's own kinds, where nothing is lost by it.

A note of another type, or one whose fields its kind would refuse, keeps its type and its fields by name
(kind "anki") and is rendered by its templates.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.core.notes import InvalidNote, NoteKind, ordinals
from app.formats.anki_stock import SHOWN, own_kind
from app.formats.drafts import ImportedKind, NoteTypeDraft

_OPEN, _CLOSE = "{{", "}}"
_LINE_BREAK: Final = re.compile(r"<br ?/?>")
_BETWEEN: Final = re.compile(r"\s+|<hr[^<>]{0,40}>|<br ?/?>|</?div>")


@dataclass(frozen=True, slots=True)
class KindMap:
    """The kind of a note type, with the field of ours for each of its own fields, in order."""

    kind: NoteKind
    fields: tuple[str, ...]


def kind_of(note_type: NoteTypeDraft) -> KindMap | None:
    """Our kind for a note type of our own, or with Anki's stock templates under whatever field names."""
    own = own_kind(note_type)
    if own is not None:
        return KindMap(own, note_type.fields)
    if len(note_type.fields) != 2:
        return None
    one, two = (_BETWEEN.sub("", field) for field in note_type.fields)
    shapes = tuple(
        (_BETWEEN.sub("", template.front), _BETWEEN.sub("", template.back).replace("{{FrontSide}}", ""))
        for template in note_type.templates
    )
    front, back, gap, typed = (_OPEN + what + _CLOSE for what in (one, two, "cloze:" + one, "type:" + two))
    ask, turn = (front, back), (back, front)
    if note_type.kind == "cloze":
        return KindMap("cloze", ("text", "note")) if shapes == ((gap, gap + back),) else None
    known: dict[tuple[tuple[str, str], ...], NoteKind] = {
        (ask,): "basic",
        (ask, turn): "reverse",
        ((front + typed, front + typed),): "type",
        ((front + typed, typed),): "type",
    }
    kind = known.get(shapes)
    return KindMap(kind, ("front", "back")) if kind else None


def note_of(
    note_type: NoteTypeDraft, mapping: KindMap | None, values: Sequence[str], wanted: Sequence[int]
) -> tuple[ImportedKind, dict[str, str]]:
    """Kind and fields of a note, given its values in order and the ordinals that its cards want."""
    if mapping is not None:
        pairs = zip(mapping.fields, values, strict=True)
        own = {field: value for field, value in pairs if value.strip() and field != SHOWN}
        if mapping.kind in ("list", "choice"):
            # Their members are lines, and Anki's editor writes lines as breaks.
            own = {field: _LINE_BREAK.sub("\n", value) for field, value in own.items()}
        if set(wanted) <= set(_ordinals(mapping.kind, own)):
            return mapping.kind, own
    return "anki", dict(zip(note_type.fields, values, strict=True))


def _ordinals(kind: NoteKind, fields: Mapping[str, str]) -> list[int]:
    try:
        return ordinals(kind, fields)
    except InvalidNote:
        return []
