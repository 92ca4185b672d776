"""Headings as cards: the heading asks, what stands below it answers; the headings above say where one is."""

import re
from collections.abc import Iterator
from typing import Final

from app.formats.pages import Found, Page, Row, deck_of, rows_of, text_of

_HEADING: Final = re.compile(r"(#{1,6})[ \t]+(.*)")


def find_cards(page: Page) -> Iterator[Found]:
    """A note for each heading with text of its own. A single top heading names the page's deck instead."""
    _, rows = rows_of(page)
    sections = list(_sections(rows))
    tops = [title for level, title, _, _ in sections if level == 1]
    named = tops[0] if len(tops) == 1 else ""
    deck = deck_of(page.folder, (named or page.title).replace("/", "／").replace("::", "："))
    path: list[tuple[int, str]] = []
    for level, title, number, body in sections:
        path = [part for part in path if part[0] < level]
        if body and title:
            above = [name for at, name in path if not (at == 1 and name == named)]
            front = " › ".join([*above, title])
            yield Found(number, "basic", {"front": front, "back": body}, deck)
        path.append((level, title))


def headings_with_text(page: Page) -> int:
    """How many cards the page would make."""
    return sum(1 for _ in find_cards(page))


def _sections(rows: list[Row]) -> Iterator[tuple[int, str, int, str]]:
    """(level, title, line, own text) of each heading."""
    open_: tuple[int, str, int] | None = None
    body: list[Row] = []
    for row in [*rows, Row(0, "# ")]:
        heading = None if row.code else _HEADING.fullmatch(row.text)
        if heading is None:
            body.append(row)
            continue
        if open_ is not None:
            yield (*open_, text_of(body).strip())
        open_, body = (len(heading[1]), _title(heading[2]), row.number), []


def _title(written: str) -> str:
    """Without the signs that may close a heading; those of a word such as C# stay."""
    plain = written.rstrip(" \t")
    bare = plain.rstrip("#")
    return bare.rstrip(" \t") if not bare or bare[-1] in " \t" else plain
