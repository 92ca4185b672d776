"""Excel workbooks (.xlsx) as rows of text, as their sheets show them. Formulas are never run.

ECMA-376, part 1: 18.2 (workbook), 18.3.1 (sheets), 18.4 (shared strings), 18.8 (styles).
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

from app.formats.archive import Archive
from app.formats.documents.xml import Handler, read_xml
from app.formats.limits import Limits, spelled
from app.formats.number_formats import Show, general, show_of
from app.formats.refusals import FileRefused

WORKBOOK: Final = "xl/workbook.xml"
Row = tuple[int, list[str]]
_LINKS: Final = "xl/_rels/workbook.xml.rels"
_STRINGS, _STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
_PLACE: Final = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_RANGE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MOST_SHEETS: Final = 500


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rows` are those with anything in them, by the number that the sheet shows beside them."""

    name: str
    rows: Sequence[Row]


def read_workbook(archive: Archive, limits: Limits) -> Iterator[Sheet]:
    """The visible sheets that hold anything, in order.

    Raises FileRefused: "workbook-broken", "document-structure", "table-too-wide", "too-many-rows",
    "file-too-large", those of archives.
    """
    book, links = _Book(), _Links()
    _read(archive, WORKBOOK, book, limits)
    _read(archive, _LINKS, links, limits)
    strings = _Strings()
    if _STRINGS in archive:
        _read(archive, _STRINGS, strings, limits)
    styles = _Styles()
    if _STYLES in archive:
        _read(archive, _STYLES, styles, limits)
    shows = [show_of(code, styles.codes, from_1904=book.from_1904) for code in styles.formats]
    letters = 0
    for name, link in book.sheets:
        target = links.targets.get(link, "")
        if target not in archive:
            continue
        cells = _Cells(strings.all, shows, limits, letters)
        _read(archive, target, cells, limits)
        letters = cells.letters
        if cells.rows:
            yield Sheet(name, cells.merged())


def _read(archive: Archive, name: str, handler: Handler, limits: Limits) -> None:
    if name not in archive:
        raise FileRefused("workbook-broken")
    too_large = FileRefused("file-too-large", limit=spelled(limits.collection))
    with closing(archive.chunks(name, most=limits.collection, too_large=too_large)) as chunks:
        try:
            read_xml(chunks, handler)
        except FileRefused as refusal:
            if refusal.code != "document-broken":
                raise
            raise FileRefused("workbook-broken") from refusal


@dataclass(slots=True)
class _Book(Handler):
    sheets: list[tuple[str, str]] = field(default_factory=list)  # visible ones: name and link
    from_1904: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr":
            self.from_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif name == "sheet" and attributes.get("state", "visible") == "visible":
            self.sheets.append((attributes.get("name", "")[:100], attributes.get("id", "")))
            if len(self.sheets) > _MOST_SHEETS:
                raise FileRefused("document-structure")


@dataclass(slots=True)
class _Links(Handler):
    targets: dict[str, str] = field(default_factory=dict)  # entry of the archive by link

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            target = posixpath.join("/xl", attributes.get("Target", ""))
            self.targets[attributes.get("Id", "")] = posixpath.normpath(target).lstrip("/")


class _Words(Handler):
    """Gathers the words of an element that may hold several runs; how to pronounce them is left out."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._listens = False
        self._aside = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "rPh":
            self._aside += 1
        elif name == "t":
            self._listens = self._aside == 0

    def end(self, name: str) -> None:
        if name == "rPh":
            self._aside -= 1
        elif name == "t":
            self._listens = False

    def data(self, text: str) -> None:
        if self._listens:
            self._pieces.append(text)

    def taken(self) -> str:
        said = "".join(self._pieces)
        self._pieces.clear()
        if "_x" in said:
            said = _ESCAPED.sub(_letter, said)
        return said.replace("\r\n", "\n").replace("\r", "\n")


class _Strings(_Words):
    """The words that cells share."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[str] = []

    def end(self, name: str) -> None:
        super().end(name)
        if name == "si":
            self.all.append(self.taken())


