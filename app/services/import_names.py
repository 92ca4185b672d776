"""How what an import brings is named: ids that follow from what it is, and files by the names in fields."""

import json
from collections.abc import Mapping
from typing import Any
from unicodedata import normalize
from urllib.parse import unquote
from uuid import UUID

from app.core.ids import derived_id
from app.formats.markup import asked_names
from app.services.import_files import StagedEvent


def event_id(card_id: UUID, event: StagedEvent) -> UUID:
    """The id of an imported event: the same act of the same card is the same event in every file."""
    return derived_id(event.at, card_id.bytes, event.key.encode())


def type_id(note_type: Mapping[str, Any]) -> UUID:
    """The id of a note type: one that differs in anything is another, and none ever changes."""
    said = json.dumps(note_type, ensure_ascii=False, sort_keys=True)
    return derived_id(0, b"note-type", said.encode("utf-8", "surrogatepass"))


def media_of(fields: Mapping[str, str], media: Mapping[str, str]) -> dict[str, str]:
    """Hashes of the files that the fields ask for, by the names that they use."""
    if not media:
        return {}
    return {
        name: media[known]
        for value in fields.values()
        if _may_ask(value)
        for name in asked_names(value)
        if (known := _known(name, media)) is not None
    }


def asks_for_files(fields: Mapping[str, str]) -> bool:
    """Whether the fields ask for any file at all."""
    return any(_may_ask(value) and asked_names(value) for value in fields.values())


def _may_ask(value: str) -> bool:
    return "<" in value or "[sound:" in value


def _known(name: str, media: Mapping[str, str]) -> str | None:
    """The name under which the file is known; decks also write it percent-encoded."""
    for said in (name, normalize("NFC", name), normalize("NFC", unquote(name))):
        if said in media:
            return said
    return None
