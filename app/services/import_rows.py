"""The rows of imports: reading them, and moving them from one state to the next."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlmodel import Session

from app.core.errors import Missing
from app.db.models import imports
from app.formats.readers import Reader, TextChoices
from app.formats.table_layout import Layout

State = Literal["reading", "preview", "storing", "done", "undoing", "undone", "failed"]
BUSY: Final = ("reading", "storing", "undoing")
UNDO_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Options:
    """What the learner wants of an import; empty where the file decides. `layout` is part of a Layout."""

    reader: Reader = "auto"
    deck: str = ""
    scheduling: bool = True
    deck_options: bool = True
    layout: dict[str, Any] | None = None
    encoding: str | None = None
    between: str | None = None
    conflicts: Literal["keep", "take"] = "keep"
    deleted: Literal["keep", "restore"] = "keep"
    choices: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> TextChoices:
        layout = None
        if self.layout is not None:
            layout = Layout(
                self.layout["separator"],
                tuple(self.layout["columns"]),
                self.layout["first_line"],
                self.layout["html"],
            )
        return TextChoices(layout, self.encoding or "", self.between or "", self.deck)


@dataclass(frozen=True, slots=True)
class ImportRow:
    """An import as it stands."""

    learner_id: UUID
    id: UUID
    name: str
    state: State
    job_id: UUID | None
    options: dict[str, Any]
    generation: str
    counts: dict[str, Any]
    report: dict[str, Any]
    problem: dict[str, Any] | None
    created_at: int
    finished_at: int | None

    @property
    def chosen(self) -> Options:
        return Options(**self.options)


COLUMNS: Final = [imports.c[name] for name in ImportRow.__dataclass_fields__]


def is_import(learner_id: UUID, import_id: UUID) -> ColumnElement[bool]:
    return (imports.c.learner_id == learner_id) & (imports.c.id == import_id)


def find_import(session: Session, learner_id: UUID, import_id: UUID) -> ImportRow:
    """Raises Missing("import-missing")."""
    row = session.execute(select(*COLUMNS).where(is_import(learner_id, import_id))).one_or_none()
    if row is None:
        raise Missing("import-missing")
    return ImportRow(*row)


def set_import(
    session: Session, learner_id: UUID, import_id: UUID, values: Mapping[str, Any], *, only_in: State
) -> bool:
    """Change an import that is in that state; False when it is not, or no more."""
    done = session.connection().execute(
        update(imports)
        .where(is_import(learner_id, import_id), imports.c.state == only_in)
        .values(**values)
        .execution_options(preserve_rowcount=True)
    )
    return bool(done.rowcount)


def options_json(options: Options) -> dict[str, Any]:
    return asdict(options)
