"""Who learns: making a learner without any sign-up, their settings, and their end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, delete, insert, select, update
from sqlmodel import Session, SQLModel

from app.core.day import DEFAULT_ROLLOVER_HOUR, HOUR_MS, check_rollover_hour, check_zone, learner_day
from app.core.errors import Missing
from app.core.ids import new_id
from app.core.parameters import DEFAULT_PARAMETERS, Parameters
from app.db.engine import reading, writing
from app.db.models import learners, parameter_sets
from app.db.rows import LEARNER_COLUMNS, LearnerRow
from app.services.exam_wakening import ask_for_plan
from app.services.identity import open_session
from app.services.ledger import Ledger, changing, open_ledger, parameters_in_force
from app.services.parameters import ParameterChanges, adopt, parameters_row
from app.services.throttle import Allowance, spend

BEGINNERS_AN_HOUR: Final = 200
"""New learners from one network address."""


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

    @property
    def parameters(self) -> ParameterChanges:
        return ParameterChanges(
            self.desired_retention, self.learning_steps, self.relearning_steps, self.maximum_interval
        )


def begin_anonymous(
    engine: Engine,
    *,
    address: str,
    device_id: UUID,
    device_name: str,
    zone: str,
    language: str,
    now: int,
    random: Callable[[int], bytes],
) -> SignedIn:
    """A new learner for whoever asks from this address; a class may begin at once, a script is slowed down.

    Raises Refused("zone-unknown"), Throttled("too-many-tries", retry_after=seconds).
    """
    spend(engine, [Allowance(f"begin from {address}", BEGINNERS_AN_HOUR, HOUR_MS)], now)
    return create_anonymous(
        engine,
        device_id=device_id,
        device_name=device_name,
        zone=zone,
        language=language,
        now=now,
        random=random,
    )


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
    check_zone(zone)
    learner_id = new_id(now, random)
    row = {
        "id": learner_id,
        "kind": "anonymous",
        "name": None,
        "language": language,
        "zone": zone,
        "rollover_hour": DEFAULT_ROLLOVER_HOUR,
        "settings": {},
        "parameters_version": DEFAULT_PARAMETERS.version,
        "seq": 2,
        "own_seq": 1,
        "digest": "0" * 16,
        "created_at": now,
        "last_seen_day": learner_day(now, zone, DEFAULT_ROLLOVER_HOUR),
    }
    with writing(engine) as session:
        session.execute(insert(learners), [row])
        session.execute(insert(parameter_sets), [parameters_row(learner_id, DEFAULT_PARAMETERS, seq=2)])
        learner = _read(session, learner_id)
        secret = open_session(session, learner, device_id, device_name, now=now, random=random)
    return SignedIn(learner, secret)


def read_learner(engine: Engine, learner_id: UUID) -> LearnerRow:
    """Raises Missing("learner-missing")."""
    with reading(engine) as session:
        return _read(session, learner_id)


def read_parameters(engine: Engine, learner_id: UUID) -> Parameters:
    """The scheduling parameters in force. Raises Missing("learner-missing")."""
    with reading(engine) as session:
        return parameters_in_force(session, _read(session, learner_id))


def change_learner(
    engine: Engine, learner_id: UUID, changes: LearnerChanges, now: int, random: Callable[[int], bytes]
) -> LearnerRow:
    """Change the settings; new scheduling parameters become a new version and every card is computed anew.
    Breaks are days off for the plans of exams, which are asked for anew.

    Raises Refused: zone-unknown, rollover-hour, retention-range, steps-invalid, maximum-interval.
    """
    values: dict[str, Any] = {}
    if changes.language is not None:
        values["language"] = changes.language
    if changes.zone is not None:
        values["zone"] = check_zone(changes.zone)
    if changes.rollover_hour is not None:
        values["rollover_hour"] = check_rollover_hour(changes.rollover_hour)
    with changing(engine, learner_id, now) as ledger:
        if changes.settings is not None:
            merged = {**ledger.learner.settings, **changes.settings}
            values["settings"] = {name: value for name, value in merged.items() if value is not None}
        adopted = adopt(ledger, changes.parameters)
        if values or adopted:
            write_own(ledger, values)
        if changes.settings is not None and "breaks" in changes.settings:
            ask_for_plan(ledger, random)
        return _read(ledger.session, learner_id)


def write_own(ledger: Ledger, values: Mapping[str, Any]) -> None:
    """Change the learner's own row, and have it told to the phones."""
    ledger.session.execute(
        update(learners).where(learners.c.id == ledger.learner_id).values(**values, own_seq=ledger.next_seq())
    )


def delete_account(engine: Engine, learner_id: UUID) -> None:
    """Remove every row of the learner, in all tables, at once and for good. Raises Missing."""
    with writing(engine) as session:
        open_ledger(session, learner_id, 0)
        for table in reversed(SQLModel.metadata.sorted_tables):
            if "learner_id" in table.c:
                session.execute(delete(table).where(table.c.learner_id == learner_id))
        session.execute(delete(learners).where(learners.c.id == learner_id))


def _read(session: Session, learner_id: UUID) -> LearnerRow:
    row = session.execute(select(*LEARNER_COLUMNS).where(learners.c.id == learner_id)).one_or_none()
    if row is None:
        raise Missing("learner-missing")
    return LearnerRow(*row)
