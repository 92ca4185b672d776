"""Zip archives that are no Anki package: CrowdAnki folders, Mochi packages, folders of Markdown."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.formats import crowdanki, mochi
from app.formats.anki_collection import Reading
from app.formats.anki_values import json_of
from app.formats.archive import Archive
from app.formats.decoding import decode
from app.formats.drafts import Record
from app.formats.edn import BadData, from_transit, read_edn
from app.formats.limits import Limits, spelled
from app.formats.markdown_import import (
    Dialect,
    FolderPictures,
    dialect_of,
    found_records,
    is_page,
    pages_of,
    read_pages,
)
from app.formats.package import media_of
from app.formats.pages import Page
from app.formats.refusals import FileRefused

MOCHI_DATA: Final = ("data.edn", "data.json")


def is_folder(archive: Archive) -> bool:
    """Whether there is anything in it that this module reads."""
    names = archive.names
    return crowdanki.deck_file(archive) is not None or any(
        name in MOCHI_DATA or is_page(name) for name in names
    )


def read_folder(
    archive: Archive, reading: Reading, *, deck: str, above: str = "", media_folder: Path, limits: Limits,
    dialect: Dialect | None = None,
) -> Iterator[Record]:  # fmt: skip
    """The records of a zipped folder, whatever tool made it. Raises FileRefused.

    `deck` gathers what pages hold; our own deck files name their decks, which go under `above`.
    """
    if crowdanki.deck_file(archive) is not None and dialect is None:
        yield from _crowdanki(archive, media_folder, limits)
        return
    data = next((name for name in MOCHI_DATA if name in archive), None)
    pictures = FolderPictures(archive, media_folder, limits)
    if data is not None and dialect is None:
        yield from _mochi(archive, data, reading, deck, pictures, limits)
        return
    pages = pages_of(archive, limits)
    found = dialect or dialect_of(pages)
    if found is None:
        raise FileRefused("file-nothing-inside")
    root = above if found == "markdown" else deck
    yield from read_pages(pages, found, deck=root, pictures=pictures, limits=limits)


def _crowdanki(archive: Archive, media_folder: Path, limits: Limits) -> Iterator[Record]:
    yield from crowdanki.read_crowdanki(archive, limits)
    around = crowdanki.media_folder_of(crowdanki.deck_file(archive) or "")
    for name in archive.names:
        own = name[len(around) :]
        if name.startswith(around) and own and "/" not in own:
            yield media_of(archive, name, own, False, media_folder, limits)


def _mochi(
    archive: Archive, name: str, reading: Reading, deck: str, pictures: FolderPictures, limits: Limits
) -> Iterator[Record]:
    too_large = FileRefused("file-too-large", limit=spelled(limits.text))
    content = archive.read(name, most=limits.text, too_large=too_large)
    try:
        data = (
            from_transit(json_of(content, name)) if name.endswith(".json") else read_edn(decode(content).text)
        )
    except BadData as error:
        raise FileRefused("collection-data", what=name) from error
    templates = mochi.templates_of(data)
    page = Page("", "")
    found = [(page, one) for part in mochi.decks_of(data) for one in mochi.cards_of(part, templates, reading)]
    yield from found_records("mochi", found, deck=deck, pictures=pictures, limits=limits)
