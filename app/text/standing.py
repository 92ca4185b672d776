"""A Chinese question must stand by itself: it gets the subject, the condition and the end that it needs."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from app.text.clauses import Span, clauses, sentences_to
from app.text.found import Found, Passage
from app.text.words import splits_word

_GAPPED: Final = frozenset(
    {"number", "often", "since", "fact.figure", "fact.every", "fact.year", "fact.by", "fact.what",
     "fact.whom", "fact.members", "fact.trait", "fact.sanction"}
)  # fmt: skip
_HEADLESS: Final = re.compile(
    "应(?![急付收])|须|必须|必要|不(?![动良同])|可以?(?!转债|疑|行)|需要?|并|且|在|于|自(?!然|营|律|有|主)|按(?!揭)|依|"
    "经(?![营纪济理常])|由|向|为|与|给|从(?!业)|对(?!手|冲|公)|将|把|约|多[少久]|哪|什么时候|达|超过|"
    "保存|直到|影响|能|会(?![计员议])|予|责令|处(?!置|理)|没收|报(?![告表酬])|交(?![易割])|提交|妥善|如实|及时|立即|同时|"
    "其|至少|最[多少长短高低迟晚]|[^，的]{0,4}(?:期限|期间)|有效期|金额|数额|比例|时间|费用|累计|逾期|情节|监管要求|"
    "每|规定|告知|会受到|标准|范围|对象|条件|依据|大约|读数|英文|简称|单位|但|而|也|还|又|则|就|这|那|它|此|该|他|她|上述|主要|一般|通常|均|都|方可|才能|并处|给予|采取"
)
_POINTS: Final = re.compile("其(?![他中余实])|(?<![应活])该|此(?![外后])|它|上述|前款|前项")
_OPENING: Final = re.compile("(?:这|那|它|其(?![他中余])|此(?!外)|该|他|她|上述|也|都|就)")
_UNFINISHED: Final = re.compile(
    "(?:[日月年时天周度](?:内|起)|之内|以内|[前后]|日起|时起|期间|情况下|基础上|前提下|过程中|范围内|条件下|哪些(?:方式|手段|形式|途径)|(?:按照|依照|根据)[^，]{0,28}(?:规定|要求|约定|标准|程序)|的|[^学课工小临按]时|[^以]外)$"
)
_SUBJECT: Final = re.compile(
    "(?P<subject>[^，。；：]{2,24}?)(?:依法|统一|均|都|还)?(?=(?<![相适反对响])应当?(?![急付收])|必须|须|不得|不可|可以|需要?|负责|有权)"
)
_TOPIC: Final = re.compile("(?P<subject>[^，。；：是为]{2,16}?)(?:实质上|本质上)?(?:是|指|由|在|于)")
_PRONOUN: Final = re.compile("(?:它们?|其)(?![他中余实])")
_CONDITION: Final = re.compile("[^，。；：]{4,40}(?:的|之一)$")
_CONTINUED: Final = re.compile("(?:没)?有违法所得|违法所得|情节|逾期|拒不|仍|造成|构成|无法|未|对|处|并|期限")
_OF_A_THING: Final = re.compile("(?:应当|必须|可以|不得|应)[^，的]{1,12}的[^，的]{1,10}$")
_RULES: Final = re.compile("[^，]{0,16}?(?:(?<![相适反对响])应当|必须|不得|可以|有权|不予|责令|禁止)|由(?:国务院|人民)")
_GRADE: Final = re.compile("情节|逾期|拒不|造成|构成犯罪|没有违法所得|违法所得|涉及金额|[^，]{0,6}不足")
_ONE_OF: Final = re.compile("(?:下列|以下)(?P<what>[^，。；]{1,6})之一")
_HOLDS_FOR: Final = re.compile("^(?:对于?|关于|凡)|(?:的|[^同平临及按小学课]时|[以之]?[后前]|外|情况下)$")
_COUNTED: Final = re.compile(".*(?:^|[：；，。])[一二三四五六七八九]是")
_INNER: Final = str.maketrans("“”", "‘’")
_LONGEST_ITEM: Final = 24
_LONGEST, _LONGEST_HEAD, _LONGEST_END, _NEAR, _BARE, _SHORT, _LEAST = 110, 72, 40, 3, 5, 9, 3


def standing(passage: Passage, found: Found) -> Found | None:
    """The find with a front that needs nothing from around it, or None where it cannot have one."""
    if not passage.chinese:
        return found
    if found.rule in ("ban", "norm"):
        return _duty(passage, found)
    if found.rule == "who" and (at := _Place.of(passage, found.span)) and at.leads_to_rule:
        return None
    if found.rule not in _GAPPED:
        return found
    place = _Place.of(passage, found.span)
    gapped = _gapped(passage, found)
    if place is None or not gapped:
        return found
    return _completed(passage, found, place, gapped)


def _completed(passage: Passage, found: Found, place: "_Place", gapped: str) -> Found | None:
    if found.rule in ("fact.what", "fact.members") and place.leads_to_rule:
        return None
    body = gapped + place.end(gapped)
    loose = _HEADLESS.match(body) or _POINTS.search(body) or len(gapped) <= _SHORT
    loose = loose or place.continues(body) or place.conditional
    short = place.headed(passage, body, gapped.endswith("的")) if loose else body
    if short is None:
        return None
    if not place.head and len(re.sub("多少.?|几", "", gapped)) < _LEAST:
        return None
    short = short.removesuffix("的") if len(short) > _SHORT else short
    short, long = (_by_item(passage, ask) for ask in (short, f"{place.head}{body}"))
    said = [ask for ask in dict.fromkeys((short, long)) if len(ask) <= _LONGEST]
    asks = tuple(passage.ask(f"{ask.rstrip('：:')}？") for ask in said)
    return replace(found, asks=asks) if asks else None


def _by_item(passage: Passage, ask: str) -> str:
    """`下列行为之一` by the first of them: another list of deeds has another sanction."""
    found = _ONE_OF.search(ask)
    if found is None:
        return ask
    short = [item for item in passage.items if len(item) <= _LONGEST_ITEM]
    if not short:
        return f"{ask[: found.start()]}规定的{ask[found.start('what') :]}"
    what = found["what"].removesuffix("的")
    many = f"等{_count(len(passage.items))}种{what}之一" if len(passage.items) > 1 else f"的{what}"
    first = short[0].removesuffix("的").translate(_INNER)
    return f"{ask[: found.start()]}“{first}”{many}{ask[found.end() :]}"


def _count(number: int) -> str:
    return "零一两三四五六七八九十"[number] if number <= 10 else str(number)


class _Place:
    """A clause among the others of its sentence."""

    def __init__(
        self, text: str, parts: Sequence[Span], index: int, before: Sequence[Span], joined: Sequence[Span]
    ):
        self._parts, self._index, self._before, self._joined = parts, index, before, joined
        head = text[: parts[index].start - parts[0].start] if index else ""
        counted = _COUNTED.match(head)
        self.head = head[counted.end() :] if counted else head

    @classmethod
    def of(cls, passage: Passage, span: Span) -> "_Place | None":
        near = sentences_to(passage.span, span.start, _NEAR)
        if not near:
            return None
        sentence = near[-1]
        parts = [part for part in clauses(sentence) if part.text]
        index = next((at for at, part in enumerate(parts) if span.start < part.end), None)
        if index is None or parts[index].start != span.start or span.end > parts[index].end:
            return None
        return cls(sentence.text, parts, index, near[:-1], cls._joined_to(passage, near))

    @staticmethod
    def _joined_to(passage: Passage, near: Sequence[Span]) -> list[Span]:
        """The sentences before the last that semicolons join to it, the nearest first."""
        joined = []
        for before, sentence in zip(near[-2::-1], near[:0:-1], strict=True):
            between = passage.span.text[before.end - passage.span.start : sentence.start - passage.span.start]
            if "；" not in between:
                break
            joined.append(before)
        return joined

    @property
    def conditional(self) -> bool:
        """Whether a clause before says when or for what this one holds."""
        before = (part.text for part in self._parts[: self._index])
        return any(_HOLDS_FOR.search(text) for text in before)

    @property
    def leads_to_rule(self) -> bool:
        """Whether the clause, no rule itself, only says for whom or when a later one holds."""
        here, after = self._parts[self._index].text, self._parts[self._index + 1 :]
        return not _RULES.search(here) and any(_RULES.match(part.text) for part in after)

    def goes_on(self) -> bool:
        """Whether the next clause says how it is with what this one names: `应当交纳的保费，按照…计算`."""
        after = self._parts[self._index + 1 : self._index + 2]
        return any(re.match("按照?|依照?|由|为|是|自|在|不|应|可", part.text) for part in after)

    def end(self, body: str) -> str:
        """What a clause that only says when or how long leads to."""
        more = ""
        for part in self._parts[self._index + 1 :]:
            begun = len(body) <= _BARE and not more
            begun = begun or (
                not more and re.match("对于?(?!手|方)|关于", self._parts[self._index].text) is not None
            )
            begun = begun or (not more and re.match("[是即为]", part.text) is not None)
            begun = begun or (self.leads_to_rule and not _RULES.search(f"{body}{more}"))
            if not (begun or _UNFINISHED.search(f"{body}{more}")) or len(more) > _LONGEST_END:
                break
            more += f"，{part.text.rstrip('。：')}"
        return more

    def continues(self, body: str) -> bool:
        """Whether the condition of the sentence before a semicolon holds here too."""
        return bool(self._condition() and _CONTINUED.match(f"{self.head}{body}"))

    def _condition(self) -> str:
        """The nearest that the others grade: not `情节严重的`, but what was done."""
        for sentence in self._joined:
            parts = [part.text for part in clauses(sentence)]
            end = next((at for at, part in enumerate(parts) if _CONDITION.fullmatch(part)), None)
            if end is not None and not _GRADE.match(parts[0]):
                return "".join(f"{part}，" for part in parts[: end + 1])
        return ""

    def headed(self, passage: Passage, body: str, condition: bool = False) -> str | None:
        """The body with what it needs before it; None where that is not to be had."""
        start = f"{self.head}{body}"
        if self.continues(body):
            return f"{self._condition()}{start}"
        if pronoun := _PRONOUN.match(start):
            topic = topic_of(self._before)
            return f"{topic}{start[pronoun.end() :]}" if topic else None
        if self._index:
            head = self.head if len(self.head) <= _LONGEST_HEAD else self._near_head()
            if _OPENING.match(head) and not passage.label:
                return None
            return f"{self.subject() if _HEADLESS.match(head) and self._joined else ''}{head}{body}"
        if self._joined and not condition and not _OPENING.match(body) and self.subject():
            return f"{self.subject()}{body}"
        if _OPENING.match(body) or _POINTS.search(body):
            return None
        return body if passage.label or not re.match("应|须|不得|并|且|可以", body) else None

    def _near_head(self) -> str:
        parts = [part.text for part in self._parts[max(0, self._index - 2) : self._index]]
        return "".join(f"{part}，" for part in parts)

    def subject(self) -> str:
        """Who acts in the sentences before, the nearest first."""
        for sentence in reversed(self._before):
            for clause in clauses(sentence):
                found = _SUBJECT.match(clause.text)
                if found and not _HEADLESS.match(found["subject"]):
                    return found["subject"]
        return ""


def _gapped(passage: Passage, found: Found) -> str:
    """The clause with its gap, as the rule made it, without label and scene."""
    if found.rule.startswith("fact."):
        return found.cue
    body = found.asks[0].removeprefix(f"{passage.label}：").rstrip("？")
    begin = found.span.text[: max(0, found.span.text.find(found.back))]
    at = body.rfind(begin) if begin else max(body.find("多少"), body.find("几分之几"))
    return body[max(at, 0) :]


def topic_before(passage: Passage, place: int) -> str:
    """What the sentence before a place of the passage is about."""
    return topic_of(sentences_to(passage.span, place, _NEAR)[:-1])


def topic_of(before: Sequence[Span]) -> str:
    for sentence in reversed(before):
        found = _TOPIC.match(sentence.text) or _SUBJECT.match(sentence.text)
        if found and not _HEADLESS.match(found["subject"]):
            return found["subject"]
    return ""


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


def _duty(passage: Passage, found: Found) -> Found | None:
    place = _Place.of(passage, found.span)
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
    if re.match("不能|可(?!以)|能", said) and _CONDITION_END.search(said):
        return None
    if _OF_A_THING.match(said) and place.goes_on():
        return None
    if re.search("的(?:其他|其它)?(?:情形|行为|事项|机构|人员)$|^应当遵守本", said):
        return None
    if said.startswith("需要") and re.search("为|因|根据|由于", clause[: max(at, 0)]):
        return None
    if _ONLY_FIGURE.fullmatch(said):  # the figure is asked for by itself
        return None
    if _UNFINISHED.search(said):
        back += place.end(said)
        if back == found.back or len(back) > _LONGEST:
            return None
    found = replace(found, back=back)
    if found.note_kind == "reverse" and _BODIES.search(found.reverse_back):
        found = replace(found, note_kind="basic", reverse_ask="", reverse_back="")
    subject = clause[:at] if at > 0 else ""
    needs = not subject or _ADVERB_ONLY.fullmatch(subject) or _HEADLESS.match(subject)
    if place.head and not passage.terse and (needs or place.head[:4] not in found.asks[0]):
        return _asked_whole(passage, found, place, f"{subject}{_verb(said)}")
    return _narrowed(passage, found)


def _narrowed(passage: Passage, found: Found) -> Found:
    """What `从业人员应怎样？` asks is too much: such a question begins the answer, or asks for its object."""
    asks = tuple(_TORN_TIME.sub("", ask) for ask in found.asks)
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
    narrow = [ask for ask in narrow if not _NO_BEGINNING.search(ask) and not _begun_in_word(found, ask)]
    if verb := _VERB_FIRST.match(found.back):
        narrow.insert(0, passage.ask(f"{subject}{verb[0]}……？"))
    if not narrow:
        return replace(found, rank=min(found.rank, _VAGUE))
    return replace(found, asks=(*narrow, found.asks[0]))


def _begun_in_word(found: Found, ask: str) -> bool:
    begun = re.search("([^，：]{1,6})……？$", ask)
    at = found.span.text.find(begun[1]) if begun else -1
    return begun is not None and at >= 0 and splits_word(found.span.text, at + len(begun[1]))


def _verb(said: str) -> str:
    if re.match("[不严禁忌勿避切请]|决不|绝不|谢绝|杜绝", said):
        marker = re.match("不得|不准|不应|不可|严禁|禁止|不能|不要|不予", said)
        return f"{marker[0]}怎样" if marker else "不可怎样"
    return "可以怎样" if re.match("可|不妨|有权", said) else "应怎样"


def _asked_whole(passage: Passage, found: Found, place: "_Place", verb: str) -> Found:
    headed = place.headed(passage, verb)
    if headed is None or len(headed) > _LONGEST_HEAD:
        return found
    return replace(found, asks=(passage.ask(f"{headed}？"), *found.asks))
