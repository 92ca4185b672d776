"""How a duty is asked for: whole, with what it holds for, and narrow enough to have one answer."""

import re
from dataclasses import replace
from typing import Final

from app.text.clause_context import HEADLESS, UNFINISHED, ClauseContext
from app.text.found import Found, Passage
from app.text.words import splits_word

_NAMES_A_THING: Final = re.compile("的(?:其他|其它)?(?:情形|行为|事项|机构|人员)$|^应当遵守本")
OF_A_THING: Final = re.compile("(?:应当|必须|可以|不得|应)[^，的]{1,12}的[^，的]{1,10}$")
_NEEDED: Final = re.compile("要时，?(?:(?P<who>[^，应须可不]{2,10}))?(?P<said>(?:应当?|须|可以|不得).+)")
_CONDITION_END: Final = re.compile("(?:情形|情况|的|者|时|条件|场合)$")
_BODIES: Final = re.compile(
    "(?:机构|公司|银行|人员|客户|单位|部门|组织|协会|委员会|人|员|者|方|会|行|所)$|^(?:未|经|除|应|在|对|凡|当)"
)
_OPEN_ASK: Final = re.compile(
    "(?P<subject>[^，：]{2,24}?)(?:应|可以|不得|不可|不应|严禁|禁止|不能|不要|必须)怎样？"
)
_TORN_TIME: Final = re.compile("(?<=[临及按随同平准实暂定即]时)，")
_BEGUN: Final = re.compile(
    "(?P<before>.+，)(?P<marker>不得|不准|不应|不可|不许|严禁|禁止|不能|不要|不宜|切勿|勿)[^，……]{1,8}……？"
)
_MARKER: Final = "应当|应该|应|必须|须|不得|不可|可以|需要|需|严禁|禁止|只能"
_OBJECT: Final = re.compile(
    f"(?P<marker>{_MARKER})(?P<verb>(?:建立健全|建立并严格执行|建立|制定|设立|健全|完善|采取|具备|遵守|履行|保守|承担|开展|编制|缴纳|取得|遵循|坚持|执行))"
    "(?P<said>[^，。；、和及与或]{2,16}?)的?(?P<head>制度|机制|规则|义务|责任|原则|措施|条件|方案|计划|预案|档案|台账|秘密|证书|体系|流程)"
)
_TOWARD: Final = re.compile(
    f"(?P<marker>{_MARKER})(?P<whom>[对向](?:[^，。；]{{2,24}}?))(?:进行|开展|实施|予以|作出|提供|说明|披露|报告|承诺)[^，。；]{{0,30}}"
)
_NO_BEGINNING: Final = re.compile(f"(?:{_MARKER})[^，]{{0,1}}……？$")
_VAGUE: Final = 0.45
_VERB_FIRST: Final = re.compile(
    "(?:应当|应该|应(?![当该])|必须|须|不得|不可|可以|需要|需(?!要)|严禁|禁止)(?![以向对在为将把按与从代经自])"
    "(?:妥善|及时|立即|如实|严格|积极|认真|主动|依法|自觉|切实|充分|合理|定期|不断|全面|相互|共同|持续|审慎|谨慎|公平|客观){0,2}"
    "[\u4e00-\u9fff]{2}(?=[\u4e00-\u9fff]{3})"
)
_ONLY_FIGURE: Final = re.compile(
    "(?:应当?|须|必须)?(?:不得|不应|不能|不)?(?:[少低多高大小]于|超过|达到?|为|在)?[约近]?(?:[\\d.]+|[一二两三四五六七八九十百千万]{1,4})\\s?[^\\d，。；、的]{1,5}(?:以[内上下])?"
)
_ADVERB_ONLY: Final = re.compile("(?:未经.*|除.*外|经.{2,8}|在.*[前后时中内下]|.{2,10}[前后时中])$")
_LONGEST, _LONGEST_HEAD = 110, 72


