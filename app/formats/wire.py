"""What single values may be on the line between the reader in its cage and whoever reads its words."""

from typing import Any, Final

from app.formats.anki_values import SAFE_INTEGER

LONGEST_TEXT: Final = 512 * 1024
MOST_MEMBERS: Final = 100_000
MOST_NAMES: Final = 1_000


class BadLine(ValueError):
    """The line is no record; the text names the place."""


def accepted(value: Any, fits: bool, kind: Any) -> Any:
    """Raises BadLine where it does not fit."""
    if not fits:
        raise BadLine(f"{value!r:.40} is not {kind}")
    return value


def any_text(value: Any) -> Any:
    fits = isinstance(value, str) and len(value) <= LONGEST_TEXT and "\0" not in value
    return accepted(value, fits and not _has_surrogates(value), "text")


def _has_surrogates(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return True
    return False


def whole_number(value: Any) -> Any:
    return accepted(value, type(value) is int and abs(value) <= SAFE_INTEGER, "int")


def real_number(value: Any) -> Any:
    return float(accepted(value, type(value) in (int, float) and abs(value) < 1e15, "float"))


def truth(value: Any) -> Any:
    return accepted(value, type(value) is bool, "bool")


def scalar(value: Any) -> Any:
    """What event data may hold."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return any_text(value)
    return value if type(value) is float else whole_number(value)
