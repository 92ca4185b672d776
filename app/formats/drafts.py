"""What every importer yields: a stream of records, the same for a spreadsheet and for ten years of Anki.

The order is fixed, so that whoever stores them needs no second pass: `Header`, `TableDraft` where it is a
table, `NoteTypeDraft`s, `ImportedDeck`s, `ImportedNote`s (each with its cards and their events),
`MediaDraft`s, and `Skipped` anywhere after the header. `gather` collects a stream of bounded size into one
`ImportDraft`; `app.formats.lines` writes it as JSON lines.

Days are learner days, times ms UTC, exactly as in `app.core.events`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from app.core.events import Kind
from app.core.notes import NoteKind

Generation = Literal[
    "anki-legacy1", "anki-legacy2", "anki-latest", "anki-text", "table", "workbook", "list", "questions",
    "markdown", "hashcards", "obsidian", "mochi", "headings", "crowdanki", "json",
]  # fmt: skip
ImportedKind = NoteKind | Literal["anki"]
Format = Literal["text", "html"]

LONGEST_NAME: Final = 200
LONGEST_GUID: Final = 64
MOST_TAGS: Final = 200


@dataclass(frozen=True, slots=True)
class Header:
    """The first record: where the stream comes from, and how much is to come (for honest progress)."""

    generation: Generation
    notes: int = 0
    cards: int = 0
    reviews: int = 0
    media: int = 0
    encoding: str = ""  # of a text file, "" for packages
    guessed_encoding: bool = False  # the learner should see whether it reads well


@dataclass(frozen=True, slots=True)
class TableDraft:
    """How a table was read, with its first rows: the learner may say otherwise.

    `separator` is "" for workbooks. `columns` are roles by place, `first_line` counts from 1, `total` is the
    number of rows.
    """

    separator: str
    columns: tuple[str, ...]
    first_line: int
    html: bool
    rows: tuple[tuple[str, ...], ...]
    total: int


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    """One card of a note type, as `app.formats.templates` renders it."""

    name: str
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class NoteTypeDraft:
    """A note type brought from Anki; notes of kind "anki" name it by `key`."""

    key: str
    name: str
    kind: Literal["normal", "cloze"]
    fields: tuple[str, ...]
    templates: tuple[TemplateDraft, ...]
    css: str = ""


@dataclass(frozen=True, slots=True)
class ImportedDeck:
    """A deck by `key`; levels of its name are joined by `::`. An option is None where the file is silent.

    `options` are those that are words, which only our own export knows.
    """

    key: str
    name: str
    description: str = ""
    new_per_day: int | None = None
    reviews_per_day: int | None = None
    desired_retention: float | None = None
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventDraft:
    """One event of `app.core.events` before it has an id.

    `key` is the same in every export of the same act, so an id derived from it makes a second import add
    nothing. `data` is as the kind wants it; a cram answer that moved no schedule has {"mode": "cram"}.
    """

    key: str
    kind: Kind
    at: int
    day: int
    rating: int | None = None
    duration_ms: int = 0
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StateDraft:
    """The schedule as the file states it, for checks and previews: the events lead to it by themselves."""

    phase: int = 0
    stability: float | None = None
    difficulty: float | None = None
    due_day: int | None = None
    due_at: int | None = None
    last_day: int | None = None
    interval: int = 0
    reps: int = 0
    lapses: int = 0
    suspended: bool = False
    buried_until: int | None = None
    flag: int = 0


@dataclass(frozen=True, slots=True)
class CardDraft:
    """A card by its ordinal within the note, with its place among the new cards and all that befell it."""

    ordinal: int
    deck: str
    position: int
    state: StateDraft = StateDraft()
    events: tuple[EventDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedNote:
    """A note. Without `cards` it has those that its kind makes, all new, in `deck`.

    `kind` "anki" keeps the fields under their own names and is rendered by its note type. NFC, no NUL.
    """

    guid: str
    kind: ImportedKind
    fields: dict[str, str]
    deck: str
    format: Format = "text"
    tags: tuple[str, ...] = ()
    note_type: str = ""
    cards: tuple[CardDraft, ...] = ()
    line: int = 0  # where it stands in a text file, from 1


@dataclass(frozen=True, slots=True)
class MediaDraft:
    """A file that notes refer to by `name`. `type` is what its first bytes say, never what its name says."""

    name: str
    sha256: str
    size: int
    type: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something left out, told to the learner: `code` is a key of `SKIPPED`, `name` the culprit."""

    what: Literal["note", "card", "review", "media", "deck", "note-type", "sheet"]
    code: str
    name: str = ""
    count: int = 1


