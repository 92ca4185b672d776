"""Histories for the golden vectors, written in a small language.

A history is a line of words, read from left to right on one clock that starts at `start`:

- ``1`` to ``4`` an answer, ``3r95`` one with the deck's own desired retention of 0.95, ``3c`` one that moves
  no schedule
- ``10m`` ``20h`` ``3d`` time passes (``-2h``: the next act happened earlier than the last one)
- ``undo`` takes back the last act still standing, ``undo:2`` the one before it, ``undo:undo`` names an undo
- ``suspend`` ``unsuspend`` ``reset`` ``bury:1`` (days from today) ``flag:3`` ``due:5`` (days from today)
- ``seed:2`` a state of phase 2 brought by an import, ``seed:-2`` one that does not say when it was last seen
- ``@b`` another device takes over, ``>Asia/Tokyo`` the learner travels
- ``skew:5h`` this device's clock is wrong and nobody knows, ``known:5h`` it is wrong and the device knows
- ``late:2d`` what follows arrives that much later, ``claim:2`` the next act claims a day that far off
"""

import re
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import NAMESPACE_OID, UUID, uuid5

from app.core.day import DAY_MS, HOUR_MS, learner_day
from app.core.events import CRAM, GOOD, Event, Kind, effective_at, effective_day
from app.core.fuzz import fmix32
from app.core.parameters import DEFAULT_PARAMETERS, DEFAULT_WEIGHTS, Parameters, clip_weights

START: Final = 1_741_500_000_000  # 2025-03-09 06:00 UTC
_UNITS: Final = {"m": 60_000, "h": HOUR_MS, "d": DAY_MS}
_GAP: Final = re.compile(r"(-?\d+)([mhd])")
_ANSWER: Final = re.compile(r"([1-4])(?:r(\d\d))?(c?)")


@dataclass(frozen=True, slots=True)
class History:
    """A named line of words with its setting and the parameter versions of its learner."""

    name: str
    words: str
    versions: tuple[Parameters, ...] = (DEFAULT_PARAMETERS,)
    zone: str = "Asia/Shanghai"
    rollover_hour: int = 4
    start: int = START


@dataclass(slots=True)
class _Teller:
    """Where a history stands while its words are read."""

    card_id: UUID
    zone: str
    rollover_hour: int
    now: int
    home: str = ""
    device: int = 1
    skew: int = 0
    known: int = 0
    late: int = 500
    claim: int = 0
    events: list[Event] = field(default_factory=list)
    standing: list[Event] = field(default_factory=list)

    def tell(self, kind: Kind, rating: int | None = None, **data: Any) -> None:
        at = self.now + self.skew + self.known
        received_at = self.now + self.late
        when = effective_at(at, self.known, received_at)
        claimed = learner_day(at - self.known, self.zone, self.rollover_hour) + self.claim
        day, corrected = effective_day(claimed, when, self.home, self.rollover_hour)
        self.claim = 0
        sequence = len(self.events) + 1
        event = Event(
            id=_id(fmix32(self.card_id.int & 0xFFFFFFFF), sequence),
            card_id=self.card_id,
            kind=kind,
            rating=rating,
            at=at,
            clock_offset_ms=self.known,
            day=day,
            duration_ms=1_000 * sequence,
            device_id=_id(0xDE71CE, self.device),
            device_seq=sequence,
            received_at=received_at,
            effective_at=when,
            data={**data, "claimed_day": claimed} if corrected else data,
        )
        self.events.append(event)
        if kind != "undo":
            self.standing.append(event)

    def undo(self, which: str) -> None:
        if which == "undo":
            named = next(event.id for event in reversed(self.events) if event.kind == "undo")
        elif self.standing:
            named = self.standing.pop(-int(which or 1)).id
        else:
            named = self.card_id  # an event that nobody has
        self.tell("undo", event=str(named))

    @property
    def today(self) -> int:
        return learner_day(self.now + self.skew, self.zone, self.rollover_hour)


def card_of(name: str) -> UUID:
    """The id of a history's card, different for each name."""
    return uuid5(NAMESPACE_OID, f"wengu {name}")


