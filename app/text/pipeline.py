"""All rules over one text: candidates in reading order, each with an id that stays and a front of its own."""

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.core.notes import NoteDraft, NoteKind, Source
from app.core.passages import Mark
from app.text.clauses import Span, clauses, sentences
from app.text.cover import Cover
from app.text.definitions import definitions
from app.text.duties import duties
from app.text.duties_en import duties_en
from app.text.emphasis import FOLLOWING, bold_words, named_items, short_lists
from app.text.examples import answered, asked_lists, headed_questions, stories, without_questions
from app.text.facts import facts
from app.text.facts_en import facts_en
from app.text.found import FactKind, Found, Passage, Rule, label_of, mostly_chinese
from app.text.lists import child_headings, counted_lists, inline_lists, led_items, led_lists
from app.text.normalise import is_chinese
from app.text.outline import Outline, Paragraph, Section, outline
from app.text.pairs import called_pairs, glossary, quoted_pairs, table
from app.text.particulars import numbers, orders, permissions, purposes, responsibilities, roles
from app.text.placed import Placed
from app.text.prose import effects, parallels
from app.text.provisions import provisions
from app.text.statutes import statutes
from app.text.taste import tasteful
from app.text.titled import titled
from app.text.wording import by_name, defines_each, mended, named_part, says_nothing, telling

RULES: Final[tuple[Rule, ...]] = (
    quoted_pairs, called_pairs, definitions, counted_lists, inline_lists, orders, numbers, responsibilities,
    roles, permissions, purposes, duties, duties_en, parallels, effects,
)  # fmt: skip
LATER_RULES: Final[tuple[Rule, ...]] = (facts, facts_en, bold_words, statutes, provisions)
LEAST_RANK: Final = 0.5  # what ranks lower waits for a person to ask for it