@dataclass(slots=True)
class _Styles(Handler):
    """Which number format each style of a cell has."""

    codes: dict[int, str] = field(default_factory=dict)
    formats: list[int] = field(default_factory=list)
    _of_cells: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self.codes[_whole(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")[:200]
        elif name == "cellXfs":
            self._of_cells = True
        elif name == "xf" and self._of_cells:
            self.formats.append(_whole(attributes.get("numFmtId", "")))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._of_cells = False


class _Cells(_Words):
    """The cells of one sheet."""

    def __init__(self, strings: Sequence[str], shows: Sequence[Show], limits: Limits, letters: int) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.letters = letters  # of all sheets so far: shared words cost nothing until they are used
        self._strings, self._shows, self._limits = strings, shows, limits
        self._merges: list[tuple[int, int, int]] = []  # column, first row, last row
        self._number = self._place = 0
        self._row: list[str] = []
        self._kind = self._style = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            found = _PLACE.fullmatch(attributes.get("r", ""))
            self._place = _column(found[1]) if found else self._place + 1
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
            self._pieces.clear()
        elif name == "v":
            self._listens = True
        elif name == "row":
            self._number = _whole(attributes.get("r", ""), self._number + 1)
            self._row, self._place = [], 0
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        else:
            super().start(name, attributes)

    def end(self, name: str) -> None:
        if name == "v":
            self._listens = False
        elif name == "c":
            self._put(self._shown(self.taken()))
        elif name == "row":
            if self._row:
                self.rows.append((self._number, self._row))
            if len(self.rows) > self._limits.notes:
                raise FileRefused("too-many-rows", what="notes", limit=self._limits.notes)
        else:
            super().end(name)

    def _put(self, said: str) -> None:
        if not said.strip():
            return
        self.letters += len(said)
        if self.letters > self._limits.text:
            raise FileRefused("file-too-large", limit=spelled(self._limits.text))
        if self._place > self._limits.columns:
            raise FileRefused("table-too-wide", limit=self._limits.columns)
        self._row += [""] * (self._place - len(self._row))
        self._row[self._place - 1] = said

    def _shown(self, said: str) -> str:
        if self._kind == "s":
            place = _whole(said, len(self._strings))
            return self._strings[place] if place < len(self._strings) else ""
        if self._kind == "b":
            return "TRUE" if said == "1" else "FALSE"
        if self._kind != "n" or not said:
            return said
        style = _whole(self._style)
        return self._shows[style](said) if style < len(self._shows) else general(said)

    def _merge(self, ref: str) -> None:
        found = _RANGE.fullmatch(ref)
        if found and found[1] == found[3]:
            self._merges.append((_column(found[1]) - 1, int(found[2]), int(found[4])))

    def merged(self) -> list[Row]:
        """The rows; where cells of one column were merged, each of them says what the first one says."""
        by_number = dict(self.rows) if self._merges else {}
        left = self._limits.notes
        for place, first, last in self._merges:
            above = by_number.get(first, [])
            left -= max(last - first, 0)
            if left < 0:
                raise FileRefused("document-structure")
            if place >= len(above) or not above[place]:
                continue
            for number in range(first + 1, last + 1):
                row = by_number.get(number)
                if row is not None:
                    row += [""] * (place + 1 - len(row))
                    row[place] = row[place] or above[place]
        return self.rows


def _letter(found: re.Match[str]) -> str:
    """The letter that is written by its number; half of a pair is none."""
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code <= 0xDFFF else chr(code)


def _whole(said: str, otherwise: int = 0) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else otherwise


def _column(letters: str) -> int:
    """A is 1, Z 26, AA 27."""
    place = 0
    for letter in letters:
        place = 26 * place + ord(letter) - ord("A") + 1
    return place
