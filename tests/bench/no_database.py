"""The same application and route with nothing behind it: what HTTP, JSON and checks cost by themselves.

Served by gunicorn in the bench: `gunicorn -c python:app.serve tests.bench.no_database:app`.
"""

import os
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import Engine

from app import create_app
from app.config import Settings
from app.db.rows import CardRow
from app.services import identity, sync

LEARNER = UUID("0190a5d8-0000-7000-8000-000000000001")
CARD = UUID("0190a5d8-0000-7000-8000-000000000002")
SECRET = identity.new_secret("ws_", LEARNER, lambda size: b"?" * size)
HASH = identity.hash_of(SECRET)


def known(_engine: Engine, secret: str, _now: int) -> identity.Identity | None:
    """The same look at the cookie, without a row to compare it with."""
    if identity.owner_of(secret, "ws_") != LEARNER or identity.hash_of(secret) != HASH:
        return None
    return identity.Identity(LEARNER, "zh", "session", LEARNER, CARD)


def acknowledge(
    _engine: Engine,
    _learner_id: UUID,
    request: sync.SyncRequest,
    *,
    now: int,
    random: Callable[[int], bytes],
) -> sync.SyncResult:
    """Say of each event what a service with a database says: it is taken, and so stands its card now."""
    changes = sync.Changes(cards=[_card(event) for event in request.events])
    acked = [event.id for event in request.events]
    return sync.SyncResult(request.cursor + 1, False, acked, [], [], [], changes, now, "0" * 16, 0, [])


def _card(event: sync.EventIn) -> CardRow:
    return CardRow(
        id=event.card_id,
        note_id=CARD,
        deck_id=CARD,
        ordinal=0,
        position=0,
        phase=2,
        step=None,
        stability=2.3065,
        difficulty=2.118103970459016,
        due_day=event.day + 2,
        due_at=None,
        last_day=event.day,
        last_at=event.at,
        reps=1,
        lapses=0,
        suspended=False,
        buried_until=None,
        flag=0,
        version=1,
        seq=1,
    )


setattr(identity, "identify", known)  # noqa: B010 - a plain assignment is what the type checker forbids
setattr(sync, "sync", acknowledge)  # noqa: B010
app = create_app(Settings.from_env(os.environ))
