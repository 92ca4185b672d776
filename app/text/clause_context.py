"""A Chinese clause among the others of its sentence: its conditions, its subject and where it leads."""

import re
from collections.abc import Sequence
from typing import Final

from app.text.clauses import Span, clauses, sentences_to
from app.text.found import Passage

HEADLESS: Final = re.compile(
    "应(?![急付收])|须|必须|必要|不(?![动良同])|可以?(?!转债|疑|行)|需要?|并|且|在|于|自(?!然|营|律|有|主)|按(?!揭)|依|"
    "经(?![营纪济理常])|由|向|为|与|给|从(?!业)|对(?!手|冲|公)|将|把|约|多[少久]|哪|什么时候|达|超过|"
    "保存|直到|影响|能|会(?![计员议])|予|责令|处(?!置|理)|没收|报(?![告表酬])|交(?![易割])|提交|妥善|如实|及时|立即|同时|"
    "其|至少|最[多少长短高低迟晚]|[^，的]{0,4}(?:期限|期间)|有效期|金额|数额|比例|时间|费用|累计|逾期|情节|监管要求|"
    "每|规定|告知|会受到|标准|范围|对象|条件|依据|大约|读数|英文|简称|单位|但|而|也|还|又|则|就|这|那|它|此|该|他|她|上述|主要|一般|通常|均|都|方可|才能|并处|给予|采取"
)
POINTS: Final = re.compile("其(?![他中余实])|(?<![应活])该|此(?![外后])|它|上述|前款|前项")
_OPENING: Final = re.compile("(?:这|那|它|其(?![他中余])|此(?!外)|该|他|她|上述|也|都|就)")
UNFINISHED: Final = re.compile(
    "(?:[日月年时天周度](?:内|起)|之内|以内|[前后]|日起|时起|期间|情况下|基础上|前提下|过程中|范围内|条件下|哪些(?:方式|手段|形式|途径)|(?:按照|依照|根据)[^，]{0,28}(?:规定|要求|约定|标准|程序)|的|[^学课工小临按]时|[^以]外)$"
)
_SUBJECT: Final = re.compile(
    "(?P<subject>[^，。；：]{2,24}?)(?:依法|统一|均|都|还)?(?=(?<![相适反对响])应当?(?![急付收])|必须|须|不得|不可|可以|需要?|负责|有权)"
)
_TOPIC: Final = re.compile("(?P<subject>[^，。；：是为]{2,16}?)(?:实质上|本质上)?(?:是|指|由|在|于)")
_PRONOUN: Final = re.compile("(?:它们?|其)(?![他中余实])")
_CONDITION: Final = re.compile("[^，。；：]{4,40}(?:的|之一)$")
_CONTINUED: Final = re.compile("(?:没)?有违法所得|违法所得|情节|逾期|拒不|仍|造成|构成|无法|未|对|处|并|期限")
_RULES: Final = re.compile(
    "[^，]{0,16}?(?:(?<![相适反对响])应当|必须|不得|可以|有权|不予|责令|禁止)|由(?:国务院|人民)"
)
_GRADE: Final = re.compile("情节|逾期|拒不|造成|构成犯罪|没有违法所得|违法所得|涉及金额|[^，]{0,6}不足")
_HOLDS_FOR: Final = re.compile("^(?:对于?|关于|凡)|(?:的|[^同平临及按小学课]时|[以之]?[后前]|外|情况下)$")
_COUNTED: Final = re.compile(".*(?:^|[：；，。])[一二三四五六七八九]是")
_LONGEST_HEAD, _LONGEST_END, _NEAR, _BARE = 72, 40, 6, 5


class ClauseContext:
    """A clause among the others of its sentence."""

    def __init__(
        self, text: str, parts: Sequence[Span], index: int, before: Sequence[Span], joined: Sequence[Span]
    ):
        self._parts, self._index, self._before, self._joined = parts, index, before, joined
        head = text[: parts[index].start - parts[0].start] if index else ""
        counted = _COUNTED.match(head)
        self.head = head[counted.end() :] if counted else head

    @classmethod
    def of(cls, passage: Passage, span: Span) -> "ClauseContext | None":
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

    @property
    def followed(self) -> bool:
        """Whether more clauses follow this one in its sentence."""
        return self._index + 1 < len(self._parts)

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
            if not (begun or UNFINISHED.search(f"{body}{more}")) or len(more) > _LONGEST_END:
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
            return f"{self.subject() if HEADLESS.match(head) and self._joined else ''}{head}{body}"
        if self._joined and not condition and not _OPENING.match(body) and self.subject():
            return f"{self.subject()}{body}"
        if _OPENING.match(body) or POINTS.search(body):
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
                if found and not HEADLESS.match(found["subject"]):
                    return found["subject"]
        return ""


def topic_before(passage: Passage, place: int) -> str:
    """What the sentence before a place of the passage is about."""
    return topic_of(sentences_to(passage.span, place, _NEAR)[:-1])


def topic_of(before: Sequence[Span]) -> str:
    for sentence in reversed(before):
        found = _TOPIC.match(sentence.text) or _SUBJECT.match(sentence.text)
        if found and not HEADLESS.match(found["subject"]):
            return found["subject"]
    return ""
