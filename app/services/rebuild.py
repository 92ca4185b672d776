"""Computing every cache anew from the log: schedules, daily counts, digests."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Engine, delete, insert, select

from app.core.digest import set_digest
from app.core.stats import DayCounts
from app.db.engine import reading
from app.db.models import cards, day_stats, learners
from app.db.rows import STATE_FIELDS, state_of
from app.services.day_counts import COUNTERS, CountsByDeck
from app.services.ledger import Ledger, changing, read_parameter_versions
from app.services.recompute import recompute_with_counts


def rebuild(engine: Engine, now: int, learner_ids: Sequence[UUID] | None = None) -> int:
    """Recompute all (or these) learners; the number of rows that were wrong, 0 expected.

    Each learner in a transaction of their own. Raises Missing for an unknown one.
    """
    if learner_ids is None:
        with reading(engine) as session:
            learner_ids = list(session.execute(select(learners.c.id)).scalars())
    wrong = 0
    for learner_id in learner_ids:
        with changing(engine, learner_id, now) as ledger:
            wrong += _rebuild_one(ledger)
    return wrong


def _rebuild_one(ledger: Ledger) -> int:
    versions = read_parameter_versions(ledger.session, ledger.learner_id)
    wrong, counts = recompute_with_counts(ledger, versions)
    wrong += _put_counts_right(ledger, counts)
    names = ("id", *STATE_FIELDS)
    rows = ledger.session.execute(
        select(*(cards.c[name] for name in names)).where(
            cards.c.learner_id == ledger.learner_id, cards.c.deleted_at.is_(None)
        )
    )
    digest = set_digest((row.id, state_of(row)) for row in rows)
    if digest != ledger.digest:
        ledger.digest = digest
        ledger.next_seq()
        wrong += 1
    return wrong


def _put_counts_right(ledger: Ledger, right: CountsByDeck) -> int:
    """Replace the stored counts when they differ; by how many rows. A row of zeros is as good as none."""
    rows = ledger.session.execute(select(day_stats).where(day_stats.c.learner_id == ledger.learner_id))
    stored = {(row.day, row.deck_id): DayCounts(*(getattr(row, name) for name in COUNTERS)) for row in rows}
    had = {(key, counts) for key, counts in stored.items() if counts != DayCounts()}
    wanted = {(key, counts) for key, counts in right.counts.items() if counts != DayCounts()}
    if had == wanted:
        return 0
    ledger.session.execute(delete(day_stats).where(day_stats.c.learner_id == ledger.learner_id))
    fresh = [
        {"learner_id": ledger.learner_id, "day": day, "deck_id": deck_id}
        | {name: getattr(counts, name) for name in COUNTERS}
        for (day, deck_id), counts in wanted
    ]
    if fresh:
        ledger.session.execute(insert(day_stats), fresh)
    return len({key for key, _ in had ^ wanted})
