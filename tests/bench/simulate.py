"""A year of one learner, scheduled in Python and replayed by the phone app: every due day must agree."""

import json
import os
import random
import re
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

from app.core.day import DAY_MS, HOUR_MS
from app.core.events import Event
from app.core.ids import card_id_of, new_id
from app.core.parameters import DEFAULT_PARAMETERS
from app.core.schedule import NEW, CardState, apply, retrievability
from tests.bench.report import Figure
from tests.bench.serving import ROOT

FIRST_DAY, DAYS, NEW_A_DAY = 20_400, 365, 5
MINUTE_MS = 60_000


class SimulatedLearner:
    """Studies every day but one a week, forgets as FSRS expects, answers steps until they are over."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.states: dict[UUID, CardState] = {}
        self.history: dict[UUID, list[tuple[Event, CardState]]] = defaultdict(list)
        self.device_id = new_id(FIRST_DAY * DAY_MS, self.chance.randbytes)
        self.sequence = 0

    def study_a_year(self) -> None:
        for day in range(FIRST_DAY, FIRST_DAY + DAYS):
            for _ in range(NEW_A_DAY):
                note_id = new_id(day * DAY_MS, self.chance.randbytes)
                self.states[card_id_of(note_id, 0)] = CardState()
            if day % 7 != 3:
                self.study(day)

    def study(self, day: int) -> None:
        now = day * DAY_MS + 12 * HOUR_MS
        due = [
            card_id
            for card_id, state in self.states.items()
            if state.phase == NEW or (state.due_day is not None and state.due_day <= day)
        ]
        for card_id in due:
            now = self.answer(card_id, day, now)
            while self.states[card_id].due_at is not None:
                now = self.answer(card_id, day, now + MINUTE_MS)

    def answer(self, card_id: UUID, day: int, now: int) -> int:
        """One answer; the time after it (ms UTC)."""
        state = self.states[card_id]
        recall = retrievability(state, day, DEFAULT_PARAMETERS)
        knows = self.chance.random() < (0.6 if recall is None else recall)
        rating = self.chance.choices((2, 3, 4), (1, 8, 1))[0] if knows else 1
        self.sequence += 1
        event = Event(
            id=new_id(now, self.chance.randbytes),
            card_id=card_id,
            kind="answer",
            rating=rating,
            at=now,
            clock_offset_ms=0,
            day=day,
            duration_ms=6000,
            device_id=self.device_id,
            device_seq=self.sequence,
            received_at=now,
            effective_at=now,
            data={},
        )
        self.states[card_id] = apply(card_id, state, event, DEFAULT_PARAMETERS)
        self.history[card_id].append((event, self.states[card_id]))
        return now + 8000


def a_year_in_two_languages() -> Iterator[Figure]:
    learner = SimulatedLearner(seed=7)
    began = time.perf_counter()
    learner.study_a_year()
    seconds = time.perf_counter() - began
    answers = sum(map(len, learner.history.values()))
    with tempfile.TemporaryDirectory() as folder:
        vectors = {
            "parameter_sets": {"default": [asdict(DEFAULT_PARAMETERS)]},
            "histories": [_vector(card_id, log) for card_id, log in learner.history.items()],
        }
        Path(folder, "schedule.json").write_text(json.dumps(vectors), "utf-8")
        parted = _parted_on_the_phone(folder)
    yield Figure(
        "cards whose due days differ between Python and TypeScript after a year",
        parted,
        0,
        detail=f"{len(learner.history)} cards, {answers} answers, {seconds:.1f} s in Python",
    )


def _vector(card_id: UUID, log: list[tuple[Event, CardState]]) -> dict[str, Any]:
    return {
        "name": str(card_id),
        "card_id": str(card_id),
        "parameter_set": "default",
        "events": [_wire(event) for event, _ in log],
        "states": [asdict(state) for _, state in log],
    }


def _wire(event: Event) -> dict[str, Any]:
    ids = {"id": str(event.id), "card_id": str(event.card_id), "device_id": str(event.device_id)}
    return asdict(event) | ids


def _parted_on_the_phone(folder: str) -> int:
    command = ["app/web/with_node.sh", "npx", "vitest", "run", "test/simulated_year.test.ts"]
    ran = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"SIMULATED_YEAR": folder}, capture_output=True, text=True
    )
    found = re.search(r"(\d+) cards differ", ran.stdout + ran.stderr)
    assert found, ran.stdout + ran.stderr
    return int(found[1])
