"""The new notes of an import, written in many short transactions where nobody sees them, then shown at once.

One transaction for all of it would keep everybody else from writing for as long as it takes. So the rows
come with a `deleted_at` beyond all times and a `seq` below zero, by which they are found again: to be shown,
or to be removed where the import fails. Each attempt has a `deleted_at` of its own: what a worker that lost
its job still writes is never shown.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, Table, delete, func, literal, select, update

from app.core.digest import EMPTY, Digest, add, digest_of, state_bytes
from app.core.events import Event
from app.core.ids import card_id_as_bytes, new_ids_as_bytes
from app.core.parameters import Parameters, newest
from app.core.schedule import CardState, replay, walk
from app.core.stats import DayCounts, counts_of
from app.db.bulk import Row, insert_rows, stored_id, stored_json
from app.db.engine import writing
from app.db.models import cards, decks, events, note_media, notes
from app.db.rows import STATE_FIELDS
from app.services.content import CARDS_A_NOTE, content_hash, search_text
from app.services.day_counts import CountsByDeck, add_counts
from app.services.events_in import last_order_of
from app.services.import_files import StagedCard, StagedEvent, StagedNote
from app.services.import_names import event_id, media_of
from app.services.ledger import Ledger

ROWS_AT_ONCE: Final = 4_000
_FAR: Final = 2**40
_DECK: Final = (
    "learner_id", "id", "name", "slug", "origin", "origin_version", "options", "position", "version",
    "stamps", "seq", "deleted_at",
)  # fmt: skip
_NOTE: Final = (
    "learner_id", "id", "deck_id", "kind", "fields", "format", "tags", "guid", "content_hash", "source",
    "position", "search_text", "version", "stamps", "seq", "deleted_at", "note_type_id", "import_id",
)  # fmt: skip
_CARD: Final = (
    "learner_id", "id", "note_id", "deck_id", "ordinal", "position", *STATE_FIELDS, "parameters_version",
    "last_order", "seq", "deleted_at",
)  # fmt: skip
_EVENT: Final = (
    "learner_id", "id", "card_id", "kind", "rating", "at", "clock_offset_ms", "day", "duration_ms",
    "device_id", "device_seq", "received_at", "effective_at", "data",
)  # fmt: skip
_MEDIA: Final = ("learner_id", "note_id", "name", "hash")
_TABLES: Final[Sequence[tuple[Table, tuple[str, ...]]]] = (
    (decks, _DECK), (notes, _NOTE), (cards, _CARD), (events, _EVENT), (note_media, _MEDIA),
)  # fmt: skip
_NEVER_SEEN: Final = CardState()
_state_values: Final[Callable[[CardState], tuple[Any, ...]]] = attrgetter(*STATE_FIELDS)


@dataclass(slots=True)
class Places:
    """Turns the file's places among the new cards into positions after all that the learner has."""

    first: int
    sorted_places: Sequence[int]

    def of(self, place: int) -> int:
        return self.first + bisect_left(self.sorted_places, place)


