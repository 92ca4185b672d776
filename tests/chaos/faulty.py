"""The product with a fault planted in it, chosen by CHAOS_FAULT, so that the checker is seen to catch it."""

import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from app.core import schedule
from app.core.events import Event
from app.core.ids import new_id
from app.services import events_in, sync

WRITTEN_LATER_S = 0.2


def ack_before_commit() -> None:
    """Answers at once, writes behind: what a queue in memory would do."""
    right = sync.sync

    def early(
        engine: Engine,
        learner_id: UUID,
        request: sync.SyncRequest,
        *,
        now: int,
        random: Callable[[int], bytes],
    ) -> sync.SyncResult:
        def write() -> None:
            right(engine, learner_id, request, now=now, random=random)

        threading.Timer(WRITTEN_LATER_S, write).start()
        told = right(engine, learner_id, replace(request, events=[]), now=now, random=random)
        return replace(told, acked=[*told.acked, *(event.id for event in request.events)])

    sync.sync = early


def no_unique_id() -> None:
    """Gives each event that arrives an id of its own: a copy of a request is as good as new."""
    right = events_in.take_in

    def anew(ledger: Any, incoming: Sequence[sync.EventIn], device_id: UUID) -> events_in.TakenIn:
        given = {new_id(time.time_ns() // 1_000_000, os.urandom): event for event in incoming}
        taken = right(ledger, [replace(event, id=fresh) for fresh, event in given.items()], device_id)
        taken.acked = [given[fresh].id for fresh in taken.acked]
        taken.refused = [replace(item, id=given[item.id].id) for item in taken.refused]
        return taken

    vars(sync)["take_in"] = anew


def drops_undo() -> None:
    """Replays as if nothing had been taken back."""

    def all_of_it(events: Iterable[Event]) -> list[Event]:
        distinct = {event.id: event for event in events if event.kind != "undo"}
        return sorted(distinct.values(), key=lambda event: event.order_key)

    schedule.effective_log = all_of_it


def unsorted_replay() -> None:
    """Takes events in the order of their arrival."""
    right = schedule.effective_log
    events_in._on_top = lambda card, fresh, versions: all(event.kind != "undo" for _, event in fresh)
    schedule.effective_log = lambda events: sorted(right(events), key=lambda event: event.received_at)


FAULTS: dict[str, Callable[[], None]] = {
    "ack-before-commit": ack_before_commit,
    "no-unique-id": no_unique_id,
    "drops-undo": drops_undo,
    "unsorted-replay": unsorted_replay,
}
FAULTS.get(os.environ.get("CHAOS_FAULT", ""), lambda: None)()

from wsgi import app  # noqa: E402  (the fault must be there first)

__all__ = ["app"]
