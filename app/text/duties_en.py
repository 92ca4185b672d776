"""English rules of conduct: must not, must, and under which condition."""

import re
from collections.abc import Iterator
from typing import Final

from app.text.clauses import Span, sentences
from app.text.found import Found, Passage, prefixes

_BAN: Final = re.compile(
    r"(?P<subject>.{0,80}?)\b(?P<marker>must never|must not|may not|may never|should never|"
    r"should not|shall not|"
    r"shouldn't|mustn't|do not|don't|never|cannot|can't|can never|avoid|refrain from|(?:is|"
    r"are) not (?:allowed|permitted) to|"
    r"(?:is|are) (?:strictly )?(?:forbidden|prohibited)|no longer)\b(?P<rest>.{0,200})",
    re.IGNORECASE | re.DOTALL,
)
_NORM: Final = re.compile(
    r"(?P<subject>.{0,80}?)\b(?P<marker>must|should|shall|has to|have to|needs? to|(?:is|are) requi"
    r"red to|may|ought to|"
    r"always|(?:is|are) entitled to)\b(?P<rest>.{2,200})",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION: Final = re.compile(
    r"(?P<scene>(?:If|When|Whenever|Before|After|While|During|Unless|Until|Once|Where|In case|"
    r"At|On|For|In|Upon|With)"
    r"\b[^,]{2,90}),\s*(?P<rest>.{4,})",
    re.IGNORECASE | re.DOTALL,
)
_TAIL: Final = re.compile(
    r"(?P<rest>.{6,}?),?\s(?P<scene>(?:if|when|before|after|unless|until|while|once)\s.{2,90})", re.DOTALL
)
_SELF: Final = re.compile(r"(?:you|we|i|it|they|this|that|these|those)\b", re.IGNORECASE)
_PERSON: Final = re.compile(
    r"(?:er|or|ist|ant|ent|ee|man|men|people|person|staff|one|body|officer|team|guest|visitor|"
    r"student|member|child|adult)s?$",
    re.IGNORECASE,
)
_AIM: Final = re.compile(r",? (?:so that|so as to|in order to|because)\b.*$", re.DOTALL)
_PLACED: Final = re.compile(
    r"(?P<thing>[A-Z][^,;]{2,50}?) (?P<verb>(?:goes?|belongs?|stays?|(?:is|are) (?:kept|stored|"
    r"placed|put|returned|sent|handed)) (?:into|in|on|at|under|behind|to|with))"
    r" (?P<place>[^;]{3,80})",
    re.DOTALL,
)
_IMPERATIVE: Final = re.compile(
    r"[A-Z][a-z]+ (?!is\b|are\b|was\b|were\b|has\b|have\b|of\b|and\b|means\b|refers\b|can\b).{6,160}",
    re.DOTALL,
)
_NOT_IMPERATIVE: Final = re.compile(
    r"^(?:The|A|An|This|That|These|Those|It|They|We|You|He|She|There|Some|Most|Many|Its|Their|In|As|Such|Each|Every|All|No|Not|But|And|So|However|Because)\b"
)


def duties_en(passage: Passage) -> Iterator[Found]:
    """One fact a sentence; the condition goes into the question."""
    if passage.chinese:
        return
    for sentence in sentences(passage.span):
        text = re.sub(
            r"^(?:But|And|So|However|Also|Finally|Then|Likewise),?\s+", "", sentence.text.rstrip(". ")
        )
        if 8 <= len(text) <= 240:
            yield from _duty(passage, sentence, text)


def _duty(passage: Passage, sentence: Span, text: str) -> Iterator[Found]:
    if aim := _AIM.search(text):
        text = text[: aim.start()]
    scene, rest = "", text
    if condition := _CONDITION.fullmatch(text):
        scene, rest = condition["scene"], condition["rest"]
    elif (tail := _TAIL.fullmatch(text)) and not re.match(r"(?:if|when)\b", text, re.IGNORECASE):
        scene, rest = tail["scene"][0].upper() + tail["scene"][1:], tail["rest"]
    if ban := _BAN.fullmatch(rest):
        yield _made(passage, sentence, "ban", scene, ban, 0.9 if passage.ruled else 0.6)
        if scene and not text.startswith(scene):
            yield from _when(passage, sentence, scene, ban)
    elif norm := _NORM.fullmatch(rest):
        yield _made(passage, sentence, "norm", scene, norm, 0.85 if passage.ruled or scene else 0.55)
        if scene and not text.startswith(scene):
            yield from _when(passage, sentence, scene, norm)
    elif placed := _PLACED.fullmatch(rest):
        asks = (passage.ask(f"{_lowered(placed['thing'])} {placed['verb']} …?"),)
        yield Found(
            "place.en",
            "norm",
            sentence,
            asks,
            placed["place"],
            0.7 if passage.ruled else 0.5,
            cue=placed["thing"],
        )
    elif (
        passage.ruled
        and _IMPERATIVE.fullmatch(rest[0].upper() + rest[1:])
        and not _NOT_IMPERATIVE.match(rest)
    ):
        yield _imperative(passage, sentence, scene, rest)


def _backwards(marker: str, rest: str, subject: str, scene: str) -> str:
    """`X must be worn` asked from the other end: what must be worn?"""
    if not subject or len(subject.split()) > 6 or _SELF.match(subject) or not rest:
        return ""
    if not re.match(r"(?:be|not be)\b", rest):
        who = "who" if _PERSON.search(subject) else "what"
        return f"{who} {marker.lower()} {rest}{', ' + _lowered(scene) if scene else ''}?"
    return f"what {marker.lower()} {rest}{', ' + _lowered(scene) if scene else ''}?"


def _when(passage: Passage, sentence: Span, scene: str, match: re.Match[str]) -> Iterator[Found]:
    """A rule that ends in its condition, asked for the condition."""
    subject, rest = match["subject"].strip(" ,"), match["rest"].strip()
    verb, _, tail = match["marker"].partition(" ")
    if subject and len(subject.split()) <= 8:
        question = " ".join(part for part in ("when", verb.lower(), _lowered(subject), tail, rest) if part)
        yield Found("when.en", "norm", sentence, (passage.ask(f"{question}?"),), scene, 0.7, cue=subject)


def _made(
    passage: Passage, sentence: Span, kind: str, scene: str, match: re.Match[str], rank: float
) -> Found:
    subject, marker, rest = match["subject"].strip(" ,"), match["marker"], match["rest"].strip()
    about = subject if len(subject.split()) <= 12 else ""
    known = f"{scene}, " if scene else ""
    ban = kind == "ban"
    asks = []
    if about and not rest:  # "Smoking is prohibited"
        asks.append(passage.ask(f"{known}what is the rule on {_lowered(about)}?"))
    elif about:
        asks.append(
            passage.ask(
                f"{known}what {_question_verb(marker, ban)} {_lowered(about)} {'not ' if ban else ''}do?"
            )
        )
    elif scene:
        asks.append(passage.ask(f"{scene}, what {'must you not' if ban else 'should you'} do?"))
    begin = f"{about} {marker}".strip()
    asks += [
        passage.ask(f"{known}{begin} {begun} …?") for begun in prefixes(rest, (1, 2, 3, 4, 6), chinese=False)
    ]
    back = f"{marker} {rest}".strip()
    backwards = _backwards(marker, rest, about, scene)
    return Found(
        rule=f"{kind}.en",
        kind="ban" if ban else "norm",
        span=sentence,
        asks=tuple(asks) or (passage.ask(f"{known}what is the rule?"),),
        back=back[0].upper() + back[1:],
        rank=rank,
        note_kind="reverse" if backwards else "basic",
        reverse_ask=passage.ask(backwards) if backwards else "",
        reverse_back=about,
        cue=about or scene,
    )


def _imperative(passage: Passage, sentence: Span, scene: str, rest: str) -> Found:
    known = f"{scene}, " if scene else ""
    asks = [passage.ask(f"{scene}, what should you do?")] if scene else []
    asks += [
        passage.ask(f"{known}{_lowered(begun)} …?")
        for begun in prefixes(rest, (1, 2, 3, 4, 6), chinese=False)
    ]
    return Found("step.en", "step", sentence, tuple(asks), rest[0].upper() + rest[1:], 0.65, cue=scene)


def _question_verb(marker: str, ban: bool) -> str:
    first = marker.lower().split()[0]
    if first in ("must", "may", "should", "shall"):
        return first
    return "must" if ban else "should"


def _lowered(words: str) -> str:
    return words if words[1:2].isupper() or words.startswith("I ") else words[0].lower() + words[1:]
