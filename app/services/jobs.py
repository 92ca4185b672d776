"""Work that a request asks for and another process does: put down, claimed for a while, finished once.

A job is written in the transaction of what it is about. Whoever claims it holds it for `LEASE_MS` and must
renew that; a job whose worker fell silent is claimed again, `MOST_ATTEMPTS` times in all. The end of the
lease is also the proof of holding it: a worker that lost its job can no longer finish it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, and_, insert, or_, select, update
from sqlmodel import Session

from app.core.errors import DomainError, Missing
from app.core.ids import new_id
from app.db.engine import reading, writing
from app.db.models import jobs

LEASE_MS: Final = 60_000
MOST_ATTEMPTS: Final = 3
CRASHED: Final = "job-crashed"


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job. `done` of `total` steps are behind it, 0 of 0 while that is unknown.

    `problem` has the code and the params of what it failed with.
    """

    learner_id: UUID
    id: UUID
    kind: str
    state: str
    done: int
    total: int
    input: dict[str, Any]
    result: dict[str, Any] | None
    problem: dict[str, Any] | None
    created_at: int
    lease_until: int | None


class LeaseLost(RuntimeError):
    """Somebody else has this job by now: nothing that it leads to may be committed."""


_COLUMNS: Final = [jobs.c[name] for name in JobRow.__slots__]


def enqueue(
    session: Session, learner_id: UUID, kind: str, given: dict[str, Any], *, now: int,
    random: Callable[[int], bytes],
) -> UUID:  # fmt: skip
    """Put a job down in the caller's transaction; the same one that still waits is not put down twice."""
    found_id: UUID
    waiting = select(jobs.c.id, jobs.c.input).where(
        jobs.c.learner_id == learner_id, jobs.c.kind == kind, jobs.c.state == "waiting"
    )
    for found_id, already in session.execute(waiting):
        if already == given:
            return found_id
    job_id = new_id(now, random)
    session.execute(
        insert(jobs).values(learner_id=learner_id, id=job_id, kind=kind, input=given, created_at=now)
    )
    return job_id


def read_job(engine: Engine, learner_id: UUID, job_id: UUID) -> JobRow:
    """One of the learner's jobs. Raises Missing("job-missing")."""
    with reading(engine) as session:
        row = session.execute(select(*_COLUMNS).where(_is(learner_id, job_id))).one_or_none()
    if row is None:
        raise Missing("job-missing")
    return JobRow(*row)


def any_claimable(engine: Engine, now: int) -> bool:
    """Whether there is a job for a worker to take."""
    with reading(engine) as session:
        return session.execute(select(jobs.c.id).where(_claimable(now)).limit(1)).first() is not None


def claim(engine: Engine, now: int) -> JobRow | None:
    """Take the oldest job that waits or whose worker fell silent; None when there is none."""
    with writing(engine) as session:
        while True:
            row = session.execute(
                select(*_COLUMNS, jobs.c.attempts)
                .where(_claimable(now))
                .order_by(jobs.c.created_at)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).one_or_none()
            if row is None:
                return None
            *fields, attempts = row
            job = JobRow(*fields)
            if attempts < MOST_ATTEMPTS:
                lease = now + LEASE_MS
                change = {"state": "running", "attempts": attempts + 1, "lease_until": lease}
                session.execute(update(jobs).where(_is(job.learner_id, job.id)).values(**change))
                return replace(job, state="running", lease_until=lease)
            _end(session, job, {"state": "failed", "problem": {"code": CRASHED, "params": {}}})


def renew(
    engine: Engine, job: JobRow, now: int, *, done: int | None = None, total: int | None = None
) -> JobRow:
    """Hold the job for longer, and say how far it is. Raises LeaseLost."""
    counts = {name: value for name, value in (("done", done), ("total", total)) if value is not None}
    lease = max(now + LEASE_MS, (job.lease_until or 0) + 1)
    with writing(engine) as session:
        _end(session, job, {**counts, "lease_until": lease})
    return replace(
        job,
        lease_until=lease,
        done=job.done if done is None else done,
        total=job.total if total is None else total,
    )


def complete(session: Session, job: JobRow, result: dict[str, Any]) -> None:
    """The job is done, in the transaction that holds what it did. Raises LeaseLost."""
    _end(session, job, {"state": "done", "result": result, "lease_until": None})


def fail(engine: Engine, job: JobRow, error: DomainError | None) -> None:
    """The job cannot be done; without a domain error the fault is ours. Raises LeaseLost."""
    problem = _problem(error) if error else {"code": CRASHED, "params": {}}
    with writing(engine) as session:
        _end(session, job, {"state": "failed", "problem": problem, "lease_until": None})


def release(engine: Engine, job: JobRow) -> None:
    """Give a job back as it was found, because its worker has to stop. Raises LeaseLost."""
    with writing(engine) as session:
        back = {"state": "waiting", "lease_until": None, "attempts": jobs.c.attempts - 1}
        _end(session, job, back)


def _problem(error: DomainError) -> dict[str, Any]:
    params = {
        name: value if isinstance(value, str | int | float) else str(value)
        for name, value in error.params.items()
    }
    return {"code": error.code, "params": params}


def _end(session: Session, job: JobRow, change: dict[str, Any]) -> None:
    held = and_(_is(job.learner_id, job.id), jobs.c.lease_until == job.lease_until)
    if session.connection().execute(update(jobs).where(held).values(**change)).rowcount != 1:
        raise LeaseLost(str(job.id))


def _is(learner_id: UUID, job_id: UUID) -> ColumnElement[bool]:
    return and_(jobs.c.learner_id == learner_id, jobs.c.id == job_id)


def _claimable(now: int) -> ColumnElement[bool]:
    return or_(jobs.c.state == "waiting", and_(jobs.c.state == "running", jobs.c.lease_until < now))
