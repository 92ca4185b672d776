"""What regulations and their kin say: who watches over whom, whom to tell, and lists in one breath."""

import re
from collections.abc import Iterator
from typing import Final

from app.text.clause_context import topic_before
from app.text.clauses import Span, clauses, sentences
from app.text.found import FactKind, Found, Passage

_BODY: Final = (
    "(?:部门|机构|机关|委员会|证监会|协会|公司|银行|人员|负责人|"
    "经理|主任|会|局|处|部|组|院|所|行|人|者|员|方|长|监|单位)"
)
_OVER: Final = re.compile(
    f"(?P<who>[^，。；：对]{{1,40}}?{_BODY})(?P<how>依法|统一|应当|应|负责)*对(?P<what>[^，。；：对]{{2,30}}?)"
    "(?P<act>(?:实施|进行|实行|承担|履行|负有?|负责|作出|行使)[^，。；：]{2,16})"
)
_OVER_BY: Final = re.compile(
    f"(?P<who>[^，。；：对]{{1,40}}?{_BODY})(?:依据|依照|根据|按照)[^，。；：]{{2,20}}，对(?P<what>[^，。；：对]{{2,30}}?)"
    "(?P<act>(?:实施|进行|实行|履行|行使)[^，。；：]{2,16})。?"
)
_SANCTION: Final = re.compile(
    "(?:责令|限制|吊销|暂停|撤销|没收|取消|注销|依法追究|依法给予|移送)[^，。；：]{2,40}"
)
_TOLD: Final = re.compile(
    f"(?P<before>[^，。；：]{{0,40}}?)向(?P<whom>(?!社会)[^，。；：向]{{1,20}}?{_BODY})"
    "(?P<act>(?:书面)?(?:报告|报送|报备|备案|提交|申请|申报|举报|投诉|缴纳|披露|提出|上报|公示|说明|承诺|通报)[^，。；：]{0,16})"
)
_HOLDS: Final = re.compile("(?P<what>[^，。；：]{2,24}?)适用于?(?P<whom>[^。；]{3,60}?)(?:，|$)")
_KINDS_OF: Final = re.compile(
    "(?P<before>[^，。；：、]{0,24}?(?:应当|应|必须|须|要))(?P<listed>[^，。；：、]{4,14}(?:、[^，。；：、]{2,8}){2,8})的(?P<noun>[^，。；：的]{2,8})"
)
_NAMED: Final = re.compile(
    "(?:[^，。；：把将]{0,8}?)(?:把|将)(?P<what>[^，。；：把将]{1,16}?)(?P<verb>称为|称作|叫做|看作|视为|当作|比作)"
    "(?P<name>[^，。；：]{2,20})"
)
_TRAIT: Final = re.compile(
    "(?P<what>[^，。；：为是的]{0,12}(?:标准|范围|对象|条件|依据|原则|方式|目的|来源|主体|目标|单位|缩写|简称|全称|代码|基础|前提|主体))"
    "(?:为|是|即)(?P<value>[^，。；：]{2,30})"
)
_THE_MORE: Final = re.compile(
    "(?:一般来说，|通常，|一般而言，)?(?P<cause>[^。；]{2,30}越[^，。；]{1,8})，(?P<what>[^，。；越]{2,12}?)就?(?:会)?越(?P<how>[^，。；]{1,6})"
)
_OPEN_LIST: Final = re.compile(
    "(?P<lead>[^。；：]{2,60}?(?P<sign>(?:以下|下列|如下)(?:[一二两三四五六七八九十]{1,2}[个种类项大点])?|(?<=[有为成括])[两二三四五六七八九][个种类项大点])的?(?P<kind>[^，。；：]{0,10}))："
    "(?P<members>[^：。；、]{1,40}(?:、[^：。；、]{1,40}){1,9}|[^：。；、和]{1,30}和[^：。；、]{1,40})。?"
)
_COUNT_LEAD: Final = re.compile(
    "(?P<verb>有|具有|具备|包括|分为|存在|做到|坚持)?(?:以下|下列|如下)?(?P<count>[两二三四五六七八九十](?:个|种|类|项|点|大|条|方面)+)"
)
_FIRST: Final = re.compile("(?:^|(?<=[：，。；、]))(?:一是|首先，|第一，)")
_SERIES: Final = {
    "一是": ("二是", "三是", "四是", "五是", "六是", "七是", "八是"),
    "第一，": ("第二，", "第三，", "第四，", "第五，", "第六，", "第七，", "第八，"),
    "首先，": ("其次，", "再次，", "最后，"),
}
_MOST, _SHORT, _LEAD = 9, 44, 80


