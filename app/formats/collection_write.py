"""Anki collections written row by row: schema 11, and 18 for the newest packages."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

import pysqlite3.dbapi2 as sqlite

from app.core.day import learner_day
from app.core.events import Event
from app.core.parameters import DEFAULT_PARAMETERS, Parameters
from app.core.schedule import CardState, walk
from app.formats import anki_schema
from app.formats.anki_describe import describe_legacy, describe_modern, distinct, note_type_id
from app.formats.anki_stock import OWN_TYPES, own_values
from app.formats.drafts import CardDraft, EventDraft, ImportedDeck, ImportedNote, NoteTypeDraft

_DAY: Final = 86_400
_LONGEST: Final = 36_500
_QUEUES: Final = {0: 0, 1: 1, 2: 2, 3: 1}
_SUSPENDED, _DAY_LEARNING = -1, 3
_TAGS: Final = re.compile(r"<[^<>]{0,2000}>")
_NOBODY: Final = uuid5(NAMESPACE_OID, "export")


@dataclass(frozen=True, slots=True)
class Writing:
    """Whose days the schedule counts, and when the export is made (ms UTC)."""

    zone: str
    rollover_hour: int
    now: int
    parameters: Parameters = DEFAULT_PARAMETERS

    @property
    def west_minutes(self) -> int:
        """Minutes that the zone lies west of UTC now, as Anki stores it."""
        wall_day = learner_day(self.now, self.zone, 0)
        minutes = next(east for east in range(-14 * 60, 15 * 60, 15) if self._starts(wall_day, east))
        return -minutes

    def _starts(self, day: int, east: int) -> bool:
        midnight = (day * _DAY - east * 60) * 1000
        return learner_day(midnight, self.zone, 0) == day and learner_day(midnight - 1, self.zone, 0) < day


class CollectionWriter:
    """An Anki collection being filled; `close` completes the file."""

    def __init__(self, path: Path, writing: Writing, *, modern: bool) -> None:
        self._writing, self._modern = writing, modern
        self._connection = sqlite.connect(str(path))
        self._connection.create_collation("unicase", _unicase)
        for pragma in ("journal_mode=off", "synchronous=off"):
            self._connection.execute(f"pragma {pragma}")
        self._connection.executescript(anki_schema.COMMON)
        self._connection.executescript(anki_schema.MODERN if modern else anki_schema.LEGACY)
        self._first_day = learner_day(writing.now, writing.zone, writing.rollover_hour) - 10_000
        self._types: dict[str, NoteTypeDraft] = {}
        self._decks: dict[str, tuple[int, ImportedDeck]] = {}
        self._note_ids = count(writing.now - 50_000_000)
        self._card_ids = count(writing.now - 50_000_000)
        self._log_ids: set[int] = set()

    def describe(self, note_types: Iterable[NoteTypeDraft], decks: Iterable[ImportedDeck]) -> None:
        """Takes the note types that notes of kind "anki" name, and the decks that cards name."""
        types = {own.key: own for own in (*OWN_TYPES.values(), *note_types)}
        names = distinct(own.name for own in types.values())
        self._types = {
            key: replace(own, name=name) for (key, own), name in zip(types.items(), names, strict=True)
        }
        known = {deck.key: deck for deck in decks}
        names = distinct(deck.name for deck in known.values())
        for (key, deck), name in zip(known.items(), names, strict=True):
            digest = hashlib.sha256(name.encode()).digest()
            number = 1_500_000_000_000 + int.from_bytes(digest[:5], "big") % 10**11
            self._decks[key] = 1 if name == "Default" else number, replace(deck, name=name)

    def add(self, note: ImportedNote) -> None:
        """The note with its cards and their history. Raises KeyError for a deck or type not described."""
        own = OWN_TYPES[note.kind] if note.kind != "anki" else self._types[note.note_type]
        values = (
            [note.fields.get(name, "") for name in own.fields]
            if note.kind == "anki"
            else own_values(note.kind, note.fields, note.format)
        )
        note_id = next(self._note_ids)
        sort = _TAGS.sub("", values[0])
        checksum = int(hashlib.sha1(sort.encode(), usedforsecurity=False).hexdigest()[:8], 16)
        tags = f" {' '.join(note.tags)} " if note.tags else ""
        self._connection.execute(
            "insert into notes values (?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')",
            (
                note_id,
                note.guid,
                note_type_id(own.key),
                self._seconds,
                tags,
                "\x1f".join(values),
                sort,
                checksum,
            ),
        )
        for card in note.cards:
            self._card(note_id, card)

    def close(self) -> None:
        """Writes what the collection says about itself and closes it."""
        describe = describe_modern if self._modern else describe_legacy
        west = self._writing.west_minutes
        created = self._first_day * _DAY + self._writing.rollover_hour * 3600 + west * 60
        settings = {
            "creationOffset": west, "rollover": self._writing.rollover_hour,
            "schedVer": 2, "sched2021": True, "fsrs": True, "nextPos": 1, "curDeck": 1, "activeDecks": [1],
            "newSpread": 0, "collapseTime": 1200, "timeLim": 0, "estTimes": True, "dueCounts": True,
            "curModel": None, "sortType": "noteFld", "sortBackwards": False, "addToCur": True,
            "dayLearnFirst": False,
        }  # fmt: skip
        described = describe(self._connection, self._types.values(), dict(self._decks.values()), settings)
        self._connection.execute(
            "insert into col values (1, ?, ?, ?, ?, 0, 0, 0, ?, ?, ?, ?, ?)",
            (created, self._writing.now, self._writing.now, 18 if self._modern else 11, *described),
        )
        self._connection.executescript(anki_schema.INDEXES)
        self._connection.commit()
        self._connection.close()

    @property
    def _seconds(self) -> int:
        return self._writing.now // 1000

    def _card(self, note_id: int, card: CardDraft) -> None:
        state = card.state
        card_id = next(self._card_ids)
        queue = _SUSPENDED if state.suspended else _QUEUES[state.phase]
        due = card.position
        if state.phase and state.due_at is not None:
            due = state.due_at // 1000
        elif state.phase:
            due = (state.due_day or 0) - self._first_day
            queue = _DAY_LEARNING if queue == 1 else queue
        due_day = state.due_day or 0
        gone = due_day - (due_day if state.last_day is None else state.last_day)
        interval = min(max(state.interval or gone, 1), _LONGEST) if state.phase in (2, 3) else 0
        self._connection.execute(
            "insert into cards values (?, ?, ?, ?, ?, -1, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?)",
            (
                card_id, note_id, self._decks[card.deck][0], card.ordinal, self._seconds,
                state.phase, queue, due, interval, 2500 if state.phase else 0, state.reps, state.lapses,
                1 if state.phase in (1, 3) else 0, state.flag, self._data(card),
            ),
        )  # fmt: skip
        self._connection.executemany(
            "insert into revlog values (?, ?, -1, ?, ?, ?, ?, ?, ?)",
            ((self._log_id(row[0]), card_id, *row[1:]) for row in _log(card, self._writing.parameters)),
        )

    def _data(self, card: CardDraft) -> str:
        state = card.state
        data: dict[str, Any] = {"pos": card.position} if state.phase else {}
        if state.phase and state.stability is not None and state.difficulty is not None:
            data |= {"s": round(state.stability, 4), "d": round(state.difficulty, 3)}
            last = max((event.at for event in card.events if event.kind == "answer"), default=None)
            if last is not None:
                data["lrt"] = last // 1000
        return json.dumps(data, separators=(",", ":"))

    def _log_id(self, at: int) -> int:
        """The row's time, moved on by a millisecond where another row has it already."""
        while at in self._log_ids:
            at += 1
        self._log_ids.add(at)
        return at


