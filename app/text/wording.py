"""How a find of a text is put: questions for terms and cells, whole meanings, the work by its name."""

import re
from dataclasses import replace
from typing import Final

from app.text.definitions import whole_meaning
from app.text.found import Found
from app.text.words import splits_word

_FIGURE: Final = re.compile(
    r"[约近≤≥<>＜＞]?\s?\d[\d.,]*\s?(?:[-~～—–至到]\s?\d[\d.,]*)?\s?[^\d，。；、]{0,4}"
)
_MEMBERS: Final = re.compile(
    "[“（]?[^，。；、“”]{1,14}(?:、[^，。；、“”]{1,14}){2,9}[”）]?|[^，。；、的可]{1,8}、[^，。；、的可]{1,8}"
)
_EXPLAINS: Final = re.compile("名词|术语|词汇|词条|概念|释义|词典|辞典")
_WORK: Final = (
    "办法|守则|规则|条例|规定|细则|准则|指引|规范|公约|章程|通知|意见|标准|指南|法|制度|协议|合同|手册|须知"
)
_THIS_WORK: Final = re.compile(f"本(?P<kind>{_WORK})(?!人)")
_SHORT_NAME: Final = re.compile("（(?:以下|下同|统称|简称)[^）]{0,30}）")
_MEANING_ENDS: Final = "，是什么意思？"
_MOST_MEANING, _LONGEST_QUESTION = 80, 60
_NAMED_ITEM: Final = re.compile("(?P<name>[^，。；：、]{2,12})[。：](?=.{4})")
_CUT_OFF: Final = 14  # a label of so many characters may be the beginning of a longer heading
_COUNTED_ITEMS: Final = re.compile(r"（\d+项）？$|(?:: what are they)? \(\d+\)\?$")
_SO_CALLED: Final = re.compile("(?:前[两三]?款|本[^，。：]{1,4})所称(?=.{2,}是指)")
_LONGEST_LEAD: Final = 64
_ONE_OF: Final = re.compile("(?P<which>哪些[^，。；]{1,6})之一")
_ASIDE: Final = re.compile("(?P<before>^|：)(?:注意|提示|注|说明|特别提示)：")
_DOES: Final = re.compile(
    r"what (?P<verb>must|should|may|shall) (?P<subject>(?!be\b)[^?,]{2,80}?) (?P<not>not )?do\?$"
)
_DONE: Final = re.compile(r"[A-Z]\w{1,7}(?: not| only)? be \w+(?:ed|en|wn|pt|ld|de|nt|ut|ght|und)\b")
_HELD_IF: Final = re.compile(
    r"\w+ be (?P<state>lawful|valid|void|permitted|allowed|exempt) "
    r"(?P<when>(?:only )?(?:if|where|when|unless) .+)"
)
_REQUIRED: Final = {"may": "what is allowed for"}
_ASKS_WHAT: Final = re.compile("什么是(?P<term>[^？]{1,24})？")
_PART: Final = re.compile(
    r"^(?:Part|Chapter|Section|Article|Title|Schedule) (?:[IVXLC]{1,6}|\d{1,3})[.:]? +(?=\w)"
)
_GENERAL: Final = re.compile(
    r"(?:总\s?则|附\s?则|一般规定|其他规定|特别规定|一般|特别|其他|罚\s?则|前言|引言|概述|绪论|"
    r"General Provisions?|Miscellaneous|Introduction|Overview|General)",
    re.IGNORECASE,
)


def telling(label: str, title: str) -> str:
    """A label that says nothing of its own is none; a heading that asks stays whole."""
    if title.endswith(("？", "?")) and label and label in title and len(title) <= _LONGEST_QUESTION:
        return title.rstrip("？?")
    if len(label) >= _CUT_OFF and splits_word(title, len(label)):
        return ""
    bare = _PART.sub("", label)
    return "" if says_nothing(bare) else bare


def says_nothing(title: str) -> bool:
    """Whether every text of the kind has such a heading."""
    return _GENERAL.fullmatch(title) is not None


