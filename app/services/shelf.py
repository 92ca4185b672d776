"""A learner's decks as they stand in levels, with the options that hold for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from app.core.deck_options import InForce, options_in_force, usual_options
from app.core.errors import Missing
from app.core.levels import decks_above, decks_below
from app.core.parameters import Parameters
from app.db.models import decks, learners
from app.db.rows import LEARNER_COLUMNS, LearnerRow
from app.services.ledger import parameters_in_force


@dataclass(frozen=True, slots=True)
class Shelf:
    """All decks by position. `below` has each deck itself and those below it."""

    learner: LearnerRow
    parameters: Parameters
    names: Mapping[UUID, str]
    options: Mapping[UUID, Mapping[str, InForce]]
    above: Mapping[UUID, UUID]
    below: Mapping[UUID, list[UUID]]


def read_shelf(session: Session, learner_id: UUID) -> Shelf:
    """Raises Missing("learner-missing")."""
    row = session.execute(select(*LEARNER_COLUMNS).where(learners.c.id == learner_id)).one_or_none()
    if row is None:
        raise Missing("learner-missing")
    learner = LearnerRow(*row)
    parameters = parameters_in_force(session, learner)
    rows = session.execute(
        select(decks.c.id, decks.c.name, decks.c.options)
        .where(decks.c.learner_id == learner_id, decks.c.deleted_at.is_(None))
        .order_by(decks.c.position, decks.c.id)
    ).all()
    names = {row.id: row.name for row in rows}
    above = decks_above(names.items())
    usual = usual_options(learner.settings, parameters.desired_retention)
    options = options_in_force({row.id: row.options for row in rows}, above, usual)
    return Shelf(learner, parameters, names, options, above, decks_below(names, above))
