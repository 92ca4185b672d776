"""The learner day: whole days since 1970-01-01 on the learner's own clock, begun at the rollover hour.

All scheduling counts days by this number only, so a card learnt at 23:00 and one learnt at 00:30 belong to
the same evening.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from app.core.errors import Refused

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 86_400_000
DEFAULT_ROLLOVER_HOUR: Final = 4

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# Zone rules mean nothing outside these years (1970 to 3000); forged times beyond take the nearest offset.
_EARLIEST_MS: Final = 0
_LATEST_MS: Final = 32_503_680_000_000
_WIDEST_OFFSET_MS: Final = 16 * HOUR_MS


def learner_day(at: int, zone: str, rollover_hour: int) -> int:
    """The learner day of the instant `at` (ms UTC): floor((wall clock - rollover) / 24 h).

    Raises Refused("zone-unknown").
    """
    wall = at + _offset_ms(at, zone)
    return (wall - rollover_hour * HOUR_MS) // DAY_MS


def day_starts_at(day: int, zone: str, rollover_hour: int) -> int:
    """The first instant (ms UTC) whose learner day is `day`, or the next one where a zone skipped that day.

    Raises Refused("zone-unknown").
    """
    nominal = day * DAY_MS + rollover_hour * HOUR_MS
    before, after = nominal - _WIDEST_OFFSET_MS, nominal + _WIDEST_OFFSET_MS
    while after - before > 1:
        middle = (before + after) // 2
        if learner_day(middle, zone, rollover_hour) >= day:
            after = middle
        else:
            before = middle
    return after


def check_zone(zone: str) -> str:
    """The zone itself when the tz database knows it. Raises Refused("zone-unknown")."""
    if zone not in _known_zones():
        raise Refused("zone-unknown", pointer="/zone", zone=zone[:64])
    return zone


def check_rollover_hour(hour: int) -> int:
    """The hour itself when it is 0 to 23. Raises Refused("rollover-hour")."""
    if not 0 <= hour <= 23:
        raise Refused("rollover-hour", pointer="/rollover_hour")
    return hour


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(available_timezones() - {"localtime", "Factory"})


@cache
def _zone(zone: str) -> ZoneInfo:
    return ZoneInfo(check_zone(zone))


def _offset_ms(at: int, zone: str) -> int:
    moment = _EPOCH + timedelta(milliseconds=min(max(at, _EARLIEST_MS), _LATEST_MS))
    offset = moment.astimezone(_zone(zone)).utcoffset() or timedelta()
    return offset // timedelta(milliseconds=1)
