"""Anki's card templates, rendered: the part of mustache that decks use, in one pass, and no script.

`{{Field}}` · `{{#Field}}…{{/Field}}` when it has content · `{{^Field}}…{{/Field}}` when it has none ·
`{{FrontSide}}` `{{Tags}}` `{{Type}}` `{{Deck}}` `{{Subdeck}}` `{{Card}}` · filters, from right to left:
`cloze`, `type`, `text`, `hint`, `furigana`, `kana`, `kanji`; any other is passed over. A field's content is
never read as a template again. The result is HTML that has yet to go through `app.formats.markup`.
"""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from app.formats.drafts import NoteTypeDraft

MOST_OUTPUT: Final = 512 * 1024
_DEEPEST: Final = 50
_TOKEN: Final = re.compile(r"\{\{([^{}]{0,300})\}\}")
_TAG: Final = re.compile(r"<[^<>]{0,4000}>")
_SOUND: Final = re.compile(r"\[sound:[^\]\[]{0,300}\]")
_MEDIA: Final = re.compile(r"<(?:img|audio|video|object)\b", re.IGNORECASE)
_RUBY: Final = re.compile(r" ?([^\s<>\[\]]{1,40})\[([^\]\[]{1,40})\]")
_CLOZE: Final = re.compile(r"\{\{c([0-9]{1,3})::|\}\}")


_LATEX: Final = re.compile(
    r"\[\$\](?P<inline>[^\[\]]{0,2000}(?:\[(?!/)[^\[\]]{0,500}\][^\[\]]{0,500}){0,20})\[/\$\]|"
    r"\[\$\$\](?P<display>[^\[\]]{0,2000}(?:\[(?!/)[^\[\]]{0,500}\][^\[\]]{0,500}){0,20})\[/\$\$\]|"
    r"\[latex\](?P<latex>[^\[\]]{0,2000}(?:\[(?!/)[^\[\]]{0,500}\][^\[\]]{0,500}){0,20})\[/latex\]",
    re.IGNORECASE,
)
_LATEX_INNER: Final = re.compile(
    r"\$\$(?P<display>[^$]+)\$\$|\\begin\{(?:displaymath|equation\*?)\}(?P<displayed>.+)\\end\{(?:displaymath|equation\*?)\}|"
    r"\$(?P<inline>[^$]+)\$|\\begin\{math\}(?P<inlined>.+)\\end\{math\}",
    re.DOTALL,
)
_DOLLARS: Final = re.compile(r"\$([^$\n]{1,1000})\$")


class BadTemplate(ValueError):
    """The template cannot be rendered; the text says why."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """Both sides as HTML. `blank` when the front shows nothing but the template's own words."""

    front: str
    back: str
    blank: bool


def render_card(
    note_type: NoteTypeDraft, fields: Mapping[str, str], ordinal: int, *, deck: str = "", tags: str = ""
) -> Rendered:
    """The card of that ordinal. Raises BadTemplate for a template that is broken or grows too large."""
    template = note_type.templates[0 if note_type.kind == "cloze" else ordinal]
    values = {
        "Tags": html.escape(tags),
        "Type": html.escape(note_type.name),
        "Deck": html.escape(deck),
        "Subdeck": html.escape(deck.rsplit("::", 1)[-1]),
        "Card": html.escape(template.name),
        **fields,
    }
    number = ordinal + 1 if note_type.kind == "cloze" else 0
    front = _Side(values, number, answer=False)
    front_html = front.render(template.front)
    back = _Side({**values, "FrontSide": _SOUND.sub("", front_html)}, number, answer=True)
    back_html = back.render(template.back)
    return Rendered(formulas(front_html), formulas(back_html), not front.showed)


def formulas(shown: str) -> str:
    """What Anki sets by LaTeX (`[$]…[/$]`, `[$$]…[/$$]`, `[latex]…[/latex]`) as formulas of a page."""
    return _LATEX.sub(_formula, shown) if "[/" in shown else shown


def _formula(found: re.Match[str]) -> str:
    tex = _TAG.sub(" ", found["inline"] or found["display"] or found["latex"] or "").strip()
    if found["inline"] is not None:
        return f"\\({tex}\\)"
    if found["display"] is not None:
        return f"\\[{tex}\\]"
    inner = _LATEX_INNER.fullmatch(tex)
    if inner is None:  # words with formulas among them
        return _DOLLARS.sub(r"\\(\1\\)", tex)
    display = inner["display"] or inner["displayed"]
    return f"\\[{display.strip()}\\]" if display else f"\\({(inner['inline'] or inner['inlined']).strip()}\\)"


