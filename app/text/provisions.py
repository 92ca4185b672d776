"""Provisions of a regulation: who must, may or must not do what, under which condition, to the end."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from app.text.clauses import Span, clauses, sentences
from app.text.duty_fronts import OF_A_THING
from app.text.found import Found, Passage

_MODAL: Final = re.compile(
    "(?<![相适反对响供呼])应当|必须|不得|(?<!所)可以|有权|严禁|禁止|不予|应(?=予以|依法|及时|立即|如实)"
)
_ASKED: Final = {
    "应当": "应怎样", "应": "应怎样", "必须": "必须怎样", "不得": "不得怎样", "可以": "可以怎样",
    "有权": "有权怎样", "严禁": "严禁怎样", "禁止": "禁止怎样", "不予": "会怎样",
}  # fmt: skip
_HOLDS: Final = re.compile(
    "(?:的|[^同平临及按小学课]时|[以之]?[后前]|外|情况下|过程中|期间|起|[内中])$|^(?:对于?|关于|凡|在|除|自|因|按照|依照|根据|经|未经|为)"
)
_GRADES: Final = re.compile("对|情节|逾期|拒不|仍|造成|构成|无法")  # of the condition before the semicolon
_JOINS: Final = re.compile("^(?:并且?|且|也|还|同时|不得|但是?|其|该|由)")
_BY_WHAT: Final = re.compile(
    "(?:应当|必须)(?:(?:按照|依照|根据)[^，]{2,28}(?:规定|要求|约定|标准|程序|办法|上下限|比例|期限|原则|方式|计划)|(?:在|自|于)[^，]{2,24}(?:内|中|前|后|时|起))"
)
_LEAST_BACK, _MOST_BACK, _MOST_FRONT, _LEAST_HEAD = 6, 60, 90, 6


def provisions(passage: Passage) -> Iterator[Found]:
    if not passage.chinese or passage.lead:
        return
    for sentence in sentences(passage.span):
        at = sentence.start - passage.span.start
        joined = passage.span.text[max(0, at - 4) : at].rstrip().endswith("；")
        grades = joined and _GRADES.match(sentence.text)
        if not grades and not sentence.text.endswith(("：", ":")):
            yield from _provision(passage, sentence, [part for part in clauses(sentence) if part.text])


def _provision(passage: Passage, sentence: Span, parts: Sequence[Span]) -> Iterator[Found]:
    modals = [_first_modal(part.text) for part in parts]
    ruling = [at for at, modal in enumerate(modals) if modal]
    if not ruling or not (modal := modals[ruling[0]]):
        return
    at, stop = ruling[0], ruling[1] if len(ruling) > 1 else len(parts)
    head, subject = parts[:at], parts[at].text[: modal.start()]
    said = parts[at].text[modal.start() :].rstrip("。：")
    more = [part.text.rstrip("。：") for part in parts[at + 1 : stop]]
    front = "".join(f"{part.text}，" for part in head) + subject + _ASKED[modal[0]]
    back = "，".join([said, *more])
    by_what = more and not head and not _HOLDS.search(subject) and _BY_WHAT.fullmatch(said)
    if by_what:
        front, back, subject = f"{subject}{said}，做什么", "，".join(more), f"{subject}{said}时"
    if not all(map(_is_condition, head[:-1])) or (OF_A_THING.match(said) and not by_what):
        return
    if _is_told(head, subject, back, front):
        span = sentence.cut(parts[at].start - sentence.start, parts[stop - 1].end - sentence.start)
        yield Found("provision", "norm", span, (passage.ask(f"{front}？"),), back, 0.82, cue=subject or front)


def _first_modal(text: str) -> re.Match[str] | None:
    """The modal of a clause that rules; `不予配合的` only says when."""
    return None if text.endswith(("的", "时", "后")) else _MODAL.search(text)


def _is_condition(part: Span) -> bool:
    return _HOLDS.search(part.text) is not None


def _is_told(head: Sequence[Span], subject: str, back: str, front: str) -> bool:
    """Whether the question says enough to have this one answer."""
    if not _LEAST_BACK <= len(back) <= _MOST_BACK or len(front) > _MOST_FRONT:
        return False
    held = sum(len(part.text) for part in head) + (len(subject) if _HOLDS.search(subject) else 0)
    return held >= _LEAST_HEAD and not _JOINS.match(head[0].text if head else subject)
