"""Notes with their cards and their whole history, on their way from an anonymous learner into an account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Table, bindparam, insert, select, update

from app.core.ids import card_id_of, derived_id
from app.core.schedule import CardState
from app.db.models import cards, events, note_media, note_versions, notes
from app.db.queries import dialect_of, insert_ignoring
from app.db.rows import EVENT_COLUMNS, columns_of, event_of
from app.services.content import Shape, content_hash, reshape, search_text, shape_of, unbury
from app.services.events_in import log_events
from app.services.ledger import Ledger
from app.services.showing import ANKI

_Row = dict[str, Any]


class Places(Protocol):
    """Where things of the anonymous learner are in the account."""

    def of(self, thing: UUID) -> UUID: ...
    def note_down(self, thing: UUID, place: UUID) -> None: ...


@dataclass(slots=True)
class _Part:
    """Some notes: `new` have no counterpart, `met` are (the anonymous learner's, the account's)."""

    ledger: Ledger
    source: UUID
    places: Places
    types: Mapping[UUID, UUID]
    new: list[_Row] = field(default_factory=list)
    met: list[tuple[_Row, _Row]] = field(default_factory=list)


def unite_notes(
    ledger: Ledger, source: UUID, note_ids: Sequence[UUID], places: Places, types: Mapping[UUID, UUID]
) -> None:
    """Bring these notes of the source, their cards and their events into the account."""
    part = _Part(ledger, source, places, types)
    _meet(part, _of(part, notes, notes.c.id, note_ids, source))
    _write_new(part)
    _reconcile(part)
    its_cards = _of(part, cards, cards.c.note_id, note_ids, source)
    answered = _log(part, its_cards)
    _revive(part, its_cards, answered)
    _bring_rest(part, note_ids)


def _of(part: _Part, table: Table, column: Any, wanted: Sequence[Any], owner: UUID) -> list[_Row]:
    if not wanted:
        return []
    found = part.ledger.session.execute(
        select(table).where(table.c.learner_id == owner, column.in_(list(wanted)))
    )
    return [dict(row) for row in found.mappings()]


def _meet(part: _Part, theirs: Sequence[_Row]) -> None:
    """Find each note's counterpart: the note of its id, or the one of its guid in the deck that both have."""
    owner, of = part.ledger.learner_id, part.places.of
    by_id = {row["id"]: row for row in _of(part, notes, notes.c.id, [row["id"] for row in theirs], owner)}
    guids = [row["guid"] for row in theirs if row["id"] not in by_id]
    by_guid = {(row["deck_id"], row["guid"]): row for row in _of(part, notes, notes.c.guid, guids, owner)}
    for row in theirs:
        mine = by_id.get(row["id"]) or by_guid.get((of(row["deck_id"]), row["guid"]))
        if mine is None:
            part.new.append(row)
        else:
            part.met.append((row, mine))
            part.places.note_down(row["id"], mine["id"])


def _write_new(part: _Part) -> None:
    """As they are; what an import wrote belongs to the import of another learner no more."""
    ledger = part.ledger
    rows = [
        {
            **row,
            "learner_id": ledger.learner_id,
            "deck_id": part.places.of(row["deck_id"]),
            "note_type_id": part.types.get(row["note_type_id"], row["note_type_id"]),
            "import_id": None,
            "seq": ledger.next_seq(),
        }
        for row in part.new
    ]
    if rows:
        ledger.session.execute(insert(notes), rows)


# --- what the notes say -------------------------------------------------------------------------------------


def _reconcile(part: _Part) -> None:
    """An edit of a note that the account left as it was wins; of two, the account's; both are kept."""
    taken, past, shapes = [], [], []
    for theirs, mine in part.met:
        if _hash(theirs) == _hash(mine) or not _edited(theirs):
            continue
        wins = not _edited(mine) and theirs["kind"] == mine["kind"] and mine["deleted_at"] is None
        past.append(_version(part, mine if wins else theirs, mine["id"], lost=not wins))
        if not wins:
            continue
        taken.append(_content(part.ledger, theirs, mine))
        if mine["kind"] != ANKI:
            shapes.append(
                shape_of(mine["id"], mine["deck_id"], mine["position"], mine["kind"], theirs["fields"])
            )
    if taken:
        part.ledger.session.execute(_one_note(part.ledger), taken)
    if past:
        part.ledger.session.execute(insert_ignoring(_dialect(part), note_versions), past)
    reshape(part.ledger, shapes)


def _content(ledger: Ledger, theirs: _Row, mine: _Row) -> _Row:
    return {
        "b_id": mine["id"],
        "fields": theirs["fields"],
        "tags": theirs["tags"],
        "search_text": search_text(theirs["fields"], theirs["tags"], theirs["format"]),
        "version": mine["version"] + 1,
        "seq": ledger.next_seq(),
    }