def events_of(history: History) -> list[Event]:
    """The events in the order they were told, which is not always the order in which they count."""
    teller = _Teller(
        card_of(history.name), history.zone, history.rollover_hour, history.start, home=history.zone
    )
    for word in history.words.split():
        _read(word, teller)
    return teller.events


def _read(word: str, teller: _Teller) -> None:
    if gap := _GAP.fullmatch(word):
        teller.now += _ms(gap)
    elif answer := _ANSWER.fullmatch(word):
        own: dict[str, Any] = {"retention": int(answer[2]) / 100} if answer[2] else {}
        own |= {"mode": CRAM} if answer[3] else {}
        teller.tell("answer", int(answer[1]), **own)
    elif word[0] == "@":
        teller.device = ord(word[1])
    elif word[0] == ">":
        teller.zone = word[1:]
    else:
        name, _, value = word.partition(":")
        _read_named(name, value, teller)


def _read_named(name: str, value: str, teller: _Teller) -> None:
    if name in ("skew", "known", "late"):
        gap = _GAP.fullmatch(value)
        setattr(teller, name, _ms(gap) if gap else 0)
    elif name == "claim":
        teller.claim = int(value)
    elif name == "undo":
        teller.undo(value)
    elif name == "suspend":
        teller.tell("suspend")
    elif name == "unsuspend":
        teller.tell("unsuspend")
    elif name == "reset":
        teller.tell("reset")
    elif name == "bury":
        teller.tell("bury", until=teller.today + int(value))
    elif name == "flag":
        teller.tell("flag", flag=int(value))
    elif name == "due":
        teller.tell("due", day=teller.today + int(value))
    elif name == "seed":
        teller.tell("seed", **_brought(int(value), teller.today))
    else:
        raise ValueError(f"no such word: {name}")


def _brought(phase: int, today: int) -> dict[str, Any]:
    return {
        "phase": abs(phase),
        "stability": 12.5,
        "difficulty": 6.25,
        "due_day": today + 2,
        "last_day": today - 11 if phase > 0 else None,
        "reps": 9,
        "lapses": 1,
    }


def _ms(gap: re.Match[str]) -> int:
    return int(gap[1]) * _UNITS[gap[2]]


def _id(high: int, low: int) -> UUID:
    return UUID(int=(high << 80) | (0x7 << 76) | (0b10 << 62) | low)


# --- parameters -----------------------------------------------------------------------------------

_TRAINED: Final = (
    0.4072, 1.1829, 3.1262, 15.4722, 7.2102, 0.5316, 1.0651, 0.0234, 1.616, 0.1544, 1.0824,
    1.9813, 0.0953, 0.2975, 2.2042, 0.2407, 2.9466, 0.5034, 0.6567, 0.1192, 0.2315,
)  # fmt: skip
# A first interval of 2.5 days falls between two whole days: both languages must round it up.
_HALVES: Final = (0.5, 1.5, 2.5, 4.5, *DEFAULT_WEIGHTS[4:])

_LATER: Final = Parameters(2, START + 6 * DAY_MS, weights=_TRAINED)
_LAST: Final = Parameters(
    3, START + 40 * DAY_MS, weights=_HALVES, desired_retention=0.85, learning_steps=(5,)
)

PARAMETER_SETS: Final[dict[str, tuple[Parameters, ...]]] = {
    "default": (DEFAULT_PARAMETERS,),
    "no learning steps": (Parameters(1, 0, learning_steps=()),),
    "one step": (Parameters(1, 0, learning_steps=(15,), relearning_steps=(1,)),),
    "three steps": (Parameters(1, 0, learning_steps=(1, 10, 60)),),
    "steps of days": (Parameters(1, 0, learning_steps=(10, 1440, 4320), relearning_steps=(2880,)),),
    "steps up to a day": (Parameters(1, 0, learning_steps=(719, 1439), relearning_steps=(1000,)),),
    "low retention": (Parameters(1, 0, desired_retention=0.7),),
    "high retention": (Parameters(1, 0, desired_retention=0.99),),
    "short interval": (Parameters(1, 0, maximum_interval=21),),
    "one day at most": (Parameters(1, 0, maximum_interval=1),),
    "trained": (Parameters(1, 0, weights=_TRAINED),),
    "halves": (Parameters(1, 0, weights=_HALVES),),
    "lowest weights": (Parameters(1, 0, weights=clip_weights([0.0] * 21)),),
    "highest weights": (Parameters(1, 0, weights=clip_weights([1000.0] * 21)),),
    "two versions": (DEFAULT_PARAMETERS, _LATER),
    "three versions": (_LAST, DEFAULT_PARAMETERS, _LATER),
    "only later versions": (_LATER, _LAST),
}

