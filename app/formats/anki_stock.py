"""Our note kinds as Anki note types: what an export writes, and an import knows again.

The fields have our own names. A field that only shows what others hold (`shown`) is written for Anki's
templates and ignored when it comes back.
"""

import re
from collections.abc import Mapping
from typing import Final

from app.core.notes import NoteKind, faces, lines
from app.formats.drafts import Format, NoteTypeDraft, TemplateDraft

SHOWN: Final = "shown"
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


def as_html(value: str, *, blocks: bool = True) -> str:
    """Text with our light marks as HTML, quotes left as they are; a picture that leaves with it is shown.

    Without `blocks` each line stays one, whatever it begins with.
    """
    parts, at = [], 0
    escaped = _escaped(value)
    for picture in _PICTURE.finditer(escaped):
        parts += [_MARK.sub(_marked, escaped[at : picture.start()]), _image(picture)]
        at = picture.end()
    parts.append(_MARK.sub(_marked, escaped[at:]))
    html = "".join(parts)
    return _LIST.sub(_listed, html).replace("\n", "<br>") if blocks else html.replace("\n", "<br>")


def as_plain_html(value: str) -> str:
    """The same without a meaning for marks, as packages had it that we wrote before."""
    return _PICTURE.sub(_image, _escaped(value)).replace("\n", "<br>")


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;")


def _marked(found: re.Match[str]) -> str:
    tex = found["tex"] or found["tex_too"]
    if found["ruby"]:
        return f"<ruby>{found['base']}<rt>{found['reading']}</rt></ruby>"
    if found["display"]:
        return f"\\[{found['display'].strip()}\\]"
    if tex:
        return f"\\({tex}\\)"
    for name, tag in (("code", "code"), ("bold", "b"), ("soft", "i")):
        if found[name]:
            return f"<{tag}>{found[name]}</{tag}>"
    return str(found["plain"])


def _listed(found: re.Match[str]) -> str:
    members = "".join(f"<li>{line[2:]}</li>" for line in found[0].strip("\n").split("\n"))
    return f"<ul>{members}</ul>"


_LINED: Final = frozenset({"items", "choices"})
_MARK: Final = re.compile(
    r"\\(?P<plain>[\\*`${}|!-])|`(?P<code>[^`\n]{1,2000})`|\$\$(?P<display>[^$\n]{1,2000})\$\$|"
    r"\$(?![\s$])(?P<tex>(?:[^$\\\n]|\\.){1,1000})(?<!\s)\$(?![\d$])|\\\((?P<tex_too>[^\n]{1,1000}?)\\\)|"
    r"(?P<ruby>(?<!\{)\{(?P<base>[^{}|\n]{1,60})\|(?P<reading>[^{}|\n]{1,60})\})|"
    r"(?<![A-Za-z0-9*])\*\*(?![\s*])(?P<bold>[^*\n]{1,1000})(?<!\s)\*\*(?![A-Za-z0-9*])|"
    r"(?<![A-Za-z0-9*])\*(?![\s*])(?P<soft>[^*\n]{1,1000})(?<!\s)\*(?![A-Za-z0-9*])"
)
_LIST: Final = re.compile(r"(?:^|\n)(?:- [^\n]{1,20000}(?:\n|$))+")


_PICTURE: Final = re.compile(r"!\[((?:(?!!\[)[^\]\n]){0,2000})\]\(media/([0-9a-f]{64}\.[a-z0-9]{3,4})\)")


def _image(found: re.Match[str]) -> str:
    words = found[1].replace('"', "&quot;")
    return f'<img src="{found[2]}" alt="{words}">'
