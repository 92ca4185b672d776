"""Numbers, orders, responsibilities and purposes: facts that one small part of a sentence carries."""

import re
from collections.abc import Iterator
from typing import Final

from app.text.clauses import Span, clauses, sentences
from app.text.found import Found, Passage

_UNIT: Final = (
    "个工作日|工作日|个自然日|自然日|个月|个小时|小时|分钟|天|日|秒|年|周岁|周|万元|亿元|元|%|％|次|人|名|米|厘米|毫米|公里|公斤|千克|克|毫升|升|"
    "平方米|摄氏度|度|℃|倍|份|样|张|岁|级|条|位|分|层|项|种|件|套|步|寸|字|遍|页"
)
_NUMBER: Final = re.compile(
    f"(?P<number>(?:(?<!\\d)(?<!\\d[.,])\\d+(?:[.,]\\d+)*(?:[~～—–至到-]\\d+(?:\\.\\d+)?)?|\\d+/\\d+|一(?=次$|次，|个月|个工作日|小时|年内|周内|分钟)|[二两三四五六七八九十百千万半]{{1,4}}(?:分之[一二三四五六七八九十]+)?|[一二三四五六七八九十]{{1,3}}(?:至|到)[一二三四五六七八九十]{{1,3}})\\s?)"
    f"(?P<unit>{_UNIT})(?P<around>左右|以内|以上|以下|之内)?"
)
_FRACTION: Final = re.compile(
    "(?P<number>\\d/\\d|[一二三四五六七八九十]分之[一二三四五六七八九十])(?P<unit>)(?P<around>左右|以上|以下)?"
)
_DATE: Final = ("第", "月")
_NOT_A_COUNT: Final = re.compile(
    "^(?:19|20)\\d\\d(?:年|$)|世纪|^[一两二]位|年代|[一二三四五六七八九十]大(?!卡)"
)
_FIRST_THEN: Final = re.compile(
    "先(?P<first>[^，。；、先]{1,10}?)，?(?:后|再|然后)(?P<then>[^，。；、先]{1,14})"
)
_GIVE: Final = re.compile(
    "(?:把|将)(?P<what>[^，。；把将]{1,30}?)(?:分别)?(?P<verb>介绍|引见|推荐|让)给(?P<whom>[^，。；]{1,30})"
)
_GIVE_LIST: Final = re.compile("(?P<what>[^，。；、给]{2,14})给(?P<whom>[^，。；、给]{2,14})")
_RANK: Final = re.compile(
    "(?P<what>[^，。；、为]{1,6})为(?P<place>[上下先尊主次大小贵左右前后]|[^，。；、为]{1,4}位)(?=[、，。；的]|$)"
)
_CALL: Final = re.compile("称(?P<what>[^，。；、为“]{2,10}?)为(?P<as>[^，。；]{1,16})")
_FROM_TO: Final = re.compile(
    "(?P<before>[^，。；]{0,14}?)(?:由|从)(?P<from>[^，。；由从]{1,6})(?P<way>往|向|到|至)(?P<to>[^，。；]{1,6}?)(?P<act>舀|取用|取|用|擦|排列|排|传递|传|走|依次|进行|开始|拿|数|填写|填)(?P<rest>[^，。；]{0,8})"
)
_WHO: Final = re.compile(
    "(?P<before>[^，。；]{0,30}?)(?:必?须经|应经|应当?由|必?须由|由|经(?![理办营济纪验])|报请|报|交由|送交|交|归)(?P<who>(?:[^，。；由经报]|经(?=[理办营济纪])){2,18}?)(?P<act>批准|审批|审核|审定|同意|核准|负责(?!人)|签字|带入|带领|填写|支付|引导|接待|开具|发放|保存|验收|检查|清理|记录|缴纳|值守|指定|安排|通知|处置|赔偿|操作|完成|保养|签署|制定|解释|决定|任命|保管|监督|组织|授权|主持|统一|办理|处理|复核|备案|执行|确认|担任|承担|管理|陪同)(?P<rest>[^，。；]{0,24})"
)
_IN_CHARGE: Final = re.compile(
    "(?P<who>[^，。；的]{1,8}(?:人|员|部|室|处|科|局|会|组|长|经理|主任|公司|单位|方))(?P<verb>负责|签字|签章|签名|审批|批准|同意)(?P<what>[^，。；]{2,20})"
)
_ROLE: Final = re.compile("(?P<who>[^，。；为是因以作成分认视]{2,12})为(?P<part>[^，。；为了]{2,14})")
_EVERY: Final = re.compile(
    "(?P<every>每隔?[^，。；每次]{1,6}?)(?P<act>(?:至少)?[^，。；每0-9一二两三]{2,10}?)(?P<times>[一二两三\\d][次遍])"
)
_OF_RULES: Final = re.compile("的(?:原则|顺序|次序|规定|做法|要求)$")
_BEFORE_AFTER: Final = re.compile(
    "(?P<first>[^，。；]{1,10})在(?P<one>前|先|上|左)，(?P<then>[^，。；]{1,10})在(?P<other>后|下|右)"
)
_ONLY_THEN: Final = re.compile(
    "(?:待|要等|等|须待|须等|须在|在|经)?(?P<when>[^，。；]{2,30}?)(?:之后|以后|后)?(?P<only>再|方可|才能|才可|方能|才)"
    "(?P<act>[^，。；]{1,16})"
)
_SINCE: Final = re.compile(
    "(?P<before>[^，。；]{0,16}?)自(?P<when>[^，。；自]{2,16}?)起(?P<act>[^，。；]{0,6}?(?:施行|实施|生效|执行|试行|启用))"
)
_PURPOSE: Final = re.compile(
    "(?P<means>[^，。；]{2,30})，(?P<verb>以示|表示|以表|以显示|以体现|以便于|以便|以免|以防止|以防|以利于|以)(?P<purpose>[^，。；]{2,30})"
)
_NUMBER_EN: Final = re.compile(
    r"\b(?P<number>(?:at least |at most |up to |no more than |not more than |more than |less than |"
    r"fewer than |about |within )?"
    r"(?:\d[\d,.]*(?:\s?[-–to]{1,2}\s?\d[\d,.]*)?|two|three|four|five|six|seven|eight|nine|"
    r"ten|twelve|fifteen|twenty|thirty|sixty|ninety))\s?(?P<unit>%|percent|per cent|°C|degrees(?: C"
    r"elsius)?|°F|"
    r"(?:[a-z]+ )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|metres?|meters?|centimetr"
    r"es?|cm|km|kg|grams?|litres?|ml|people|persons|characters|times|words|pages|euros|dollars|"
    r"pounds|points|copies|steps|digits|guests|items))\b",
    re.IGNORECASE,
)
_WHO_EN: Final = re.compile(
    r"(?P<what>.{3,90}?)\s(?P<verb>(?:must be|should be|shall be|is|are|may be|may only be|"
    r"can only be) (?:\w+ )?(?:approved|signed|authori[sz]ed|reviewed|kept|issued|appointed|"
    r"checked|decided|handled|maintained|granted|carried out|countersigned)) by (?P<who>[^,.;]{3,60"
    r"}?)(?P<rest>(?: every| each| before| after| within| once| on)\b.{0,60})?",
    re.IGNORECASE | re.DOTALL,
)
_PERMISSION_EN: Final = re.compile(
    r"(?P<what>.{3,90}?) (?P<verb>needs?|requires?) (?:the )?(?P<kind>(?:\w+ )?(?:permission|"
    r"approval|consent|signature|agreement)) (?:of|from|by) (?P<who>[^,.;]{3,60})",
    re.IGNORECASE | re.DOTALL,
)
_SINCE_EN: Final = re.compile(
    r"(?P<what>.{3,60}?)\s(?:takes? effect|comes? into (?:force|effect)|(?:is|are) effective|"
    r"appl(?:y|ies))\s(?:on|from|as of|as from)\s(?P<when>[^,.;]{3,40})",
    re.IGNORECASE,
)


