"""How a table is laid out: Anki's `#` headers, the separator, and which column is what.

All of it is a proposal that the learner sees beside the first rows, and may change.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from app.formats.limits import Limits
from app.formats.refusals import FileRefused
from app.formats.table_columns import ROLES, SEVERAL, filled_in, heading_of, makes_cards, roles_of

SEPARATORS: Final = ("\t", ";", ",", "|")
_NAMED_SEPARATORS: Final = {
    "tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "colon": ":", "space": " ", "\\t": "\t",
}  # fmt: skip
_HEADER: Final = re.compile(r"#([a-z ]{2,20}):(.*)")
_QUOTED: Final = re.compile(r'"[^"]*+"')
_SAMPLE_ROWS: Final = 50
_TAGS: Final = re.compile(
    r"<br\s?/?>|</(?:a|b|i|u|s|p|em|li|ol|ul|td|tr|div|sub|sup|font|span|code|table|strong)>|<img\s",
    re.IGNORECASE,
)

_OUR_HEAD: Final = ("guid", "deck", "kind")


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns` are roles by place, "" for one left out. `first_line` counts from 1."""

    separator: str
    columns: tuple[str, ...]
    first_line: int = 1
    html: bool = False
    html_said: bool = False  # rather than guessed
    defused: bool = False  # written by us: cells carry a quote against spreadsheets
    deck: str = ""
    note_type: str = ""
    tags: tuple[str, ...] = ()
    field_names: tuple[str, ...] = ()
    options: dict[str, str] = field(default_factory=dict)  # `if matches`, `match scope`


def propose(text: str, limits: Limits) -> Layout:
    """The layout that the text itself suggests.

    Raises FileRefused: "table-header", "table-no-columns", "table-too-wide".
    """
    layout = _headers(text)
    body = _from_line(text, layout.first_line)
    layout = replace(layout, separator=layout.separator or separator_of(body))
    return propose_for(rows_of(body, layout, limits), layout, limits)


def propose_for(rows: Sequence[tuple[int, Sequence[str]]], layout: Layout, limits: Limits) -> Layout:
    """The layout with the roles of its columns, as these rows suggest them.

    Raises FileRefused: "table-no-columns", "table-too-wide".
    """
    sample = rows[:_SAMPLE_ROWS]
    width = max((len(row) for _, row in sample), default=0)
    if width < 1:
        raise FileRefused("table-no-columns")
    if width > limits.columns:
        raise FileRefused("table-too-wide", limit=limits.columns)
    cells = [row for _, row in sample]
    heading = None if layout.field_names else heading_of(cells)
    names: Sequence[str] = layout.field_names
    if heading is not None:
        names, cells = cells[heading], cells[heading + 1 :]
        layout = replace(layout, first_line=sample[heading][0] + 1)
    defused = tuple(roles_of(names)[:3]) == _OUR_HEAD
    columns = _named(layout, names, width)
    if not makes_cards(columns):
        columns = filled_in(columns, cells)
    if not makes_cards(columns) and not layout.field_names:
        raise FileRefused("table-no-columns")
    html = layout.html or (not layout.html_said and not defused and _is_html(cells))
    return replace(layout, columns=columns, defused=defused, html=html)


def _is_html(rows: Sequence[Sequence[str]]) -> bool:
    return any(_TAGS.search(cell) for row in rows for cell in row)


def check_columns(columns: Sequence[str]) -> None:
    """Raises FileRefused("table-columns") for roles unknown, chosen twice, or too few to make a card."""
    chosen = Counter(role for role in columns if role)
    for role, times in chosen.items():
        if role not in ROLES or (times > 1 and role not in SEVERAL):
            raise FileRefused("table-columns", column=role[:40])
    if not makes_cards(list(chosen)):
        raise FileRefused("table-no-columns")


def rows_of(text: str, layout: Layout, limits: Limits) -> list[tuple[int, list[str]]]:
    """Rows with the line each begins on, blank ones left out. `text` begins at `layout.first_line`.

    Quotes are read as spreadsheets write them, or as letters where the file plainly uses them so.
    Raises FileRefused: "table-quote-open", "too-many-rows".
    """
    try:
        return _parsed(text, layout, limits, csv.QUOTE_MINIMAL)
    except _QuotesAreLetters:
        return _parsed(text, layout, limits, csv.QUOTE_NONE)


