"""What a hostile file is, and the small valid collection that each is a distortion of."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from app.formats.readers import Reader
from tests.formats.anki_files import CREATED, Collection, card, note, review


@dataclass(frozen=True, slots=True)
class Case:
    """`make` gives the file; `code` is the refusal expected, "" for none; `skips` what is left out then.

    `code_by_content` is the refusal where what a file is follows from its content, if that is another.
    """

    name: str
    make: Callable[[], bytes]
    code: str = ""
    reader: Reader | Literal["document"] = "package"
    skips: frozenset[str] = frozenset()
    code_by_content: str = ""


def plain(version: int = 11, **changes: Any) -> Collection:
    """A small valid collection."""
    return replace(
        Collection(
            version=version,
            notes=[note(1, "猫", "cat"), note(2, "犬", "dog")],
            cards=[card(11, 1), card(21, 2, type=2, queue=2, due=9, ivl=3)],
            reviews=[review(CREATED * 1000, 21)],
        ),
        **changes,
    )
