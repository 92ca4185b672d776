"""Proofs of who someone is: opaque secrets of 256 bits, of which only hashes are stored.

A secret begins with the learner's id, so that even this lookup names the learner.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Engine, bindparam, delete, insert, select, update
from sqlmodel import Session

from app.core.day import DAY_MS, learner_day
from app.core.ids import new_id
from app.db.engine import asking, writing
from app.db.models import api_tokens, devices, learners, sign_ins
from app.db.prepared import Prepared
from app.db.queries import dialect_of, insert_or
from app.db.rows import LearnerRow

SESSION_DAYS: Final = 400
_SESSION, _TOKEN, JOIN = "ws_", "wt_", "wj_"
_SECRET_BYTES: Final = 32
_BY_SESSION: Final = Prepared(
    select(sign_ins.c.id, sign_ins.c.device_id, sign_ins.c.seen_at, learners.c.language)
    .join(learners, learners.c.id == sign_ins.c.learner_id)
    .where(sign_ins.c.learner_id == bindparam("owner"), sign_ins.c.secret_hash == bindparam("hash"))
)
_BY_TOKEN: Final = Prepared(
    select(api_tokens.c.id, learners.c.language)
    .join(learners, learners.c.id == api_tokens.c.learner_id)
    .where(api_tokens.c.learner_id == bindparam("owner"), api_tokens.c.secret_hash == bindparam("hash"))
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks. `proof_id` is the session's or the token's own id.

    `renewed` says that a session got its full time anew, so that the device should keep it as long again.
    """

    learner_id: UUID
    language: str
    way: Literal["session", "token"]
    proof_id: UUID
    device_id: UUID | None
    renewed: bool = False


def identify(engine: Engine, secret: str, now: int) -> Identity | None:
    """Whose secret this is (a session's or an API token's), None when it is not or no longer good.

    A session that is used stays good for 400 more days.
    """
    if secret.startswith(_TOKEN):
        return _identify_token(engine, secret)
    owner = owner_of(secret, _SESSION)
    if owner is None:
        return None
    with asking(engine) as connection:
        found = _BY_SESSION.run(connection, {"owner": owner, "hash": hash_of(secret)}).row()
    if found is None:
        return None
    proof_id, device_id, seen_at, language = found
    if now - seen_at > SESSION_DAYS * DAY_MS:
        return None
    renewed = now - seen_at > DAY_MS
    if renewed:
        with writing(engine) as session:
            session.execute(
                update(sign_ins)
                .where(sign_ins.c.learner_id == owner, sign_ins.c.id == proof_id)
                .values(seen_at=now)
            )
    return Identity(owner, language, "session", proof_id, device_id, renewed)


def _identify_token(engine: Engine, secret: str) -> Identity | None:
    owner = owner_of(secret, _TOKEN)
    if owner is None:
        return None
    with asking(engine) as connection:
        found = _BY_TOKEN.run(connection, {"owner": owner, "hash": hash_of(secret)}).row()
    return None if found is None else Identity(owner, found[1], "token", found[0], None)


def new_secret(prefix: str, learner_id: UUID, random: Callable[[int], bytes]) -> str:
    """A fresh secret of the learner's."""
    return prefix + base64.urlsafe_b64encode(learner_id.bytes + random(_SECRET_BYTES)).decode().rstrip("=")


def owner_of(secret: str, prefix: str) -> UUID | None:
    """The learner that a secret names; None when it is no such secret. This proves nothing yet."""
    if not secret.startswith(prefix) or not secret.isascii():
        return None
    try:
        data = base64.b64decode(secret.removeprefix(prefix), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return UUID(bytes=data[:16]) if len(data) == 16 + _SECRET_BYTES else None


def hash_of(secret: str) -> bytes:
    """What is stored of a secret. It has 256 random bits, so a fast hash will do."""
    return hashlib.sha256(secret.encode()).digest()


def new_token_secret(learner_id: UUID, random: Callable[[int], bytes]) -> str:
    """A fresh secret for an API token."""
    return new_secret(_TOKEN, learner_id, random)


def open_session(
    session: Session,
    learner: LearnerRow,
    device_id: UUID,
    device_name: str,
    *,
    now: int,
    random: Callable[[int], bytes],
) -> str:
    """Sign the device in, in place of an older session of its own; the secret that it keeps."""
    today = learner_day(now, learner.zone, learner.rollover_hour)
    mine: dict[str, Any] = {"learner_id": learner.id}
    upsert = insert_or(dialect_of(session), devices).values(
        **mine, id=device_id, name=device_name, created_at=now, last_seen_day=today
    )
    session.execute(
        upsert.on_conflict_do_update(
            index_elements=[devices.c.learner_id, devices.c.id],
            set_={"name": upsert.excluded.name, "last_seen_day": today},
        )
    )
    session.execute(
        delete(sign_ins).where(sign_ins.c.learner_id == learner.id, sign_ins.c.device_id == device_id)
    )
    secret = new_secret(_SESSION, learner.id, random)
    row = {
        **mine,
        "id": new_id(now, random),
        "secret_hash": hash_of(secret),
        "device_id": device_id,
        "created_at": now,
        "seen_at": now,
    }
    session.execute(insert(sign_ins), [row])
    return secret