def mended(each: Found) -> Found:
    """A figure says nothing about what it belongs to: such a pair is not asked backwards."""
    if each.rule == "glossary":
        each = _term(_whole_term(each))
    if each.rule == "table" and _FIGURE.fullmatch(each.back):
        each = replace(each, asks=tuple(re.sub("是什么？$", "是多少？", ask) for ask in each.asks))
    if each.note_kind == "reverse" and each.rule in ("glossary", "table") and re.search(r"\d", each.back):
        return replace(each, note_kind="basic", reverse_ask="", reverse_back="")
    if each.rule in ("norm.en", "ban.en"):
        each = _rule_en(each)
    if each.rule == "when.en" and each.asks[0].endswith(" only?"):
        asks = tuple(f"{ask.removesuffix(' only?')}?" for ask in each.asks)
        each = replace(each, asks=asks, back=f"Only {each.back[0].lower()}{each.back[1:]}")
    if each.rule in ("norm.en", "ban.en") and re.search(r"(?:^|: )who |, \w", each.reverse_ask):
        return replace(each, note_kind="basic", reverse_ask="", reverse_back="")
    if each.rule in ("list.led", "list.items"):
        each = _by_names(each)
        return replace(each, asks=tuple(_short_lead(_ONE_OF.sub(r"\g<which>", ask)) for ask in each.asks))
    if each.rule == "list.inline" and "由哪些组成" in each.asks[0]:
        return replace(each, back=re.sub("(?:组成|构成)$", "", each.back))
    if each.rule == "question":
        return _without_term(each)
    each = _bare_term(each)
    return whole(replace(each, asks=tuple(_ASIDE.sub(r"\g<before>", ask) for ask in each.asks)))


def defines_each(items: str) -> bool:
    """Whether the items of a list are definitions, each a card of its own."""
    return all(re.search("是指| means ", item) for item in items.splitlines())


def named_part(item: str) -> str:
    """The name that an item begins with: `正常贷款。正常贷款是指…`."""
    named = _NAMED_ITEM.match(item)
    return named["name"] if named else item


def _by_names(each: Found) -> Found:
    """A list of named items asks for the names; what they mean is asked one by one."""
    items = each.back.splitlines()
    if len(items) < 2 or not all(map(_NAMED_ITEM.match, items)):
        return each
    return replace(each, back="\n".join(map(named_part, items)))


def _bare_term(each: Found) -> Found:
    """`甲是乙的一部分，是指丙`: what 甲 means."""
    term = each.cue.partition("是")[0]
    if each.rule != "definition" or len(term) < 2 or term == each.cue:
        return each
    return replace(each, asks=tuple(ask.replace(each.cue, term) for ask in each.asks), cue=term)


def _short_lead(ask: str) -> str:
    """What a list is of, without what follows from it: `有哪些情形的，由…责令改正；情节严重的，…`."""
    ask = re.sub("哪些(?=几?个)", "哪", ask)
    counted = _COUNTED_ITEMS.search(ask)
    if counted is None:
        return ask
    said = _SO_CALLED.sub("", ask[: counted.start()])
    if "哪些" not in said:  # English: the sentence that leads to the list
        label, colon, rest = said.rpartition(": ") if said.count(". ") else ("", "", said)
        return f"{label}{colon}{rest.rpartition('. ')[2]}{ask[counted.start() :]}"
    which = said.find("哪些")
    begin = said.rfind("。", 0, max(which, 0)) + 1
    label, colon, _ = said[:begin].partition("：")
    said = f"{label}{colon}{said[begin:]}" if begin else said
    end = said.find("；")
    said = said[:end] if end > said.find("哪些") >= 0 else said
    while (len(said) > _LONGEST_LEAD or (end > 0 and said.endswith("的"))) and (
        cut := said.rfind("，")
    ) > said.find("哪些") >= 0:
        said = said[:cut]
    return f"{said}{counted[0]}"