class _QuotesAreLetters(ValueError):
    """A cell goes on after its closing quote: `"A" is the first`."""


def _parsed(text: str, layout: Layout, limits: Limits, quoting: Any) -> list[tuple[int, list[str]]]:
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=layout.separator, quoting=quoting, strict=True)
    rows = []
    begins = layout.first_line
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((begins, row))
            if len(rows) > limits.notes:
                raise FileRefused("too-many-rows", what="notes", limit=limits.notes)
            begins = layout.first_line + reader.line_num
    except csv.Error as error:
        if "expected after" in str(error):
            raise _QuotesAreLetters from error
        raise FileRefused("table-quote-open", line=begins) from error
    return rows


def from_first_line(text: str, layout: Layout) -> str:
    return _from_line(text, layout.first_line)


def _from_line(text: str, line: int) -> str:
    position = 0
    for _ in range(line - 1):
        end = text.find("\n", position)
        if end < 0:
            return ""
        position = end + 1
    return text[position:]


def _headers(text: str) -> Layout:
    """Anki's own: https://docs.ankiweb.net/importing/text-files.html#file-headers."""
    layout = Layout("", ())
    places: dict[str, int] = {}
    line = 1
    for row in text[:65_536].split("\n"):
        match = _HEADER.fullmatch(row.strip())
        if match is None and not row.startswith("#"):
            break
        if match is not None:
            layout = _header(layout, places, match[1].strip(), match[2].strip(), line)
        line += 1
    columns = [""] * max(places.values(), default=0)
    for role, place in places.items():
        columns[place - 1] = role
    return replace(layout, first_line=line, columns=tuple(columns))


def _header(layout: Layout, places: dict[str, int], key: str, value: str, line: int) -> Layout:
    if key == "separator":
        separator = _NAMED_SEPARATORS.get(value.casefold(), value)
        if len(separator) != 1 or separator in '"\n\r':
            raise FileRefused("table-header", line=line, key=key)
        return replace(layout, separator=separator)
    if key.endswith(" column"):
        role = key.removesuffix(" column").replace(" ", "")
        if role not in {"guid", "deck", "notetype", "tags"} or not re.fullmatch("[1-9][0-9]?", value):
            raise FileRefused("table-header", line=line, key=key)
        places[role] = int(value)
        return layout
    if key == "html":
        return replace(layout, html=value.casefold() == "true", html_said=True)
    if key == "tags":
        return replace(layout, tags=tuple(value.split()))
    if key == "columns":
        names = next(csv.reader([value], delimiter=layout.separator or separator_of(value)), [])
        return replace(layout, field_names=tuple(names))
    if key == "deck":
        return replace(layout, deck=value)
    if key == "notetype":
        return replace(layout, note_type=value)
    if key in ("if matches", "match scope"):
        return replace(layout, options={**layout.options, key: value})
    return layout  # a remark


def _named(layout: Layout, names: Sequence[str], width: int) -> tuple[str, ...]:
    """The roles that headers or headings tell, each once."""
    columns = [*layout.columns, *[""] * (width - len(layout.columns))][:width]
    taken = {role for role in columns if role}
    for place, role in enumerate(roles_of(names[:width])):
        if not columns[place] and role and (role in SEVERAL or role not in taken):
            columns[place] = role
            taken.add(role)
    return tuple(columns)


def separator_of(text: str) -> str:
    """The separator between known column names, else the one that cuts most of the first rows alike."""
    sample = text[:65_536]
    first = sample.split("\n", 1)[0]
    for separator in SEPARATORS:
        if sum(map(bool, roles_of(first.split(separator)))) >= 2:
            return separator
    rows = [row for row in _QUOTED.sub("", sample).split("\n")[:_SAMPLE_ROWS] if row.strip()]
    best, found = 0.0, "\t"
    for separator in SEPARATORS:
        counts = Counter(row.count(separator) for row in rows)
        cuts, times = max(counts.items(), key=lambda item: (item[0] > 0) * item[1], default=(0, 0))
        share = times / len(rows) if cuts else 0.0
        if share > best + 0.1:
            best, found = share, separator
    return found