@dataclass(slots=True)
class HiddenNotes:
    """Collects rows and writes them when there are enough. `reveal` is the end of it."""

    engine: Engine
    learner_id: UUID
    import_id: UUID
    now: int
    random: Callable[[int], bytes]
    versions: Sequence[Parameters]
    deck_of: Callable[[str], UUID]  # by key; makes the deck where there is none
    type_ids: Mapping[str, UUID]
    media: Mapping[str, str]
    first_position: int
    positions: Sequence[int]  # rank of each note among the new cards
    places: Places
    marker: int  # `deleted_at` of this attempt
    seq: int = 0
    digest: Digest = EMPTY
    counts: CountsByDeck = field(default_factory=CountsByDeck)
    _ids: Iterator[bytes] = field(init=False)
    _rows: dict[str, list[Row]] = field(init=False)
    _id: Callable[[bytes], Any] = field(init=False)
    _json: Callable[[Any], Any] = field(init=False)
    _known: dict[str, Any] = field(default_factory=dict)  # ids of decks by key, as the driver takes them
    _nothing: Any = field(init=False)
    _version: int = field(init=False)

    def __post_init__(self) -> None:
        self._ids = new_ids_as_bytes(self.now, self.random)
        self._rows = {table.name: [] for table, _ in _TABLES}
        dialect = self.engine.dialect.name
        self._id, self._json = stored_id(dialect), stored_json(dialect)
        self._nothing = self._json({})
        self._version = newest(self.versions).version

    def add_deck(self, row: Mapping[str, Any]) -> UUID:
        """A new deck, from its columns but for ids and counts."""
        raw_id = next(self._ids)
        own = {name: self._json(value) if isinstance(value, dict) else value for name, value in row.items()}
        hidden = {
            "learner_id": self._id(self.learner_id.bytes),
            "id": self._id(raw_id),
            "seq": self._next_seq(),
            "deleted_at": self.marker,
        }
        whole = {**own, **hidden}
        self._rows["deck"].append(tuple(whole[name] for name in _DECK))
        return UUID(bytes=raw_id)

    def add(self, note: StagedNote, number: int) -> None:
        """A new note, the `number`th of the file, with its cards and their history."""
        raw_id = next(self._ids)
        learner_id, note_id, deck_id = (
            self._id(self.learner_id.bytes),
            self._id(raw_id),
            self._deck(note.deck),
        )
        self._rows["note"].append(
            (
                learner_id,
                note_id,
                deck_id,
                note.kind,
                self._json(note.fields),
                note.format,
                self._json(note.tags),
                note.guid,
                content_hash(note.kind, note.fields, note.tags, None),
                None,
                self.first_position + self.positions[number],
                search_text(note.fields, note.tags, note.format),
                1,
                self._nothing,
                self._next_seq(),
                self.marker,
                self._id(self.type_ids[note.note_type].bytes) if note.note_type else None,
                self._id(self.import_id.bytes),
            )
        )
        for card in note.cards:
            self._add_card(raw_id, card)
        if note.format == "html" and self.media:
            self._rows["note_media"] += [
                (learner_id, note_id, name, digest)
                for name, digest in media_of(note.fields, self.media).items()
            ]
        if sum(map(len, self._rows.values())) >= ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what was collected, in one short transaction."""
        if any(self._rows.values()):
            with writing(self.engine) as session:
                for table, names in _TABLES:
                    insert_rows(session, table, names, self._rows[table.name])
            for rows in self._rows.values():
                rows.clear()

    def reveal(self, ledger: Ledger) -> None:
        """Show all that was written: from now on it is the learner's."""
        base = ledger.skip(self.seq)
        for table in (decks, notes, cards):
            ledger.session.execute(
                update(table)
                .where(_hidden(table, self.learner_id, self.marker))
                .values(deleted_at=None, seq=table.c.seq + literal(base + _FAR))
            )
        ledger.digest = add(ledger.digest, self.digest)
        add_counts(ledger.connection, self.learner_id, self.counts)

    def _next_seq(self) -> int:
        self.seq += 1
        return self.seq - _FAR

    def _deck(self, key: str) -> Any:
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._id(self.deck_of(key).bytes)
        return known

    def _add_card(self, note_id: bytes, card: StagedCard) -> None:
        raw_id = card_id_as_bytes(note_id, card.ordinal)
        state, last_order = _NEVER_SEEN, b""
        if card.events:
            state, last_order = self._add_history(UUID(bytes=raw_id), card)
        self.digest = add(self.digest, digest_of(raw_id, state_bytes(state)))
        self._rows["card"].append(
            (
                self._id(self.learner_id.bytes),
                self._id(raw_id),
                self._id(note_id),
                self._deck(card.deck),
                card.ordinal,
                self.places.of(card.place) * CARDS_A_NOTE + min(card.ordinal, CARDS_A_NOTE - 1),
                *_state_values(state),
                self._version,
                last_order,
                self._next_seq(),
                self.marker,
            )
        )

    def _add_history(self, card_id: UUID, card: StagedCard) -> tuple[CardState, bytes]:
        """The card's log; the schedule that comes of it, and the last event's order."""
        log = events_of_card(card_id, card.events, self.import_id, self.now)
        state, counts = learnt(card_id, log, self.versions)
        self.counts.add_all(self.deck_of(card.deck), counts)
        learner_id, its_id, device_id = map(
            self._id, (self.learner_id.bytes, card_id.bytes, self.import_id.bytes)
        )
        self._rows["event"] += [
            (
                learner_id,
                self._id(event.id.bytes),
                its_id,
                event.kind,
                event.rating,
                event.at,
                0,
                event.day,
                event.duration_ms,
                device_id,
                event.device_seq,
                event.received_at,
                event.effective_at,
                self._json(event.data) if event.data else None,
            )
            for event in log
        ]
        return state, last_order_of(log) or b""


