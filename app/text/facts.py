"""Facts in Chinese sentences of any text: members of a whole, what something is, who, when, how much."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from app.text.clauses import Span, clauses, sentences
from app.text.found import FactKind, Found, Passage
from app.text.lists import count_word, counted_list
from app.text.words import words

_LEADS: Final = (
    "可以分为", "可分为", "分为", "分成", "划分为", "包括", "包含", "具有", "具备", "集中在", "分布在",
    "遵循", "属于", "涉及", "称为", "由", "受", "为", "有", "是", "在", "对", "从", "以", "用", "指", "即",
    "分", "含", "如", "：", "将", "把", "避免", "防止", "影响",
    "从事", "提供", "使用", "采用", "填写", "说明", "注明", "载明", "经过", "通过", "取决于", "遭到",
)  # fmt: skip
_STRONG_LEADS: Final = tuple(lead for lead in _LEADS if len(lead) > 1)
_MEMBERS: Final = re.compile(
    "(?P<listed>(?:[^，。；：、“”]{1,12}、){1,9}[^，。；：、“”]{1,12}?(?:(?:和|以及|及|与|或者|或)[^，。；：、“”和及与或]{1,12}?)?)"
    "(?P<count>这?(?P<number>[两二三四五六七八九十]|\\d{1,2})(?P<unit>(?:大|个|种|类|项|部分|方面|地|级|点|层|步|阶段)(?:大?(?:类|要素|因素|部分|方面|环节|原则|内容|阶段|职责))?))?"
    "(?P<rest>(?:等|的|组成|构成|之间|影响|作用)[^，。；]{0,14})?$"
)
_NO_WHOLE: Final = re.compile("(?:所有|各|每|通过|由|(?<!可)以[^，]{1,20}[^分称划]为)$")
_HELD_AS: Final = re.compile("为.{2,8}$")
_KIND_OF_ALL: Final = re.compile("(?:原则|方针)$")
_PLACED: Final = ("应当在", "须在", "可以在", "不得在", "应在")
_DOING: Final = re.compile("(?:进行|实施|予以|作出|开展|负责).{2,8}$")
_DANGLING: Final = re.compile(
    "^(?:这|那|它|其(?!他|余)|此|该|他|她|我(?!国)|你|人们|大家|也|都|就|则|而|但|并|又|还|却|只|不|仍|如|若|因|所以|即|例如|上述|以上|以下|什么|目的|原因)"
)
_MEANING: Final = re.compile(
    "(?P<term>[^，。；：、的是]{2,12})是(?:指|一种|一类|一个)?(?P<meaning>[^，。；：？]{2,56}的[^，。；：的？]{1,14})"
)
_PART: Final = re.compile(
    "(?P<whole>[^，。；：是]{2,26}的[^，。；：的是]{1,10}?)(?:就?是|(?<![一般称分认作因以成定组改变聘选列视评设名化转升])为)(?P<value>[^，。；：？]{1,18})"
)
_SUPERLATIVE: Final = re.compile("最|首要|唯一|第一|主要的")
_ADVERB: Final = re.compile("(?:实质上|本质上|实际上|通常|一般|往往|其实|主要|也|都)+$")
_POST: Final = re.compile(
    "(?P<who>[^，。；：的是为]{2,14})(?:是|为(?!了|履行|依法|实现|加强|维护|保护|防止|预防|执行|提供))(?P<post>[^，。；：]{1,26}(?:责任人|负责人|部门|机构|主体|机关|主管|组织|职责|创始人|之父))"
)
_SAME: Final = re.compile(
    "”?，(?P<verb>即|也就是|又称|又叫|亦称|俗称|简称|指的是)(?P<said>[^，。；：]{2,40})"
)
_BEFORE_SAME: Final = re.compile("[^，。；：“”的]{2,10}$")
_YEAR: Final = re.compile("(?:公元前?)?[12]\\d{3}年(?:\\d{1,2}月)?(?:\\d{1,2}日)?")
_FIRST: Final = re.compile(
    "(?P<who>[^，。；：是]{2,16}?)(?P<when>(?:在|于)[^，。；：]{2,12}?)?(?P<first>首先|最早|率先|首次|第一个|最先)(?P<act>(?!的)[^，。；：]{3,24})"
)
_BODY: Final = (
    "部门|部|室|处|局|委员会|委|会|组|中心|公司|人员|专人|人|员|长|经理|主任|单位|机关|机构|者|银行|行|所|院|岗|"
    "总监|主管|管理层|领导层|方|商|法院|基金|站|厂"
)
_ACTS: Final = re.compile(f"(?:{_BODY}|东|家|人|官)$")
_BY: Final = re.compile(
    f"(?P<what>[^，。；：由]{{0,30}}?)(?:应当?|须|必须|可以|可)?(?<![自理缘])由(?!于|此)(?P<who>[^，。；：由报后]{{1,30}}(?:{_BODY}))(?P<act>(?!等|员|组成|于|此|人|个人|本人|[部会行所理置同\\d一二三四五六七八九十])[^，。；：]{{2,22}})"
)
_NO_ACT: Final = re.compile("根据|按照|依照|会同|章程")
_EVERY: Final = re.compile(
    "(?P<every>每(?:隔)?(?:半|一|[二两三四五六七八九十]{1,3}|\\d{1,3})?(?:[至到][二三四五六七八九十\\d]{1,3})?个?(?:年度?|季度?|月[末初底]?|周[一二三四五六日末]?|星期|日|天|小时|分钟|学期|晚|次使用后|班)|按(?:年|季度?|月|周|日))"
)
_NO_RHYTHM: Final = re.compile(
    "[^，。]{1,10}的|(?![^，。]*[次遍回])[^，。]{0,6}(?:不[少多低高]于|不得?[少多低高超]|不超过|至少|最[多少]|应?不)|"
    "[^，。]{0,4}(?:结束|开始|终了|之日|之前|之后|后$|前$|时$)"
)
_SMALL_COUNT: Final = re.compile(
    "[一两]个|[一两二]种|[一二]次(?![以之，。；])|[一二两三四五六七八九十]{1,2}(?:级|位|大)|[二两三四五六七八九十](?:个|种|类|项|点|大|条)(?=[^，。；]{0,12}：)"
)
_VERB: Final = (
    "取决于|依赖于|起源于|产生于|来源于|发生在|产于|位于|始于|来自|属于|等于|相当于|适用于|适宜在?|适合|多呈|呈现?|象征|意味着|表示|"
    "起着|起到|发挥着?|富含|含有|缺乏|常用|多用|使用|采用|佩戴|携带|存放在?|放置|置于|堆放|贴|加盖|装入|移入|放入|存入|填写|提交|出具|签署|核对|登记|"
    "保存在|报告|报送|开立|遵循|具备|提供|开具|收取|缴纳|支付|抑制|促进|分泌|释放|吸收|产生|导致|引起|造成|防止|传播|发明|创立|提出|"
    "发现|创办|编写|负责|承担|参与|私售|发生|拔下|按住|检查|清点|转入|喜欢|依靠"
)
_FACT: Final = re.compile(
    f"(?P<cue>请|[^，。；：、]{{2,20}}?)(?P<verb>{_VERB})(?!的|过|于|时|后|前)(?P<value>(?![在之人于的和与了着过后前时])[^，。；：？]{{1,18}}?)(?P<tail>表示|作为?材料|作为?原料|书写|擦洗|清洗|加热|操作|生长|传播|组成|后|时|的)?"
)
_TWO_VERBS: Final = re.compile(
    "(?:或者|或|和|与|及|并|、|进行|不得.{0,12})$|^(?:能够|能|可以|会|不得)|[为对]其$"
)
_SECOND_VERB: Final = re.compile("予以|进行|负责|作出|实施|的?[时后前]$")
_GENERAL: Final = re.compile(
    "制度|机制|办法|规定|义务|责任|职责|行为|工作|情况|措施|机构|机关|部门|人员|账户|活动|服务|业务"
)
_DONE_WITHIN: Final = frozenset(
    {"提供", "使用", "采用", "提出", "支付", "开立", "收取", "填写", "提交", "出具", "报送", "发现"}
)
_OF_A_NAME: Final = re.compile("机构|机关|指令|手续|账户|簿")  # the verb before it is part of the name
_HELPS: Final = re.compile(
    "应|可以|能|须|不得|有权|负责|进行|需要|必|会|要|准|用于|没有|不|继续|开始|停止|严禁|禁止"
)
_SHOWN: Final = re.compile("(?P<cue>[^，。；：、]{2,18})(?:用|以)(?P<value>[^，。；：、]{1,12})表示")
_UNIT: Final = (
    "个工作日|个交易日|工作日|交易日|个自然日|学时|课时|学分|个基点|基点|个月|个小时|小时|分钟|天|日|秒|年|周岁|周|万元|亿元|元|美元|欧元|万美元|万两|两|%|％|次|人|名|平方公里|平方米|立方米|公里/小时|公里|厘米|毫米|微米|"
    "米|公斤|千克|毫克|克|毫升|升|吨|摄氏度|度|℃|倍|亿份|万份|份|张|岁|级|位|层|项|种|家|个组块|个|件|套|步|台|座|只|字|页|号|小时内|bit|[kKMG]?[BbWVAN]\\b|kW|cm|mm|km|kg|ml|mL|L"
)
_FIGURE: Final = re.compile(
    f"(?P<number>(?<![\\dA-Za-z])(?<!\\d[.,])\\d+(?:[.,]\\d+)*(?:\\s?[~～—–至到-]\\s?\\d+(?:\\.\\d+)?)?(?:万|亿|多|余)?|一(?=年|个月|周|天|小时|分钟)|(?!一(?![十百千万亿]))[一二两三四五六七八九十百千万亿]{{1,8}}(?:多|余)?(?:至|到)?[二三四五六七八九十]{{0,3}})\\s?(?P<unit>{_UNIT})(?P<around>左右|以内|以上|以下|之内|内|前|后)?"
)
_RANGE: Final = re.compile(
    f"(?<![\\d.])\\d+(?:\\.\\d+)?(?:{_UNIT})?(?:以上)?(?:至|到|～|~|—|–|-|±|(?<=以上))\\d+(?:\\.\\d+)?(?P<unit>{_UNIT})?(?P<around>以下|以内)?"
)
_AMOUNT: Final = (
    f"(?:百分之[零一二三四五六七八九十百点]+|(?:[\\d.]+|[一二两三四五六七八九十百千万亿]{{1,8}})(?:{_UNIT}))"
)
_FROM_TO: Final = re.compile(
    f"(?<![\\d.一二两三四五六七八九十百千万亿]){_AMOUNT}以上(?:至)?{_AMOUNT}(?P<around>以下|以内)(?P<unit>)"
)
_SHARE: Final = re.compile("百分之[零一二三四五六七八九十百点]+(?P<unit>)(?P<around>左右|以内|以上|以下)?")
_COUNTS: Final = re.compile("[^：、]{1,10}：[^：]{1,20}、")
"""A number whose members follow: to count them is no knowledge."""
_OPEN: Final = re.compile(
    "^(?:应|须|必|可|不|在|于|自|按|经|需|并|且|扣|处|由|向|为|与|给|从|约|多|哪|达到|超过|保存|直到)"
)
_MODAL: Final = re.compile("应|须|必|不得|不可|不要|不能|不准|严禁|禁止|切勿|请")
_GETTING: Final = (
    "收取",
    "缴纳",
    "支付",
    "取得",
    "开立",
    "设立",
    "设有",
    "实行",
    "形成",
    "产生",
    "叫",
    "了",
    "须",
    "应",
)
_MOST_FIGURES: Final = 8


def facts(passage: Passage) -> Iterator[Found]:
    """Questions that keep the sentence's own words and leave one part out."""
    if not passage.chinese:
        return
    for sentence in sentences(passage.span):
        yield from _same(passage, sentence)
        scene = ""
        for clause in clauses(sentence):
            text = clause.text.rstrip("。")
            yield from _in_clause(passage, clause, text, scene)
            scene = (
                f"{scene}{text}，" if len(scene) + len(text) <= 30 else f"{text}，" if len(text) <= 24 else ""
            )


