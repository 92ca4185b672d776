"""Merging an edit into what others changed meanwhile, part by part.

Each part of a note or deck (a field, the tags, the name…) remembers the version at which it last changed, and
when. An edit that started from an older version than that met somebody else's change: the later of the two
stays, whichever arrives first.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

Stamps = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Conflict:
    """The same part was changed on two sides: the later change is `kept`; `other` is in the note's history.

    Part "deleted" says that a deletion met an edit, and the edit was kept.
    """

    entity_id: UUID
    field: str
    kept: Any
    other: Any


@dataclass(slots=True)
class Merged:
    """The `values` that change, all `stamps` as they are then, and the edit's values that `lost`."""

    values: dict[str, Any] = field(default_factory=dict)
    stamps: dict[str, Any] = field(default_factory=dict)
    lost: dict[str, Any] = field(default_factory=dict)
    conflicts: list[tuple[str, Any, Any]] = field(default_factory=list)


def merge(
    current: Mapping[str, Any],
    stamps: Stamps,
    version: int,
    *,
    wanted: Mapping[str, Any],
    base_version: int,
    at: int,
) -> Merged:
    """Merge the `wanted` parts, changed at `at` (ms) on top of `base_version`, into the `current` ones."""
    merged = Merged(stamps=dict(stamps))
    for part, value in wanted.items():
        now_stands = current.get(part)
        changed_version, changed_at = stamps.get(part, (1, 0))
        met = changed_version > base_version
        if now_stands == value:
            if met and at > changed_at:
                merged.stamps[part] = [changed_version, at]
            continue
        if met and not _later((at, value), (changed_at, now_stands)):
            merged.lost[part] = value
            merged.conflicts.append((part, now_stands, value))
            continue
        if met:
            merged.conflicts.append((part, value, now_stands))
        merged.values[part] = value
        merged.stamps[part] = [version + 1, max(at, changed_at)]
    return merged


def _later(mine: tuple[int, Any], theirs: tuple[int, Any]) -> bool:
    """Whether `mine` counts as the later change; at the same moment the text decides, not the arrival."""
    return (mine[0], _canonical(mine[1])) > (theirs[0], _canonical(theirs[1]))


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
