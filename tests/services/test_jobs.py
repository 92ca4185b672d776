"""Jobs: done once, whoever falls silent; given back when interrupted; failures in words."""

import os
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session

from app.config import Settings
from app.core.day import HOUR_MS
from app.core.errors import Missing, Refused
from app.core.ids import new_id
from app.db.engine import writing
from app.db.models import decks
from app.jobs import Handler, Lookout, Work, work_off
from app.services.jobs import LEASE_MS, MOST_ATTEMPTS, JobRow, LeaseLost, claim, enqueue, read_job, renew
from tests.factories import NOW, a_deck, a_learner


@dataclass
class Clock:
    now: int = NOW

    def __call__(self) -> int:
        return self.now


@dataclass
class Place:
    """A learner's jobs, a clock to turn and handlers to try."""

    engine: Engine
    learner_id: UUID
    clock: Clock = field(default_factory=Clock)

    def put(self, kind: str = "count", **given: int) -> UUID:
        with writing(self.engine) as session:
            return enqueue(session, self.learner_id, kind, given, now=self.clock(), random=os.urandom)

    def run(self, **handlers: Handler) -> int:
        return work_off(self.engine, Settings(), self.clock, handlers)

    def read(self, job_id: UUID) -> JobRow:
        return read_job(self.engine, self.learner_id, job_id)


@pytest.fixture
def place(engine: Engine) -> Place:
    return Place(engine, a_learner(engine))


def test_a_job_is_done_once_and_its_result_is_kept(place: Place) -> None:
    job_id = place.put(to=3)

    def count(work: Work) -> dict[str, int]:
        work.report(1, work.input["to"])
        assert (place.read(job_id).state, place.read(job_id).done, place.read(job_id).total) == (
            "running",
            1,
            3,
        )
        return {"counted": work.input["to"]}

    assert place.run(count=count) == 1
    assert place.run(count=count) == 0
    assert (place.read(job_id).state, place.read(job_id).result) == ("done", {"counted": 3})


def test_the_same_job_is_not_put_down_twice_while_it_waits(place: Place) -> None:
    first = place.put(to=3)
    assert place.put(to=3) == first
    assert place.put(to=4) != first
    assert claim(place.engine, place.clock()) is not None
    assert place.put(to=3) != first


def test_the_oldest_job_comes_first(place: Place) -> None:
    order = [place.put(to=1)]
    place.clock.now += 1
    order.append(place.put(to=2))
    seen: list[UUID] = []

    def note_down(work: Work) -> dict[str, int]:
        seen.append(work.job.id)
        return {}

    place.run(count=note_down)
    assert seen == order


def test_a_silent_worker_loses_its_job_and_can_commit_nothing_more(place: Place) -> None:
    a_deck(place.engine, place.learner_id, "as it was")
    job_id = place.put()
    slow = claim(place.engine, place.clock())
    assert slow is not None
    assert claim(place.engine, place.clock()) is None
    place.clock.now += LEASE_MS + 1
    quick = claim(place.engine, place.clock())
    assert quick is not None
    with pytest.raises(LeaseLost):
        name_a_deck(Work(place.engine, Settings(), place.clock, slow))
    assert deck_names(place) == ["as it was"]
    with pytest.raises(LeaseLost):
        renew(place.engine, slow, place.clock())
    assert place.read(job_id).state == "running"


def name_a_deck(work: Work) -> dict[str, int]:
    with writing(work.engine) as session:
        session.execute(decks.update().values(name="renamed by a job"))
        work.complete(session, {"renamed": 1})
    return {}


def deck_names(place: Place) -> list[str]:
    with place.engine.connect() as connection:
        return list(connection.execute(select(decks.c.name)).scalars())


def test_what_a_job_does_and_that_it_is_done_are_one(place: Place) -> None:
    job_id = place.put()
    a_deck(place.engine, place.learner_id)
    place.run(count=name_a_deck)
    assert place.read(job_id).result == {"renamed": 1}
    assert deck_names(place) == ["renamed by a job"]


