"""CSV for spreadsheets, and Anki text files.

A cell that a spreadsheet would run as a formula gets an apostrophe in front; so does one that begins with an
apostrophe, which makes the change exact to undo: `fused(defused(cell)) == cell`.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from app.formats.drafts import ImportedNote

COLUMNS: Final = (
    "guid", "deck", "kind", "format", "front", "back", "note", "text", "items", "choices",
    "reverse_front", "reverse_back", "tags",
)  # fmt: skip
_RUNS: Final = tuple("=+-@\t\r\n＝＋－＠'")
BYTE_ORDER_MARK: Final = "\ufeff"  # without it spreadsheets read UTF-8 as something else
_ANKI_FIELDS: Final = {"cloze": ("text", "note")}


def defused(cell: str) -> str:
    """The cell so that no spreadsheet runs it."""
    return "'" + cell if cell.startswith(_RUNS) else cell


def fused(cell: str) -> str:
    """The cell as it was before `defused`."""
    return cell[1:] if cell.startswith("'") else cell


def write_csv(notes: Iterable[ImportedNote], decks: dict[str, str]) -> Iterator[str]:
    """The notes as CSV text, piece by piece; `decks` gives the name for each deck key.

    Notes of kind "anki" have no columns here and are left out: they go into a package.
    """
    yield BYTE_ORDER_MARK + _row(COLUMNS)
    for note in notes:
        if note.kind == "anki":
            continue
        own = {
            **note.fields,
            "guid": note.guid,
            "deck": decks.get(note.deck, note.deck),
            "kind": note.kind,
            "format": note.format,
            "tags": " ".join(note.tags),
        }
        yield _row([defused(own.get(column, "")) for column in COLUMNS])


def write_anki_text(notes: Iterable[ImportedNote], decks: dict[str, str]) -> Iterator[str]:
    """The notes as a text file that Anki imports; what is no gap text is front, back and explanation."""
    yield "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\n"
    for note in notes:
        if note.kind == "anki":
            first, second = (*note.fields.values(), "", "")[:2]
        elif note.kind == "cloze":
            first, second = note.fields["text"], note.fields.get("note", "")
        else:
            first = note.fields.get("front", "")
            second = note.fields.get("back", "") or note.fields.get("items", "")
        if note.format == "text":
            first, second = (_as_html(value) for value in (first, second))
        kind = "Cloze" if note.kind == "cloze" else _STOCK.get(note.kind, "Basic")
        deck = decks.get(note.deck, note.deck)
        yield _row([note.guid, kind, deck, first, second, " ".join(note.tags)], "\t", "\n")


_STOCK: Final = {"reverse": "Basic (and reversed card)", "type": "Basic (type in the answer)"}


def _as_html(value: str) -> str:
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("\n", "<br>")


def _row(cells: Iterable[str], separator: str = ",", end: str = "\r\n") -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=separator, lineterminator=end).writerow(cells)
    return line.getvalue()
