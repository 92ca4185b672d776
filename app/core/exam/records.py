"""The cards of a plan as a phone gets them: 16 bytes each, in the order of the deck.

A record is little-endian `<8s H H H B B`:

    0   8 bytes   the last 8 bytes of the card's id
    8   u16       code of ln stability: 0 for a new card, else S = e^(-7 + 18·(code-1)/65534) days
    10  u16       code of difficulty: D = 1 + 9·code/65535
    12  u16       days from the last answer to the plan's day, at least 1 (65535: that many or more)
    14  u8        group of the plan's tables, 255 for a card that gets no time
    15  u8        bits 0-4 the exam it is for (index), bit 6 pinned, bit 7 probably left out
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import numpy.typing as npt

from app.core.exam.grid import Flags, Index
from app.core.exam.scope import Cards

RECORD = np.dtype(
    [
        ("key", "V8"), ("stability", "<u2"), ("difficulty", "<u2"), ("age", "<u2"), ("group", "u1"),
        ("marks", "u1"),
    ]
)  # fmt: skip
NO_GROUP = 255
EXAM_BITS, PINNED, LEFT_OUT = 31, 64, 128
_LOWEST, _REACH, _TOP, _OLDEST = -7.0, 18.0, 65_534, 65_535


@dataclass(frozen=True, slots=True)
class PlannedCards:
    """Cards at the start of the plan's day, and what the plan says of each."""

    keys: tuple[bytes, ...]
    cards: Cards
    group: Index  # -1: gets no time
    exam: Index
    pinned: Flags
    left_out: Flags


def key_of(card_id: UUID) -> bytes:
    """What names a card in a record; random enough to be a learner's only one."""
    return key_in(card_id.bytes)


def key_in(card_id: bytes) -> bytes:
    """The same from an id's bytes."""
    return card_id[8:]


def pack(planned: PlannedCards) -> str:
    """The records as base64."""
    rows = np.zeros(len(planned.keys), RECORD)
    cards = planned.cards
    rows["key"] = np.frombuffer(b"".join(planned.keys), "V8")
    logs = np.log(np.maximum(cards.stability, 1e-9))
    codes = np.clip(np.rint((logs - _LOWEST) / _REACH * _TOP), 0, _TOP) + 1
    rows["stability"] = np.where(cards.seen, codes, 0)
    rows["difficulty"] = np.where(cards.seen, np.rint((np.clip(cards.difficulty, 1, 10) - 1) / 9 * 65_535), 0)
    rows["age"] = np.where(cards.seen, np.clip(-cards.last_day, 1, _OLDEST), 0)
    rows["group"] = np.where(planned.group < 0, NO_GROUP, planned.group)
    marks = planned.exam & EXAM_BITS
    rows["marks"] = marks | np.where(planned.pinned, PINNED, 0) | np.where(planned.left_out, LEFT_OUT, 0)
    return base64.b64encode(rows.tobytes()).decode("ascii")


def unpack(packed: str) -> PlannedCards:
    """What `pack` made; numbers are as exact as their codes."""
    rows = np.frombuffer(base64.b64decode(packed), RECORD)
    seen = rows["stability"] > 0
    stability = np.exp(_LOWEST + _REACH * (rows["stability"].astype(float) - 1.0) / _TOP)
    difficulty = 1.0 + 9.0 * rows["difficulty"].astype(float) / 65_535
    last_day: npt.NDArray[np.int64] = -rows["age"].astype(np.int64)
    group = rows["group"].astype(np.intp)
    return PlannedCards(
        tuple(key.tobytes() for key in rows["key"]),
        Cards(np.where(seen, stability, 1.0), difficulty, last_day, seen, np.zeros(len(rows), np.int64)),
        np.where(group == NO_GROUP, -1, group),
        (rows["marks"] & EXAM_BITS).astype(np.intp),
        (rows["marks"] & PINNED) > 0,
        (rows["marks"] & LEFT_OUT) > 0,
    )


def soonest(priorities: Sequence[Flags]) -> Index:
    """For each card the first exam (soonest first) that counts it; 0 where none does."""
    return np.argmax(np.stack(priorities), axis=0) if priorities else np.zeros(0, np.intp)
