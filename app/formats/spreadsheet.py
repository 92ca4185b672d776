"""CSV for spreadsheets, and Anki text files.

A cell that a spreadsheet would run as a formula gets an apostrophe in front; so does one that begins with an
apostrophe, which makes the change exact to undo: `fused(defused(cell)) == cell`.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from app.formats.anki_stock import OWN_TYPES, SHOWN, own_values
from app.formats.drafts import ImportedNote

COLUMNS: Final = (
    "guid", "deck", "kind", "format", "front", "back", "note", "text", "items", "choices",
    "reverse_front", "reverse_back", "tags",
)  # fmt: skip
_RUNS: Final = tuple("=+-@\t\r\n＝＋－＠'")
BYTE_ORDER_MARK: Final = "\ufeff"  # without it spreadsheets read UTF-8 as something else


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
    """The notes as a text file that Anki imports into its own note types.

    These have two fields. A list leaves as gaps, a choice with its choices in the question; the explanation
    follows the answer, but where Anki asks for the answer itself (both ways, typed) there is no place for it.
    """
    yield "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\n"
    for note in notes:
        kind, first, second = _for_anki(note)
        deck = decks.get(note.deck, note.deck)
        yield _row([note.guid, kind, deck, first, second, " ".join(note.tags)], "\t", "\n")


def _for_anki(note: ImportedNote) -> tuple[str, str, str]:
    """The name of Anki's note type, and its two fields as HTML."""
    if note.kind == "anki":
        first, second = (*note.fields.values(), "", "")[:2]
        return "Basic", first, second
    own = dict(zip(OWN_TYPES[note.kind].fields, own_values(note.kind, note.fields, note.format), strict=True))
    if note.kind in ("cloze", "list"):
        return "Cloze", own.get(SHOWN) or own["text"], own["note"]
    if note.kind in _ASKED_FOR:
        return _ASKED_FOR[note.kind], own["front"], own["back"]
    return "Basic", own.get(SHOWN) or own["front"], "<hr>".join(filter(None, (own["back"], own["note"])))


_ASKED_FOR: Final = {"reverse": "Basic (and reversed card)", "type": "Basic (type in the answer)"}


def _row(cells: Iterable[str], separator: str = ",", end: str = "\r\n") -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=separator, lineterminator=end).writerow(cells)
    return line.getvalue()