# --- histories ------------------------------------------------------------------------------------

_EACH_SET: Final = {
    "good all along": "3 10m 3 1d 3 3d 3 8d 3 20d 3 50d 3",
    "easy": "4 8d 4 60d 4 400d 4",
    "forgetful": "1 1m 1 1m 2 6m 2 6m 3 10m 3 2d 1 10m 2 15m 3 1d 3 4d 1 10m 1 10m 4",
    "hard": "2 6m 2 1d 2 3d 2 8d 2 5d 1 1d 2",
    "steps left open": "3 2d 3 1d 2 3d 3 30d 1 9d 1 2d 3",
    "same day": "4 2h 3 1h 1 20m 3 2h 4 1h 2 1d 3",
}
_DEFAULT_ONLY: Final = {
    "never answered": "suspend flag:2",
    "one again": "1",
    "one hard": "2",
    "one good": "3",
    "one easy": "4",
    "hard at step 1": "3 10m 2 10m 2 10m 3",
    "hard at step 1 next day": "3 1d 2 1d 2 1d 3",
    "long pause": "4 3000d 3 9000d 3 20000d 1 20000d 3",
    "overdue lapse": "3 10m 3 700d 1 10m 3 1d 3",
    "leech": "4 " + "9d 1 10m 3 " * 9,
    "undo the only answer": "3 undo",
    "undo the last": "3 10m 3 2d 1 undo",
    "undo chain": "3 10m 3 2d 1 undo undo undo 1 1m 3",
    "undo an earlier one": "3 10m 3 2d 1 10m 3 undo:3",
    "undo is final": "3 10m 3 undo undo:undo 1d 3",
    "undo arrives first": "3 10m 3 -1h undo 2d 3",
    "undo a reset": "3 10m 3 2d reset undo 1d 3",
    "undo a suspend": "3 suspend undo",
    "undo a bury": "4 bury:1 undo",
    "undo a flag": "flag:1 flag:4 undo",
    "undo a seed": "seed:2 undo 3",
    "undo a due": "4 due:3 undo",
    "reset keeps flag": "4 flag:5 suspend 9d 1 reset 1d 3 10m 3",
    "reset unburies": "4 bury:3 reset",
    "due on new": "due:5",
    "due later": "4 due:30 30d 3",
    "due earlier": "4 due:0 1h 3",
    "due while learning": "3 due:2 2d 3",
    "seed review": "seed:2 2d 3 20d 1 10m 3",
    "seed without a last day": "seed:-2 2d 3 9d 3",
    "seed learning": "seed:1 1h 3 10m 3",
    "seed relearning": "seed:3 1h 2 15m 3",
    "seed after an answer": "3 seed:2 10m 3",
    "seed after a reset": "4 9d 1 reset seed:2 2d 3",
    "seed twice": "seed:2 seed:1 2d 3",
    "bury and answer": "4 bury:2 1d 3",
    "bury over a rollover": "4 9d bury:1 20h bury:1",
    "suspended and answered": "4 suspend 9d 3 9d 3 unsuspend",
    "own retention": "3r95 10m 3r95 3d 3r70 9d 3 9d 3r99 9d 3r10",
    "crammed": "3c 3 10m 1c 10m 3 1d 1c 1d 3 5d 1c",
    "two devices": "3 @b 10m 3 @a 2d 3 @b -1h 1 @a 2h 4",
    "two devices at once": "3 10m 3 2d @b 1 @a 3",
    "day running backwards": "3 10m 3 9d 3 claim:-1 1h 3 2d 3",
    "day a little ahead": "3 10m claim:1 3 10m 3 2d 3",
    "day far off": "3 10m claim:40 3 2d claim:-300 3 9d 3",
    "time running backwards": "4 9d 3 -3d 3 5d 3",
    "clock ahead unknown": "skew:3h 3 10m 3 1d 3 3d 3",
    "clock far ahead": "skew:400d 3 10m 3 skew:0 1d 3 3d 3",
    "clock behind unknown": "skew:-30h 3 10m 3 1d 3 skew:0 3d 3",
    "clock ahead known": "known:50h 3 10m 3 1d 3 3d 3",
    "clock behind known": "known:-50h 3 10m 3 1d 3 3d 3",
    "synced late": "late:9d 3 10m 3 2d 3 @b late:0 -1d 1 3d 3",
}
_PLACES: Final = (
    ("spring forward in Berlin", "Europe/Berlin", 2, 1_743_274_800_000),
    ("fall back in Berlin", "Europe/Berlin", 2, 1_761_418_800_000),
    ("fall back in New York", "America/New_York", 1, 1_762_041_600_000),
    ("half an hour in Lord Howe", "Australia/Lord_Howe", 2, 1_743_778_800_000),
    ("Kathmandu", "Asia/Kathmandu", 4, START),
    ("Chatham", "Pacific/Chatham", 4, START),
    ("Kiritimati", "Pacific/Kiritimati", 0, START),
    ("twelve hours behind", "Etc/GMT+12", 23, START),
    ("twelve hours ahead", "Etc/GMT-12", 0, START),
    ("UTC at midnight", "UTC", 0, START - 6 * HOUR_MS),
)
_AROUND_THE_CLOCK: Final = "3 50m 3 55m 3 5h 3 1h 3 70m 3 17h 3 1h 3 30m 1 30m 3 23h 3 25h 3 47h 3"
_TRAVEL: Final = {
    "travel east": "3 10m 3 2d 3 >Pacific/Auckland 1d 3 3d 3 >Asia/Shanghai 9d 3",
    "travel west": "3 10m 3 2d 3 >America/Los_Angeles 6h 3 1d 3 9d 1 10m 3 >Asia/Shanghai 1d 3",
    "across the date line": ">Pacific/Kiritimati 3 10m 3 >Pacific/Midway 2h 3 1d 3 >Pacific/Kiritimati 1d 3",
}
_GAPS: Final = (
    "1m",
    "6m",
    "10m",
    "15m",
    "1h",
    "5h",
    "20h",
    "1d",
    "2d",
    "3d",
    "5d",
    "9d",
    "25d",
    "80d",
    "400d",
)
_RATINGS: Final = "1233333344"
_ACTS: Final = ("undo", "suspend", "unsuspend", "bury:1", "flag:1", "due:4", "reset", "seed:2", "@a", "@b")
_DRAWN: Final = 50


