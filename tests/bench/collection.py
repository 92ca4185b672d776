"""Collections of any size for the bench, written straight into the tables."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import count, islice
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Engine, insert

from app.core.ids import card_id_of
from app.core.parameters import DEFAULT_PARAMETERS
from app.core.schedule import REVIEW
from app.db.engine import writing
from app.db.models import cards, day_stats, decks, events, learners, notes, parameter_sets
from tests.bench.serving import ROLLOVER, ZONE, fresh_id

Row = TypeVar("Row")
DAY_MS = 86_400_000
ROWS = 5_000


def fill(engine: Engine, *, size: int, today: int, now: int, due: int = 200) -> UUID:
    """A learner with one deck of `size` cards in review, `due` of them due today, the others later."""
    learner_id, deck_id = fresh_id(), fresh_id()
    chance = random.Random(size)
    note_ids = [fresh_id() for _ in range(size)]
    with writing(engine) as session:
        session.execute(insert(learners), [_learner(learner_id, now, today)])
        session.execute(
            insert(parameter_sets), [asdict(DEFAULT_PARAMETERS) | {"learner_id": learner_id, "seq": 1}]
        )
        session.execute(insert(decks), [_deck(learner_id, deck_id)])
        for part in batched(enumerate(note_ids), ROWS):
            session.execute(insert(notes), [_note(learner_id, deck_id, *pair) for pair in part])
        for part in batched(enumerate(note_ids), ROWS):
            session.execute(
                insert(cards),
                [_card(learner_id, deck_id, number, note, today, due, chance) for number, note in part],
            )
    return learner_id


def _learner(learner_id: UUID, now: int, today: int) -> dict[str, Any]:
    return {
        "id": learner_id,
        "kind": "anonymous",
        "language": "zh",
        "zone": ZONE,
        "rollover_hour": ROLLOVER,
        "settings": {},
        "parameters_version": 1,
        "seq": 10_000_000,
        "own_seq": 1,
        "digest": "0" * 16,
        "created_at": now,
        "last_seen_day": today,
    }


def _deck(learner_id: UUID, deck_id: UUID) -> dict[str, Any]:
    options: dict[str, Any] = {}
    return {"learner_id": learner_id, "id": deck_id, "name": "bench", "options": options, "seq": 2} | {
        "origin": "own", "position": 0, "version": 1, "stamps": {},
    }  # fmt: skip


def _note(learner_id: UUID, deck_id: UUID, number: int, note_id: UUID) -> dict[str, Any]:
    return {
        "learner_id": learner_id,
        "id": note_id,
        "deck_id": deck_id,
        "kind": "basic",
        "fields": {"front": f"第 {number} 问", "back": f"答 {number}"},
        "format": "text",
        "tags": [],
        "guid": str(number),
        "content_hash": "",
        "position": number,
        "search_text": f"第 {number} 问 答 {number}",
        "version": 1,
        "stamps": {},
        "seq": number + 3,
    }


def _card(
    learner_id: UUID, deck_id: UUID, number: int, note_id: UUID, today: int, due: int, chance: random.Random
) -> dict[str, Any]:
    return {
        "learner_id": learner_id,
        "id": card_id_of(note_id, 0),
        "note_id": note_id,
        "deck_id": deck_id,
        "ordinal": 0,
        "position": number,
        "phase": REVIEW,
        "stability": 20.0,
        "difficulty": 5.0,
        "due_day": today if number < due else today + 1 + chance.randrange(300),
        "last_day": today - 20,
        "last_at": (today - 20) * DAY_MS,
        "reps": 5,
        "lapses": 0,
        "suspended": False,
        "flag": 0,
        "parameters_version": 1,
        "last_order": b"",
        "seq": number + 3,
    }


def log_rows(learner_id: UUID, card_ids: list[UUID], number: int, today: int) -> Iterator[dict[str, Any]]:
    """A year of answers spread over the cards."""
    device_id, sequence = fresh_id(), count(1)
    for index in range(number):
        day = today - 365 + index * 365 // number
        at = day * DAY_MS + index % DAY_MS
        yield {
            "learner_id": learner_id,
            "id": fresh_id(),
            "card_id": card_ids[index % len(card_ids)],
            "kind": "answer",
            "rating": 3,
            "at": at,
            "clock_offset_ms": 0,
            "day": day,
            "duration_ms": 4000,
            "device_id": device_id,
            "device_seq": next(sequence),
            "received_at": at,
            "effective_at": at,
            "data": None,
        }


def add_log(engine: Engine, learner_id: UUID, card_ids: list[UUID], number: int, today: int) -> None:
    with writing(engine) as session:
        for part in batched(log_rows(learner_id, card_ids, number, today), ROWS):
            session.execute(insert(events), part)


def add_year_of_days(engine: Engine, learner_id: UUID, deck_ids: list[UUID], today: int) -> None:
    """The rollup that such a log leads to: a row a day and deck."""
    row = dict.fromkeys(
        (
            "again",
            "hard",
            "good",
            "easy",
            "new",
            "learning",
            "young",
            "mature",
            "young_passed",
            "mature_passed",
        ),
        10,
    )
    with writing(engine) as session:
        session.execute(
            insert(day_stats),
            [
                {"learner_id": learner_id, "day": today - back, "deck_id": deck_id, "duration_ms": 1, **row}
                for back in range(365)
                for deck_id in deck_ids
            ],
        )


def batched(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """The rows in lists of `size`, so that a million of them are never held at once."""
    source = iter(rows)
    while part := list(islice(source, size)):
        yield part
