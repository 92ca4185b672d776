"""Valid things to test with: a row for each table, learners and their phones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from app.core.day import learner_day
from app.core.events import Kind
from app.core.ids import new_id
from app.db.constraints import table_of
from app.services.decks import create_deck
from app.services.learners import create_anonymous
from app.services.notes import create_note, read_note
from app.services.sync import EditIn, EventIn, SyncRequest, SyncResult, sync

NOW = 1_790_000_000_000
"""2026-09-21, 21:33 in Shanghai."""
HOUR, DAY = 3_600_000, 86_400_000
ZONE = "Asia/Shanghai"
_dice = Random(20260921)


def random_bytes(size: int) -> bytes:
    """Randomness that is the same in every run."""
    return _dice.randbytes(size)


def an_id(now: int = NOW) -> UUID:
    return new_id(now, random_bytes)


def today(now: int = NOW) -> int:
    return learner_day(now, ZONE, 4)


# --- rows ---

LEARNER, DECK, NOTE, CARD, DEVICE, EXAM, IMPORT, DOCUMENT = (an_id() for _ in range(8))
ROWS: Mapping[str, Mapping[str, Any]] = {
    "learner": {
        "id": LEARNER,
        "kind": "named",
        "name": "温故",
        "language": "zh",
        "zone": ZONE,
        "rollover_hour": 4,
        "settings": {"theme": "dark"},
        "parameters_version": 1,
        "seq": 2**40,
        "own_seq": 1,
        "digest": "0123456789abcdef",
        "created_at": NOW,
        "last_seen_day": 20_000,
    },
    "login": {"name": "温故", "learner_id": LEARNER},
    "throttle": {"key": "sign-in", "window_start": NOW, "tries": 3},
    "credential": {"id": an_id(), "kind": "password", "secret": "$argon2id$", "created_at": NOW},
    "device": {"id": DEVICE, "name": "手机", "created_at": NOW, "last_seen_day": 20_000},
    "session": {
        "id": an_id(),
        "secret_hash": b"\x00\x01",
        "device_id": DEVICE,
        "created_at": NOW,
        "seen_at": NOW,
    },
    "api_token": {"id": an_id(), "name": "script", "secret_hash": b"\x02", "created_at": NOW},
    "join_code": {"id": an_id(), "secret_hash": b"\x03", "expires_at": NOW},
    "united": {"id": an_id(), "at": NOW},
    "parameters": {
        "version": 1,
        "from_at": 0,
        "weights": [0.212, 1.2931],
        "desired_retention": 0.9,
        "learning_steps": [1, 10],
        "relearning_steps": [10],
        "maximum_interval": 36_500,
        "seq": 2,
    },
    "deck": {
        "id": DECK,
        "name": "客套::用语",
        "slug": None,
        "origin": "own",
        "origin_version": None,
        "options": {},
        "position": 0,
        "version": 1,
        "stamps": {},
        "seq": 3,
        "deleted_at": None,
    },
    "note": {
        "id": NOTE,
        "deck_id": DECK,
        "kind": "basic",
        "fields": {"front": "问", "back": "答"},
        "format": "text",
        "tags": ["礼仪"],
        "guid": "g-1",
        "content_hash": "00",
        "source": None,
        "position": 0,
        "search_text": "问\n答",
        "version": 1,
        "stamps": {"fields.front": [2, NOW]},
        "seq": 4,
        "deleted_at": None,
        "note_type_id": None,
        "import_id": None,
    },
    "exam": {
        "id": EXAM,
        "name": "公关员考试",
        "day": 20_750,
        "time": 540,
        "decks": [str(DECK)],
        "sections": {str(DECK): {"share": 0.2, "pinned": True, "dropped": False}},
        "cards": {str(CARD): "dropped"},
        "minutes": [15, 15, 15, 15, 15, 30, 0],
        "days_off": [20_740],
        "target": 0.9,
        "buffer_days": 1,
        "result": {"passed": True, "score": "86"},
        "archived": False,
        "created_day": 20_700,
        "spread_on": None,
        "version": 2,
        "stamps": {"name": [2, NOW]},
        "seq": 7,
        "deleted_at": None,
    },
    "exam_plan": {
        "exam_id": EXAM,
        "day": 20_720,
        "made_at": NOW,
        "exam_version": 2,
        "body": {"state": "solved"},
        "seq": 8,
    },
    "day_plan": {"day": 20_720, "made_at": NOW, "body": {"count": 1}, "kept": {"days": [0, 1]}, "seq": 9},
    "note_version": {
        "id": an_id(),
        "note_id": NOTE,
        "version": 1,
        "lost": False,
        "content": {"fields": {"front": "旧"}},
        "at": NOW,
    },
    "card": {
        "id": CARD,
        "note_id": NOTE,
        "deck_id": DECK,
        "ordinal": 0,
        "position": 0,
        "phase": 2,
        "step": None,
        "stability": 12.3456789012345,
        "difficulty": 5.5,
        "due_day": 20_010,
        "due_at": None,
        "last_day": 20_000,
        "last_at": NOW,
        "reps": 3,
        "lapses": 1,
        "suspended": False,
        "buried_until": None,
        "flag": 1,
        "parameters_version": 1,
        "last_order": b"\x80",
        "seq": 5,
        "deleted_at": None,
    },
    "event": {
        "id": an_id(),
        "card_id": CARD,
        "kind": "answer",
        "rating": 3,
        "at": NOW,
        "clock_offset_ms": -5 * 2**31,
        "day": 20_000,
        "duration_ms": 2_500,
        "device_id": DEVICE,
        "device_seq": 2**40,
        "received_at": NOW,
        "effective_at": NOW,
        "data": {"retention": 0.85},
    },
    "edit": {"id": an_id(), "content_hash": "00", "conflicts": [], "received_at": NOW},
    "day_stat": {
        "day": 20_000,
        "deck_id": DECK,
        "again": 0,
        "hard": 0,
        "good": 1,
        "easy": 0,
        "new": 1,
        "learning": 0,
        "young": 0,
        "mature": 0,
        "young_passed": 0,
        "mature_passed": 0,
        "duration_ms": 2_500,
    },
    "import": {
        "id": IMPORT,
        "name": "日语.apkg",
        "state": "done",
        "job_id": None,
        "options": {"reader": "auto"},
        "generation": "anki-latest",
        "counts": {"notes": 1},
        "report": {"decks": []},
        "problem": None,
        "created_at": NOW,
        "finished_at": NOW,
    },
    "import_change": {"import_id": IMPORT, "note_id": NOTE, "before": {"fields": {"front": "旧"}}},
    "note_type": {
        "id": an_id(),
        "key": "1",
        "name": "词",
        "kind": "normal",
        "fields": ["Word"],
        "templates": [{"name": "Card 1", "front": "{{Word}}", "back": "{{FrontSide}}"}],
        "css": "",
        "media": {},
        "version": 1,
    },
    "media": {"hash": "ab" * 32, "type": "image/png", "size": 2**40, "created_at": NOW},
    "note_media": {"note_id": NOTE, "name": "猫.png", "hash": "ab" * 32},
    "document": {
        "id": DOCUMENT,
        "name": "规范.docx",
        "state": "ready",
        "job_id": None,
        "title": "规范",
        "format": "docx",
        "encoding": "",
        "guessed": False,
        "language": "zh-CN",
        "text": "一、站姿\n站姿是指站立的姿势。",
        "marks": [[0, 4, "heading", 1]],
        "paragraphs": {"sections": [["一、站姿"]], "places": [[5, 16, 0, 1]]},
        "length": 16,
        "deck_id": None,
        "step": 0,
        "problem": None,
        "created_at": NOW,
    },
    "candidate": {
        "id": an_id(),
        "document_id": DOCUMENT,
        "key": "definition-00000000",
        "rule": "definition",
        "group": "term",
        "kind": "basic",
        "fields": {"front": "什么是站姿？", "back": "站立的姿势"},
        "section": ["一、站姿"],
        "spans": [[5, 16]],
        "start": 5,
        "paragraph": 0,
        "rank": 0.75,
        "place": 0,
        "shown": True,
        "findings": [],
        "verdict": "edited",
        "own_fields": {"front": "站姿？", "back": "站立的姿势"},
        "changed": False,
        "gone": False,
        "step": 1,
        "past": [[0, None, None]],
        "note_id": None,
    },
    "tombstone": {"id": an_id(), "entity": "card", "seq": 6},
    "job": {
        "id": an_id(),
        "kind": "train",
        "state": "waiting",
        "attempts": 1,
        "done": 3,
        "total": 10,
        "input": {},
        "result": None,
        "problem": None,
        "lease_until": None,
        "created_at": NOW,
    },
}


def a_row(table: str, **other: Any) -> dict[str, Any]:
    """A valid row of the table; all rows together keep every foreign key."""
    owner = {} if table in ("learner", "login", "throttle") else {"learner_id": LEARNER}
    return {**owner, **ROWS[table], **other}


# --- learners and their phones ---


@dataclass(slots=True)
class Phone:
    """A phone of a learner: it numbers its events and remembers how far it has synced."""

    engine: Engine
    learner_id: UUID
    device_id: UUID = field(default_factory=an_id)
    cursor: int = 0
    _numbers: Any = field(default_factory=lambda: count(1))

    def event(
        self, card_id: UUID, kind: Kind = "answer", *, at: int = NOW, rating: int | None = None, **data: Any
    ) -> EventIn:
        """An event made now by a clock that goes right; an answer is Good unless said otherwise."""
        return EventIn(
            id=an_id(at),
            card_id=card_id,
            kind=kind,
            rating=(rating or 3) if kind == "answer" else None,
            at=at,
            clock_offset_ms=0,
            day=today(at),
            duration_ms=1_000,
            device_seq=next(self._numbers),
            data=data,
        )

    def sync(
        self,
        events: Sequence[EventIn] = (),
        edits: Sequence[EditIn] = (),
        *,
        now: int = NOW,
        want: int = 2_000,
    ) -> SyncResult:
        """One round trip from where this phone stands."""
        request = SyncRequest(self.device_id, self.cursor, want, list(events), list(edits))
        result = sync(self.engine, self.learner_id, request, now=now, random=random_bytes)
        self.cursor = result.cursor
        return result


def a_learner(engine: Engine, now: int = NOW, zone: str = ZONE) -> UUID:
    made = create_anonymous(
        engine,
        device_id=an_id(),
        device_name="",
        zone=zone,
        language="zh",
        now=now,
        random=random_bytes,
    )
    return made.learner.id


def a_phone(engine: Engine, learner_id: UUID | None = None) -> Phone:
    """A phone, of a new learner unless said otherwise."""
    return Phone(engine, learner_id or a_learner(engine))


def a_deck(engine: Engine, learner_id: UUID, name: str = "礼仪") -> UUID:
    return create_deck(engine, learner_id, name=name, now=NOW, random=random_bytes).id


def a_note(engine: Engine, learner_id: UUID, deck_id: UUID, kind: str = "basic", **fields: str) -> UUID:
    said = fields or {"front": "问", "back": "答"}
    return create_note(
        engine, learner_id, deck_id=deck_id, kind=kind, fields=said, tags=(), now=NOW, random=random_bytes
    ).id


def some_cards(engine: Engine, learner_id: UUID, number: int, deck_id: UUID | None = None) -> list[UUID]:
    """Cards of as many notes in one deck."""
    deck_id = deck_id or a_deck(engine, learner_id)
    made = [a_note(engine, learner_id, deck_id, front=f"问{n}", back=f"答{n}") for n in range(number)]
    return [read_note(engine, learner_id, note_id).cards[0].id for note_id in made]


def an_edit(entity: Any, op: Any, entity_id: UUID, *, base: int = 1, at: int = NOW, **fields: Any) -> EditIn:
    return EditIn(an_id(at), entity, op, entity_id, base, at, fields)


def all_rows(engine: Engine, model: Any, order: Callable[[Any], Any] | None = None) -> list[dict[str, Any]]:
    """Every row of a table, as dictionaries."""
    with engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(table_of(model).select()).mappings()]
    return sorted(rows, key=order or repr)
