"""Our own export of everything (`wengu-account`, version 1), read again with its history and its pictures.

Answers that were taken back are left out together with what took them back: events get new ids on import, and
an undo names its event by id.
"""

import base64
import binascii
import hashlib
import json
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast, get_args

from app.core.deck_options import CHOICES
from app.core.events import KINDS
from app.core.notes import InvalidNote, NoteKind, faces
from app.formats.anki_collection import Reading
from app.formats.anki_tables import note_type_of
from app.formats.anki_values import deck_name, guid_of, json_of, name, objects, real, tags_of, whole, words
from app.formats.drafts import (
    CardDraft,
    EventDraft,
    Header,
    ImportedDeck,
    ImportedKind,
    ImportedNote,
    MediaDraft,
    NoteTypeDraft,
    Record,
    Skipped,
)
from app.formats.limits import Limits
from app.formats.media_types import media_type
from app.formats.refusals import FileRefused

FORMAT: Final = "wengu-account"
_MOST_CARDS: Final = 500
_KINDS: Final = frozenset(get_args(NoteKind))
_DATA: Final = ("retention", "mode", "until", "flag", "day", "phase", "stability", "difficulty", "due_day",
                "last_day", "reps", "lapses")  # fmt: skip


def looks_like_account(text: str) -> bool:
    """Whether the text begins as our export does."""
    return text[:200].lstrip().startswith("{") and f'"{FORMAT}"' in text[:200]


def read_account(
    text: str, reading: Reading, *, limits: Limits, media_folder: Path | None = None
) -> Iterator[Record]:
    """Header, decks, notes, and files where there is a folder for them. Raises FileRefused."""
    data = json_of(text, "json", limits.text)
    if not isinstance(data, dict) or data.get("format") != FORMAT or whole(data.get("version")) != 1:
        raise FileRefused("file-unknown")
    yield from _Account(data, reading, limits).records()
    if media_folder is not None:
        for row in objects(data.get("media")):
            yield _media(row, media_folder, limits)


def _media(row: Mapping[str, Any], folder: Path, limits: Limits) -> MediaDraft | Skipped:
    """A file, written under the hash of its content: what the row says of hash and type is not believed."""
    own = name(row.get("name")) or "-"
    try:
        content = base64.b64decode(words(row.get("content")), validate=True)
    except (binascii.Error, ValueError):
        return Skipped("media", "row-invalid", own)
    kind = media_type(content)
    if kind is None:
        return Skipped("media", "media-type", own)
    if len(content) > limits.media_file:
        return Skipped("media", "media-too-large", own)
    digest = hashlib.sha256(content).hexdigest()
    (folder / digest).write_bytes(content)
    return MediaDraft(own, digest, len(content), kind)