def _in_clause(passage: Passage, clause: Span, text: str, scene: str) -> Iterator[Found]:
    yield from _figures(passage, clause, text, scene)
    if (every := _EVERY.search(text)) and not _NO_RHYTHM.match(text, every.end()):
        ask = f"{text[: every.start()]}多久{text[every.end() :]}"
        yield _fact("fact.every", "number", passage, clause, ask, scene, every["every"], 0.8)
    for year in list(_YEAR.finditer(text))[:2]:
        word = "什么时候" if "月" in year[0] else "哪一年"
        rest = text[year.end() :].lstrip()
        about = re.sub("(?:在|到)?$", "", text[: year.start()]) + word + rest
        yield _fact("fact.year", "number", passage, clause, about, scene, year[0], 0.66)
    if text.endswith(("的", "时", "后", "前")):  # a condition
        return
    yield from _members(passage, clause, text, scene)
    yield from _said(passage, clause, text, scene)


def _said(passage: Passage, clause: Span, text: str, scene: str) -> Iterator[Found]:
    """The one thing that a clause says, by the first of these shapes that fits."""
    if (by := _BY.fullmatch(text)) and not (
        re.match("是|指|即", by["what"])
        or re.search("根据|按照|依照|依据", by["who"])
        or _NO_ACT.match(by["act"])
        or re.search("[进执实施履]行$", by["who"])
    ):
        who = by["who"].removesuffix("另行")
        yield _fact("fact.by", "who", passage, clause, f"{by['what']}由谁{by['act']}", scene, who, 0.8)
    elif (first := _FIRST.fullmatch(text)) and not _DANGLING.search(first["who"]):
        yield _fact(
            "fact.first",
            "who",
            passage,
            clause,
            f"谁{first['first']}{first['act']}",
            "",
            _bare(first["who"]),
            0.66,
        )
    elif (post := _POST.fullmatch(text)) and not _DANGLING.search(post["who"]):
        ask, back = f"谁是{post['post']}", post["who"]
        if not _ACTS.search(post["who"]):
            ask, back = f"{post['who']}是什么", post["post"]
        yield _fact("fact.post", "who", passage, clause, ask, "", back, 0.7)
    elif (is_a := _MEANING.fullmatch(text)) and not _DANGLING.search(is_a["term"]):
        yield _meaning(passage, clause, is_a["term"], is_a["meaning"])
    elif (part := _PART.fullmatch(text)) and not (_DANGLING.search(part["whole"]) or "以" in part["whole"]):
        who = "谁" if part["whole"].endswith(("人", "者", "家", "东")) else "什么"
        yield _fact("fact.part", "norm", passage, clause, f"{part['whole']}是{who}", "", part["value"], 0.66)
    elif (
        (fact := _FACT.fullmatch(text))
        and not _DANGLING.search(fact["cue"])
        and len(fact["value"]) >= 2
        and not re.match("一?次", fact["value"])
        and not _TWO_VERBS.search(fact["cue"])
        and not _SECOND_VERB.search(fact["value"])
        and not (fact["verb"].startswith("报") and _ACTS.search(fact["value"]))
        and not _GENERAL.fullmatch(fact["value"])
        and not _OF_A_NAME.match(fact["value"])
        and not _of_another(fact["cue"], fact["verb"], fact["value"])
    ):
        if passage.ruled and not _MODAL.search(fact["cue"]) and not passage.terse:
            return
        ask, value = f"{fact['cue']}{fact['verb']}什么{fact['tail'] or ''}", fact["value"]
        if fact["verb"].startswith(("起着", "起到", "发挥")):
            ask, value = f"什么{fact['verb']}{value}", fact["cue"]
        yield _fact("fact.what", "norm", passage, clause, ask, scene, value, 0.58)
    elif (shown := _SHOWN.fullmatch(text)) and not _DANGLING.search(shown["cue"]):
        yield _fact(
            "fact.what", "norm", passage, clause, f"{shown['cue']}用什么表示", scene, shown["value"], 0.6
        )


