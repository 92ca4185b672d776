"""The golden vectors: up to date, and fit to be reached by another implementation."""

import json
from pathlib import Path

import pytest

from app.core.golden import write_golden
from app.core.golden_histories import card_of, events_of, histories
from app.core.parameters import Parameters
from app.core.schedule import REVIEW, replay, walk

GOLDEN = Path(__file__).parents[1] / "golden"
FILES = (
    "schedule", "day", "fuzz", "digest", "queue", "deck_options", "streak", "stats", "notes", "lint",
    "search", "exam",
)  # fmt: skip
TIE = 1e-4


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("golden") / "new"
    write_golden(folder)
    return folder


def test_nothing_but_the_vectors_is_written(written: Path) -> None:
    assert sorted(path.name for path in written.iterdir()) == sorted(f"{name}.json" for name in FILES)


@pytest.mark.parametrize("name", FILES)
def test_the_vectors_are_those_of_this_code(written: Path, name: str) -> None:
    """Run `make golden` when the change is meant, and tell the phone's tests."""
    assert (GOLDEN / f"{name}.json").read_bytes() == (written / f"{name}.json").read_bytes()


def test_every_history_has_its_own_name_and_card() -> None:
    told = histories()
    assert len(told) > 200
    assert len({history.name for history in told}) == len(told)
    assert len({card_of(history.name) for history in told}) == len(told)


def test_the_vectors_hold_what_they_are_for() -> None:
    vectors = json.loads((GOLDEN / "schedule.json").read_text("utf-8"))
    told = [event for history in vectors["histories"] for event in history["events"]]
    assert {event["kind"] for event in told} == {
        "answer", "undo", "suspend", "unsuspend", "bury", "flag", "reset", "due", "seed",
    }  # fmt: skip
    assert any(event["effective"]["corrected"] for event in told)
    assert any(event["effective"]["at"] != event["at"] for event in told)
    states = [history["state"] for history in vectors["histories"]]
    assert {state["phase"] for state in states} == {0, 1, 2, 3}
    assert max(state["lapses"] for state in states) >= 8
    assert (GOLDEN / "schedule.json").stat().st_size < 1_500_000


def test_no_interval_hangs_on_the_last_digit() -> None:
    """ts-fsrs rounds to eight decimals inside, so an interval next to a half could go either way there.

    Exact halves are meant: both languages round them up.
    """
    runs = ((history, version) for history in histories() for version in history.versions)
    for history, version in runs:
        for _, _, after in walk(card_of(history.name), events_of(history), [version]):
            if after.phase == REVIEW and after.stability is not None:
                off = abs(_interval(after.stability, version) % 1 - 0.5)
                assert off == 0 or off > TIE, history.name


def test_the_order_of_the_events_in_the_file_does_not_matter() -> None:
    for history in histories():
        events = events_of(history)
        card_id = card_of(history.name)
        assert replay(card_id, events[::-1], history.versions) == replay(card_id, events, history.versions)


def _interval(stability: float, parameters: Parameters) -> float:
    """Days before rounding: S / FACTOR * (r^(1 / DECAY) - 1), as FSRS-6 defines it."""
    decay = -parameters.weights[20]
    factor = 0.9 ** (1 / decay) - 1
    modifier: float = round((parameters.desired_retention ** (1 / decay) - 1) / factor, 8)
    return stability * modifier
