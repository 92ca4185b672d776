"""Facts that even flowing Chinese prose shows by its shape: clauses in parallel, and what leads to what."""

import re
from collections.abc import Iterator
from typing import Final

from app.text.clauses import Span, clauses, sentences
from app.text.found import Found, Passage

_LEADS_TO: Final = re.compile(
    "(?P<cause>[^，。；]{4,20}?)(?P<verb>则?(?:会导致|导致|造成|引起|不易|容易|往往|易(?=产生|造成|导致|受|发)|(?<=则)可能)(?:产生)?)(?P<effect>[^，。；]{2,16})"
)
_LEAST, _MOST = 3, 7


def parallels(passage: Passage) -> Iterator[Found]:
    """Clauses of one length in a row say one thing together: asked by what stands before the first."""
    if not passage.chinese:
        return
    for sentence in sentences(passage.span):
        parts = [part for part in clauses(sentence) if part.text]
        begin = 0
        while begin + 1 < len(parts):
            end = _run_end(parts, begin)
            if end - begin >= 2:
                yield _parallel(passage, parts[begin:end])
            begin = max(end, begin + 1)


def _run_end(parts: list[Span], begin: int) -> int:
    """Where the run ends whose length the second clause sets; the first may have words before it."""
    length = len(parts[begin + 1].text.rstrip("。"))
    if not _LEAST <= length <= _MOST or len(parts[begin].text) < length:
        return begin
    end = begin + 1
    while end < len(parts) and len(parts[end].text.rstrip("。")) == length:
        end += 1
    return end


def _parallel(passage: Passage, run: list[Span]) -> Found:
    length = len(run[1].text.rstrip("。"))
    before, first = run[0].text[:-length], run[0].text[-length:]
    members = [first.lstrip("：“"), *(part.text.rstrip("。”") for part in run[1:])]
    ask = f"{before.rstrip('：“')}怎样？" if before else f"哪{len(members)}句并列，从“{first[:2]}”说起？"
    span = Span(
        passage.span.text[run[0].start - passage.span.start : run[-1].end - passage.span.start], run[0].start
    )
    return Found("parallel", "list", span, (passage.ask(ask),), "，".join(members), 0.45, cue=before or first)


def effects(passage: Passage) -> Iterator[Found]:
    """A state of mind, a habit or a mistake, and what comes of it."""
    if not passage.chinese:
        return
    for sentence in sentences(passage.span):
        text = re.sub("^[^，]{2,14}中，", "", sentence.text.rstrip("。"))
        if match := _LEADS_TO.fullmatch(text):
            back = f"{match['verb'].removeprefix('则')}{match['effect']}"
            yield Found(
                "effect",
                "purpose",
                sentence,
                (passage.ask(f"{match['cause']}会怎样？"),),
                back,
                0.55,
                cue=match["cause"],
            )
