"""The worker: `python -m app.jobs` does all jobs that there are, then ends.

Each server process looks for jobs once a second and starts such a worker when there is one, so that heavy
work neither slows answers down nor takes the server with it when it dies. What a job does stands in the
services; the table here says which.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session

from app.config import Settings
from app.core.day import DAY_MS, HOUR_MS
from app.core.errors import DomainError
from app.db.engine import make_engine, writing
from app.services import jobs
from app.services.jobs import JobRow, LeaseLost
from app.services.purge import purge
from app.services.unite import forget_united

LOOK_EVERY_SECONDS: Final = 1.0
RENEW_EVERY_SECONDS: Final = jobs.LEASE_MS / 4_000
log = logging.getLogger("wengu.jobs")
# Threads that wait for each other by spinning cost plans half as much processor time again.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}


@dataclass(slots=True)
class Work:
    """One claimed job and what its handler may use. The lease is renewed behind its back."""

    engine: Engine
    settings: Settings
    clock: Callable[[], int]
    job: JobRow
    completed: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def learner_id(self) -> UUID:
        return self.job.learner_id

    @property
    def input(self) -> dict[str, Any]:
        return self.job.input

    def report(self, done: int, total: int) -> None:
        """Say how far it is. Raises LeaseLost."""
        self.renew(done=done, total=total)

    def renew(self, **counts: int) -> None:
        """Hold the job for longer. Raises LeaseLost."""
        with self._lock:
            if not self.completed:
                self.job = jobs.renew(self.engine, self.job, self.clock(), **counts)

    def complete(self, session: Session, result: dict[str, Any]) -> None:
        """Finish the job in the handler's own transaction: what it did and that it is done are one.

        Raises LeaseLost.
        """
        with self._lock:
            jobs.complete(session, self.job, result)
            self.completed = True


def plan_exams(work: Work) -> dict[str, Any]:
    """Solve the plans of a learner's exams."""
    # Here, and not above: the server process starts workers, and needs none of the numerics.
    from app.services.exam_plans import solve_plans

    return solve_plans(work.engine, work.learner_id, now=work.clock(), random=os.urandom, report=work.report)


def read_import(work: Work) -> dict[str, Any]:
    """Read a file that a learner brought."""
    from app.services.import_read import read_import

    read_import(*_import_of(work), now=work.clock(), report=work.report, finish=_finish(work))
    return {}


def store_import(work: Work) -> dict[str, Any]:
    """Store an import that its learner wants."""
    from app.services.import_store import store_import

    store_import(
        *_import_of(work), now=work.clock(), random=os.urandom, report=work.report, finish=_finish(work)
    )
    return {}


def undo_import(work: Work) -> dict[str, Any]:
    """Take an import back."""
    from app.services.import_undo import take_back

    take_back(
        *_import_of(work), now=work.clock(), random=os.urandom, report=work.report, finish=_finish(work)
    )
    return {}


def read_document(work: Work) -> dict[str, Any]:
    """Read a text that a learner brought, and find its cards."""
    from app.services.document_reading import read_document

    read_document(
        work.engine,
        work.settings.data,
        work.learner_id,
        UUID(work.input["document"]),
        random=os.urandom,
        now=work.clock(),
        report=work.report,
        finish=_finish(work),
    )
    return {}


def _import_of(work: Work) -> tuple[Engine, Path, UUID, UUID]:
    return work.engine, work.settings.data, work.learner_id, UUID(work.input["import"])


def _finish(work: Work) -> Callable[[Session], None]:
    return lambda session: work.complete(session, {})


Handler = Callable[[Work], dict[str, Any]]
HANDLERS: Final[Mapping[str, Handler]] = {
    "exam-plan": plan_exams,
    "document-read": read_document,
    "import-read": read_import,
    "import-store": store_import,
    "import-undo": undo_import,
}
"""What each kind of job does. A handler's result is kept, unless it completed the job itself."""


