"""Stories that show a kind of thing, the forms it takes, and questions that the text itself asks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from app.text.clauses import Span, clauses, sentences
from app.text.found import Found, Passage, mostly_chinese
from app.text.outline import Paragraph, Section

_STORY: Final = re.compile(
    "(?:^|[。；])(?:例如|比如|譬如|如)，?(?P<story>[^。]{30,600}(?:。[^。]{10,300}){0,6})|"
    "(?:For example|For instance),? (?P<story_en>.{30,600})",
    re.DOTALL,
)
_DEED: Final = re.compile(
    "推出|代理|参与|协办|举办|开展|主动|拜访|联系|建议|组织|赞助|采用|发起|合作|设立|捐|邀请|launch|introduc|organi[sz]|sponsor|invite|visit|open|hold"
)
_DECISIVE: Final = re.compile("率先|终于|最终|于是|决定|便|立即|finally|decided|first")
_HOLD: Final = "举行|举办|投放|开展|组织|发放|参加"
_FORMS: Final = re.compile(
    "(?:，|。|^)(?:其|它|也|还)?(?:如|例如|比如|包括|可包括|可以包括|还可以|可以通过|可通过|通过|或者)"
    f"(?P<forms>[^，。；“]{{2,60}}?(?:，(?:{_HOLD})[^，。；“]{{2,20}}?)*)"
    "(?:等[^，。；、]{0,6}|来进行|进行|来实现)?(?=[，。；]|$)"
)
_ASKED: Final = re.compile(r"(?P<mark>问|Q|Question)\s?\d{0,3}\s?[：:.、]\s*(?P<question>.+)", re.DOTALL)
_ANSWERED: Final = re.compile(r"(?P<mark>答|A|Answer)\s?\d{0,3}\s?[：:.、]\s*(?P<answer>.+)", re.DOTALL)
_INLINE_ANSWER: Final = re.compile(
    r"(?P<question>.{4,160}?[？?])\s*(?:答|A|Answer)\s?[：:]\s*(?P<answer>.+)", re.DOTALL
)
_OPINION: Final = re.compile("^[^，。]{1,8}(?:认为|指出|说)，")
_CONNECTED: Final = re.compile("^(?:便|并且|并|而|于是|终于)")
_WHICH: Final = re.compile("谁|哪里|哪儿|何时|什么时候|什么时间|哪天|哪一|哪个|何处")
_CONDITION: Final = re.compile("^(?:如|若|当|假如|对|凡|因为|由于)|[时后前]$")
_LONG_ANSWER: Final = 14
_FIGURE: Final = re.compile(
    "(?:每|约|不少于|不超过|至少|最多)?(?:[a-zA-Z]\\+)?\\d[\\d.,]*(?:[~～—–至到-]\\d[\\d.]*)?\\s?[^\\d，。；、（的]{1,5}?(?:以内|以上|以下|内|前|后|左右)?(?=[，。；、（的以向由]|$)"
)
_ASIDE: Final = re.compile(
    "即|也就是|因为|否则|逾期|超过|其中|以免|以便|例如|比如|俗称|又称|也叫|但|中途|不过"
)
_HOW_MUCH: Final = re.compile("多久|多少|多长|多远|多高|多大|几|期限|何时|什么时候|什么时间|比例")
_TWO_ASKED: Final = re.compile("各|分别|上下限|以及")
_ASKING: Final = re.compile("谁|什么|多少|多久|几|哪|怎么|怎样|如何")
_MOST_KINDS: Final = 20
_MOST_ANSWER, _MOST_ANSWER_WORDS, _MOST_ITEMS = 40, 30, 12


def stories(section: Section, passages: Sequence[tuple[Paragraph, Passage]]) -> Iterator[Found]:
    """Example -> kind and kind -> example, where sibling headings are kinds of one thing."""
    kind = _kind_of(section) if passages else ""
    if not kind:
        return
    for _, passage in passages:
        yield from _forms(section, passage)
        for match in _STORY.finditer(passage.span.text):
            group = "story" if match["story"] else "story_en"
            span = passage.span.cut(match.start(group), match.end(group))
            if deeds := _deeds(span):
                yield from _told(section.title, kind, span, deeds)


def _kind_of(section: Section) -> str:
    """What all the sibling headings end with: the kind that each of them is one of."""
    siblings = (
        [child.title for child in section.parent.children if child.style == section.style]
        if section.parent
        else []
    )
    if not 2 <= len(siblings) <= _MOST_KINDS:
        return ""
    shortest = min(siblings, key=len)
    for begin in range(1, len(shortest) - 1):
        if all(title.endswith(shortest[begin:]) for title in siblings):
            return shortest[begin:].strip().removeprefix("性").removeprefix("型").removeprefix("式")
    return ""


def _deeds(story: Span) -> list[str]:
    """The two clauses that tell best what was done, the more telling first."""
    told = [clause for sentence in sentences(story) for clause in clauses(sentence)]
    weights = [
        (3 * bool(_DECISIVE.search(clause.text)) + 2 * bool(_DEED.search(clause.text)), place)
        for place, clause in enumerate(told)
        if 6 <= len(clause.text) <= 120
    ]
    best = sorted(weights, key=lambda weight: (-weight[0], weight[1]))[:2]
    return [_CONNECTED.sub("", told[place].text) for weight, place in best if weight > 0]


def _told(title: str, kind: str, span: Span, deeds: list[str]) -> Iterator[Found]:
    chinese = mostly_chinese(title)
    deed = ("，" if chinese else ", ").join(deeds)
    ask = f"“{deed}”，属于哪种{kind}？" if chinese else f"“{deed}”: which kind of {kind}?"
    yield Found("story.kind", "example", span, (ask,), title, 0.8, cue=deed)
    ask = f"{title}有什么例子？" if chinese else f"{title}: what is an example?"
    yield Found("story.example", "example", span, (ask,), deeds[0], 0.75, cue=title)


def _forms(section: Section, passage: Passage) -> Iterator[Found]:
    if not passage.chinese:
        return
    for match in _FORMS.finditer(passage.span.text):
        forms = re.sub(f"(?:^|，)(?:{_HOLD})", "、", match["forms"]).lstrip("、")
        if not re.search("、|或|和", forms) or len(forms) > 40:
            continue
        span = passage.span.cut(match.start("forms"), match.end("forms"))
        asks = (
            f"{section.title}有哪些形式？",
            f"{section.title}还有哪些形式？",
            f"{section.title}另外有哪些形式？",
        )
        yield Found("forms", "example", span, asks, forms, 0.7, cue=section.title)


def answered(passages: Sequence[tuple[Paragraph, Passage]]) -> Iterator[Found]:
    """Question and answer on two lines or on one, marked as such, or a question that begins its paragraph."""
    for place, (_, passage) in enumerate(passages):
        following = passages[place + 1][1] if place + 1 < len(passages) else None
        text = passage.span.text
        if inline := _INLINE_ANSWER.fullmatch(text):
            question = re.sub(_ASKED.pattern.split("(?P<question>")[0], "", inline["question"])
            yield _answer(passage, passage.span, question, inline["answer"], 0.95)
        elif (
            (asked := _ASKED.fullmatch(text))
            and following
            and (said := _ANSWERED.fullmatch(following.span.text))
        ):
            span = Span(text, passage.span.start)
            found = _answer(passage, span, asked["question"], said["answer"], 0.95)
            yield replace(found, more=(following.span,))
        elif opening := re.match(r"([^。！.!？?“]{4,50}[？?])\s*(?=\S)", text):
            rest = text[opening.end() :]
            if not re.search(r"[？?]", rest):
                yield _answer(passage, passage.span, opening[1], _OPINION.sub("", rest), 0.8)


def without_questions(
    passages: Sequence[tuple[Paragraph, Passage]],
) -> Iterator[tuple[Paragraph, Passage]]:
    """What the other rules may read: answers under the name of their question, and no questions."""
    question = ""
    for paragraph, passage in passages:
        text = passage.span.text
        if asked := _ASKED.fullmatch(text):
            question = asked["question"].rstrip("？?")
        elif (said := _ANSWERED.fullmatch(text)) and question:
            yield paragraph, replace(passage, span=passage.span.cut(said.start("answer")), label=question)
        else:
            question = ""
            yield paragraph, passage


def headed_questions(section: Section, passages: Sequence[tuple[Paragraph, Passage]]) -> Iterator[Found]:
    """A heading that asks, answered by the paragraph under it."""
    if section.title.endswith(("？", "?")) and passages and not section.children and len(passages) <= 2:
        first = passages[0][1]
        said = _ANSWERED.fullmatch(first.span.text)
        yield _answer(first, first.span, section.title, said["answer"] if said else first.span.text, 0.9)


def asked_lists(section: Section, passages: Sequence[tuple[Paragraph, Passage]]) -> Iterator[Found]:
    """A heading that asks, answered by the items under it."""
    items = [passage.span for paragraph, passage in passages if paragraph.kind == "item"]
    if not section.title.endswith(("？", "?")) or section.children or not 2 <= len(items) <= _MOST_ITEMS:
        return
    if len(passages) > len(items) + 1:
        return
    members = [item.text.rstrip("；;。. ") for item in items]
    yield Found(
        "list.asked", "list", section.span, (section.title,), "\n".join(members), 0.9, "list",
        cue=section.title, key="\n".join((section.title, *members)), more=tuple(items),
    )  # fmt: skip


def _answer(passage: Passage, span: Span, question: str, answer: str, rank: float) -> Found:
    chinese = mostly_chinese(question + answer)
    core = _core(question, re.sub("^(?:是的|对)，", "", answer.strip()), chinese).rstrip("。.；; ")
    rest = answer.strip() if len(answer.strip()) > len(core) + 3 else ""
    question = question.strip()
    if not question.endswith(("？", "?")):
        question += "？" if chinese else "?"
    return Found(
        "question", "question", span, (question, passage.ask(question)), core, rank, note=rest, cue=question
    )


def _core(question: str, answer: str, chinese: bool) -> str:
    told = [sentence.text for sentence in sentences(Span(answer, 0))] or [answer]
    first = told[0]
    if (
        len(first) <= 4 and len(told) > 1 and chinese and not first[0].isdigit()
    ):  # a bare yes or no: the reason is the answer
        return f"{first}，{told[1]}"
    if not chinese and first in ("Yes", "No") and len(told) > 1:
        return f"{first}. {told[1]}"
    begun, comma, rest = first.partition("，")
    asks_more = _TWO_ASKED.search(question) or len(_ASKING.findall(question)) > 1
    if chinese and len(first) > _LONG_ANSWER and _HOW_MUCH.search(question) and not asks_more:
        figures = _FIGURE.findall(first)
        if len(figures) == 1 and figures[0] in begun:
            return str(figures[0])
    if (
        chinese
        and comma
        and not asks_more
        and not begun.startswith(("先", "首先"))
        and not _CONDITION.search(begun)
    ):
        asks_one_thing = _HOW_MUCH.search(question) and re.search(r"\d", begun)
        if asks_one_thing or _ASIDE.match(rest) or (_WHICH.search(question) and 2 <= len(begun) <= 16):
            return begun
    if chinese and len(first) > _MOST_ANSWER:
        parts = first.split("，")
        kept = parts[0]
        for part in parts[1:]:
            if len(kept) + len(part) >= _MOST_ANSWER:
                break
            kept = f"{kept}，{part}"
        return kept
    if not chinese and len(first.split()) > _MOST_ANSWER_WORDS:
        return re.split(r", (?:which|who|and|so|but|because)\b|; ", first)[0]
    return first