def _unicase(left: str, right: str) -> int:
    a, b = left.casefold(), right.casefold()
    return (a > b) - (a < b)


def _log(card: CardDraft, parameters: Parameters) -> Iterator[tuple[int, int, int, int, int, int, int]]:
    """Rows of the review log: at, button, interval, interval before, factor, time, type."""
    for event, before, after in walk(_NOBODY, _as_events(card.events), [parameters]):
        if event.kind == "answer":
            cram = event.data.get("mode") == "cram"
            kind = 3 if cram else (0, 0, 1, 2)[before.phase]
            hard = after.difficulty or 1.0
            factor = 0 if cram else round(100 + (hard - 1) / 9 * 1000)
            rating = event.rating or 1
            yield event.at, rating, _span(after), _span(before), factor, event.duration_ms, kind
        elif event.kind == "reset":
            yield event.at, 0, 0, _span(before), 0, 0, 4
        elif event.kind == "due" and after.due_day is not None:
            yield event.at, 0, max(after.due_day - event.day, 0), _span(before), 2500, 0, 4


def _span(state: CardState) -> int:
    """An interval as the log has it: days, or seconds below zero while a step runs."""
    if state.due_at is not None and state.last_at is not None:
        return -max((state.due_at - state.last_at) // 1000, 1)
    if state.due_day is None or state.last_day is None:
        return 0
    return min(max(state.due_day - state.last_day, 0), _LONGEST)


def _as_events(drafts: Iterable[EventDraft]) -> Iterator[Event]:
    for place, draft in enumerate(drafts):
        yield Event(
            uuid5(_NOBODY, f"{place}"), _NOBODY, draft.kind, draft.rating, draft.at, 0, draft.day,
            draft.duration_ms, _NOBODY, place, draft.at, draft.at, draft.data,
        )  # fmt: skip