def statutes(passage: Passage) -> Iterator[Found]:
    if not passage.chinese:
        return
    yield from _enumerated(passage)
    for sentence in sentences(passage.span):
        yield from _open_list(passage, sentence)
        if over := _OVER_BY.fullmatch(sentence.text):
            ask = f"谁对{over['what']}{over['act']}"
            yield _found("fact.over", "who", sentence, passage, ask, over["who"], 0.86)
        if more := _THE_MORE.fullmatch(sentence.text.rstrip("。")):
            ask = f"{more['cause']}，{more['what']}会怎样"
            yield _found("fact.more", "purpose", sentence, passage, ask, f"越{more['how']}", 0.7)
        condition = ""
        for clause in clauses(sentence):
            text = clause.text.rstrip("。")
            yield from _said(passage, clause, text)
            if condition.endswith("的") and _SANCTION.fullmatch(text):
                yield _found("fact.sanction", "norm", clause, passage, "会受到什么处理", text, 0.7)
            condition = text


def _said(passage: Passage, clause: Span, text: str) -> Iterator[Found]:
    if (over := _OVER.fullmatch(text)) and not re.search("鼓励|支持|要求|允许|授权|委托", over["who"]):
        ask = f"谁{over['how'] or ''}对{over['what']}{over['act']}"
        yield _found("fact.over", "who", clause, passage, ask, over["who"], 0.86)
    if (told := _TOLD.fullmatch(text)) and not told["before"].endswith(("不得", "不", "勿")):
        ask = f"{told['before']}向谁{told['act']}"
        yield _found("fact.whom", "who", clause, passage, ask, told["whom"], 0.84)
    if named := _NAMED.fullmatch(text):
        what = named["what"]
        if re.fullmatch("它们?|其|这", what):
            what = topic_before(passage, clause.start)
        ask = f"{what}被{named['verb']}什么"
        if what:
            yield _found("fact.named", "definition", clause, passage, ask, named["name"].strip("“”"), 0.72)
    if (kinds := _KINDS_OF.fullmatch(text)) and (members := _level(kinds["listed"])):
        verb = kinds["listed"].partition(members[0])[0]
        if len(verb) >= 2 or kinds["before"]:
            ask = f"{kinds['before']}{verb}哪些{kinds['noun']}"
            yield _found("fact.kinds", "list", clause, passage, ask, "、".join(members), 0.86)
    if (trait := _TRAIT.fullmatch(text)) and not re.match("\\d", trait["value"]):
        yield _found("fact.trait", "norm", clause, passage, f"{trait['what']}是什么", trait["value"], 0.66)
    if holds := _HOLDS.match(text):
        ask = f"{holds['what']}适用于什么"
        yield _found("fact.holds", "norm", clause, passage, ask, holds["whom"], 0.8)


def _level(listed: str) -> list[str]:
    """The members of `恪守诚实守信、勤勉尽责`: as long as the others is where the first begins."""
    parts = listed.split("、")
    lengths = {len(part) for part in parts[1:]}
    if len(lengths) != 1 or len(parts[0]) <= (size := lengths.pop()):
        return []
    return [parts[0][-size:], *parts[1:]]


