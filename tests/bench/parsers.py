"""Every parser of text on nasty inputs of twice the length: the time may double, and little more.

Each input is one scrap said again and again, some behind a mark that opens something: marks that never close,
ends without beginnings, lines of one letter. Seconds of the processor count, the best of several rounds, both
lengths in turn.
"""

import gc
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from tests.bench.parser_calls import CALLS, Call
from tests.bench.report import Figure

LEAST_SECONDS: Final = 0.008
ROUNDS: Final = 4
TRIES: Final = 3
SCRAPS: Final = (
    "a", "字", " ", "\n", "\t", "a\t", "0", "1.", "-", "- ", "a ", "a b\n", "字。", "字，", "字：", "字、",
    "、", "，字", "[", "]", "[[", "![", "![[", "[a](", "![a](", "](", "[^", "](<", "(", ")", "{", "}", "{{",
    "}}", "{{c1::", "{{c1::a}}", "{{c1::a::b}}", "{{#a}}", "{{/a}}", "{{^a}}", "{{a}}", "{{cloze:", "<",
    ">", "</", "<a", "<b>", "</b>", "<a ", "<a href=", "<a b='", "<a b=\"", "<!--", "-->", "<![CDATA[",
    "<?", "<table><tr><td>", "<ul><li>", "<p>", "<br>", "<script>", "<style>", "<title>", "&", "&amp;",
    "&#", "&lt;", "<!--SR:", "!2024-01-01,1,2", "<!-- card: ", "<ruby>", "[sound:", "a[b]", " a[", "src=",
    "src='", "*", "**", "**a", "*a* ", "_", "__", "_a", "~", "~~", "`", "``", "```\n", "~~~\n", "`a", "$",
    "$$", "$a", "\\", "\\(", "\\[", "\"", "\"\"", "\",", "\"\n", "a\"", "'", ";", ",", ",\n", "|", "||",
    "|\n", "|a", "|-", "|-|\n", "#", "# ", "# a\n", "## a\n\n", "###### ", "#a", "#a ", "#flashcards",
    "#flashcards/", "#a/", "#separator:", "#tags:a\n", ":", "::", ":::", "a::", "a::b\n", "a:", "a:b\n",
    "?\n", "??\n", "a\n?\nb\n\n", "==", "==a", "==a==", "%%", "%%a", "> ", "> a\n", "+", "=", "---\n",
    "---\na: b\n", "+++\n", "***\n", "___\n", "Q: a\n", "A: a\n", "Q: a\nA: b\n\n", "C: [a]\n", "E: a\n",
    "L:\n", "问：字\n", "答：字\n", "<<", "<<a", ">>", "@media/", "^", "~:", "~#", "^0", "[\"", "{\"a\":",
    "{\"a\":1,", ":a ", ":a 1 ", "\\a ", "#{", "#_", "-a ", "(a", "a OR ", "-(", "-\"", "deck:", "prop:",
    "prop:due<", "tag:a ", "\\\\", "“", "”", "“字", "“字”", "“字”“", "《", "《字》", "「", "『", "（",
    "）", "（字", "（字）", "第一章 字\n", "第一条 字字。\n", "一、字\n", "（一）字\n", "1. 字\n",
    "1.1 a\n", "(1) a\n", "① 字", "a)", "第一，字，", "图1", "表1-1 ", "是", "是指", "字是指字", "即",
    "字即", "称为", "字称为", "指", "不", "不得", "不可", "应当", "应", "必须", "字应当字，", "包括",
    "字包括字、", "分为", "和", "及", "与", "或", "等", "等等", "以及", "先", "先字再字", "由字往字",
    "按照", "按字、字的顺序", "例如", "例如，", "如字，", "比如字、", "因为", "为了", "为了字，", "以便",
    "三", "三个", "“三字”：字、", "三要字：", "100", "100元", "3天内", "1~", "1-", "1.1", "1,", "1/",
    "2024年", "2024年1月1日", "起施行", "由字负责", "字负责", "可以", "字可以字", "从而", "但", "但是",
    "除", "除字外，", "的", "字的", "的字的", "字的字，", "谁", "多少", "？", "字？", "字？\n", "；",
    "字；", "。\n", "：", "：字", "字：字\n", "a is ", "A is a b. ", "is", "is called ", "means ",
    "a means b ", "must not ", "must ", "never ", "not ", "the ", "The ", "The a is the b ", "of the ",
    "a, ", "a, b, and ", "and ", "or ", "includes ", "A includes a, ", "For example, ", "e.g. ", "A. ",
    "A ", "Aa ", "if ", "If a, ", "by ", "by the ", "in order to ", "unless ", "before ", "before a, ",
    "after ", "first ", "then ", "to ", "within 3 days ", "10 km ", "$10 ", "10% ", "which ",
    "Article 1. ", "Chapter 1\n", "1: ", "a-", "a-\n", "aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa\n",
    "\\n", "\u3000", "\r", "\r\n", "\u2028", "\u0301", "e\u0301", "\U00020000", "ﬁ", "⻓",
)  # fmt: skip
HEADS: Final = (
    "# a", "<<", "![](", "[a](", "[[", "![[", "==", "{{c1::", "{{", "<!--", "<!--SR:", "<a b='", "<a ",
    "`", "$", "%%", "Q:", "a::", "\"", "[sound:", "<img src=", "<!-- card: a", "S: a [", "\\(", "- ", "|",
    "#separator:", "{:a ", "![a", "问：", "字：", "“", "A is", "字是",
)  # fmt: skip
RUNS: Final = (" ", "a", "\\", "#", "1", "字", "[", " a")
NASTY: Final = (*(("", scrap, "") for scrap in SCRAPS), *((head, run, "b") for head in HEADS for run in RUNS))


@dataclass(frozen=True, slots=True)
class Look:
    """How much longer twice the input took."""

    ratio: float
    scrap: tuple[str, str, str]
    seconds: float
    size: int

    def __str__(self) -> str:
        said = " ".join(map(repr, filter(None, self.scrap)))
        return f"{said} for {self.size} letters: {self.seconds * 1000:.1f} ms"


def parsers() -> Iterator[Figure]:
    """One line a parser: its worst scrap."""
    gc.collect()
    gc.freeze()
    for name, call in CALLS.items():
        worst = max((look(call, scrap) for scrap in NASTY), key=lambda one: one.ratio)
        yield Figure(f"{name}: twice as long / once", worst.ratio, call.must, detail=str(worst))


def look(call: Call, scrap: tuple[str, str, str]) -> Look:
    """The ratio for one scrap. What takes no time at all, or does so in one of a few tries, is no trouble:
    the machine has other work, and a parser that grows too fast does so every time."""
    twice = _seconds(call, scrap, call.size * 2)
    ratio = 0.0
    if twice > LEAST_SECONDS:
        ratio = twice / _seconds(call, scrap, call.size)
        for _ in range(TRIES):
            if ratio > call.must:
                pairs = [
                    (_seconds(call, scrap, call.size), _seconds(call, scrap, call.size * 2))
                    for _ in range(ROUNDS)
                ]
                once, twice = (min(seconds) for seconds in zip(*pairs, strict=True))
                ratio = min(ratio, twice / once)
    return Look(ratio, scrap, twice, call.size * 2)


def _seconds(call: Call, scrap: tuple[str, str, str], size: int) -> float:
    head, middle, tail = scrap
    text = head + middle * (size // len(middle)) + tail
    run: Callable[[str], object] = call.run
    gc.disable()  # a collection costs what all objects of the process cost, not what the text does
    try:
        began = time.process_time()
        run(text)
        return time.process_time() - began
    finally:
        gc.enable()
