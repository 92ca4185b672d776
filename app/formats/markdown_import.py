"""Markdown as people have it, one file or a zipped folder with pictures, as records of an import.

Which dialect it is follows from the pages unless the learner says so: our own deck files, hashcards,
Obsidian, Mochi, or plain headings with text below them.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal, Protocol, get_args
from urllib.parse import unquote

from app.core.notes import InvalidNote, faces
from app.formats import hashcards, headings, mochi, obsidian
from app.formats.anki_values import deck_name, words
from app.formats.archive import Archive
from app.formats.decoding import decode
from app.formats.drafts import (
    LONGEST_GUID,
    CardDraft,
    Header,
    ImportedDeck,
    ImportedNote,
    MediaDraft,
    Record,
    Skipped,
    StateDraft,
)
from app.formats.limits import Limits, spelled
from app.formats.markdown import DeckSyntaxError, derived_guid, read_deck
from app.formats.package import media_of
from app.formats.pages import Found, Page, deck_of
from app.formats.refusals import FileRefused

Dialect = Literal["markdown", "hashcards", "obsidian", "mochi", "headings"]
DIALECTS: Final[tuple[Dialect, ...]] = get_args(Dialect)
PAGE_ENDINGS: Final = (".md", ".markdown", ".txt")
_OWN_FRONT_MATTER: Final = re.compile(r"---\n(?:[a-z]+:[^\n]*\n)*?slug:[^\n]*\n")
_PICTURE: Final = re.compile(
    r"!\[((?:(?!!\[)[^\]\n])*)\]\(<?([^()<>\n]{1,2000}?)>?(?:\s{1,9}\"[^\"\n]{0,2000}\")?\)"
)
_MANY_HEADINGS: Final = 2


class Pictures(Protocol):
    """Where the files are that pages show."""

    def find(self, page: Page, target: str) -> MediaDraft | Skipped | None:
        """The file that a page means by `target`, None when there is none."""


class NoPictures:
    """A page that came alone."""

    def find(self, page: Page, target: str) -> None:
        return None


@dataclass(slots=True)
class FolderPictures:
    """Files of a zipped folder: by their path from the page, or by name alone as Obsidian finds them."""

    archive: Archive
    folder: Path
    limits: Limits
    _by_name: dict[str, str] = field(init=False)
    _found: dict[str, MediaDraft | Skipped] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name = {}
        for name in self.archive.names:
            self._by_name.setdefault(name.rpartition("/")[2].casefold(), name)

    def find(self, page: Page, target: str) -> MediaDraft | Skipped | None:
        wanted = unquote(target).strip()
        if "://" in wanted or wanted.startswith("data:"):
            return None
        entry = _joined(f"{page.around}/{page.folder}", wanted)
        if entry not in self.archive:
            entry = self._by_name.get(wanted.rpartition("/")[2].casefold(), "")
        if not entry:
            return None
        if entry not in self._found:
            self._found[entry] = media_of(self.archive, entry, entry, False, self.folder, self.limits)
        return self._found[entry]


def is_page(name: str) -> bool:
    """Whether an entry of an archive is a page; hidden folders hold settings and old versions."""
    parts = name.split("/")
    return name.lower().endswith(PAGE_ENDINGS) and not any(
        part.startswith((".", "__MACOSX")) for part in parts
    )


def pages_of(archive: Archive, limits: Limits) -> list[Page]:
    """The pages of a zipped folder by their paths; a folder around everything does not count."""
    too_large = FileRefused("file-too-large", limit=spelled(limits.text))
    pages, total = [], 0
    for name in sorted(filter(is_page, archive.names)):
        data = archive.read(name, most=limits.text, too_large=too_large)
        total += len(data)
        if total > limits.text:
            raise too_large
        if data.strip():
            pages.append(Page(words(name.rpartition(".")[0]), decode(data, limits).text))
    around = {page.path.partition("/")[0] if "/" in page.path else "" for page in pages}
    if len(around) == 1 and (top := around.pop()):
        pages = [replace(page, path=page.path[len(top) + 1 :], around=top) for page in pages]
    return pages


def dialect_of(pages: Sequence[Page]) -> Dialect | None:
    """What the pages look like, None for Markdown that holds no cards of any kind."""
    if pages and all(_OWN_FRONT_MATTER.match(page.text) for page in pages):
        return "markdown"
    tests: tuple[tuple[Dialect, Callable[[str], bool]], ...] = (
        ("hashcards", hashcards.looks_like_hashcards),
        ("mochi", mochi.looks_like_mochi),
        ("obsidian", obsidian.looks_like_obsidian),
    )
    for dialect, test in tests:
        if any(test(page.text) for page in pages):
            return dialect
    many = sum(headings.headings_with_text(page) for page in pages)
    return "headings" if many >= _MANY_HEADINGS else None


def plain_dialect(text: str) -> Dialect | None:
    """The dialect of a text that came without a name; what may as well be a list or plain questions is none.

    `a::b` and `Q:` alone are read as lists and questions: they need no Markdown around them.
    """
    page = Page("", text)
    if _OWN_FRONT_MATTER.match(text):
        return "markdown"
    if hashcards.has_gaps(text):
        return "hashcards"
    if obsidian.is_plainly_obsidian(text):
        return "obsidian"
    return "headings" if headings.headings_with_text(page) >= _MANY_HEADINGS else None


def read_pages(
    pages: Sequence[Page], dialect: Dialect, *, deck: str, pictures: Pictures, limits: Limits
) -> Iterator[Record]:
    """The records of pages in a dialect. Raises FileRefused."""
    if dialect == "obsidian" and any(map(obsidian.has_tag, pages)):
        pages = [page for page in pages if obsidian.has_tag(page)]
    find = _FINDERS[dialect]
    found = [(page, one) for page in pages for one in find(page)]
    yield from found_records(dialect, found, deck=deck, pictures=pictures, limits=limits)


def own_cards(page: Page) -> Iterator[Found]:
    """The notes of a deck file of ours. Raises FileRefused("deck-file-line") with the first line at fault."""
    try:
        deck = read_deck(page.text)
    except DeckSyntaxError as error:
        problem = error.problems[0]
        raise FileRefused("deck-file-line", line=problem.line, problem=problem.code) from error
    for line, note in enumerate(deck.notes, 1):
        yield Found(line, note.kind, note.fields, deck_of(deck.name), note.tags, guid=note.guid)


_FINDERS: Final[dict[Dialect, Callable[[Page], Iterator[Found]]]] = {
    "markdown": own_cards,
    "hashcards": hashcards.find_cards,
    "obsidian": obsidian.find_cards,
    "mochi": mochi.find_cards,
    "headings": headings.find_cards,
}


def found_records(
    generation: Dialect, found: Sequence[tuple[Page, Found]], *, deck: str, pictures: Pictures, limits: Limits
) -> Iterator[Record]:
    """What was found, as records. Raises FileRefused when that is nothing or too much."""
    if not found:
        raise FileRefused("file-nothing-inside")
    if len(found) > limits.notes:
        raise FileRefused("too-many-rows", what="notes", limit=limits.notes)
    notes = _Notes(deck, pictures, limits)
    records = [notes.note(page, one) for page, one in found]
    reviews = sum(len(events) for _, one in found for events in one.events)
    yield Header(generation, len(found), reviews=reviews, media=len(notes.media), encoding="utf-8")
    yield from (ImportedDeck(name, name) for name in notes.decks)
    yield from records
    yield from notes.media.values()
    yield from notes.skipped


class _Notes:
    """Turns what was found into notes; remembers decks, identities and pictures."""

    def __init__(self, deck: str, pictures: Pictures, limits: Limits) -> None:
        self._root, self._pictures, self._limits = deck, pictures, limits
        self._guids: set[str] = set()
        self._position = 0
        self.decks: dict[str, None] = {}
        self.media: dict[str, MediaDraft] = {}
        self.skipped: list[Skipped] = []

    def note(self, page: Page, found: Found) -> ImportedNote | Skipped:
        where = f"{page.path}:{found.line}" if page.path else str(found.line)
        fields = {
            name: self._shown(page, words(value)) for name, value in found.fields.items() if value.strip()
        }
        if any(len(value.encode()) > self._limits.field for value in fields.values()):
            return Skipped("note", "field-too-long", where)
        try:
            made = faces(found.kind, fields)
        except InvalidNote as refusal:
            return Skipped("note", "row-empty" if refusal.reason == "missing" else "row-invalid", where)
        guid = self._guid(page, found, fields)
        if guid in self._guids:
            return Skipped("note", "repeated", where)
        self._guids.add(guid)
        deck = deck_name(deck_of(self._root, found.deck) or "-")
        self.decks.setdefault(deck)
        self._position += 1
        cards = tuple(
            CardDraft(
                face.ordinal, deck, self._position,
                found.states[place] if place < len(found.states) else StateDraft(),
                found.events[place] if place < len(found.events) else (),
            )
            for place, face in enumerate(made)
        )  # fmt: skip
        own = cards if any(card.events for card in cards) else ()
        return ImportedNote(guid, found.kind, fields, deck, tags=found.tags[:200], cards=own, line=found.line)

    def _guid(self, page: Page, found: Found, fields: dict[str, str]) -> str:
        if found.guid:
            return found.guid if len(found.guid) <= LONGEST_GUID else _hashed(found.guid)
        guid = derived_guid(found.kind, fields)
        return _hashed(f"{page.path}\n{guid}") if guid in self._guids else guid

    def _shown(self, page: Page, text: str) -> str:
        return _PICTURE.sub(lambda match: self._picture(page, match), text) if "![" in text else text

    def _picture(self, page: Page, match: re.Match[str]) -> str:
        found = self._pictures.find(page, match[2])
        if isinstance(found, MediaDraft):
            self.media.setdefault(found.sha256, replace(found, name=found.sha256))
            return f"![{match[1]}](media/{found.sha256})"
        self.skipped.append(found or Skipped("media", "media-missing", match[2][:80]))
        return f"[{match[1] or match[2].rpartition('/')[2]}]"


def _hashed(text: str) -> str:
    return "t" + hashlib.sha256(text.encode()).hexdigest()[:31]


def _joined(folder: str, target: str) -> str:
    """A path from a folder, with its dots resolved; entry names are only compared, never opened."""
    parts = [part for part in folder.split("/") if part and not target.startswith("/")]
    for part in target.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
