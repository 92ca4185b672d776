"""Names and passwords: claiming an anonymous learner, signing in and out."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import Engine

from app.db.rows import LearnerRow
from app.services.learners import SignedIn


def claim(
    engine: Engine, learner_id: UUID, *, name: str, password: str, now: int, random: Callable[[int], bytes]
) -> LearnerRow:
    """Give an anonymous learner a name and a password; nothing that they learnt moves.

    Raises Refused("password-short" | "name-invalid"), Conflict("name-taken" | "already-claimed").
    """


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
) -> SignedIn:
    """Sign a device in. `address` is the network address, by which guessing is slowed down.

    Raises NotSignedIn("wrong-name-or-password"), Throttled("too-many-tries", retry_after=seconds).
    """


def sign_out(engine: Engine, learner_id: UUID, session_id: UUID) -> None:
    """End this session; one that is gone already is no error."""