def work_off(
    engine: Engine, settings: Settings, clock: Callable[[], int], handlers: Mapping[str, Handler] = HANDLERS
) -> int:
    """Do jobs until there are none; how many. An interruption gives the job at hand back."""
    count = 0
    while (job := jobs.claim(engine, clock())) is not None:
        work_on(Work(engine, settings, clock, job), handlers)
        count += 1
    return count


def work_on(work: Work, handlers: Mapping[str, Handler]) -> None:
    """Do one job, whatever comes of it."""
    try:
        with _renewing(work):
            result = handlers[work.job.kind](work)
            if not work.completed:
                with writing(work.engine) as session:
                    work.complete(session, result)
    except LeaseLost:
        _log_lost(work.job)
    except BaseException as error:
        _give_up(work, error)
        if not isinstance(error, Exception):
            raise


def _give_up(work: Work, error: BaseException) -> None:
    """Say why the job failed, or give it back when it was only interrupted."""
    try:
        if isinstance(error, DomainError):
            jobs.fail(work.engine, work.job, error)
        elif isinstance(error, Exception):
            log.error("job failed", exc_info=error, extra={"job": str(work.job.id), "kind": work.job.kind})
            jobs.fail(work.engine, work.job, None)
        else:
            jobs.release(work.engine, work.job)
    except LeaseLost:
        _log_lost(work.job)


def _log_lost(job: JobRow) -> None:
    log.warning("job taken by another worker", extra={"job": str(job.id)})


class _renewing:
    """Renews the lease now and then while the handler is busy."""

    def __init__(self, work: Work) -> None:
        self._work, self._over = work, threading.Event()
        self._thread = threading.Thread(target=self._run, name="wengu-lease", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(RENEW_EVERY_SECONDS):
            try:
                self._work.renew()
            except Exception as error:  # the handler finds out when it completes
                log.warning("lease not renewed", exc_info=error)


class Worker(Protocol):
    """A worker process, as far as it is looked after."""

    def poll(self) -> int | None: ...
    def terminate(self) -> None: ...


def started(*what: str) -> Worker:
    """A new worker process."""
    return subprocess.Popen([sys.executable, "-m", "app.jobs", *what], env=os.environ | _ONE_THREAD)  # noqa: S603 - our own module


class Lookout:
    """A thread of a server process that starts a worker when there is a job, or it is time to purge.

    A second one is started when jobs still wait at the next look: a long text of one learner does not keep
    the others waiting.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Callable[[], int],
        most_workers: int,
        start: Callable[..., Worker] = started,
    ) -> None:
        self._engine, self._clock, self._most, self._start = engine, clock, most_workers, start
        self._purge_at = clock() + HOUR_MS
        self._over = threading.Event()
        self._workers: list[Worker] = []
        self._waited = False

    def start(self) -> None:
        threading.Thread(target=self._run, name="wengu-lookout", daemon=True).start()

    def stop(self) -> None:
        """Look no more, and let the workers give their jobs back."""
        self._over.set()
        for worker in self._workers:
            worker.terminate()

    def _run(self) -> None:
        while not self._over.wait(LOOK_EVERY_SECONDS):
            try:
                self.look()
            except Exception as error:  # the database may be away for a while; jobs wait
                log.warning("could not look for jobs", exc_info=error)

    def look(self) -> None:
        """Start a worker where one is wanted."""
        self._workers = [worker for worker in self._workers if worker.poll() is None]
        if len(self._workers) >= self._most:
            return
        now = self._clock()
        waits = jobs.any_claimable(self._engine, now)
        if waits and (self._waited or not self._workers):
            self._workers.append(self._start())
            waits = False
        elif not waits and not self._workers and now >= self._purge_at:
            self._purge_at = now + DAY_MS
            self._workers.append(self._start("purge"))
        self._waited = waits


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def main() -> None:
    """Do what there is to do, or remove what is of no more use. SIGTERM gives the job at hand back."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    settings = Settings.from_env(os.environ)
    logging.basicConfig(level=settings.log_level)
    if sys.argv[1:] == ["purge"]:
        engine = make_engine(settings)
        purge(engine, now_ms())
        forget_united(engine, settings.data, now_ms())
    else:
        work_off(make_engine(settings), settings, now_ms)


if __name__ == "__main__":
    main()
