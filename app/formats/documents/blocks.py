"""What every reader of documents yields, and the text that comes of it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from app.core.passages import DocumentFormat, Mark, MarkKind, PlainText
from app.formats.refusals import FileRefused

BlockKind = Literal["text", "heading", "item", "row", "code", "quote"]

MOST_LETTERS: Final = 8_000_000  # of a whole document; a long book has two million
MOST_BLOCKS: Final = 300_000
LONGEST_BLOCK: Final = 100_000
_LONGEST_TITLE: Final = 200
_UNWANTED: Final = re.compile("[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufeff\\ufffe\\uffff]")
_BREAKS: Final = str.maketrans(
    {"\r": "\n", "\v": "\n", "\f": "\n", "\x1c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}
)


@dataclass(frozen=True, slots=True)
class DocumentHeader:
    format: DocumentFormat
    title: str = ""
    encoding: str = ""
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, item or row; `bold` holds starts and ends by turns."""

    kind: BlockKind
    text: str
    level: int = 0
    bold: tuple[int, ...] = ()


Piece = DocumentHeader | Block


def clean(text: str) -> str:
    """NFC, line ends as `\\n`, no other control characters and no halves of pairs."""
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text.replace("\r\n", "\n").translate(_BREAKS)))


def bounded(blocks: Iterable[Block]) -> Iterator[Block]:
    """The same blocks, within what a document may hold. Raises FileRefused("document-too-long")."""
    letters = count = 0
    for block in blocks:
        for part in _parts(block):
            letters += len(part.text) + 1
            count += 1
            if letters > MOST_LETTERS or count > MOST_BLOCKS:
                raise FileRefused("document-too-long", limit=MOST_LETTERS)
            yield part


def _parts(block: Block) -> Iterator[Block]:
    if len(block.text) <= LONGEST_BLOCK:
        yield block
        return
    for start in range(0, len(block.text), LONGEST_BLOCK):
        yield replace(block, text=block.text[start : start + LONGEST_BLOCK], bold=())


def assembled(pieces: Iterable[Piece]) -> PlainText:
    """The pieces of one document as its text with marks. Raises FileRefused("document-no-text")."""
    header = DocumentHeader("text")
    texts: list[str] = []
    marks: list[Mark] = []
    place = 0
    for piece in pieces:
        if isinstance(piece, DocumentHeader):
            header = piece
            continue
        marks += _marks(piece, place)
        texts.append(piece.text)
        place += len(piece.text) + 1
    text = "\n".join(texts)
    if not any(map(str.isalnum, text)):
        raise FileRefused("document-no-text")
    title = " ".join(header.title.split())[:_LONGEST_TITLE]
    return PlainText(text, tuple(marks), header.format, title, header.encoding, header.guessed)


def _marks(block: Block, place: int) -> Iterator[Mark]:
    kind: MarkKind | None = None if block.kind == "text" else block.kind
    if kind:
        yield Mark(place, place + len(block.text), kind, block.level)
    length = len(block.text)
    for start, end in zip(block.bold[::2], block.bold[1::2], strict=False):
        if 0 <= start < end <= length:
            yield Mark(place + start, place + end, "bold")
