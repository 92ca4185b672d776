"""Headings that name a side of a thing (`…的职能`, `…的作用`), and the paragraph under them that says it."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from app.text.clauses import Span, sentences
from app.text.found import Found, Passage
from app.text.outline import Paragraph, Section

_ASPECT: Final = re.compile(
    "(?P<whole>[^，。；：、和与及]{0,26}?)的?(?P<aspect>职能|职责|任务|作用|意义|目的|目标|功能|性质|特点|特征|原则|范围|依据|"
    "对象|条件|方式|途径|优点|缺点|优势|来源|用途|好处|危害|原因|要素|内容|核心|本质|实质)"
)
_MEANT: Final = re.compile("(?:是指|就是指|指的是)")
_AND_MORE: Final = re.compile("等等?$")
_MOST, _LEAST_PARTS, _LONGEST_PART = 80, 3, 30


def titled(section: Section, passages: Sequence[tuple[Paragraph, Passage]]) -> Iterator[Found]:
    """One card a heading: of a short paragraph its words, of one with semicolons its parts."""
    spans = [passage.span for _, passage in passages]
    if (
        not section.children
        and 1 <= len(spans) <= 2
        and spans[0].text.endswith(("：", ":")) is (len(spans) == 2)
    ):
        above = section.parent.title if section.parent and section.parent.parent else ""
        yield from _card(section.title, above, spans[-1])
    kinds = [paragraph.kind for paragraph, _ in passages]
    for place in range(len(passages) - 1):  # a numbered line that is a heading in all but its looks
        alone = kinds[place + 2 : place + 3] != ["text"]
        if kinds[place : place + 2] == ["item", "text"] and alone:
            yield from _card(spans[place].text, "", spans[place + 1])


def _card(title: str, above: str, said: Span) -> Iterator[Found]:
    named = _ASPECT.fullmatch(title)
    whole = re.sub("^.*规定了", "", named["whole"]) or above if named else ""
    if not named or not whole:
        return
    asked = f"{whole}的{named['aspect']}"
    if parts := _parts(said):
        ask = f"{asked}有哪些（{len(parts)}项）？"
        yield Found("titled", "list", said, (ask,), "\n".join(parts), 0.8, "list", cue=asked)
    elif len(list(sentences(said))) == 1 and len(said.text) <= _MOST and not _MEANT.search(said.text):
        back = re.sub(f"^(?:{re.escape(asked)}(?:是|为|包括)|{re.escape(whole)})", "", said.text.rstrip("。"))
        yield Found("titled", "definition", said, (f"{asked}是什么？",), back.lstrip("，："), 0.8, cue=asked)


def _parts(said: Span) -> list[str]:
    parts = [part.strip() for part in re.split("[；;]", said.text.rstrip("。"))]
    parts = [part for part in parts if part and not _AND_MORE.fullmatch(part)]
    short = all(len(part) <= _LONGEST_PART for part in parts)
    return parts if len(parts) >= _LEAST_PARTS and short else []
