"""How much processor time the whole job of solving takes: reading, weighing the log, planning, writing."""

import os
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, insert, select, update

from app.config import Settings
from app.core.day import DAY_MS
from app.db.engine import make_engine, writing
from app.db.models import cards, events, exams
from app.services.exam_plans import solve_plans
from app.services.migrate import migrate
from tests.bench.collection import ROWS, batched, fill
from tests.bench.serving import fresh_id
from tests.factories import a_row

TODAY, DAYS = 20_700, 30
NOW = TODAY * DAY_MS + 10 * 3_600_000
GRADES = (1, 2, 3, 3, 3, 3, 3, 4)


def report(say: Callable[[str], None]) -> bool:
    """Print the times; True when all are within budget."""
    kept = True
    for size, answers, first_most, next_most in ((5_000, 20_000, 3.0, 0.5), (50_000, 100_000, 3.0, 3.0)):
        first, later = solved(size, answers)
        say(f"\nthe whole job, {size} cards, {answers} answers, {DAYS} days")
        for words, value, most in (("first plan", first, first_most), ("next day's", later, next_most)):
            say(f"  {words:20}{value * 1000:9.0f} ms   budget {most * 1000:.0f}   {verdict(value, most)}")
            kept = kept and value <= most
    return kept


def verdict(value: float, most: float) -> str:
    return "kept" if value <= most else "MISSED"


def solved(size: int, answers: int) -> tuple[float, float]:
    """Seconds for the first plan, and for that of a day later (the least of three days)."""
    chance = random.Random(7)
    with TemporaryDirectory() as folder:
        engine = make_engine(Settings(data=Path(folder)))
        migrate(engine)
        learner_id, seen = learner_with(engine, size)
        sequence = count(1)
        days = [TODAY - 365 + number * 365 // answers for number in range(answers)]
        answer(engine, learner_id, days, seen, chance, sequence)
        first = timed(engine, learner_id, NOW)
        later = []
        for day in range(1, 4):
            answer(engine, learner_id, [TODAY + day - 1] * 200, seen, chance, sequence)
            later.append(timed(engine, learner_id, NOW + day * DAY_MS))
        engine.dispose()
    return first, min(later)


def learner_with(engine: Engine, size: int) -> tuple[UUID, list[UUID]]:
    """A learner with an exam over one deck, and the half of its cards that is not new."""
    learner_id = fill(engine, size=size, today=TODAY, now=NOW)
    mine = cards.c.learner_id == learner_id
    plain: dict[str, Any] = {"decks": None, "sections": {}, "cards": {}, "days_off": [], "target": None}
    when = {"day": TODAY + DAYS, "minutes": [30] * 7, "created_day": TODAY, "result": None, "buffer_days": 0}
    exam = a_row("exam", learner_id=learner_id, **plain, **when)
    with writing(engine) as session:
        new = {"phase": 0, "stability": None, "difficulty": None, "last_day": None}
        session.execute(update(cards).where(mine, cards.c.position >= size // 2).values(**new))
        session.execute(insert(exams), [exam])
        seen = select(cards.c.id).where(mine, cards.c.position < size // 2)
        return learner_id, list(session.execute(seen).scalars())


def answer(
    engine: Engine, learner_id: UUID, days: Iterable[int], seen: Sequence[UUID], chance: random.Random,
    sequence: Iterator[int],
) -> None:  # fmt: skip
    device_id = fresh_id()
    rows = (row(learner_id, device_id, day, seen, chance, next(sequence)) for day in days)
    with writing(engine) as session:
        for part in batched(rows, ROWS):
            session.execute(insert(events), part)


def row(
    learner_id: UUID, device_id: UUID, day: int, seen: Sequence[UUID], chance: random.Random, place: int
) -> dict[str, Any]:
    at = day * DAY_MS + place
    card = seen[place - 1] if place <= len(seen) else chance.choice(seen)
    return {
        "learner_id": learner_id, "id": fresh_id(), "card_id": card, "kind": "answer", "at": at, "day": day,
        "rating": chance.choice(GRADES), "clock_offset_ms": 0, "duration_ms": chance.randrange(3_000, 15_000),
        "device_id": device_id, "device_seq": place, "received_at": at, "effective_at": at, "data": None,
    }  # fmt: skip


def timed(engine: Engine, learner_id: UUID, now: int) -> float:
    start = time.process_time()
    done = solve_plans(engine, learner_id, now=now, random=os.urandom)
    assert done["solved"] == 1
    return time.process_time() - start
