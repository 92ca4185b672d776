"""The new notes of an import, written in many short transactions where nobody sees them, then shown at once.

One transaction for all of it would keep everybody else from writing for as long as it takes. So the rows
come with a `deleted_at` beyond all times and a `seq` below zero, by which they are found again: to be shown,
or to be removed where the import fails. Each attempt has a `deleted_at` of its own: what a worker that lost
its job still writes is never shown.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, Table, delete, func, literal, select, update

from app.core.digest import EMPTY, Digest, add, card_digest
from app.core.events import Event
from app.core.ids import card_id_of, new_ids
from app.core.parameters import Parameters, newest
from app.core.schedule import CardState, replay, walk
from app.core.stats import DayCounts, counts_of
from app.db.bulk import insert_many
from app.db.engine import writing
from app.db.models import cards, decks, events, note_media, notes
from app.db.rows import columns_of, event_row
from app.services.content import CARDS_A_NOTE, content_hash, search_text
from app.services.day_counts import CountsByDeck, add_counts
from app.services.events_in import last_order_of
from app.services.import_files import StagedCard, StagedEvent, StagedNote
from app.services.import_plan import event_id, media_of
from app.services.ledger import Ledger

ROWS_AT_ONCE: Final = 4_000
_FAR: Final = 2**40
_TABLES: Final = (decks, notes, cards, events, note_media)


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
    _ids: Iterator[UUID] = field(init=False)
    _rows: dict[str, list[dict[str, Any]]] = field(init=False)

    def __post_init__(self) -> None:
        self._ids = new_ids(self.now, self.random)
        self._rows = {table.name: [] for table in _TABLES}

    def add_deck(self, row: dict[str, Any]) -> UUID:
        """A new deck, from its columns but for ids and counts."""
        deck_id = next(self._ids)
        hidden = {
            "learner_id": self.learner_id,
            "id": deck_id,
            "seq": self._next_seq(),
            "deleted_at": self.marker,
        }
        self._rows["deck"].append({**row, **hidden})
        return deck_id

    def add(self, note: StagedNote, number: int) -> None:
        """A new note, the `number`th of the file, with its cards and their history."""
        note_id, deck_id = next(self._ids), self.deck_of(note.deck)
        position = self.first_position + self.positions[number]
        self._rows["note"].append(
            {
                "learner_id": self.learner_id,
                "id": note_id,
                "deck_id": deck_id,
                "kind": note.kind,
                "fields": note.fields,
                "format": note.format,
                "tags": note.tags,
                "guid": note.guid,
                "content_hash": content_hash(note.kind, note.fields, note.tags, None),
                "source": None,
                "position": position,
                "search_text": search_text(note.fields, note.tags, note.format),
                "version": 1,
                "stamps": {},
                "seq": self._next_seq(),
                "deleted_at": self.marker,
                "note_type_id": self.type_ids[note.note_type] if note.note_type else None,
                "import_id": self.import_id,
            }
        )
        for card in note.cards:
            self._add_card(note_id, card)
        if note.format == "html":
            self._rows["note_media"] += [
                {"learner_id": self.learner_id, "note_id": note_id, "name": name, "hash": digest}
                for name, digest in media_of(note.fields, self.media).items()
            ]
        if sum(map(len, self._rows.values())) >= ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what was collected, in one short transaction."""
        if any(self._rows.values()):
            with writing(self.engine) as session:
                for table in _TABLES:
                    insert_many(session, table, self._rows[table.name])
            self._rows = {table.name: [] for table in _TABLES}

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

    def _add_card(self, note_id: UUID, card: StagedCard) -> None:
        card_id, deck_id = card_id_of(note_id, card.ordinal), self.deck_of(card.deck)
        log = events_of_card(card_id, card.events, self.import_id, self.now)
        state, last_order = CardState(), b""
        if log:
            state, counts = learnt(card_id, log, self.versions)
            last_order = last_order_of(log) or b""
            self.counts.add_all(deck_id, counts)
            self._rows["event"] += [event_row(self.learner_id, event) for event in log]
        self.digest = add(self.digest, card_digest(card_id, state))
        self._rows["card"].append(
            {
                "learner_id": self.learner_id,
                "id": card_id,
                "note_id": note_id,
                "deck_id": deck_id,
                "ordinal": card.ordinal,
                "position": self.places.of(card.place) * CARDS_A_NOTE + min(card.ordinal, CARDS_A_NOTE - 1),
                **columns_of(state),
                "parameters_version": newest(self.versions).version,
                "last_order": last_order,
                "seq": self._next_seq(),
                "deleted_at": self.marker,
            }
        )


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
    made = {
        event_id(card_id, event): Event(
            id=event_id(card_id, event),
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
        for number, event in enumerate(staged, 1)
    }
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