SKIPPED: Final[dict[str, dict[str, str]]] = {
    "field-too-long": {"zh": "有一栏内容太长。", "en": "One of its fields is too long."},
    "field-too-deep": {"zh": "有一栏的格式嵌套太深。", "en": "One of its fields nests too deep."},
    "fields-wrong": {"zh": "栏目与笔记类型不符。", "en": "Its fields do not match its note type."},
    "note-type-missing": {"zh": "找不到它的笔记类型。", "en": "Its note type is missing."},
    "note-missing": {"zh": "找不到它的笔记。", "en": "Its note is missing."},
    "no-cards": {"zh": "没有卡片。", "en": "It has no cards."},
    "repeated": {"zh": "重复出现。", "en": "It appears twice."},
    "ordinal": {"zh": "卡片序号无效。", "en": "Its place within the note is not valid."},
    "review-card-missing": {"zh": "找不到所复习的卡片。", "en": "The card it is about is missing."},
    "review-invalid": {"zh": "评分或时间无效。", "en": "Its rating or its time is not valid."},
    "media-type": {"zh": "不支持的媒体类型。", "en": "Media of this type are not supported."},
    "media-missing": {"zh": "清单里有，压缩包里没有。", "en": "It is listed, but not in the archive."},
    "media-too-large": {"zh": "媒体文件太大。", "en": "The file is too large."},
    "media-name": {"zh": "文件名无效或重复。", "en": "The file's name is not valid or taken."},
    "row-empty": {"zh": "缺少正面或背面。", "en": "Its front or its back is missing."},
    "row-invalid": {"zh": "这一行做不成卡片。", "en": "This row makes no card."},
    "sheet-differs": {
        "zh": "工作表的列与第一张不同，请另存为单独的文件再导入。",
        "en": "The columns of this sheet differ from the first one's: save it as a file of its own.",
    },
    "cell-too-long": {"zh": "单元格内容太长。", "en": "A cell is too long."},
}

Record = Header | TableDraft | NoteTypeDraft | ImportedDeck | ImportedNote | MediaDraft | Skipped


@dataclass(frozen=True, slots=True)
class ImportDraft:
    """A whole import in memory."""

    header: Header
    table: TableDraft | None
    note_types: tuple[NoteTypeDraft, ...]
    decks: tuple[ImportedDeck, ...]
    notes: tuple[ImportedNote, ...]
    media: tuple[MediaDraft, ...]
    skipped: tuple[Skipped, ...]


def gather(records: Iterable[Record]) -> ImportDraft:
    """The stream as one value. Raises ValueError when it does not begin with its header."""
    kept: dict[type, list[Any]] = {
        kind: []
        for kind in (Header, TableDraft, NoteTypeDraft, ImportedDeck, ImportedNote, MediaDraft, Skipped)
    }
    for record in records:
        kept[type(record)].append(record)
    if len(kept[Header]) != 1:
        raise ValueError("a stream of records has one header")
    return ImportDraft(
        kept[Header][0],
        next(iter(kept[TableDraft]), None),
        tuple(kept[NoteTypeDraft]),
        tuple(kept[ImportedDeck]),
        tuple(kept[ImportedNote]),
        tuple(kept[MediaDraft]),
        tuple(kept[Skipped]),
    )
