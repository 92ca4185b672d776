"""Facts in English sentences of any text: who does what, where, when and why, and what things are called."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from app.text.clauses import Span, sentences
from app.text.clauses_en import FORMS, ClauseEn, clauses_en, is_participle
from app.text.found import FactKind, Found, Passage

_WH: Final = {
    "in": "where", "on": "where", "at": "where", "into": "where", "onto": "where", "near": "where",
    "under": "where", "behind": "where", "between": "between what", "among": "among what",
    "over": "over what", "across": "where",
    "along": "where", "above": "where", "below": "where", "by": "by whom or what", "for": "for what",
    "from": "from what", "to": "to what", "with": "with what", "without": "without what", "as": "as what",
    "within": "within what time", "after": "when", "before": "when", "until": "until when", "during": "when",
    "when": "when", "if": "in which case", "unless": "unless what", "once": "when", "while": "when",
    "because": "why", "through": "through what", "against": "against what", "every": "how often",
    "towards": "towards what", "upon": "when", "throughout": "where", "where": "where",
}  # fmt: skip
_TIME: Final = re.compile(
    r"(?:1[0-9]{3}|20[0-9]{2})\b|(?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December)\b|\b\w{1,20} century\b"
)
_LONG: Final = re.compile(
    r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centuries|life)\b"
)
_YEAR: Final = re.compile(r"\b[Ii]n (?P<year>1[0-9]{3}|20[0-9]{2})\b,?")
_FIRST_PERSON: Final = re.compile(r"\b(?:I|my|me|we|our|us|he|she|his|him|her)\b")
_NAME: Final = re.compile(
    r"(?:[A-Z][\w'’.-]{1,30}|of|de|von|van|the|and)(?: (?:[A-Z][\w'’.-]{1,30}|of|de|von|van|the|and))*"
)
_CALLED: Final = re.compile(
    r"(?<![\w'’-])(?P<what>(?:[\w'’-]{1,30} ){1,9}?)(?:that is |which is |is |are |was |were |also "
    r"|commonly |often |usually ){0,3}"
    r"(?:called|known as|termed|named)\s(?:the |an? )?(?P<name>[\w'’-]{1,30}(?: [\w'’-]{1,30}){0,3})"
    r"(?=$|[,.;:)])"
)
_CALL: Final = re.compile(
    r"\b[Cc]alls? (?:this |these |the )?(?P<what>(?:[\w'’-]{1,30} ){2,7})(?P<name>[\w'’-]+)$"
)
_WHICH: Final = re.compile(
    r"(?P<before>[^,;]{3,90}), which (?P<verb>is|are|was|were|[a-z]+)\s(?P<said>[^,.;]{6,110})"
)
_APPOSED: Final = re.compile(
    r"(?P<before>[^,;]{3,70}), (?P<said>(?:(?:an?|the) (?:[\w'’-]{1,30} ){1,4}"
    r"(?:that|which|who|of|for|used)|(?:[\w'’-]{1,30} ){0,2}[\w'’-]{1,30}s (?:that|which|who))"
    r" [^,.;]{6,90})(?=$|[,.;])"
)
_NOTED: Final = re.compile(
    r"(?P<act>(?:Used|Needed|Made|Found|Known|Required|Designed|Built|Caused|Measured|Written|Invented|"
    r"Discovered|Named|Based) (?:for|by|in|with|as|of|to|from|on|after)) (?P<said>[^.;]{3,90})"
)
_COUNT: Final = re.compile(
    r"(?<![\w.,:$€£-])(?P<number>[$€£]?\d[\d,.]*\d|\d|two|three|four|five|six|seven|eight|nine|ten|eleven|"
    r"twelve|fifteen|twenty|thirty|forty|fifty|sixty|hundred)(?:\s?(?:to|-|–)\s?\d[\d,.]*)?(?![:\d])"
    r"(?P<unit>\s?(?:%|°C)|\s[a-z]{3,20}s\b|"
    r"\s(?:percent|million|billion|euros?|bytes?|feet|people|cents?|GB|MB|kg|km|cm|mm|ml|bar|g)\b)?"
)
_WHY: Final = re.compile(r"(?P<what>[^;]{12,140}?),? because (?P<why>[^;]{6,120})")
_NOT_A_TERM: Final = frozenset(
    re.findall(
        r"\w+",
        """