def duty(passage: Passage, found: Found) -> Found | None:
    place = ClauseContext.of(passage, found.span)
    back = found.back
    if place is None:
        return found
    clause = found.span.text.rstrip("。")
    said = re.sub("（[^）]*）$", "", back) if back not in clause else back
    at = clause.find(said)
    if needed := _NEEDED.fullmatch(said):
        if clause[at - 1 : at] != "必":
            return None
        ask = f"{place.head or place.subject()}必要时{needed['who'] or ''}应怎样？"
        return replace(found, asks=(passage.ask(ask),), back=needed["said"], note_kind="basic")
    if _is_none(said, clause[: max(at, 0)]) or (OF_A_THING.match(said) and place.goes_on()):
        return None
    if UNFINISHED.search(said):
        back += place.end(said)
        if back == found.back or len(back) > _LONGEST:
            return None
    found = replace(found, back=back)
    if found.note_kind == "reverse" and _BODIES.search(found.reverse_back):
        found = replace(found, note_kind="basic", reverse_ask="", reverse_back="")
    subject = clause[:at] if at > 0 else ""
    needs = not subject or _ADVERB_ONLY.fullmatch(subject) or HEADLESS.match(subject)
    if place.head and not passage.terse and (needs or place.head[:4] not in found.asks[0]):
        return _asked_whole(passage, found, place, f"{subject}{_verb(said)}")
    return _narrowed(passage, found)


def _is_none(said: str, before: str) -> bool:
    """What only looks like a duty: an ability, the name of a thing, a need, a figure asked for by itself."""
    if re.match("不能|可(?!以)|能", said) and _CONDITION_END.search(said):
        return True
    if said.startswith("需要") and re.search("为|因|根据|由于", before):
        return True
    if before.endswith(("不", "无")):
        return True
    return bool(_NAMES_A_THING.search(said) or _ONLY_FIGURE.fullmatch(said))


def _narrowed(passage: Passage, found: Found) -> Found:
    """What `从业人员应怎样？` asks is too much: such a question begins the answer, or asks for its object."""
    asks = tuple(_TORN_TIME.sub("", ask) for ask in found.asks)
    asks = tuple(ask for ask in asks if not begun_in_word(found, ask)) or asks
    if found.rule == "ban" and (begun := _BEGUN.fullmatch(asks[0])):
        asks = (f"{begun['before']}{begun['marker']}怎样？", *asks)
    found = replace(found, asks=asks)
    body = found.asks[0].removeprefix(f"{passage.label}：")
    open_one = _OPEN_ASK.fullmatch(body)
    if open_one is None or not _BODIES.search(open_one["subject"]):
        return found
    subject = open_one["subject"]
    if what := _OBJECT.fullmatch(found.back):
        ask = f"{subject}{what['marker']}{what['verb']}什么{what['head']}？"
        return replace(
            found, asks=(passage.ask(ask),), back=f"{what['said']}{what['head']}", note_kind="basic"
        )
    if toward := _TOWARD.fullmatch(found.back):
        ask = f"{subject}{toward['marker']}{toward['whom']}怎样？"
        return replace(found, asks=(passage.ask(ask), *found.asks))
    narrow = [re.sub("[在向对为以把将给与和及按从由的]+……", "……", ask) for ask in found.asks[1:]]
    narrow = [ask for ask in narrow if not _NO_BEGINNING.search(ask) and not begun_in_word(found, ask)]
    if verb := _VERB_FIRST.match(found.back):
        narrow.insert(0, passage.ask(f"{subject}{verb[0]}……？"))
    if not narrow:
        return replace(found, rank=min(found.rank, _VAGUE))
    return replace(found, asks=(*narrow, found.asks[0]))


def begun_in_word(found: Found, ask: str) -> bool:
    begun = re.search("([^，：]{1,6})……？$", ask)
    at = found.span.text.find(begun[1]) if begun else -1
    return begun is not None and at >= 0 and splits_word(found.span.text, at + len(begun[1]))


def _verb(said: str) -> str:
    if re.match("[不严禁忌勿避切请]|决不|绝不|谢绝|杜绝", said):
        marker = re.match("不得|不准|不应|不可|严禁|禁止|不能|不要|不予", said)
        return f"{marker[0]}怎样" if marker else "不可怎样"
    return "可以怎样" if re.match("可|不妨|有权", said) else "应怎样"


def _asked_whole(passage: Passage, found: Found, place: ClauseContext, verb: str) -> Found:
    headed = place.headed(passage, verb)
    if headed is None or len(headed) > _LONGEST_HEAD:
        return found
    return replace(found, asks=(passage.ask(f"{headed}？"), *found.asks))