def _of_another(cue: str, verb: str, value: str) -> bool:
    """Whether the verb belongs to a thing inside the clause: `因提供服务获得的数据`, `提供商品的经营者`."""
    word, kind = words(cue)[-1]
    if verb in _DONE_WITHIN and kind == "v" and len(word) > 1 and not _HELPS.search(word):
        return True
    return (
        kind == "p" or re.search("的[^的]*(?:者|人|机构|公司|单位|部门|活动|行为|过程)$", value) is not None
    )


def _meaning(passage: Passage, clause: Span, term: str, meaning: str) -> Found:
    """`贷款是最大的风险来源` tells what the largest source is, not what a loan is."""
    if _SUPERLATIVE.match(meaning):
        return _fact("fact.is", "definition", passage, clause, f"{meaning}是什么", "", term, 0.66)
    bare = _ADVERB.sub("", term)
    ask = f"什么是{term}" if bare == term else f"{term}是什么"
    return _fact("fact.is", "definition", passage, clause, ask, "", meaning, 0.66)


def _members(passage: Passage, clause: Span, text: str, scene: str) -> Iterator[Found]:
    if counted_list(text):  # the rule for lists asks for it better
        return
    mark = text.find("、")
    start = _behind(text, mark, _STRONG_LEADS)
    if start < 0:
        start = _behind(text, mark, _LEADS)
    if (
        mark < 0
        or start < 2
        or text[start] in "于的了着过"
        or (match := _MEMBERS.fullmatch(text, start)) is None
    ):
        return
    members = [part for part in re.split("、|以及|和|及(?!其)|与|或者|或", match["listed"]) if part]
    if (
        not 2 <= len(members) <= 10
        or (len(members) == 2 and not match["count"])
        or max(map(len, members)) > 12
    ):
        return
    whole = text[:start]
    if not _alike(members) or whole.endswith(_PLACED):
        return
    listed, rest = _without_tail(whole, match["listed"], match["rest"] or "", members)
    if not members[-1] or (_NO_WHOLE.search(whole) and not rest.startswith(("组成", "构成"))):
        return
    asked = f"哪{count_word(len(members))}项"
    if match["count"]:
        asked = f"哪{match['count'].removeprefix('这')}"
    elif rest.startswith("等") and len(rest) > 1:  # there are more than these
        asked, rest = "哪些", rest.removeprefix("等")
    ask = f"{whole}{asked}{rest}"
    few = len(members) <= 5
    back = listed if few else "\n".join(members)
    found = _fact("fact.members", "list", passage, clause, ask, scene, back, 0.72)
    yield found if few else _as_list(found)


