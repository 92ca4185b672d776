"""`make exam-learner`: simulated learners study for an exam with the real phone and the real service.

    python -m tests.bench.exam.learner [--scenario F1] [--learners N] [--seed N]

Each learner's phone (the code that ships, run by Node, on a clock that is passed in) syncs with the service
over HTTP in the evening, gets the day's plan, studies it and syncs again; what is remembered is decided by
the simulator's truth, which nobody else sees. Prints what was said on each day against what came of it, and
the recall at the exam against the same planner inside the simulator. Exits 1 when they are more than two
points apart, 2 without the simulator.
"""

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.exam import simulator
from tests.bench.exam.adapter import Wengu
from tests.bench.exam.handset import Clock, Handset, Service, bundle, serving
from tests.bench.exam.truths import PowerTruth

ZONE, ZONE_MS = "Asia/Shanghai", 8 * 3_600_000
DAY_MS, EVENING_MS = 86_400_000, 18 * 3_600_000
FIRST_DAY = 20_750
POINTS = 0.02


@dataclass
class Evening:
    """What was said before a day's study, and what was true after it."""

    seconds: float
    readiness: dict[str, float]
    outlook: dict[str, float]
    expected: float
    if_stopped: float


@dataclass
class Course:
    """One learner's way to the exam."""

    recall: float = 0.0
    evenings: list[Evening] = field(default_factory=list)


class Mind:
    """One learner of the simulator: answers cards by the truth, with the simulator's own random numbers."""

    def __init__(self, scenario: dict[str, Any], seed: int, learners: int, number: int) -> None:
        self.truth, self.c, self.dice, _ = simulator.module("sim").build(scenario, seed, learners)
        self.row = np.array([number])
        # The simulator shows new cards in an order of its own; the deck is written in that order.
        self.in_order = np.argsort(self.c.perm[number])
        self.answers = np.zeros(self.c.N, int)
        self.today = np.zeros(self.c.N, int)
        self.seen = np.zeros(self.c.N, bool)

    def answer(self, place: int, at: float) -> tuple[int, float]:
        """(rating, seconds) for the card at a place of the deck, `at` days from the first evening."""
        card = int(self.in_order[place])
        one, when = np.array([card]), np.array([at])
        if not self.seen[card]:
            rating, seconds = int(self.c.grade1[self.row[0], card]), 20.0
            self.truth.first(self.row, one, when, np.array([rating]))
        else:
            luck = self.dice[self.row[0], card, self.answers[card] % 64]
            passed = bool(luck < self.truth.p(self.row, one, when)[0])
            rating, seconds = (3, 8.0) if passed else (1, 18.0)
            self.truth.review(self.row, one, when, np.array([passed]), np.array([self.today[card] > 0]))
        self.seen[card] = True
        self.answers[card] += 1
        self.today[card] += 1
        return rating, seconds

    def recall(self) -> float:
        """The share of the deck that would be known at the exam."""
        return float(self.truth.exam(self.c.te)[self.row[0]].mean())


def study(service: Service, program: Path, scenario: dict[str, Any], mind: Mind, seed: int) -> Course:
    """One learner from naming the exam to its morning."""
    days, clock, course = scenario["T"], service.clock, Course()
    clock.now = FIRST_DAY * DAY_MS + EVENING_MS - ZONE_MS
    phone = Handset(program)
    try:
        phone.do(open={"address": service.address, "zone": ZONE, "seed": seed, "now": clock.now})
        notes = [[f"问 {place}", f"答 {place}"] for place in range(scenario["N"])]
        deck = phone.do(deck={"name": "考", "notes": notes})
        places = {card: place for place, card in enumerate(deck["cards"])}
        phone.do(exam={"name": "考", "day": FIRST_DAY + days, "minutes": [scenario["min"]] * 7})
        for day in range(days):
            clock.now = (FIRST_DAY + day) * DAY_MS + EVENING_MS - ZONE_MS
            course.evenings.append(evening(service, phone, mind, places, day))
        course.recall = mind.recall()
    finally:
        phone.stop()
    return course


def evening(service: Service, phone: Handset, mind: Mind, places: dict[str, int], day: int) -> Evening:
    """Sync, get the plan, study until the session says that it is over, sync."""
    start = service.clock.now
    phone.do(now=start)
    phone.do(sync=True)
    while service.work():
        phone.do(sync=True)
    (said,) = phone.do(plans=True)["exam_plans"]
    shown, spent = phone.do(begin=True), 0.0
    assert not shown["greedy"], shown
    mind.today[:] = 0
    while shown["card"] is not None:
        rating, seconds = mind.answer(places[shown["card"]], day + spent / 86_400)
        spent += seconds
        service.clock.now = start + round(1000 * spent)
        shown = phone.do(answer={"card": shown["card"], "rating": rating, "seconds": seconds})
    synced = phone.do(sync=True)
    assert synced["unsent"] == synced["refused"] == 0, synced
    expected = said["path"][0]["mean"] if said["path"] else said["readiness"]["mean"]
    return Evening(spent, said["readiness"], said["outlook"], expected, mind.recall())


def report(courses: list[Course], simulated: Any) -> bool:
    """Print the days and the end; True when both ends are within two points."""
    say("\nday  minutes   after today: said   true    at the exam: said (band)          came")
    final = np.array([course.recall for course in courses])
    for day, evenings in enumerate(zip(*(course.evenings for course in courses), strict=True)):
        ends = ("mean", "low", "high")
        mean = {name: np.mean([each.outlook[name] for each in evenings]) for name in ends}
        say(
            f"{day:3}{np.mean([each.seconds for each in evenings]) / 60:9.1f}"
            f"{np.mean([each.expected for each in evenings]):20.3f}"
            f"{np.mean([each.if_stopped for each in evenings]):7.3f}"
            f"{mean['mean']:19.3f} ({mean['low']:.3f}-{mean['high']:.3f}){final.mean():15.3f}"
        )
    inside = [
        each.outlook["low"] <= course.recall <= each.outlook["high"]
        for course in courses
        for each in course.evenings
    ]
    apart = float(final.mean() - simulated.mean())
    say(f"\nrecall at the exam: {final.mean():.3f} by phone and service, {simulated.mean():.3f} simulated")
    say(f"apart: {apart:+.3f} (budget {POINTS}); outcomes inside the band said: {np.mean(inside):.2f}")
    return abs(apart) <= POINTS


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.exam.learner")
    parser.add_argument("--scenario", default="F1")
    parser.add_argument("--learners", type=int, default=3)
    parser.add_argument("--seed", type=int, default=20240)
    options = parser.parse_args(arguments)
    try:
        opened = simulator.module("scenarios").OPEN
    except simulator.SimulatorAbsent as absent:
        say(f"exam-learner cannot run: {absent}")
        return 2
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    scenario = next(each for each in opened if each["id"] == options.scenario)
    return 0 if run(scenario, options.learners, options.seed) else 1


def run(scenario: dict[str, Any], learners: int, seed: int) -> bool:
    """Study with phone and service, then let the simulator do the same; True when they agree."""
    simulator.module("truth").TRUTHS["power"] = PowerTruth
    clock = Clock(FIRST_DAY * DAY_MS)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), clock) as service:
        program = bundle(Path(folder) / "phone")
        courses = [
            study(service, program, scenario, Mind(scenario, seed, learners, number), number + 1)
            for number in range(learners)
        ]
    simulated = simulator.module("sim").run(scenario, Wengu(), seed=seed, L=learners)["recall"]
    return report(courses, simulated)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
