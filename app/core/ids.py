"""Identifiers: UUIDv7 for what is made, derived ones for cards and for what an import brings."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Final
from uuid import UUID

_VERSION: Final = 0x7 << 76
_VARIANT: Final = 0b10 << 62
_LATEST_MS: Final = (1 << 48) - 1


def new_id(now_ms: int, random: Callable[[int], bytes]) -> UUID:
    """A UUIDv7 (RFC 9562, section 5.7): 48 bits of ms since 1970, then 74 random bits.

    `random(n)` gives n random bytes, as `os.urandom` does.
    """
    noise = int.from_bytes(random(10), "big")
    low = noise & ((1 << 62) - 1)
    middle = (noise >> 62) & 0xFFF
    return UUID(int=(min(max(now_ms, 0), _LATEST_MS) << 80) | _VERSION | (middle << 64) | _VARIANT | low)


def new_ids(now_ms: int, random: Callable[[int], bytes]) -> Iterator[UUID]:
    """UUIDv7 in ascending order, each of a family of its own: what is made together lies together."""
    return (UUID(bytes=made) for made in new_ids_as_bytes(now_ms, random))


def new_ids_as_bytes(now_ms: int, random: Callable[[int], bytes]) -> Iterator[bytes]:
    """The same for very many: making UUIDs of them takes longer than making them."""
    first = new_id(now_ms, random).int & ~((1 << 60) - 1)
    for number in range(1 << 28):
        noise = int.from_bytes(random(2), "big")
        yield (first | (number << 32) | (noise << 16)).to_bytes(16, "big")


def derived_id(at_ms: int, *parts: bytes) -> UUID:
    """The UUIDv7 of a moment whose random bits are a hash of the parts: the same parts give the same id."""
    digest = hashlib.sha256(b"\x00".join(parts)).digest()
    return new_id(at_ms, lambda size: digest[:size])


def card_id_of(note_id: UUID, ordinal: int) -> UUID:
    """The id of a note's card: the note's id with its last two bytes (big-endian) raised by 1 + ordinal.

    A phone that makes a note offline and the server thus name its cards alike.
    """
    return UUID(bytes=card_id_as_bytes(note_id.bytes, ordinal))


def card_id_as_bytes(note_id: bytes, ordinal: int) -> bytes:
    """The same for ids that are bytes."""
    last = (int.from_bytes(note_id[14:], "big") + 1 + ordinal) & 0xFFFF
    return note_id[:14] + last.to_bytes(2, "big")


def family_of(made: UUID) -> bytes:
    """What a note's id has in common with those of its cards. No two things of a learner share a family."""
    return made.bytes[:14]


def family_range(made: UUID) -> tuple[UUID, UUID]:
    """The first and the last id of the family."""
    return UUID(bytes=family_of(made) + b"\x00\x00"), UUID(bytes=family_of(made) + b"\xff\xff")
