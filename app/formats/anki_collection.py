"""An Anki collection, schema 11 (everything in JSON columns) or 15 to 18 (tables of protobuf), as records."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from app.formats.anki_kinds import KindMap, kind_of, note_of
from app.formats.anki_schedule import Calendar, CardRow, Review, events_of, position_of, state_of
from app.formats.anki_tables import Described, describe
from app.formats.anki_values import guid_of, json_of, tags_of, whole, words
from app.formats.drafts import CardDraft, Header, ImportedNote, NoteTypeDraft, Record, Skipped
from app.formats.limits import Limits
from app.formats.markup import MarkupTooLarge, check_markup
from app.formats.refusals import FileRefused
from app.formats.sqlite_file import Reader, open_database

_CARDS: Final = "id nid did ord type queue due ivl factor reps lapses odue odid flags data"
_REVLOG: Final = "id cid ease ivl lastIvl factor time type"
NEEDED: Final[Mapping[str, frozenset[str]]] = {
    "col": frozenset({"crt", "mod", "ver", "conf", "models", "decks", "dconf"}),
    "notes": frozenset({"id", "guid", "mid", "tags", "flds"}),
    "cards": frozenset(_CARDS.split()),
    "revlog": frozenset(_REVLOG.split()),
}
MODERN: Final[Mapping[str, frozenset[str]]] = {
    "notetypes": frozenset({"id", "name", "config"}),
    "templates": frozenset({"ntid", "ord", "name", "config"}),
    "fields": frozenset({"ntid", "ord", "name", "config"}),
    "decks": frozenset({"id", "name", "common", "kind"}),
    "deck_config": frozenset({"id", "config"}),
    "config": frozenset({"KEY", "val"}),
}
LEGACY_SCHEMA: Final = 11
MODERN_SCHEMAS: Final = range(15, 19)
STUB: Final = "Please update to the latest Anki version"
_MOST_FLDS: Final = 16  # times the cap of a field: beyond it a note is not even read
_MOST_CARDS_OF_A_NOTE: Final = 500


@dataclass(frozen=True, slots=True)
class Reading:
    """How a learner wants a collection read, and whose days its reviews fall on."""

    zone: str
    rollover_hour: int
    now: int  # ms UTC
    scheduling: bool = True  # False: every card comes as new


def read_collection(
    path: Path, generation: Any, reading: Reading, limits: Limits, *, media: int = 0
) -> Iterator[Record]:
    """Header, note types, decks, then notes in the order of their making. Raises FileRefused."""
    schema = _schema(path, limits)
    needed = NEEDED if schema == LEGACY_SCHEMA else {**NEEDED, **MODERN}
    with open_database(path, needed, limits) as reader:
        counts = _counts(reader, limits)
        if generation == "anki-legacy1" and counts["notes"] == 1 and _is_stub(reader):
            raise FileRefused("package-stub")
        if not counts["notes"]:
            raise FileRefused("file-nothing-inside")
        yield Header(generation, counts["notes"], counts["cards"], counts["revlog"], media)
        described = describe(reader, legacy=schema == LEGACY_SCHEMA, limits=limits)
        yield from described.note_types.values()
        yield from described.decks.values()
        yield from _Notes(reader, described, reading, limits).records()


def _schema(path: Path, limits: Limits) -> int:
    with open_database(path, {"col": frozenset({"ver"})}, limits) as reader:
        version = whole(reader.first("select ver from col limit 1")[0])
    if version > MODERN_SCHEMAS[-1]:
        raise FileRefused("collection-too-new")
    if version != LEGACY_SCHEMA and version not in MODERN_SCHEMAS:
        raise FileRefused("collection-too-old")
    return version


def _counts(reader: Reader, limits: Limits) -> dict[str, int]:
    counts = {}
    for table, most in (("notes", limits.notes), ("cards", limits.cards), ("revlog", limits.reviews)):
        counts[table] = int(reader.first(f"select count(*) from {table}")[0])  # noqa: S608
        if counts[table] > most:
            raise FileRefused("too-many-rows", what=table, limit=most)
    return counts


def _is_stub(reader: Reader) -> bool:
    """Newer Anki writes one note into a collection for older ones, which asks them to update."""
    return words(reader.first("select substr(flds, 1, 200) from notes limit 1")[0]).startswith(STUB)


class _Notes:
    """Walks notes, cards and reviews side by side, each sorted by note, so that memory stays flat."""

    def __init__(self, reader: Reader, described: Described, reading: Reading, limits: Limits) -> None:
        self._reader, self._described, self._reading, self._limits = reader, described, reading, limits
        created, changed = (whole(value) for value in reader.first("select crt, mod from col limit 1"))
        self._calendar = Calendar(
            reading.zone,
            reading.rollover_hour,
            reading.now,
            whole(created, 0, 0, 4_000_000_000),
            described.west_minutes,
            min(max(changed if changed > 10**11 else changed * 1000, 0), reading.now),
        )
        self._kinds: dict[str, KindMap | None] = {
            key: kind_of(note_type) for key, note_type in described.note_types.items()
        }
        self._guids: set[str] = set()
        self._dropped = 0

    def records(self) -> Iterator[Record]:
        cards = _ByKey(self._card_rows())
        reviews = _ByKey(self._review_rows())
        kept_reviews = kept_cards = 0
        for row in self._note_rows():
            own_cards = cards.take(row[0])
            own_reviews = reviews.take(row[0])
            kept_cards += len(own_cards)
            kept_reviews += len(own_reviews)
            yield from self._note(row, own_cards, own_reviews)
        orphans = cards.left_out()
        if orphans:
            yield Skipped("card", "note-missing", count=orphans)
        astray = reviews.left_out() + self._astray()
        if astray:
            yield Skipped("review", "review-card-missing", count=astray)
        if self._dropped:
            yield Skipped("review", "review-invalid", count=self._dropped)

    def _note_rows(self) -> Iterator[tuple[Any, ...]]:
        most = self._limits.field * _MOST_FLDS
        return self._reader.rows(
            "select id, guid, mid, tags, iif(octet_length(flds) > ?, null, flds) from notes order by id",
            (most,),
        )

    def _card_rows(self) -> Iterator[tuple[Any, ...]]:
        return self._reader.rows(
            "select nid, id, did, ord, type, queue, due, ivl, factor, reps, lapses, odue, odid, flags,"
            " iif(octet_length(data) > 4096, '', data) from cards order by nid, ord, id"
        )

    def _review_rows(self) -> Iterator[tuple[Any, ...]]:
        if not self._reading.scheduling:
            return iter(())
        return self._reader.rows(
            "select c.nid, r.cid, r.id, r.ease, r.ivl, r.lastIvl, r.factor, r.time, r.type"
            " from revlog r cross join cards c on c.id = r.cid order by c.nid, r.cid, r.id"
        )

    def _astray(self) -> int:
        if not self._reading.scheduling:
            return 0
        query = "select count(*) from revlog where cid not in (select id from cards)"
        return int(self._reader.first(query)[0])

    def _note(
        self, row: tuple[Any, ...], cards: list[tuple[Any, ...]], reviews: list[tuple[Any, ...]]
    ) -> Iterator[Record]:
        note_id, raw_guid, mid, raw_tags, flds = row
        guid = guid_of(raw_guid, note_id)
        note_type = self._described.note_types.get(str(mid))
        problem = self._problem(guid, note_type, flds, cards)
        if problem or note_type is None:
            yield Skipped("note", problem or "note-type-missing", guid)
            return
        values = [words(value) for value in str(flds).split("\x1f")]
        values += [""] * (len(note_type.fields) - len(values))
        if len(values) > len(note_type.fields):
            yield Skipped("note", "fields-wrong", guid)
            return
        try:
            for value in values:
                check_markup(value, self._limits)
        except MarkupTooLarge as refusal:
            yield Skipped("note", refusal.reason, guid)
            return
        drafts = self._cards(note_type, cards, reviews)
        if not drafts:
            yield Skipped("note", "no-cards", guid)
            return
        self._guids.add(guid)
        kind, fields = note_of(
            note_type, self._kinds[note_type.key], values, [card.ordinal for card in drafts]
        )
        yield ImportedNote(
            guid, kind, fields, drafts[0].deck, "html", tags_of(raw_tags), note_type.key, tuple(drafts)
        )

    def _problem(
        self, guid: str, note_type: NoteTypeDraft | None, flds: Any, cards: list[tuple[Any, ...]]
    ) -> str:
        if note_type is None:
            return "note-type-missing"
        if guid in self._guids:
            return "repeated"
        if flds is None:
            return "field-too-long"
        if len(cards) > _MOST_CARDS_OF_A_NOTE:
            return "fields-wrong"
        return "" if cards else "no-cards"

    def _cards(
        self, note_type: NoteTypeDraft, rows: list[tuple[Any, ...]], reviews: list[tuple[Any, ...]]
    ) -> list[CardDraft]:
        by_card = {cid: list(own) for cid, own in groupby(reviews, key=lambda review: review[1])}
        most = _MOST_CARDS_OF_A_NOTE if note_type.kind == "cloze" else len(note_type.templates)
        drafts: dict[int, CardDraft] = {}
        for row in rows:
            ordinal = whole(row[3], -1)
            if 0 <= ordinal < most and ordinal not in drafts:
                drafts[ordinal] = self._card(row, ordinal, by_card.get(row[1], []))
        return list(drafts.values())

    def _card(self, row: tuple[Any, ...], ordinal: int, review_rows: list[tuple[Any, ...]]) -> CardDraft:
        card = _card_row(row)
        deck = self._described.deck_key(card.original_deck or whole(row[2]))
        position = position_of(card)
        if not self._reading.scheduling:
            return CardDraft(ordinal, deck, position)
        reviews = [_review(values, old_buttons=self._described.old_buttons) for values in review_rows]
        state = state_of(card, self._calendar)
        events, dropped = events_of(state, reviews, self._calendar)
        self._dropped += dropped
        return CardDraft(ordinal, deck, position, state, tuple(events))


class _ByKey:
    """Rows sorted by their first column, taken group by group; groups that nobody asks for are counted."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._rows = rows
        self._next = next(rows, None)
        self._passed = 0

    def take(self, key: Any) -> list[tuple[Any, ...]]:
        found = []
        while self._next is not None and _sorts(self._next[0]) < _sorts(key):
            self._passed += 1
            self._next = next(self._rows, None)
        while self._next is not None and self._next[0] == key:
            found.append(self._next)
            self._next = next(self._rows, None)
        return found

    def left_out(self) -> int:
        while self._next is not None:
            self._passed += 1
            self._next = next(self._rows, None)
        return self._passed


def _sorts(key: Any) -> tuple[int, Any]:
    """SQLite's own order across types: nothing, numbers, texts, blobs."""
    if key is None:
        return 0, 0
    return (1, key) if isinstance(key, int | float) else (2, key) if isinstance(key, str) else (3, bytes(key))


def _card_row(row: tuple[Any, ...]) -> CardRow:
    kind, queue, due, interval, factor, reps, lapses, odue, odid, flags = (
        whole(value) for value in row[4:14]
    )
    return CardRow(kind, queue, due, interval, factor, reps, lapses, odue, odid, flags, _data(row[14]))


def _data(raw: Any) -> dict[str, Any]:
    """FSRS's memory state and the like; older add-ons left other things there, which say nothing."""
    if not isinstance(raw, str) or not raw.startswith("{"):
        return {}
    try:
        parsed = json_of(raw, "cards.data")
    except FileRefused:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _review(row: tuple[Any, ...], *, old_buttons: bool) -> Review:
    review = Review(*map(whole, row[2:9]))
    if old_buttons and review.type in (0, 2) and review.ease in (2, 3):
        # The first scheduler had three buttons while learning: again, good, easy.
        return Review(review.id, review.ease + 1, *map(whole, row[4:9]))
    return review
