"""Exams: what is to be known by when, and the plans that are solved for them."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, Text
from sqlmodel import Field, SQLModel

from app.db.constraints import owner, table_of
from app.db.types import Id, Json


class Exam(SQLModel, table=True):
    """`day` is the date of the exam as days since 1970, `time` minutes after midnight when it is known.

    `decks` None means all. `sections` and `cards` hold only what differs from the usual: shares of the
    points, pinned, dropped. `spread_on` is the day on which the cards of a past exam got their normal due
    days back. `stamps` as for decks.
    """

    __table_args__ = (
        owner(),
        CheckConstraint("time BETWEEN 0 AND 1439", name="time"),
        Index(None, "learner_id", "seq"),
        Index(None, "learner_id", "day", "id"),
    )

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    name: str = Field(sa_type=Text)
    day: int
    time: int | None = Field(default=None, sa_type=SmallInteger)
    decks: list[str] | None = Field(default=None, sa_type=Json)
    sections: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    cards: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    minutes: list[int] = Field(sa_type=Json)
    days_off: list[int] = Field(default_factory=list, sa_type=Json)
    target: float | None = None
    buffer_days: int = Field(default=0, sa_type=SmallInteger)
    result: dict[str, Any] | None = Field(default=None, sa_type=Json)
    archived: bool = False
    created_day: int
    spread_on: int | None = None
    version: int = 1
    stamps: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    seq: int = Field(sa_type=BigInteger)
    deleted_at: int | None = Field(default=None, sa_type=BigInteger)


class ExamPlan(SQLModel, table=True):
    """Where the learner stands for one exam, as computed for a day: a cache, but for the `history` in it."""

    __tablename__ = "exam_plan"
    __table_args__ = (
        owner(),
        ForeignKeyConstraint(["learner_id", "exam_id"], ["exam.learner_id", "exam.id"]),
        Index(None, "learner_id", "seq"),
    )

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    exam_id: UUID = Field(primary_key=True, sa_type=Id)
    day: int
    made_at: int = Field(sa_type=BigInteger)
    exam_version: int
    body: dict[str, Any] = Field(sa_type=Json)
    seq: int = Field(sa_type=BigInteger)


class DayPlan(SQLModel, table=True):
    """The solved plan of a day for all running exams together. `body` is what a phone needs to study by it,
    `kept` what the next plan and questions about this one start from."""

    __tablename__ = "day_plan"
    __table_args__ = (owner(), Index(None, "learner_id", "seq"))

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    day: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    made_at: int = Field(sa_type=BigInteger)
    body: dict[str, Any] = Field(sa_type=Json)
    kept: dict[str, Any] = Field(sa_type=Json)
    seq: int = Field(sa_type=BigInteger)


exams: Final = table_of(Exam)
exam_plans: Final = table_of(ExamPlan)
day_plans: Final = table_of(DayPlan)
