"""Records of a reader turned into what may be stored. The reader runs in a cage and is not believed: types
were checked line by line, here follows what must hold between them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from app.core.deck_options import CHOICES
from app.core.events import AGAIN, EASY
from app.core.notes import InvalidNote, ordinals
from app.formats.drafts import (
    LONGEST_GUID,
    LONGEST_NAME,
    CardDraft,
    EventDraft,
    ImportedDeck,
    ImportedNote,
    NoteTypeDraft,
    Skipped,
)
from app.formats.light_html import as_html, as_plain_html
from app.formats.limits import DEFAULT_LIMITS
from app.formats.refusals import FileRefused
from app.formats.table import derived_guid
from app.services.import_files import StagedCard, StagedEvent, StagedNote
from app.services.showing import ANKI, MOST_SIDES

FIRST_DAY, LAST_DAY = -3_000_000, 3_000_000
LAST_MOMENT: Final = 253_402_300_799_999
MOST_FIELDS: Final = 200
MOST_LETTERS: Final = 2_000_000
"""All cards of one note together, rendered: a text of 500 gaps is shown 500 times."""
_MARKED: Final = re.compile(r"[<&\n]|\[sound:")
_LIGHT: Final = re.compile(r"[*`$\\{!]|(?:^|\n)(?:- |\|)")
_WHOLE_GUIDS: Final = frozenset({"anki-legacy1", "anki-legacy2", "anki-latest", "crowdanki", "json"})
_NAMED_GUIDS: Final = frozenset({"anki-text", "table"})  # a column may hold them
_LINES: Final = frozenset({"list", "choice"})


@dataclass(slots=True)
class Checker:
    """Knows the decks and note types that came before the notes, and how many cards came so far."""

    generation: str = ""
    decks: set[str] = field(default_factory=set)
    note_types: dict[str, NoteTypeDraft] = field(default_factory=dict)
    cards: int = 0

    def deck(self, deck: ImportedDeck) -> dict[str, Any]:
        """Raises FileRefused("file-reader-failed")."""
        _demand(0 < len(deck.name) <= LONGEST_NAME and len(self.decks) < DEFAULT_LIMITS.decks)
        _demand(deck.desired_retention is None or 0.5 <= deck.desired_retention <= 1)
        _demand(all(value in CHOICES.get(name, ()) for name, value in deck.options.items()))
        self.decks.add(deck.key)
        return asdict(deck)

    def note_type(self, kind: NoteTypeDraft) -> dict[str, Any]:
        """Raises FileRefused("file-reader-failed")."""
        _demand(0 < len(kind.fields) <= MOST_FIELDS and 0 < len(kind.templates) <= MOST_SIDES)
        _demand(len(self.note_types) < DEFAULT_LIMITS.note_types)
        self.note_types[kind.key] = kind
        return asdict(kind)

    def note(self, note: ImportedNote) -> StagedNote | Skipped:
        """The note as it is staged. Raises FileRefused("file-reader-failed")."""
        _demand(0 < len(note.guid) <= LONGEST_GUID and note.deck in self.decks)
        _demand(0 < len(note.fields) <= MOST_FIELDS)
        kind, form = note.kind, note.format
        if kind == ANKI:
            own = self.note_types.get(note.note_type)
            _demand(own is not None and bool(note.cards))
            numbers = [card.ordinal for card in note.cards]
        else:
            try:
                numbers = ordinals(kind, note.fields)
            except InvalidNote:
                return Skipped("note", "row-invalid", note.guid)
            if form == "html" and not _is_marked(kind, note.fields):
                form = "text"
        letters = sum(map(len, note.fields.values()))
        if kind == ANKI and letters * len(numbers) > MOST_LETTERS:
            return Skipped("note", "field-too-long", note.guid)
        cards = note.cards or tuple(CardDraft(ordinal, note.deck, -1) for ordinal in numbers)
        staged = [self._card(card) for card in cards]
        _demand(len({card.ordinal for card in staged}) == len(staged))
        _demand(kind == ANKI or {card.ordinal for card in staged} <= set(numbers))
        type_key = note.note_type if kind == ANKI else ""
        return StagedNote(
            note.guid,
            kind,
            form,
            dict(note.fields),
            note.deck,
            list(note.tags),
            type_key,
            self._scoped(note),
            staged,
        )

    def _scoped(self, note: ImportedNote) -> bool:
        """Whether the guid means something within its deck only: those that follow from the words do."""
        if self.generation in _WHOLE_GUIDS:
            return False
        return self.generation not in _NAMED_GUIDS or note.guid == derived_guid(note.kind, note.fields)

    def _card(self, card: CardDraft) -> StagedCard:
        _demand(0 <= card.ordinal < MOST_SIDES and card.deck in self.decks)
        self.cards += 1
        place = card.position if card.position >= 0 else self.cards
        return StagedCard(card.ordinal, card.deck, place, [_event(event) for event in card.events])


def _event(event: EventDraft) -> StagedEvent:
    _demand(len(event.key) <= 200 and 0 <= event.at <= LAST_MOMENT)
    _demand(_is_day(event.day) and 0 <= event.duration_ms <= 86_400_000)
    check = _DATA.get(event.kind)
    _demand(check is not None and check(event))
    return StagedEvent(
        event.key, event.kind, event.at, event.day, event.rating, event.duration_ms, event.data
    )


def _is_marked(kind: str, fields: Mapping[str, str]) -> bool:
    """Whether the fields say something else as HTML than as text, where light marks have a meaning."""
    for value in fields.values():
        if _MARKED.search(value.replace("\n", "") if kind in _LINES else value):
            return True
        if _LIGHT.search(value) and as_html(value) != as_plain_html(value):
            return True
    return False


def _demand(holds: bool) -> None:
    if not holds:
        raise FileRefused("file-reader-failed")


def _is_day(value: Any) -> bool:
    return type(value) is int and FIRST_DAY <= value <= LAST_DAY


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= 65_535


def _lies(value: Any, least: float, most: float) -> bool:
    return type(value) in (int, float) and least <= value <= most


def _no_rating(event: EventDraft, *names: str) -> bool:
    return event.rating is None and event.data.keys() == set(names)


def _answer(event: EventDraft) -> bool:
    rated = type(event.rating) is int and AGAIN <= event.rating <= EASY
    return rated and (not event.data or event.data == {"mode": "cram"})


def _seed(event: EventDraft) -> bool:
    names = ("phase", "stability", "difficulty", "due_day", "last_day", "reps", "lapses")
    if not _no_rating(event, *names):
        return False
    data = event.data
    return (
        data["phase"] in (1, 2, 3)
        and _lies(data["stability"], 0.0001, 1_000_000)
        and _lies(data["difficulty"], 1, 10)
        and _is_day(data["due_day"])
        and (data["last_day"] is None or _is_day(data["last_day"]))
        and _is_count(data["reps"])
        and _is_count(data["lapses"])
    )


_DATA: Final[Mapping[str, Callable[[EventDraft], bool]]] = {
    "answer": _answer,
    "suspend": _no_rating,
    "unsuspend": _no_rating,
    "reset": _no_rating,
    "bury": lambda event: _no_rating(event, "until") and _is_day(event.data["until"]),
    "flag": lambda event: _no_rating(event, "flag") and event.data["flag"] in range(8),
    "due": lambda event: _no_rating(event, "day") and _is_day(event.data["day"]),
    "seed": _seed,
}
