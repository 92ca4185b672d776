"""Word files (.docx): the words, headings, lists and tables of the main part; nothing else is opened."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

from app.formats.archive import Archive
from app.formats.documents.blocks import MOST_LETTERS, Block, BlockKind, clean
from app.formats.documents.numbering import Numbering, whole
from app.formats.documents.xml import Handler, read_xml
from app.formats.limits import MB
from app.formats.refusals import FileRefused

BODY: Final = "word/document.xml"
_MOST_XML: Final = 96 * MB
_HEADING: Final = re.compile(r"(?:heading|标题|überschrift|titre)\s?([1-9])?", re.IGNORECASE)
_OFF: Final = frozenset({"0", "false", "off", "none"})
_CONTENTS: Final = re.compile(r"toc\b|toc \d|目录|table of figures", re.IGNORECASE)


@dataclass(slots=True)
class _Style:
    name: str = ""
    outline: int = 0  # 1..9, 0 for body text
    number: str = ""
    level: int = 0


@dataclass(slots=True)
class _Styles(Handler):
    by_id: dict[str, _Style] = field(default_factory=dict)
    _at: _Style | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        value = attributes.get("val", "")
        if name == "style":
            self._at = self.by_id[attributes.get("styleId", "")] = _Style()
        elif self._at is None:
            return
        elif name == "name":
            self._at.name = value
            heading = _HEADING.fullmatch(value)
            self._at.outline = whole(heading[1], 1) if heading else 1 if value.lower() == "title" else 0
        elif name == "outlineLvl" and whole(value, 9) < 9:
            self._at.outline = whole(value) + 1
        elif name == "numId":
            self._at.number = value
        elif name == "ilvl":
            self._at.level = whole(value)

    def end(self, name: str) -> None:
        if name == "style":
            self._at = None


def read_docx(archive: Archive) -> Iterator[Block]:
    """Raises FileRefused: "document-broken", "document-structure", "document-too-long", those of archives."""
    styles, numbering = _Styles(), Numbering()
    for name, part in (("word/styles.xml", styles), ("word/numbering.xml", numbering)):
        if name in archive:
            _read(archive, name, part)
    body = _Body(styles, numbering)
    _read(archive, BODY, body)
    yield from body.blocks


def _read(archive: Archive, name: str, handler: Handler) -> None:
    too_long = FileRefused("document-too-long", limit=MOST_LETTERS)
    with closing(archive.chunks(name, most=_MOST_XML, too_large=too_long)) as chunks:
        read_xml(chunks, handler)


@dataclass(slots=True)
class _Paragraph:
    pieces: list[str] = field(default_factory=list)
    bolds: list[int] = field(default_factory=list)
    size: int = 0
    style: str = ""
    number: str = ""
    level: int | None = None
    outline: int = 0


@dataclass(slots=True)
class _Body(Handler):
    styles: _Styles
    numbering: Numbering
    blocks: list[Block] = field(default_factory=list)
    letters: int = 0
    paragraph: _Paragraph = field(default_factory=_Paragraph)
    bold: bool = False
    in_text: bool = False
    in_properties: int = 0
    skipped: int = 0  # depth inside parts that say things twice
    tables: int = 0
    cells: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("Fallback", "del", "moveFrom"):
            self.skipped += 1
        elif name == "p":
            self.paragraph = _Paragraph()
        elif name == "r":
            self.bold = False
        elif name == "rPr":
            self.in_properties += 1
        elif name == "b" and self.in_properties:
            self.bold = attributes.get("val", "1").lower() not in _OFF
        elif name == "t":
            self.in_text = True
        elif name in ("tab", "br", "cr", "noBreakHyphen") and not self.in_properties:
            self._add({"tab": " ", "noBreakHyphen": "-"}.get(name, "\n"))
        elif name == "tbl":
            self.tables += 1
        elif name == "tr" and self.tables == 1:
            self.cells = []
        elif name == "tc" and self.tables == 1:
            self.cells.append("")
        else:
            self._property(name, attributes.get("val", ""))

    def _property(self, name: str, value: str) -> None:
        if name == "pStyle":
            self.paragraph.style = value
        elif name == "numId":
            self.paragraph.number = value
        elif name == "ilvl":
            self.paragraph.level = whole(value)
        elif name == "outlineLvl" and whole(value, 9) < 9:
            self.paragraph.outline = whole(value) + 1

    def data(self, text: str) -> None:
        if self.in_text:
            self._add(text)

    def _add(self, text: str) -> None:
        if self.skipped:
            return
        self.letters += len(text)
        if self.letters > MOST_LETTERS:
            raise FileRefused("document-too-long", limit=MOST_LETTERS)
        paragraph = self.paragraph
        if self.bold != bool(len(paragraph.bolds) % 2):
            paragraph.bolds.append(paragraph.size)
        paragraph.pieces.append(text)
        paragraph.size += len(text)

    def end(self, name: str) -> None:
        if name in ("Fallback", "del", "moveFrom"):
            self.skipped -= 1
        elif name == "t":
            self.in_text = False
        elif name == "rPr":
            self.in_properties -= 1
        elif name == "p":
            self._end_paragraph()
        elif name == "tbl":
            self.tables -= 1
        elif name == "tr" and self.tables == 1:
            self._end_row()

    def _end_row(self) -> None:
        if len(self.cells) == 1:
            self.blocks += [Block("text", line) for line in self.cells[0].split("\n") if line.strip()]
        elif any(self.cells):
            self.blocks.append(Block("row", "\t".join(" ".join(cell.split()) for cell in self.cells)))

    def _end_paragraph(self) -> None:
        paragraph, self.paragraph = self.paragraph, _Paragraph()
        raw = "".join(paragraph.pieces)
        text = clean(raw).strip()
        if self.tables:
            if self.cells and text:
                self.cells[-1] = f"{self.cells[-1]}\n{text}".strip()
            return
        style = self.styles.by_id.get(paragraph.style, _Style())
        if not text or _CONTENTS.match(style.name):
            return
        left = len(raw) - len(raw.lstrip())
        places = [*paragraph.bolds, paragraph.size] if len(paragraph.bolds) % 2 else paragraph.bolds
        bold = tuple(min(max(at - left, 0), len(text)) for at in places)
        self._put(paragraph, style, text, bold)

    def _put(self, paragraph: _Paragraph, style: _Style, text: str, bold: tuple[int, ...]) -> None:
        number = paragraph.number or style.number
        level = paragraph.level if paragraph.level is not None else style.level
        marker = self.numbering.marker(number, level) if number not in ("", "0") else None
        outline = paragraph.outline or style.outline
        kind: BlockKind = "heading" if outline else "item" if marker is not None else "text"
        if marker:
            before = marker if marker[-1] in "、）)" else f"{marker} "
            text, bold = before + text, tuple(at + len(before) for at in bold)
        if kind == "text" and "\n" in text:
            self.blocks += [Block("text", line.strip()) for line in text.split("\n") if line.strip()]
            return
        self.blocks.append(Block(kind, text.replace("\n", " "), outline or level * (kind == "item"), bold))
