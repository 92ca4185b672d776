"""What an author has set in bold or listed: names worth knowing, and the members of what stands above."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from app.text.clauses import sentences
from app.text.clauses_en import FORMS
from app.text.found import Found, Passage, mostly_chinese
from app.text.normalise import is_chinese
from app.text.outline import Paragraph, Section
from app.text.pairs import glossary_entry

_KINDS: Final = re.compile(
    "[二两三四五六七八九十]大|[二两三四五六七八九十][个种类项点]|原则|原因|方法|步骤|特点|类型|分类|系统|种类|要素|要求|条件|情形|职责|内容|阶段|流程|"
    r"\b(?:types?|levels?|steps?|parts?|rules?|principles?|kinds?|stages?|layers?|phases?|reasons?|set-up|methods?)\b",
    re.IGNORECASE,
)
FOLLOWING: Final = re.compile("(?:下列|以下|如下)的?")
FOLLOWING_EN: Final = re.compile(r"^(?:The )?[Ff]ollowing(?= (?:are|is|may|must|shall|should)\b)")
_LONGEST_CHINESE, _LONGEST_WORDS = 70, 32
_MOST, _FEW, _SHORT, _MOST_BOLD = 9, 5, 48, 4


def bold_words(passage: Passage) -> Iterator[Found]:
    """A bold word is asked by its sentence with a gap; one that begins the sentence, by what it does."""
    for sentence in sentences(passage.span):
        text = sentence.text.rstrip("。.")
        size = len(text) if passage.chinese else len(text.split())
        if size > (_LONGEST_CHINESE if passage.chinese else _LONGEST_WORDS):
            continue
        first = bisect_left(passage.bold, sentence.start, key=lambda word: word.start)
        for word in passage.bold[first : first + _MOST_BOLD]:
            start, end = word.start - sentence.start, word.end - sentence.start
            if end > len(text) or end - start > 30 or end - start == len(text):
                continue
            before, after = text[:start], text[end:]
            verb, _, _ = after.strip().partition(" ")
            if not passage.chinese and not before.strip() and verb in FORMS:
                does = "do" if FORMS[verb] == "base" else "does"
                yield Found(
                    "bold.does",
                    "definition",
                    sentence,
                    (f"What {does} {_inside(word.text)} do?",),
                    after.strip(),
                    0.66,
                    cue=word.text,
                )
            elif len(before.split()) > 1 or is_chinese(before[-1:] or " "):
                yield Found(
                    "bold.gap",
                    "term",
                    sentence,
                    (passage.ask(f"{before}____{after}"),),
                    word.text,
                    0.6,
                    cue=word.text,
                )


def _inside(word: str) -> str:
    """As it is written within a sentence."""
    return word if word[1:2].isupper() or not word[1:] else word[0].lower() + word[1:]


def named_items(section: Section, passages: Sequence[tuple[Paragraph, Passage]]) -> Iterator[Found]:
    """A heading, or a line that ends in a colon, and the names of the items under it."""
    run: list[Passage] = []
    lead: Passage | None = None
    title = section.title.split("（")[0]
    for paragraph, passage in [*passages, (None, None)]:
        if (
            paragraph is not None
            and passage is not None
            and paragraph.kind == "item"
            and not passage.span.text.endswith(("：", ":"))
        ):
            run.append(passage)
            continue
        yield from _listed(lead.span.text if lead else title, lead, run)
        run = []
        lead = passage if passage is not None and passage.span.text.endswith(("：", ":")) else None
        title = ""


def short_lists(lists: Iterable[Found]) -> Iterator[Found]:
    """Lists under a line with a colon: a short one is one card, a longer one asks member by member."""
    for each in lists:
        members = each.back.split("\n")
        chinese = mostly_chinese(each.back)
        size = len(each.back) if chinese else 2 * len(each.back.split())
        if each.rule == "list.led" and len(members) <= _FEW and size <= _SHORT:
            yield replace(each, back=("；" if chinese else "; ").join(members), note_kind="basic")
        elif each.rule != "list.whole":
            yield each


def _listed(about: str, lead: Passage | None, run: Sequence[Passage]) -> Iterator[Found]:
    about = about.rstrip("：:？?").strip()
    names = [_name(passage) for passage in run]
    if not about or not 3 <= len(run) <= _MOST or not all(names):
        return
    chinese = mostly_chinese(about)
    told = _KINDS.search(about) is not None or lead is not None
    count = "两三四五六七八九"[len(run) - 2]
    ask = _which(about, count) if chinese else _which_en(about, len(run))
    ask = run[0].ask(ask) if lead else ask
    few = len(run) <= _FEW and sum(map(len, names)) <= (44 if chinese else 110)
    spans = tuple(passage.span for passage in run)
    within, between = ("、", "；") if chinese else (", ", "; ")
    mark = between if any(within in name for name in names) else within
    back = mark.join(names) if few else "\n".join(names)
    yield Found(
        "list.items", "list", (lead or run[0]).span, (ask,), back, 0.7 if told else 0.45,
        "basic" if few else "list", cue=about, key="\n".join((about, *names)), more=spans,
    )  # fmt: skip


def _which(about: str, count: str) -> str:
    said = FOLLOWING.sub("哪些", about, count=1)
    return (
        f"{said}（{'零一23456789'['零一两三四五六七八九'.index(count)]}项）？"
        if said != about
        else f"{about}：哪{count}项？"
    )


def _which_en(about: str, count: int) -> str:
    said = FOLLOWING_EN.sub(f"Which {count}", about, count=1)
    return f"{said}?" if said != about else f"{about}: which {count}?"


def _name(passage: Passage) -> str:
    """The item itself when it is short, else the term that it explains; "" when it has no name."""
    text = passage.span.text.strip().rstrip("；;。.，,")
    entry = glossary_entry(passage)
    if entry:
        return entry[0]
    bold = next((word.text for word in passage.bold if word.start == passage.span.start), "")
    short = len(text) <= 14 if any(map(is_chinese, text)) else len(text.split()) <= 6
    return text if short and not re.search("[。；，]", text) else bold.rstrip("：:")
