"""Which of the planned days really happen: learnt from the days so far, not assumed."""

from collections.abc import Iterable
from dataclasses import dataclass

# Learners who set up an exam keep about nine days in ten, and differ much: the prior weighs as four days.
PRIOR_CHANCE, PRIOR_DAYS = 0.9, 4.0


@dataclass(frozen=True, slots=True)
class PastDay:
    """One day that was open for study: seconds planned and seconds really spent."""

    planned: float
    spent: float


@dataclass(frozen=True, slots=True)
class Attendance:
    """Chance (0..1) that an open day is used, and the share of its seconds that is then spent."""

    chance: float = PRIOR_CHANCE
    share: float = 1.0


def learn_attendance(days: Iterable[PastDay], chance: float = PRIOR_CHANCE) -> Attendance:
    """Posterior means; a day counts as used from a tenth of its seconds on."""
    open_days = [day for day in days if day.planned > 0]
    used = [day for day in open_days if day.spent >= 0.1 * day.planned]
    weight = PRIOR_DAYS + len(open_days)
    shares = [min(day.spent / day.planned, 1.0) for day in used]
    return Attendance(
        chance=(chance * PRIOR_DAYS + len(used)) / weight,
        share=(PRIOR_DAYS + sum(shares)) / (PRIOR_DAYS + len(shares)),
    )