def learnt(
    card_id: UUID, log: Sequence[Event], versions: Sequence[Parameters]
) -> tuple[CardState, dict[int, DayCounts]]:
    """The schedule after the events, and what each day counts, in one walk where that is enough."""
    state = CardState()
    days: dict[int, DayCounts] = {}
    for event, before, after in walk(card_id, log, versions):
        state = after
        if event.kind == "answer":
            days[event.day] = days.get(event.day, DayCounts()) + counts_of(before, event)
    if len({version.weights for version in versions}) > 1:
        state = replay(card_id, log, versions)
    return state, days


def events_of_card(card_id: UUID, staged: Sequence[StagedEvent], import_id: UUID, now: int) -> list[Event]:
    """The events as they are logged: their device is the import."""
    made: dict[UUID, Event] = {}
    for number, event in enumerate(staged, 1):
        own_id = event_id(card_id, event)
        made[own_id] = Event(
            id=own_id,
            card_id=card_id,
            kind=event.kind,
            rating=event.rating,
            at=event.at,
            clock_offset_ms=0,
            day=event.day,
            duration_ms=event.duration_ms,
            device_id=import_id,
            device_seq=number,
            received_at=now,
            effective_at=event.at,
            data=event.data,
        )
    return list(made.values())


def discard_hidden(engine: Engine, learner_id: UUID, marker: int | None = None) -> None:
    """Remove what an import (or one attempt) wrote that did not come to its end, in short transactions."""
    for table in (cards, notes, decks):
        where = _hidden(table, learner_id, marker)
        while True:
            with writing(engine) as session:
                ids = list(session.execute(select(table.c.id).where(where).limit(1_000)).scalars())
                if not ids:
                    break
                for other, column in _HANGING_ON[table.name]:
                    session.execute(delete(other).where(other.c.learner_id == learner_id, column.in_(ids)))
                session.execute(delete(table).where(table.c.learner_id == learner_id, table.c.id.in_(ids)))


_HANGING_ON: Final[Mapping[str, Sequence[tuple[Table, ColumnElement[Any]]]]] = {
    "card": ((events, events.c.card_id),),
    "note": ((note_media, note_media.c.note_id),),
    "deck": (),
}


def _hidden(table: Table, learner_id: UUID, marker: int | None) -> ColumnElement[bool]:
    hidden = (table.c.learner_id == learner_id) & (table.c.seq < 0)
    return hidden if marker is None else hidden & (table.c.deleted_at == marker)


def highest_position(session: Any, learner_id: UUID) -> int:
    """The highest position of the learner's notes, -1 where there are none."""
    found = session.execute(select(func.max(notes.c.position)).where(notes.c.learner_id == learner_id))
    highest = found.scalar_one()
    return -1 if highest is None else int(highest)
