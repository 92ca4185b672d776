"""Fuzz: spread due days a little, the same way on every device.

Integer arithmetic only, so that Python and JavaScript cannot part over a rounding.
"""

from typing import Final
from uuid import UUID

MASK: Final = 0xFFFFFFFF
_FNV_OFFSET: Final = 0x811C9DC5
_FNV_PRIME: Final = 0x01000193
LEAST_FUZZED: Final = 3


def fuzz(card_id: UUID, reps: int, interval: int, maximum_interval: int) -> int:
    """The interval in days to use: one of `fuzz_range`, chosen by the card and its number of answers.

    `reps` counts the answer that gave this interval.
    """
    if interval < LEAST_FUZZED:
        return interval
    low, high = fuzz_range(interval, maximum_interval)
    return low + hash32(card_id, reps) % (high - low + 1)


def fuzz_range(interval: int, maximum_interval: int) -> tuple[int, int]:
    """Shortest and longest interval in days around `interval`: ts-fsrs's `get_fuzz_range` in thousandths.

    One day, plus 15 % of the part between 2.5 and 7 days, 10 % of that up to 20 and 5 % of what is beyond.
    """
    if interval < LEAST_FUZZED:
        return interval, interval
    spread = 1000 + 150 * min(interval, 7) - 375
    spread += 100 * max(min(interval, 20) - 7, 0) + 50 * max(interval - 20, 0)
    high = min((interval * 1000 + spread + 500) // 1000, maximum_interval)
    low = max(2, (interval * 1000 - spread + 500) // 1000)
    return min(low, high), high


def hash32(card_id: UUID, number: int) -> int:
    """An even 32-bit hash of a card and a number (taken modulo 2^32).

    FNV-1a over the 16 bytes of the id and the 4 of the number, big-endian, then the finaliser of MurmurHash3.
    """
    value = _FNV_OFFSET
    for byte in card_id.bytes + (number & MASK).to_bytes(4, "big"):
        value = ((value ^ byte) * _FNV_PRIME) & MASK
    return fmix32(value)


def fmix32(value: int) -> int:
    """MurmurHash3's 32-bit finaliser (Austin Appleby, public domain)."""
    value = ((value ^ (value >> 16)) * 0x85EBCA6B) & MASK
    value = ((value ^ (value >> 13)) * 0xC2B2AE35) & MASK
    return value ^ (value >> 16)
