"""The flashcards of Obsidian's spaced-repetition plugin.

`question::answer`, `question:::answer` both ways, a line `?` or `??` between the two sides, ==gaps==, decks
by the tag #flashcards/deck/below, and `<!--SR:!due,interval,ease!…-->` with the dates it has written down.
In a folder where some pages carry the tag, the others hold no cards.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import dropwhile, pairwise
from typing import Final

from app.core.notes import NoteKind
from app.formats.anki_schedule import memory_of_sm2, seed_event
from app.formats.drafts import EventDraft, StateDraft
from app.formats.pages import Found, Page, Row, blocks_of, deck_of, gap, outside_code, rows_of, text_of

_TAG: Final = re.compile(r"(?<!\S)#flashcards?((?:/[\w-]+)*)(?!\S)")
_ANY_TAG: Final = re.compile(r"(?<!\S)#(?![0-9]+(?!\S))([^\s#.,;:!?()\[\]{}'\"`]{1,100})(?!\S)")
_SCHEDULE: Final = re.compile(
    r"(?:(?<![ \t])[ \t]+)?<!--SR:((?:![0-9]{4}-[0-9]{2}-[0-9]{2},[0-9.]{1,10},[0-9.]{1,10})+)-->"
)
_ENTRY: Final = re.compile(r"!([0-9]{4}-[0-9]{2}-[0-9]{2}),([0-9.]{1,10}),([0-9.]{1,10})")
_INLINE: Final = re.compile(r"(?<!:)(:::|::)(?!:)")
_HIGHLIGHT: Final = re.compile(r"==(?=\S)([^=\n]+)==(?:\^\[([^\[\]\n]{0,1000})\])?")
_EMBED: Final = re.compile(r"!\[\[([^\[\]|#\n]+)(?:[|#][^\[\]\n]*)?\]\]")
_LINK: Final = re.compile(r"(?<!!)\[\[(?:[^\[\]|\n]*\|)?([^\[\]|\n]+)\]\]")
_COMMENT: Final = re.compile(r"%%[^%\n]*%%")
_EPOCH: Final = date(1970, 1, 1).toordinal()
_NEVER_REVIEWED: Final = "2000-01-01"  # what the plugin writes for a sibling that was not shown yet
_DAY_MS: Final = 86_400_000


def looks_like_obsidian(text: str) -> bool:
    """Whether the page uses any of the plugin's marks."""
    if is_plainly_obsidian(text) or _HIGHLIGHT.search(text):
        return True
    return any(_mark(row) for row in text.split("\n"))


def is_plainly_obsidian(text: str) -> bool:
    """Whether the page has marks that nothing else has: the tag, dates, or a line that is only a `?`."""
    lines = {row.strip() for row in text.split("\n")}
    return bool(_TAG.search(text) or _SCHEDULE.search(text) or {"?", "??"} & lines)


def has_tag(page: Page) -> bool:
    """Whether the page, or its front matter, says that it holds flashcards."""
    values, _ = rows_of(page)
    return "flashcards" in values.get("tags", "") or _TAG.search(page.text) is not None


def find_cards(page: Page) -> Iterator[Found]:
    """The page's notes in order."""
    values, rows = rows_of(page)
    common = tuple(tag.strip("#,") for tag in values.get("tags", "").split() if "flashcards" not in tag)
    deck = deck_of(page.folder)
    for block in blocks_of(rows):
        lines = [row for row in block if not row.code]
        above = next((tag for row in lines if _only_tags(row.text) and (tag := _TAG.search(row.text))), None)
        if above:
            deck = deck_of(above[1]) or deck
        own = next(
            (tag for row in lines if not _only_tags(row.text) and (tag := _TAG.search(row.text))), None
        )
        below = dropwhile(lambda row: _only_tags(row.text), lines)
        tags = [tag for row in below if _only_tags(row.text) for tag in _ANY_TAG.findall(row.text)]
        yield from _cards(
            [row for row in block if row.code or not _only_tags(row.text)],
            (deck_of(own[1]) if own else "") or deck,
            (*common, *(tag for tag in tags if not tag.startswith("flashcards"))),
        )


def _only_tags(line: str) -> bool:
    """Whether a line holds tags alone: none of the cards' text. Above them it says where those below belong,
    under them it is theirs."""
    return bool(line.strip()) and not _ANY_TAG.sub("", line).strip()


