"""Pages of Markdown that people keep for themselves, and the cards that a dialect finds in them.

A dialect (Obsidian's flashcards, hashcards, Mochi, plain headings) is a function from a page to `Found`; what
is the same for all of them stands here: front matter, code fences, gaps, states that a tool wrote down.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.core.notes import NoteKind
from app.formats.drafts import EventDraft, StateDraft

_FENCE: Final = re.compile(r" {0,3}(```+|~~~+)")
_TOP: Final = re.compile(r"(?:---|\+\+\+)\s*")
_KEY: Final = re.compile(r"([A-Za-z_-]{1,40})\s*[:=]\s*(.*)", re.DOTALL)
_LONGEST_FRONT_MATTER: Final = 200  # lines
_CODE: Final = re.compile(r"`[^`\n]*`")


@dataclass(frozen=True, slots=True)
class Page:
    """A file of Markdown: its path within the folder without its ending, levels by `/`.

    `around` is the one folder around everything in an archive, which is no part of the path.
    """

    path: str
    text: str
    around: str = ""

    @property
    def title(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its number from 1. `code`: it belongs to a fenced block."""

    number: int
    text: str
    code: bool = False

    @property
    def blank(self) -> bool:
        return not self.code and not self.text.strip()


@dataclass(frozen=True, slots=True)
class Found:
    """A note that a dialect found. `deck` are levels by `::` below the import's own deck.

    `events` are those of its cards, in the order of their faces; fewer than faces means none for the rest.
    `asked` is what identifies the note where its front alone does not.
    """

    line: int
    kind: NoteKind
    fields: dict[str, str]
    deck: str = ""
    tags: tuple[str, ...] = ()
    states: tuple[StateDraft, ...] = ()
    events: tuple[tuple[EventDraft, ...], ...] = ()
    guid: str = ""
    asked: str = ""


def rows_of(page: Page) -> tuple[dict[str, str], list[Row]]:
    """The page's front matter (simple keys only) and the rows below it."""
    lines = page.text.split("\n")
    values, begin = _front_matter(lines)
    rows, fence = [], ""
    for number, line in enumerate(lines[begin:], begin + 1):
        mark = _FENCE.match(line)
        inside = bool(fence)
        if mark and not fence:
            fence, inside = mark[1], True
        elif mark and mark[1].startswith(fence[0]) and len(mark[1]) >= len(fence):
            fence = ""
        rows.append(Row(number, line, inside))
    return values, rows


def blocks_of(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Runs of rows without a blank one; a fenced block stays whole."""
    block: list[Row] = []
    for row in rows:
        if not row.blank:
            block.append(row)
        elif block:
            yield block
            block = []
    if block:
        yield block


def text_of(rows: Sequence[Row]) -> str:
    return "\n".join(row.text.rstrip() for row in rows).strip("\n")


def outside_code(line: str) -> str:
    """The line with code spans blanked out, as long as before: where a mark is found in it, it is one."""
    return _CODE.sub(lambda match: " " * len(match[0]), line)


def gap(number: int, answer: str, hint: str = "") -> str:
    """A gap as our cloze texts write it."""
    return f"{{{{c{number}::{answer}{f'::{hint}' if hint else ''}}}}}"


def deck_of(*levels: str) -> str:
    """Levels, some of which may be empty or themselves several, as a deck's name."""
    parts = [part.strip() for level in levels for part in level.replace("::", "/").split("/")]
    return "::".join(part for part in parts if part)


def _front_matter(lines: list[str]) -> tuple[dict[str, str], int]:
    if not lines or not _TOP.fullmatch(lines[0]):
        return {}, 0
    for end, line in enumerate(lines[1:_LONGEST_FRONT_MATTER], 1):
        if line.strip() == lines[0].strip():
            return _values(lines[1:end]), end + 1
    return {}, 0


def _values(lines: list[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    key = ""
    for line in lines:
        match = _KEY.fullmatch(line)
        if match:
            key = match[1].lower()
            values[key] = match[2].strip().strip("\"'[]")
        elif key and line.lstrip().startswith("- "):
            values[key] = f"{values[key]} {line.strip()[2:]}".strip()
    return values