_INSTRUCTS: Final = re.compile(
    "礼仪|规范|规则|须知|守则|要领|步骤|姿|流程|注意|方法|要求|规定|制度|操作|指南|常识|办法|条例|准则|技巧|禁忌|行为|纪律|安全|"
    r"\b(?:rules?|etiquette|guide|guidelines?|procedures?|policy|how to|steps|conduct|manners|"
    r"instructions?|requirements?|safety|service|do's|don'ts|duties)\b",
    re.IGNORECASE,
)
_DUTY_SIGN: Final = re.compile(
    "不可|不要|不能|不得|不应|不宜|切忌|忌|切勿|严禁|禁止|避免|应|必须|须|需|"
    r"\b(?:must|should|never|shall|do not|don't|always|avoid|may not|cannot)\b",
    re.IGNORECASE,
)
_LABELLED: Final = re.compile("(?:^|(?<=[。；]))(?P<label>[^，。；：“”？ ]{1,8})：(?=.)")
_NOT_A_LABEL: Final = re.compile(
    "(?:包括|有|如|注意|如下|为|是|例如|问|答|说|方面|以下|有关|[有为成分][两二三四五六七八九十][大个种类项点条步层级].{0,5})$"
)
_ALONE: Final = frozenset({"pair.quoted", "pair.called", "list.counted"})  # nothing else reads these words
_TELLS_ITSELF: Final = re.compile("[和与及、]")  # a title that names its parts asks nothing
_LONG_ANSWER: Final = 18
_QUIET: Final = frozenset({"parallel", "effect"})  # these repeat, in other words, what steps say singly
_FILLER: Final = re.compile(r"[\s，。、；：？！“”‘’（）()《》,.;:?!\"'…·—-]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible card: `front` is settled, so that no two candidates of a text ask the same."""

    id: str
    rule: str
    kind: FactKind
    note_kind: NoteKind
    front: str
    back: str  # list members one a line
    note: str
    reverse_front: str
    reverse_back: str
    cue: str
    section: tuple[str, ...]
    start: int  # in the decoded text
    end: int
    rank: float
    more: tuple[tuple[int, int], ...] = ()  # further places, in the decoded text


def candidates(
    decoded: str, marks: Sequence[Mark] = (), *, fresh: bool = False
) -> tuple[Outline, list[Candidate]]:
    """Everything the rules find; the same text gives the same candidates.

    `fresh` adds the rules and the taste that came after the shipped decks, and lets the id of a list of
    headings hang on its words, so that it stays when the text between them grows. People have learnt with the
    shipped cards under their ids: those stay as they are.
    """
    shape = outline(decoded, marks)
    found = [
        (section, each)
        for section in shape.sections()
        for each in (_fresh_in(section, shape) if fresh else _in_section(section))
    ]
    found.sort(key=lambda pair: pair[1].span.start)
    return shape, list(_settled(shape, found, fresh))


def draft(candidate: Candidate, document: str) -> NoteDraft:
    fields = {"front": candidate.front}
    if candidate.note_kind == "list":
        fields["items"] = candidate.back
    else:
        fields["back"] = candidate.back
    if candidate.note:
        fields["note"] = candidate.note
    if candidate.note_kind == "reverse":
        fields |= {"reverse_front": candidate.reverse_front, "reverse_back": candidate.reverse_back}
    fields = {name: unicodedata.normalize("NFC", value) for name, value in fields.items()}
    source = Source(document, candidate.section, candidate.start, candidate.end, candidate.rule)
    return NoteDraft(candidate.id, candidate.note_kind, fields, (), source)


def flat(text: str) -> str:
    """What is left of a text when marks and blanks go: how fronts are compared."""
    return _FILLER.sub("", text).casefold()


def _in_section(section: Section) -> Iterator[Found]:
    ruled, terse = _gives_rules(section), _is_terse(section)
    passages = [(paragraph, _passage(section, paragraph, ruled, terse)) for paragraph in section.paragraphs]
    rows = [passage for paragraph, passage in passages if paragraph.kind == "row"]
    yield from table(rows)
    prose = [pair for pair in passages if pair[0].kind != "row"]
    asked = [*headed_questions(section, prose), *answered(prose)]
    prose = list(without_questions(prose))
    entries = list(glossary(prose))
    yield from asked
    yield from entries
    yield from child_headings(section, prose)
    yield from led_lists(prose)
    yield from stories(section, prose)
    taken = {entry.span.start for entry in entries}
    for _, passage in prose:
        for part in _labelled(passage):
            yield from _without_echoes(_by_rules(part, passage.span.start in taken))


def _fresh_in(section: Section, shape: Outline) -> Iterator[Found]:
    """The same with the rules that came later, and only what is worth offering."""
    for each in _offered_in(section, _fresh_passages(section, shape)):
        yield by_name(each, shape.document)


def _fresh_passages(section: Section, shape: Outline) -> list[tuple[Paragraph, Passage]]:
    ruled, terse = _gives_rules(section), _is_terse(section)
    lists = led_items(section.paragraphs)
    leads = {at: section.paragraphs[lead].span.text for lead, items in lists.items() for at in items}
    passages = []
    for at, paragraph in enumerate(section.paragraphs):
        read = _passage(section, paragraph, ruled, terse)
        passage = replace(
            read,
            label=telling(read.label, section.title),
            bold=_inside(paragraph.span, shape.bold),
            items=tuple(section.paragraphs[item].span.text.rstrip("；;。. ") for item in lists.get(at, ())),
            lead=leads.get(at, ""),
        )
        passages.append((paragraph, passage))
    return passages


def _offered_in(section: Section, passages: Sequence[tuple[Paragraph, Passage]]) -> Iterator[Found]:
    yield from map(mended, table([passage for paragraph, passage in passages if paragraph.kind == "row"]))
    prose = [pair for pair in passages if pair[0].kind != "row"]
    questions = [*headed_questions(section, prose), *answered(prose), *asked_lists(section, prose)]
    asked = list(map(mended, questions))
    answers = Placed((span, flat(each.back)) for each in asked for span in (each.span, *each.more))
    prose = list(without_questions(prose))
    items = all(paragraph.kind == "item" for paragraph, _ in prose)
    explained = glossary(prose, least=1 if items else 2)
    entries = [mended(each) for each in explained if not FOLLOWING.search(each.cue)]
    yield from asked
    yield from entries
    names = list(named_items(section, prose))
    named = {each.span.start for each in names}
    headings = {heading.title for heading in section.children}
    led = (each for each in short_lists(led_lists(prose)) if each.span.start not in named)
    led = (each for each in led if not set(map(named_part, each.back.splitlines())) & headings)
    led = (each for each in led if not defines_each(each.back))
    lists = list(map(mended, [*names, *led]))
    yield from lists
    told = list(map(mended, titled(section, prose)))
    yield from told
    parts = [] if _TELLS_ITSELF.search(section.title) else child_headings(section, prose)
    yield from (each for each in parts if not _asks_or_says_nothing(each.back))
    yield from stories(section, prose)
    taken = {entry.span.start: flat(entry.back) for entry in entries}
    listed = {span.start for each in lists for span in each.more} | {each.span.start for each in told}
    for _, passage in prose:
        start = passage.span.start
        for part in _labelled(passage):
            found = list(_without_echoes(_by_rules(part, start in taken)))
            more = [each for rule in LATER_RULES for each in rule(part)]
            if start in taken:
                more = [
                    each
                    for each in more
                    if each.kind in ("number", "who", "list") and flat(each.back) != taken[start]
                ]
            if start in listed:
                found = [each for each in found if each.kind != "step"]
            yield from _unanswered(tasteful(part, [*found, *more]), answers)


def _asks_or_says_nothing(headings: str) -> bool:
    return headings.endswith(("？", "?")) or any(map(says_nothing, headings.splitlines()))


def _unanswered(found: Iterable[Found], answers: Placed) -> Iterator[Found]:
    """Without what the answer to a question of the text's own already says there."""
    for each in found:
        back = flat(each.back)
        counts = each.kind in ("number", "who", "list")
        telling_one = each.rule.startswith("fact.")
        if mostly_chinese(back) and any(
            back in answer
            and (back == answer or not (counts or (telling_one and len(answer) > _LONG_ANSWER)))
            for answer in answers.at(each.span.start)
        ):
            continue
        yield each


def _inside(span: Span, bold: Sequence[Span]) -> tuple[Span, ...]:
    begin = bisect_left(bold, span.start, key=lambda word: word.start)
    end = bisect_left(bold, span.end, key=lambda word: word.start)
    return tuple(bold[begin:end])


def _passage(section: Section, paragraph: Paragraph, ruled: bool, terse: bool) -> Passage:
    label = label_of(section.title)
    if paragraph.topic and not _DUTY_SIGN.search(paragraph.topic):
        topic = label_of(paragraph.topic)
        label = topic if not label or label in topic or len(label) > 10 else f"{label}·{topic}"
    chinese = mostly_chinese(paragraph.span.text)
    return Passage(paragraph.span, label, paragraph.topic, section.path, chinese, ruled, terse)


def _labelled(passage: Passage) -> Iterator[Passage]:
    """A paragraph of `label: …; label: …` read as one passage a label."""
    marks = [
        match for match in _LABELLED.finditer(passage.span.text) if not _NOT_A_LABEL.search(match["label"])
    ]
    if (
        not passage.chinese
        or not marks
        or (len(marks) == 1 and marks[0].start() > 0 and len(marks[0]["label"]) > 5)
    ):
        yield passage
        return
    if marks[0].start() > 0:
        yield replace(passage, span=passage.span.cut(0, marks[0].start()))
    for place, mark in enumerate(marks):
        end = marks[place + 1].start() if place + 1 < len(marks) else len(passage.span.text)
        label = passage.label.split("·")[0]
        yield replace(
            passage,
            span=passage.span.cut(mark.end(), end),
            label=f"{label}·{mark['label']}" if label else mark["label"],
        )


def _gives_rules(section: Section) -> bool:
    pieces = [piece for paragraph in section.paragraphs for piece in sentences(paragraph.span)]
    if not pieces:
        return False
    length = sum(_reading_length(piece.text) for piece in pieces) / len(pieces)
    duty = sum(bool(_DUTY_SIGN.search(piece.text)) for piece in pieces) / len(pieces)
    if _INSTRUCTS.search(section.title) and length <= 60:
        return True
    return (length <= 30 and any(map(_INSTRUCTS.search, section.path))) or (length <= 42 and duty >= 0.34)


def _is_terse(section: Section) -> bool:
    pieces = [
        clause.text
        for paragraph in section.paragraphs
        for sentence in sentences(paragraph.span)
        for clause in clauses(sentence)
    ]
    return bool(pieces) and sum(map(_reading_length, pieces)) <= 12 * len(pieces)


def _reading_length(text: str) -> int:
    return len(text) if any(map(is_chinese, text)) else 2 * len(text.split())


def _by_rules(passage: Passage, is_entry: bool) -> list[Found]:
    found = [each for rule in RULES for each in rule(passage)]
    if is_entry:
        return [each for each in found if each.kind in ("ban", "number", "order", "who")]
    return found


def _without_echoes(found: Sequence[Found]) -> Iterator[Found]:
    """A general rule is silent where a more telling one has spoken about the same words."""
    pairs = Cover(each.span for each in found if each.rule in _ALONE)
    telling = Cover(
        each.span for each in found
        if each.rule not in _QUIET
        and (each.kind in (
            "definition"
        , "list", "order", "purpose", "who") or each.rule in ("number", "since"))
    )  # fmt: skip
    defined = Cover(each.span for each in found if each.rule == "definition" and len(each.span.text) <= 40)
    seen: set[tuple[int, str, str, str]] = set()
    for each in found:
        if each.rule not in _ALONE and pairs.touches(each.span):
            continue
        if each.rule == "norm" and defined.touches(each.span):
            continue
        if each.kind == "step" and telling.touches(each.span):
            continue
        key = (each.span.start, flat(each.back), each.kind, each.note_kind)
        if key not in seen:
            seen.add(key)
            yield each


def _settled(shape: Outline, found: Iterable[tuple[Section, Found]], fresh: bool) -> Iterator[Candidate]:
    used: set[str] = set()
    repeated: Counter[str] = Counter()
    met: Counter[tuple[str, str]] = Counter()
    found = list(found)
    shared = Counter(flat(each.asks[0]) for _, each in found if each.asks)
    for section, each in found:
        words = each.key if fresh and each.key else each.span.text
        met[each.rule, words] += 1
        identity = f"{each.rule}\n{words}\n{met[each.rule, words]}"
        if not each.asks or not each.back.strip():
            continue
        front = _unshared(each, used, shared) if fresh else _first_unused(each, used, repeated)
        if not front:
            continue
        used.add(flat(front))
        both = each.note_kind == "reverse" and flat(each.reverse_ask) not in used
        if both:
            used.add(flat(each.reverse_ask))
        start, end = shape.normalised.origin(each.span.start, each.span.end)
        yield Candidate(
            id=f"{each.rule}-{hashlib.sha256(identity.encode()).hexdigest()[:8]}",
            rule=each.rule,
            kind=each.kind,
            note_kind="basic" if each.note_kind == "reverse" and not both else each.note_kind,
            front=front,
            back=each.back.strip(),
            note=each.note,
            reverse_front=each.reverse_ask if both else "",
            reverse_back=each.reverse_back if both else "",
            cue=each.cue,
            section=section.path,
            start=start,
            end=end,
            rank=each.rank,
            more=tuple(shape.normalised.origin(span.start, span.end) for span in each.more),
        )


def _unshared(found: Found, used: set[str], shared: Counter[str]) -> str:
    """A question that only this find answers, "" where there is none."""
    answer = flat(found.back)
    for ask in found.asks:
        alone = shared[flat(ask)] < 2 or len(found.asks) == 1
        if alone and flat(ask) not in used and answer not in flat(ask):
            return ask
    return ""


def _first_unused(found: Found, used: set[str], repeated: Counter[str]) -> str:
    answer = flat(found.back)
    for ask in found.asks:
        if flat(ask) not in used and answer not in flat(ask):
            return ask
    ask = found.asks[-1]
    repeated[ask] += 1
    while flat(f"{ask}{repeated[ask] + 1}") in used:
        repeated[ask] += 1
    return f"{ask}（{repeated[ask] + 1}）"
