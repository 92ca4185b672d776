"""Any document to plain blocks, by what its bytes are and not by what it is called."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.core.passages import PlainText
from app.formats.archive import Archive
from app.formats.decoding import Decoded, decode
from app.formats.documents import docx, epub
from app.formats.documents.blocks import MOST_LETTERS, DocumentHeader, Piece, assembled, bounded
from app.formats.documents.html import declared_charset, page_title, read_html
from app.formats.documents.markdown import looks_like_markdown, markdown_title, read_markdown
from app.formats.documents.pdf import read_pdf
from app.formats.documents.plain import read_plain
from app.formats.limits import DEFAULT_LIMITS, Limits, spelled
from app.formats.refusals import FileRefused

_HEAD: Final = 4096
_MARKUP: Final = 4  # a page may be that much longer than its words
_PAGE: Final = re.compile(
    r"\s{0,999}(?:<\?xml[^>]{0,200}\?>\s{0,99})?(?:<!--|<!doctype\s+html|<html|<head|<body|<title|<h1|<article|<div|<p>)",
    re.IGNORECASE,
)
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_OF_CARDS: Final = frozenset(
    {"xl/workbook.xml", "collection.anki2", "collection.anki21", "collection.anki21b"}
)  # literally: a text is read without the readers of cards
_ENCODINGS: Final = frozenset(
    {
        "gb2312",
        "gbk",
        "gb18030",
        "big5",
        "shift_jis",
        "euc-kr",
        "euc-jp",
        "iso-8859-1",
        "windows-1252",
        "utf-16",
    }
)


def sniff_document(head: bytes) -> str:
    """ "pdf", "zip", "old-office", "html" or "text", from the first bytes of a file."""
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK"):
        return "zip"
    if head.startswith(_OLD_OFFICE) or head.startswith(b"{\\rtf"):
        return "old-office"
    return "html" if _PAGE.match(head[:_HEAD].decode("latin-1").lstrip("ï»¿")) else "text"


def read_document(path: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[Piece]:
    """A header, then blocks in reading order.

    Raises FileRefused: "file-empty", "file-too-large", "file-unknown", "file-is-cards", "text-not-text",
    "document-…", "archive-…".
    """
    size = path.stat().st_size
    if size > limits.upload:
        raise FileRefused("file-too-large", limit=spelled(limits.upload))
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip():
        raise FileRefused("file-empty")
    kind = sniff_document(head)
    if kind == "old-office":
        raise FileRefused("document-old-office")
    if kind == "zip":
        yield from _from_archive(path, limits)
    elif kind == "pdf":
        title, blocks = read_pdf(path.read_bytes())
        yield DocumentHeader("pdf", title)
        yield from bounded(blocks)
    else:
        yield from _from_text(path.read_bytes(), kind, limits)


def read_text(text: str) -> PlainText:
    """The same for text that somebody pasted. Raises FileRefused."""
    return assembled(_from_text(text.encode("utf-8", "replace"), "text", DEFAULT_LIMITS))


def _from_archive(path: Path, limits: Limits) -> Iterator[Piece]:
    with Archive(path, limits) as archive:
        if docx.BODY in archive:
            yield DocumentHeader("docx")
            yield from bounded(docx.read_docx(archive))
        elif epub.CONTAINER in archive:
            package, folder = epub.read_package(archive)
            yield DocumentHeader("epub", package.title)
            yield from bounded(epub.read_epub(archive, package, folder))
        else:
            raise FileRefused("file-unknown" if _OF_CARDS.isdisjoint(archive.names) else "file-is-cards")


def _from_text(data: bytes, kind: str, limits: Limits) -> Iterator[Piece]:
    decoded = decode(data, limits)
    is_page = kind == "html" or _PAGE.match(decoded.text[:_HEAD])
    if len(decoded.text) > (_MARKUP * MOST_LETTERS if is_page else MOST_LETTERS):
        raise FileRefused("document-too-long", limit=MOST_LETTERS)
    if is_page:
        decoded = _as_declared(data, decoded)
        yield DocumentHeader("html", page_title(decoded.text), decoded.encoding, decoded.guessed)
        yield from bounded(read_html(decoded.text))
    elif looks_like_markdown(decoded.text):
        yield DocumentHeader("markdown", markdown_title(decoded.text), decoded.encoding, decoded.guessed)
        yield from bounded(read_markdown(decoded.text))
    else:
        yield DocumentHeader("text", "", decoded.encoding, decoded.guessed)
        yield from bounded(read_plain(decoded.text))


def _as_declared(data: bytes, decoded: Decoded) -> Decoded:
    """A page whose encoding had to be guessed may name it."""
    named = declared_charset(data)
    if decoded.guessed and named in _ENCODINGS:
        try:
            return Decoded(data.decode(named), named)
        except UnicodeDecodeError:
            return decoded
    return decoded
