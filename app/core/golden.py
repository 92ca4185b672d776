"""Golden vectors: what every implementation of the core must give, byte for byte.

`wengu golden` writes them to `tests/golden`; pytest and vitest read them. Each file says in `about` what its
fields mean.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from app.core.day import day_starts_at, learner_day
from app.core.digest import add, card_bytes, card_digest, murmur3, set_digest, to_hex
from app.core.events import Event, effective_at, effective_day
from app.core.exam.golden import exam_vectors
from app.core.fuzz import fuzz, fuzz_range, hash32
from app.core.golden_decks import deck_option_vectors
from app.core.golden_histories import PARAMETER_SETS, START, History, card_of, events_of, histories
from app.core.golden_lint import lint_vectors
from app.core.golden_queues import queue_vectors
from app.core.golden_search import search_vectors
from app.core.golden_stats import stats_vectors
from app.core.golden_streaks import streak_vectors
from app.core.ids import card_id_of
from app.core.notes import note_vectors
from app.core.parameters import newest
from app.core.schedule import CardState, previews, replay, retrievability

_EVERY_PREFIX: Final = 6  # every so many histories, the state after each event is written too
_HOUR_MS: Final = 3_600_000

Vectors = Mapping[str, Any]


def write_golden(folder: Path) -> None:
    """Write all vectors into `folder`, which is made when absent. The same bytes every time."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, vectors in golden().items():
        (folder / f"{name}.json").write_text(_text(vectors), "utf-8")


def golden() -> dict[str, Vectors]:
    """The vectors of each file, by its name without `.json`."""
    return {
        "schedule": schedule_vectors(),
        "day": day_vectors(),
        "fuzz": fuzz_vectors(),
        "digest": digest_vectors(),
        "queue": queue_vectors(),
        "deck_options": deck_option_vectors(),
        "streak": streak_vectors(),
        "stats": stats_vectors(),
        "exam": exam_vectors(),
        "lint": lint_vectors(),
        "search": search_vectors(),
        "notes": {"about": "Notes with the faces they make, or the refusal.", "notes": note_vectors()},
    }


# --- schedule -------------------------------------------------------------------------------------


def schedule_vectors() -> Vectors:
    return {
        "about": (
            "state = replay(card_id, events, versions), whatever the order of events; states[i], where"
            " given, is the same for the first i + 1 events. An event stands as the device sent it (day is"
            " the one claimed), with device_id and received_at; effective holds the time and the learner"
            " day that count, given home_zone and rollover_hour. preview: the four ratings at now on day"
            " from state, by the newest version and the deck's own retention if not null; retrievability"
            " is of that day. Compare stability, difficulty, retrievability to 1e-5 relative, all else"
            " exactly. parameter_sets holds the versions by name."
        ),
        "parameter_sets": {
            name: [asdict(version) for version in versions] for name, versions in PARAMETER_SETS.items()
        },
        "histories": [_history(history, number) for number, history in enumerate(histories())],
    }


def _history(history: History, number: int) -> Vectors:
    events = events_of(history)
    card_id = card_of(history.name)
    state = replay(card_id, events, history.versions)
    vector = {
        "name": history.name,
        "words": history.words,
        "card_id": str(card_id),
        "home_zone": history.zone,
        "rollover_hour": history.rollover_hour,
        "parameter_set": next(
            name for name, versions in PARAMETER_SETS.items() if versions == history.versions
        ),
        "events": [_event(event) for event in events],
        "state": _state(state),
        "preview": _previews(card_id, state, history, number),
    }
    if number % _EVERY_PREFIX == 0:
        prefixes = range(1, len(events) + 1)
        vector["states"] = [_state(replay(card_id, events[:k], history.versions)) for k in prefixes]
    return vector


