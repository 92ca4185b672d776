"""Electronic books (.epub): the pages of the spine in their order, read as web pages."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from app.formats.archive import Archive
from app.formats.decoding import decode
from app.formats.documents.blocks import MOST_LETTERS, Block
from app.formats.documents.html import read_html
from app.formats.documents.xml import Handler, read_xml
from app.formats.limits import MB
from app.formats.refusals import FileRefused

CONTAINER: Final = "META-INF/container.xml"
_ENCRYPTION: Final = "META-INF/encryption.xml"
_PAGES: Final = frozenset({"application/xhtml+xml", "text/html"})
_MOST_PAGES: Final = 2_000
_TOO_LONG: Final = FileRefused("document-too-long", limit=MOST_LETTERS)


@dataclass(slots=True)
class _Container(Handler):
    package: str = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "rootfile" and not self.package:
            self.package = attributes.get("full-path", "")


@dataclass(slots=True)
class Package(Handler):
    """What the book says about itself."""

    title: str = ""
    pages: dict[str, str] = field(default_factory=dict)  # id -> address
    spine: list[str] = field(default_factory=list)
    _in_title: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if (
            name == "item"
            and attributes.get("media-type") in _PAGES
            and "nav" not in attributes.get("properties", "").split()
        ):
            self.pages[attributes.get("id", "")] = attributes.get("href", "")
        elif name == "itemref" and attributes.get("linear") != "no":
            self.spine.append(attributes.get("idref", ""))
        elif name == "title" and not self.title:
            self._in_title = True

    def end(self, name: str) -> None:
        self._in_title = False

    def data(self, text: str) -> None:
        if self._in_title and len(self.title) < 300:
            self.title += text


def read_package(archive: Archive) -> tuple[Package, str]:
    """The book's own description and the folder that its addresses start from.

    Raises FileRefused: "document-broken", "document-structure", "document-encrypted".
    """
    container, package = _Container(), Package()
    read_xml([archive.read(CONTAINER, most=MB, too_large=_TOO_LONG)], container)
    if container.package not in archive:
        raise FileRefused("document-broken")
    read_xml([archive.read(container.package, most=8 * MB, too_large=_TOO_LONG)], package)
    if _ENCRYPTION in archive:
        locked = archive.read(_ENCRYPTION, most=8 * MB, too_large=_TOO_LONG)
        if re.search(rb"URI=[\"'][^\"']{0,300}\.x?html?[\"']", locked):
            raise FileRefused("document-encrypted")
    return package, posixpath.dirname(container.package)


def read_epub(archive: Archive, package: Package, folder: str) -> Iterator[Block]:
    """Raises FileRefused: "document-broken" (no page at all), those of archives and of texts."""
    found = False
    for name in package.spine[:_MOST_PAGES]:
        address = unquote(package.pages.get(name, "").partition("#")[0])
        path = posixpath.normpath(posixpath.join(folder, address)) if address else ""
        if path not in archive:
            continue
        data = archive.read(path, most=16 * MB, too_large=_TOO_LONG)
        found = True
        if data.strip():
            yield from read_html(decode(data).text)
    if not found:
        raise FileRefused("document-broken")
