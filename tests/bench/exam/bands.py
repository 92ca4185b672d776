"""How often the truth lies in the band that was said, by days before the exam, for simulated learners.

    python -m tests.bench.exam.bands [--seed N] [--scenarios N] [--learners N] [--jobs N]

Scenarios are drawn by chance: the size of the deck, minutes, attendance, and how memory really works. Prints,
for each number of days before the exam, the share of learners whose recall at the exam lay in the band of the
outlook, and (with no more study) in the band of readiness, how wide the outlook's bands were, and how far
their middle was off; learners who remember by FSRS's equations count three in five, as when the band was
fitted. Seeds 101 and 2001 were used to fit `app.core.exam.forecast`: judge it by others. Exits 1 when a share
of the outlook is outside 0.75 to 0.88, 2 without the simulator.
"""

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import numpy as np

from app.core.exam.forecast import Readiness, outlook, readiness
from app.core.exam.memory import Array
from tests.bench.exam import simulator
from tests.bench.exam.adapter import Wengu
from tests.bench.exam.scenarios import TRUTHS
from tests.bench.exam.truths import PowerTruth

DAYS_BEFORE = (30, 14, 7, 3, 1)
LOWEST, HIGHEST = 0.75, 0.88
FSRS_PART = 0.6
END = "   width   middle off   in, if stopped"


@dataclass(frozen=True, slots=True)
class Said:
    """What was said to one learner on one morning, and what was true."""

    scenario: int
    truth: str
    days_before: int
    stands: Readiness
    expected: Readiness
    if_stopped: float
    came: float = 0.0


class Watched(Wengu):
    """The planner, with what it would say on some mornings written down beside the truth."""

    def __init__(self, number: int, scenario: dict[str, Any], truths: list[Any]) -> None:
        self.number, self.scenario, self.truths = number, scenario, truths
        self.said: list[list[Said]] = []

    def day(self, c: Any) -> Array:
        scores = super().day(c)
        if c.T - c.d in DAYS_BEFORE:
            stopped = self.truths[-1].exam(c.te).mean(axis=1)
            exam = self.exam(c, c.d)
            self.said.append([self._say(s, c, exam, stopped[i]) for i, s in enumerate(self.students)])
        return scores

    def _say(self, student: Any, c: Any, exam: Any, stopped: float) -> Said:
        cards, plan = student.cards(c.d), student.plan_of_today
        return Said(
            self.number,
            self.scenario["truth"],
            c.T - c.d,
            readiness(student.calibration, cards, exam, c.d),
            outlook(plan, student.calibration, cards, exam, c.d),
            float(stopped),
        )


def drawn(seed: int, count: int) -> list[dict[str, Any]]:
    """Scenarios of all kinds; half of them begin more than a month before the exam."""
    dice = Random(seed)
    return [
        {
            "id": f"B{number}",
            "N": dice.choice((100, 200, 300, 500, 800)),
            "T": dice.choice((31, 36)) if number % 2 else dice.choice((4, 8, 15, 21)),
            "min": dice.choice((5, 8, 12, 20)),
            "seen": dice.choice((0.0, 0.0, 0.3, 0.6)),
            "truth": TRUTHS[(number // 2) % len(TRUTHS)],
            "miss": dice.choice((0.0, 0.1, 0.3)),
        }
        for number in range(count)
    ]


def play(job: tuple[int, dict[str, Any], int, int]) -> list[Said]:
    """All that was said in one scenario, with what came of it."""
    number, scenario, seed, learners = job
    kinds = simulator.module("truth").TRUTHS
    kinds["power"] = PowerTruth
    truths: list[Any] = []
    kind = kinds[scenario["truth"]]

    def keep(*given: Any, **named: Any) -> Any:
        truths.append(kind(*given, **named))
        return truths[-1]

    kinds["kept"] = keep
    policy = Watched(number, scenario, truths)
    ran = simulator.module("sim").run({**scenario, "truth": "kept"}, policy, seed=seed, L=learners)
    return [
        replace(one, came=float(came))
        for morning in policy.said
        for one, came in zip(morning, ran["recall"], strict=True)
    ]


def weights(said: list[Said]) -> Array:
    """What each learner counts of those of one day, as the kinds of memory are to be mixed."""
    kinds = [one.truth for one in said]
    parts = {kind: FSRS_PART if kind == "fsrs" else (1 - FSRS_PART) / (len(TRUTHS) - 1) for kind in TRUTHS}
    counts = np.array([parts[kind] / kinds.count(kind) for kind in kinds])
    return np.asarray(counts / counts.sum())


def report(said: list[Said]) -> bool:
    """Print the table; True when all shares of the outlook are as they should be."""
    say("days   learners   in the band   by kind: " + "  ".join(f"{kind:>5}" for kind in TRUTHS) + END)
    kept = True
    for days in DAYS_BEFORE:
        day = [one for one in said if one.days_before == days]
        if not day:
            continue
        counts = weights(day)
        inside = np.array([one.expected.low <= one.came <= one.expected.high for one in day])
        share = float(counts @ inside)
        truths = np.array([one.truth for one in day])
        kinds = [float(inside[truths == kind].mean()) if kind in truths else np.nan for kind in TRUTHS]
        width = float(counts @ [one.expected.high - one.expected.low for one in day])
        off = float(counts @ [one.expected.mean - one.came for one in day])
        stopped = counts @ [one.stands.low <= one.if_stopped <= one.stands.high for one in day]
        say(
            f"{days:4}{len(day):11}{share:14.2f}            "
            + "  ".join(f"{kind:5.2f}" for kind in kinds)
            + f"{width:8.3f}{off:+11.3f}{float(stopped):16.2f}"
        )
        kept = kept and LOWEST <= share <= HIGHEST
    return kept


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.exam.bands")
    parser.add_argument("--seed", type=int, default=3001)
    parser.add_argument("--scenarios", type=int, default=48)
    parser.add_argument("--learners", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(arguments)
    try:
        simulator.folder()
    except simulator.SimulatorAbsent as absent:
        say(f"bench-exam-bands cannot run: {absent}")
        return 2
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    listed = drawn(options.seed, options.scenarios)
    todo = [
        (number, scenario, options.seed * 1000 + number, options.learners)
        for number, scenario in enumerate(listed)
    ]
    with ProcessPoolExecutor(options.jobs) as pool:
        said = [one for part in pool.map(play, todo) for one in part]
    return 0 if report(said) else 1


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
