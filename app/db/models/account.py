"""Who learns: learners, how they prove who they are, their devices and the parameters of their memory."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, SmallInteger, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.db.constraints import one_of, owner, table_of
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


class United(SQLModel, table=True):
    """An anonymous learner whose work was added to this account. Until they are removed they stand as they
    were, so that an addition whose answer was lost can be asked for again."""

    __table_args__ = (owner(),)

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    at: int = Field(sa_type=BigInteger)


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


learners: Final = table_of(Learner)
logins: Final = table_of(Login)
throttles: Final = table_of(Throttle)
credentials: Final = table_of(Credential)
devices: Final = table_of(Device)
sign_ins: Final = table_of(SignIn)
api_tokens: Final = table_of(ApiToken)
join_codes: Final = table_of(JoinCode)
united: Final = table_of(United)
parameter_sets: Final = table_of(ParameterSet)
