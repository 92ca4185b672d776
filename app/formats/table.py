"""Tables (CSV, TSV, semicolons, Anki text) as notes: a preview with a proposal first, then the records."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, get_args

from app.core.notes import InvalidNote, NoteKind, faces
from app.formats.anki_values import deck_name, tags_of, words
from app.formats.decoding import decode
from app.formats.drafts import (
    LONGEST_GUID,
    Format,
    Generation,
    Header,
    ImportedDeck,
    ImportedNote,
    Record,
    Skipped,
    TableDraft,
)
from app.formats.limits import DEFAULT_LIMITS, Limits
from app.formats.markup import MarkupTooLarge, check_markup
from app.formats.question_bank import as_question
from app.formats.refusals import FileRefused
from app.formats.spreadsheet import fused
from app.formats.table_layout import Layout, check_columns, from_first_line, propose, rows_of, separator_of

PREVIEW_ROWS: Final = 20
CELL_SHOWN: Final = 200
_KINDS: Final = frozenset(get_args(NoteKind))
_NOTE_FIELDS: Final = frozenset(
    {"front", "back", "note", "text", "items", "choices", "reverse_front", "reverse_back"}
)


@dataclass(frozen=True, slots=True)
class TablePreview:
    """What the learner sees before the import: the proposal, the first rows, and what they would become."""

    layout: Layout
    encoding: str
    guessed_encoding: bool
    rows: tuple[tuple[str, ...], ...]
    total: int


def preview_table(data: bytes, limits: Limits = DEFAULT_LIMITS) -> TablePreview:
    """Raises FileRefused when it is no table."""
    decoded = decode(data, limits)
    layout = propose(decoded.text, limits)
    rows = rows_of(from_first_line(decoded.text, layout), layout, limits)
    shown = tuple(tuple(cell[:CELL_SHOWN] for cell in row) for _, row in rows[:PREVIEW_ROWS])
    return TablePreview(layout, decoded.encoding, decoded.guessed, shown, len(rows))


def read_table(
    data: bytes, layout: Layout | None = None, *, deck: str = "", limits: Limits = DEFAULT_LIMITS
) -> Iterator[Record]:
    """The table's records, by the layout that the learner confirmed or else the proposed one.

    `deck` names the deck of rows that name none. Raises FileRefused.
    """
    decoded = decode(data, limits)
    layout = layout or propose(decoded.text, limits)
    body = from_first_line(decoded.text, layout)
    if not layout.separator:
        layout = replace(layout, separator=separator_of(body))
    generation: Generation = "anki-text" if layout.field_names or layout.first_line > 2 else "table"
    header = Header(generation, encoding=decoded.encoding, guessed_encoding=decoded.guessed)
    yield from read_rows(rows_of(body, layout, limits), layout, header, deck=deck, limits=limits)


def read_rows(
    rows: Sequence[tuple[int, Sequence[str]]], layout: Layout, header: Header, *, deck: str, limits: Limits
) -> Iterator[Record]:
    """The records of rows that are numbered as the learner's own program shows them. Raises FileRefused."""
    check_columns(layout.columns)
    if not rows:
        raise FileRefused("file-nothing-inside")
    yield replace(header, notes=len(rows))
    shown = tuple(tuple(cell[:CELL_SHOWN] for cell in row) for _, row in rows[:PREVIEW_ROWS])
    yield TableDraft(layout.separator, layout.columns, layout.first_line, layout.html, shown, len(rows))
    yield from _Rows(layout, deck, limits).records(rows)


class _Rows:
    """Turns rows into notes; remembers decks and identities."""

    def __init__(self, layout: Layout, deck: str, limits: Limits) -> None:
        self._layout, self._limits = layout, limits
        self._deck = deck_name(layout.deck or deck or "-")
        self._guids: set[str] = set()

    def records(self, rows: Sequence[tuple[int, Sequence[str]]]) -> Iterator[Record]:
        place = self._layout.columns.index("deck") if "deck" in self._layout.columns else -1
        decks = dict.fromkeys(
            deck_name(self._cell(row[place])) if 0 <= place < len(row) and row[place].strip() else self._deck
            for _, row in rows
        )
        yield from (ImportedDeck(name, name) for name in decks)
        for line, row in rows:
            yield self._note(line, row)

    def _note(self, line: int, row: Sequence[str]) -> ImportedNote | Skipped:
        try:
            for cell in row:
                check_markup(cell, self._limits)
        except MarkupTooLarge as refusal:
            long = refusal.reason == "field-too-long"
            return Skipped("note", "cell-too-long" if long else refusal.reason, str(line))
        values = self._values(row)
        form: Format = "html" if self._layout.html or values.get("format") == "html" else "text"
        kind, fields = self._kind(values)
        try:
            faces(kind, fields)
        except InvalidNote as refusal:
            return Skipped("note", "row-empty" if refusal.reason == "missing" else "row-invalid", str(line))
        guid = values.get("guid", "").strip()[:LONGEST_GUID] or derived_guid(kind, fields)
        if guid in self._guids:
            return Skipped("note", "repeated", str(line))
        self._guids.add(guid)
        deck = deck_name(values["deck"]) if "deck" in values else self._deck
        tags = tuple(dict.fromkeys((*self._layout.tags, *tags_of(values.get("tags", "")))))
        note_type = values.get("notetype", self._layout.note_type).strip()[:200]
        return ImportedNote(guid, kind, fields, deck, form, tags, note_type, line=line)

    def _values(self, row: Sequence[str]) -> dict[str, str]:
        """What the row says in each role; of several columns with one role a line each."""
        values: dict[str, str] = {}
        for role, cell in zip(self._layout.columns, row, strict=False):
            if role and cell.strip():
                said = self._cell(cell)
                if self._layout.columns.count(role) > 1:
                    said = " ".join(said.split("\n"))
                values[role] = f"{values[role]}\n{said}" if role in values else said
        return values

    def _kind(self, values: dict[str, str]) -> tuple[NoteKind, dict[str, str]]:
        fields = {role: value for role, value in values.items() if role in _NOTE_FIELDS}
        named = values.get("kind", "").strip()
        for kind in get_args(NoteKind):
            if kind == named:
                return kind, fields
        if "choices" in fields:
            return as_question(fields)
        cloze = "{{c1::" in fields.get("front", "") or "cloze" in self._layout.note_type.casefold()
        if cloze and "text" not in fields and "front" in fields:
            moved = {"text": fields["front"], "note": fields.get("back", "")}
            return "cloze", {role: value for role, value in moved.items() if value}
        if "text" in fields and "front" not in fields:
            return "cloze", fields
        if "reversed" in self._layout.note_type.casefold():
            return "reverse", fields
        return "basic", fields

    def _cell(self, cell: str) -> str:
        return fused(words(cell)) if self._layout.defused else words(cell)


def derived_guid(kind: str, fields: dict[str, str]) -> str:
    """The identity of a row that names none: a hash of what it asks, as in our deck files."""
    asked = fields.get("front") or fields.get("text", "")
    return "t" + hashlib.sha256(f"{kind}\n{asked}".encode()).hexdigest()[:15]


def with_columns(layout: Layout, columns: tuple[str, ...]) -> Layout:
    """The layout with the columns that a learner chose. Raises FileRefused("table-columns")."""
    check_columns(columns)
    return replace(layout, columns=columns)
