"""A text with the structure that its letters alone do not show: from document readers to the generator."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

MarkKind = Literal["heading", "item", "row", "bold", "code", "quote"]
DocumentFormat = Literal["text", "markdown", "html", "docx", "epub", "pdf"]

_KINDS: Final = frozenset(get_args(MarkKind))


@dataclass(frozen=True, slots=True)
class Mark:
    start: int  # in the text, code points
    end: int
    kind: MarkKind
    level: int = 0  # of a heading from 1, of an item's nesting from 0


@dataclass(frozen=True, slots=True)
class PlainText:
    """Blocks parted by line ends, the cells of a row by tabs."""

    text: str
    marks: tuple[Mark, ...] = ()  # by start, then the longer first
    format: DocumentFormat = "text"
    title: str = ""  # as the document calls itself
    encoding: str = ""  # of a text file, "" for formats that have their own
    guessed: bool = False  # the encoding is a guess


def marks_to_json(marks: Iterable[Mark]) -> list[list[int | str]]:
    """Short rows for storage."""
    return [[mark.start, mark.end, mark.kind, mark.level] for mark in marks]


def marks_from_json(rows: Iterable[object]) -> tuple[Mark, ...]:
    """Raises ValueError for anything that `marks_to_json` does not write."""
    return tuple(map(_mark, rows))


def _mark(row: object) -> Mark:
    if not isinstance(row, list) or len(row) != 4:
        raise ValueError("a mark is a row of four")
    start, end, kind, level = row
    if kind not in _KINDS or not all(type(number) is int for number in (start, end, level)):
        raise ValueError("no mark")
    return Mark(start, end, kind, level)
