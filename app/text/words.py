"""Where Chinese words begin and end, and what kind of words they are, by jieba's dictionary."""

from bisect import bisect_left
from functools import lru_cache
from itertools import accumulate
from typing import Final

import rjieba

_PHRASES: Final = frozenset({"i", "l"})
_KEPT: Final = 4_096  # every find of a clause asks for the same few


@lru_cache(maxsize=_KEPT)
def words(text: str) -> tuple[tuple[str, str], ...]:
    """The words in their order, each with its part of speech as jieba names it (`n`, `v`, `p`, `m`…).
    Only words of the dictionary are joined: what it does not know stays single characters."""
    return tuple(rjieba.tag(text, hmm=False))


@lru_cache(maxsize=_KEPT)
def _starts(text: str) -> tuple[int, ...]:
    return (0, *accumulate(len(word) for word, _ in words(text)))


def splits_word(text: str, place: int) -> bool:
    """Whether a cut before this character would go through a word; set phrases are words put together."""
    starts = _starts(text)
    at = bisect_left(starts, place)
    if not 0 < place < len(text) or (at < len(starts) and starts[at] == place):
        return False
    return words(text)[at - 1][1] not in _PHRASES


def word_at(text: str, place: int) -> tuple[str, str]:
    """The word that holds a character, and its part of speech."""
    at = bisect_left(_starts(text), place + 1) - 1
    return words(text)[at] if 0 <= at < len(words(text)) else ("", "")
