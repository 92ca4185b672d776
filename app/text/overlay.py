"""The edits of people, kept apart from what the rules find.

One Markdown file a deck: front matter names the deck and the sections it takes; then one block an edit,
each with its reason.

    <!-- card: ban-1a2b3c4d -->      edit this candidate (several ids: they become one card)
    Q: / A: / RQ: / RA: / E: / L:    the new wording; what is not named stays as found
    Was: 原文的错字                   a slip of the source, put right here and shown on the card
    Why: the reason                  always

    <!-- drop: step-5e6f7a8b … -->   these make no cards
    <!-- new: h-toast -->            a card that no rule found; `At: [12-40]` says where the text bears it out
    <!-- skip: section -->           a section without cards

A file never holds sentences of the source, and a key that names nothing in it is an error.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

_FRONT: Final = frozenset({"name", "slug", "language", "description", "sections", "take", "why", "place"})
_KEYS: Final = frozenset({"Q", "A", "RQ", "RA", "E", "L", "C", "Was", "Why", "At", "Dir", "Tags"})
_MARK: Final = re.compile(r"<!-- (card|drop|new|skip): (.+?) -->")
_KEY: Final = re.compile(r"([A-Za-z]{1,4})[:：] ?(.*)")
_PLACE: Final = re.compile(r"\[(\d{1,9})-(\d{1,9})\]")

Take = Literal["all", "listed"]
Act = Literal["card", "drop", "new", "skip"]


class OverlayError(ValueError):
    """What stands in the overlays does not fit: each problem is `file:line: sentence`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(slots=True)
class Edit:
    act: Act
    names: tuple[str, ...]  # ids, or the section of a skip
    where: str  # file:line
    values: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> tuple[int, int]:
        match = _PLACE.fullmatch(self.values.get("At", ""))
        return (int(match[1]), int(match[2])) if match else (0, 0)


@dataclass(frozen=True, slots=True)
class Overlay:
    file: str
    front: Mapping[str, str]
    asks: Mapping[str, tuple[str, str]]  # rule -> how its cards ask, forwards and backwards
    edits: tuple[Edit, ...]

    @property
    def take(self) -> Take:
        return "listed" if self.front.get("take") == "listed" else "all"

    @property
    def sections(self) -> list[tuple[str, ...]]:
        listed = self.front.get("sections", "")
        return [tuple(part.split(" / ")) for raw in listed.split(";") if (part := raw.strip())]


def read_overlay(text: str, file: str) -> Overlay:
    """Raises OverlayError naming every line at fault."""
    problems: list[str] = []
    rows = text.replace("\r\n", "\n").split("\n")
    front, asks, body = _front(rows, file, problems)
    edits = list(_edits(rows, body, file, problems))
    for edit in edits:
        problems += _faults(edit)
    if problems:
        raise OverlayError(problems)
    return Overlay(file, front, asks, tuple(edits))


def _front(
    rows: list[str], file: str, problems: list[str]
) -> tuple[dict[str, str], dict[str, tuple[str, str]], int]:
    front: dict[str, str] = {}
    asks: dict[str, tuple[str, str]] = {}
    end = rows.index("---", 1) if rows[0] == "---" and "---" in rows[1:] else 0
    for number, row in enumerate(rows[1:end], 2):
        key, colon, value = row.partition(":")
        if key.startswith("ask ") and colon:
            forwards, _, backwards = value.partition("|")
            asks[key[4:].strip()] = (forwards.strip(), backwards.strip())
        elif colon and key in _FRONT and key not in front:
            front[key] = value.strip()
        else:
            problems.append(f"{file}:{number}: unknown front matter: {row[:30]}")
    for key in ("name", "slug", "language", "description"):
        if not front.get(key):
            problems.append(f"{file}:1: front matter needs {key}")
    return front, asks, end + 1


def _edits(rows: list[str], begin: int, file: str, problems: list[str]) -> Iterator[Edit]:
    edit: Edit | None = None
    key = ""
    for number, row in enumerate(rows[begin:], begin + 1):
        if mark := _MARK.fullmatch(row):
            if edit:
                yield edit
            names = (mark[2],) if mark[1] == "skip" else tuple(mark[2].split())
            edit, key = Edit(_act(mark[1]), names, f"{file}:{number}"), ""
        elif edit and key and row.startswith(("  ", "- ")):
            edit.values[key] = f"{edit.values[key]}\n{row[2:]}".strip("\n")
        elif edit and (match := _KEY.fullmatch(row)) and match[1] in _KEYS and match[1] not in edit.values:
            key = match[1]
            edit.values[key] = match[2]
        elif row.strip() and row != "---" and not row.startswith("#"):
            problems.append(f"{file}:{number}: unknown line: {row[:30]}")
    if edit:
        yield edit


def _act(word: str) -> Act:
    return "card" if word == "card" else "drop" if word == "drop" else "new" if word == "new" else "skip"


def _faults(edit: Edit) -> Iterator[str]:
    if not edit.values.get("Why"):
        yield f"{edit.where}: an edit needs its reason (Why:)"
    if edit.act == "new":
        start, end = edit.place
        if end <= start:
            yield f"{edit.where}: a new card needs the place that bears it out (At: [start-end])"
        if not (edit.values.get("A") or edit.values.get("L") or edit.values.get("C")):
            yield f"{edit.where}: a new card needs an answer"
        if len(edit.names) != 1:
            yield f"{edit.where}: a new card has one id"
