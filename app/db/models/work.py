"""Work to be done outside a request."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Index, SmallInteger, Text
from sqlmodel import Field, SQLModel

from app.db.constraints import one_of, owner, table_of
from app.db.types import Id, Json


class Job(SQLModel, table=True):
    """Work to be done outside a request; `lease_until` is how long its worker may stay silent.

    `done` of `total` steps are behind it; `problem` has the code and the params of what it failed with.
    """

    __table_args__ = (
        owner(),
        one_of("state", "waiting", "running", "done", "failed"),
        Index(None, "state", "created_at"),
    )

    learner_id: UUID = Field(primary_key=True, sa_type=Id)
    id: UUID = Field(primary_key=True, sa_type=Id)
    kind: str = Field(sa_type=Text)
    state: str = Field(default="waiting", sa_type=Text)
    attempts: int = Field(default=0, sa_type=SmallInteger)
    done: int = Field(default=0, sa_type=BigInteger)
    total: int = Field(default=0, sa_type=BigInteger)
    input: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    result: dict[str, Any] | None = Field(default=None, sa_type=Json)
    problem: dict[str, Any] | None = Field(default=None, sa_type=Json)
    lease_until: int | None = Field(default=None, sa_type=BigInteger)
    created_at: int = Field(sa_type=BigInteger)


jobs: Final = table_of(Job)