a an the its their his her of in on at by for from to with into against between and or that which
needs need has have is are was were called every each all some any over under this these those as
than
""",
    )
)
_ASIDE: Final = re.compile(
    r"(?:and|or|but|except|including|such|like|so|after|before|with|without|in|on|at|for|from|not|as)\b"
)
_KINDS: Final[Mapping[str, FactKind]] = {
    "fact.who": "who", "fact.year": "number", "fact.count": "number", "fact.why": "purpose",
    "fact.name": "definition", "fact.is": "definition",
}  # fmt: skip
_PLACES: Final = frozenset(
    {"near", "under", "behind", "across", "along", "above", "below", "where", "throughout"}
)
_TIMES: Final = frozenset({"after", "before", "during", "when", "once", "while", "upon"})
_EMPTY: Final = re.compile(
    r"(?:at (?:all(?! times)|least|most|once|first|last)|"
    r"in (?:fact|general|turn|particular|addition|writing|person)|for (?:example|instance)|"
    r"as (?:well|follows)|on (?:the other hand|average)|by (?:far|law))\b"
)
_TWO_THINGS: Final = re.compile(r"(?:the|an?) \w+ (?:the|an?) ")
_SECOND_ACT: Final = re.compile(r"\b(?:and|or) \w+(?:ed|en|wn)$|, \w+ing ")
_OFTEN: Final = re.compile(
    r"\b(?P<how>(?:at least |at most )?(?:daily|weekly|monthly|quarterly|annually|yearly))\b"
)
_APPLIES: Final = re.compile(r"(?P<what>[A-Z][^,.;]{2,60}?) applies to (?P<whom>[^.;]{6,140})")
_MEANS: Final = re.compile(
    r"[\"“](?P<term>[^\"”]{2,40})[\"”] means (?P<said>[^;“\"]{6,200}?)(?=,? and [\"“]|;|$)"
)
_POINTING: Final = frozenset({"it", "they", "this", "these", "such"})
_MAKING: Final = frozenset({"let", "make", "makes"})
_LATER: Final = frozenset({"every", "within", "until", "unless", "before", "after", "when", "if", "because"})
_LONGEST, _MOST_WORDS = 14, 30  # words of an answer, of a sentence


def facts_en(passage: Passage) -> Iterator[Found]:
    """Questions that keep the sentence's own words and leave one part out."""
    if passage.chinese:
        return
    before = ""
    for sentence in sentences(passage.span):
        text = sentence.text.rstrip(". ")
        if _FIRST_PERSON.search(text) or text.endswith(":"):
            before = ""
            continue
        named = list(_names(passage, sentence, text))
        yield from named
        found = list(clauses_en(_with_subject(sentence, before)))
        for clause in found:
            yield from _asked(passage, sentence, clause, any(each.rule != "fact.year" for each in named))
        yield from _reason(passage, sentence, text, before)
        yield from _stated(passage, sentence, text)
        yield from _counts(passage, sentence, text)
        if (noted := _NOTED.fullmatch(text)) and passage.label:
            ask = f"{noted['act'][0].lower()}{noted['act'][1:]} what?"
            yield _fact(passage, sentence, "fact.noted", ask, noted["said"], 0.64, noted["act"])
        before = next((clause.subject for clause in found if clause.subject), before if _refers(text) else "")


def _stated(passage: Passage, sentence: Span, text: str) -> Iterator[Found]:
    """What regulations state: the meaning of their words, whom they bind, and how often."""
    for means in _MEANS.finditer(text):
        ask = f"What does “{means['term']}” mean?"
        yield _fact(passage, sentence, "fact.is", ask, means["said"], 0.8, means["term"])
    if applies := _APPLIES.match(text):
        ask = f"To what or whom does {_lowered(applies['what'])} apply?"
        yield _fact(passage, sentence, "fact.holds", ask, applies["whom"], 0.72, applies["what"])
    often = _OFTEN.search(text)
    if often and not _refers(text) and len(text.split()) <= _MOST_WORDS:
        known = f"{text[: often.start()].rstrip()} …{text[often.end() :]}".rstrip(" …")
        yield _fact(passage, sentence, "fact.count", f"{known}: how often?", often["how"], 0.66, text)


