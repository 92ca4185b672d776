"""The devices of a learner, API tokens, and codes by which one more device joins."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, Select, Table, and_, delete, func, insert, select

from app.core.errors import Missing, NotSignedIn, TooLarge
from app.core.ids import new_id
from app.db.engine import reading, writing
from app.db.models import api_tokens, devices, join_codes, sign_ins
from app.db.rows import Fetched
from app.services.identity import JOIN, hash_of, new_secret, new_token_secret, open_session, owner_of
from app.services.learners import SignedIn
from app.services.ledger import open_ledger
from app.services.paging import Page, cursor_of, cut, read_cursor

JOIN_MS: Final = 10 * 60_000
MOST_TOKENS: Final = 100


@dataclass(frozen=True, slots=True)
class DeviceRow:
    id: UUID
    name: str
    created_at: int
    last_seen_day: int
    signed_in: bool


@dataclass(frozen=True, slots=True)
class TokenRow:
    id: UUID
    name: str
    created_at: int


@dataclass(frozen=True, slots=True)
class NewToken:
    token: TokenRow
    secret: str


@dataclass(frozen=True, slots=True)
class JoinCode:
    """`code` is good once, until `expires_at`."""

    code: str
    expires_at: int


def list_devices(engine: Engine, learner_id: UUID, cursor: str | None, limit: int) -> Page[DeviceRow]:
    """By id. Raises Refused("cursor-invalid")."""
    signed_in = (
        select(sign_ins.c.id)
        .where(sign_ins.c.learner_id == devices.c.learner_id, sign_ins.c.device_id == devices.c.id)
        .exists()
    )
    columns = [devices.c[name] for name in ("id", "name", "created_at", "last_seen_day")]
    rows, following = _page(engine, devices, select(*columns, signed_in), learner_id, cursor, limit)
    return Page([DeviceRow(*row) for row in rows], following)


def remove_device(engine: Engine, learner_id: UUID, device_id: UUID) -> None:
    """Sign the device out and forget it; what was learnt on it stays. Raises Missing("device-missing")."""
    with writing(engine) as session:
        gone = session.execute(
            delete(devices)
            .where(devices.c.learner_id == learner_id, devices.c.id == device_id)
            .returning(devices.c.id)
        )
        if gone.first() is None:
            raise Missing("device-missing")
        session.execute(
            delete(sign_ins).where(sign_ins.c.learner_id == learner_id, sign_ins.c.device_id == device_id)
        )


def list_tokens(engine: Engine, learner_id: UUID, cursor: str | None, limit: int) -> Page[TokenRow]:
    """By id, which is by age. Raises Refused("cursor-invalid")."""
    columns = [api_tokens.c[name] for name in ("id", "name", "created_at")]
    rows, following = _page(engine, api_tokens, select(*columns), learner_id, cursor, limit)
    return Page([TokenRow(*row) for row in rows], following)


def create_token(
    engine: Engine, learner_id: UUID, *, name: str, now: int, random: Callable[[int], bytes]
) -> NewToken:
    """A secret for a script, shown this once. Raises TooLarge("too-many-tokens") beyond 100."""
    token, secret = TokenRow(new_id(now, random), name, now), new_token_secret(learner_id, random)
    with writing(engine) as session:
        open_ledger(session, learner_id, now)
        mine = api_tokens.c.learner_id == learner_id
        if (
            session.execute(select(func.count()).select_from(api_tokens).where(mine)).scalar_one()
            >= MOST_TOKENS
        ):
            raise TooLarge("too-many-tokens", most=MOST_TOKENS)
        row = {"learner_id": learner_id, "id": token.id, "name": name, "created_at": now}
        session.execute(insert(api_tokens), [{**row, "secret_hash": hash_of(secret)}])
    return NewToken(token, secret)


def remove_token(engine: Engine, learner_id: UUID, token_id: UUID) -> None:
    """Raises Missing("token-missing")."""
    with writing(engine) as session:
        gone = session.execute(
            delete(api_tokens)
            .where(api_tokens.c.learner_id == learner_id, api_tokens.c.id == token_id)
            .returning(api_tokens.c.id)
        )
        if gone.first() is None:
            raise Missing("token-missing")


def create_join_code(
    engine: Engine, learner_id: UUID, *, now: int, random: Callable[[int], bytes]
) -> JoinCode:
    """A code for one more device, good for ten minutes; it ends the ones before."""
    code, expires_at = new_secret(JOIN, learner_id, random), now + JOIN_MS
    with writing(engine) as session:
        open_ledger(session, learner_id, now)
        session.execute(delete(join_codes).where(join_codes.c.learner_id == learner_id))
        row = {"learner_id": learner_id, "id": new_id(now, random), "expires_at": expires_at}
        session.execute(insert(join_codes), [{**row, "secret_hash": hash_of(code)}])
    return JoinCode(code, expires_at)


def join(
    engine: Engine,
    *,
    code: str,
    device_id: UUID,
    device_name: str,
    now: int,
    random: Callable[[int], bytes],
    before: Callable[[UUID], object] | None = None,
) -> SignedIn:
    """Sign a device in by a code, which is used up. `before` does what has to be done for its learner first,
    once the code is known to be good.

    Raises NotSignedIn("join-code-invalid").
    """
    owner = owner_of(code, JOIN)
    if owner is None:
        raise NotSignedIn("join-code-invalid")
    if before is not None:
        _check_code(engine, owner, code, now)
        before(owner)
    with writing(engine) as session:
        try:
            learner = open_ledger(session, owner, now).learner  # first, like everybody: no two wait in a ring
        except Missing:
            raise NotSignedIn("join-code-invalid") from None
        used = session.execute(
            delete(join_codes).where(_is_good(owner, code, now)).returning(join_codes.c.id)
        )
        if used.first() is None:
            raise NotSignedIn("join-code-invalid")
        secret = open_session(session, learner, device_id, device_name, now=now, random=random)
    return SignedIn(learner, secret)


def _check_code(engine: Engine, owner: UUID, code: str, now: int) -> None:
    with reading(engine) as session:
        if session.execute(select(join_codes.c.id).where(_is_good(owner, code, now))).first() is None:
            raise NotSignedIn("join-code-invalid")


def _is_good(owner: UUID, code: str, now: int) -> ColumnElement[bool]:
    return and_(
        join_codes.c.learner_id == owner,
        join_codes.c.secret_hash == hash_of(code),
        join_codes.c.expires_at >= now,
    )


def _page(
    engine: Engine, table: Table, question: Select[Any], learner_id: UUID, cursor: str | None, limit: int
) -> tuple[list[Fetched], str | None]:
    """One page by id of rows whose first column is their id."""
    question = question.where(table.c.learner_id == learner_id)
    if key := read_cursor(cursor, UUID):
        question = question.where(table.c.id > key[0])
    with reading(engine) as session:
        found = session.execute(question.order_by(table.c.id).limit(limit + 1)).all()
    rows, more = cut(found, limit)
    return list(rows), cursor_of(rows[-1][0]) if more else None