def histories() -> list[History]:
    """Every history of the golden vectors, always the same."""
    told = [
        History(f"{name}, {of}", words, versions)
        for of, versions in PARAMETER_SETS.items()
        for name, words in _EACH_SET.items()
    ]
    told += [History(name, words) for name, words in {**_DEFAULT_ONLY, **_TRAVEL}.items()]
    told += [
        History(name, _AROUND_THE_CLOCK, zone=zone, rollover_hour=rollover_hour, start=start)
        for name, zone, rollover_hour, start in _PLACES
    ]
    return told + [_drawn(number) for number in range(_DRAWN)]


def _drawn(number: int) -> History:
    """A history drawn by lot: mostly answers, sometimes another act."""
    lots = iter(fmix32(number * 1_000 + i + 1) for i in range(1_000))
    versions = list(PARAMETER_SETS.values())[next(lots) % len(PARAMETER_SETS)]
    words = [str(GOOD)]
    for _ in range(4 + next(lots) % 12):
        words.append(_GAPS[next(lots) % len(_GAPS)])
        act = next(lots)
        words.append(_ACTS[act // 8 % len(_ACTS)] if act % 8 == 0 else _RATINGS[act // 8 % len(_RATINGS)])
    _, zone, rollover_hour, start = _PLACES[next(lots) % len(_PLACES)]
    return History(f"drawn {number}", " ".join(words), versions, zone, rollover_hour, start)
