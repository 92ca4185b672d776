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
from app.formats.question_bank import option_columns
from app.formats.refusals import FileRefused

SEPARATORS: Final = ("\t", ";", ",", "|")
_NAMED_SEPARATORS: Final = {
    "tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "colon": ":", "space": " ", "\\t": "\t",
}  # fmt: skip
_HEADER: Final = re.compile(r"#([a-z ]{2,20}):(.*)")
_QUOTED: Final = re.compile(r'"[^"]*+"')
_SAMPLE_ROWS: Final = 50

# role -> the names under which spreadsheets have it
_COLUMN_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "guid": ("guid",),
    "deck": ("deck", "牌组", "卡组"),
    "kind": ("kind", "题型"),
    "format": ("format",),
    "notetype": ("notetype", "note type", "笔记类型"),
    "tags": ("tags", "tag", "标签"),
    "front": (
        "front", "question", "term", "word", "q", "正面", "问题", "题目", "题干", "试题", "考题", "问",
        "术语", "名词", "单词", "词语",
    ),
    "back": (
        "back", "answer", "definition", "meaning", "a", "背面", "答案", "答", "释义", "含义", "定义", "解释",
    ),
    "note": ("note", "notes", "extra", "explanation", "hint", "备注", "注", "说明", "注释", "解析"),
    "text": ("text", "cloze", "填空"),
    "items": ("items", "members", "列表"),
    "choices": ("choices", "options", "选项"),
    "reverse_front": ("reverse_front", "反问"),
    "reverse_back": ("reverse_back", "反答"),
}  # fmt: skip
ROLES: Final = (*_COLUMN_NAMES, "")
SEVERAL: Final = frozenset({"choices"})  # roles that several columns may have: one option in each
_BY_NAME: Final = {name: role for role, names in _COLUMN_NAMES.items() for name in names}
_WORDS_AROUND: Final = re.compile(r"(?:标准|参考|正确)?(.+?)(?:内容|描述|文本|正文)?")
_COUNTED_ROWS: Final = 3  # as many rows that count up are a column of numbers
_OUR_HEAD: Final = ("guid", "deck", "kind")


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns` are roles by place, "" for one left out. `first_line` counts from 1."""

    separator: str
    columns: tuple[str, ...]
    first_line: int = 1
    html: bool = False
    defused: bool = False  # written by us: cells carry a quote against spreadsheets
    deck: str = ""
    note_type: str = ""
    tags: tuple[str, ...] = ()
    field_names: tuple[str, ...] = ()
    options: dict[str, str] = field(default_factory=dict)  # `if matches`, `match scope`


def propose(text: str, limits: Limits) -> Layout:
    """The layout that the text itself suggests. Raises FileRefused: "table-header", "table-no-columns"."""
    layout = _headers(text)
    body = _from_line(text, layout.first_line)
    separator = layout.separator or _separator(body)
    layout = replace(layout, separator=separator)
    head = rows_of(body, layout, limits)[:_SAMPLE_ROWS]
    width = max((len(row) for _, row in head), default=0)
    if width < 1 or width > limits.columns:
        raise FileRefused("table-no-columns")
    if layout.field_names:
        return replace(layout, columns=_with_names(layout, layout.field_names, width))
    first_line, names = head[0]
    roles = _roles_of(names)
    known = [role for role in roles if role and role not in SEVERAL]
    if len(known) >= 2 and len(set(known)) == len(known) and _makes_cards(known):
        defused = tuple(roles[:3]) == _OUR_HEAD
        next_line = first_line + 1
        return replace(layout, columns=tuple(roles), first_line=next_line, defused=defused)
    layout = replace(layout, columns=_with_names(layout, (), width, left_out=_numbering(head, width)))
    if not _makes_cards(layout.columns):
        raise FileRefused("table-no-columns")
    return layout


def check_columns(columns: Sequence[str]) -> None:
    """Raises FileRefused("table-columns") for roles unknown, chosen twice, or too few to make a card."""
    chosen = Counter(role for role in columns if role)
    for role, times in chosen.items():
        if role not in ROLES or (times > 1 and role not in SEVERAL):
            raise FileRefused("table-columns", column=role[:40])
    if not _makes_cards(list(chosen)):
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
        return replace(layout, html=value.casefold() == "true")
    if key == "tags":
        return replace(layout, tags=tuple(value.split()))
    if key == "columns":
        names = next(csv.reader([value], delimiter=layout.separator or _separator(value)), [])
        return replace(layout, field_names=tuple(names))
    if key == "deck":
        return replace(layout, deck=value)
    if key == "notetype":
        return replace(layout, note_type=value)
    if key in ("if matches", "match scope"):
        return replace(layout, options={**layout.options, key: value})
    return layout  # a remark


def _roles_of(names: Sequence[str]) -> list[str]:
    options = option_columns(names)
    return ["choices" if place in options else _role_of(name) for place, name in enumerate(names)]


def _role_of(name: str) -> str:
    """The role of a column with this heading, also where it says a little more: 标准答案, 题目内容."""
    plain = name.strip().casefold()
    around = _WORDS_AROUND.fullmatch(plain)
    return _BY_NAME.get(plain) or (_BY_NAME.get(around[1], "") if around else "")


def _numbering(rows: Sequence[tuple[int, Sequence[str]]], width: int) -> frozenset[int]:
    """Columns that only count their rows; none where leaving them out would leave no card."""
    if len(rows) < _COUNTED_ROWS or width < 3:
        return frozenset()
    found = frozenset(place for place in range(width) if _counts([row[place : place + 1] for _, row in rows]))
    return found if width - len(found) >= 2 else frozenset()


def _counts(cells: Sequence[Sequence[str]]) -> bool:
    said = ["".join(cell).strip() for cell in cells]
    return said[0] in ("0", "1") and said == [str(int(said[0]) + place) for place in range(len(said))]


def _with_names(
    layout: Layout, names: Sequence[str], width: int, *, left_out: frozenset[int] = frozenset()
) -> tuple[str, ...]:
    """Roles by name where columns are named, then front, back and note for those without one, in order."""
    columns = [*layout.columns, *[""] * (width - len(layout.columns))][:width]
    taken = {role for role in columns if role}
    for place, name in enumerate(names[:width]):
        role = _role_of(name)
        if not columns[place] and role and role not in taken:
            columns[place] = role
            taken.add(role)
    if not _makes_cards(columns):
        rest = [role for role in ("front", "back", "note") if role not in taken]
        free = [place for place, role in enumerate(columns) if not role and place not in left_out]
        for place, role in zip(free, rest, strict=False):
            columns[place] = role
    return tuple(columns)


def _makes_cards(roles: Sequence[str]) -> bool:
    return {"front", "back"} <= set(roles) or "text" in roles


def _separator(text: str) -> str:
    """The separator between known column names, else the one that cuts most of the first rows alike."""
    sample = text[:65_536]
    first = sample.split("\n", 1)[0]
    for separator in SEPARATORS:
        if sum(map(bool, _roles_of(first.split(separator)))) >= 2:
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
