"""Events: what a learner did to a card, and in which order it counts.

An event is made on a device, with its own id, and never changes. A card's schedule is the replay of its
events, so every question about "what happened first" has its one answer here.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal, get_args
from uuid import UUID

from app.core.day import DAY_MS, learner_day

Kind = Literal["answer", "undo", "suspend", "unsuspend", "bury", "flag", "reset", "due", "seed"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
MOST_AHEAD_MS: Final = 300_000
CRAM: Final = "cram"
"""The mode of an answer that was given for practice alone and moves no schedule."""

OrderKey = tuple[int, int, bytes, int, bytes]


@dataclass(frozen=True, slots=True)
class Event:
    """One act on one card. Times are ms UTC, days are learner days.

    `at` and `clock_offset_ms` (device clock minus server clock at the last sync) stand as the device sent
    them; `effective_at` and `day` are what scheduling uses. A claimed day that had to be corrected is kept
    in `data["claimed_day"]`.

    `data` by kind: undo {"event": id} · bury {"until": day}, hidden while today < until · flag {"flag": 0..7}
    · due {"day": day} · seed {"phase", "stability", "difficulty", "due_day", "last_day", "reps", "lapses"}
    · answer may hold {"retention": 0.70..0.99}, the deck's own desired retention, {"mode": …}, {"exam": id}.
    """

    id: UUID
    card_id: UUID
    kind: Kind
    rating: int | None
    at: int
    clock_offset_ms: int
    day: int
    duration_ms: int
    device_id: UUID
    device_seq: int
    received_at: int
    effective_at: int
    data: dict[str, Any]

    @property
    def crammed(self) -> bool:
        """Whether this is an answer that moves no schedule."""
        return self.kind == "answer" and self.data.get("mode") == CRAM

    @property
    def order_key(self) -> OrderKey:
        """Where the event stands among its card's events; total, so that replays agree everywhere."""
        return (self.day, self.effective_at, self.device_id.bytes, self.device_seq, self.id.bytes)


def effective_at(at: int, clock_offset_ms: int, received_at: int) -> int:
    """When the act happened on the server's clock, at most five minutes after it arrived (ms UTC)."""
    return min(at - clock_offset_ms, received_at + MOST_AHEAD_MS)


def effective_day(claimed: int, effective_at: int, zone: str, rollover_hour: int) -> tuple[int, bool]:
    """The learner day that counts, and whether the claimed one had to give way.

    A device knows its own zone better than the server does (travel), so its claim stands while it is within
    one day of the UTC day; else the day follows from the learner's zone. Raises Refused("zone-unknown").
    """
    if abs(claimed - effective_at // DAY_MS) <= 1:
        return claimed, False
    day = learner_day(effective_at, zone, rollover_hour)
    return day, day != claimed
