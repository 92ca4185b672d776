"""A learner studies with the phone's own code and the service, and gets where the simulator says."""

from pathlib import Path

import pytest

from tests.bench.exam import simulator
from tests.bench.exam.adapter import Wengu
from tests.bench.exam.handset import Clock, bundle, serving
from tests.bench.exam.learner import DAY_MS, FIRST_DAY, Mind, report, study

SCENARIO = {"id": "T", "N": 50, "T": 4, "min": 5, "seen": 0.0, "truth": "fsrs"}
SEED = 7


def test_phone_and_service_lead_where_the_planner_leads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        simulator.folder()
    except simulator.SimulatorAbsent as absent:
        pytest.skip(str(absent))
    clock = Clock(FIRST_DAY * DAY_MS)
    with serving(tmp_path, clock) as service:
        mind = Mind(SCENARIO, SEED, 1, 0)
        course = study(service, bundle(tmp_path / "phone"), SCENARIO, mind, 1)
    simulated = simulator.module("sim").run(SCENARIO, Wengu(), seed=SEED, L=1)["recall"]
    assert report([course], simulated), capsys.readouterr().out
    assert len(course.evenings) == 4
    assert all(290 < evening.seconds <= 300 * 1.02 + 10 for evening in course.evenings)
    assert course.recall > 0.5
