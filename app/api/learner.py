"""The learner themself: settings, parameters, claiming, taking everything out, deleting everything."""

from itertools import chain
from os import urandom
from typing import Annotated, Literal

from flask import current_app
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine

from app.api.auth import forget_session
from app.api.contract import Resource, Stream
from app.api.fields import Name, Retention, Secret, Wire, ZoneName, whole
from app.api.rows import Language, LearnerRow, Minutes, Settings, Steps
from app.services.export_account import export_account
from app.services.identity import Identity
from app.services.learners import (
    LearnerChanges,
    change_learner,
    read_learner,
    read_parameters,
)
from app.services.sign_in import change_password, claim
from app.services.unite import delete_with_united

resource = Resource("learner", "Learner")


class LearnerOut(LearnerRow):
    """The learner's row and the parameters in force."""

    desired_retention: float
    learning_steps: list[int]
    relearning_steps: list[int]
    maximum_interval: int


class LearnerChange(Wire):
    """What changes; what is left out stays."""

    language: Language | None = None
    zone: ZoneName | None = None
    rollover_hour: Annotated[int, *whole(0, 23)] | None = None
    settings: Settings | None = None
    desired_retention: Retention | None = None
    learning_steps: Steps | None = None
    relearning_steps: Annotated[tuple[Minutes, ...], Field(min_length=1, max_length=1)] | None = None
    maximum_interval: Annotated[int, *whole(1, 36_500, "days")] | None = None


class Claim(Wire):
    """A name to sign in with, and a password of at least 15 characters."""

    name: Name
    password: Annotated[Secret, Field(min_length=15)]


class NewPassword(Wire):
    """The password so far, and another of at least 15 characters."""

    old: Secret
    new: Annotated[Secret, Field(min_length=15)]


class Deletion(Wire):
    """Said on purpose."""

    confirm: Literal[True]


class ExportFile(BaseModel):
    """Everything that is kept about a learner: settings, decks, notes, cards, every event."""

    model_config = ConfigDict(extra="allow")


@resource.on("GET", "/learner")
def read_me(caller: Identity, engine: Engine) -> LearnerOut:
    """Who am I, and with which settings."""
    return _learner(engine, caller)


@resource.on(
    "PATCH",
    "/learner",
    problems={422: ("zone-unknown", "rollover-hour", "retention-range", "steps-invalid", "maximum-interval")},
)
def change_me(caller: Identity, body: LearnerChange, engine: Engine, now: int) -> LearnerOut:
    """Change settings or scheduling parameters.

    New parameters become a new version: every card's memory state is computed anew, due days stay until the
    next answer.
    """
    given = body.model_dump(exclude_unset=True)
    change_learner(engine, caller.learner_id, LearnerChanges(**given), now, urandom)
    return _learner(engine, caller)


@resource.on(
    "POST",
    "/learner/claim",
    problems={
        409: ("name-taken", "already-claimed"),
        422: ("name-invalid", "password-short"),
        429: ("too-many-tries",),
    },
)
def claim_me(caller: Identity, body: Claim, engine: Engine, now: int) -> LearnerRow:
    """Give this anonymous learner a name and a password; nothing that was learnt moves."""
    row = claim(engine, caller.learner_id, name=body.name, password=body.password, now=now, random=urandom)
    return LearnerRow.model_validate(row)


@resource.on(
    "POST",
    "/learner/password",
    problems={409: ("no-password",), 422: ("password-short", "password-wrong"), 429: ("too-many-tries",)},
)
def change_my_password(caller: Identity, body: NewPassword, engine: Engine, now: int) -> None:
    """Change the password. Every other device has to sign in anew; API tokens stay as they are."""
    keep = caller.proof_id if caller.way == "session" else None
    change_password(engine, caller.learner_id, old=body.old, new=body.new, keep=keep, now=now)


@resource.on("GET", "/learner/export")
def export_me(caller: Identity, engine: Engine, now: int) -> Stream[ExportFile]:
    """Take everything out, with the whole history, as one JSON document."""
    pieces = export_account(engine, current_app.extensions["settings"].data, caller.learner_id, now)
    first = next(pieces)  # a learner who is gone must be told so before the answer has begun
    return Stream(chain((first,), pieces), "wengu.json")


@resource.on("DELETE", "/learner")
def delete_me(caller: Identity, body: Deletion, engine: Engine) -> None:
    """Delete the account with everything in it, at once and for good."""
    delete_with_united(engine, current_app.extensions["settings"].data, caller.learner_id)
    forget_session()


def _learner(engine: Engine, caller: Identity) -> LearnerOut:
    row = read_learner(engine, caller.learner_id)
    used = read_parameters(engine, caller.learner_id)
    return LearnerOut(
        **LearnerRow.model_validate(row).model_dump(),
        desired_retention=used.desired_retention,
        learning_steps=list(used.learning_steps),
        relearning_steps=list(used.relearning_steps),
        maximum_interval=used.maximum_interval,
    )
