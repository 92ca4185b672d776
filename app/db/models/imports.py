"""What comes from outside: imports and what they brought, media files, note types of Anki."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Text
from sqlmodel import Field, SQLModel

from app.db.constraints import one_of, owner, table_of
from app.db.types import Id, Json

STATES: Final = ("reading", "preview", "storing", "done", "undoing", "undone", "failed")


class Import(SQLModel, table=True):
    """A file that a learner brought. `counts` and `report` say what is in it and what came of it; `job_id` is
    the work that it waits for; `problem` has the code and the params of why it failed."""

    __table_args__ = (owner(), one_of("state", *STATES))

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    name: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    job_id: UUID | None = Field(default=None, sa_type=Id)
    options: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    generation: str = Field(default="", sa_type=Text)
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    report: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    problem: dict[str, Any] | None = Field(default=None, sa_type=Json)
    created_at: int = Field(sa_type=BigInteger)
    finished_at: int | None = Field(default=None, sa_type=BigInteger)


class ImportChange(SQLModel, table=True):
    """What an import did to a note that was there before: how it was, so that it can go back."""

    __tablename__ = "import_change"
    __table_args__ = (
        owner(),
        ForeignKeyConstraint(["learner_id", "import_id"], ["import.learner_id", "import.id"]),
    )

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    import_id: UUID = Field(primary_key=True, sa_type=Id)
    note_id: UUID = Field(primary_key=True, sa_type=Id)
    before: dict[str, Any] = Field(sa_type=Json)


class NoteType(SQLModel, table=True):
    """A note type of Anki: how notes of kind "anki" become cards. `media` are the files that its templates
    ask for, by name."""

    __tablename__ = "note_type"
    __table_args__ = (owner(), Index(None, "learner_id", "key"))

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    key: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    fields: list[str] = Field(sa_type=Json)
    templates: list[dict[str, str]] = Field(sa_type=Json)
    css: str = Field(sa_type=Text)
    media: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    version: int = 1


class Media(SQLModel, table=True):
    """A file of a learner, in the data folder under its own SHA-256; `type` is what its content says."""

    __table_args__ = (owner(),)

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    hash: str = Field(primary_key=True, sa_type=Text)
    type: str = Field(sa_type=Text)
    size: int = Field(sa_type=BigInteger)
    created_at: int = Field(sa_type=BigInteger)


class NoteMedia(SQLModel, table=True):
    """Which file a note means by a name: two imports may call different files alike."""

    __tablename__ = "note_media"
    __table_args__ = (
        owner(),
        ForeignKeyConstraint(["learner_id", "hash"], ["media.learner_id", "media.hash"]),
        Index(None, "learner_id", "hash"),
        {"sqlite_with_rowid": False},
    )

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    note_id: UUID = Field(primary_key=True, sa_type=Id)
    name: str = Field(primary_key=True, sa_type=Text)
    hash: str = Field(sa_type=Text)


imports: Final = table_of(Import)
import_changes: Final = table_of(ImportChange)
note_types: Final = table_of(NoteType)
media: Final = table_of(Media)
note_media: Final = table_of(NoteMedia)
