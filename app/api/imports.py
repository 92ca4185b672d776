"""Imports: bring a file, look at what is in it, decide, take it back."""

from os import urandom
from typing import Annotated, Any, Literal
from uuid import UUID

from flask import current_app
from pydantic import Field
from sqlalchemy import Engine

from app.api.contract import Resource, Upload
from app.api.errors import document, language, of_domain
from app.api.fields import Id, Name, Out, Page, Query, Wire, whole
from app.core.errors import Refused
from app.formats.drafts import SKIPPED
from app.formats.readers import Reader
from app.formats.table_columns import ROLES
from app.services import imports
from app.services.identity import Identity
from app.services.import_rows import Options
from app.services.imports import Standing

resource = Resource("imports", "Imports")

Encoding = Literal["utf-8", "utf-16-le", "utf-16-be", "gb18030", "big5", "shift_jis", "euc-kr", "cp1252"]
Role = Literal[
    "guid", "deck", "kind", "format", "notetype", "tags", "front", "back", "note", "text", "items", "choices",
    "reverse_front", "reverse_back", "",
]  # fmt: skip
State = Literal["reading", "preview", "storing", "done", "undoing", "undone", "failed"]
Mark = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[^\x00]+$")]
Choices = Annotated[dict[Id, Literal["keep", "take"]], Field(max_length=10_000)]


class ImportNew(Query):
    """What the file is called, how to read it, and where cards go that name no deck."""

    name: Name | None = None
    reader: Annotated[Reader, Field(alias="as")] = "auto"
    deck: Name | None = None
    scheduling: Literal["true", "false"] = "true"


class LayoutIn(Wire):
    """How a table is laid out: the role of each column, "" for one to leave out.

    Without a separator the file decides; a workbook has none.
    """

    separator: Annotated[str, Field(max_length=1, pattern=r'^[^\x00\r\n"]?$')]
    columns: Annotated[tuple[Role, ...], Field(min_length=1, max_length=100)]
    first_line: Annotated[int, *whole(1, 1_000, "counted from 1")] = 1
    html: bool = False


class ImportChange(Wire):
    """What is to be done otherwise; what is left out stays, null lets the file decide."""

    reader: Reader | None = None
    deck: Name | None = None
    scheduling: bool | None = None
    deck_options: bool | None = None
    layout: LayoutIn | None = None
    encoding: Encoding | None = None
    between: Mark | None = None
    conflicts: Literal["keep", "take"] | None = None
    deleted: Literal["keep", "restore"] | None = None
    choices: Choices | None = None


class Progress(Out):
    """Notes done of all there are; 0 of 0 while that is unknown."""

    done: int
    total: int


class DeckInFile(Out):
    name: str
    notes: int
    cards: int
    exists: bool


class SkippedOut(Out):
    """What is left out, why, how often, and the first names of it."""

    what: str
    code: str
    title: str
    count: int
    names: list[str]


class Difference(Out):
    name: str
    mine: str
    theirs: str


class ConflictInFile(Out):
    """A note that the learner edited since, and the file has otherwise. Both sides are safe to show."""

    note_id: UUID
    deck: str
    choice: Literal["keep", "take"] | None
    fields: list[Difference]


class Sample(Out):
    """A card as it will look."""

    deck: str
    kind: str
    format: Literal["text", "html"]
    front: str
    back: str
    note: str


class TableOut(Out):
    """How the table was read, with its first rows, and what a column can be."""

    separator: str
    columns: list[str]
    first_line: int
    html: bool
    rows: list[list[str]]
    total: int
    roles: list[str]


class DeckMade(Out):
    id: UUID
    name: str


class ImportSummary(Out):
    id: UUID
    name: str
    state: State
    created_at: int
    finished_at: int | None
    generation: str
    counts: dict[str, int]
    undo_until: int | None


class ImportOut(ImportSummary):
    """An import. `answers_since`: cards of it that were studied since, which undo would remove too."""

    encoding: str
    guessed_encoding: bool
    progress: Progress
    problem: dict[str, Any] | None
    options: dict[str, Any]
    decks: list[DeckInFile]
    decks_total: int
    skipped: list[SkippedOut]
    conflicts: list[ConflictInFile]
    samples: list[Sample]
    table: TableOut | None
    answers_since: int
    decks_made: list[DeckMade]


class ImportList(Out):
    """One page of imports; `next` is the cursor of the page after, null on the last."""

    items: list[ImportSummary]
    next: str | None


