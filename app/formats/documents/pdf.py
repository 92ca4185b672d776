"""PDF files that have a text layer: lines with their size on the page, put together as paragraphs."""

import logging
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, Final

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from app.formats.documents.blocks import Block, clean
from app.formats.documents.glyphs import as_written
from app.formats.documents.wrapping import first_word, unwrapped, width
from app.formats.refusals import FileRefused

_MOST_PAGES: Final = 3_000
_LARGER: Final = 1.15  # than most letters: a heading
_LONGEST_HEADING: Final = 60
_MOST_SIZES: Final = 3
_PAGE_NUMBER: Final = re.compile(
    r"\W{0,3}(?:第\s?)?(?:page )?\d{1,4}(?:\s?页)?(?:\s?(?:/|of|共)\s?(?:共\s?)?\d{1,4}(?:\s?页)?)?\W{0,3}",
    re.IGNORECASE,
)
_FIRST_COLUMN, _SECOND_COLUMN, _LEAST_EDGE = 0.56, 0.45, 0.7  # shares of the page's width
_FIRST_WIDE: Final = "\u2e80"
_EDGE: Final = 2  # lines at the top and at the bottom where running titles stand
_TROUBLE: Final = (
    PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, OverflowError,
    ZeroDivisionError, RuntimeError, OSError, UnicodeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Chunk:
    text: str
    size: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size: float
    start: float  # as a share of the page's width
    end: float


def read_pdf(data: bytes) -> tuple[str, Iterator[Block]]:
    """The title and the blocks.

    Raises FileRefused: "document-broken", "document-encrypted", "document-no-text", "document-pages".
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = _opened(data)
        pages = [_lines(page) for page in _pages(reader)]
        title = _title(reader)
    if sum(len(line.text) for page in pages for line in page) < 2 * len(pages) + 1:
        raise FileRefused("document-no-text")
    return title, _blocks(_without_running_titles(pages))


def _opened(data: bytes) -> PdfReader:
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not _unlocked(reader):
            raise FileRefused("document-encrypted")
        if len(reader.pages) > _MOST_PAGES:
            raise FileRefused("document-pages", limit=_MOST_PAGES)
    except _TROUBLE as error:
        unknown_cipher = isinstance(error, RuntimeError) and b"/Encrypt" in data
        raise FileRefused("document-encrypted" if unknown_cipher else "document-broken") from error
    return reader


def _unlocked(reader: PdfReader) -> bool:
    """Many files are locked against printing only and open with an empty password."""
    try:
        return bool(reader.decrypt(""))
    except Exception:
        return False


def _pages(reader: PdfReader) -> Iterator[PageObject]:
    try:
        yield from reader.pages
    except _TROUBLE as error:
        raise FileRefused("document-broken") from error


def _title(reader: PdfReader) -> str:
    try:
        return clean(str(reader.metadata.title or "")) if reader.metadata else ""
    except _TROUBLE:
        return ""


def _lines(page: PageObject) -> list[_Line]:
    """A page that cannot be read gives none."""
    chunks: list[_Chunk] = []

    def seen(text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        tall = abs(size * (tm[3] or tm[1]) * (cm[3] or cm[1]))
        left = tm[4] * cm[0] + cm[4]
        chunks.append(_Chunk(text, round(tall * 2) / 2, left, left + width(text.strip()) * tall / 2))

    try:
        page.extract_text(visitor_text=seen)
        page_width = float(page.mediabox.width)
    except _TROUBLE:
        return []
    lines: list[_Line] = []
    held: list[_Chunk] = []
    for chunk in chunks:
        first, *others = chunk.text.split("\n")
        held.append(replace(chunk, text=first))
        for other in others:
            lines += _line(held, page_width)
            held = [replace(chunk, text=other)]
    lines += _line(held, page_width)
    return lines


def _line(chunks: Sequence[_Chunk], page_width: float) -> Iterator[_Line]:
    text = as_written("".join(chunk.text for chunk in chunks))
    if not text:
        return
    letters = Counter[float]()
    for chunk in chunks:
        letters[chunk.size] += len(chunk.text.strip())
    inked = [chunk for chunk in chunks if chunk.text.strip()]
    start, end = inked[0].start / page_width, max(chunk.end for chunk in inked) / page_width
    yield _Line(text, _common(letters), start, end)


def _common(counts: Counter[float]) -> float:
    return max(counts, key=lambda size: counts[size]) if counts else 0.0


def _without_running_titles(pages: Sequence[list[_Line]]) -> list[list[_Line]]:
    """Page numbers go, and what stands at the edge of many pages in no larger letters than the text."""
    body = _common(_letters(line for page in pages for line in page))
    edges = Counter(key for page in pages for key in {_key(line) for line in (*page[:_EDGE], *page[-_EDGE:])})
    least = max(2, 0.4 * len(pages))

    def runs(line: _Line, place: int, count: int) -> bool:
        if min(place, count - 1 - place) >= _EDGE or line.size > body:
            return False
        return edges[_key(line)] >= least or _PAGE_NUMBER.fullmatch(line.text) is not None

    return [[line for at, line in enumerate(page) if not runs(line, at, len(page))] for page in pages]


def _key(line: _Line) -> str:
    return re.sub(r"\d+", "#", "".join(line.text.split()))


def _blocks(pages: Sequence[list[_Line]]) -> Iterator[Block]:
    lines = [line for page in pages for line in page]
    levels = _levels(lines)
    edges = _right_edges(lines)
    held: list[_Line] = []
    title, level = "", 0
    for line in lines:
        found = levels.get(line.size, 0) if len(line.text) <= _LONGEST_HEADING else 0
        if level and found == level and len(title) + len(line.text) <= _LONGEST_HEADING:
            title = f"{title}{'' if title[-1] >= _FIRST_WIDE else ' '}{line.text}"
            continue
        if level:
            yield Block("heading", title, level)
        elif found:
            yield from _paragraphs(held, edges)
            held = []
        title, level = line.text, found
        if not found:
            held.append(line)
    if level:
        yield Block("heading", title, level)
    yield from _paragraphs(held, edges)


def _levels(lines: Sequence[_Line]) -> dict[float, int]:
    """Which sizes are headings, the largest 1."""
    letters = _letters(lines)
    body = _common(letters)
    larger = sorted((size for size in letters if body and size >= _LARGER * body), reverse=True)
    return {size: min(place, _MOST_SIZES) for place, size in enumerate(larger, 1)}


def _letters(lines: Iterable[_Line]) -> Counter[float]:
    """How many letters of each size."""
    letters = Counter[float]()
    for line in lines:
        letters[line.size] += len(line.text)
    return letters


def _right_edges(lines: Sequence[_Line]) -> tuple[float, float]:
    """Where the text ends on the page: in the left column (the same without columns), and on the whole."""
    whole = max(_LEAST_EDGE, _high(line.end for line in lines))
    second = sum(line.start >= _SECOND_COLUMN for line in lines)
    left = _high(line.end for line in lines if line.end <= _FIRST_COLUMN)
    return (left if second * 5 >= len(lines) else whole), whole


def _high(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[int(0.95 * (len(ordered) - 1))] if ordered else 0.0


def _paragraphs(lines: Sequence[_Line], edges: tuple[float, float]) -> Iterator[Block]:
    texts = [line.text for line in lines]
    full = [
        width(first_word(following)) * (line.end - line.start) / max(width(line.text), 1)
        >= _room(line, edges)
        for line, following in zip(lines, [*texts[1:], ""], strict=False)
    ]
    yield from (Block("text", text) for text in unwrapped(texts, full))


def _room(line: _Line, edges: tuple[float, float]) -> float:
    return edges[0 if line.end <= _FIRST_COLUMN else 1] - line.end
