"""Which of the finds are worth offering: no loose ends, no narrative taken for a rule, no fact twice."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from app.text.clauses import Span
from app.text.cover import Cover
from app.text.definitions import whole_meaning
from app.text.emphasis import FOLLOWING
from app.text.found import Found, Passage
from app.text.placed import Placed
from app.text.standing import standing
from app.text.torn import torn
from app.text.wording import mended
from app.text.words import words

_LOOSE: Final = re.compile(
    "^(?:[他她它](?:们|也|的)?|其(?!他|中|余)|这(?!里)|那(?!么)|而|则|但|也|又|因此|所以|于是|并且|不过|然而|却)|"
    "(?:只能|不能|被|可以|也|都|就|才|还|再|会)$"
)
_LOOSE_EN: Final = re.compile(
    r"^(?:what (?:must|should|may|shall) (?:not )?)?(?:it|they|this|these|he|she|him|his|that|those|there|"
    r"and|but|so|which|who|i|we|you|my|our|instead|anything|something|nothing|everything|none|some)\b",
    re.IGNORECASE,
)
_NARRATIVE: Final = frozenset(
    {"never", "always", "cannot", "can't", "no longer", "may", "avoid", "should", "don't", "do not"}
)
_REPLACED: Final = {
    "fact.by": {"who", "fact.members", "list.inline"}, "fact.whom": {"fact.what"},
    "fact.over": {"fact.what", "who"}, "fact.holds": {"fact.what", "step", "norm"},
    "fact.trait": {"fact.what", "fact.is", "role.as"}, "fact.kinds": {"norm", "fact.members", "fact.what"},
    "fact.every": {"often", "number"}, "fact.post": {"role", "step", "role.as"},
    "fact.members": {"list.inline", "list.inline.en", "fact.what"}, "fact.is": {"fact.members"},
    "list.open": {"fact.members", "fact.figure", "number", "list.inline"},
    "list.enumerated": {"fact.members", "list.counted", "list.inline", "parallel"},
    "definition": {"fact.same", "fact.is", "who", "fact.members"},
    "provision": {"norm", "step"}, "order.steps": {"order", "norm", "step", "parallel"},
    "definition.en": {"fact.where", "fact.what"},
    "fact.what": {"step.en"}, "fact.where": {"step.en"}, "fact.count": {"step.en"}, "number.en": {"step.en"},
}  # fmt: skip
_BEGUN, _HARDLY_BEGUN = 0.52, 0.45  # a sentence merely begun asks little; by two letters, next to nothing
_PREPOSITION: Final = re.compile(
    r"(?:in|on|at|by|for|to|from|with|as|between|into|within|through|after|before) "
)
_SHORT_RULE: Final = 6
_LIMIT: Final = re.compile(
    r"^(?:at least|at most|up to|no more than|not more than|more than|less than|within|about|only|every) ",
    re.IGNORECASE,
)
_A_SENTENCE: Final = re.compile("须|应当?|不得|具有|缴纳|收取|取得|支付|在于")
_FOR_WHOM: Final = re.compile("自己|他人|客户|其|了|此|投资者|公众|社会|本人|单位|机构|谁")
_PEOPLE: Final = re.compile("[把将]|^(?:正|因|所以|有人|人们)")
_PREAMBLE: Final = re.compile("(?:为|根据|依据|按照)[^。]{4,120}(?:制定|修订)本")
_FIGURE_ALONE: Final = re.compile(
    "[约近]?(?:[\\d.,]+|[一二两三四五六七八九十百千万]{1,4})[^\\d，。；、的]{1,3}(?:人民币)?"
)
_FIGURE: Final = re.compile(r"\d[\d.,]*\d|\d")
_FORBIDDEN: Final = re.compile(r"\b(?:prohibited|forbidden|allowed|permitted)$")
_MANY: Final = frozenset({"fact.members", "list.inline", "list.open", "fact.kinds"})
_FIGURES: Final = frozenset({"number", "fact.figure", "number.en", "fact.count"})
_TWO_ENDS: Final = re.compile(r"\d\D+\d|以上.+以[下内]")
_NOT_OF_MEMBERS: Final = frozenset(
    {
        "fact.what",
        "fact.members",
        "fact.whom",
        "list.inline",
        "fact.kinds",
        "purpose",
        "step",
        "fact.trait",
        "fact.over",
        "fact.part",
        "effect",
        "who",
        "role.as",
        "pair.quoted",
    }
)
_NOT_OF_FRAGMENTS: Final = frozenset({"fact.where", "ban.en", "norm.en", "who.en", "number.en", "fact.count"})
_LONGEST_LEAD: Final = 48
_CLAIMS: Final = re.compile(
    "不得|应|须|至少|最[多少低高]|不[少多低高]于|不超过|[^人]为|达到|期限|需|每|内(?!部|容)|[：是]"
)
_MEASURED: Final = re.compile("不(?:得|能|应|可|准)(?:少于|低于|小于|短于|超过|多于|高于|大于|早于|晚于)")
_MARKS: Final = re.compile(r"[\W_]+")


def tasteful(passage: Passage, found: Sequence[Found]) -> Iterator[Found]:
    """What is left of the finds of one passage, in their order."""
    if _PREAMBLE.match(passage.span.text):
        return
    sound = [_turned(passage, _begun(mended(each))) for each in found if _sound(passage, each)]
    standing_ones = (standing(passage, each) for each in sound)
    sound = [each for each in standing_ones if each and not torn(passage, each)]
    if passage.lead:  # the list says it with what it holds for
        fragment = not passage.chinese and passage.span.text[:1].islower()
        silent = _NOT_OF_MEMBERS | _NOT_OF_FRAGMENTS if fragment else _NOT_OF_MEMBERS
        sound = [_of_list(passage, each) for each in sound if each.rule not in silent]
    if passage.span.text.rstrip().endswith(("：", ":")):  # the list under it says it better
        sound = [each for each in sound if each.kind not in ("norm", "ban", "step")]
    better: dict[str, list[Span]] = defaultdict(list)
    for each in sound:
        for rule in _REPLACED.get(each.rule, ()):
            better[rule].append(each.span)
    covers = {rule: Cover(spans) for rule, spans in better.items()}
    if not passage.chinese:
        sound = list(_told_once(sound))
    kept = [each for each in sound if each.rule not in covers or not covers[each.rule].touches(each.span)]
    kept = list(_without_ends(_without_limits(kept)))
    once = {id(each) for each in _once(kept)}
    yield from (each for each in kept if id(each) in once)


def _without_limits(found: Sequence[Found]) -> list[Found]:
    """What must not be less or more than a figure is asked for the figure, not once more as a ban."""
    figures = Cover(each.span for each in found if each.rule == "number")

    def is_told(each: Found) -> bool:
        return each.kind == "ban" and bool(_MEASURED.match(each.back)) and figures.touches(each.span)

    return [each for each in found if not is_told(each)]


def _of_list(passage: Passage, each: Found) -> Found:
    """A figure of an item with what the items are: `应当具备条件：从事相关业务多少年以上？`."""
    if not passage.chinese or each.rule not in _FIGURES or _CLAIMS.search(each.span.text):
        return each
    lead = FOLLOWING.sub("", passage.lead.rstrip("：: ")).replace("之一", "").rpartition("。")[2]
    bare = each.asks[0].removeprefix(f"{passage.label}：")
    return replace(each, asks=(passage.ask(f"{lead}：{bare}"),)) if len(lead) <= _LONGEST_LEAD else each


def _told_once(found: Sequence[Found]) -> Iterator[Found]:
    """A short English rule says all that its parts would say again."""
    rules = Cover(
        each.span for each in found
        if each.rule in ("norm.en", "ban.en") and len(each.back.split()) <= _SHORT_RULE
    )  # fmt: skip
    for each in found:
        if each.rule not in ("fact.what", "fact.where") or not rules.touches(each.span):
            yield each


def _without_ends(found: Sequence[Found]) -> Iterator[Found]:
    """Without the numbers that are one end of what another find asks for whole."""
    wholes = Placed(
        (each.span, each.back)
        for each in found
        if each.rule in _MANY or (each.rule == "fact.figure" and _TWO_ENDS.search(each.back))
    )
    for each in found:
        is_end = each.kind == "number" and any(
            each.back != whole and each.back in whole for whole in wholes.at(each.span.start)
        )
        if not is_end:
            yield each


def _once(found: Sequence[Found]) -> Iterator[Found]:
    """Of finds with one answer at one place the best."""
    best: dict[str, Found] = {}
    for each in sorted(found, key=lambda each: (each.span.start, -each.rank)):
        rival = best.get(_answer(each))
        if rival is None or each.span.start >= rival.span.end:
            if rival:
                yield rival
            best[_answer(each)] = each
        elif each.rank > rival.rank:
            best[_answer(each)] = each
    yield from best.values()


def _sound(passage: Passage, each: Found) -> bool:
    if (
        not each.asks
        or not each.back.strip()
        or any(rule == each.rule and unsound(each) for rule, unsound in _UNSOUND)
    ):
        return False
    if each.rule == "parallel" and not passage.terse:
        return False
    if each.rule == "pair.quoted" and f"{each.back}”字样" in passage.span.text:
        return False
    if each.rule in ("norm.en", "ban.en", "when.en"):
        return _is_rule(passage, each)
    if each.rule in ("definition.en", "number.en", "who.en", "called.en") and _LOOSE_EN.search(each.cue):
        return False
    return not (each.rule == "effect" and not passage.ruled and len(each.back) < 4)


def _gives_figure(each: Found) -> bool:
    """Such a fact is asked for its figure."""
    return any(_FIGURE_ALONE.fullmatch(said) for said in (each.back, each.cue))


def _is_loose(each: Found) -> bool:
    return _LOOSE.search(each.cue) is not None


_UNSOUND: Final[tuple[tuple[str, Callable[[Found], object]], ...]] = (
    ("pair.called", _is_loose),
    ("called", _is_loose),
    ("effect", _is_loose),
    ("parallel", _is_loose),
    ("called", lambda each: _PEOPLE.search(each.cue)),
    ("role.as", lambda each: each.cue.endswith("的") or words(each.cue)[0][1] == "v"),
    ("fact.part", lambda each: f"为{each.back}" in each.span.text and words(each.back)[0][1] == "v"),
    ("norm", lambda each: "的，从其规定" in each.back),
    ("norm.en", lambda each: each.back.endswith(" only")),
    ("fact.what", lambda each: re.search(r"\b(?:based|relating|related|given|concerning)$", each.back)),
    ("step", lambda each: each.back.startswith("等等")),
    ("order", lambda each: re.search("不需要", each.span.text)),
    ("order", lambda each: re.fullmatch(".{2,12}(?:者|人|机构|公司|银行|单位)后", each.back)),
    ("pair.quoted", lambda each: re.search("^(?:例如|比如|如$|譬如)|.[把将]", each.cue)),
    ("role.as", lambda each: re.search(r"不得|应|须|\d|之日|^利用|^通过", each.back + each.cue)),
    ("role.as", lambda each: _FOR_WHOM.match(each.cue)),
    ("definition", lambda each: _A_SENTENCE.search(each.cue) or each.cue.endswith(("后", "时", "前", "的"))),
    ("definition.purpose", lambda each: re.search("的[^，；]{1,8}$", whole_meaning(each.span.text))),
    ("list.inline", lambda each: re.search("（[^）]*$", re.split("、|\n", each.back)[0])),
    ("fact.part", _gives_figure),
    ("role.as", _gives_figure),
    ("list.counted", lambda each: re.search("首先|其次|一是|第一", each.back + each.asks[0])),
    ("order", lambda each: "转让" in each.span.text and "让给" in each.asks[0]),
    ("fact.holds", lambda each: each.back.startswith("本")),
    (
        "purpose",
        lambda each: (
            each.back.endswith("为准") or (f"，以{each.back}" in each.span.text and len(each.back) <= 3)
        ),
    ),
    ("number", lambda each: re.match("[一二三四五六七八九]级|[一两二]种|二次", each.back)),
)


def _is_rule(passage: Passage, each: Found) -> bool:
    """Prose says `never` and `may` of many things; a rule names whom it binds, and nobody in person."""
    subject = each.cue.strip()
    if _LOOSE_EN.search(subject) and not (passage.ruled and subject.lower() in ("you", "we")):
        return False
    if re.search(r":|, |^(?:because|if|when|since|although)\b|\b(?:always|must|should|may|never)\b", subject):
        return False
    marker = " ".join(each.back.lower().split()[:2])
    narrative = any(marker.startswith(word) for word in _NARRATIVE)
    return passage.ruled or not narrative or len(subject.split()) <= 5


def _begun(each: Found) -> Found:
    if each.rule in ("step", "step.en") and each.asks[0].endswith(("……？", " …?")):
        begun = each.asks[0].rpartition("：")[2].removesuffix("……？")
        return replace(each, rank=min(each.rank, _HARDLY_BEGUN if len(begun) < 3 else _BEGUN))
    return each


def _turned(passage: Passage, each: Found) -> Found:
    """`Smoking is prohibited` asks for what is prohibited; the other way round there is nothing to learn."""
    if (
        each.rule != "ban.en"
        or not each.cue
        or len(each.back.split()) > 3
        or not _FORBIDDEN.search(each.back)
    ):
        return each
    ask = passage.ask(f"what {each.back[0].lower()}{each.back[1:]}?")
    return replace(each, asks=(ask,), back=each.cue, note_kind="basic", reverse_ask="", reverse_back="")


def _answer(each: Found) -> str:
    loose = each.rule.startswith("fact.") or each.rule == "when.en"
    said = _PREPOSITION.sub("", each.back[:1].lower() + each.back[1:], count=1) if loose else each.back
    said = _LIMIT.sub("", said)
    if figure := _FIGURE.match(said):
        return f"#{figure[0].replace(',', '')}"
    back = _MARKS.sub("", said).casefold()
    return (
        f"#{re.sub(r'(?:以内|以上|以下|之内|内|前|后|左右)$', '', back)}" if each.rule in _FIGURES else back
    )
