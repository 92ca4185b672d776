"""Who learns: making a learner without any sign-up, their settings, and their end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from app.db.rows import LearnerRow


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A learner and the secret that the device keeps; it is shown this once, only its hash is stored."""

    learner: LearnerRow
    secret: str


@dataclass(frozen=True, slots=True)
class LearnerChanges:
    """What to change; None leaves it. A setting given as None goes back to its default. Steps are minutes."""

    language: str | None = None
    zone: str | None = None
    rollover_hour: int | None = None
    settings: Mapping[str, Any] | None = None
    desired_retention: float | None = None
    learning_steps: tuple[int, ...] | None = None
    relearning_steps: tuple[int, ...] | None = None
    maximum_interval: int | None = None


def create_anonymous(
    engine: Engine,
    *,
    device_id: UUID,
    device_name: str,
    zone: str,
    language: str,
    now: int,
    random: Callable[[int], bytes],
) -> SignedIn:
    """A new learner with their first device, signed in. Raises Refused("zone-unknown")."""


def read_learner(engine: Engine, learner_id: UUID) -> LearnerRow:
    """Raises Missing("learner-missing")."""


def change_learner(engine: Engine, learner_id: UUID, changes: LearnerChanges, now: int) -> LearnerRow:
    """Change the settings; new scheduling parameters become a new version and every card is computed anew.

    Raises Refused: zone-unknown, rollover-hour, retention-range, steps-invalid, maximum-interval.
    """


def delete_account(engine: Engine, learner_id: UUID) -> None:
    """Remove every row of the learner, in all tables, at once and for good. Raises Missing."""
