"""Our note kinds as Anki note types: what an export writes, and an import knows again.

The fields have our own names. A field that only shows what others hold (`shown`) is written for Anki's
templates and ignored when it comes back.
"""

from collections.abc import Mapping
from typing import Final

from app.core.notes import NoteKind, faces, lines
from app.formats.drafts import Format, NoteTypeDraft, TemplateDraft
from app.formats.light_html import as_html

SHOWN: Final = "shown"
_LINED: Final = frozenset({"items", "choices"})
_NOTE: Final = "{{#note}}\n<hr>\n{{note}}{{/note}}"
_CSS: Final = ".card { font-family: sans-serif; font-size: 20px; text-align: center; }"
_RULE: Final = "{{FrontSide}}\n\n<hr id=answer>\n\n"


def _type(number: int, name: str, fields: str, *sides: tuple[str, str], cloze: bool = False) -> NoteTypeDraft:
    templates = tuple(
        TemplateDraft(f"Card {place}", front, back) for place, (front, back) in enumerate(sides, 1)
    )
    key = str(1_690_000_000_000 + number)
    return NoteTypeDraft(
        key, f"Wengu {name}", "cloze" if cloze else "normal", tuple(fields.split()), templates, _CSS
    )


_TURNED_FRONT: Final = (
    "{{#reverse_front}}{{reverse_front}}{{/reverse_front}}{{^reverse_front}}{{back}}{{/reverse_front}}"
)
_TURNED_BACK: Final = (
    "{{#reverse_back}}{{reverse_back}}{{/reverse_back}}{{^reverse_back}}{{front}}{{/reverse_back}}"
)

OWN_TYPES: Final[Mapping[NoteKind, NoteTypeDraft]] = {
    "basic": _type(1, "basic", "front back note", ("{{front}}", _RULE + "{{back}}" + _NOTE)),
    "reverse": _type(
        2,
        "reverse",
        "front back note reverse_front reverse_back",
        ("{{front}}", _RULE + "{{back}}" + _NOTE),
        (_TURNED_FRONT, _RULE + _TURNED_BACK + _NOTE),
    ),
    "cloze": _type(3, "cloze", "text note", ("{{cloze:text}}", "{{cloze:text}}" + _NOTE), cloze=True),
    "list": _type(
        4, "list", "shown front items note", ("{{cloze:shown}}", "{{cloze:shown}}" + _NOTE), cloze=True
    ),
    "type": _type(
        5,
        "type",
        "front back note",
        ("{{front}}\n\n{{type:back}}", "{{front}}\n\n<hr id=answer>\n\n{{type:back}}" + _NOTE),
    ),
    "choice": _type(6, "choice", "shown front back choices note", ("{{shown}}", _RULE + "{{back}}" + _NOTE)),
}


def own_kind(note_type: NoteTypeDraft) -> NoteKind | None:
    """The kind whose own note type this is, however Anki renamed it."""
    for kind, own in OWN_TYPES.items():
        sides = [(template.front, template.back) for template in own.templates]
        if own.fields == note_type.fields and own.kind == note_type.kind:
            found = [(template.front.strip(), template.back.strip()) for template in note_type.templates]
            if found == [(front.strip(), back.strip()) for front, back in sides]:
                return kind
    return None


def own_values(kind: NoteKind, fields: Mapping[str, str], form: Format) -> list[str]:
    """The values of a note of ours in the order of its Anki type's fields, as HTML."""
    shown = {
        name: value if form == "html" else as_html(value, blocks=name not in _LINED)
        for name, value in fields.items()
    }
    if kind == "list":
        members = lines(fields["items"])
        numbered = [
            f"{place}. {{{{c{place}::{member if form == 'html' else as_html(member)}}}}}"
            for place, member in enumerate(members, 1)
        ]
        shown[SHOWN] = "<br>".join([shown["front"], *numbered])
    if kind == "choice":
        front = faces(kind, fields)[0].front
        shown[SHOWN] = front.replace("\n", "<br>") if form == "html" else as_html(front)
    return [shown.get(name, "") for name in OWN_TYPES[kind].fields]
