"""The rollup of answers by learner day and deck."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, Insert, bindparam, select

from app.core.stats import DayCounts
from app.db.models import day_stats
from app.db.prepared import Answer, Prepared
from app.db.queries import insert_or

COUNTERS: Final = tuple(DayCounts.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class DeckDone:
    """What one deck has had of a day's limits."""

    deck_id: UUID
    new: int
    reviews: int


@dataclass(slots=True)
class CountsByDeck:
    """Counts by (day, deck)."""

    counts: dict[tuple[int, UUID], DayCounts] = field(default_factory=dict)

    def add_all(self, deck_id: UUID, days: Mapping[int, DayCounts]) -> None:
        for day, counts in days.items():
            self.counts[day, deck_id] = self.counts.get((day, deck_id), DayCounts()) + counts

    def take_all(self, deck_id: UUID, days: Mapping[int, DayCounts]) -> None:
        for day, counts in days.items():
            self.counts[day, deck_id] = self.counts.get((day, deck_id), DayCounts()) - counts


def done_on(connection: Connection, learner_id: UUID, day: int) -> list[DeckDone]:
    """What was answered on one learner day, on whichever device."""
    return [DeckDone(*row) for row in ask_done(connection, learner_id, day).rows()]


def ask_done(connection: Connection, learner_id: UUID, day: int) -> Answer:
    """The same as rows to be read later, even after the transaction."""
    return _DONE.run(connection, {"learner": learner_id, "day": day})


def add_counts(connection: Connection, learner_id: UUID, gained: CountsByDeck) -> None:
    """Add to the stored counts; what an undo takes away is negative."""
    rows = [
        {"learner_id": learner_id, "day": day, "deck_id": deck_id}
        | {name: getattr(counts, name) for name in COUNTERS}
        for (day, deck_id), counts in gained.counts.items()
        if counts != DayCounts()
    ]
    _ADDING.run_each(connection, rows)


def _adding(dialect: str) -> Insert:
    upsert = insert_or(dialect, day_stats)
    added = {name: day_stats.c[name] + upsert.excluded[name] for name in COUNTERS}
    keys = [day_stats.c.learner_id, day_stats.c.day, day_stats.c.deck_id]
    return upsert.on_conflict_do_update(index_elements=keys, set_=added)


_ADDING: Final = Prepared(_adding)
_DONE: Final = Prepared(
    select(day_stats.c.deck_id, day_stats.c.new, day_stats.c.young + day_stats.c.mature).where(
        day_stats.c.learner_id == bindparam("learner"), day_stats.c.day == bindparam("day")
    )
)
