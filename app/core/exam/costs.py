"""How long answers take: the learner's own medians, pulled to a prior while there are few of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

# Seconds an answer may take; beyond it the learner was away.
LONGEST = 120.0
PRIOR_ANSWERS = 20.0


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds for the first study of a card, for a pass and for a fail."""

    new: float = 20.0
    passed: float = 8.0
    failed: float = 18.0


def learn_costs(
    new: Sequence[float], passed: Sequence[float], failed: Sequence[float], prior: Costs | None = None
) -> Costs:
    """Costs from answer times in seconds: medians, the prior weighing as PRIOR_ANSWERS answers."""
    start = prior or Costs()
    return Costs(_typical(new, start.new), _typical(passed, start.passed), _typical(failed, start.failed))


def _typical(seconds: Sequence[float], prior: float) -> float:
    kept = [min(value, LONGEST) for value in seconds if value > 0]
    if not kept:
        return prior
    share = len(kept) / (len(kept) + PRIOR_ANSWERS)
    return share * max(median(kept), 1.0) + (1.0 - share) * prior
