"""Lists that somebody pastes: one pair a line with anything between, or questions marked `Q:` and `A:`."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from app.core.notes import InvalidNote, NoteKind, faces
from app.formats.anki_values import deck_name, words
from app.formats.decoding import decode
from app.formats.drafts import Generation, Header, ImportedDeck, ImportedNote, Record, Skipped
from app.formats.limits import DEFAULT_LIMITS, Limits
from app.formats.refusals import FileRefused
from app.formats.table import derived_guid

SEPARATORS: Final = (
    "\t", "::", " - ", " – ", " — ", "——", "：", ": ", " = ", "=", "|", "；", ";", "，", ",", "  ",
)  # fmt: skip
_QUESTION: Final = re.compile(r"(?:Q|问题?|题目?)\s?[:：.、]\s?(.*)", re.IGNORECASE | re.DOTALL)
_ANSWER: Final = re.compile(r"(?:A|答案?|回答)\s?[:：.、]\s?(.*)", re.IGNORECASE | re.DOTALL)
_NUMBERED: Final = re.compile(r"(?:[-*•]|[0-9]{1,4}[.)、．]) ?")

Pair = tuple[int, str, str]


def looks_like_questions(text: str) -> bool:
    """Whether `Q:` and `A:` lines make it a file of questions."""
    starts = [row.lstrip() for row in text.split("\n", 2000)[:2000]]
    asked = sum(_QUESTION.fullmatch(row) is not None for row in starts)
    answered = sum(_ANSWER.fullmatch(row) is not None for row in starts)
    return asked > 0 and answered * 2 >= asked


def propose_separator(text: str) -> str:
    """The separator that parts most lines in two. Raises FileRefused("table-no-columns")."""
    rows = [row for row in text[:65_536].split("\n") if row.strip()]
    counts = {one: sum(_parts(row, one) is not None for row in rows) for one in SEPARATORS}
    best = max(SEPARATORS, key=lambda one: counts[one])
    if not counts[best] or counts[best] * 2 < len(rows):
        raise FileRefused("table-no-columns")
    return best


def read_list(
    data: bytes,
    *,
    between: str = "",
    rows: str = "\n",
    deck: str = "",
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[Record]:
    """Terms and definitions. `between` parts the two (proposed when empty), `rows` parts pair from pair.

    Raises FileRefused.
    """
    decoded = decode(data, limits)
    parted = decoded.text.split(rows or "\n")
    separator = between or propose_separator("\n".join(part.replace("\n", " ") for part in parted))
    pairs = []
    skipped = []
    line = 1
    for part in parted:
        if part.strip():
            found = _parts(part, separator)
            if found:
                pairs.append((line, *found))
            else:
                skipped.append(Skipped("note", "row-empty", str(line)))
        line += part.count("\n") + rows.count("\n")
    yield from _notes("list", pairs, skipped, deck, decoded.encoding, limits)


def read_questions(data: bytes, *, deck: str = "", limits: Limits = DEFAULT_LIMITS) -> Iterator[Record]:
    """Questions `Q:` (问：) and answers `A:` (答：), each up to the next mark. Raises FileRefused."""
    decoded = decode(data, limits)
    pairs: list[Pair] = []
    skipped: list[Skipped] = []
    line, question, answer = 0, [""], None
    for number, row in enumerate([*decoded.text.split("\n"), "Q:"], 1):
        begun = _QUESTION.fullmatch(row.strip())
        answered = _ANSWER.fullmatch(row.strip())
        if begun:
            if line and answer is not None:
                pairs.append((line, "\n".join(question).strip(), "\n".join(answer).strip()))
            elif line:
                skipped.append(Skipped("note", "row-empty", str(line)))
            line, question, answer = number, [begun[1]], None
        elif answered and line:
            answer = [*answer, answered[1]] if answer is not None else [answered[1]]
        elif line:
            (question if answer is None else answer).append(row.rstrip())
    yield from _notes("questions", pairs, skipped, deck, decoded.encoding, limits)


def _parts(row: str, separator: str) -> tuple[str, str] | None:
    first, found, second = row.strip().partition(separator)
    first = _NUMBERED.sub("", first.strip(), count=1) if _NUMBERED.match(first) else first
    return (first.strip(), second.strip()) if found and first.strip() and second.strip() else None


def _notes(
    generation: Generation,
    pairs: Sequence[Pair],
    skipped: Sequence[Skipped],
    deck: str,
    encoding: str,
    limits: Limits,
) -> Iterator[Record]:
    if not pairs:
        raise FileRefused("file-nothing-inside")
    if len(pairs) > limits.notes:
        raise FileRefused("too-many-rows", what="notes", limit=limits.notes)
    key = deck_name(deck or "-")
    yield Header(generation, len(pairs), encoding=encoding)
    yield ImportedDeck(key, key)
    yield from skipped
    seen: set[str] = set()
    for line, first, second in pairs:
        yield _note(line, first, second, key, seen, limits)


def _note(
    line: int, first: str, second: str, deck: str, seen: set[str], limits: Limits
) -> ImportedNote | Skipped:
    if max(len(first.encode()), len(second.encode())) > limits.field:
        return Skipped("note", "cell-too-long", str(line))
    kind: NoteKind = "cloze" if "{{c1::" in first else "basic"
    names = ("text", "note") if kind == "cloze" else ("front", "back")
    fields = {name: value for name, value in zip(names, (words(first), words(second)), strict=True) if value}
    try:
        faces(kind, fields)
    except InvalidNote:
        return Skipped("note", "row-invalid", str(line))
    guid = derived_guid(kind, fields)
    if guid in seen:
        return Skipped("note", "repeated", str(line))
    seen.add(guid)
    return ImportedNote(guid, kind, fields, deck, line=line)
