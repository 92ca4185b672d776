"""Sentences that say what something is, is called or is for."""

import re
from collections.abc import Iterator
from typing import Final

from app.text.clauses import Span, sentences
from app.text.found import Found, Passage
from app.text.pairs import PEOPLE_CALL

_ZH: Final = re.compile(
    "(?P<term>[^，。；：]{2,24}?)(?P<verb>，指|，即|，?是指|，?系指|，?即指|，?指的是|，?就是指|即为|即是|即|就是|(?<![单手用所泛直])指(?![导定出向明标示南数教点望甲责令引派控认挥着]))：?，?(?P<meaning>.{4,200})"
)
_CALLED: Final = re.compile(
    "(?P<meaning>.{4,60}?)，?(?:(?:被|统|合|又|也|就|通常|一般)?(?:称为|称之为|叫做|叫作|称作)|谓之|(?:俗|统|合|简|又)(?:称|叫)(?:为)?)[“《]?(?P<term>[^，。；”》]{2,14})[”》]?"
)
_IS_THE: Final = re.compile(
    "(?P<term>[^，。；：]{2,14}?)是(?P<role>(?:[^，。；]{0,24}?)(?:核心|前提|关键|基础|根本|第一环|首要|最[^，。；]{1,6}的|重要[^，。；]{1,6}|手段|生存之本|生命线|灵魂|必备[^，。；]{1,6}|标志|原则)[^，。；]{0,14})"
)
_SO_CALLED: Final = re.compile("^本[^，。“]{1,8}?(?:所称|中)的?(?=.{2})|^所谓的?")
_PURPOSE_TAIL: Final = re.compile(
    "，(?:从而|以求|以便于|以便|以期|以达到|以|使|借此|旨在|目的是|并)(?P<purpose>.{3,60})$"
)
_DANGLING: Final = re.compile(
    "^(?:这|那|它|其|此|该|他|她|我们|你|我|人们|也|都|不|并|但|而|如|例如|上述|以上|以下|什么)"
)
_EN: Final = re.compile(
    r"(?P<article>(?:The|A|An)\s)?(?P<term>[^,.;:()]{2,60}?)(?P<aside>\s\([^)]{1,40}\))?\s(?P<verb>"
    r"means|refers to|is defined as|denotes|stands for|is called|is known as|are|is)\s"
    r"(?P<meaning>.{6,260})",
    re.DOTALL,
)
_EN_CALLED: Final = re.compile(
    r"(?P<meaning>.{6,120}?),?\s(?:is|are) (?:called|known as|termed|referred to as)\s(?P<term>[^,.;]{2,50})",
    re.DOTALL,
)
_EN_NOT_A_TERM: Final = re.compile(
    r"^(?:It|This|That|These|Those|There|Here|They|He|She|We|You|I|What|Which|Who|If|When|As|In|On|At|For|But|And|So|Not)\b"
)
_WEAK_MEANING: Final = re.compile(r"^(?:an?|the|any|one|every|when|how|what|who|where|to)\b")
_LONG: Final = 44


def definitions(passage: Passage) -> Iterator[Found]:
    for sentence in sentences(passage.span):
        if passage.chinese:
            yield from _defined(passage, sentence)
        else:
            yield from _defined_en(passage, sentence)


def _defined(passage: Passage, sentence: Span) -> Iterator[Found]:
    text = sentence.text.rstrip("。")
    match = _ZH.match(text)
    if match and match.end() == len(text) and not _DANGLING.search(match["term"]) and "？" not in text:
        yield from _definition(
            passage, sentence, _SO_CALLED.sub("", match["term"]).strip("“”《》「」"), match["meaning"]
        )
    elif (
        (called := _CALLED.fullmatch(text))
        and not _DANGLING.search(called["meaning"])
        and "“" not in called["meaning"]
    ):
        yield _named(passage, sentence, called["term"], called["meaning"])
    elif (role := _IS_THE.match(text)) and not _DANGLING.search(role["term"]):
        yield Found(
            "role", "definition", sentence.cut(0, role.end()),
            (passage.ask(f"什么是{role['role']}？"),), role["term"], 0.55, cue=role["role"],
        )  # fmt: skip


def whole_meaning(sentence: str) -> str:
    """All that a sentence says of its term."""
    text = sentence.rstrip("。")
    match = _ZH.match(text)
    return match["meaning"] if match and match.end() == len(text) else ""


def _definition(passage: Passage, sentence: Span, term: str, meaning: str) -> Iterator[Found]:
    purpose = _PURPOSE_TAIL.search(meaning)
    core = meaning[: purpose.start()] if purpose and purpose.start() >= 6 else meaning
    if purpose and len(core) <= 10:  # too little alone: the nearest purpose belongs to what the thing is
        core, purpose = f"{core}，{meaning[purpose.start() + 1 :].split('，')[0]}", None
    whole = core
    while len(core) > _LONG and "，" in core[8:]:
        core = core[: core.rindex("，")]
    yield Found(
        rule="definition",
        kind="definition",
        span=sentence,
        asks=(f"什么是{term}？", passage.ask(f"什么是{term}？")),
        back=core,
        rank=0.85 if len(term) <= 14 else 0.5,
        note=meaning if core not in (meaning, whole) else "",
        cue=term,
    )
    if purpose and core != meaning:
        yield Found(
            "definition.purpose",
            "purpose",
            sentence,
            (f"{term}为的是什么？",),
            purpose["purpose"],
            0.6,
            cue=term,
        )


def _named(passage: Passage, sentence: Span, term: str, meaning: str) -> Found:
    bare = PEOPLE_CALL.sub("", meaning.rstrip("，"))
    return Found(
        rule="called",
        kind="definition",
        span=sentence,
        asks=(passage.ask(f"{bare}，叫什么？"),),
        back=term.strip("“”《》"),
        rank=0.8,
        cue=bare,
    )


def _defined_en(passage: Passage, sentence: Span) -> Iterator[Found]:
    text = sentence.text.rstrip(". ")
    if _EN_NOT_A_TERM.match(text) or text.endswith("?"):
        return
    if called := _EN_CALLED.fullmatch(text):
        meaning = called["meaning"]
        yield Found(
            "called.en", "definition", sentence,
            (passage.ask(f"what is the name for {meaning[0].lower() + meaning[1:]}?"),),
            re.sub(r"^(?:the|an?)\s", "", called["term"].strip("“”\"*")), 0.8, cue=meaning,
        )  # fmt: skip
        return
    match = _EN.fullmatch(text)
    if match is None or len(match["term"].split()) > 7:
        return
    plain = match["verb"] in ("is", "are")
    if plain and not _WEAK_MEANING.match(match["meaning"]):
        return
    term = match["term"].strip("“”‘’'\"*")
    meaning = match["meaning"]
    if len(meaning.split()) > 28:
        meaning = re.split(r", (?:which|who|and|so|but|because)\b|; ", meaning)[0]
    named = term if any(letter.isupper() for letter in term[1:]) else term[0].lower() + term[1:]
    yield Found(
        rule="definition.en",
        kind="definition",
        span=sentence,
        asks=(f"What {'are' if match['verb'] == 'are' else 'is'} {(match['article'] or '').lower()}{named}?",
              passage.ask(f"what is {named}?")),
        back=meaning,
        rank=0.6 if plain else 0.85,
        cue=term,
    )  # fmt: skip
