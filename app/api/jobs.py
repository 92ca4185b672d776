"""How far work outside a request is."""

from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Engine

from app.api.contract import Resource
from app.api.errors import document, language, of_domain
from app.api.fields import Id, Out
from app.core.errors import Refused
from app.services.identity import Identity
from app.services.jobs import JobRow, read_job

resource = Resource("jobs", "Jobs")


class JobOut(Out):
    """`done` of `total` steps are behind it, 0 of 0 while that is unknown; `problem` says why it failed."""

    id: UUID
    kind: str
    state: Literal["waiting", "running", "done", "failed"]
    done: int
    total: int
    result: dict[str, Any] | None
    problem: dict[str, Any] | None
    created_at: int


@resource.on("GET", "/jobs/<id>", problems={404: ("job-missing",)})
def read_my_job(caller: Identity, id: Id, engine: Engine) -> JobOut:
    """One of the caller's jobs."""
    return job_out(read_job(engine, caller.learner_id, id))


def job_out(row: JobRow) -> JobOut:
    """A job as it goes out, with the problem it ended with in the words of whoever asks."""
    failure = row.problem and Refused(row.problem["code"], **row.problem["params"])
    return JobOut(
        id=row.id,
        kind=row.kind,
        state=row.state,
        done=row.done,
        total=row.total,
        result=row.result,
        problem=document(of_domain(failure), language()) if failure else None,
        created_at=row.created_at,
    )
