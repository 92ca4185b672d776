"""The devices of a learner, API tokens, and codes by which one more device joins."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine

from app.services.learners import SignedIn
from app.services.paging import Page


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


def remove_device(engine: Engine, learner_id: UUID, device_id: UUID) -> None:
    """Sign the device out and forget it; what was learnt on it stays. Raises Missing("device-missing")."""


def list_tokens(engine: Engine, learner_id: UUID, cursor: str | None, limit: int) -> Page[TokenRow]:
    """By id, which is by age. Raises Refused("cursor-invalid")."""


def create_token(
    engine: Engine, learner_id: UUID, *, name: str, now: int, random: Callable[[int], bytes]
) -> NewToken:
    """A secret for a script, shown this once. Raises TooLarge("too-many-tokens") beyond 100."""


def remove_token(engine: Engine, learner_id: UUID, token_id: UUID) -> None:
    """Raises Missing("token-missing")."""


def create_join_code(engine: Engine, learner_id: UUID, *, now: int, random: Callable[[int], bytes]) -> JoinCode:
    """A code for one more device, good for ten minutes; it ends the ones before."""


def join(
    engine: Engine, *, code: str, device_id: UUID, device_name: str, now: int, random: Callable[[int], bytes]
) -> SignedIn:
    """Sign a device in by a code, which is used up. Raises NotSignedIn("join-code-invalid")."""
