"""Web pages as plain blocks. Tags are found by walking once over the text; nothing is run or fetched."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from app.formats.documents.blocks import Block, BlockKind, clean
from app.formats.references import unescaped

_HEADING: Final = re.compile("h[1-6]")
_NAME: Final = re.compile(r"/?[a-zA-Z][a-zA-Z0-9:-]{0,30}")
_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?([\w-]{1,40})""", re.IGNORECASE)
_RAW: Final = frozenset({"script", "style", "template", "textarea", "xmp", "noembed", "iframe"})
_UNREAD: Final = frozenset(
    {
        "nav",
        "footer",
        "select",
        "button",
        "svg",
        "math",
        "object",
        "video",
        "audio",
        "canvas",
        "form",
        "rt",
        "rp",
        "noscript",
    }
)
_BLOCKS: Final = frozenset(
    {
        "p", "div", "section", "article", "main", "header", "aside", "body", "html", "figure", "figcaption",
        "address", "center", "details", "summary", "dl", "dt", "dd", "hr", "ul", "ol", "li", "table", "thead",
        "tbody", "tfoot", "caption", "tr", "td", "th", "pre", "blockquote", "title", "head",
        "h1", "h2", "h3", "h4", "h5", "h6",
    }
)  # fmt: skip
_STRONG: Final = frozenset({"b", "strong", "dfn", "mark"})
_BLANKS: Final = re.compile(r"\s+")
Token = tuple[Literal["open", "close", "text"], str, str]


def declared_charset(data: bytes) -> str:
    """The encoding that a page claims in its first bytes, "" without one."""
    found = _CHARSET.search(data[:4096]) or re.match(
        rb"""\s{0,99}<\?xml[^>]{0,99}encoding=["']([\w-]{1,40})""", data[:300]
    )
    return found[1].decode("ascii").lower() if found else ""


def read_html(text: str) -> Iterator[Block]:
    """Blocks of the page without its <title>."""
    page = _Page()
    for kind, value, _ in tokens(clean(text)):
        if kind == "text":
            page.data(value)
        elif kind == "open":
            yield from page.open(value)
        else:
            yield from page.close(value)
    yield from page.flush()


def page_title(text: str) -> str:
    head = text[:20_000]
    low = _lowered(head)
    start = low.find("<title")
    begin, end = head.find(">", start) + 1, low.find("</title", start)
    return clean(unescaped(" ".join(head[begin:end].split()))) if start >= 0 and 0 < begin <= end else ""


def tokens(text: str) -> Iterator[Token]:
    """Tags by name and as written, and the text between them. What never closes ends with the page."""
    low = _lowered(text)
    place = 0
    while True:
        start = text.find("<", place)
        if start < 0:
            break
        if start > place:
            yield "text", text[place:start], ""
        name = _NAME.match(low, start + 1)
        if name is None and text[start + 1 : start + 2] not in ("!", "?"):
            yield "text", "<", ""
            place = start + 1
            continue
        place = _tag_end(text, start)
        if name is None:
            continue
        tag = name[0]
        written = text[start:place]
        yield ("close", tag[1:], written) if tag[0] == "/" else ("open", tag, written)
        if tag in _RAW:
            end = low.find(f"</{tag}", place)
            place = end if end >= 0 else len(text)
    if place < len(text):
        yield "text", text[place:], ""


def _lowered(text: str) -> str:
    """In small letters and as long as before: one capital would become two letters."""
    return text.replace("\u0130", "I").lower()


def _tag_end(text: str, start: int) -> int:
    """Behind the tag, comment or declaration that begins here."""
    if text.startswith("<!--", start):
        end = text.find("-->", start + 4)
        return end + 3 if end >= 0 else len(text)
    end = text.find(">", start)
    for quote in "\"'":  # one quoted attribute may hold the sign that ends a tag
        if end >= 0 and end - start < 2000 and text.count(quote, start, end) % 2:
            closing = text.find(quote, end, end + 2000)
            end = text.find(">", closing) if closing >= 0 else end
    return end + 1 if end >= 0 else len(text)