def test_a_worker_that_always_dies_gets_a_job_only_so_often(place: Place) -> None:
    job_id = place.put()
    for _ in range(MOST_ATTEMPTS):
        assert claim(place.engine, place.clock()) is not None
        place.clock.now += LEASE_MS + 1
    assert claim(place.engine, place.clock()) is None
    assert (place.read(job_id).state, place.read(job_id).problem) == (
        "failed",
        {"code": "job-crashed", "params": {}},
    )


def test_a_renewed_job_is_not_taken_away(place: Place) -> None:
    place.put()
    job = claim(place.engine, place.clock())
    assert job is not None
    place.clock.now += LEASE_MS - 1
    renew(place.engine, job, place.clock())
    place.clock.now += LEASE_MS - 1
    assert claim(place.engine, place.clock()) is None


def test_refusals_are_kept_as_problems_and_faults_as_faults(place: Place) -> None:
    refused, broken, unknown = place.put("refuse"), place.put("crash"), place.put("nobody-knows")

    def refuse(work: Work) -> dict[str, int]:
        raise Refused("zone-unknown", zone="Mars/Base")

    def crash(work: Work) -> dict[str, int]:
        raise ZeroDivisionError

    assert place.run(refuse=refuse, crash=crash) == 3
    assert place.read(refused).problem == {"code": "zone-unknown", "params": {"zone": "Mars/Base"}}
    assert place.read(broken).problem == {"code": "job-crashed", "params": {}}
    assert place.read(unknown).state == "failed"


def test_an_interrupted_job_is_given_back(place: Place) -> None:
    job_id = place.put()

    def stopped(work: Work) -> dict[str, int]:
        raise SystemExit(0)

    for _ in range(MOST_ATTEMPTS + 1):
        with pytest.raises(SystemExit):
            place.run(count=stopped)
    assert place.read(job_id).state == "waiting"
    assert place.run(count=lambda _: {}) == 1


def test_jobs_of_others_cannot_be_read(place: Place) -> None:
    job_id = place.put()
    with pytest.raises(Missing, match="job-missing"):
        read_job(place.engine, new_id(NOW, os.urandom), job_id)


def test_a_job_that_was_never_committed_does_not_exist(place: Place) -> None:
    with Session(place.engine) as session:
        job_id = enqueue(session, place.learner_id, "count", {}, now=NOW, random=os.urandom)
        session.rollback()
    with pytest.raises(Missing):
        place.read(job_id)


@dataclass
class Started:
    """A worker process that is at work until it is told otherwise."""

    what: tuple[str, ...]
    ended: bool = False
    terminated: bool = False

    def poll(self) -> int | None:
        return 0 if self.ended else None

    def terminate(self) -> None:
        self.terminated = True


def lookout(place: Place, most: int) -> tuple[Lookout, list[Started]]:
    started: list[Started] = []

    def start(*what: str) -> Started:
        started.append(Started(what))
        return started[-1]

    return Lookout(place.engine, place.clock, most, start), started


def test_jobs_that_go_on_waiting_get_a_second_worker_and_no_third(place: Place) -> None:
    watch, started = lookout(place, 2)
    watch.look()
    assert started == []
    place.put(to=1)
    watch.look()
    assert len(started) == 1
    watch.look()  # the first may not have taken it yet
    assert len(started) == 1
    watch.look()
    watch.look()
    watch.look()
    assert len(started) == 2
    started[0].ended = True
    claim(place.engine, place.clock())
    watch.look()
    assert len(started) == 2
    watch.stop()
    assert [worker.terminated for worker in started] == [False, True]


def test_one_worker_of_several_processes_each(place: Place) -> None:
    watch, started = lookout(place, 1)
    place.put(to=1)
    for _ in range(4):
        watch.look()
    assert len(started) == 1


def test_what_is_of_no_more_use_is_removed_when_nothing_waits(place: Place) -> None:
    watch, started = lookout(place, 2)
    place.clock.now += 2 * HOUR_MS
    place.put(to=1)
    watch.look()
    claim(place.engine, place.clock())
    started[0].ended = True
    watch.look()
    watch.look()
    assert [worker.what for worker in started] == [(), ("purge",)]
