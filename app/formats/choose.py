"""Which reader a file needs, by its content, and that reader's records. Runs in the cage."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from app.formats.account_json import looks_like_account, read_account
from app.formats.anki_collection import Reading
from app.formats.archive import Archive
from app.formats.decoding import decode
from app.formats.drafts import Header, Record
from app.formats.folder import is_folder, read_folder
from app.formats.limits import DEFAULT_LIMITS, Limits, spelled
from app.formats.markdown_import import DIALECTS, NoPictures, plain_dialect, read_pages
from app.formats.package import is_package, read_package
from app.formats.pages import Page
from app.formats.pasted import looks_like_questions, propose_separator, read_list, read_questions
from app.formats.readers import AS_IT_LOOKS, Reader, TextChoices
from app.formats.refusals import FileRefused
from app.formats.sheets import is_workbook, read_sheets
from app.formats.sqlite_file import MAGIC
from app.formats.table import read_table
from app.formats.table_layout import propose

ENCODINGS: Final = (
    "utf-8", "utf-16-le", "utf-16-be", "gb18030", "big5", "shift_jis", "euc-kr", "cp1252",
)  # fmt: skip
_ARCHIVE: Final = b"PK\x03\x04"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF: Final = b"%PDF-"
_OF_TEXTS: Final = frozenset({"word/document.xml", "META-INF/container.xml"})
_HEAD: Final = 400
_PLAINLY_LISTS: Final = frozenset({"::", " - ", " – ", " — ", "——", "：", ": ", " = "})


def read_file(
    path: Path,
    reader: Reader,
    reading: Reading,
    *,
    deck: str = "",
    media_folder: Path | None = None,
    text: TextChoices = AS_IT_LOOKS,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[Record]:
    """The records of a file. Raises FileRefused at any point: keep nothing then."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if reader == "package" or head.startswith(_ARCHIVE):
        yield from _read_archive(path, reader, reading, text, deck, media_folder, limits)
        return
    if reader == "auto":
        _check_kind(head)
    if looks_like_account(head.decode("utf-8", "replace")):
        limits = replace(limits, text=limits.upload)  # our own export carries pictures in its text
    if path.stat().st_size > limits.text:
        raise FileRefused("file-too-large", limit=spelled(limits.text))
    data = path.read_bytes()
    if text.encoding:
        data = data.decode(text.encoding, "replace").encode()
    for record in _read_text(data, reader, reading, text, deck, media_folder, limits):
        if text.encoding and isinstance(record, Header):
            record = replace(record, encoding=text.encoding, guessed_encoding=False)
        yield record


def _check_kind(head: bytes) -> None:
    """Say of well-known kinds what they are, rather than that they are no text."""
    if head.startswith(MAGIC):
        raise FileRefused("file-unknown")
    if head.startswith(_OLD_OFFICE):
        raise FileRefused("table-old-office")
    if head.startswith(_PDF):
        raise FileRefused("file-is-text")


def _read_archive(
    path: Path, reader: Reader, reading: Reading, text: TextChoices, deck: str, media_folder: Path | None,
    limits: Limits,
) -> Iterator[Record]:  # fmt: skip
    """An Anki package, a workbook, or a folder that holds neither."""
    with Archive(path, limits) as archive:
        if reader != "package" and is_workbook(archive):
            yield from read_sheets(archive, text.layout, deck=deck, limits=limits)
            return
        folder = reader != "package" and not is_package(archive) and is_folder(archive)
        if folder:
            with tempfile.TemporaryDirectory(prefix="wengu-import-") as work:
                yield from read_folder(
                    archive, reading, deck=deck, above=text.above,
                    media_folder=media_folder or Path(work), limits=limits,
                    dialect=reader if reader in DIALECTS else None,
                )  # fmt: skip
        elif reader != "package" and not is_package(archive) and not _OF_TEXTS.isdisjoint(archive.names):
            raise FileRefused("file-is-text")
    if not folder:
        yield from read_package(path, reading, media_folder=media_folder, limits=limits)


def _read_text(
    data: bytes,
    reader: Reader,
    reading: Reading,
    text: TextChoices,
    deck: str,
    media_folder: Path | None,
    limits: Limits,
) -> Iterator[Record]:
    decoded = decode(data, limits)
    if reader == "auto":
        reader = kind_of_text(decoded.text, limits)
    if reader == "questions":
        return read_questions(data, deck=deck, limits=limits)
    if reader == "list":
        return read_list(data, between=text.between, deck=deck, limits=limits)
    if reader == "json":
        return read_account(decoded.text, reading, limits=limits, media_folder=media_folder)
    if reader in DIALECTS:
        page, own = Page("", decoded.text), reader == "markdown"
        root = text.above if own else deck
        return read_pages([page], reader, deck=root, pictures=NoPictures(), limits=limits)
    return read_table(data, text.layout, deck=deck, limits=limits)


def kind_of_text(text: str, limits: Limits = DEFAULT_LIMITS) -> Reader:
    """Which reader a text needs, by how it looks. Raises FileRefused when it is for none of them."""
    if looks_like_account(text):
        return "json"
    marked = plain_dialect(text)
    if marked is not None:
        return marked
    if looks_like_questions(text):
        return "questions"
    try:
        layout = propose(text, limits)
    except FileRefused as refusal:
        if refusal.code != "table-no-columns":
            raise
        propose_separator(text)
        return "list"
    if layout.separator == "\t" or layout.field_names or layout.first_line > 1:
        return "table"
    rows = [row for row in text[:65_536].split("\n") if row.strip()]
    plainly = any(all(row.count(one) == 1 for row in rows) for one in _PLAINLY_LISTS)
    return "list" if plainly and len(layout.columns) < 3 else "table"
