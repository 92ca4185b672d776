"""Proofs of who someone is: opaque secrets of 256 bits, of which only hashes are stored.

A secret begins with the learner's id, so that even this lookup names the learner.
"""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks. `proof_id` is the session's or the token's own id."""

    learner_id: UUID
    language: str
    way: Literal["session", "token"]
    proof_id: UUID
    device_id: UUID | None


def identify(engine: Engine, secret: str, now: int) -> Identity | None:
    """Whose secret this is (a session's or an API token's), None when it is not or no longer good."""
