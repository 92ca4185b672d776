"""A workbook as one table: its sheets below each other where they have the same columns, each a deck."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.formats.archive import Archive
from app.formats.drafts import Header, Record, Skipped
from app.formats.limits import Limits
from app.formats.refusals import FileRefused
from app.formats.table import read_rows
from app.formats.table_columns import SEVERAL, heading_of, makes_cards, roles_of
from app.formats.table_layout import Layout, propose_for
from app.formats.workbook import WORKBOOK, Row, Sheet, read_workbook

_SAMPLE_ROWS: Final = 50
_BINARY: Final = "xl/workbook.bin"
_OPEN_DOCUMENT: Final = ("mimetype", "content.xml")


def is_workbook(archive: Archive) -> bool:
    """Also for kinds that are only refused in words."""
    return WORKBOOK in archive or _BINARY in archive or all(name in archive for name in _OPEN_DOCUMENT)


def read_sheets(archive: Archive, layout: Layout | None, *, deck: str, limits: Limits) -> Iterator[Record]:
    """The workbook's records, by the layout that the learner confirmed or else the proposed one.

    Raises FileRefused.
    """
    if WORKBOOK not in archive:
        raise FileRefused("table-old-office")
    sheets = list(read_workbook(archive, limits))
    if not sheets:
        raise FileRefused("file-nothing-inside")
    rows, columns, left_out = _one_table(sheets, deck)
    layout = layout or propose_for(rows, Layout("", columns), limits)
    own = [row for row in rows if row[0] >= layout.first_line]
    yield from read_rows(own, replace(layout, separator=""), Header("workbook"), deck=deck, limits=limits)
    yield from (Skipped("sheet", "sheet-differs", name) for name in left_out)


@dataclass(frozen=True, slots=True)
class _Named:
    """A sheet with the row that names its columns, as far as there is one."""

    sheet: Sheet
    names: tuple[str, ...] | None
    body: Sequence[Row]
    width: int

    @property
    def is_bank(self) -> bool:
        return self.names is not None and makes_cards(roles_of(self.names))

    def is_like(self, other: "_Named") -> bool:
        if self.names is None or other.names is None:
            return self.names is None and other.names is None and self.width == other.width
        return self.names == other.names or (self.is_bank and other.is_bank)


def _one_table(sheets: Sequence[Sheet], deck: str) -> tuple[list[Row], tuple[str, ...], list[str]]:
    """Rows, the roles that are known beforehand, and the names of sheets that do not fit."""
    found = [_named(sheet) for sheet in sheets]
    banks = (one for one in found if one.is_bank)
    wide = (one for one in found if one.width > 1)
    main = next(banks, None) or next(wide, found[0])
    alike = [one for one in found if one.is_like(main)]
    left_out = [one.sheet.name for one in found if not one.is_like(main)]
    if len(alike) == 1:
        return list(main.sheet.rows), (), left_out
    if main.names is None:
        rows = [
            (line, [*row, *[""] * (main.width - len(row)), f"{deck}::{one.sheet.name}"])
            for one in alike
            for line, row in one.body
        ]
        return rows, (*[""] * main.width, "deck"), left_out
    return _by_names(alike, deck), (), left_out


def _named(sheet: Sheet) -> _Named:
    cells = [row for _, row in sheet.rows[:_SAMPLE_ROWS]]
    width = max(len(row) for row in cells)
    heading = heading_of(cells)
    if heading is None:
        return _Named(sheet, None, sheet.rows, width)
    names = tuple(name.strip() for name in cells[heading])
    return _Named(sheet, names, sheet.rows[heading + 1 :], width)


def _by_names(alike: Sequence[_Named], deck: str) -> list[Row]:
    """All rows under one heading, each cell where the first sheet has what its own heading means."""
    heading: dict[str, str] = {}  # what a column is, and how the first sheet calls it
    for one in alike:
        for meant, name in zip(_meant(one.names or ()), one.names or (), strict=True):
            heading.setdefault(meant, name)
    places = {meant: place for place, meant in enumerate(heading)}
    own_deck = "deck" in places
    first = alike[0]
    line_of_heading = first.sheet.rows[len(first.sheet.rows) - len(first.body) - 1][0]
    rows = [(line_of_heading, [*heading.values(), *([] if own_deck else ["deck"])])]
    for one in alike:
        to = [places[meant] for meant in _meant(one.names or ())]
        for line, row in one.body:
            cells = [""] * len(rows[0][1])
            for place, cell in zip(to, row, strict=False):
                cells[place] = cell
            if not own_deck:
                cells[-1] = f"{deck}::{one.sheet.name}"
            # A sheet without a title begins higher; none of its rows may pass for one above the heading.
            rows.append((max(line, line_of_heading + 1), cells))
    return rows


def _meant(names: Sequence[str]) -> list[str]:
    """What each column is: its role (题目 and 题干 are one), else its name; told apart if twice."""
    meant: list[str] = []
    for place, (name, role) in enumerate(zip(names, roles_of(names), strict=True)):
        known = role if role and role not in SEVERAL else name
        meant.append(f"{known} {place}" if known in meant else known)
    return meant
