"""Members of a whole: child headings, `包括 A、B 和 C`, counted lists, ordered lists."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from app.text.clauses import Span, sentences
from app.text.found import Found, Passage, label_of, mostly_chinese
from app.text.outline import Paragraph, Section

_SPLIT: Final = re.compile(
    "、|以及|(?<=[^温平缓调柔共总违])和(?=[^平谐气睦善蔼解缓好])|(?<=.{2})及(?=[^时其格早物])|或者|(?<=.{2})与(?=.{2})"
)
_INLINE: Final = re.compile(
    "(?P<whole>[^，。；：]{2,28}?)(?:，)?(?:主要|一般|通常|具体|分别|大致|可以|可|应当|应|须|必须)?(?P<verb>包括以下|包括|包含|分为|分成|可分为|由|分|有以下|有|即|是指|是|为)"
    "(?:以下)?(?:[一二三四五六七八九十两\\d]+[个种类项点条方面]{1,2})?：?(?P<members>[^。；？]{4,120})"
)
_COUNTED: Final = re.compile(
    "(?:“(?P<count>[二两三四五六七八九十])(?P<unit>[^”，。]{1,6})”|"
    "(?P<bare_count>[二两三四五六七八九十])(?P<bare_unit>[心要不项条大个点步类种方][^：，。“]{0,6}))"
    "：(?P<members>.{6,400})"
)
_COUNTED_LIST: Final = re.compile(
    "(?P<whole>[^，。；：]{2,20}?(?:有|分为|分成|分|包括|包含|具有|遵循|坚持|做到))"
    "(?P<parts>[两二三四五六七八九十][大个种类项点条步层级方要][^，。；：]{0,6})：(?P<members>[^，。；：]{1,16}(?:、[^，。；：]{1,16})+)。?"
)
_SEQUENCE: Final = re.compile(
    "(?:按照|按|依照|依|以)(?P<members>[^，。；]{1,12}(?:[、→—>-]+[^，。；、→—>-]{1,12}){2,11}?)的?(?:先后)?(?:顺序|次序|步骤|流程)(?P<act>[^，。；]{0,8})"
)
_INLINE_EN: Final = re.compile(
    r"(?P<whole>[A-Z][^.;:]{3,80}?)\s(?:includes?|consists? of|comprises?|(?:is|are) made up of|"
    r"contains?|are|has|have)(?: the following)?:?\s"
    r"(?P<members>[^.;]{3,60}(?:, [^,.;]{2,60}){1,9},? (?:and|or) [^,.;]{2,60})",
)
_ETC: Final = re.compile(
    "(?:等(?:等|多种|几种|[一二三四五六七八九两\\d]?(?:个|种|类|项)?(?:方面|内容|形式|方式|要素|工作|活动|情况|因素|部分)?)?|几大?方面|[一二三四五六七八九两]大?(?:方面|部分|类|种|个|项|要素))$"
)
_NUMBERS: Final = "零一二三四五六七八九十"
_AND_OR: Final = re.compile(r"[;,] (?:and|or|and/or)\s*$")
_WHICH_EN: Final = re.compile(r"\b(?:which|what)\b", re.IGNORECASE)
_MOST_LIST: Final = 12
_MOST_WHOLE: Final = 24


def child_headings(section: Section, passages: Sequence[tuple[Paragraph, Passage]]) -> Iterator[Found]:
    """A section whose numbered children name the parts of what its title says."""
    members = [(label, span) for label, span in _children(section, passages) if label]
    if not 2 <= len(members) <= _MOST_LIST or not section.title:
        return
    chinese = mostly_chinese(section.title)
    title = section.title.rstrip("？?")
    count = len(members)
    rank = 0.75 if len(section.path) > 1 else 0.4  # the parts of a whole document are rarely worth a card
    first, last = members[0][1], members[-1][1]
    span = (
        Span("", first.start)
        if last.end <= first.start
        else Span(" " * (last.end - first.start), first.start)
    )
    key = "\n".join((title, *(label for label, _ in members)))
    yield Found(
        rule="list.headings",
        kind="list",
        span=span,
        asks=((f"{title}：哪{count_word(count)}项？" if chinese else f"{title}: which {count}?"),),
        back="\n".join(label for label, _ in members),
        rank=rank,
        note_kind="list",
        cue=title,
        key=key,
        more=tuple(heading for _, heading in members),
    )
    for place, (label, heading) in enumerate(members, 1):
        ask = f"{title}第{_numeral(place)}条是什么？" if chinese else f"{title}: what is number {place}?"
        yield Found("list.nth", "list", heading, (ask,), label, 0.4, cue=title)
    names = _without_shared_ending([label for label, _ in members])
    if chinese and sum(map(len, names)) <= _MOST_WHOLE:
        yield Found(
            "list.whole",
            "list",
            span,
            (f"{title}有哪{count_word(count)}种？",),
            "、".join(names),
            rank,
            cue=title,
            key=key,
        )


def _without_shared_ending(labels: list[str]) -> list[str]:
    shortest = min(labels, key=len)
    for begin in range(1, len(shortest) - 1):
        if all(label.endswith(shortest[begin:]) for label in labels):
            keep = begin + (shortest[begin] in "性型式类")
            return [label[: len(label) - len(shortest) + keep] for label in labels]
    return labels


def _children(section: Section, passages: Sequence[tuple[Paragraph, Passage]]) -> list[tuple[str, Span]]:
    headed = [
        (child.title, child.span)
        for child in section.children
        if child.style not in ("title", "box", "boxed")
    ]
    if len(headed) >= 2:
        return headed
    return [
        (paragraph.topic, paragraph.span)
        for paragraph, _ in passages
        if paragraph.kind == "item" and paragraph.topic
    ]


def count_word(count: int) -> str:
    """A count before a measure word: `两个`, `三个`."""
    if count >= 20:
        return str(count)
    return "两" if count == 2 else _numeral(count)


def _numeral(count: int) -> str:
    return "十" + _NUMBERS[count - 10].replace("零", "") if count > 10 else _NUMBERS[count]


def led_lists(passages: Sequence[tuple[Paragraph, Passage]]) -> Iterator[Found]:
    """`下列情形不得…：` and the items under it."""
    place = 0
    while place < len(passages):
        paragraph, lead = passages[place]
        place += 1
        if not lead.span.text.endswith(("：", ":")):
            continue
        items: list[Span] = []
        while place < len(passages) and _continues(passages[place][0], paragraph, passages[place - 1][0]):
            items.append(passages[place][1].span)
            place += 1
        if 2 <= len(items) <= _MOST_LIST:
            yield from _led(lead, items)


def led_items(paragraphs: Sequence[Paragraph]) -> dict[int, range]:
    """The places of the items that the lead at a place announces: `有下列情形之一的，…：`."""
    lists: dict[int, range] = {}
    at = 0
    while at < len(paragraphs):
        lead, end = paragraphs[at], at + 1
        while end < len(paragraphs) and _continues(paragraphs[end], lead, paragraphs[end - 1]):
            end += 1
        if end > at + 1 and lead.span.text.endswith(("：", ":")):
            lists[at] = range(at + 1, end)
        at = end if at in lists else at + 1
    return lists


def _continues(item: Paragraph, lead: Paragraph, before: Paragraph) -> bool:
    """Whether a paragraph still belongs to the list; the next article of a law does not."""
    if item.style == "article" and before is not lead:
        return before.style == "article"
    return item.style not in ("", lead.style)


def _led(lead: Passage, spans: list[Span]) -> Iterator[Found]:
    items = [_AND_OR.sub("", span.text).rstrip("；;。. ") for span in spans]
    said = re.sub("(?:下列|以下|如下)(?:的)?", "哪些", lead.span.text.rstrip("：: "), count=1)
    said = re.sub(r"^(?:The|These|Any of the) following\b|^These\b", "Which", said)
    asks = lead.chinese or _WHICH_EN.search(said)
    said = said if asks else f"{said}: what are they"
    ask = lead.ask(f"{said}（{len(items)}项）？" if lead.chinese else f"{said} ({len(items)})?")
    yield Found(
        "list.led", "list", lead.span, (ask,), "\n".join(items), 0.75, "list", cue=said, more=tuple(spans)
    )
    if len(items) <= 4 and lead.chinese and sum(map(len, items)) <= 44:
        whole = lead.ask(f"{said}？一共{count_word(len(items))}项。")
        yield Found("list.whole", "list", lead.span, (whole,), "；".join(items), 0.6, cue=said)


def inline_lists(passage: Passage) -> Iterator[Found]:
    for sentence in sentences(passage.span):
        if not passage.chinese:
            yield from _inline_en(passage, sentence)
            continue
        if sequence := _SEQUENCE.search(sentence.text):
            listed = sequence["members"].removesuffix("的")
            members = [part for part in re.split("[、→—>-]+", listed) if part]
            yield Found(
                "list.whole", "order", sentence,
                (passage.ask(
                    f"按什么顺序{sequence['act'].strip()}？"
                ),), "、".join(members), 0.8, cue=sequence["act"],
            )  # fmt: skip
            yield Found(
                "list.sequence", "order", sentence,
                (passage.ask(
                    f"{sequence['act'].strip() or '先后'}的顺序？"
                ),), "\n".join(members), 0.9, "list",
                cue=sequence["act"],
            )  # fmt: skip
        yield from _inline(passage, sentence)


def counted_list(sentence: str) -> re.Match[str] | None:
    """`X有三个步骤：A、B、C`: what is said to be many, how many, and the members."""
    return _COUNTED_LIST.fullmatch(sentence)


def counted_lists(passage: Passage) -> Iterator[Found]:
    """`五心：A，就是…；B，是指…`: each member with what is said of it."""
    if not passage.chinese or not (match := _COUNTED.search(passage.span.text)):
        return
    count = match["count"] or match["bare_count"]
    whole = count + (match["unit"] or match["bare_unit"])
    members = []
    for part in re.split("；", match["members"].split("。")[0]):
        name, _, said = part.partition("，")
        said = re.sub("^(?:就是|是指|即是|即|指)", "", said)
        if 1 <= len(name) <= 8:
            members.append((name, said))
    if len(members) != _count_of(count):
        return
    span = passage.span.cut(match.start(), match.end())
    yield Found(
        "list.counted", "list", span, (f"“{whole}”是哪{count_word(len(members))}项？",),
        "、".join(name for name, _ in members), 0.9, cue=whole,
    )  # fmt: skip
    for name, said in members:
        if said:
            yield Found(
                "list.counted", "definition", span, (f"“{whole}”中的{name}指什么？",), said, 0.85, cue=name
            )


def _count_of(numeral: str) -> int:
    return 2 if numeral == "两" else _NUMBERS.index(numeral)


def _inline(passage: Passage, sentence: Span) -> Iterator[Found]:
    if counted := counted_list(sentence.text):
        ask = f"{counted['whole']}哪{counted['parts']}？"
        yield Found(
            "list.inline",
            "list",
            sentence,
            (ask, passage.ask(ask)),
            counted["members"],
            0.8,
            cue=counted["whole"],
        )
        return
    match = _INLINE.match(sentence.text)
    if match is None or match.end() < len(sentence.text.rstrip("。")):
        return
    listed = _ETC.sub("", match["members"].rstrip("。"))
    if "、" not in listed or "“" in listed or "，" in listed:
        return
    members = [part.strip() for part in _SPLIT.split(listed) if part.strip()]
    weak = match["verb"] in ("即", "是指", "是", "为", "有") and len(members) < 3
    if weak or not 2 <= len(members) <= _MOST_LIST or any(len(member) > 16 for member in members):
        return
    whole = re.sub("(?:主要|一般|通常|的)$", "", match["whole"])
    verb = (
        "由哪些组成" if sentence.text[match.end("whole")] == "由" else f"包括哪{count_word(len(members))}项"
    )
    few = len(members) <= 4
    yield Found(
        rule="list.inline",
        kind="list",
        span=sentence,
        asks=(f"{whole}{verb}？", passage.ask(f"{whole}{verb}？")),
        back=("、" if few else "\n").join(members),
        rank=0.75 if len(members) <= 7 else 0.45,
        note_kind="basic" if few else "list",
        cue=whole,
    )


def _inline_en(passage: Passage, sentence: Span) -> Iterator[Found]:
    match = _INLINE_EN.match(sentence.text)
    if match is None:
        return
    members = [
        part.strip()
        for part in re.split(r",\s*(?:and\s|or\s)?|\s(?:and|or)\s", match["members"])
        if part.strip()
    ]
    if not 3 <= len(members) <= _MOST_LIST:
        return
    whole = label_of(match["whole"]) if len(match["whole"].split()) > 10 else match["whole"]
    yield Found(
        rule="list.inline.en",
        kind="list",
        span=sentence,
        asks=(passage.ask(f"{whole[0].lower() + whole[1:]}: which {len(members)}?"),),
        back=", ".join(members) if len(members) <= 4 else "\n".join(members),
        rank=0.65,
        note_kind="basic" if len(members) <= 4 else "list",
        cue=whole,
    )