def _found(
    rule: str, kind: FactKind, span: Span, passage: Passage, ask: str, back: str, rank: float
) -> Found:
    return Found(rule, kind, span, (passage.ask(f"{ask}？"),), back, rank, cue=ask)


def _open_list(passage: Passage, sentence: Span) -> Iterator[Found]:
    """`给予下列处分：甲、乙、丙。`"""
    listed = _OPEN_LIST.fullmatch(sentence.text)
    if listed is None or re.search("一是|首先|，", listed["members"]):
        return
    lead, sign = listed["lead"], listed["sign"]
    ask = f"{lead.replace(sign, _which(sign), 1)}？"
    members = re.split("、|(?<=[^平缓总])和(?=.{2})", listed["members"].rstrip("。"))
    yield _list(passage, sentence, "list.open", ask, members)


def _which(sign: str) -> str:
    count = re.sub("以下|下列|如下", "", sign)
    return f"哪{count}" if count else "哪些"


def _enumerated(passage: Passage) -> Iterator[Found]:
    """`有三个特点：一是…，…；二是…；三是…。`: the members, each to its first comma."""
    text = passage.span.text
    for first in _FIRST.finditer(text):
        places, at = [(first.start(), first.end())], first.end()
        for mark in _SERIES[first[0]]:
            after = text.find(mark, at, at + 400)
            if after < 0:
                continue
            places.append((after, after + len(mark)))
            at = after + len(mark)
        if len(places) < 2:
            continue
        ends = [begin for begin, _ in places[1:]] + [_end_of(text, places[-1][1])]
        parts = [text[begin:end].rstrip("，；。、 ") for (_, begin), end in zip(places, ends, strict=True)]
        least = max(0, first.start() - _LEAD)
        begin = max(least - 1, *(text.rfind(mark, least, first.start()) for mark in "。；？！")) + 1
        lead = text[begin : first.start()].rstrip("：，、 ")
        span = passage.span.cut(begin, ends[-1])
        if ask := _asks_for(passage, lead, len(parts), passage.span.start + begin):
            yield _list(passage, span, "list.enumerated", ask, [_head(part) for part in parts])


def _end_of(text: str, at: int) -> int:
    ends = (text.find(mark, at, at + 400) for mark in "。；")
    return min((end for end in ends if end >= 0), default=len(text[: at + 400]))


def _head(part: str) -> str:
    """What a member is called: its words up to the first comma, unless that leaves a condition."""
    begun, _, rest = part.partition("，")
    return begun if (len(begun) >= 3 and not begun.endswith(("的", "时", "后", "前"))) or not rest else part


def _asks_for(passage: Passage, lead: str, count: int, place: int) -> str:
    aside, _, main = lead.rpartition("，")
    lead = main if len(main) >= 6 and re.match("与|和|相[比对]|因此|所以|总的", aside) else lead
    if pointing := re.match("它们?|其|这些?", lead):
        topic = topic_before(passage, place)
        if not topic:
            return ""
        lead = f"{topic}{lead[pointing.end() :]}"
    if not lead:
        return ""
    if counted := list(_COUNT_LEAD.finditer(lead)):
        last = counted[-1]
        return f"{lead[: last.start()]}{last['verb'] or ''}哪{last['count']}{lead[last.end() :]}？"
    if re.search("以下|下列|如下", lead):
        return f"{re.sub('以下|下列|如下', '哪些', lead, count=1)}？"
    return f"{lead}：哪{'零一两三四五六七八九'[count]}点？" if count <= _MOST else ""


def _list(passage: Passage, span: Span, rule: str, ask: str, members: list[str]) -> Found:
    few = len(members) <= 4 and sum(map(len, members)) <= _SHORT
    mark = "、" if not any("、" in member for member in members) else "；"
    back = mark.join(members) if few else "\n".join(members)
    return Found(rule, "list", span, (passage.ask(ask),), back, 0.84, "basic" if few else "list", cue=ask)
