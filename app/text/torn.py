"""Signs that a question or an answer was cut in the wrong place. A torn card is worse than none."""

import re
from itertools import islice
from typing import Final

from app.text.found import Found, Passage
from app.text.words import splits_word, word_at

_PAIRS: Final = (("“", "”"), ("（", "）"), ("《", "》"), ("(", ")"), ("「", "」"))
_BEGINS: Final = re.compile(
    "并[^购行]|[可需须应]的|[的们、，：；）”》]|之(?!前|后)|[一二三四五六七八九]是|由于|因为|随着"
)
_ENDS: Final = re.compile(
    "(?:[的、，：]|以及|或者|或|并且|[^饱温缓总柔调]和|[^参给]与|[^涉普顾以]及|[^不存所现内外]在)$"
)
_COUNTING: Final = re.compile(
    "(?:^|[：，；])(?:[一二三四五六七八九]是|第[一二三四五六]，|（[一二三四五六]）)"
)
_SHORT_LABEL: Final = 8  # a chapter's; a question of the text's own says what is meant
_LEAST: Final = 4
_PLACES: Final = 4  # where an answer stands more often, one of these is a good one
_HALF_WORDS: Final = re.compile("有权$|[送告表酬价名道易割付换接流往还属集济历营验期要]")
_BODY: Final = re.compile(
    "(?:部门?|门|室|处|局|委|会|组|中心|公司|人员|人|员|长|经理|主任|单位|机关|机构|者|银行|行|所|院|岗|总监|主管|方|商|法院|基金|站|厂|"
    "店|家|领导|专员|高管|股东|董事|监事|科|班|队|师|生|工|主|府|政府|东|属|户|客|友|双方|自己|本人|司机|教练|船长|警察|秘书)$"
)
_RHYTHM: Final = re.compile("[年月日周天季度班次时末初底晚期]$")
_MYSELF: Final = re.compile("(?:^|[，：])我(?![国方行司院校])")
_POINTS: Final = re.compile("(?:这|那)(?![里儿么])|它|此|该(?!当)|其(?![他中余次实])|上述|前款")
_RELATIVE: Final = re.compile("由谁(?:[^，]*的[^，的]{1,8}$|监督管理[机部])|[通申汇呈]由谁|下列|如下")
_SAYS_TOO_LITTLE: Final = re.compile(
    "(?:尚不)?构成犯罪的|是指|对(?:其|直接负责|有关|负有)[^，]|具体(?:办法|标准|规定|认定标准|实施办法)由|(?:应当|有权|可以|必须|不得|禁止)[^？]{0,16}……"
)
_COUNTED_OFF: Final = re.compile("多少[种个类项点](?:[^：]{0,8})：")
_ENDS_OTHERWISE: Final = re.compile(  # their last character is no lead: the `以` of `可以` gives no means
    "(?:行为|代为|较为|颇为|尤为|最为|人为|因为|以为|极为|更为|理由|自由|缘由|事由|可以|足以|得以|难以|予以|加以|所以|信用|费用|作用|雇用|立即|随即|当即|现在|所在|面对|应对|负有|所有|国有|享有|已经|财经)$"
)
_NUMERAL: Final = re.compile(r"[\d一二两三四五六七八九十百千万亿]")
_MODAL_OF_ONE: Final = re.compile("[可应须要宜](?!以|当|该)|需(?!要)")
_LEANS: Final = re.compile(
    "(?:^|：)(?:以及|或者|并且|及其|和|或)|(?:前|上)(?:[两三]?款|述|[一两]?条|项)|(?<!条)第[一二三四五六]款"
)
_ASKS: Final = re.compile("什么|怎样|怎么|多少|多久|几|哪|谁|何|____|……|吗")


def _acts(each: Found) -> bool:
    return bool(_BODY.search(each.back)) or f"由{each.back}" in each.span.text


def torn(passage: Passage, each: Found) -> bool:
    """Whether a Chinese find shows such a sign."""
    if not passage.chinese:
        return False
    if _through_word(each) or _LEANS.search(each.asks[0]):
        return True
    ask = each.asks[0].removeprefix(f"{passage.label}：").rstrip("？")
    if any(text.count(one) != text.count(other) for text in (ask, each.back) for one, other in _PAIRS):
        return True
    if _BEGINS.match(ask) or _BEGINS.match(each.back) or _ENDS.search(each.back):
        return True
    if each.kind != "list" and (_COUNTING.search(ask) or _COUNTING.search(each.back)):
        return True
    if len(ask) < _LEAST and each.kind in ("number", "who", "norm"):
        return True
    if each.rule == "who" and (_HALF_WORDS.match(each.back) or not _acts(each)):
        return True
    if each.rule == "often" and not _RHYTHM.search(each.back):
        return True
    if _MYSELF.search(ask) or _says_too_little(passage, each, ask):
        return True
    if _POINTS.match(each.back) or _COUNTED_OFF.search(ask):
        return True
    return not _ASKS.search(ask)


def _says_too_little(passage: Passage, each: Found, ask: str) -> bool:
    """Whether nobody could tell what is asked for."""
    if (
        _RELATIVE.search(ask)
        or _SAYS_TOO_LITTLE.match(ask)
        or (each.rule == "fact.over" and ask.endswith("时"))
    ):
        return True
    if each.rule in ("fact.post", "fact.part") and each.back.startswith("指"):
        return True
    return len(passage.label) <= _SHORT_LABEL and re.match("并?由谁|应当[^，]*由谁", ask) is not None


def _through_word(each: Found) -> bool:
    """Whether the answer begins or ends inside a word wherever the text has it: `有|权`, `立|即`."""
    text = each.span.text
    back = each.back if each.back in text else re.split("[、；\n]", each.back)[0]
    places = [match.start() for match in islice(re.finditer(re.escape(back), text), _PLACES)]
    if (
        each.kind == "definition"
        and (at := text.find(each.cue)) >= 0
        and splits_word(text, at + len(each.cue))
    ):
        return True
    return bool(places) and all(_through_word_at(each, at, at + len(back)) for at in places)


def _through_word_at(each: Found, at: int, end: int) -> bool:
    text = each.span.text
    if each.kind == "number":  # `日内` and `上半年` are words, and still figures end or begin in them
        return any(
            splits_word(text, place) and _NUMERAL.match(word_at(text, place)[0]) for place in (at, end)
        )
    if splits_word(text, at) or splits_word(text, end) or _half_modal(each, at):
        return True
    return _ENDS_OTHERWISE.search(word_at(text, at - 1)[0]) is not None if at else False


def _half_modal(each: Found, at: int) -> bool:
    """`可` of `可疑` allows nothing."""
    marker = _MODAL_OF_ONE.match(each.back)
    return each.rule in ("norm", "ban") and marker is not None and len(word_at(each.span.text, at)[0]) == 2
