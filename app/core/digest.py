"""A digest of many cards' schedules, so that a phone notices when it and the server have parted.

Sums modulo 2^32, so one changed card costs one subtraction and one addition, in any order.
"""

import struct
from collections.abc import Iterable
from typing import Final, Protocol
from uuid import UUID

from app.core.fuzz import MASK, fmix32

Digest = tuple[int, int]
EMPTY: Final[Digest] = (0, 0)
SEEDS: Final = (0x9747B28C, 0x3C6EF372)
_FIELDS: Final = struct.Struct(">iBbHHB")
_BLOCK: Final = struct.Struct("<I")
_U16: Final = 0xFFFF


class Scheduled(Protocol):
    """What the digest reads of a card; `CardState` and rows of the card table have it."""

    @property
    def due_day(self) -> int | None: ...
    @property
    def phase(self) -> int: ...
    @property
    def step(self) -> int | None: ...
    @property
    def reps(self) -> int: ...
    @property
    def lapses(self) -> int: ...
    @property
    def suspended(self) -> bool: ...


def card_digest(card_id: UUID, card: Scheduled) -> Digest:
    """Two MurmurHash3 (x86, 32 bit) values over the bytes of `card_bytes`."""
    return _murmur3_twice(card_bytes(card_id, card), SEEDS)


def card_bytes(card_id: UUID, card: Scheduled) -> bytes:
    """id (16) | due day i32 or -1 | phase u8 | step i8 or -1 | reps u16 | lapses u16 | suspended u8.

    Big-endian. Counts stop at 65,535.
    """
    return card_id.bytes + _FIELDS.pack(
        -1 if card.due_day is None else card.due_day,
        card.phase,
        -1 if card.step is None else card.step,
        min(card.reps, _U16),
        min(card.lapses, _U16),
        bool(card.suspended),
    )


def add(total: Digest, card: Digest) -> Digest:
    return (total[0] + card[0]) & MASK, (total[1] + card[1]) & MASK


def subtract(total: Digest, card: Digest) -> Digest:
    return (total[0] - card[0]) & MASK, (total[1] - card[1]) & MASK


def set_digest(cards: Iterable[tuple[UUID, Scheduled]]) -> Digest:
    """The digest of a whole set: the sum over its cards, new and suspended ones too."""
    total = EMPTY
    for card_id, card in cards:
        total = add(total, card_digest(card_id, card))
    return total


def to_hex(digest: Digest) -> str:
    """16 lowercase hexadecimal digits, as it goes over the wire."""
    return f"{digest[0]:08x}{digest[1]:08x}"


def from_hex(text: str) -> Digest:
    return int(text[:8], 16), int(text[8:16], 16)


def murmur3(data: bytes, seed: int) -> int:
    """MurmurHash3_x86_32 (Austin Appleby, public domain)."""
    return _murmur3_twice(data, (seed, seed))[0]


def _murmur3_twice(data: bytes, seeds: tuple[int, int]) -> Digest:
    """One pass for two seeds: a sync digests thousands of cards, and the two share most of the work."""
    first, second = seeds
    whole = len(data) & ~3
    for (block,) in _BLOCK.iter_unpack(data[:whole]):
        block = block * 0xCC9E2D51 & MASK
        block = (block << 15 | block >> 17) * 0x1B873593 & MASK
        first ^= block
        first = (first << 13 & MASK | first >> 19) * 5 + 0xE6546B64 & MASK
        second ^= block
        second = (second << 13 & MASK | second >> 19) * 5 + 0xE6546B64 & MASK
    if tail := data[whole:]:
        block = int.from_bytes(tail, "little") * 0xCC9E2D51 & MASK
        block = (block << 15 | block >> 17) * 0x1B873593 & MASK
        first ^= block
        second ^= block
    return fmix32(first ^ len(data)), fmix32(second ^ len(data))
