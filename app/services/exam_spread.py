"""When an exam is over its cards go back to normal: those whose turn has come are spread by load."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update

from app.core.exam.spread import LONGEST, Overdue, spread
from app.core.ids import new_id
from app.db.models import cards, decks, exams
from app.services.content import chunks
from app.services.events_in import EventIn, take_in
from app.services.exam_material import NamedExam
from app.services.ledger import Ledger

_EVENTS_AT_ONCE: Final = 1_000


def spread_after(ledger: Ledger, exam: NamedExam, today: int, random: Callable[[int], bytes]) -> int:
    """Give the exam's overdue cards due days by ordinary events of the log; how many cards. Once an exam."""
    session, mine = ledger.session, cards.c.learner_id == ledger.learner_id
    waiting = session.execute(
        select(exams.c.spread_on).where(exams.c.learner_id == ledger.learner_id, exams.c.id == exam.id)
    ).scalar_one_or_none()
    if waiting is not None:
        return 0
    live = mine & cards.c.deleted_at.is_(None) & cards.c.suspended.is_(False) & (cards.c.phase > 0)
    question = (
        select(cards.c.id, cards.c.stability)
        .join(decks, (decks.c.learner_id == cards.c.learner_id) & (decks.c.id == cards.c.deck_id))
        .where(live, decks.c.deleted_at.is_(None), cards.c.due_day < today)
        .where(cards.c.last_day >= exam.created_day)
        .order_by(cards.c.id)
    )
    if exam.decks is not None:
        question = question.where(cards.c.deck_id.in_([UUID(deck_id) for deck_id in exam.decks]))
    found = session.execute(question).all()
    load = session.execute(
        select(cards.c.due_day, func.count().label("waiting"))
        .where(live, cards.c.due_day.between(today, today + LONGEST))
        .group_by(cards.c.due_day)
    )
    given = spread(
        [Overdue(number, row.stability or 0.0) for number, row in enumerate(found)],
        {row.due_day: row.waiting for row in load},
        today,
    )
    events = [
        EventIn(
            new_id(ledger.now, random), found[row].id, "due", None, ledger.now, 0, today, 0, seq, {"day": day}
        )
        for seq, (row, day) in enumerate(given, start=1)
    ]
    for part in chunks(events, _EVENTS_AT_ONCE):
        take_in(ledger, part, exam.id)
    session.execute(
        update(exams)
        .where(exams.c.learner_id == ledger.learner_id, exams.c.id == exam.id)
        .values(spread_on=today)
    )
    return len(events)
