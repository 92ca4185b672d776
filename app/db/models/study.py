"""How it is learnt: cards with their schedules, the log of events, and what is counted by day."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from app.core.events import KINDS
from app.db.constraints import IN_STEPS, NEW_CARDS, REVIEW_CARDS, one_of, owner, partly, table_of
from app.db.types import Id, Json


class Card(SQLModel, table=True):
    """A card and its schedule, which is a cache: the replay of its events.

    `last_order` is the order key of the last of its events, empty before the first, null when a new event
    cannot simply be applied on top (an undo waits for the event that it names). `phase`: 0 new, 1 learning, 2
    review, 3 relearning.
    """

    __table_args__ = (
        owner(),
        ForeignKeyConstraint(["learner_id", "note_id"], ["note.learner_id", "note.id"]),
        ForeignKeyConstraint(["learner_id", "deck_id"], ["deck.learner_id", "deck.id"]),
        CheckConstraint("phase BETWEEN 0 AND 3", name="phase"),
        CheckConstraint("flag BETWEEN 0 AND 7", name="flag"),
        UniqueConstraint("learner_id", "note_id", "ordinal"),
        Index(None, "learner_id", "seq"),
        Index("ix_card_due", "learner_id", "deck_id", "due_day", "id", **partly(REVIEW_CARDS)),
        Index("ix_card_learning", "learner_id", "due_day", **partly(IN_STEPS)),
        Index("ix_card_new", "learner_id", "deck_id", "position", "id", **partly(NEW_CARDS)),
        Index(None, "learner_id", "deck_id", "position", "id"),
    )

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    note_id: UUID = Field(sa_type=Id)
    deck_id: UUID = Field(sa_type=Id)
    ordinal: int = Field(sa_type=SmallInteger)
    position: int
    phase: int = Field(default=0, sa_type=SmallInteger)
    step: int | None = Field(default=None, sa_type=SmallInteger)
    stability: float | None = None
    difficulty: float | None = None
    due_day: int | None = None
    due_at: int | None = Field(default=None, sa_type=BigInteger)
    last_day: int | None = None
    last_at: int | None = Field(default=None, sa_type=BigInteger)
    reps: int = 0
    lapses: int = 0
    suspended: bool = False
    buried_until: int | None = None
    flag: int = Field(default=0, sa_type=SmallInteger)
    parameters_version: int = 1
    last_order: bytes | None = Field(default=b"", sa_type=LargeBinary)
    seq: int = Field(sa_type=BigInteger)
    deleted_at: int | None = Field(default=None, sa_type=BigInteger)


class Event(SQLModel, table=True):
    """The log: what a learner did with a card. Only appended to, and the truth of all schedules. It names a
    card that may be gone by now, so that a card which comes back has its history."""

    __table_args__ = (
        owner(),
        one_of("kind", *KINDS),
        CheckConstraint("(kind = 'answer') = (rating IS NOT NULL)", name="rating_of_answers"),
        CheckConstraint("rating BETWEEN 1 AND 4", name="rating"),
        Index(None, "learner_id", "card_id"),
        {"sqlite_with_rowid": False},
    )

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    card_id: UUID = Field(sa_type=Id)
    kind: str = Field(sa_type=Text)
    rating: int | None = Field(default=None, sa_type=SmallInteger)
    at: int = Field(sa_type=BigInteger)
    clock_offset_ms: int = Field(sa_type=BigInteger)
    day: int
    duration_ms: int
    device_id: UUID = Field(sa_type=Id)
    device_seq: int = Field(sa_type=BigInteger)
    received_at: int = Field(sa_type=BigInteger)
    effective_at: int = Field(sa_type=BigInteger)
    data: dict[str, Any] | None = Field(default=None, sa_type=Json)


class DayStat(SQLModel, table=True):
    """What a learner did with a deck on a day: a rollup of the answers, rebuilt from them at any time."""

    __tablename__ = "day_stat"
    __table_args__ = (owner(), {"sqlite_with_rowid": False})

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    day: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    deck_id: UUID = Field(primary_key=True, sa_type=Id)
    again: int
    hard: int
    good: int
    easy: int
    new: int
    learning: int
    young: int
    mature: int
    young_passed: int
    mature_passed: int
    duration_ms: int = Field(sa_type=BigInteger)


cards: Final = table_of(Card)
events: Final = table_of(Event)
day_stats: Final = table_of(DayStat)
