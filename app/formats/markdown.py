"""The deck format: Markdown that people can read, write and review.

Front matter of `key: value` lines, then one note a block, blocks parted by `---`:

    <!-- card: guid -->          its identity; without one it is derived from the content
    Q: question                  问：    a value goes on in lines indented by two spaces
    A: answer                    答：
    RQ: / RA:                    反问： / 反答：   the question and answer asked backwards
    C: text with {{c1::gap}}     填空：
    L: / O:                      列表： / 选项：   members or choices, one a line after `- `
    E: explanation               注：
    S: section / path [12-40] rule-id        出处：
    D: document, where it is not the deck's  Quote: words of the source
    Tags: a b    Dir: both    Kind: type

Keys take ASCII or full-width colons. A code fence belongs to the value above it; comments are skipped.
Any other line is an error with its number. What `write_deck` wrote, `read_deck` gives back to the byte.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from app.core.notes import DeckDraft, InvalidNote, NoteDraft, NoteKind, Source, faces

SEPARATOR: Final = "---"
INDENT: Final = "  "
FENCE: Final = "```"

# key on the page -> Chinese name; the order is the order of writing
_NAMES: Final[dict[str, str]] = {
    "Q": "问",
    "C": "填空",
    "L": "列表",
    "A": "答",
    "O": "选项",
    "RQ": "反问",
    "RA": "反答",
    "E": "注",
    "S": "出处",
    "D": "文档",
    "Quote": "原文",
    "Tags": "标签",
    "Dir": "方向",
    "Kind": "题型",
}
_FIELDS: Final[dict[str, str]] = {
    "Q": "front",
    "C": "text",
    "L": "items",
    "A": "back",
    "O": "choices",
    "RQ": "reverse_front",
    "RA": "reverse_back",
    "E": "note",
}
_BULLETED: Final = frozenset({"L", "O"})
_BY_NAME: Final = {name.casefold(): key for key, chinese in _NAMES.items() for name in (key, chinese)}
_KEY_LINE: Final = re.compile(r"([A-Za-z]{1,5}|[\u4e00-\u9fff]{1,2})[:：] ?(.*)", re.DOTALL)
_CARD: Final = re.compile(r"<!-- ?card: ?(\S{1,64}) ?-->\s*")
_SOURCE: Final = re.compile(r"(?:(?P<path>.*) )?\[(?P<start>\d{1,9})-(?P<end>\d{1,9})\](?: (?P<rule>\S+))?")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_PLACE: Final = re.compile(r"[0-9]{0,4}")
_FRONT_KEYS: Final = ("name", "slug", "language", "description", "version", "place", "source")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a deck file: `line` counts from 1, `code` is stable, `detail` names the culprit."""

    line: int
    code: str
    detail: str = ""


class DeckSyntaxError(ValueError):
    """The file is not a deck; `problems` lists every line at fault."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "; ".join(f"line {p.line}: {p.code}{f' ({p.detail})' if p.detail else ''}" for p in self.problems)
        )


@dataclass(slots=True)
class _Block:
    """The values of one note as they stand on the page, each a list of lines."""

    line: int
    guid: str = ""
    values: dict[str, list[str]] = field(default_factory=dict)
    open_key: str = ""
    blanks: int = 0


def read_deck(text: str) -> DeckDraft:
    """Raises DeckSyntaxError with the number of every line at fault."""
    rows = unicodedata.normalize("NFC", text.removeprefix("\ufeff")).replace("\r\n", "\n").split("\n")
    problems: list[Problem] = []
    front, body = _front_matter(rows, problems)
    notes: list[NoteDraft] = []
    seen: set[str] = set()
    for block in _blocks(rows, body, problems):
        note = _note(block, str(front["source"]), problems)
        if note is None:
            continue
        if note.guid in seen:
            problems.append(Problem(block.line, "repeated-card", note.guid))
        seen.add(note.guid)
        notes.append(note)
    if problems:
        raise DeckSyntaxError(sorted(problems, key=lambda problem: problem.line))
    return DeckDraft(
        slug=front["slug"],
        name=front["name"],
        description=front["description"],
        language=front["language"],
        version=_version(front["version"]),
        notes=tuple(notes),
        place=int(front["place"] or 0),
    )


def write_deck(deck: DeckDraft) -> str:
    """The deck's only spelling: equal decks give equal bytes."""
    return "".join(deck_pieces(replace(deck, notes=()), iter(deck.notes)))


