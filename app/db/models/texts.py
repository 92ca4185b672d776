"""Texts that a learner brought, and the candidate cards found in them."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.db.constraints import one_of, owner, table_of
from app.db.types import Id, Json

VERDICTS: Final = ("accepted", "edited", "rejected")


class Document(SQLModel, table=True):
    """A text as it was read. `paragraphs` holds its `sections` and its `places`: [start, end, number of the
    section, shown candidates]; `marks` is what the plain text does not show. `step` counts the steps of
    judging that can be undone."""

    __table_args__ = (owner(), one_of("state", "reading", "ready", "failed"))

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    name: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    job_id: UUID | None = Field(default=None, sa_type=Id)
    title: str = Field(default="", sa_type=Text)
    format: str = Field(default="", sa_type=Text)
    encoding: str = Field(default="", sa_type=Text)
    guessed: bool = False
    language: str = Field(default="", sa_type=Text)
    text: str = Field(default="", sa_type=Text)
    marks: list[Any] = Field(default_factory=list, sa_type=Json)
    paragraphs: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    length: int = 0
    deck_id: UUID | None = Field(default=None, sa_type=Id)
    step: int = 0
    problem: dict[str, Any] | None = Field(default=None, sa_type=Json)
    created_at: int = Field(sa_type=BigInteger)


class Candidate(SQLModel, table=True):
    """A possible card. `key` stays while its words in the text do, so that a verdict outlives a change of the
    text elsewhere; `past` are earlier verdicts as [step, verdict, own fields], for undo."""

    __table_args__ = (
        owner(),
        ForeignKeyConstraint(["learner_id", "document_id"], ["document.learner_id", "document.id"]),
        UniqueConstraint("learner_id", "document_id", "key"),
        one_of("verdict", *VERDICTS),
        Index(None, "learner_id", "document_id", "start", "id"),
        Index(None, "learner_id", "document_id", "place", "id"),
    )

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    document_id: UUID = Field(sa_type=Id)
    key: str = Field(sa_type=Text)
    rule: str = Field(sa_type=Text)
    group: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    fields: dict[str, str] = Field(sa_type=Json)
    section: list[str] = Field(sa_type=Json)
    spans: list[list[int]] = Field(sa_type=Json)
    start: int
    paragraph: int
    rank: float
    place: int
    shown: bool
    findings: list[str] = Field(sa_type=Json)
    verdict: str | None = Field(default=None, sa_type=Text)
    own_fields: dict[str, str] | None = Field(default=None, sa_type=Json)
    changed: bool = False
    gone: bool = False
    step: int = 0
    past: list[Any] = Field(default_factory=list, sa_type=Json)
    note_id: UUID | None = Field(default=None, sa_type=Id)


documents: Final = table_of(Document)
candidates: Final = table_of(Candidate)
