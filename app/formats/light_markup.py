"""HTML fields as the light markup that deck files and hand-written notes use.

Bold, italics, code, lists, ruby and pictures keep their meaning; what has no mark there is left as its words.
"""

import re
from typing import Final

from app.formats.documents.html import tokens
from app.formats.references import unescaped

_MARKS: Final = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
_BREAKS: Final = frozenset({"div", "p", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "hr"})
_SILENT: Final = frozenset({"head", "title"})
_ATTRIBUTE: Final = re.compile(
    r"""[\s"'/](alt|src)\s{0,9}=\s{0,9}(?:"([^"]{0,2000})"|'([^']{0,2000})'|([^\s"'<>]{1,2000}))""",
    re.IGNORECASE,
)


class _Reader:
    """Collects words and marks; closing tags that nothing opened do nothing."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._silent = 0
        self._open = dict.fromkeys(_MARKS, 0)

    def open(self, tag: str, written: str) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "img":
            own = {name.lower(): unescaped(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(written)}
            self.parts.append(f"![{own.get('alt', '')}]({own.get('src', '')})")
        elif tag in _MARKS:
            self._open[tag] += 1
            self.parts.append(_MARKS[tag])
        elif tag == "ruby":
            self.parts.append("{")
        elif tag == "rt":
            self.parts.append("|")
        elif tag in _BREAKS:
            self._new_line()
            self.parts.append("- " if tag == "li" else "")

    def close(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif self._open.get(tag):
            self._open[tag] -= 1
            self.parts.append(_MARKS[tag])
        elif tag == "ruby":
            self.parts.append("}")
        elif tag in _BREAKS:
            self._new_line()

    def words(self, text: str) -> None:
        if not self._silent:
            self.parts.append(unescaped(text).replace("\xa0", " "))

    def _new_line(self) -> None:
        if self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")


def light_markup(html: str) -> str:
    """The field without its tags."""
    if "<" not in html and "&" not in html:
        return html
    reader = _Reader()
    for kind, value, written in tokens(html):
        if kind == "text":
            reader.words(value)
        elif kind == "open":
            reader.open(value, written)
        else:
            reader.close(value)
    return "".join(reader.parts).strip("\n")
