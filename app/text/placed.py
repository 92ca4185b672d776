"""Words by where they stand, so that those at one place are found without going through all."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from app.text.clauses import Span


class Placed:
    """Words that each belong to a stretch of the text."""

    def __init__(self, words: Iterable[tuple[Span, str]]) -> None:
        self._words = sorted(words, key=lambda one: one[0].start)
        self._longest = max((span.end - span.start for span, _ in self._words), default=0)

    def at(self, place: int) -> Iterator[str]:
        """The words of all stretches that hold this place."""
        first = bisect_right(self._words, place - self._longest, key=lambda one: one[0].start)
        last = bisect_right(self._words, place, key=lambda one: one[0].start)
        return (said for span, said in self._words[first:last] if place < span.end)
