"""Values out of a stranger's collection: whatever type a cell has, what comes out has the type asked for."""

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from app.formats.drafts import LONGEST_GUID, LONGEST_NAME, MOST_TAGS
from app.formats.limits import MB
from app.formats.refusals import FileRefused

SAFE_INTEGER: Final = 2**53 - 1
MOST_JSON: Final = 64 * MB
MOST_DEPTH: Final = 32
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NO_BRACKETS: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|[^]\["{}]++|"', re.DOTALL)
_SPACES: Final = re.compile(r"\s+")


def whole(value: Any, default: int = 0, least: int = -SAFE_INTEGER, most: int = SAFE_INTEGER) -> int:
    """An integer between the bounds; old collections hold reals and texts where integers belong."""
    if type(value) is int:
        return value if least <= value <= most else min(max(value, least), most)
    if isinstance(value, str):
        try:
            value = float(value[:40])
        except ValueError:
            return default
    if isinstance(value, float):
        if not math.isfinite(value):
            return default
        value = int(value)
    if not isinstance(value, int):
        return default
    return min(max(int(value), least), most)


def real(value: Any, least: float, most: float) -> float | None:
    """A finite number within the bounds, or None when it is anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return min(max(number, least), most) if math.isfinite(number) else None


def words(value: Any) -> str:
    """Text in NFC, without NUL, other control characters and halves of surrogate pairs."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(value)
    if text.isascii() and text.isprintable():
        return text
    text = _CONTROLS.sub("", text).encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFC", text)


def name(value: Any) -> str:
    """A name on one line, at most LONGEST_NAME characters."""
    return _SPACES.sub(" ", words(value)).strip()[:LONGEST_NAME].strip()


def deck_name(value: Any) -> str:
    """Levels joined by `::`, whether the file joins them so or by 0x1f; no level is empty."""
    raw = value if isinstance(value, str) else words(value)
    levels = [name(level) or "-" for level in raw.replace("\x1f", "::").split("::")][:20]
    return "::".join(levels)[:LONGEST_NAME]


def tags_of(value: Any) -> tuple[str, ...]:
    """Tags parted by blanks, each once, in their order."""
    found = dict.fromkeys(tag[:LONGEST_NAME] for tag in words(value).split())
    return tuple(found)[:MOST_TAGS]


def guid_of(value: Any, note_id: int) -> str:
    """The note's identity, shortened by a hash when too long and derived from the id when absent."""
    guid = words(value).strip()
    if not guid:
        return f"anki-{note_id}"
    if len(guid) > LONGEST_GUID:
        return "h" + hashlib.sha256(guid.encode()).hexdigest()[:40]
    return guid


def json_of(value: Any, what: str, most: int = MOST_JSON) -> Any:
    """Parsed JSON of at most so many letters. Raises FileRefused("collection-data") naming `what`."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str) and len(value) <= most and _depth(value) <= MOST_DEPTH:
        try:
            return json.loads(value)
        except ValueError:
            pass
    raise FileRefused("collection-data", what=what)


def _depth(text: str) -> int:
    """How deep brackets nest outside of strings; the parser itself would recurse that far."""
    if text.count("[") + text.count("{") <= MOST_DEPTH:
        return 0
    depth = deepest = 0
    for bracket in _NO_BRACKETS.sub("", text):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects among the members of a JSON object or array."""
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (member for member in members if isinstance(member, dict))
