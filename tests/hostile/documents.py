"""Hostile documents, and controls that must pass."""

import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from typing import Final

from app.formats.limits import MB
from tests.formats.anki_files import zipped
from tests.formats.document_files import CONTAINER, W, docx, epub, paragraph, pdf
from tests.hostile.cases import Case

_DOCTYPE: Final = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
_LINE: Final = (11.0, "The clerk keeps the list for ten years.")


def documents() -> Iterator[Case]:
    for group in (_controls, _word, _books, _pdfs, _pages, _marked, _plain):
        for case in group():
            yield Case(f"document-{case.name}", case.make, case.code, "document")


def _controls() -> Iterator[Case]:
    yield Case("control-docx", lambda: docx(paragraph("守则", style="a1"), paragraph("入库须登记。")))
    yield Case("control-epub", lambda: epub("<h1>一</h1><p>入库须登记。</p>"))
    yield Case("control-pdf", lambda: pdf([_LINE]))
    yield Case("control-html", lambda: b"<!doctype html><p>one</p>")
    yield Case("control-markdown", lambda: b"# one\n\ntwo **three**")
    yield Case("control-text", lambda: "入库须登记。".encode("gb18030"))


def _word() -> Iterator[Case]:
    yield Case(
        "docx-entities",
        lambda: _word_with(f"{_DOCTYPE}<w:document {W}>&b;</w:document>"),
        "document-structure",
    )
    yield Case(
        "docx-outside-entity",
        lambda: _word_with(
            f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document {W}>&a;</w:document>'
        ),
        "document-structure",
    )
    yield Case("docx-deep", lambda: docx("<w:p>" * 100_000), "document-structure")
    yield Case("docx-bomb", lambda: docx("<w:p/>" * (12 * MB)), "archive-ratio")
    yield Case("docx-cut", lambda: docx(paragraph("a"))[:-40], "archive-broken")
    yield Case("docx-no-xml", lambda: _word_with("hello"), "document-broken")
    yield Case("docx-empty", lambda: docx(), "document-no-text")
    yield Case("docx-encrypted", lambda: _marked_encrypted(docx(paragraph("a"))), "archive-encrypted")
    yield Case("docx-numbering-far", lambda: docx(paragraph("a", number="9" * 40, level=10**9)))
    yield Case(
        "docx-unbalanced-parts", lambda: docx("<w:tr><w:tc/></w:tr><w:tbl><w:tr/></w:tbl>" + paragraph("a"))
    )
    yield Case("docx-old", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096, "document-old-office")
    yield Case("rtf", lambda: b"{\\rtf1 hello}", "document-old-office")
    yield Case("zip-of-nothing", lambda: zipped([("a.txt", b"x")]), "file-unknown")


def _word_with(body: str) -> bytes:
    return zipped([("word/document.xml", body.encode())])


def _marked_encrypted(data: bytes) -> bytes:
    """The bit that says so, set in the archive's own list."""
    changed = bytearray(data)
    place = changed.find(b"PK\x01\x02")
    while place >= 0:
        changed[place + 8] |= 1
        place = changed.find(b"PK\x01\x02", place + 4)
    return bytes(changed)


