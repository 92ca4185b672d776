"""`make bench-exam`: the product's planner against its peers in the exam simulator, at equal minutes.

    python -m tests.bench.exam.run [--list open|own|both|drawn] [--learners N] [--seed N] [--jobs N]

Prints recall at the exam for each scenario and policy, the ratios of the budget with their aims, the error of
the forecast, and the time that a plan, a pick and the whole job of solving take. Exits 1 when a budget is
missed, 2 without the simulator.
"""

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.core.exam.forecast import Readiness
from app.core.exam.memory import Array
from tests.bench.exam import job, scenarios, simulator, speed
from tests.bench.exam.adapter import Wengu
from tests.bench.exam.truths import PowerTruth

OURS = "wengu"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one policy reached in one scenario, by learner."""

    recall: Array
    forecast: Array
    inside: float = 0.0  # share of learners whose recall lay in the band
    halfway: Array | None = None  # what was forecast at half time, for keeping to the plan
    halfway_inside: float = 0.0


@dataclass(frozen=True, slots=True)
class Job:
    scenario: dict[str, Any]
    policy: str
    seed: int
    learners: int


def play(job: Job) -> Outcome:
    """Run one policy in one scenario; of a peer's variants the best in this scenario counts (hindsight)."""
    sim = simulator.module("sim")
    simulator.module("truth").TRUTHS["power"] = PowerTruth
    if job.policy != OURS:
        runs = [
            sim.run(job.scenario, make(), seed=job.seed, L=job.learners)
            for make in simulator.module("run_bench").PEERS[job.policy]
        ]
        best = max(runs, key=lambda run: float(run["recall"].mean()))
        return Outcome(best["recall"], best["fc"].mean(axis=1))
    policy = Wengu()
    run = sim.run(job.scenario, policy, seed=job.seed, L=job.learners)
    recall = run["recall"]
    halfway = np.array([said.mean for said in policy.halfway])
    return Outcome(
        recall, run["fc"].mean(axis=1), hit(policy.bands, recall), halfway, hit(policy.halfway, recall)
    )


def hit(bands: list[Readiness], recall: Array) -> float:
    """Share of learners whose recall lay in their band."""
    return float(np.mean([band.low <= real <= band.high for band, real in zip(bands, recall, strict=True)]))


def play_all(
    listed: list[dict[str, Any]], seed: int, learners: int, jobs: int
) -> dict[tuple[str, str], Outcome]:
    """Every policy in every scenario."""
    peers = list(simulator.module("run_bench").PEERS)
    todo = [Job(scenario, policy, seed, learners) for scenario in listed for policy in [*peers, OURS]]
    todo.sort(key=lambda job: -job.scenario["T"] * (job.policy == OURS))
    with ProcessPoolExecutor(jobs) as pool:
        return {
            (job.scenario["id"], job.policy): outcome
            for job, outcome in zip(todo, pool.map(play, todo), strict=True)
        }


def report(title: str, listed: list[dict[str, Any]], outcomes: dict[tuple[str, str], Outcome]) -> bool:
    """Print the tables; True when every budget is kept."""
    peers = list(simulator.module("run_bench").PEERS)
    names = [scenario["id"] for scenario in listed]
    mean = {key: float(outcome.recall.mean()) for key, outcome in outcomes.items()}
    say(f"\n{title}: recall at the exam")
    say("id   " + "".join(f"{policy:>11}" for policy in [*peers, OURS]) + "  to best   forecast  halfway")
    for name in names:
        ours = outcomes[name, OURS]
        best = max(mean[name, peer] for peer in peers)
        halfway = "" if ours.halfway is None else f"{float((ours.halfway - ours.recall).mean()):+9.3f}"
        columns = "".join(f"{mean[name, policy]:11.3f}" for policy in [*peers, OURS])
        off = float((ours.forecast - ours.recall).mean())
        say(f"{name:5}{columns}{mean[name, OURS] - best:+9.3f}{off:+11.3f}{halfway}")
    return check(names, peers, mean, outcomes)


def check(
    names: list[str],
    peers: list[str],
    mean: dict[tuple[str, str], float],
    outcomes: dict[tuple[str, str], Outcome],
) -> bool:
    """Print each budget with its aim; True when all are kept."""
    ours = np.array([mean[name, OURS] for name in names])
    best = np.array([max(mean[name, peer] for peer in peers) for name in names])

    def over(peer: str) -> float:
        return float(ours.mean() / np.mean([mean[name, peer] for name in names]))

    error = float(
        np.mean([np.abs(outcomes[n, OURS].forecast - outcomes[n, OURS].recall).mean() for n in names])
    )
    inside = float(np.mean([outcomes[name, OURS].inside for name in names]))
    inside_halfway = float(np.mean([outcomes[name, OURS].halfway_inside for name in names]))
    wins, share = int((ours >= best - 5e-4).sum()), len(names) / 12
    rows = [
        ("of the stock Anki-like policy", over("anki"), 1.18, 1.21),
        ("of desired-retention tuning", over("dr-tuned"), 1.03, 1.045),
        ("of rounds", over("rounds"), 1.03, 1.05),
        ("of the best peer, with hindsight", float(ours.mean() / best.mean()), 1.015, 1.03),
        (f"at least equal, of {len(names)}", float(wins), 10 * share, 12 * share),
        ("worst difference", float((ours - best).min()), -0.03, 0.0),
        ("forecast error (mean absolute)", -error, -0.025, -0.015),
        ("share inside the band (four in five)", inside, 0.7, 0.8),
        ("share inside the band of half time", inside_halfway, 0.7, 0.8),
    ]
    for words, value, budget, aim in rows:
        verdict = "aim" if value >= aim else "kept" if value >= budget else "MISSED"
        value, budget, aim = (abs(x) if words.startswith("forecast") else x for x in (value, budget, aim))
        say(f"  {words:38}{value:8.3f}   budget {budget:.3f}, aim {aim:.3f}   {verdict}")
    return all(value >= budget for _, value, budget, _ in rows)


def _asked(name: str, wanted: str) -> bool:
    return name == wanted or (wanted == "both" and name != "drawn")


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.exam.run")
    parser.add_argument("--list", choices=["open", "own", "both", "drawn"], default="both")
    parser.add_argument("--learners", type=int, default=24)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(arguments)
    try:
        opened = simulator.module("scenarios")
    except simulator.SimulatorAbsent as absent:
        say(f"bench-exam cannot run: {absent}")
        return 2
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    lists = {
        "open": ("Open scenarios", opened.OPEN, opened.SEED),
        "own": ("Own scenarios", scenarios.OWN, scenarios.SEED),
    }
    seed = options.seed or scenarios.SEED
    lists["drawn"] = (f"Scenarios drawn with seed {seed}", scenarios.drawn(seed), seed)
    kept = True
    for title, listed, seed in [part for name, part in lists.items() if _asked(name, options.list)]:
        outcomes = play_all(listed, options.seed or seed, options.learners, options.jobs)
        kept = report(title, listed, outcomes) and kept
    kept = speed.report(say) and kept
    kept = job.report(say) and kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
