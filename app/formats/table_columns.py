"""Which column of a table is what: by its heading where it has a known one, else by what its cells hold."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from app.formats.question_bank import option_columns

# role -> the names under which spreadsheets have it
_NAMES: Final[dict[str, tuple[str, ...]]] = {
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
        "back", "answer", "definition", "meaning", "a", "背面", "答案", "答", "释义", "含义", "意思", "定义",
        "解释",
    ),
    "note": ("note", "notes", "extra", "explanation", "hint", "备注", "注", "说明", "注释", "解析"),
    "text": ("text", "cloze", "填空"),
    "items": ("items", "members", "列表"),
    "choices": ("choices", "options", "选项"),
    "reverse_front": ("reverse_front", "反问"),
    "reverse_back": ("reverse_back", "反答"),
}  # fmt: skip
ROLES: Final = (*_NAMES, "")
SEVERAL: Final = frozenset({"choices"})  # roles that several columns may have: one option in each
_BY_NAME: Final = {name: role for role, names in _NAMES.items() for name in names}
_WORDS_AROUND: Final = re.compile(r"(?:标准|参考|正确)?(.+?)(?:内容|描述|文本|正文)?")

_NUMBER: Final = re.compile(r"[A-Za-z#._-]{0,4}([0-9]{1,9})")
_TITLES: Final = 5  # rows in which a heading is looked for
_COUNTED_ROWS: Final = 3  # as many rows that count up are a column of numbers
_MOSTLY: Final = 0.8
_VARIED_ROWS: Final = 6  # fewer rows say nothing about how varied a column is
_VARIED: Final = 1 / 3  # of its cells differ where a column could be asked
_FILLED: Final = 0.5


def roles_of(names: Sequence[str]) -> list[str]:
    """The role of each heading, "" for one that is not known."""
    options = option_columns(names)
    return ["choices" if place in options else role_of(name) for place, name in enumerate(names)]


def role_of(name: str) -> str:
    """The role of a column with this heading, also where it says a little more: 标准答案, 题目内容."""
    plain = name.strip().casefold()
    around = _WORDS_AROUND.fullmatch(plain)
    return _BY_NAME.get(plain) or (_BY_NAME.get(around[1], "") if around else "")


def makes_cards(roles: Sequence[str]) -> bool:
    return {"front", "back"} <= set(roles) or "text" in roles


def heading_of(rows: Sequence[Sequence[str]]) -> int | None:
    """The place of the row that names the columns: the first one, or below titles of fewer cells."""
    for place, row in enumerate(rows[:_TITLES]):
        if _is_heading(row, rows[place + 1 :]):
            said = _said(row)
            return place if all(_said(title) < said for title in rows[:place]) else None
    return None


def _said(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip())


def _is_heading(first: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Two of its words are known, or it stands above columns that count."""
    if len({role for role in roles_of(first) if role}) > 1:
        return True
    return any(
        name.strip() and not _NUMBER.fullmatch(name.strip()) and _counts(_column(rest, place))
        for place, name in enumerate(first)
    )


def filled_in(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The roles with front, back and note for the first columns without one that read like them.

    Columns that only count or sort their rows (编号, 章节, 题型) ask nothing; they are passed over as long as
    two others are left.
    """
    roles = list(columns)
    free = [place for place, role in enumerate(roles) if not role]
    wanted = [role for role in ("front", "back", "note") if role not in roles]
    cells = {place: _column(rows, place) for place in free}
    talks = [place for place in free if _says_something(cells[place])]
    if "front" in wanted:
        while len(talks) > 2 and not _could_be_asked(cells[talks[0]], len(rows)):
            talks.pop(0)
    chosen = talks if len(talks) >= sum(role != "note" for role in wanted) else free
    for place, role in zip(chosen, wanted, strict=False):
        roles[place] = role
    return tuple(roles)


def _column(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    return [row[place].strip() if place < len(row) else "" for row in rows]


def _says_something(cells: Sequence[str]) -> bool:
    return any(cells) and not _counts(cells)


def _could_be_asked(cells: Sequence[str], rows: int) -> bool:
    said = [cell for cell in cells if cell]
    if len(said) < _FILLED * rows:
        return False
    return rows < _VARIED_ROWS or len(set(said)) > _VARIED * len(said)


def _counts(cells: Sequence[str]) -> bool:
    """Whether the column only numbers its rows: 1, 2, 3…, Q001, Q002…, 1, 1, 2…, or anew in each chapter."""
    found = [_NUMBER.fullmatch(cell) for cell in cells if cell]
    numbers = [int(match[1]) for match in found if match]
    if len(numbers) < max(_COUNTED_ROWS, _MOSTLY * len(found)):
        return False
    steps = [later - earlier in (0, 1) or later in (0, 1) for earlier, later in pairwise(numbers)]
    return sum(steps) >= _MOSTLY * len(steps)