def _counts(passage: Passage, sentence: Span, text: str) -> Iterator[Found]:
    """Every figure, asked by the words around it."""
    figures = list(_COUNT.finditer(text))
    if not 1 <= len(figures) <= 3 or len(text.split()) > 30 or _refers(text):
        return
    for figure in figures:
        before, after = text[: figure.start()], text[figure.end() :]
        if re.fullmatch(r"(?:1[5-9]|20)\d\d", figure["number"]) or (
            figure["number"].isalpha() and not figure["unit"]
        ):
            continue
        unit = (figure["unit"] or "").strip()
        asked = "how many " + unit if unit.isalpha() else "how much"
        yield _fact(
            passage, sentence, "fact.count", f"{before}{asked.strip()}{after}?", figure[0], 0.64, text
        )


def _refers(text: str) -> bool:
    return text.split(" ", 1)[0] in ("It", "They", "These", "This")


def _with_subject(sentence: Span, before: str) -> Span:
    """`They mature …` with the name that stood in the sentence before."""
    first, _, rest = sentence.text.partition(" ")
    if not before or not rest or (first, before.endswith("s")) not in (("It", False), ("They", True)):
        return sentence
    return Span(f"{before[0].upper()}{before[1:]} {rest}", sentence.start)


def _asked(passage: Passage, sentence: Span, clause: ClauseEn, named: bool) -> Iterator[Found]:
    subject = clause.subject
    if not subject and not passage.ruled:
        return
    if subject.split(" ")[0].lower() in _POINTING or len(subject.split()) > 8:
        return
    scene = f"{clause.scene}, " if clause.scene else ""
    head = f"{scene}{_lowered(subject) if scene else subject} {clause.verb}".strip()
    if clause.object and not clause.passive and _fits(clause.object) and clause.form not in _MAKING:
        behind = "" if _EMPTY.match(clause.tail) else f" {clause.tail} {clause.rest}".rstrip()
        yield _fact(passage, sentence, "fact.what", f"{head} what{behind}?", clause.object, 0.6, subject)
    if clause.tail and clause.link in _WH and clause.link != "because" and _fits(clause.tail):
        yield from _phrases(passage, sentence, clause, f"{head} {clause.object}".strip())
    if not named and " " in subject and _NAME.fullmatch(subject) and not clause.passive:
        rest = " ".join(part for part in (clause.verb, clause.object, clause.tail, clause.rest) if part)
        who = f"{scene}{'who' if scene else 'Who'} or what {rest}?"
        yield _fact(passage, sentence, "fact.who", who, subject, 0.56, rest)


def _phrases(passage: Passage, sentence: Span, clause: ClauseEn, known: str) -> Iterator[Found]:
    """Where, when, how: the phrase behind the object, and a time behind that one."""
    more = f" … {clause.rest}" if clause.rest else ""
    if _EMPTY.match(clause.tail) or _SECOND_ACT.search(clause.tail):
        return
    word = _question_word(clause)
    ask = f"{known}{more}: {word}?"
    vague = word in ("where", "when") and clause.link not in _PLACES | _TIMES
    if vague or word.endswith("what"):
        rest = f" {clause.rest}" if clause.rest else ""
        ask = f"{known} ____{rest}"
    yield _fact(passage, sentence, "fact.where", ask, clause.tail, 0.58, clause.subject)
    later = clause.rest.split(" ")[0].lower()
    if later in _LATER and _fits(clause.rest):
        ask = f"{known} {clause.tail}: {_WH[later]}?"
        yield _fact(passage, sentence, "fact.where", ask, clause.rest, 0.57, clause.subject)


def _question_word(clause: ClauseEn) -> str:
    tail, link = clause.tail, clause.link
    words = tail.split()
    after = words[1] if len(words) > 1 else ""
    if link in ("in", "on") and _TIME.search(tail):
        return "when"
    if link == "for" and _LONG.search(tail):
        return "how long"
    if link == "to" and FORMS.get(after) == "base":
        return "to do what"
    return "how" if link == "by" and after.endswith("ing") else _WH[link]


