"""Computing every cache anew from the log: schedules, daily counts, digests."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Engine


def rebuild(engine: Engine, now: int, learner_ids: Sequence[UUID] | None = None) -> int:
    """Recompute all (or these) learners; the number of rows that were wrong, 0 expected."""
