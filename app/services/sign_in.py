"""Names and passwords: claiming an anonymous learner, signing in and out, another password."""

import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Final
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import Engine, delete, insert, select, update

from app.core.errors import Conflict, Missing, NotSignedIn, Refused
from app.core.ids import new_id
from app.db.engine import reading, writing
from app.db.models import credentials, logins, sign_ins
from app.db.queries import dialect_of, insert_ignoring
from app.db.rows import LearnerRow
from app.services.identity import open_session
from app.services.learners import SignedIn, write_own
from app.services.ledger import changing, open_ledger
from app.services.throttle import Allowance, spend

SHORTEST_PASSWORD: Final = 15
LONGEST_NAME: Final = 100
_QUARTER_HOUR_MS: Final = 15 * 60_000
_hasher = PasswordHasher()


def claim(
    engine: Engine, learner_id: UUID, *, name: str, password: str, now: int, random: Callable[[int], bytes]
) -> LearnerRow:
    """Give an anonymous learner a name and a password; nothing that they learnt moves.

    Raises Refused("password-short" | "name-invalid"), Conflict("name-taken" | "already-claimed"),
    Throttled("too-many-tries", retry_after=seconds).
    """
    name, password = _check_name(name), _check_password(password, "/password")
    spend(engine, [Allowance(f"claim by {learner_id}", 20, _QUARTER_HOUR_MS)], now)
    secret = _hasher.hash(password)  # slow on purpose, so outside the transaction
    with changing(engine, learner_id, now) as ledger:
        if ledger.learner.kind != "anonymous":
            raise Conflict("already-claimed")
        taken = insert_ignoring(dialect_of(ledger.session), logins).returning(logins.c.name)
        if not ledger.session.execute(taken, [{"name": _folded(name), "learner_id": learner_id}]).first():
            raise Conflict("name-taken", pointer="/name")
        row = {"learner_id": learner_id, "id": new_id(now, random), "kind": "password", "secret": secret}
        ledger.session.execute(insert(credentials), [{**row, "created_at": now}])
        write_own(ledger, {"kind": "named", "name": name})
        return open_ledger(ledger.session, learner_id, now).learner


def sign_in(
    engine: Engine,
    *,
    name: str,
    password: str,
    device_id: UUID,
    device_name: str,
    address: str,
    now: int,
    random: Callable[[int], bytes],
    before: Callable[[UUID], object] | None = None,
) -> SignedIn:
    """Sign a device in. `address` is the network address, by which guessing is slowed down; `before` does
    what has to be done for the account first, once it is certain whose it is.

    Raises NotSignedIn("wrong-name-or-password"), Throttled("too-many-tries", retry_after=seconds).
    """
    folded, password = _folded(name)[:LONGEST_NAME], unicodedata.normalize("NFC", password)
    tries = [
        Allowance(f"sign-in {folded} from {address}", 10, _QUARTER_HOUR_MS),
        Allowance(f"sign-in {folded}", 100, _QUARTER_HOUR_MS),
        Allowance(f"sign-in from {address}", 100, _QUARTER_HOUR_MS),
    ]
    spend(engine, tries, now)
    with reading(engine) as session:
        found = session.execute(
            select(credentials.c.learner_id, credentials.c.id, credentials.c.secret)
            .join(logins, logins.c.learner_id == credentials.c.learner_id)
            .where(logins.c.name == folded, credentials.c.kind == "password")
        ).one_or_none()
    # Whoever asks for a name that nobody has waits as long as for a wrong password.
    fits = _fits(found.secret if found else _nobodys_secret(), password)
    if found is None or not fits:
        raise NotSignedIn("wrong-name-or-password")
    if before is not None:
        before(found.learner_id)
    with writing(engine) as session:
        learner = open_ledger(session, found.learner_id, now).learner
        if _hasher.check_needs_rehash(found.secret):
            session.execute(
                update(credentials)
                .where(credentials.c.learner_id == learner.id, credentials.c.id == found.id)
                .values(secret=_hasher.hash(password))
            )
        secret = open_session(session, learner, device_id, device_name, now=now, random=random)
    return SignedIn(learner, secret)


def change_password(
    engine: Engine, learner_id: UUID, *, old: str, new: str, keep: UUID | None, now: int
) -> None:
    """Replace the password by one that only the learner knows; every session but `keep` ends.

    Raises Refused("password-short" | "password-wrong"), Conflict("no-password"),
    Throttled("too-many-tries", retry_after=seconds).
    """
    new = _check_password(new, "/new")
    spend(engine, [Allowance(f"password of {learner_id}", 10, _QUARTER_HOUR_MS)], now)
    with reading(engine) as session:
        known = credentials.c.learner_id == learner_id, credentials.c.kind == "password"
        secret = session.execute(select(credentials.c.secret).where(*known)).scalar_one_or_none()
    if secret is None:
        raise Conflict("no-password")
    if not _fits(secret, unicodedata.normalize("NFC", old)):
        raise Refused("password-wrong", pointer="/old")
    _write_password(engine, learner_id, new, keep)


def reset_password(engine: Engine, name: str, new: str) -> None:
    """Give the learner who signs in as `name` another password; all their sessions end.

    Raises Refused("password-short"), Missing("learner-missing").
    """
    new = _check_password(new, "/new")
    _write_password(engine, learner_named(engine, name), new, keep=None)


def learner_named(engine: Engine, name: str) -> UUID:
    """Who signs in as `name`. Raises Missing("learner-missing")."""
    with reading(engine) as session:
        found = select(logins.c.learner_id).where(logins.c.name == _folded(name))
        learner_id: UUID | None = session.execute(found).scalar_one_or_none()
    if learner_id is None:
        raise Missing("learner-missing")
    return learner_id


def _write_password(engine: Engine, learner_id: UUID, new: str, keep: UUID | None) -> None:
    secret = _hasher.hash(new)  # slow on purpose, so outside the transaction
    with writing(engine) as session:
        known = credentials.c.learner_id == learner_id, credentials.c.kind == "password"
        session.execute(update(credentials).where(*known).values(secret=secret))
        others = delete(sign_ins).where(sign_ins.c.learner_id == learner_id)
        session.execute(others if keep is None else others.where(sign_ins.c.id != keep))


def _check_password(password: str, pointer: str) -> str:
    password = unicodedata.normalize("NFC", password)
    if len(password) < SHORTEST_PASSWORD:
        raise Refused("password-short", pointer=pointer, least=SHORTEST_PASSWORD)
    return password


def sign_out(engine: Engine, learner_id: UUID, session_id: UUID) -> None:
    """End this session; one that is gone already is no error."""
    with writing(engine) as session:
        session.execute(
            delete(sign_ins).where(sign_ins.c.learner_id == learner_id, sign_ins.c.id == session_id)
        )


def _check_name(name: str) -> str:
    name = unicodedata.normalize("NFC", name).strip()
    lengths = (len(name), len(_folded(name)))  # folding makes some characters many
    if not 1 <= min(lengths) <= max(lengths) <= LONGEST_NAME or not name.isprintable():
        raise Refused("name-invalid", pointer="/name", most=LONGEST_NAME)
    return name


def _folded(name: str) -> str:
    """Names that look alike are one name."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).strip()


def _fits(secret: str, password: str) -> bool:
    try:
        return _hasher.verify(secret, password)
    except VerificationError:
        return False


@cache
def _nobodys_secret() -> str:
    return _hasher.hash("nobody has this password")
