"""All tables.

Whatever belongs to a learner has the learner in its primary key, in every unique key and in every foreign
key: so the data can be spread over machines by learner. Times are ms since 1970 UTC, days are learner days,
ids are UUIDv7.
"""

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


class Learner(SQLModel, table=True):
    """Someone who learns. `seq` counts the changes to all that is theirs; `own_seq` is the last one to this
    row's own fields, `digest` the sum over the live cards (core.digest) by which a phone notices that it went
    astray."""

    __table_args__ = (one_of("kind", "anonymous", "named"), one_of("language", "zh", "en"))

    id: UUID = Field(primary_key=True, sa_type=Id)
    kind: str = Field(default="anonymous", sa_type=Text)
    name: str | None = Field(default=None, sa_type=Text)
    language: str = Field(sa_type=Text)
    zone: str = Field(sa_type=Text)
    rollover_hour: int = Field(default=4, sa_type=SmallInteger)
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    parameters_version: int = 1
    seq: int = Field(default=0, sa_type=BigInteger)
    own_seq: int = Field(default=0, sa_type=BigInteger)
    digest: str = Field(default="0" * 16, sa_type=Text)
    created_at: int = Field(sa_type=BigInteger)
    last_seen_day: int


class Login(SQLModel, table=True):
    """Which learner a name signs in as: the one table that is looked up without knowing the learner."""

    name: str = Field(primary_key=True, sa_type=Text)  # folded, so that Ann and ann are one
    learner_id: UUID = Field(sa_type=Id, index=True)


class Throttle(SQLModel, table=True):
    """How often something was tried within a window of time; `key` says what by whom."""

    key: str = Field(primary_key=True, sa_type=Text)
    window_start: int = Field(sa_type=BigInteger)
    tries: int


class Credential(SQLModel, table=True):
    """How a named learner proves who they are; `secret` is a slow hash."""

    __table_args__ = (owner(), one_of("kind", "password"))

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    kind: str = Field(sa_type=Text)
    secret: str = Field(sa_type=Text)
    created_at: int = Field(sa_type=BigInteger)


class Device(SQLModel, table=True):
    """A phone or browser; its id orders events that claim the same moment."""

    __table_args__ = (owner(),)

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    name: str = Field(default="", sa_type=Text)
    created_at: int = Field(sa_type=BigInteger)
    last_seen_day: int


class SignIn(SQLModel, table=True):
    """A device that is signed in. Only the hash of its secret is kept."""

    __tablename__ = "session"
    __table_args__ = (
        owner(),
        UniqueConstraint("learner_id", "secret_hash"),
        Index(None, "learner_id", "device_id"),
    )

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    secret_hash: bytes = Field(sa_type=LargeBinary)
    device_id: UUID = Field(sa_type=Id)
    created_at: int = Field(sa_type=BigInteger)
    seen_at: int = Field(sa_type=BigInteger)


class ApiToken(SQLModel, table=True):
    """What a script signs in with."""

    __tablename__ = "api_token"
    __table_args__ = (owner(), UniqueConstraint("learner_id", "secret_hash"))

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    name: str = Field(sa_type=Text)
    secret_hash: bytes = Field(sa_type=LargeBinary)
    created_at: int = Field(sa_type=BigInteger)


class JoinCode(SQLModel, table=True):
    """Lets one more device in, once, within minutes."""

    __tablename__ = "join_code"
    __table_args__ = (owner(), UniqueConstraint("learner_id", "secret_hash"))

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    secret_hash: bytes = Field(sa_type=LargeBinary)
    expires_at: int = Field(sa_type=BigInteger)


class ParameterSet(SQLModel, table=True):
    """One version of the scheduler's parameters, in force from `from_at` on."""

    __tablename__ = "parameters"
    __table_args__ = (owner(),)

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    from_at: int = Field(sa_type=BigInteger)
    weights: list[float] = Field(sa_type=Json)
    desired_retention: float
    learning_steps: list[int] = Field(sa_type=Json)
    relearning_steps: list[int] = Field(sa_type=Json)
    maximum_interval: int
    seq: int = Field(sa_type=BigInteger)


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
    learner edited the note. `search_text` holds all fields and tags, folded, for finding."""

    __table_args__ = (
        owner(),
        ForeignKeyConstraint(["learner_id", "deck_id"], ["deck.learner_id", "deck.id"]),
        UniqueConstraint("learner_id", "deck_id", "guid"),
        one_of("format", "text", "html"),
        Index(None, "learner_id", "seq"),
        Index(None, "learner_id", "deck_id", "position", "id"),
        Index(None, "learner_id", "position", "id"),
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


class EditDone(SQLModel, table=True):
    """An edit of content that was taken in, and what came of it: sent again, it gets the same answer."""

    __tablename__ = "edit"
    __table_args__ = (owner(),)

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    content_hash: str = Field(sa_type=Text)
    conflicts: list[dict[str, Any]] = Field(sa_type=Json)
    received_at: int = Field(sa_type=BigInteger)


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


class Tombstone(SQLModel, table=True):
    """Something that is gone; phones that still hold it must hear of it."""

    __table_args__ = (
        owner(),
        one_of("entity", "deck", "note", "card"),
        Index(None, "learner_id", "seq"),
    )

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    entity: str = Field(sa_type=Text)
    seq: int = Field(sa_type=BigInteger)


class Job(SQLModel, table=True):
    """Work to be done outside a request; `lease_until` is how long its worker may stay silent."""

    __table_args__ = (
        owner(),
        one_of("state", "waiting", "running", "done", "failed"),
        Index(None, "state", "created_at"),
    )

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    kind: str = Field(sa_type=Text)
    state: str = Field(default="waiting", sa_type=Text)
    progress: float = 0.0
    input: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    result: dict[str, Any] | None = Field(default=None, sa_type=Json)
    lease_until: int | None = Field(default=None, sa_type=BigInteger)
    created_at: int = Field(sa_type=BigInteger)


learners: Final = table_of(Learner)
logins: Final = table_of(Login)
throttles: Final = table_of(Throttle)
credentials: Final = table_of(Credential)
devices: Final = table_of(Device)
sign_ins: Final = table_of(SignIn)
api_tokens: Final = table_of(ApiToken)
join_codes: Final = table_of(JoinCode)
parameter_sets: Final = table_of(ParameterSet)
decks: Final = table_of(Deck)
notes: Final = table_of(Note)
note_versions: Final = table_of(NoteVersion)
cards: Final = table_of(Card)
events: Final = table_of(Event)
edits_done: Final = table_of(EditDone)
day_stats: Final = table_of(DayStat)
tombstones: Final = table_of(Tombstone)
jobs: Final = table_of(Job)
