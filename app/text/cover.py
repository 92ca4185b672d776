"""Which places a set of spans covers, answered without looking at each of them."""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

from app.text.clauses import Span


class Cover:
    def __init__(self, spans: Iterable[Span]) -> None:
        places = sorted((span.start, span.end) for span in spans)
        self._starts = [start for start, _ in places]
        self._reach = list(accumulate((end for _, end in places), max))

    def touches(self, span: Span) -> bool:
        """Whether a span shares at least one letter with one of the set."""
        before = bisect_left(self._starts, span.end)
        return before > 0 and self._reach[before - 1] > span.start
