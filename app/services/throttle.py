"""Slowing guesses down: how often something may be tried within a window of time."""

from dataclasses import dataclass

from sqlalchemy import Engine, case, delete

from app.core.day import DAY_MS
from app.core.errors import Throttled
from app.db.engine import writing
from app.db.models import throttles
from app.db.queries import dialect_of, insert_or


@dataclass(frozen=True, slots=True)
class Allowance:
    """`tries` within `window_ms`, counted for `key`."""

    key: str
    tries: int
    window_ms: int


def spend(engine: Engine, allowances: list[Allowance], now: int) -> None:
    """Count one try against each allowance; it counts even when what follows fails.

    Raises Throttled("too-many-tries", retry_after=seconds) when one is used up.
    """
    wait_ms = 0
    with writing(engine) as session:
        session.execute(delete(throttles).where(throttles.c.window_start < now - DAY_MS))
        for allowance in allowances:
            upsert = insert_or(dialect_of(session), throttles).values(
                key=allowance.key, window_start=now, tries=1
            )
            over = throttles.c.window_start <= now - allowance.window_ms
            counted = upsert.on_conflict_do_update(
                index_elements=[throttles.c.key],
                set_={
                    "tries": case((over, 1), else_=throttles.c.tries + 1),
                    "window_start": case((over, now), else_=throttles.c.window_start),
                },
            ).returning(throttles.c.tries, throttles.c.window_start)
            tries, window_start = session.execute(counted).one()
            if tries > allowance.tries:
                wait_ms = max(wait_ms, window_start + allowance.window_ms - now)
    if wait_ms:
        raise Throttled("too-many-tries", retry_after=-(-wait_ms // 1000))
