"""Numbers of a workbook as its sheets show them: percentages, days, times, leading zeros.

What is shown is never rounded: 12.5 % stays 12.5 % where the sheet has room for 13 % only.
ECMA-376, part 1: 18.8.30 (format codes and those known by number).
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

Show = Callable[[str], str]
_PERCENT: Final = frozenset({9, 10})
_MOMENTS: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_SAID: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ZEROS: Final = re.compile("0{2,20}")
_DAY_0: Final = {False: datetime(1899, 12, 30, tzinfo=UTC), True: datetime(1904, 1, 1, tzinfo=UTC)}
_SECONDS: Final = 86_400
_DAYS: Final = {False: 2_958_465, True: 2_957_003}  # to 9999-12-31


def show_of(number: int, codes: Mapping[int, str], *, from_1904: bool) -> Show:
    """How a cell of this number format shows its value. `codes` are the formats that the workbook adds."""
    code = _SAID.sub("", codes.get(number, "")).partition(";")[0]
    if number in _PERCENT or "%" in code:
        return _percent
    if _ZEROS.fullmatch(code):
        return lambda said: _padded(said, len(code))
    if number in _MOMENTS or re.search("[ydhs]", code.casefold()):
        return lambda said: _moment(said, from_1904=from_1904)
    return general


def general(said: str) -> str:
    """A number without the noise of its binary form."""
    value = _value(said)
    return said if value is None else _plain(value)


def _percent(said: str) -> str:
    value = _value(said)
    return said if value is None else f"{_plain(value * 100)}%"


def _padded(said: str, width: int) -> str:
    shown = general(said)
    return shown.rjust(width, "0") if shown.isdigit() else shown


def _moment(said: str, *, from_1904: bool) -> str:
    """A day as 2026-11-29, with the time where it has one; a time alone as 14:30."""
    value = _value(said)
    if value is None or not 0 <= value < _DAYS[from_1904]:
        return general(said)
    at = _DAY_0[from_1904] + timedelta(seconds=round(value * _SECONDS))
    time = at.strftime("%H:%M:%S").removesuffix(":00")
    if value < 1:
        return time
    day = at.strftime("%Y-%m-%d")
    return day if time == "00:00" else f"{day} {time}"


def _value(said: str) -> float | None:
    try:
        value = float(said)
    except ValueError:
        return None
    return value if abs(value) < 1e300 else None  # also not a number, which is below nothing


def _plain(value: float) -> str:
    return f"{value:.15g}" if value % 1 or abs(value) >= 1e15 else str(int(value))