def numbers(passage: Passage) -> Iterator[Found]:
    if not passage.chinese:
        yield from _numbers_en(passage)
        return
    for sentence in sentences(passage.span):
        scene = ""
        for clause in clauses(sentence):
            text = clause.text.rstrip("。")
            matches = [
                match
                for pattern in (_FRACTION, _NUMBER)
                for match in pattern.finditer(text)
                if not _NOT_A_COUNT.search(match[0] + text[match.end() : match.end() + 2])
                and text[match.start() - 1 : match.start()] not in _DATE
            ]
            if len(matches) <= 2 and len(text) <= 40:
                for match in matches:
                    yield _number(passage, clause, scene, text, match)
            if len(scene) + len(text) <= 40:
                scene += text + "，"


def _number(passage: Passage, clause: Span, scene: str, text: str, match: re.Match[str]) -> Found:
    asked = f"多少{match['unit']}" if match["unit"] else "几分之几"
    question = f"{text[: match.start()]}{asked}{text[match.end() :]}？"
    return Found(
        rule="number",
        kind="number",
        span=clause,
        asks=(passage.ask(question), passage.ask(scene + question))
        if len(text) > 9
        else (passage.ask(scene + question),),
        back=match[0],
        rank=0.8 if passage.ruled else 0.5,
        cue=text[: match.start()] or scene,
    )


