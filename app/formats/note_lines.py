"""Notes as lines: a JSON list each, without names, because a collection has very many of them.

    [guid, kind, fields, deck, format, tags, note type, cards, line]
    a card:   [ordinal, deck, position, state, events]; the state of a card never seen is null
    an event: [key, kind, at, day, rating, duration, data]

What reads them back checks every type, as `app.formats.lines` does for the other records, only by hand.
"""

from operator import attrgetter
from typing import Any, Final, cast, get_args

import orjson

from app.core.events import Kind
from app.formats.anki_values import SAFE_INTEGER
from app.formats.drafts import CardDraft, EventDraft, Format, ImportedKind, ImportedNote, StateDraft
from app.formats.wire import (
    LONGEST_TEXT,
    MOST_MEMBERS,
    MOST_NAMES,
    BadLine,
    any_text,
    real_number,
    scalar,
    truth,
    whole_number,
)

_KINDS: Final = frozenset(name for one in get_args(ImportedKind) for name in get_args(one))
_FORMATS: Final = frozenset(get_args(Format))
_EVENT_KINDS: Final = frozenset(get_args(Kind))
_TEXT: Final = frozenset({str})
_NEVER_SEEN: Final = StateDraft()
_NUL: Final = b"\\u0000"  # a NUL can stand in JSON in no other way

_state_values: Final = attrgetter(*StateDraft.__dataclass_fields__)
_event_values: Final = attrgetter(*EventDraft.__dataclass_fields__)


def note_line(note: ImportedNote) -> bytes:
    """The note with its line end."""
    cards = [
        (
            card.ordinal,
            card.deck,
            card.position,
            None if card.state == _NEVER_SEEN else _state_values(card.state),
            [_event_values(event) for event in card.events],
        )
        for card in note.cards
    ]
    said = note.guid, note.kind, note.fields, note.deck, note.format, note.tags
    told = (*said, note.note_type, cards, note.line)
    return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)


def note_from(line: bytes) -> ImportedNote:
    """Raises BadLine."""
    try:
        told = orjson.loads(line)
    except ValueError as error:
        raise BadLine("no JSON") from error
    if type(told) is not list or len(told) != 9:
        raise BadLine("not a note")
    guid, kind, fields, deck, form, tags, note_type, cards, number = told
    for words in (guid, kind, deck, form, note_type):
        if type(words) is not str:
            raise BadLine("not a text")
    if kind not in _KINDS or form not in _FORMATS:
        raise BadLine("no kind of note")
    if type(fields) is not dict or len(fields) > MOST_NAMES or not _are_texts(fields.values()):
        raise BadLine("no fields")
    if type(tags) is not list or len(tags) > MOST_MEMBERS or not _are_texts(tags):
        raise BadLine("no tags")
    if type(cards) is not list or len(cards) > MOST_MEMBERS:
        raise BadLine("no cards")
    if len(line) > LONGEST_TEXT or _NUL in line:  # else no text in it is too long or holds a NUL
        for words in (guid, deck, note_type, *fields, *fields.values(), *tags):
            any_text(words)
    return ImportedNote(
        guid, kind, fields, deck, form, tuple(tags), note_type, tuple(map(_card, cards)), whole_number(number)
    )  # fmt: skip


def _are_texts(values: Any) -> bool:
    return _TEXT.issuperset(map(type, values))


def _card(told: Any) -> CardDraft:
    if type(told) is not list or len(told) != 5:
        raise BadLine("not a card")
    ordinal, deck, position, state, events = told
    if type(events) is not list or len(events) > MOST_MEMBERS:
        raise BadLine("no events")
    return CardDraft(
        whole_number(ordinal),
        any_text(deck),
        whole_number(position),
        _NEVER_SEEN if state is None else _state(state),
        tuple(map(_event, events)),
    )


def _state(told: Any) -> StateDraft:
    if type(told) is not list or len(told) != len(_STATE):
        raise BadLine("not a state")
    return StateDraft(*[read(value) for read, value in zip(_STATE, told, strict=True)])


def _event(told: Any) -> EventDraft:
    if type(told) is not list or len(told) != 7:
        raise BadLine("not an event")
    key, kind, at, day, rating, duration, data = told
    any_text(key)
    if type(kind) is not str or kind not in _EVENT_KINDS:
        raise BadLine("no kind of event")
    for number in (at, day, duration) if rating is None else (at, day, duration, rating):
        if type(number) is not int or not -SAFE_INTEGER <= number <= SAFE_INTEGER:
            raise BadLine("not a number")
    if type(data) is not dict or len(data) > MOST_NAMES:
        raise BadLine("no data")
    if data:
        data = {any_text(name): scalar(value) for name, value in data.items()}
    return EventDraft(key, cast(Kind, kind), at, day, rating, duration, data)


def _maybe_whole(value: Any) -> Any:
    return None if value is None else whole_number(value)


def _maybe_real(value: Any) -> Any:
    return None if value is None else real_number(value)


_STATE: Final = (
    whole_number, _maybe_real, _maybe_real, _maybe_whole, _maybe_whole, _maybe_whole,
    whole_number, whole_number, whole_number, truth, _maybe_whole, whole_number,
)  # fmt: skip
"""What reads each value of a StateDraft, in its order."""