def _rule_en(each: Found) -> Found:
    """What is done to a thing is not asked as its deed, and `no member may` forbids."""
    found = _DOES.search(each.asks[0])
    if found is None:
        return each
    label = each.asks[0][: found.start()]
    verb, subject = found["verb"].lower(), found["subject"]
    if subject.startswith("no "):
        said = re.sub(r"^(?:May|Shall|Must|Should) (?=\w)", "", each.back)
        ask = f"{label}what must a {subject[3:]} not do?"
        return replace(
            each, asks=(ask,), back=f"{said[0].upper()}{said[1:]}", note_kind="basic", reverse_ask=""
        )
    if held := _HELD_IF.match(each.back):
        ask = f"{label}when {verb} {subject} be {held['state']}?"
        return replace(each, asks=(ask, *each.asks), back=held["when"], note_kind="basic", reverse_ask="")
    if not _DONE.match(each.back):
        return each
    asked = "what is not allowed for" if found["not"] else _REQUIRED.get(verb, "what is required of")
    ask = f"{label}{asked} {subject}?"
    return replace(each, asks=(ask, *each.asks[1:]), note_kind="basic", reverse_ask="", reverse_back="")


def _without_term(each: Found) -> Found:
    """`什么是洗钱？洗钱是指…` need not say the term again."""
    asked = _ASKS_WHAT.fullmatch(each.asks[0])
    if asked is None or not each.back.startswith(asked["term"]):
        return each
    said = re.sub("^，?(?:是指|就是|指的是|即|指|是)", "", each.back.removeprefix(asked["term"]))
    return replace(each, back=said) if len(said) >= 4 else each


def _whole_term(each: Found) -> Found:
    """The meaning uncut where it is not long, and without the mark that ended its line."""
    if each.note and len(each.note) <= _MOST_MEANING:
        each = replace(each, back=each.note, note="")
    elif each.note and each.back.endswith(("的", "时", "后", "前", "内")):
        each = replace(each, back=each.back.rpartition("；")[0] or each.back)
    return replace(each, back=each.back.rstrip("；;。. "), note=each.note.rstrip("；; "))


def _term(each: Found) -> Found:
    ask = each.asks[0]
    if not ask.endswith(_MEANING_ENDS):
        return each
    label = ask[: -len(_MEANING_ENDS) - len(each.cue)]
    if re.search("[^小课学]时$|以?后$|以?前$", each.cue):
        return replace(each, asks=(f"{label}{each.cue}，应怎样？",), note_kind="basic", reverse_ask="")
    if _FIGURE.fullmatch(each.back):
        asks: tuple[str, ...] = (f"{label}{each.cue}是多少？",)
    elif _MEMBERS.fullmatch(each.back):
        asks = (f"{label}{each.cue}有哪些？",)
    elif _EXPLAINS.search(label):
        asks = (f"什么是{each.cue}？", f"{label}{each.cue}是什么？")
    else:
        asks = (f"{label}{each.cue}{'指什么' if each.reverse_ask else '是什么'}？",)
    return replace(each, asks=asks)


def whole(each: Found) -> Found:
    """A definition ends with the noun that it is: cut before that it says something else."""
    if each.rule != "definition":
        return each
    meaning = whole_meaning(each.span.text)
    if not meaning or len(meaning) > _MOST_MEANING or not meaning.startswith(each.back):
        return each
    if meaning == each.back or not (re.search("的[^，。；的]{1,8}$", meaning) or len(each.back) > 40):
        return each
    return replace(each, back=meaning, note="")


def by_name(each: Found, work: str) -> Found:
    """`本办法` asked about by the name it has."""

    def named(ask: str) -> str:
        ask = _SHORT_NAME.sub("", ask)
        if not work or "《" in work:
            return ask
        return _THIS_WORK.sub(lambda this: f"《{work}》" if work.endswith(this["kind"]) else this[0], ask)

    asked = "".join((*each.asks, each.reverse_ask))
    if not _THIS_WORK.search(asked) and not _SHORT_NAME.search(asked):
        return each
    return replace(each, asks=tuple(map(named, each.asks)), reverse_ask=named(each.reverse_ask))