def deck_pieces(head: DeckDraft, notes: Iterator[NoteDraft]) -> Iterator[str]:
    """The same for a deck whose notes come one by one; those of `head` do not count."""
    first = next(notes, None)
    document = first.source.document if first and first.source else ""
    written = str(head.version)
    version = f'"{written}"' if isinstance(head.version, str) and _NUMBER.fullmatch(written) else written
    place = str(head.place or "")
    values = (head.name, head.slug, head.language, head.description, version, place, document)
    front = [
        f"{key}: {_on_one_line(value)}".rstrip()
        for key, value in zip(_FRONT_KEYS, values, strict=True)
        if value or key != "place"
    ]
    yield "\n".join([SEPARATOR, *front, SEPARATOR]) + "\n"
    if first is not None:
        yield "\n" + "\n".join(_written(first, document)) + "\n"
    for note in notes:
        yield f"\n{SEPARATOR}\n\n" + "\n".join(_written(note, document)) + "\n"


# --- reading ---


def _front_matter(rows: list[str], problems: list[Problem]) -> tuple[dict[str, str], int]:
    values = dict.fromkeys(_FRONT_KEYS, "")
    try:
        end = rows.index(SEPARATOR, 1) if rows[0] == SEPARATOR else -1
    except ValueError:
        end = -1
    if end < 0:
        problems.append(Problem(1, "front-matter-missing"))
        return values, len(rows)
    for number, row in enumerate(rows[1:end], 2):
        key, colon, value = row.partition(":")
        if not colon or key not in values or values[key]:
            problems.append(Problem(number, "front-matter-line", row[:40]))
            continue
        values[key] = value.strip()
    for key in ("name", "slug", "language"):
        if not values[key]:
            problems.append(Problem(1, "front-matter-key-missing", key))
    if not _PLACE.fullmatch(values["place"]):
        problems.append(Problem(1, "front-matter-line", f"place: {values['place']}"[:40]))
        values["place"] = ""
    return values, end + 1


def _version(written: str) -> int | str:
    return int(written) if _NUMBER.fullmatch(written) else written.strip('"') or 1


def _blocks(rows: list[str], begin: int, problems: list[Problem]) -> list[_Block]:
    blocks = [_Block(begin + 1)]
    fence = comment = 0
    for number, row in enumerate(rows[begin:], begin + 1):
        block = blocks[-1]
        if fence:
            _continue(block, row)
            fence = 0 if row.startswith(FENCE) else fence
        elif comment or (row.startswith("<!--") and not _CARD.fullmatch(row)):
            comment = 0 if "-->" in row else comment or number
        elif row.startswith(FENCE):
            _continue(block, row)
            fence = number
        elif row == SEPARATOR:
            blocks.append(_Block(number + 1))
        else:
            _take(block, row, number, problems)
    problems += [Problem(number, "left-open") for number in (fence, comment) if number]
    return [block for block in blocks if block.guid or block.values]


def _take(block: _Block, row: str, number: int, problems: list[Problem]) -> None:
    if not row.strip():
        block.blanks += 1
    elif card := _CARD.fullmatch(row):
        if block.guid or block.values:
            problems.append(Problem(number, "card-mark-misplaced", card[1]))
        block.guid, block.line = card[1], number
    elif row.startswith(INDENT) and block.open_key:
        _continue(block, row[len(INDENT) :])
    elif row.startswith("- ") and block.open_key in _BULLETED:
        block.values[block.open_key].append(row[2:])
        block.blanks = 0
    else:
        _open(block, row, number, problems)


