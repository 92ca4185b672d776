"""CrowdAnki: a folder with `deck.json` and its media, zipped. Notes and note types as in Anki, no history."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from app.formats.anki_kinds import KindMap, kind_of, note_of
from app.formats.anki_tables import note_type_of
from app.formats.anki_values import deck_name, guid_of, json_of, objects, tags_of, whole, words
from app.formats.archive import Archive
from app.formats.drafts import (
    CardDraft,
    Header,
    ImportedDeck,
    ImportedNote,
    NoteTypeDraft,
    Record,
    Skipped,
)
from app.formats.limits import MB, Limits, spelled
from app.formats.markup import MarkupTooLarge, check_markup
from app.formats.refusals import FileRefused
from app.formats.templates import BadTemplate, render_card

DECK_FILE: Final = "deck.json"
_MOST_JSON: Final = 64 * MB
_DEEPEST: Final = 20
_GAP: Final = re.compile(r"\{\{c([1-9][0-9]{0,2})::")
_MOST_GAPS: Final = 500


def deck_file(archive: Archive) -> str | None:
    """The archive's `deck.json` nearest to its top."""
    found = [name for name in archive.names if name == DECK_FILE or name.endswith("/" + DECK_FILE)]
    return min(found, key=lambda name: name.count("/"), default=None)


def read_crowdanki(archive: Archive, limits: Limits) -> Iterator[Record]:
    """Header, note types, decks and notes; media are listed by `media_names`. Raises FileRefused."""
    name = deck_file(archive)
    if name is None:
        raise FileRefused("file-unknown")
    too_large = FileRefused("file-too-large", limit=spelled(_MOST_JSON))
    data = json_of(archive.read(name, most=_MOST_JSON, too_large=too_large), DECK_FILE)
    if not isinstance(data, dict) or data.get("__type__") != "Deck":
        raise FileRefused("collection-data", what=DECK_FILE)
    yield from _Folder(data, limits).records()


def media_folder_of(deck_json: str) -> str:
    """Where the media of a `deck.json` lie in the archive."""
    return deck_json[: -len(DECK_FILE)] + "media/"


class _Folder:
    """Walks the decks of one `deck.json`; note types and options may stand at any of them."""

    def __init__(self, data: dict[str, Any], limits: Limits) -> None:
        self._decks = list(_decks(data, "", 0, limits))
        self._limits = limits
        self._guids: set[str] = set()
        self._position = 0
        self._types: dict[str, NoteTypeDraft] = {}
        self._options: dict[str, Mapping[str, Any]] = {}
        for _, deck in self._decks:
            for model in objects(deck.get("note_models")):
                key = words(model.get("crowdanki_uuid"))
                draft = note_type_of(key, model) if key else None
                if draft is not None:
                    self._types[key] = draft
            for options in objects(deck.get("deck_configurations")):
                self._options[words(options.get("crowdanki_uuid"))] = options
        self._kinds: dict[str, KindMap | None] = {key: kind_of(one) for key, one in self._types.items()}

    def records(self) -> Iterator[Record]:
        total = sum(len(list(objects(deck.get("notes")))) for _, deck in self._decks)
        if not total:
            raise FileRefused("file-nothing-inside")
        if total > self._limits.notes:
            raise FileRefused("too-many-rows", what="notes", limit=self._limits.notes)
        yield Header("crowdanki", total, encoding="utf-8")
        yield from self._types.values()
        for path, deck in self._decks:
            yield self._deck(path, deck)
        for path, deck in self._decks:
            for note in objects(deck.get("notes")):
                yield self._note(note, path)

    def _deck(self, path: str, deck: Mapping[str, Any]) -> ImportedDeck:
        options = self._options.get(words(deck.get("deck_config_uuid")), {})
        new, reviews = options.get("new"), options.get("rev")
        return ImportedDeck(
            path,
            path,
            words(deck.get("desc"))[:2_000],
            _per_day(new.get("perDay")) if isinstance(new, dict) else None,
            _per_day(reviews.get("perDay")) if isinstance(reviews, dict) else None,
        )

    def _note(self, note: Mapping[str, Any], deck: str) -> Record:
        guid = guid_of(note.get("guid"), 0)
        note_type = self._types.get(words(note.get("note_model_uuid")))
        listed = note.get("fields")
        values = [words(value) for value in listed] if isinstance(listed, list) else []
        problem = self._problem(guid, note_type, values)
        if problem or note_type is None:
            return Skipped("note", problem or "note-type-missing", guid)
        values += [""] * (len(note_type.fields) - len(values))
        ordinals = _ordinals(note_type, values)
        if not ordinals:
            return Skipped("note", "no-cards", guid)
        self._guids.add(guid)
        kind, fields = note_of(note_type, self._kinds[note_type.key], values, ordinals)
        tags = note.get("tags")
        self._position += 1
        cards = tuple(CardDraft(ordinal, deck, self._position) for ordinal in ordinals)
        return ImportedNote(
            guid, kind, fields, deck, "html",
            tags_of(" ".join(map(words, tags)) if isinstance(tags, list) else tags), note_type.key,
            cards,
        )  # fmt: skip

    def _problem(self, guid: str, note_type: NoteTypeDraft | None, values: list[str]) -> str:
        if note_type is None:
            return "note-type-missing"
        if guid in self._guids:
            return "repeated"
        if len(values) > len(note_type.fields):
            return "fields-wrong"
        try:
            for value in values:
                check_markup(value, self._limits)
        except MarkupTooLarge as refusal:
            return refusal.reason
        return ""


def _ordinals(note_type: NoteTypeDraft, values: Sequence[str]) -> list[int]:
    """Which cards the note has: one for each gap number, or for each template that shows something."""
    if note_type.kind == "cloze":
        numbers = {int(number) for value in values for number in _GAP.findall(value)}
        return sorted(number - 1 for number in numbers if number <= _MOST_GAPS)
    fields = dict(zip(note_type.fields, values, strict=True))
    return [place for place in range(len(note_type.templates)) if _shows(note_type, fields, place)]


def _shows(note_type: NoteTypeDraft, fields: Mapping[str, str], place: int) -> bool:
    try:
        return not render_card(note_type, fields, place).blank
    except BadTemplate:
        return False


def _decks(
    deck: Mapping[str, Any], above: str, depth: int, limits: Limits
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    own = words(deck.get("name"))
    # Children are named whole by some versions and by their last level by others.
    name = own if not above or own.startswith(above + "::") else f"{above}::{own}"
    path = deck_name(name or "-")
    yield path, deck
    if depth < _DEEPEST:
        for child in objects(deck.get("children")):
            yield from _decks(child, path, depth + 1, limits)


def _per_day(value: Any) -> int | None:
    return whole(value, 0, 0, 9_999) if isinstance(value, int) and not isinstance(value, bool) else None