def _without_tail(whole: str, listed: str, rest: str, members: list[str]) -> tuple[str, str]:
    """The members and what follows them, where the last one ran on: `以甲、乙为原则`, `甲和乙原则`."""
    tail = None
    if rest.startswith("的") and any("的" in member for member in members[:-1]):
        members[-1] += rest  # the last member's own words
        return f"{listed}{rest}", ""
    if not rest:
        kind = None if _KIND_OF_ALL.search(members[0]) else _KIND_OF_ALL.search(members[-1])
        tail = (_HELD_AS.search(members[-1]) if whole.endswith("以") else None) or kind
    if tail := tail or _DOING.search(listed):
        listed, rest = listed.removesuffix(tail[0]), f"{tail[0]}{rest}"
        members[-1] = members[-1].removesuffix(tail[0])
    if re.match("的(?:原则|要求|精神|方针|义务|职责|权利|责任)", rest):
        rest = rest[1:]
    return listed, rest


def _alike(members: Sequence[str]) -> bool:
    """Whether the first is of the kind of the others: `采取限制方式、金额` begins with a verb of its own."""
    if 0 < sum("的" in member for member in members[:-1]) < len(members) - 1:
        return False
    acts = [words(member)[0][1].startswith("v") for member in members]
    return acts[0] in acts[1:]


