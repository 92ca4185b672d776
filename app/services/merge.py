"""Merging an edit into what others changed meanwhile, field by field."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Conflict:
    """The same field was changed on two sides: the later change is `kept`, `other` is in the note's history."""

    entity_id: UUID
    field: str
    kept: Any
    other: Any
