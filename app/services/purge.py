"""What nobody can ask for any more goes: once a day, in short transactions, so that nobody waits for it.

What was deleted more than 30 days ago cannot come back. Of it goes whatever the log does not need: a note's
text and its versions always, rows without any answer altogether. Cards that were answered keep their row, for
statistics are counted from their log.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Engine, Table, and_, delete, exists, select, tuple_, update

from app.core.day import DAY_MS
from app.db.engine import asking, changing_rows
from app.db.models import (
    cards,
    decks,
    edits_done,
    events,
    jobs,
    join_codes,
    note_versions,
    notes,
    sign_ins,
    throttles,
)
from app.services.deck_deletion import RESTORE_DAYS
from app.services.identity import SESSION_DAYS

EDIT_DAYS: Final = 180
"""So long a phone may stay offline with an edit whose acknowledgement it never got."""
JOB_DAYS: Final = 30
_AT_ONCE: Final = 500
_EMPTY: Final[dict[str, Any]] = {"fields": {}, "tags": [], "source": None, "search_text": "", "stamps": {}}


def purge(engine: Engine, now: int) -> int:
    """Remove what is of no more use; how many rows went or were emptied."""

    def days_ago(days: int) -> int:
        return now - days * DAY_MS

    over = (
        (join_codes, join_codes.c.expires_at < now),
        (throttles, throttles.c.window_start < days_ago(1)),
        (sign_ins, sign_ins.c.seen_at < days_ago(SESSION_DAYS)),
        (edits_done, edits_done.c.received_at < days_ago(EDIT_DAYS)),
        (jobs, and_(jobs.c.state.in_(("done", "failed")), jobs.c.created_at < days_ago(JOB_DAYS))),
    )
    count = sum(_delete(engine, table, condition) for table, condition in over)
    # A day later than the last that can come back: nobody is about to bring it back.
    return count + _purge_deleted(engine, days_ago(RESTORE_DAYS + 1))


def _purge_deleted(engine: Engine, before: int) -> int:
    """Rows that were deleted before this moment (ms), from the inside out."""
    old_card, old_note, old_deck = (table.c.deleted_at < before for table in (cards, notes, decks))
    of_old_note = exists().where(_belongs(note_versions, "note_id", notes), old_note)
    unanswered = old_card & ~exists().where(_belongs(events, "card_id", cards))
    cardless = old_note & ~exists().where(_belongs(cards, "note_id", notes))
    empty = ~exists().where(_belongs(notes, "deck_id", decks))
    return (
        _delete(engine, note_versions, of_old_note)
        + _delete(engine, cards, unanswered)
        + _delete(engine, notes, cardless)
        + _in_parts(engine, notes, old_note & (notes.c.search_text != ""), update(notes).values(_EMPTY))
        + _delete(engine, decks, old_deck & empty & ~exists().where(_belongs(cards, "deck_id", decks)))
    )


def _belongs(table: Table, column: str, whole: Table) -> ColumnElement[bool]:
    return and_(table.c.learner_id == whole.c.learner_id, table.c[column] == whole.c.id)


def _delete(engine: Engine, table: Table, condition: ColumnElement[bool]) -> int:
    return _in_parts(engine, table, condition, delete(table))


def _in_parts(engine: Engine, table: Table, condition: ColumnElement[bool], act: Any) -> int:
    """Do something to all rows of a condition: find them without a lock, then some at a time; how many."""
    key = tuple_(*table.primary_key.columns)
    with asking(engine) as connection:
        found = [
            tuple(row) for row in connection.execute(select(*table.primary_key.columns).where(condition))
        ]
    for first in range(0, len(found), _AT_ONCE):
        with changing_rows(engine) as connection:
            connection.execute(act.where(key.in_(found[first : first + _AT_ONCE]), condition))
    return len(found)