def _books() -> Iterator[Case]:
    container = "META-INF/container.xml"
    yield Case("epub-no-package", lambda: zipped([(container, CONTAINER)]), "document-broken")
    yield Case(
        "epub-entities",
        lambda: epub("<p>a", package=f"{_DOCTYPE}<package>&b;</package>".encode()),
        "document-structure",
    )
    yield Case("epub-no-pages", lambda: epub(), "document-broken")
    yield Case("epub-pictures-only", lambda: epub("<img src=x>"), "document-no-text")
    yield Case("epub-climbs", lambda: _climbing(), "document-broken")
    yield Case("epub-bomb", lambda: epub("<p>a</p>" + " " * (40 * MB)), "archive-ratio")
    yield Case(
        "epub-page-too-long",
        lambda: _stored_page(b"<p>" + bytes(range(97, 123)) * (17 * MB // 26)),
        "document-too-long",
    )
    yield Case("epub-locked", lambda: epub("<p>a", extra=[(
        "META-INF/encryption.xml", b'<e><CipherReference URI="OEBPS/page%200.xhtml"/></e>')]),
        "document-encrypted")  # fmt: skip
    yield Case("epub-locked-fonts-only", lambda: epub("<p>a", extra=[(
        "META-INF/encryption.xml", b'<e><CipherReference URI="OEBPS/f.otf"/></e>')]))  # fmt: skip


def _climbing() -> bytes:
    package = (
        '<package><manifest><item id="a" media-type="text/html" href="../../../../etc/passwd"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    return epub("<p>a", package=package.encode())


def _stored_page(page: bytes) -> bytes:
    package = b"".join((
        b'<package><manifest><item id="a" media-type="text/html" href="a.html"/></manifest>',
        b'<spine><itemref idref="a"/></spine></package>',
    ))  # fmt: skip
    return zipped(
        [("META-INF/container.xml", CONTAINER), ("OEBPS/content.opf", package), ("OEBPS/a.html", page)],
        zipfile.ZIP_STORED,
    )


def _pdfs() -> Iterator[Case]:
    yield Case("pdf-no-text", lambda: pdf([], []), "document-no-text")
    yield Case("pdf-head-only", lambda: b"%PDF-1.7\n", "document-broken")
    yield Case("pdf-cut", lambda: pdf([_LINE])[:300], "document-broken")
    yield Case("pdf-noise", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 400, "document-broken")
    yield Case(
        "pdf-encrypted",
        lambda: pdf([_LINE], trailer="/Encrypt<</Filter/Standard/V 1/R 2/O<00>/U<00>/P -4>>/ID[<00><00>]"),
        "document-encrypted",
    )
    yield Case(
        "pdf-unknown-cipher",
        lambda: pdf([_LINE], trailer="/Encrypt<</Filter/Odd/V 9/R 9>>"),
        "document-encrypted",
    )
    yield Case(
        "pdf-stream-bomb",
        lambda: pdf([_LINE], packed=zlib.compress(b"\0" * (200 * MB), 9)),
        "document-no-text",
    )
    yield Case(
        "pdf-page-loop", lambda: pdf([_LINE]).replace(b"/Kids[4 0 R]", b"/Kids[2 0 R]"), "document-broken"
    )
    yield Case("pdf-many-pages", lambda: pdf(*[[]] * 3_001), "document-pages")
    yield Case(
        "pdf-unclosed-words",
        lambda: pdf([_LINE], packed=zlib.compress(b"BT /F1 11 Tf (" + b"(" * 200_000)),
        "document-no-text",
    )


def _pages() -> Iterator[Case]:
    head = "<!doctype html>"
    shapes = {
        "deep": "<div>" * 200_000 + "word",
        "unclosed-comment": "word" + "<!--" * 200_000,
        "unclosed-tags": "word" + "<a " * 200_000,
        "open-quotes": "word" + '<a b="' * 100_000,
        "brackets": "< " * 300_000 + "word",
        "closing": "word" + "</ul></p></tr>" * 50_000,
        "cells": "<table><tr>" + "<td>a" * 100_000,
        "lists": "<ul>" * 50_000 + "<li>word",
        "entities": "&amp;" * 200_000 + "word",
        "scripts": "word" + "<script>" * 100_000,
        "strong": "<b>" * 100_000 + "word",
    }
    for name, body in shapes.items():
        yield Case(f"html-{name}", partial(str.encode, head + body))
    yield Case("html-nothing-said", lambda: f"{head}<script>word</script>".encode(), "document-no-text")


def _marked() -> Iterator[Case]:
    start = "# head\n\n"
    shapes = {
        "stars": "*" * 300_000,
        "brackets": "[" * 300_000,
        "links": "[a](" * 50_000,
        "quotes": "> " * 50_000,
        "nested-lists": "".join(f"{'  ' * depth}- a\n" for depth in range(2_000)),
        "backticks": "`" * 300_000,
        "table": "|" + " a |" * 20_000 + "\n|" + "-|" * 20_000 + "\n",
        "references": "[a]: b\n" * 20_000,
        "tags": "<a" * 100_000,
    }
    for name, body in shapes.items():
        yield Case(f"markdown-{name}", partial(str.encode, start + body))


def _plain() -> Iterator[Case]:
    yield Case("empty", lambda: b"", "file-empty")
    yield Case("marks-only", lambda: "，。；".encode(), "document-no-text")
    yield Case("bytes", lambda: bytes(range(256)) * 100, "text-not-text")
    yield Case("one-line", lambda: "入库须登记，".encode() * 200_000)
    yield Case("too-long", lambda: "入库须登记。\n".encode() * 1_200_000, "document-too-long")