def _cards(block: Sequence[Row], deck: str, tags: tuple[str, ...]) -> Iterator[Found]:
    parted = next(
        (
            place
            for place, row in enumerate(block)
            if 0 < place < len(block) - 1 and not row.code and row.text.strip() in ("?", "??")
        ),
        None,
    )
    if parted is not None:
        kind: NoteKind = "basic" if block[parted].text.strip() == "?" else "reverse"
        front, back = _clean(block[:parted]), _clean(block[parted + 1 :])
        yield _found(block[0].number, kind, {"front": front, "back": back}, deck, tags, block)
        return
    inline = [place for place, row in enumerate(block) if not row.code and _mark(row.text)]
    for place, following in pairwise([*inline, len(block)]):
        yield from _inline_card(block[place], deck, tags, block[place:following])
    if not inline and any(not row.code and _HIGHLIGHT.search(outside_code(row.text)) for row in block):
        yield _found(block[0].number, "cloze", {"text": _gapped(_clean(block))}, deck, tags, block)


def _mark(line: str) -> re.Match[str] | None:
    if line.lstrip().startswith(("|", "<!--")):
        return None
    return _INLINE.search(outside_code(line))


def _inline_card(row: Row, deck: str, tags: tuple[str, ...], rows: Sequence[Row]) -> Iterator[Found]:
    line = _SCHEDULE.sub("", row.text)
    mark = _mark(line)
    if mark is not None:
        front = _clean(
            [Row(row.number, re.sub(r"^\s*(?:[-*+]|[0-9]{1,4}[.)])\s+", "", line[: mark.start()]))]
        )
        back = _clean([Row(row.number, line[mark.end() :])])
        kind: NoteKind = "basic" if mark[1] == "::" else "reverse"
        yield _found(row.number, kind, {"front": front, "back": back}, deck, tags, rows)


def _found(
    line: int, kind: NoteKind, fields: dict[str, str], deck: str, tags: tuple[str, ...], rows: Sequence[Row]
) -> Found:
    text = text_of(rows)
    states = tuple(_states(text))
    own = [tag for tag in _ANY_TAG.findall(text) if not tag.startswith("flashcards")]
    return Found(
        line, kind, fields, deck, tuple(dict.fromkeys((*tags, *own))), states,
        tuple(_events(state) for state in states),
    )  # fmt: skip


def _clean(rows: Sequence[Row]) -> str:
    """The rows without what is no content: dates, deck tags, comments; links as their words."""
    cleaned = []
    for row in rows:
        if row.code:
            cleaned.append(row)
            continue
        text = _COMMENT.sub("", _ANY_TAG.sub("", _SCHEDULE.sub("", row.text)))
        text = _LINK.sub(r"\1", _EMBED.sub(r"![](\1)", text))
        if text.strip() or not row.text.strip():
            cleaned.append(Row(row.number, text))
    return text_of(cleaned).strip()


def _gapped(text: str) -> str:
    numbers = iter(range(1, len(text)))
    return _HIGHLIGHT.sub(lambda match: gap(next(numbers), match[1].strip(), (match[2] or "").strip()), text)


def _states(text: str) -> Iterator[StateDraft]:
    for written in _SCHEDULE.findall(text):
        for due, interval, ease in _ENTRY.findall(written):
            yield StateDraft() if due == _NEVER_REVIEWED else _state(due, interval, ease)


def _state(due: str, interval: str, ease: str) -> StateDraft:
    try:
        day = date.fromisoformat(due).toordinal() - _EPOCH
        span = min(max(round(float(interval)), 1), 36_500)
        factor = min(max(round(float(ease) * 10), 1_300), 10_000)
    except ValueError:
        return StateDraft()
    stability, difficulty = memory_of_sm2(span, factor)
    return StateDraft(
        2, stability, difficulty, due_day=day, last_day=day - span, interval=span, reps=1
    )  # fmt: skip


def _events(state: StateDraft) -> tuple[EventDraft, ...]:
    if state.phase == 0 or state.last_day is None:
        return ()
    return (seed_event(state, state.last_day * _DAY_MS + _DAY_MS // 2, state.last_day),)
