"""The scheduling parameters in force."""

from uuid import UUID

from sqlalchemy import Engine

from app.core.parameters import DEFAULT_PARAMETERS, Parameters, newest
from app.db.engine import reading
from app.services.ledger import read_parameter_versions


def read_parameters(engine: Engine, learner_id: UUID) -> Parameters:
    """The learner's newest parameters, the defaults where they never changed any."""
    with reading(engine) as session:
        return newest(read_parameter_versions(session, learner_id) or [DEFAULT_PARAMETERS])
