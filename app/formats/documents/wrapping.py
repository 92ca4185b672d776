"""Lines that a page or an old editor broke, put together again as paragraphs."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

_BEGINS: Final = re.compile(
    r"\s*(?:第[一二三四五六七八九十百零〇\d]{1,6}[章节条编篇讲课]|[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,3}[)）]|"
    r"\d{1,3}(?:\.\d{1,3}){0,3}[.、)）](?!\d)|\d{1,2}(?:\.\d{1,2}){1,3}\s|[①-⑳]|[-*•●○■□◆◇▪–·] ?|#{1,6} |"
    r"[(（]?[a-zA-Z][)）]\s|(?:问|答|Q|A)\s?\d{0,3}\s?[：:]|(?:Chapter|Section|Article|Appendix)\s)"
)
_LABEL: Final = re.compile("[\u3400-\u9fff]{2,10}：")
_ENDS: Final = frozenset("。！？；：.!?;:”」』）)")
_LEAST_LINES, _SAMPLE = 6, 5_000
_NARROWEST, _WIDEST = 40, 130  # cells; a Chinese character takes two


def width(text: str) -> int:
    """Cells on a page: one for a letter of the Latin alphabet, two for a Chinese character."""
    return 2 * len(text) - len(text.encode("latin-1", "ignore"))


def looks_wrapped(lines: Sequence[str]) -> bool:
    """Whether most lines end where the page did, in the middle of a sentence."""
    lines = lines[:_SAMPLE]
    widths = sorted(width(line) for line in lines if line.strip())
    if len(widths) < _LEAST_LINES:
        return False
    full = widths[int(0.95 * (len(widths) - 1))]
    if not _NARROWEST <= full <= _WIDEST or widths[-1] > 1.3 * full:
        return False
    long = [line.rstrip() for line in lines if width(line.rstrip()) >= 0.8 * full]
    broken = sum(line[-1:] not in _ENDS and not _BEGINS.match(line) for line in long)
    return len(long) * 3 >= len(widths) and broken * 2 >= len(long)


def unwrapped(lines: Sequence[str], full: Sequence[bool] | None = None) -> Iterator[str]:
    """The paragraphs; an empty line parts two. `full` says which lines had no room for the next word."""
    if full is None:
        full = _full(lines)
    held = last = ""
    reached = False
    for raw, reaches in zip(lines, full, strict=True):
        line = raw.strip()
        if held and line and _goes_on(last, line, reached):
            held = _joined(held, line)
        else:
            if held:
                yield held
            held = line
        last, reached = line, reaches
    if held:
        yield held


def first_word(line: str) -> str:
    return re.split(r"(?<=[\u2e80-\uffff])|\s", line.lstrip()[:80], maxsplit=1)[0]


def _full(lines: Sequence[str]) -> list[bool]:
    """Judged by the letters alone: the next word would have made it longer than nearly all others."""
    widths = sorted(width(line) for line in lines if line.strip())
    most = widths[int(0.9 * (len(widths) - 1))] if widths else 0
    following = [*map(first_word, lines[1:]), ""]
    return [
        most >= _NARROWEST // 2 and width(line.strip()) + 1 + width(word) > 0.97 * most
        for line, word in zip(lines, following, strict=True)
    ]


def _goes_on(last: str, line: str, reached: bool) -> bool:
    if not last or _BEGINS.match(line) or _LABEL.match(line):
        return False
    return reached or (last[-1:] not in _ENDS and line[:1].islower())


def _joined(held: str, line: str) -> str:
    if held.endswith("-") and held[-2:-1].isalpha() and line[:1].islower():
        return held[:-1] + line
    tight = held[-1] >= "\u2e80" or line[0] >= "\u2e80"
    return held + line if tight else f"{held} {line}"