def _behind(text: str, mark: int, leads: tuple[str, ...]) -> int:
    """Where the last of the leading words before a mark ends."""
    places = [text.rfind(lead, 0, mark) + len(lead) for lead in leads if text.rfind(lead, 0, mark) >= 0]
    return max(places, default=-1)


def _as_list(found: Found) -> Found:
    return Found(
        found.rule, found.kind, found.span, found.asks, found.back, found.rank, "list", cue=found.cue
    )


def _figures(passage: Passage, clause: Span, text: str, scene: str) -> Iterator[Found]:
    """Every figure with its unit, asked by the words around it."""
    taken = [match.span() for match in (*_YEAR.finditer(text), *_EVERY.finditer(text))]
    figures = [
        *_FROM_TO.finditer(text), *_RANGE.finditer(text), *_SHARE.finditer(text), *_FIGURE.finditer(text)
    ]  # fmt: skip
    if len(figures) + len(taken) > _MOST_FIGURES:
        return
    for match in figures:
        start, end = match.span()
        if any(begin < end and start < stop for begin, stop in taken) or (
            text[max(0, start - 1) : start] in "第月届每" and start
        ):
            continue
        taken.append((start, end))
        if _SMALL_COUNT.match(text, start) or _COUNTS.match(text, start):
            continue
        around, rest = match["around"], text[end:]
        if match.re is _FROM_TO:
            around, rest = "", rest.removeprefix("的")
        ask = f"{text[:start]}多少{match['unit'] or ''}{around or ''}{rest}"
        yield _fact("fact.figure", "number", passage, clause, ask, scene, match[0], 0.64)