def _numbers_en(passage: Passage) -> Iterator[Found]:
    for sentence in sentences(passage.span):
        matches = list(_NUMBER_EN.finditer(sentence.text))
        if not 1 <= len(matches) <= 3 or len(sentence.text) > 240:
            continue
        for match in matches:
            unit = (
                "what percentage"
                if match["unit"] in ("%", "percent", "per cent")
                else f"how many {match['unit']}"
            )
            limit = re.match(
                r"(at least|at most|up to|no more than|not more than|more than|less than|fewer than|about|"
                r"within)\s",
                match["number"],
                re.IGNORECASE,
            )
            kept = (limit[1].lower() + " ") if limit else ""
            question = (
                f"{sentence.text[: match.start()]}{kept}{unit}{sentence.text[match.end() :].rstrip('.')}?"
            )
            back = match[0][len(kept) :] if kept in ("within ", "about ") else match[0]
            yield Found(
                "number.en", "number", sentence, (passage.ask(question),), back, 0.8, cue=match["unit"]
            )


def orders(passage: Passage) -> Iterator[Found]:
    """What comes first, what goes to whom, what ranks above what."""
    if not passage.chinese:
        return
    for sentence in sentences(passage.span):
        for finds in (_firsts, _gifts, _ranks, _names, _directions):
            yield from finds(passage, sentence)
        for clause in clauses(sentence):
            if (only := _ONLY_THEN.fullmatch(clause.text.rstrip("。"))) and "先" not in only["when"]:
                yield _only_then(passage, clause, only)


def _firsts(passage: Passage, sentence: Span) -> Iterator[Found]:
    text = sentence.text
    for match in _FIRST_THEN.finditer(text):
        first, then = match["first"], _OF_RULES.sub("", match["then"])
        before = re.split("[，：]", text[: match.start()])
        scene = before[-2] if len(before) > 1 and not before[-1] else ""
        question = f"{scene}，先怎样，再怎样？" if scene else f"{first}和{then}，哪个在先？"
        yield _ordered(passage, sentence, match, question, _OF_RULES.sub("", match[0]))
    for match in _BEFORE_AFTER.finditer(text):
        yield _ordered(passage, sentence, match, f"{match['first']}和{match['then']}，次序怎样？", match[0])


def _gifts(passage: Passage, sentence: Span) -> Iterator[Found]:
    given = list(_GIVE.finditer(sentence.text))
    for match in given:
        yield from _given(passage, sentence, match)
    listed = list(_GIVE_LIST.finditer(sentence.text))
    for match in listed if len(listed) >= 3 and not given else []:
        what = re.sub("^.*?(?:介绍|引见)", "", match["what"])
        yield _ordered(
            passage, sentence, match, f"{what}与{match['whom']}，谁给谁？", f"{what}给{match['whom']}"
        )


def _ranks(passage: Passage, sentence: Span) -> Iterator[Found]:
    ranked = list(_RANK.finditer(sentence.text))
    for match in ranked if len(ranked) >= 2 else []:
        what = re.sub("^.*?(?:遵循|按照|以)", "", match["what"])
        yield _ordered(passage, sentence, match, f"以什么为{match['place']}？", what)


def _names(passage: Passage, sentence: Span) -> Iterator[Found]:
    called = list(_CALL.finditer(sentence.text))
    for match in called if len(called) >= 2 else []:
        yield _ordered(passage, sentence, match, f"{match['what']}怎么称呼？", match["as"])


def _directions(passage: Passage, sentence: Span) -> Iterator[Found]:
    for match in _FROM_TO.finditer(sentence.text):
        asked = f"{match['before']}{match['act']}{match['rest']}的方向？"
        yield _ordered(passage, sentence, match, asked, f"由{match['from']}{match['way']}{match['to']}")


def _only_then(passage: Passage, clause: Span, only: re.Match[str]) -> Found:
    asks = (passage.ask(f"什么时候{only['only']}{only['act']}？"),)
    return Found(
        "order", "order", clause, asks, f"{only['when']}后", 0.7 if passage.ruled else 0.45, cue=only["act"]
    )


def _given(passage: Passage, sentence: Span, match: re.Match[str]) -> Iterator[Found]:
    what, whom, verb = match["what"], match["whom"], match["verb"]
    split = re.compile("、|和|以及")
    whats, whoms = split.split(what), split.split(whom)
    pairs = list(zip(whats, whoms, strict=True)) if len(whats) == len(whoms) else [(what, whom)]
    for one, other in pairs:
        yield _ordered(
            passage, sentence, match, f"{one}与{other}，把谁{verb}给谁？", f"把{one}{verb}给{other}"
        )


def _ordered(passage: Passage, sentence: Span, match: re.Match[str], question: str, back: str) -> Found:
    span = sentence.cut(match.start(), match.end())
    return Found(
        "order", "order", span, (passage.ask(question),), back, 0.8 if passage.ruled else 0.6, cue=question
    )