def _continue(block: _Block, row: str) -> None:
    if block.open_key:
        block.values[block.open_key] += [""] * block.blanks + [row]
        block.blanks = 0


def _open(block: _Block, row: str, number: int, problems: list[Problem]) -> None:
    match = _KEY_LINE.fullmatch(row)
    key = _BY_NAME.get(match[1].casefold()) if match else None
    if match is None or key is None:
        problems.append(Problem(number, "unknown-line", row[:40]))
    elif key in block.values:
        problems.append(Problem(number, "repeated-key", key))
    else:
        if not block.guid and not block.values:
            block.line = number
        block.values[key] = [match[2]] if match[2] or key not in _BULLETED else []
        block.open_key, block.blanks = key, 0


def _note(block: _Block, document: str, problems: list[Problem]) -> NoteDraft | None:
    values = {key: "\n".join(parts) for key, parts in block.values.items()}
    fields = {_FIELDS[key]: value for key, value in values.items() if key in _FIELDS}
    kind = _kind(values)
    try:
        faces(kind, fields)
    except InvalidNote as refusal:
        problems.append(Problem(block.line, refusal.reason, refusal.field))
        return None
    source = None
    if "S" in values:
        source = _source(values, document)
        if source is None:
            problems.append(Problem(block.line, "source-unreadable", values["S"][:40]))
    guid = block.guid or derived_guid(kind, fields)
    return NoteDraft(guid, kind, fields, tuple(values.get("Tags", "").split()), source)


def derived_guid(kind: NoteKind, fields: dict[str, str]) -> str:
    """The identity of a hand-written card without a mark: a hash of what it asks."""
    asked = fields.get("front") or fields.get("text", "")
    return "t" + hashlib.sha256(f"{kind}\n{asked}".encode()).hexdigest()[:15]


def _kind(values: dict[str, str]) -> NoteKind:
    if "C" in values:
        return "cloze"
    if "L" in values:
        return "list"
    if "O" in values:
        return "choice"
    if values.get("Kind") == "type":
        return "type"
    both = values.get("Dir") == "both" or "RQ" in values or "RA" in values
    return "reverse" if both else "basic"


def _source(values: dict[str, str], document: str) -> Source | None:
    match = _SOURCE.fullmatch(values["S"])
    if match is None:
        return None
    path = tuple(match["path"].split(" / ")) if match["path"] else ()
    start, end = int(match["start"]), int(match["end"])
    return Source(values.get("D", document), path, start, end, match["rule"] or "", values.get("Quote", ""))


# --- writing ---


def _written(note: NoteDraft, document: str) -> list[str]:
    rows = [f"<!-- card: {note.guid} -->"]
    for key in _NAMES:
        name = _FIELDS.get(key)
        if name is not None and name in note.fields:
            rows += _value_rows(key, note.fields[name].replace("\r\n", "\n"))
    if note.source:
        rows += _source_rows(note.source, document)
    if note.tags:
        rows.append(f"Tags: {' '.join(note.tags)}")
    if note.kind == "reverse":
        rows.append("Dir: both")
    if note.kind == "type":
        rows.append("Kind: type")
    return rows


def _value_rows(key: str, value: str) -> list[str]:
    first, *rest = value.split("\n")
    if key in _BULLETED:
        return [f"{key}:", *(f"- {member}" for member in [first, *rest])]
    return [f"{key}: {first}" if first else f"{key}:", *(INDENT + row if row else "" for row in rest)]


def _source_rows(source: Source, document: str) -> list[str]:
    path = " / ".join(_on_one_line(part).replace(" / ", "/") for part in source.section)
    place = f"[{source.start}-{source.end}]"
    rows = [f"S: {' '.join(part for part in (path, place, source.rule) if part)}"]
    if source.document != document:
        rows.append(f"D: {_on_one_line(source.document)}")
    if source.quote:
        rows += _value_rows("Quote", source.quote)
    return rows


def _on_one_line(value: str) -> str:
    return " ".join(value.split("\n"))
