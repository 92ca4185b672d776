"""What can be said about a file before it is read: which reader, and the choices for texts.

The readers themselves are loaded where files are read, in the cage; a server that starts needs none.
"""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from app.formats.table_layout import Layout

Reader = Literal[
    "auto", "package", "table", "list", "questions",
    "markdown", "hashcards", "obsidian", "mochi", "headings", "json",
]  # fmt: skip
READERS: Final[tuple[Reader, ...]] = get_args(Reader)


@dataclass(frozen=True, slots=True)
class TextChoices:
    """What the learner says about a text file; empty where the file's own looks decide."""

    layout: Layout | None = None
    encoding: str = ""
    between: str = ""  # what parts the two sides of a list
    above: str = ""  # the deck under which those go that our own deck files name


AS_IT_LOOKS: Final = TextChoices()
