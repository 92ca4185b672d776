"""One learner held still while something of theirs changes.

Everything that changes takes the next number of the learner's own count (`seq`), so that phones can ask for
what came after the last one they saw. The lock on the learner's row makes these numbers appear in order.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, Engine, bindparam, select, update
from sqlmodel import Session

from app.core.digest import Digest, Scheduled, add, card_digest, from_hex, subtract, to_hex
from app.core.errors import Missing
from app.core.parameters import DEFAULT_PARAMETERS, Parameters
from app.db.engine import changing_rows
from app.db.models import devices, learners, parameter_sets
from app.db.prepared import Prepared
from app.db.rows import LEARNER_COLUMNS, PARAMETERS_COLUMNS, LearnerRow, ParametersRow

_SEEN: Final = (
    select(devices.c.last_seen_day)
    .where(devices.c.learner_id == bindparam("learner"), devices.c.id == bindparam("device"))
    .scalar_subquery()
)
_LOCK: Final = Prepared(
    select(*LEARNER_COLUMNS, learners.c.seq, learners.c.digest, _SEEN)
    .where(learners.c.id == bindparam("learner"))
    .with_for_update()
)
_CLOSE: Final = Prepared(
    update(learners)
    .where(learners.c.id == bindparam("learner"))
    .values(seq=bindparam("seq"), digest=bindparam("digest"))
)


@dataclass(slots=True)
class Ledger:
    """The locked learner within one write transaction. `opened_seq` is where the count stood before it.

    `device_seen_day` is the last learner day of the device that asks, None for an unknown one.
    """

    connection: Connection
    learner: LearnerRow
    now: int
    opened_seq: int
    seq: int
    digest: Digest
    device_seen_day: int | None
    _session: Session | None = field(default=None, repr=False)

    @property
    def session(self) -> Session:
        """A session in this transaction, made when first asked for: the busiest requests need none."""
        if self._session is None:
            self._session = Session(self.connection)
        return self._session

    def flush(self) -> None:
        """Write what the session still holds back."""
        if self._session is not None:
            self._session.flush()

    @property
    def learner_id(self) -> UUID:
        return self.learner.id

    def next_seq(self) -> int:
        """The number of one more change."""
        self.seq += 1
        return self.seq

    def skip(self, changes: int) -> int:
        """Reserve numbers for so many changes; the number before the first of them."""
        before = self.seq
        self.seq += changes
        return before

    def count_in(self, card_id: UUID, state: Scheduled) -> None:
        """A card came alive, or has this state now."""
        self.digest = add(self.digest, card_digest(card_id, state))

    def count_out(self, card_id: UUID, state: Scheduled) -> None:
        """A card went, or no longer has this state."""
        self.digest = subtract(self.digest, card_digest(card_id, state))

    def parameter_versions(self) -> list[Parameters]:
        """All versions, oldest first."""
        if self.learner.parameters_version == DEFAULT_PARAMETERS.version:
            return [DEFAULT_PARAMETERS]
        return read_parameter_versions(self.session, self.learner_id)


@contextmanager
def changing(
    engine: Engine,
    learner_id: UUID,
    now: int,
    device_id: UUID | None = None,
    *,
    queue: bool = False,
) -> Iterator[Ledger]:
    """A write transaction on one learner: committed at the end, rolled back by any error. Raises Missing."""
    with changing_rows(engine, queue=queue) as connection:
        ledger = _lock(connection, learner_id, now, device_id)
        yield ledger
        ledger.flush()
        close_ledger(ledger)


def open_ledger(session: Session, learner_id: UUID, now: int) -> Ledger:
    """Lock the learner. Raises Missing("learner-missing")."""
    ledger = _lock(session.connection(), learner_id, now, None)
    ledger._session = session
    return ledger


def _lock(connection: Connection, learner_id: UUID, now: int, device_id: UUID | None) -> Ledger:
    found = _LOCK.run(connection, {"learner": learner_id, "device": device_id}).row()
    if found is None:
        raise Missing("learner-missing")
    *fields, seq, digest, seen_day = found
    return Ledger(connection, LearnerRow(*fields), now, seq, seq, from_hex(digest), seen_day)


def close_ledger(ledger: Ledger) -> None:
    """Write the count and the digest back, when anything changed."""
    if ledger.seq != ledger.opened_seq:
        changed = {"learner": ledger.learner_id, "seq": ledger.seq, "digest": to_hex(ledger.digest)}
        _CLOSE.run_each(ledger.connection, [changed])


def read_parameter_versions(session: Session, learner_id: UUID) -> list[Parameters]:
    """All versions of a learner's parameters, oldest first."""
    rows = session.execute(
        select(*PARAMETERS_COLUMNS)
        .where(parameter_sets.c.learner_id == learner_id)
        .order_by(parameter_sets.c.version)
    )
    return [ParametersRow(*row).parameters for row in rows]


def parameters_in_force(session: Session, learner: LearnerRow) -> Parameters:
    """The newest version of a learner's parameters."""
    row = session.execute(
        select(*PARAMETERS_COLUMNS).where(
            parameter_sets.c.learner_id == learner.id,
            parameter_sets.c.version == learner.parameters_version,
        )
    ).one()
    return ParametersRow(*row).parameters