@dataclass(slots=True)
class _Page:
    """The block being read, and where in the page it stands."""

    pieces: list[str] = field(default_factory=list)
    bolds: list[int] = field(default_factory=list)  # places in the joined pieces
    size: int = 0
    strong: int = 0
    unread: list[str] = field(default_factory=list)
    heading: int = 0
    lists: list[int] = field(default_factory=list)  # for each open list the next number, 0 without numbers
    item: str | None = None  # the marker of an item that has no text yet
    pre: int = 0
    quotes: int = 0
    cells: list[str] | None = None  # of the open row
    tables: int = 0
    entry: str = ""  # "dt" or "dd" of a definition list
    term: str = ""  # that waits for its meaning

    def data(self, text: str) -> None:
        if self.unread:
            return
        text = clean(unescaped(text))
        self._add(text if self.pre else _BLANKS.sub(" ", text))

    def _add(self, text: str) -> None:
        if text and (self.size or self.pre or text.strip()):
            self.pieces.append(text)
            self.size += len(text)

    def open(self, tag: str) -> Iterator[Block]:
        if self.unread or tag in _UNREAD:
            if tag in _UNREAD and len(self.unread) < 100:
                self.unread.append(tag)
            return
        if tag == "br":
            self._add("\n")
        elif tag in _STRONG:
            self.strong += 1
            self.bolds.append(self.size)
        elif tag in _BLOCKS:
            yield from self._boundary()
            if tag == "tr":
                yield from self._leave("tr")
            self._enter(tag)

    def close(self, tag: str) -> Iterator[Block]:
        if self.unread:
            if tag in self.unread:
                del self.unread[self.unread.index(tag) :]
            return
        if tag in _STRONG and self.strong:
            self.strong -= 1
            self.bolds.append(self.size)
        elif tag in _BLOCKS:
            yield from self._boundary()
            yield from self._leave(tag)

    def flush(self) -> Iterator[Block]:
        yield from self._boundary()
        if self.cells:
            yield from self._leave("tr")

    def _enter(self, tag: str) -> None:
        if _HEADING.fullmatch(tag):
            self.heading = int(tag[1])
        elif tag in ("ul", "ol"):
            self.lists.append(int(tag == "ol"))
        elif tag == "li":
            self.item = ""
            if self.lists and self.lists[-1]:
                self.item = f"{self.lists[-1]}. "
                self.lists[-1] += 1
        elif tag == "pre":
            self.pre += 1
        elif tag == "blockquote":
            self.quotes += 1
        elif tag == "table":
            self.tables += 1
        elif tag in ("dt", "dd"):
            self.entry = tag
        elif tag == "tr" and self.tables == 1:
            self.cells = []
        elif tag in ("td", "th") and self.tables == 1 and self.cells is not None:
            self.cells.append("")
        elif tag in ("title", "head"):
            self.unread.append(tag)

    def _leave(self, tag: str) -> Iterator[Block]:
        if _HEADING.fullmatch(tag):
            self.heading = 0
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "li":
            self.item = None
        elif tag in ("dt", "dd", "dl"):
            self.entry = ""
        elif tag == "pre":
            self.pre = max(0, self.pre - 1)
        elif tag == "blockquote":
            self.quotes = max(0, self.quotes - 1)
        elif tag == "table":
            if self.tables == 1:
                yield from self._leave("tr")
            self.tables = max(0, self.tables - 1)
        elif tag == "tr" and self.cells is not None and self.tables <= 1:
            cells, self.cells = self.cells, None
            if len(cells) > 1 and any(cells):
                yield Block("row", "\t".join(cells))
            elif any(cells):
                yield Block("text", cells[0])

    def _boundary(self) -> Iterator[Block]:
        """Ends the block being read; a cell's words go to its row, a term waits for its meaning."""
        text, bolds = _trimmed("".join(self.pieces), self.bolds, bool(self.pre))
        self.pieces.clear()
        self.bolds = [0] if self.strong else []
        self.size = 0
        if not text:
            return
        if self.cells is not None:
            before = self.cells.pop() if self.cells else ""
            self.cells.append(" ".join(f"{before} {text}".split()))
        elif self.entry == "dt":
            self.term = " ".join(text.split())
        elif self.entry == "dd" and self.term:
            mark = "：" if self.term[-1] >= "\u2e80" else ": "
            yield Block("text", f"{self.term}{mark}{' '.join(text.split())}", bold=(0, len(self.term)))
            self.term = ""
        else:
            yield from self._block(text, bolds)

    def _block(self, text: str, bolds: tuple[int, ...]) -> Iterator[Block]:
        kind: BlockKind = "text"
        level = 0
        if self.heading:
            kind, level = "heading", self.heading
        elif self.pre:
            kind = "code"
        elif self.item is not None:
            kind, level = "item", max(0, len(self.lists) - 1)
            text, bolds = self.item + text, tuple(at + len(self.item) for at in bolds)
            self.item = None
        elif self.quotes:
            kind = "quote"
        if kind in ("heading", "item"):
            text = text.replace("\n", " ")
        lines = [text] if kind in ("heading", "item", "code") else text.split("\n")
        for line in lines:
            if line.strip():
                yield Block(
                    kind, line.strip() if kind != "code" else line, level, bolds if len(lines) == 1 else ()
                )


def _trimmed(raw: str, bolds: list[int], pre: bool) -> tuple[str, tuple[int, ...]]:
    """Without blanks around it, and the places of bold words moved along."""
    if pre:
        return raw.strip("\n"), ()
    text = raw.strip()
    left = len(raw) - len(raw.lstrip())
    places = [*bolds, len(raw)] if len(bolds) % 2 else bolds
    return text, tuple(min(max(at - left, 0), len(text)) for at in places)
