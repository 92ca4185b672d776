"""One round trip between a phone and the service: events and edits in, changes out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, bindparam, update

from app.core.day import learner_day
from app.core.digest import to_hex
from app.db.models import devices, learners
from app.db.prepared import Prepared
from app.db.queries import insert_or
from app.services.changes import Changes, TombstoneRow, read_changes
from app.services.day_counts import DeckDone, ask_done
from app.services.edit_bench import EditIn
from app.services.edits import take_in_edits
from app.services.events_in import CorrectedDay, EventIn, RefusedItem, TakenIn, take_in
from app.services.exam_wakening import ask_for_plan
from app.services.ledger import Ledger, changing
from app.services.merge import Conflict as EditConflict

__all__ = [
    "Changes",
    "CorrectedDay",
    "DeckDone",
    "EditConflict",
    "EditIn",
    "EventIn",
    "RefusedItem",
    "SyncRequest",
    "SyncResult",
    "TombstoneRow",
    "sync",
]


@dataclass(frozen=True, slots=True)
class SyncRequest:
    """`cursor` is the last change that the phone has (0: none), `want` how many changes it takes at once."""

    device_id: UUID
    cursor: int
    want: int
    events: list[EventIn] = field(default_factory=list)
    edits: list[EditIn] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SyncResult:
    """All that is acked is on the disk.

    `digest` stands only when the phone has everything (`more` is False). `done` is what all devices together
    have answered on the learner's `day`: a phone that knew only its own answers would hand out each day's new
    cards again.
    """

    cursor: int
    more: bool
    acked: list[UUID]
    refused: list[RefusedItem]
    corrected: list[CorrectedDay]
    conflicts: list[EditConflict]
    changes: Changes
    server_time: int
    digest: str | None
    day: int
    done: list[DeckDone]


def sync(
    engine: Engine, learner_id: UUID, request: SyncRequest, *, now: int, random: Callable[[int], bytes]
) -> SyncResult:
    """Take in what the phone did, then tell it what changed since its cursor.

    Edits go first: they may make the cards that the events are about. Bad items are refused one by one:
    event-id-reused, card-missing, card-deleted, edit-id-reused, note-missing, deck-missing, note-exists,
    deck-exists, note-invalid, exam-…. Raises Missing("learner-missing").
    """
    with changing(engine, learner_id, now, request.device_id, queue=not request.edits) as ledger:
        today = learner_day(now, ledger.learner.zone, ledger.learner.rollover_hour)
        first_today = _see(ledger, request.device_id, today)
        edited = take_in_edits(ledger, request.edits, random)
        ledger.flush()
        taken = take_in(ledger, request.events, request.device_id)
        if first_today:
            ask_for_plan(ledger, random)
        changes, last, more = _changes(ledger, request, taken)
        done = ask_done(ledger.connection, learner_id, today)
    return SyncResult(
        cursor=last if more else ledger.seq,
        more=more,
        acked=edited.acked + taken.acked,
        refused=edited.refused + taken.refused,
        corrected=taken.corrected,
        conflicts=edited.conflicts,
        changes=changes,
        server_time=now,
        digest=None if more else to_hex(ledger.digest),
        day=today,
        done=[DeckDone(*row) for row in done.rows()],
    )


def _changes(ledger: Ledger, request: SyncRequest, taken: TakenIn) -> tuple[Changes, int, bool]:
    """What the phone has not got yet.

    One that had everything before this request needs to hear only of the cards that its events moved, and
    those are at hand: the database is not asked.
    """
    if request.cursor == ledger.opened_seq and not request.edits and len(taken.moved) <= request.want:
        return Changes(cards=taken.moved), ledger.seq, False
    # A cursor from another life of this account (restored from a backup) knows nothing of the changes since.
    cursor = request.cursor if request.cursor <= ledger.seq else 0
    return read_changes(ledger.session, ledger.learner_id, cursor, request.want)


def _see(ledger: Ledger, device_id: UUID, today: int) -> bool:
    """Note that the device was here; whether it is the first time on this learner day."""
    if ledger.device_seen_day is not None and ledger.device_seen_day >= today:
        return False
    row = {"learner_id": ledger.learner_id, "id": device_id, "name": "", "created_at": ledger.now}
    _SEEING.run_each(ledger.connection, [{**row, "last_seen_day": today}])
    _LAST_SEEN.run_each(ledger.connection, [{"learner": ledger.learner_id, "today": today}])
    return True


def _seeing(dialect: str) -> Any:
    upsert = insert_or(dialect, devices)
    return upsert.on_conflict_do_update(
        index_elements=[devices.c.learner_id, devices.c.id],
        set_={"last_seen_day": upsert.excluded.last_seen_day},
    )


_SEEING: Final = Prepared(_seeing)
_LAST_SEEN: Final = Prepared(
    update(learners).where(learners.c.id == bindparam("learner")).values(last_seen_day=bindparam("today"))
)