def _event(event: Event) -> Vectors:
    data = dict(event.data)
    claimed = data.pop("claimed_day", event.day)
    return {
        "id": str(event.id),
        "card_id": str(event.card_id),
        "kind": event.kind,
        "rating": event.rating,
        "at": event.at,
        "clock_offset_ms": event.clock_offset_ms,
        "day": claimed,
        "duration_ms": event.duration_ms,
        "device_seq": event.device_seq,
        "data": data,
        "device_id": str(event.device_id),
        "received_at": event.received_at,
        "effective": {"at": event.effective_at, "day": event.day, "corrected": claimed != event.day},
    }


def _previews(card_id: UUID, state: CardState, history: History, number: int) -> Vectors:
    """Previews some days after the last answer, now and then with the deck's own retention."""
    parameters = newest(history.versions)
    day = (state.last_day or START // 86_400_000) + number % 9
    now = day * 86_400_000 + 10 * _HOUR_MS
    retention = None if number % 5 else 0.8
    return {
        "now": now,
        "day": day,
        "retention": retention,
        "retrievability": retrievability(state, day, parameters),
        "ratings": [asdict(preview) for preview in previews(card_id, state, now, day, parameters, retention)],
    }


def _state(state: CardState) -> Vectors:
    return asdict(state)


# --- day ------------------------------------------------------------------------------------------

_ZONES: Final = (
    "UTC", "Asia/Shanghai", "Asia/Kathmandu", "Asia/Kolkata", "Europe/Berlin", "Europe/London",
    "America/New_York", "America/St_Johns", "America/Los_Angeles", "Australia/Lord_Howe", "Pacific/Chatham",
    "Pacific/Kiritimati", "Pacific/Apia", "Etc/GMT+12", "Etc/GMT-12", "Africa/Casablanca",
)  # fmt: skip
_ROLLOVERS: Final = (0, 2, 4, 23)
# Around clock changes of 2024 and 2025, a leap day, the day Samoa skipped, and the beginning of time.
_MOMENTS: Final = (
    1_743_296_400_000, 1_761_440_400_000, 1_741_503_600_000, 1_762_063_200_000, 1_743_865_200_000,
    1_728_142_200_000, 1_709_164_800_000, 1_325_203_200_000, 1_325_239_200_000, 1_735_689_600_000, 0,
)  # fmt: skip
_NUDGES: Final = (-86_400_000, -14_400_000, -1, 0, 1, 3_599_999, 14_400_000)


def day_vectors() -> Vectors:
    moments = [moment + nudge for moment in _MOMENTS for nudge in _NUDGES]
    return {
        "about": (
            "days: the learner day of each of moments, in order. starts: the first instant of a learner"
            " day. effective_at and effective_day: what an event's time and claimed day come to."
        ),
        "moments": moments,
        "days": [
            {
                "zone": zone,
                "rollover_hour": rollover,
                "days": [learner_day(at, zone, rollover) for at in moments],
            }
            for zone in _ZONES
            for rollover in _ROLLOVERS
        ],
        "starts": [
            {
                "zone": zone,
                "rollover_hour": rollover,
                "day": day,
                "starts_at": day_starts_at(day, zone, rollover),
            }
            for zone in _ZONES
            for rollover in (0, 4)
            for day in (20_177, 20_386, 20_156, 20_394, 15_338, 15_339)
        ],
        "effective_at": [
            {
                "at": at,
                "clock_offset_ms": offset,
                "received_at": START,
                "effective_at": effective_at(at, offset, START),
            }
            for at in (START - 86_400_000, START, START + 299_999, START + 300_001, START + 10**12)
            for offset in (-7_200_000, 0, 7_200_000)
        ],
        "effective_day": [
            _effective_day(claimed, START, zone, 4)
            for zone in ("Pacific/Kiritimati", "UTC", "Etc/GMT+12")
            for claimed in range(START // 86_400_000 - 3, START // 86_400_000 + 4)
        ],
    }


def _effective_day(claimed: int, at: int, zone: str, rollover_hour: int) -> Vectors:
    day, corrected = effective_day(claimed, at, zone, rollover_hour)
    return {
        "claimed": claimed,
        "effective_at": at,
        "zone": zone,
        "rollover_hour": rollover_hour,
        "day": day,
        "corrected": corrected,
    }


# --- fuzz, digest ---------------------------------------------------------------------------------

_CARDS: Final = tuple(card_of(f"card {number}") for number in range(12))
_INTERVALS: Final = (1, 2, 3, 4, 5, 7, 8, 10, 14, 20, 21, 30, 60, 100, 365, 1_000, 36_500)


def fuzz_vectors() -> Vectors:
    return {
        "about": (
            "hashes: hash32(card_id, number). ranges: shortest and longest interval in days around"
            " interval. fuzzed: days to use after the answer that made reps. card_ids: a note's cards by"
            " ordinal."
        ),
        "hashes": [
            {"card_id": str(card_id), "number": number, "hash": hash32(card_id, number)}
            for card_id in (*_CARDS, UUID(int=0), UUID(int=(1 << 128) - 1))
            for number in (0, 1, 255, 65_536, 20_156, 4_294_967_295)
        ],
        "ranges": [
            {"interval": interval, "maximum_interval": most, "range": fuzz_range(interval, most)}
            for most in (36_500, 30)
            for interval in range(1, min(most, 420) + 1)
        ],
        "fuzzed": [
            {
                "card_id": str(card_id),
                "reps": reps,
                "interval": interval,
                "maximum_interval": 36_500,
                "days": fuzz(card_id, reps, interval, 36_500),
            }
            for card_id in _CARDS[:5]
            for reps in (1, 2, 7)
            for interval in _INTERVALS
        ],
        "card_ids": [
            {"note_id": str(note_id), "ordinal": ordinal, "card_id": str(card_id_of(note_id, ordinal))}
            for note_id in (*_CARDS[:3], UUID(int=(1 << 128) - 1))
            for ordinal in (0, 1, 99)
        ],
    }


_STATES: Final = (
    CardState(),
    CardState(suspended=True),
    CardState(phase=1, step=1, due_day=20_156, due_at=START, reps=1),
    CardState(phase=2, due_day=20_500, reps=17, lapses=3),
    CardState(phase=2, due_day=20_500, reps=17, lapses=3, suspended=True, flag=3),
    CardState(phase=3, step=0, due_day=-1, reps=70_000, lapses=66_000),
    CardState(phase=2, due_day=0, reps=1),
)


def digest_vectors() -> Vectors:
    cards = list(zip(_CARDS, _STATES, strict=False))
    return {
        "about": (
            "cards: bytes is what is hashed, in hexadecimal, digest the card's two sums, so_far the"
            " digest of the set of all cards up to this one. murmur3: known answers over the UTF-8 bytes"
            " of text."
        ),
        "murmur3": [
            {"text": text, "seed": seed, "hash": murmur3(text.encode(), seed)}
            for text in ("", "a", "ab", "abc", "abcd", "温故而知新")
            for seed in (0, 1, 0x9747B28C, 0xFFFFFFFF)
        ],
        "cards": [
            {
                "id": str(card_id),
                "state": _state(state),
                "bytes": card_bytes(card_id, state).hex(),
                "digest": to_hex(card_digest(card_id, state)),
                "so_far": to_hex(set_digest(cards[: number + 1])),
            }
            for number, (card_id, state) in enumerate(cards)
        ],
        "doubled": to_hex(add(set_digest(cards), set_digest(cards))),
    }


# --- text -----------------------------------------------------------------------------------------


def _text(vectors: Vectors) -> str:
    """JSON with one vector a line, so that a change shows as the vectors it touches."""
    members = [f"{_json(name)}: {_member(value)}" for name, value in vectors.items()]
    return "{\n" + ",\n".join(members) + "\n}\n"


def _member(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{\n" + _lines(f"{_json(name)}: {_json(item)}" for name, item in value.items()) + "\n}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + _lines(_json(item) for item in value) + "\n]"
    return _json(value)


def _lines(items: Iterable[str]) -> str:
    return ",\n".join(items)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
