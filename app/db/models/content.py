"""What is learnt: decks and notes, what notes said before, and what is gone."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.db.constraints import one_of, owner, table_of
from app.db.types import Id, Json


class Deck(SQLModel, table=True):
    """`stamps` says for each part that was changed since it was made: [version, at] of its last change."""

    __table_args__ = (
        owner(),
        one_of("origin", "shipped", "import", "text", "own"),
        Index(None, "learner_id", "seq"),
        Index(None, "learner_id", "position", "id"),
    )

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    name: str = Field(sa_type=Text)
    slug: str | None = Field(default=None, sa_type=Text)
    origin: str = Field(default="own", sa_type=Text)
    origin_version: str | None = Field(default=None, sa_type=Text)
    options: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    position: int = 0
    version: int = 1
    stamps: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    seq: int = Field(sa_type=BigInteger)
    deleted_at: int | None = Field(default=None, sa_type=BigInteger)


class Note(SQLModel, table=True):
    """`content_hash` is that of the content as its origin last gave it: other content now means that the
    learner edited the note. `search_text` holds all fields and tags, folded, for finding. A note of kind
    "anki" has its `note_type_id`; `import_id` is the import that made the note."""

    __table_args__ = (
        owner(),
        ForeignKeyConstraint(["learner_id", "deck_id"], ["deck.learner_id", "deck.id"]),
        UniqueConstraint("learner_id", "deck_id", "guid"),
        one_of("format", "text", "html"),
        Index(None, "learner_id", "seq"),
        Index(None, "learner_id", "deck_id", "position", "id"),
        Index(None, "learner_id", "position", "id"),
        Index(None, "learner_id", "guid"),
    )

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    deck_id: UUID = Field(sa_type=Id)
    kind: str = Field(sa_type=Text)
    fields: dict[str, str] = Field(sa_type=Json)
    format: str = Field(default="text", sa_type=Text)
    tags: list[str] = Field(default_factory=list, sa_type=Json)
    guid: str = Field(sa_type=Text)
    content_hash: str = Field(sa_type=Text)
    source: dict[str, Any] | None = Field(default=None, sa_type=Json)
    position: int = 0
    search_text: str = Field(sa_type=Text)
    version: int = 1
    stamps: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    seq: int = Field(sa_type=BigInteger)
    deleted_at: int | None = Field(default=None, sa_type=BigInteger)
    note_type_id: UUID | None = Field(default=None, sa_type=Id)
    import_id: UUID | None = Field(default=None, sa_type=Id)


class NoteVersion(SQLModel, table=True):
    """What a note said before, or what an edit wanted that lost against a later one (`lost`)."""

    __tablename__ = "note_version"
    __table_args__ = (owner(), Index(None, "learner_id", "note_id", "version"))

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    note_id: UUID = Field(sa_type=Id)
    version: int
    lost: bool = False
    content: dict[str, Any] = Field(sa_type=Json)
    at: int = Field(sa_type=BigInteger)


class EditDone(SQLModel, table=True):
    """An edit of content that was taken in, and what came of it: sent again, it gets the same answer."""

    __tablename__ = "edit"
    __table_args__ = (owner(),)

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    content_hash: str = Field(sa_type=Text)
    conflicts: list[dict[str, Any]] = Field(sa_type=Json)
    received_at: int = Field(sa_type=BigInteger)


class Tombstone(SQLModel, table=True):
    """Something that is gone; phones that still hold it must hear of it."""

    __table_args__ = (
        owner(),
        one_of("entity", "deck", "note", "card", "exam"),
        Index(None, "learner_id", "seq"),
    )

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    entity: str = Field(sa_type=Text)
    seq: int = Field(sa_type=BigInteger)


decks: Final = table_of(Deck)
notes: Final = table_of(Note)
note_versions: Final = table_of(NoteVersion)
edits_done: Final = table_of(EditDone)
tombstones: Final = table_of(Tombstone)
