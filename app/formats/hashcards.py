"""hashcards: `Q:` and `A:` blocks, and `C:` texts whose [brackets] are gaps, each a card of its own."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from app.formats.pages import Found, Page, Row, deck_of, gap, rows_of, text_of

_BEGINS: Final = re.compile(r"([QAC]):(?!:)\s?(.*)", re.DOTALL)
_BRACKETS: Final = re.compile(r"(?<![!\\])\[((?:[^\[\]\\\n]|\\.)+)\](?!\()")
_ITALIC: Final = re.compile(
    r"(?<![\w\\/`$_])_(?![\s_])([^_`$\n]{1,500})(?<![\s\\])_(?![\w_])(?![^`\n]{0,500}`(?=$|\s))"
)
_ESCAPED: Final = re.compile(r"\\([\[\]])")


def looks_like_hashcards(text: str) -> bool:
    """Whether the page has cards of this kind: a gap text, or a question with its answer."""
    begins = {row[:2] for row in text.split("\n")}
    return {"Q:", "A:"} <= begins or has_gaps(text)


def has_gaps(text: str) -> bool:
    """Whether a line begins a gap text with brackets in it."""
    return any(row.startswith("C:") and _BRACKETS.search(row) for row in text.split("\n"))


def find_cards(page: Page) -> Iterator[Found]:
    """The page's notes in order. The front matter's `name` names the deck, else the file."""
    values, rows = rows_of(page)
    deck = deck_of(page.folder, values.get("name", "") or page.title)
    open_: dict[str, list[Row]] = {}
    part = ""
    for row in [*rows, Row(0, "---")]:
        begins = None if row.code else _BEGINS.fullmatch(row.text)
        if row.text.strip() == "---" and not row.code:
            yield from _card(open_, deck)
            open_, part = {}, ""
        elif begins:
            if begins[1] in "QC":
                yield from _card(open_, deck)
                open_ = {}
            part = begins[1]
            open_.setdefault(part, []).append(Row(row.number, begins[2]))
        elif part:
            open_[part].append(row)


def _card(parts: dict[str, list[Row]], deck: str) -> Iterator[Found]:
    if "Q" in parts:
        fields = {"front": _value(parts["Q"]), "back": _value(parts.get("A", []))}
        yield Found(parts["Q"][0].number, "basic", fields, deck)
    elif "C" in parts:
        yield Found(parts["C"][0].number, "cloze", {"text": _gapped(_value(parts["C"]))}, deck)


def _value(rows: Sequence[Row]) -> str:
    return _ITALIC.sub(r"*\1*", text_of(rows).strip())


def _gapped(text: str) -> str:
    numbers = iter(range(1, len(text) + 1))
    return _ESCAPED.sub(r"\1", _BRACKETS.sub(lambda match: gap(next(numbers), match[1].strip()), text))
