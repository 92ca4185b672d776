"""What the scheduler may be told: one versioned record per learner."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.core.errors import Refused

# Defaults of FSRS-6, as both libraries ship them.
DEFAULT_WEIGHTS: Final = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
    1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip
# What fsrs and ts-fsrs both take as it is: ts-fsrs raises a first stability below 0.1 and w19 below 0.01.
LOWEST_WEIGHTS: Final = (
    0.1, 0.1, 0.1, 0.1, 1.0, 0.001, 0.001, 0.001, 0.0, 0.0, 0.001,
    0.001, 0.001, 0.001, 0.0, 0.0, 1.0, 0.0, 0.0, 0.01, 0.1,
)  # fmt: skip
HIGHEST_WEIGHTS: Final = (
    100.0, 100.0, 100.0, 100.0, 10.0, 4.0, 4.0, 0.75, 4.5, 0.8, 3.5,
    5.0, 0.25, 0.9, 4.0, 1.0, 6.0, 2.0, 2.0, 0.8, 0.8,
)  # fmt: skip

LOWEST_RETENTION: Final = 0.70
HIGHEST_RETENTION: Final = 0.99
LONGEST_INTERVAL: Final = 36_500
MOST_STEPS: Final = 10
LONGEST_STEP: Final = 30 * 1440


@dataclass(frozen=True, slots=True)
class Parameters:
    """Version `version`, in force for answers from `from_at` (ms UTC) on. Steps are whole minutes."""

    version: int
    from_at: int
    weights: tuple[float, ...] = DEFAULT_WEIGHTS
    desired_retention: float = 0.9
    learning_steps: tuple[int, ...] = (1, 10)
    relearning_steps: tuple[int, ...] = (10,)
    maximum_interval: int = LONGEST_INTERVAL


DEFAULT_PARAMETERS: Final = Parameters(version=1, from_at=0)


def clip_weights(weights: Sequence[float]) -> tuple[float, ...]:
    """The nearest 21 weights that fsrs and ts-fsrs both take. Raises Refused("weights-invalid")."""
    if len(weights) != len(DEFAULT_WEIGHTS) or not all(map(math.isfinite, weights)):
        raise Refused("weights-invalid", pointer="/weights")
    bounds = zip(weights, LOWEST_WEIGHTS, HIGHEST_WEIGHTS, strict=True)
    return tuple(min(max(float(weight), lowest), highest) for weight, lowest, highest in bounds)


def clip_retention(retention: float) -> float:
    """The nearest desired retention that makes sense, 0.70 to 0.99."""
    return min(max(retention, LOWEST_RETENTION), HIGHEST_RETENTION)


def check_parameters(parameters: Parameters) -> Parameters:
    """The parameters with clipped weights.

    Exactly one relearning step: with more, ts-fsrs lowers w17 and w18 and the two languages part.
    Raises Refused: "weights-invalid", "retention-range", "steps-invalid", "maximum-interval".
    """
    if not LOWEST_RETENTION <= parameters.desired_retention <= HIGHEST_RETENTION:
        raise Refused("retention-range", pointer="/desired_retention")
    if len(parameters.learning_steps) > MOST_STEPS or not _steps_fit(parameters.learning_steps):
        raise Refused("steps-invalid", pointer="/learning_steps")
    if len(parameters.relearning_steps) != 1 or not _steps_fit(parameters.relearning_steps):
        raise Refused("steps-invalid", pointer="/relearning_steps")
    if not 1 <= parameters.maximum_interval <= LONGEST_INTERVAL:
        raise Refused("maximum-interval", pointer="/maximum_interval")
    return replace(parameters, weights=clip_weights(parameters.weights))


def newest(versions: Sequence[Parameters]) -> Parameters:
    """The highest version, whatever the order of the list; the defaults when there is none."""
    return max(versions, key=lambda parameters: parameters.version, default=DEFAULT_PARAMETERS)


def in_force(versions: Sequence[Parameters], at: int) -> Parameters:
    """The highest version begun by `at` (ms UTC), or the lowest one for answers older than them all."""
    begun = [parameters for parameters in versions if parameters.from_at <= at]
    if begun:
        return newest(begun)
    return min(versions, key=lambda parameters: parameters.version, default=DEFAULT_PARAMETERS)


def _steps_fit(steps: Sequence[int]) -> bool:
    return all(1 <= step <= LONGEST_STEP for step in steps)
