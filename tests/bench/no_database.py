"""The same application and route with nothing behind it: what HTTP, JSON and checks cost by themselves.

Served by gunicorn in the bench: `gunicorn -c python:app.serve tests.bench.no_database:app`.
"""

import os
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import Engine

from app import create_app
from app.config import Settings
from app.services import identity, sync

LEARNER = UUID("0190a5d8-0000-7000-8000-000000000001")
SECRET = "the-bench-asks"


def known(_engine: Engine, secret: str, _now: int) -> identity.Identity | None:
    return identity.Identity(LEARNER, "zh", "token", LEARNER, None) if secret == SECRET else None


def acknowledge(
    _engine: Engine,
    _learner_id: UUID,
    request: sync.SyncRequest,
    *,
    now: int,
    random: Callable[[int], bytes],
) -> sync.SyncResult:
    nothing = sync.Changes(learner=None, parameters=[], decks=[], notes=[], cards=[], tombstones=[])
    acked = [event.id for event in request.events]
    return sync.SyncResult(request.cursor, False, acked, [], [], [], nothing, now, "0" * 16, 0, [])


setattr(identity, "identify", known)  # noqa: B010 - a plain assignment is what the type checker forbids
setattr(sync, "sync", acknowledge)  # noqa: B010
app = create_app(Settings.from_env(os.environ))
