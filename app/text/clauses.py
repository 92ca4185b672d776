"""Sentences and clauses with their places; quotations and brackets are never torn."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_OPEN: Final = {"“": "”", "（": "）", "(": ")", "《": "》", "「": "」"}
_SENTENCE_ENDS: Final = "。！？；!?;\n"
_CLOSING: Final = frozenset("”）)")
_CLAUSE_ENDS: Final = "，,"
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|Mr|Mrs|Ms|Dr|No|vs|cf|approx)|\b[A-Z]|^\s*\d{1,3})$"
)
_BLANKS: Final = " \t\n"
_MARK: Final = re.compile("[“（(《「。！？；!?;\n.，,”）)]")
_LONGEST: Final = 1_000  # letters of a sentence; what has no end after so many is none
_KEPT: Final = 4_096  # every rule asks for the sentences of the same few paragraphs


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the normalised text; `start` is its place there."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def cut(self, begin: int, stop: int | None = None) -> "Span":
        """The part text[begin:stop] without blanks around it."""
        piece = self.text[begin:stop]
        left = len(piece) - len(piece.lstrip(_BLANKS))
        return Span(piece.strip(_BLANKS), self.start + begin + left)


def sentences(span: Span) -> Iterator[Span]:
    """Whole sentences (a semicolon ends one too), their closing marks cut off."""
    yield from _sentences(span)


def sentences_to(span: Span, place: int, least: int) -> tuple[Span, ...]:
    """The sentence that holds a place, and up to `least` before it; empty where none does."""
    every = _sentences(span)
    at = bisect_right(every, place, key=lambda sentence: sentence.start)
    return every[max(0, at - 1 - least) : at] if at and place < every[at - 1].end else ()


def clauses(span: Span) -> Iterator[Span]:
    """The parts of a sentence between its commas."""
    yield from _clauses(span)


@lru_cache(maxsize=_KEPT)
def _sentences(span: Span) -> tuple[Span, ...]:
    return tuple(_pieces(span, _sentence_ends_at))


@lru_cache(maxsize=_KEPT)
def _clauses(span: Span) -> tuple[Span, ...]:
    return tuple(_pieces(span, _clause_ends_at))


def _pieces(span: Span, ends_at: Callable[[str, int], bool]) -> Iterator[Span]:
    begin = 0
    for place in _outer_places(span.text):
        if ends_at(span.text, place):
            piece = span.cut(begin, place + (span.text[place] in _CLOSING))
            begin = place + 1
            yield from _bounded(piece)
    yield from _bounded(span.cut(begin))


def _bounded(piece: Span) -> Iterator[Span]:
    if 0 < len(piece.text) <= _LONGEST:
        yield piece
        return
    for begin in range(0, len(piece.text), _LONGEST):
        yield piece.cut(begin, begin + _LONGEST)


def _outer_places(text: str) -> Iterator[int]:
    """Places of marks outside quotations and brackets; one that never closes encloses nothing."""
    place = 0
    while mark := _MARK.search(text, place):
        place = mark.start()
        close = _OPEN.get(text[place])
        if close:
            end = text.find(close, place + 1, place + 200)
            if end > 0:
                place = end + 1
                # a sentence mark inside the closing quotation ends the sentence outside
                if text[end - 1] in "。！？" and end + 1 < len(text):
                    yield end
                continue
        yield place
        place += 1


def _sentence_ends_at(text: str, place: int) -> bool:
    mark = text[place]
    if mark in _SENTENCE_ENDS:
        return True
    if mark in "”）)" and place and text[place - 1] in "。！？":
        return text[place + 1 : place + 2] not in "，、；。"
    if mark != "." or text[place + 1 : place + 2] not in ("", " ", "\n", '"', "”"):
        return False
    return not _ABBREVIATION.search(text[max(0, place - 8) : place])


def _clause_ends_at(text: str, place: int) -> bool:
    if text[place] == ",":
        return not (text[place - 1 : place].isdigit() and text[place + 1 : place + 2].isdigit())
    return text[place] in _CLAUSE_ENDS
