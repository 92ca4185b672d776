"""What the scheduler may be told."""

from dataclasses import replace

import fsrs.scheduler as stock
import pytest

from app.core.errors import Refused
from app.core.parameters import (
    DEFAULT_PARAMETERS,
    DEFAULT_WEIGHTS,
    HIGHEST_WEIGHTS,
    LOWEST_WEIGHTS,
    Parameters,
    check_parameters,
    clip_retention,
    clip_weights,
    in_force,
    newest,
)


def test_defaults_and_bounds_are_those_of_fsrs() -> None:
    assert DEFAULT_WEIGHTS == stock.DEFAULT_PARAMETERS
    assert HIGHEST_WEIGHTS == stock.UPPER_BOUNDS_PARAMETERS
    raised = {0, 1, 2, 3, 19}  # where ts-fsrs asks for more
    for place, (ours, theirs) in enumerate(zip(LOWEST_WEIGHTS, stock.LOWER_BOUNDS_PARAMETERS, strict=True)):
        assert ours > theirs if place in raised else ours == theirs


def test_weights_are_brought_between_the_bounds() -> None:
    assert clip_weights([-1.0] * 21) == LOWEST_WEIGHTS
    assert clip_weights([1e9] * 21) == HIGHEST_WEIGHTS
    assert clip_weights(DEFAULT_WEIGHTS) == DEFAULT_WEIGHTS


@pytest.mark.parametrize("weights", [[], [1.0] * 19, [float("nan")] * 21, [float("inf")] * 21])
def test_weights_that_are_none(weights: list[float]) -> None:
    with pytest.raises(Refused, match="weights-invalid"):
        clip_weights(weights)


@pytest.mark.parametrize(
    ("wrong", "code", "pointer"),
    [
        ({"desired_retention": 0.5}, "retention-range", "/desired_retention"),
        ({"desired_retention": 1.0}, "retention-range", "/desired_retention"),
        ({"learning_steps": (0,)}, "steps-invalid", "/learning_steps"),
        ({"learning_steps": (1,) * 11}, "steps-invalid", "/learning_steps"),
        ({"relearning_steps": ()}, "steps-invalid", "/relearning_steps"),
        ({"relearning_steps": (10, 20)}, "steps-invalid", "/relearning_steps"),
        ({"maximum_interval": 0}, "maximum-interval", "/maximum_interval"),
        ({"maximum_interval": 36_501}, "maximum-interval", "/maximum_interval"),
        ({"weights": (1.0,)}, "weights-invalid", "/weights"),
    ],
)
def test_parameters_out_of_range_name_their_field(wrong: dict[str, object], code: str, pointer: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_parameters(replace(DEFAULT_PARAMETERS, **wrong))  # type: ignore[arg-type]
    assert (refusal.value.code, refusal.value.pointer) == (code, pointer)


def test_good_parameters_pass_with_their_weights_clipped() -> None:
    given = Parameters(3, 5, weights=(0.0, *DEFAULT_WEIGHTS[1:]), learning_steps=())
    assert check_parameters(given) == replace(given, weights=(0.1, *DEFAULT_WEIGHTS[1:]))
    assert (clip_retention(0.1), clip_retention(0.9), clip_retention(1.0)) == (0.70, 0.9, 0.99)


def test_which_version_counts_when() -> None:
    one, two, three = Parameters(1, 100), Parameters(2, 200), Parameters(3, 150)
    versions = [three, one, two]
    assert newest(versions) == three
    assert in_force(versions, 120) == one
    assert in_force(versions, 99) == one
    assert in_force(versions, 160) == three
    assert in_force(versions, 900) == three
    assert in_force([], 5) == newest([]) == DEFAULT_PARAMETERS
