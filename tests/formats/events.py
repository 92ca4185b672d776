"""Event drafts as the events that a service would make of them."""

from collections.abc import Iterable
from uuid import NAMESPACE_OID, UUID, uuid5

from app.core.events import Event
from app.formats.drafts import EventDraft

_IMPORT = uuid5(NAMESPACE_OID, "import")


def card_id(card: tuple[str, int]) -> UUID:
    return uuid5(_IMPORT, f"{card[0]}/{card[1]}")


def as_events(card: tuple[str, int], drafts: Iterable[EventDraft]) -> list[Event]:
    return [
        Event(
            uuid5(card_id(card), draft.key),
            card_id(card),
            draft.kind,
            draft.rating,
            draft.at,
            0,
            draft.day,
            draft.duration_ms,
            _IMPORT,
            place,
            draft.at,
            draft.at,
            draft.data,
        )
        for place, draft in enumerate(drafts)
    ]
