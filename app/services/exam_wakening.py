"""When the plans of exams are to be solved anew: in the morning, and when content or an exam has changed."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import select

from app.core.day import learner_day
from app.db.models import day_plans, exams
from app.services.jobs import enqueue
from app.services.ledger import Ledger

PLAN_JOB: Final = "exam-plan"


def ask_for_plan(ledger: Ledger, random: Callable[[int], bytes]) -> None:
    """Ask for new plans while an exam lies ahead or has just ended, or while there is a plan to take away."""
    learner = ledger.learner
    today = learner_day(ledger.now, learner.zone, learner.rollover_hour)
    mine = exams.c.learner_id == ledger.learner_id
    wanting = select(exams.c.id).where(mine, exams.c.deleted_at.is_(None), exams.c.spread_on.is_(None))
    planned = select(day_plans.c.day).where(day_plans.c.learner_id == ledger.learner_id)
    if any(ledger.session.execute(look.limit(1)).first() is not None for look in (wanting, planned)):
        given = {"day": today}
        enqueue(ledger.session, ledger.learner_id, PLAN_JOB, given, now=ledger.now, random=random)
