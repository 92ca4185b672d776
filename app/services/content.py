"""Notes and the cards that follow from them, written many at a time."""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, TypeVar, cast
from uuid import UUID

import orjson
from sqlalchemy import bindparam, delete, insert, select, update

from app.core.errors import Refused
from app.core.ids import card_id_of
from app.core.notes import CardFace, InvalidNote, NoteKind, Source, faces
from app.core.schedule import CardState
from app.core.search import folded
from app.core.stats import tally
from app.db.models import cards, notes, tombstones
from app.db.rows import STATE_FIELDS, Fetched, columns_of
from app.services.day_counts import CountsByDeck, add_counts
from app.services.events_in import read_logs
from app.services.ledger import Ledger

CARDS_A_NOTE: Final = 128  # room between the positions of two notes
IDS_A_STATEMENT: Final = 5_000
TAG_MARK: Final = "\x1f"
_TAGS: Final = re.compile(r"<[^<>]{0,2000}>")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NewNote:
    """A checked note that is to be written."""

    id: UUID
    kind: str
    fields: Mapping[str, str]
    tags: Sequence[str]
    guid: str
    source: Mapping[str, Any] | None
    position: int


@dataclass(frozen=True, slots=True)
class Shape:
    """Which cards a note should have, and where; none when the note is gone.

    Cards that it has stay where they are unless it `moves`: those of an imported note can be in many decks.
    """

    note_id: UUID
    deck_id: UUID
    position: int
    ordinals: tuple[int, ...]
    moves: bool = False


def check_note(kind: str, fields: Mapping[str, str]) -> list[CardFace]:
    """The faces of the note. Raises Refused("note-invalid", field=, reason=) with a pointer to the field."""
    try:
        return faces(cast(NoteKind, kind), fields)
    except InvalidNote as error:
        place = "/kind" if error.field == "kind" else f"/fields/{error.field}"
        raise Refused("note-invalid", pointer=place, field=error.field, reason=error.reason) from error


def shape_of(note_id: UUID, deck_id: UUID, position: int, kind: str, fields: Mapping[str, str]) -> Shape:
    """Raises Refused("note-invalid")."""
    return Shape(note_id, deck_id, position, tuple(face.ordinal for face in check_note(kind, fields)))


def content_hash(
    kind: str, fields: Mapping[str, str], tags: Iterable[str], source: Mapping[str, Any] | None
) -> str:
    """SHA-256 of what a note says; equal content has equal hashes whatever the order of its fields."""
    said = [kind, dict(fields), list(tags), source]
    try:
        text = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # half a surrogate pair, as old rows may hold: the same bytes, only slower
        plain = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        text = plain.encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()


def search_text(fields: Mapping[str, str], tags: Iterable[str], form: str = "text") -> str:
    """What a search looks through: all fields without their markup, then each tag on a line of its own behind
    a mark, folded."""
    said = "\n".join(fields.values()).replace(TAG_MARK, " ")
    marked = "".join(f"\n{TAG_MARK}{tag}" for tag in tags)
    return folded((_TAGS.sub(" ", said) if form == "html" else said) + marked + "\n")


def source_json(source: Source | None) -> dict[str, Any] | None:
    """Where a note comes from, as plain JSON."""
    return None if source is None else {**asdict(source), "section": list(source.section)}


def add_notes(ledger: Ledger, deck_id: UUID, new: Sequence[NewNote]) -> int:
    """Write new notes with their cards; the number of cards. Raises Refused("note-invalid")."""
    shapes = [shape_of(note.id, deck_id, note.position, note.kind, note.fields) for note in new]
    rows = [
        {
            "learner_id": ledger.learner_id,
            "id": note.id,
            "deck_id": deck_id,
            "kind": note.kind,
            "fields": dict(note.fields),
            "format": "text",
            "tags": list(note.tags),
            "guid": note.guid,
            "content_hash": content_hash(note.kind, note.fields, note.tags, note.source),
            "source": note.source,
            "position": note.position,
            "search_text": search_text(note.fields, note.tags),
            "version": 1,
            "stamps": {},
            "seq": ledger.next_seq(),
            "deleted_at": None,
        }
        for note in new
    ]
    if rows:
        ledger.session.execute(insert(notes), rows)
    fresh = [_new_card(ledger, shape, ordinal) for shape in shapes for ordinal in shape.ordinals]
    if fresh:
        ledger.session.execute(insert(cards), fresh)
    return len(fresh)


def reshape(ledger: Ledger, shapes: Sequence[Shape]) -> None:
    """Give each note the cards that its shape asks for.

    Cards that are no longer asked for go, with their history kept; cards that had gone come back with it.
    Cards that move to another deck take their daily counts along.
    """
    for part in chunks(shapes, IDS_A_STATEMENT):
        _reshape(ledger, part)


def chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items in runs of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _reshape(ledger: Ledger, shapes: Sequence[Shape]) -> None:
    had = _cards_of(ledger, [shape.note_id for shape in shapes])
    added: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    removed: list[Fetched] = []
    revived: list[Fetched] = []
    moved: list[tuple[Fetched, UUID]] = []
    for shape in shapes:
        its_cards = {card.ordinal: card for card in had[shape.note_id]}
        added += [_new_card(ledger, shape, n) for n in shape.ordinals if n not in its_cards]
        for ordinal, card in its_cards.items():
            wanted, alive = ordinal in shape.ordinals, card.deleted_at is None
            place = (card.deck_id, card.position)
            if shape.moves:
                place = (shape.deck_id, _position(shape, ordinal))
            if (wanted, *place) == (alive, card.deck_id, card.position):
                continue
            if alive and not wanted:
                removed.append(card)
            elif wanted and not alive:
                revived.append(card)
            if card.deck_id != place[0]:
                moved.append((card, place[0]))
            changed.append(
                {
                    "b_id": card.id,
                    "deck_id": place[0],
                    "position": place[1],
                    "deleted_at": None if wanted else (card.deleted_at or ledger.now),
                    "seq": ledger.next_seq(),
                }
            )
    if added:
        ledger.session.execute(insert(cards), added)
    if changed:
        mine = (cards.c.learner_id == ledger.learner_id) & (cards.c.id == bindparam("b_id"))
        ledger.session.execute(update(cards).where(mine), changed)
    for card in removed:
        ledger.count_out(card.id, card)
    for card in revived:
        ledger.count_in(card.id, card)
    bury(ledger, "card", [card.id for card in removed])
    unbury(ledger, [card.id for card in revived])
    _carry_counts(ledger, moved)


def bury(ledger: Ledger, entity: str, ids: Iterable[UUID]) -> None:
    """Note down what is gone, for phones that still hold it."""
    rows = [
        {"learner_id": ledger.learner_id, "id": gone, "entity": entity, "seq": ledger.next_seq()}
        for gone in ids
    ]
    if rows:
        ledger.session.execute(insert(tombstones), rows)


def unbury(ledger: Ledger, ids: Sequence[UUID]) -> None:
    """What came back is gone no more."""
    for part in chunks(ids, IDS_A_STATEMENT):
        ledger.session.execute(
            delete(tombstones).where(
                tombstones.c.learner_id == ledger.learner_id, tombstones.c.id.in_(list(part))
            )
        )


def _position(shape: Shape, ordinal: int) -> int:
    return shape.position * CARDS_A_NOTE + ordinal


def _new_card(ledger: Ledger, shape: Shape, ordinal: int) -> dict[str, Any]:
    card_id, state = card_id_of(shape.note_id, ordinal), CardState()
    ledger.count_in(card_id, state)
    return {
        "learner_id": ledger.learner_id,
        "id": card_id,
        "note_id": shape.note_id,
        "deck_id": shape.deck_id,
        "ordinal": ordinal,
        "position": _position(shape, ordinal),
        **columns_of(state),
        "parameters_version": ledger.learner.parameters_version,
        "last_order": b"",
        "seq": ledger.next_seq(),
        "deleted_at": None,
    }


def _cards_of(ledger: Ledger, note_ids: Sequence[UUID]) -> dict[UUID, list[Fetched]]:
    names = ("id", "note_id", "deck_id", "ordinal", "position", "deleted_at", "last_order", *STATE_FIELDS)
    rows = ledger.session.execute(
        select(*(cards.c[name] for name in names)).where(
            cards.c.learner_id == ledger.learner_id, cards.c.note_id.in_(list(note_ids))
        )
    )
    by_note: dict[UUID, list[Fetched]] = defaultdict(list)
    for row in rows:
        by_note[row.note_id].append(row)
    return by_note


def _carry_counts(ledger: Ledger, moved: Sequence[tuple[Fetched, UUID]]) -> None:
    """Answers count for the deck in which their card is now."""
    seen = [(card, deck_id) for card, deck_id in moved if card.last_order != b""]
    if not seen:
        return
    logs, versions, gained = (
        read_logs(ledger, [card.id for card, _ in seen]),
        ledger.parameter_versions(),
        CountsByDeck(),
    )
    for card, deck_id in seen:
        counts = tally(card.id, logs[card.id], versions)
        gained.take_all(card.deck_id, counts)
        gained.add_all(deck_id, counts)
    add_counts(ledger.connection, ledger.learner_id, gained)