def responsibilities(passage: Passage) -> Iterator[Found]:
    """Who decides or does something, and since when a rule holds."""
    for sentence in sentences(passage.span):
        if not passage.chinese:
            yield from _responsible_en(passage, sentence)
            continue
        before = ""
        for clause in clauses(sentence):
            text = clause.text.rstrip("。")
            yield from _in_charge(passage, clause, before, text)
            before = f"{text}，"
            if since := _SINCE.search(text):
                question = f"{since['before']}从什么时候起{since['act']}？"
                yield Found(
                    "since", "number", clause, (passage.ask(question),), since["when"], 0.85, cue=since["act"]
                )


def _in_charge(passage: Passage, clause: Span, before: str, text: str) -> Iterator[Found]:
    who = _WHO.fullmatch(text)
    if who and not who["before"].endswith(("自", "理", "缘", "不", "已")):
        about = re.sub("(?:必?须|应当?)$", "", who["before"]) or before
        question = f"{about}由谁{who['act']}{who['rest']}？"
        yield Found("who", "who", clause, (passage.ask(question),), who["who"], 0.85, cue=about)
    elif charge := _IN_CHARGE.fullmatch(text):
        asks = tuple(passage.ask(f"{context}{_charge(charge)}？") for context in ("", before))
        yield Found("who", "who", clause, asks, charge["who"], 0.75, cue=charge["what"])
    elif often := _EVERY.search(text):
        question = f"{text[: often.start()]}多久{often['act']}{often['times']}？"
        yield Found(
            "often", "number", clause, (passage.ask(question),), often["every"], 0.75, cue=often["act"]
        )


def _charge(charge: re.Match[str]) -> str:
    return f"{charge['what']}由谁负责" if charge["verb"] == "负责" else f"谁{charge['verb']}{charge['what']}"


def _responsible_en(passage: Passage, sentence: Span) -> Iterator[Found]:
    text = sentence.text.rstrip(". ")
    if who := _WHO_EN.fullmatch(text):
        question = f"{who['what'][0].lower() + who['what'][1:]} {who['verb']} by whom{who['rest'] or ''}?"
        yield Found(
            "who.en", "who", sentence, (passage.ask(question),), who["who"].strip(), 0.85, cue=who["what"]
        )
    if since := _SINCE_EN.search(text):
        what = re.sub(r" (?:shall|will|must)$", "", since["what"])
        question = f"when does {what[0].lower() + what[1:]} take effect?"
        yield Found(
            "since.en",
            "number",
            sentence,
            (passage.ask(question),),
            since["when"].strip(),
            0.85,
            cue=since["what"],
        )


def roles(passage: Passage) -> Iterator[Found]:
    """`A 为 B` where rules are given: who or what holds the part of B."""
    if not passage.chinese or not passage.ruled:
        return
    for sentence in sentences(passage.span):
        for clause in clauses(sentence):
            if (role := _ROLE.fullmatch(clause.text.rstrip("。"))) and not _RANK.search(clause.text):
                question = (
                    f"{role['part']}是{'谁' if role['part'].endswith(('人', '者', '员')) else '什么'}？"
                )
                yield Found(
                    "role.as", "who", clause, (passage.ask(question),), role["who"], 0.65, cue=role["part"]
                )


def permissions(passage: Passage) -> Iterator[Found]:
    """Whose permission something needs."""
    if passage.chinese:
        return
    for sentence in sentences(passage.span):
        if asked := _PERMISSION_EN.fullmatch(sentence.text.rstrip(". ")):
            what = asked["what"][0].lower() + asked["what"][1:]
            question = f"{what} {asked['verb']} whose {asked['kind']}?"
            yield Found(
                "permission.en", "who", sentence, (passage.ask(question),), asked["who"], 0.85, cue=what
            )


def purposes(passage: Passage) -> Iterator[Found]:
    """A gesture or measure, and what it shows or serves."""
    if not passage.chinese:
        return
    for sentence in sentences(passage.span):
        for match in _PURPOSE.finditer(sentence.text):
            if match["verb"] == "以" and not passage.ruled:
                continue
            verb = (
                "表示什么" if match["verb"] in ("以示", "表示", "以表", "以显示", "以体现") else "是为了什么"
            )
            span = sentence.cut(match.start(), match.end())
            asks = (passage.ask(f"{match['means']}，{verb}？"),)
            purpose = match["purpose"].rstrip("。")
            back = f"以免{purpose}" if match["verb"] == "以免" else purpose
            yield Found(
                "purpose", "purpose", span, asks, back, 0.75 if passage.ruled else 0.5, cue=match["means"]
            )