@resource.on("POST", "/imports", status=202, problems={409: ("too-many-imports",)})
def bring_file(caller: Identity, query: ImportNew, upload: Upload, engine: Engine, now: int) -> ImportOut:
    """Bring a file: the body is the file itself, or pasted text as UTF-8.

    It is read in the background; ask for the import until its state is "preview" or "failed".
    """
    options = Options(reader=query.reader, deck=query.deck or "", scheduling=query.scheduling == "true")
    row = imports.open_import(
        engine,
        current_app.extensions["settings"].data,
        caller.learner_id,
        upload.stream,
        name=query.name or "",
        options=options,
        now=now,
        random=urandom,
    )
    return _out(Standing(row))


@resource.on("GET", "/imports", problems={422: ("cursor-invalid",)})
def list_my_imports(caller: Identity, query: Page, engine: Engine) -> ImportList:
    """All imports, the newest first."""
    page = imports.list_imports(engine, caller.learner_id, query.cursor, query.limit)
    return ImportList(items=[ImportSummary(**_summary(Standing(row))) for row in page.items], next=page.next)


@resource.on("GET", "/imports/<id>", problems={404: ("import-missing",)})
def read_my_import(caller: Identity, id: Id, engine: Engine) -> ImportOut:
    """How far an import is, what is in it, and what came of it."""
    return _out(imports.read_import_row(engine, caller.learner_id, id))


@resource.on(
    "PATCH",
    "/imports/<id>",
    problems={404: ("import-missing",), 409: ("import-busy", "import-finished")},
)
def change_my_import(caller: Identity, id: Id, body: ImportChange, engine: Engine, now: int) -> ImportOut:
    """Have an import done otherwise; what concerns the file has it read again."""
    given = body.model_dump(mode="json", include=body.model_fields_set)
    nullable = ("layout", "encoding", "between")
    changes = {name: value for name, value in given.items() if value is not None or name in nullable}
    standing = imports.change_import(engine, caller.learner_id, id, changes, now=now, random=urandom)
    return _out(standing)


@resource.on(
    "POST",
    "/imports/<id>/commit",
    status=202,
    problems={404: ("import-missing",), 409: ("import-busy", "import-finished")},
)
def commit_my_import(caller: Identity, id: Id, engine: Engine, now: int) -> ImportOut:
    """Store an import, wholly or not at all."""
    return _out(imports.commit_import(engine, caller.learner_id, id, now=now, random=urandom))


@resource.on(
    "POST",
    "/imports/<id>/undo",
    status=202,
    problems={404: ("import-missing",), 409: ("import-busy", "import-not-undoable")},
)
def undo_my_import(caller: Identity, id: Id, engine: Engine, now: int) -> ImportOut:
    """Take an import back: what it made goes, what it changed is as before, unless edited since."""
    return _out(imports.undo_import(engine, caller.learner_id, id, now=now, random=urandom))


@resource.on("DELETE", "/imports/<id>", problems={404: ("import-missing",), 409: ("import-busy",)})
def forget_my_import(caller: Identity, id: Id, engine: Engine) -> None:
    """Drop an import that is not stored yet, or the memory of one that is; its cards stay."""
    imports.forget_import(engine, current_app.extensions["settings"].data, caller.learner_id, id)


def _summary(standing: Standing) -> dict[str, Any]:
    row = standing.row
    return {
        "id": row.id,
        "name": row.name,
        "state": row.state,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
        "generation": row.generation,
        "counts": row.counts,
        "undo_until": imports.undo_until(row),
    }


def _out(standing: Standing) -> ImportOut:
    row, words = standing.row, language()
    report, options = row.report, row.options
    problem = row.problem and document(
        of_domain(Refused(row.problem["code"], **row.problem["params"])), words
    )
    table = report.get("table")
    return ImportOut(
        **_summary(standing),
        encoding=report.get("encoding", ""),
        guessed_encoding=report.get("guessed_encoding", False),
        progress=Progress(done=standing.done, total=standing.total),
        problem=problem,
        options=options,
        decks=[DeckInFile(**deck) for deck in report.get("decks", ())],
        decks_total=report.get("decks_total", 0),
        skipped=[
            SkippedOut(title=SKIPPED[item["code"]][words], **item) for item in report.get("skipped", ())
        ],
        conflicts=[
            ConflictInFile(choice=options["choices"].get(item["note_id"]), **item)
            for item in report.get("conflicts", ())
        ],
        samples=[Sample(**item) for item in report.get("samples", ())],
        table=TableOut(**table, roles=list(ROLES)) if table else None,
        answers_since=standing.answers_since,
        decks_made=[DeckMade(**deck) for deck in report.get("decks_made", ())],
    )
