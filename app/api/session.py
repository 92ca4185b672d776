"""Beginning, signing in, signing out."""

from dataclasses import dataclass, field
from os import urandom
from uuid import UUID

from flask import current_app
from sqlalchemy import Engine

from app.api.auth import client_mark, forget_session, keep_session
from app.api.contract import Reply, Resource
from app.api.fields import Code, Id, Name, Out, Secret, Wire, ZoneName
from app.api.rows import Language, LearnerRow
from app.core.errors import Conflict
from app.services.devices import join
from app.services.identity import Identity
from app.services.learners import SignedIn, begin_anonymous, read_learner
from app.services.sign_in import sign_in, sign_out
from app.services.unite import unite

resource = Resource("session", "Session")


class SessionNew(Wire):
    """A device that begins: its own id, its zone and language."""

    device_id: Id
    zone: ZoneName
    language: Language
    device_name: Name | None = None


class SignIn(Wire):
    """Name and password of a learner who claimed an account."""

    name: Name
    password: Secret
    device_id: Id
    device_name: Name | None = None
    add: bool = False


class SessionOut(Out):
    """Whose session it is. The session itself is a cookie that no script can read."""

    learner: LearnerRow


class Moved(Out):
    """Something that is called otherwise in the account: a deck, note or card that it had already."""

    before: Id
    after: Id


class SignedInOut(SessionOut):
    """`moved` says what was called otherwise before it was added to the account."""

    moved: list[Moved]


class Joining(Wire):
    """A code that another device of the learner shows, and the device that joins."""

    code: Code
    device_id: Id
    device_name: Name | None = None
    add: bool = False


@resource.on(
    "POST",
    "/session",
    status=(201, 200),
    problems={422: ("zone-unknown",), 429: ("too-many-tries",)},
)
def begin_session(caller: Identity | None, body: SessionNew, engine: Engine, now: int) -> Reply[SessionOut]:
    """Begin without signing up: makes an anonymous learner, or answers 200 with the one of the session.

    The session comes as a cookie that only this service reads.
    """
    if caller is not None:
        return Reply(
            SessionOut(learner=LearnerRow.model_validate(read_learner(engine, caller.learner_id))), 200
        )
    made = begin_anonymous(
        engine,
        address=client_mark(),
        device_id=body.device_id,
        device_name=body.device_name or "",
        zone=body.zone,
        language=body.language,
        now=now,
        random=urandom,
    )
    return Reply(_began(made), 201)


@resource.on(
    "POST",
    "/session/sign-in",
    problems={401: ("wrong-name-or-password",), 409: ("nothing-to-add",), 429: ("too-many-tries",)},
)
def sign_in_device(caller: Identity | None, body: SignIn, engine: Engine, now: int) -> SignedInOut:
    """Sign in on this device with name and password.

    With `add` everything of the anonymous learner whose session this was goes into the account first. Asked
    again, after an answer that got lost, it adds nothing twice.
    """
    adding = Adding(engine, caller, now) if body.add else None
    made = sign_in(
        engine,
        name=body.name,
        password=body.password,
        device_id=body.device_id,
        device_name=body.device_name or "",
        address=client_mark(),
        now=now,
        random=urandom,
        before=adding,
    )
    return _signed_in(made, adding)


@resource.on(
    "POST",
    "/session/join",
    problems={401: ("join-code-invalid",), 409: ("nothing-to-add",), 429: ("too-many-tries",)},
)
def join_device(caller: Identity | None, body: Joining, engine: Engine, now: int) -> SignedInOut:
    """Sign in on this device with a code that another one shows; `add` as in signing in."""
    adding = Adding(engine, caller, now) if body.add else None
    made = join(
        engine,
        code=body.code,
        device_id=body.device_id,
        device_name=body.device_name or "",
        now=now,
        random=urandom,
        before=adding,
    )
    return _signed_in(made, adding)


@resource.on("DELETE", "/session")
def end_session(caller: Identity, engine: Engine) -> None:
    """Sign out on this device. With an API token this does nothing: tokens are deleted at /api/tokens."""
    if caller.way == "session":
        sign_out(engine, caller.learner_id, caller.proof_id)
        forget_session()


@dataclass(slots=True)
class Adding:
    """Adds all of the anonymous learner who asks to the account that they sign in to."""

    engine: Engine
    caller: Identity | None
    now: int
    moved: dict[UUID, UUID] = field(default_factory=dict)

    def __call__(self, account: UUID) -> None:
        if self.caller is None or self.caller.way != "session":
            raise Conflict("nothing-to-add")
        data = current_app.extensions["settings"].data
        found = unite(self.engine, data, self.caller.learner_id, account, now=self.now, random=urandom)
        self.moved.update(found)


def _signed_in(made: SignedIn, adding: Adding | None) -> SignedInOut:
    moved = {} if adding is None else adding.moved
    listed = [Moved(before=before, after=after) for before, after in moved.items()]
    return SignedInOut(learner=_began(made).learner, moved=listed)


def _began(made: SignedIn) -> SessionOut:
    keep_session(made.secret)
    return SessionOut(learner=LearnerRow.model_validate(made.learner))