def _version(part: _Part, row: _Row, note_id: UUID, *, lost: bool) -> _Row:
    """What a note says, for the history of the account's note; the same again is the same row."""
    made_at = int.from_bytes(row["id"].bytes[:6])
    return {
        "learner_id": part.ledger.learner_id,
        "id": derived_id(made_at, b"united", part.source.bytes, row["id"].bytes, _hash(row).encode()),
        "note_id": note_id,
        "version": row["version"],
        "lost": lost,
        "content": {"fields": row["fields"], "tags": row["tags"], "deck_id": str(row["deck_id"])},
        "at": part.ledger.now,
    }


def _hash(row: _Row) -> str:
    return content_hash(row["kind"], row["fields"], row["tags"], row["source"])


def _edited(row: _Row) -> bool:
    """Whether the note says something else than its origin did."""
    return _hash(row) != str(row["content_hash"])


# --- cards and their history --------------------------------------------------------------------------------


def _log(part: _Part, theirs: Sequence[_Row]) -> set[UUID]:
    """Cards as they were made, then all their events on top; the notes of the account that have any."""
    of = part.places.of
    note_of: dict[UUID, UUID] = {}
    for row in theirs:
        note_id = of(row["note_id"])
        note_of[row["id"]] = note_id
        part.places.note_down(row["id"], card_id_of(note_id, row["ordinal"]))
    _add_cards(part, theirs)
    found = part.ledger.session.execute(
        select(*EVENT_COLUMNS).where(
            events.c.learner_id == part.source, events.c.card_id.in_([row["id"] for row in theirs])
        )
    ).all()
    told = [event_of(tuple(row)) for row in found]
    log_events(part.ledger, [replace(event, card_id=of(event.card_id)) for event in told])
    return {note_of[event.card_id] for event in told}


def _add_cards(part: _Part, theirs: Sequence[_Row]) -> None:
    """A card that the account's note has not (any more) keeps its history as one that is gone."""
    ledger, of = part.ledger, part.places.of
    wanted = {of(row["id"]): row for row in theirs}
    had = {row["id"] for row in _of(part, cards, cards.c.id, list(wanted), ledger.learner_id)}
    fresh_notes = {row["id"] for row in part.new}
    rows = []
    for card_id, row in wanted.items():
        if card_id in had:
            continue
        gone = row["deleted_at"] if row["note_id"] in fresh_notes else (row["deleted_at"] or ledger.now)
        if gone is None:
            ledger.count_in(card_id, CardState())
        rows.append(
            {
                "learner_id": ledger.learner_id,
                "id": card_id,
                "note_id": of(row["note_id"]),
                "deck_id": of(row["deck_id"]),
                "ordinal": row["ordinal"],
                "position": row["position"],
                **columns_of(CardState()),
                "parameters_version": ledger.learner.parameters_version,
                "last_order": b"",
                "seq": ledger.next_seq(),
                "deleted_at": gone,
            }
        )
    if rows:
        ledger.session.execute(insert(cards), rows)


def _revive(part: _Part, theirs: Sequence[_Row], answered: set[UUID]) -> None:
    """A note that the account deleted comes back when it was studied here: work wins over a deletion."""
    back = [
        (row, mine)
        for row, mine in part.met
        if mine["deleted_at"] is not None and row["deleted_at"] is None and mine["id"] in answered
    ]
    if not back:
        return
    ledger = part.ledger
    rows = [
        {"b_id": mine["id"], "deleted_at": None, "version": mine["version"] + 1, "seq": ledger.next_seq()}
        for _, mine in back
    ]
    ledger.session.execute(_one_note(ledger), rows)
    unbury(ledger, [mine["id"] for _, mine in back])
    alive: dict[UUID, list[int]] = {}
    for card in theirs:
        if card["deleted_at"] is None:
            alive.setdefault(card["note_id"], []).append(card["ordinal"])
    reshape(
        ledger,
        [
            Shape(mine["id"], mine["deck_id"], mine["position"], tuple(sorted(alive.get(row["id"], ()))))
            for row, mine in back
        ],
    )


def _bring_rest(part: _Part, note_ids: Sequence[UUID]) -> None:
    """What the notes said before, and which files they show."""
    for table in (note_versions, note_media):
        rows = [
            {**row, "learner_id": part.ledger.learner_id, "note_id": part.places.of(row["note_id"])}
            for row in _of(part, table, table.c.note_id, note_ids, part.source)
        ]
        if rows:
            part.ledger.session.execute(insert_ignoring(_dialect(part), table), rows)


def _dialect(part: _Part) -> str:
    return dialect_of(part.ledger.session)


def _one_note(ledger: Ledger) -> Any:
    return update(notes).where(notes.c.learner_id == ledger.learner_id, notes.c.id == bindparam("b_id"))