def _same(passage: Passage, sentence: Span) -> Iterator[Found]:
    for match in _SAME.finditer(sentence.text):
        before = _BEFORE_SAME.search(sentence.text[max(0, match.start() - 12) : match.start()])
        term = _bare(before[0]) if before else ""
        if len(term) < 2 or _DANGLING.search(term):
            continue
        span = sentence.cut(match.start() - len(term), match.end())
        ask = f"什么是{term}" if match["verb"] in ("即", "也就是", "指的是") else f"{term}{match['verb']}什么"
        yield _fact("fact.same", "definition", passage, span, ask, "", match["said"], 0.6)


def _bare(term: str) -> str:
    """The name behind the last verb before it."""
    cut = max(
        (term.rfind(lead) + len(lead) for lead in (*_LEADS, *_GETTING) if term.rfind(lead) >= 0),
        default=0,
    )
    return term[cut:] if len(term) - cut >= 2 else term


def _fact(
    rule: str, kind: FactKind, passage: Passage, span: Span, ask: str, scene: str, back: str, rank: float
) -> Found:
    if rule == "fact.figure":
        ask = ask.removeprefix("或者")
    bare = re.sub("^(?:并且?|而且?|但是?|其中|另外|此外|同时|因此|所以)(?=.{4})", "", ask.strip())
    dangling = _DANGLING.search(bare.removeprefix("什么是")) is not None
    open_ended = dangling or _OPEN.search(bare) is not None
    asks = [passage.ask(f"{bare}？")] if not scene or (len(bare) >= 7 and not open_ended) else []
    if scene:
        asks.append(passage.ask(f"{scene}{bare}？"))
    weak = dangling and not scene and not passage.label
    return Found(
        rule,
        kind,
        span,
        tuple(asks or [passage.ask(f"{bare}？")]),
        back.strip(),
        0.3 if weak else rank,
        cue=bare,
    )