def _names(passage: Passage, sentence: Span, text: str) -> Iterator[Found]:
    for match in _CALLED.finditer(text):
        what = match["what"].strip()
        if len(what.split()) >= 2 and what.split()[0].lower() not in _POINTING:
            ask = f"{_headless(what)}: called what?"
            yield _fact(passage, sentence, "fact.name", ask, match["name"], 0.66, what)
    if call := _CALL.search(text):
        what = call["what"].strip()
        yield _fact(passage, sentence, "fact.name", f"{what}: called what?", call["name"], 0.6, what)
    for match in _WHICH.finditer(text):
        yield from _which(passage, sentence, _term(match["before"]), match["verb"], match["said"])
    for match in _APPOSED.finditer(text):
        term = _term(match["before"])
        if term and term != match["before"] and not _ASIDE.match(match["said"]):
            verb = "are" if term.endswith("s") else "is"
            yield _fact(passage, sentence, "fact.is", f"What {verb} {term}?", match["said"], 0.55, term)
    for match in _YEAR.finditer(text):
        rest = " ".join(f"{text[: match.start()]} {text[match.end() :]}".split())
        if 4 <= len(rest.split()) <= 26 and not _refers(rest):
            ask = f"{rest[0].upper()}{rest[1:]}: in which year?"
            yield _fact(passage, sentence, "fact.year", ask, match["year"], 0.62, rest)


def _which(passage: Passage, sentence: Span, term: str, verb: str, said: str) -> Iterator[Found]:
    """`abutments, which are the supports at each end`"""
    if not term:
        return
    if verb in ("is", "are") and is_participle(said.split()[0]):
        whole = Span(f"{term[0].upper()}{term[1:]} {verb} {said}", sentence.start)
        for clause in clauses_en(whole):
            yield from _asked(passage, sentence, clause, True)
    elif verb in ("is", "are", "was", "were"):
        yield _fact(passage, sentence, "fact.is", f"What {verb} {term}?", said, 0.62, term)
    else:
        does = "do" if term.endswith("s") else "does"
        yield _fact(passage, sentence, "fact.is", f"What {does} {term} do?", f"{verb} {said}", 0.55, term)


def _reason(passage: Passage, sentence: Span, text: str, before: str) -> Iterator[Found]:
    why = _WHY.fullmatch(_with_subject(Span(text, 0), before).text)
    if why and not _refers(why["what"]):
        yield _fact(passage, sentence, "fact.why", f"{why['what']}: why?", why["why"], 0.62, why["what"])


def _fact(passage: Passage, span: Span, rule: str, ask: str, back: str, rank: float, cue: str) -> Found:
    asks = (passage.ask(ask[0].upper() + ask[1:]),)
    return Found(rule, _KINDS.get(rule, "norm"), span, asks, back.strip(" ,"), rank, cue=cue)


def _term(before: str) -> str:
    """The name at the end of a phrase: what stands behind its last small word."""
    words = before.split()
    at = len(words)
    while at > 0 and len(words) - at < 3 and words[at - 1].lower() not in _NOT_A_TERM | FORMS.keys():
        at -= 1
    term = " ".join(words[at:])
    if words[0].lower() in (
        "in",
        "on",
        "at",
        "after",
        "before",
        "for",
        "with",
        "from",
        "by",
        "since",
        "if",
        "when",
    ):
        return ""
    return term if len(term) >= 4 and not re.search(r"\d|ly$", term) else ""


def _headless(what: str) -> str:
    """`They are held at both ends by massive blocks of concrete` said from its last small word on."""
    parts = re.split(r"\b(?:by|from|with)\b ", what)
    return parts[-1] if len(parts[-1].split()) >= 2 else what


def _fits(answer: str) -> bool:
    words = answer.split()
    return (
        1 <= len(words) <= _LONGEST
        and len(answer) >= 3
        and ", " not in answer
        and not _TWO_THINGS.match(answer)
        and words[0].lower() not in ("it", "them", "they", "this", "that", "itself", "and", "or")
        and words[-1] not in ("itself", "themselves")
    )


def _lowered(words: str) -> str:
    return words if words[1:2].isupper() or not words else words[0].lower() + words[1:]
