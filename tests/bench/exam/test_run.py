"""The bench tells what it needs, and its adapter plays by the simulator's rules."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.core.exam.forecast import Readiness
from tests.bench.exam import bands, run, simulator
from tests.bench.exam.run import OURS, Job, play


def test_without_the_simulator_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WENGU_EXAM_BENCH", str(tmp_path))
    assert run.main([]) == 2
    assert str(tmp_path) in capsys.readouterr().out


@pytest.mark.parametrize("truth", ["fsrs", "power"])
def test_a_small_exam_is_played_to_its_end(truth: str) -> None:
    try:
        simulator.folder()
    except simulator.SimulatorAbsent as absent:
        pytest.skip(str(absent))
    scenario = {"id": "T", "N": 60, "T": 4, "min": 6, "seen": 0.3, "truth": truth, "miss": 0.2}
    ours, again = (play(Job(scenario, OURS, 5, 3)) for _ in range(2))
    stock = play(Job(scenario, "anki", 5, 3))
    assert ours.recall.mean() > stock.recall.mean()
    assert list(ours.recall) == list(again.recall)
    assert abs(ours.forecast - ours.recall).max() < 0.2


def test_what_was_said_is_held_against_what_came(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        simulator.folder()
    except simulator.SimulatorAbsent as absent:
        pytest.skip(str(absent))
    scenario = {"id": "T", "N": 40, "T": 3, "min": 4, "seen": 0.3, "truth": "fsrs", "miss": 0.0}
    said = bands.play((0, scenario, 5, 2))
    assert [one.days_before for one in said] == [3, 3, 1, 1]
    assert all(0 < one.came < 1 and one.if_stopped <= one.came + 0.05 for one in said)
    bands.report(said)
    assert len(capsys.readouterr().out.splitlines()) == 3
    wide = [replace(one, expected=Readiness(0.5, 0.0, 1.0)) for one in said]
    assert not bands.report(wide)  # a band that always holds is no honest one
