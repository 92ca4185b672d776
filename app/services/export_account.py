"""Everything of a learner as one JSON document, written piece by piece."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Engine


def export_account(engine: Engine, learner_id: UUID, now: int) -> Iterator[bytes]:
    """UTF-8 pieces of the document, one consistent snapshot. Raises Missing at the first piece."""