class _Account:
    """One export: cards and events sorted by what they belong to."""

    def __init__(self, data: Mapping[str, Any], reading: Reading, limits: Limits) -> None:
        self._reading, self._limits = reading, limits
        self._decks = {words(row.get("id")): row for row in _live(data, "decks")}
        notes = (row for row in _live(data, "notes") if words(row.get("deck_id")) in self._decks)
        self._notes = sorted(notes, key=lambda row: whole(row.get("position")))
        self._types = {
            words(row.get("id")): draft
            for row in objects(data.get("note_types"))
            if (draft := _note_type(row)) is not None
        }
        self._cards: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in _live(data, "cards"):
            self._cards[words(row.get("note_id"))].append(row)
        self._events: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        listed = list(objects(data.get("events"))) if reading.scheduling else []
        undone = {words(_data(row).get("event")) for row in listed if row.get("kind") == "undo"}
        for row in listed:
            if row.get("kind") != "undo" and words(row.get("id")) not in undone:
                self._events[words(row.get("card_id"))].append(row)
        self._reviews = sum(row.get("kind") == "answer" for row in listed)

    def records(self) -> Iterator[Record]:
        if not self._notes:
            raise FileRefused("file-nothing-inside")
        if len(self._notes) > self._limits.notes:
            raise FileRefused("too-many-rows", what="notes", limit=self._limits.notes)
        cards = sum(map(len, self._cards.values()))
        yield Header("json", len(self._notes), cards, self._reviews, encoding="utf-8")
        yield from {draft.key: draft for draft in self._types.values()}.values()
        for key, row in self._decks.items():
            yield _deck(key, row)
        for row in self._notes:
            yield self._note(row)

    def _note(self, row: Mapping[str, Any]) -> Record:
        guid = guid_of(row.get("guid"), 0)
        listed = row.get("fields")
        kind = words(row.get("kind"))
        fields = {key: words(value) for key, value in listed.items()} if isinstance(listed, dict) else {}
        if any(len(value.encode()) > self._limits.field for value in fields.values()):
            return Skipped("note", "field-too-long", guid)
        own = self._types.get(words(row.get("note_type_id")))
        ordinals = self._ordinals(kind, fields, own)
        if ordinals is None:
            return Skipped("note", "row-invalid" if kind in _KINDS else "note-type-missing", guid)
        cards = tuple(
            self._card(card)
            for card in sorted(self._cards[words(row.get("id"))], key=lambda card: whole(card.get("ordinal")))
            if whole(card.get("ordinal"), -1) in ordinals
        )
        tags = row.get("tags")
        return ImportedNote(
            guid, cast(ImportedKind, kind), fields, words(row.get("deck_id")),
            "html" if row.get("format") == "html" else "text",
            tags_of(" ".join(map(words, tags)) if isinstance(tags, list) else ""),
            own.key if own and kind == "anki" else "", cards,
        )  # fmt: skip

    @staticmethod
    def _ordinals(kind: str, fields: dict[str, str], own: NoteTypeDraft | None) -> Container[int] | None:
        """Which cards the note may have, None for one that cannot be."""
        if kind == "anki":
            return range(_MOST_CARDS) if own is not None and set(fields) <= set(own.fields) else None
        try:
            return {face.ordinal for face in faces(cast(NoteKind, kind), fields)}
        except InvalidNote:
            return None

    def _card(self, row: Mapping[str, Any]) -> CardDraft:
        deck = words(row.get("deck_id"))
        events = [
            event for one in self._events[words(row.get("id"))] if (event := self._event(one)) is not None
        ]
        return CardDraft(
            whole(row.get("ordinal"), 0, 0, 499), deck, whole(row.get("position"), 0, 0, 2**31 - 1),
            events=tuple(sorted(events, key=lambda event: (event.day, event.at))),
        )  # fmt: skip

    def _event(self, row: Mapping[str, Any]) -> EventDraft | None:
        kind = words(row.get("kind"))
        rating = row.get("rating")
        if kind not in KINDS or (kind == "answer") != (rating in (1, 2, 3, 4)):
            return None
        data = {key: value for key, value in _data(row).items() if key in _DATA and _plain(value)}
        at = whole(row.get("effective_at"), 0, 0, self._reading.now)
        return EventDraft(
            f"wengu:{words(row.get('id'))}", kind, at, whole(row.get("day"), 0, 0, 3_000_000),
            rating, whole(row.get("duration_ms"), 0, 0, 3_600_000), data,
        )  # fmt: skip


def _note_type(row: Mapping[str, Any]) -> NoteTypeDraft | None:
    """A note type of Anki as the export has it: like Anki's own JSON, under our names."""
    listed = row.get("fields")
    model = {
        "name": row.get("name"),
        "type": 1 if row.get("kind") == "cloze" else 0,
        "flds": [{"name": own, "ord": n} for n, own in enumerate(listed)] if isinstance(listed, list) else [],
        "tmpls": [
            {"name": one.get("name"), "ord": n, "qfmt": one.get("front"), "afmt": one.get("back")}
            for n, one in enumerate(objects(row.get("templates")))
        ],
        "css": row.get("css"),
    }
    return note_type_of(name(row.get("key")) or "-", model)


def _deck(key: str, row: Mapping[str, Any]) -> ImportedDeck:
    listed = row.get("options")
    options = listed if isinstance(listed, dict) else {}
    return ImportedDeck(
        key, deck_name(row.get("name") or "-"), new_per_day=_per_day(options.get("new_per_day")),
        reviews_per_day=_per_day(options.get("reviews_per_day")),
        desired_retention=real(options.get("desired_retention"), 0.7, 0.99),
        options={name: options[name] for name, known in CHOICES.items() if options.get(name) in known},
    )  # fmt: skip


def _live(data: Mapping[str, Any], section: str) -> Iterator[Mapping[str, Any]]:
    return (row for row in objects(data.get(section)) if row.get("deleted_at") is None)


def _data(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """An event's data: an object, or the text of one where the database keeps JSON as text."""
    data = row.get("data")
    if isinstance(data, str):
        try:
            data = json.loads(data[:4096])
        except ValueError:
            return {}
    return data if isinstance(data, dict) else {}


def _plain(value: Any) -> bool:
    return value is None or isinstance(value, int | float | str)


def _per_day(value: Any) -> int | None:
    return whole(value, 0, 0, 9_999) if isinstance(value, int) and not isinstance(value, bool) else None