class _Side:
    """One pass over one template."""

    def __init__(self, values: Mapping[str, str], cloze: int, *, answer: bool) -> None:
        self._values, self._cloze, self._answer = values, cloze, answer
        self.showed = False

    def render(self, template: str) -> str:
        parts: list[str] = []
        sections: list[tuple[str, bool]] = []  # name, whether its inside shows
        position = size = 0
        for token in _TOKEN.finditer(template):
            shows = all(inside for _, inside in sections)
            pieces = [template[position : token.start()] if shows else ""]
            position = token.end()
            name = token[1].strip()
            if name[:1] in ("#", "^", "/") and name:
                self._section(name[0], name[1:].strip(), sections)
            elif shows and not name.startswith("!"):
                pieces.append(self._field(name))
            parts += pieces
            size += sum(map(len, pieces))
            if size > MOST_OUTPUT:
                raise BadTemplate("too much output")
        if sections:
            raise BadTemplate(f"{sections[-1][0]} is not closed")
        return "".join([*parts, template[position:]])

    def _section(self, mark: str, name: str, sections: list[tuple[str, bool]]) -> None:
        if mark == "/":
            if not sections or sections.pop()[0] != name:
                raise BadTemplate(f"{name} closes nothing")
            return
        if len(sections) >= _DEEPEST:
            raise BadTemplate("sections nest too deep")
        sections.append((name, self._holds(name) == (mark == "#")))

    def _holds(self, name: str) -> bool:
        if re.fullmatch(r"c[0-9]{1,3}", name):
            return name == f"c{self._cloze}"
        return not _is_empty(self._values.get(name, ""))

    def _field(self, written: str) -> str:
        *filters, name = (part.strip() for part in written.split(":"))
        value = self._values.get(name)
        if value is None:
            return html.escape(f"{{{{{written}}}}}")
        for one in reversed(filters):
            value = self._filtered(one, value, name)
        self.showed = self.showed or (name != "FrontSide" and not _is_empty(value))
        return value

    def _filtered(self, name: str, value: str, field: str) -> str:
        if name == "cloze":
            return clozed(value, self._cloze, answer=self._answer)
        if name == "hint":
            return f"<details><summary>{html.escape(field)}</summary>{value}</details>" if value else ""
        if name == "type" and not self._answer:
            return ""  # the place for typing is the study screen's, not the card's
        rule = _FILTERS.get(name)
        return rule(value) if rule else value


def clozed(text: str, number: int, *, answer: bool) -> str:
    """The text with the gaps of `number` asked or answered and all others filled; "" if it has none of them.

    Gaps may nest; an unfinished one is plain text.
    """
    parts: list[tuple[int, list[str]]] = [(0, [])]
    position, found = 0, False
    for token in _CLOZE.finditer(text):
        parts[-1][1].append(text[position : token.start()])
        position = token.end()
        if token[1]:
            parts.append((int(token[1]), []) if len(parts) < _DEEPEST else (0, []))
        elif len(parts) > 1:
            own, inside = parts.pop()
            content, _, hint = "".join(inside).partition("::")
            found = found or own == number
            parts[-1][1].append(_gap(content, hint, own == number, answer=answer))
        else:
            parts[-1][1].append("}}")
    parts[-1][1].append(text[position:])
    while len(parts) > 1:
        own, inside = parts.pop()
        parts[-1][1].append(f"{{{{c{own}::" + "".join(inside))
    return "".join(parts[0][1]) if found else ""


def _gap(content: str, hint: str, asked: bool, *, answer: bool) -> str:
    if not asked:
        return content
    return f"<mark>{content}</mark>" if answer else f"<mark>[{hint or '…'}]</mark>"


def _is_empty(value: str) -> bool:
    return not _MEDIA.search(value) and not _TAG.sub("", value).replace("&nbsp;", " ").strip()


def _text(value: str) -> str:
    return _TAG.sub("", value)


def _furigana(value: str) -> str:
    return _RUBY.sub(lambda match: _ruby(match, f"<ruby>{match[1]}<rt>{match[2]}</rt></ruby>"), value)


def _ruby(match: re.Match[str], shown: str) -> str:
    return match[0] if match[2].startswith("sound:") else shown


_FILTERS: Final[Mapping[str, Callable[[str], str]]] = {
    "text": _text,
    "furigana": _furigana,
    "kana": lambda value: _RUBY.sub(lambda match: _ruby(match, match[2]), value),
    "kanji": lambda value: _RUBY.sub(lambda match: _ruby(match, match[1]), value),
}
