"""A digest of many cards' schedules, so that a phone notices when it and the server have parted.

Sums modulo 2^32, so one changed card costs one subtraction and one addition, in any order.
"""

import struct
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Protocol
from uuid import UUID

from app.core.fuzz import MASK, fmix32

Digest = tuple[int, int]
EMPTY: Final[Digest] = (0, 0)
SEEDS: Final = (0x9747B28C, 0x3C6EF372)
_FIELDS: Final = struct.Struct(">iBbHHB")
_BLOCK: Final = struct.Struct("<I")
_BLOCKS: Final = struct.Struct("<II")
_LENGTH: Final = 16 + _FIELDS.size
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
    return digest_of(card_id.bytes, state_bytes(card))


def digest_of(card_id: bytes, state: bytes) -> Digest:
    """The same from bytes: very many cards share the beginning of their ids, and new ones their state."""
    first, second = _after_beginning(card_id[:8])
    one, two = _BLOCKS.unpack(card_id[8:])
    three, four, tail = _mixed_state(state)
    for block in (_mixed(one), _mixed(two), three, four):
        first ^= block
        first = (first << 13 & MASK | first >> 19) * 5 + 0xE6546B64 & MASK
        second ^= block
        second = (second << 13 & MASK | second >> 19) * 5 + 0xE6546B64 & MASK
    return fmix32(first ^ tail ^ _LENGTH), fmix32(second ^ tail ^ _LENGTH)


def card_bytes(card_id: UUID, card: Scheduled) -> bytes:
    """id (16) | due day i32 or -1 | phase u8 | step i8 or -1 | reps u16 | lapses u16 | suspended u8.

    Big-endian. Counts stop at 65,535.
    """
    return card_id.bytes + state_bytes(card)


def state_bytes(card: Scheduled) -> bytes:
    """What of `card_bytes` follows the id."""
    return _FIELDS.pack(
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
    whole = len(data) & ~3
    value = seed
    for (block,) in _BLOCK.iter_unpack(data[:whole]):
        value = _taken_in(value, _mixed(block))
    if tail := data[whole:]:
        value ^= _mixed(int.from_bytes(tail, "little"))
    return fmix32(value ^ len(data))


def _mixed(block: int) -> int:
    block = block * 0xCC9E2D51 & MASK
    return (block << 15 | block >> 17) * 0x1B873593 & MASK


def _taken_in(value: int, block: int) -> int:
    value ^= block
    return (value << 13 & MASK | value >> 19) * 5 + 0xE6546B64 & MASK


@lru_cache(256)
def _after_beginning(eight: bytes) -> tuple[int, int]:
    one, two = map(_mixed, _BLOCKS.unpack(eight))
    first, second = (_taken_in(_taken_in(seed, one), two) for seed in SEEDS)
    return first, second


@lru_cache(4096)
def _mixed_state(state: bytes) -> tuple[int, int, int]:
    three, four = map(_mixed, _BLOCKS.unpack(state[:8]))
    return three, four, _mixed(int.from_bytes(state[8:], "little"))
