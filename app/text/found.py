"""What a rule finds, and the passage that it looks at."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from app.core.notes import NoteKind
from app.text.clauses import Span
from app.text.normalise import is_chinese

FactKind = Literal[
    "pair", "term", "definition", "ban", "norm", "step", "number", "order", "list", "purpose", "example",
    "question", "who", "cell",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph with what a rule may know about its surroundings."""

    span: Span
    label: str  # what the paragraph is about, short enough to begin a question with
    topic: str  # its own short first sentence, "" without one
    path: tuple[str, ...]
    chinese: bool
    ruled: bool  # the surroundings give instructions, so a bare clause is one too
    terse: bool = False  # its clauses are short: the style of instructions, not of prose
    bold: tuple[Span, ...] = ()
    items: tuple[str, ...] = ()  # of the list that it leads to
    lead: str = ""  # what announces the list that it is an item of

    def ask(self, question: str) -> str:
        """The question with its context in front."""
        mark = "：" if self.chinese else ": "
        return f"{self.label}{mark}{question}" if self.label and self.label not in question else question


@dataclass(frozen=True, slots=True)
class Found:
    """A fact with ways to ask for it, the shortest first; the first that no other card uses is taken."""

    rule: str
    kind: FactKind
    span: Span
    asks: tuple[str, ...]
    back: str
    rank: float
    note_kind: NoteKind = "basic"
    note: str = ""
    reverse_ask: str = ""
    reverse_back: str = ""
    cue: str = ""  # for templates: the bare thing asked about
    key: str = ""  # what its id hangs on where that is not the text of the span
    more: tuple[Span, ...] = ()  # the other places that bear it out, such as the members of a list


Rule = Callable[[Passage], Iterable[Found]]

_SUFFIX: Final = re.compile(
    r"的(?:规范|技巧|要求|礼仪|原则|规定|规则|方法|注意事项|常识|要点|要领)$|(?:须知|守则|规定|注意事项)$"
)
_LABEL_CHINESE: Final = 10
_LABEL_WORDS: Final = 6


def label_of(title: str) -> str:
    """A heading made short: without its generic ending and, when still long, without its owner."""
    bare = _SUFFIX.sub("", title.split("（")[0].strip("“”*？?。：: "))
    if not any(map(is_chinese, bare)):
        return " ".join(bare.split()[:_LABEL_WORDS])
    if len(bare) > _LABEL_CHINESE and "的" in bare[:-2]:
        bare = bare.split("的", 1)[1]
    return bare if len(bare) <= _LABEL_CHINESE + 4 else bare[: _LABEL_CHINESE + 4].split("，")[0]


def mostly_chinese(text: str) -> bool:
    chinese = sum(map(is_chinese, text))
    return chinese * 4 >= sum(letter.isalpha() for letter in text)


def prefixes(text: str, steps: Iterable[int], chinese: bool = True) -> list[str]:
    """Beginnings of growing length that still leave something to ask for."""
    if chinese:
        return [text[:count] for count in steps if count <= len(text) - 2]
    words = text.split()
    return [" ".join(words[:count]) for count in steps if count <= len(words) - 1]
