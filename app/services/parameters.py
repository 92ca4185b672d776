"""Versions of a learner's scheduling parameters."""

from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from app.core.parameters import Parameters, check_parameters, newest
from app.db.models import learners, parameter_sets
from app.services.ledger import Ledger, read_parameter_versions
from app.services.recompute import recompute_cards


@dataclass(frozen=True, slots=True)
class ParameterChanges:
    """What to change; None leaves it. Steps are minutes, the interval is days."""

    desired_retention: float | None = None
    learning_steps: tuple[int, ...] | None = None
    relearning_steps: tuple[int, ...] | None = None
    maximum_interval: int | None = None
    weights: tuple[float, ...] | None = None


def adopt(ledger: Ledger, changes: ParameterChanges) -> bool:
    """Put changed parameters in force from now on: a new version, by which all cards are computed anew.

    Due days stay until each card's next answer. False when nothing changes. Raises Refused: retention-range,
    steps-invalid, maximum-interval, weights-invalid.
    """
    wanted = {name: value for name, value in asdict(changes).items() if value is not None}
    if not wanted:
        return False
    before = read_parameter_versions(ledger.session, ledger.learner_id)
    current = newest(before)
    if (checked := check_parameters(replace(current, **wanted))) == current:
        return False
    fresh = replace(checked, version=current.version + 1, from_at=ledger.now)
    ledger.session.execute(
        insert(parameter_sets), [parameters_row(ledger.learner_id, fresh, seq=ledger.next_seq())]
    )
    ledger.session.execute(
        update(learners).where(learners.c.id == ledger.learner_id).values(parameters_version=fresh.version)
    )
    recompute_cards(ledger, [*before, fresh])
    return True


def parameters_row(learner_id: UUID, parameters: Parameters, *, seq: int) -> dict[str, Any]:
    """The parameters as column values."""
    steps = {
        name: list(getattr(parameters, name)) for name in ("weights", "learning_steps", "relearning_steps")
    }
    return {"learner_id": learner_id, "seq": seq, **asdict(parameters), **steps}
