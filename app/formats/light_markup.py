"""HTML fields as the light markup that deck files and hand-written notes use.

Bold, italics, code, lists, ruby and pictures keep their meaning; what has no mark there is left as its words.
"""

from html.parser import HTMLParser
from typing import Final

_MARKS: Final = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
_BREAKS: Final = frozenset({"div", "p", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "hr"})
_SILENT: Final = frozenset({"script", "style", "head", "title"})


class _Reader(HTMLParser):
    """Collects words and marks; closing tags that nothing opened do nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "img":
            own = dict(attrs)
            self.parts.append(f"![{own.get('alt') or ''}]({own.get('src') or ''})")
        elif tag in _MARKS:
            self._open.append(tag)
            self.parts.append(_MARKS[tag])
        elif tag == "ruby":
            self.parts.append("{")
        elif tag == "rt":
            self.parts.append("|")
        elif tag in _BREAKS:
            self._new_line()
            self.parts.append("- " if tag == "li" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag in _MARKS and tag in self._open:
            self._open.remove(tag)
            self.parts.append(_MARKS[tag])
        elif tag == "ruby":
            self.parts.append("}")
        elif tag in _BREAKS:
            self._new_line()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data.replace("\xa0", " "))

    def _new_line(self) -> None:
        if self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")


def light_markup(html: str) -> str:
    """The field without its tags."""
    if "<" not in html and "&" not in html:
        return html
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts).strip("\n")
