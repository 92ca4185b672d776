"""English main clauses taken apart: subject, verb, object, the phrase behind it; common shapes only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.text.clauses import Span

_BASES: Final = re.findall(
    r"\w+",
    """
absorb accept affect allow answer apply appoint approve arise arrive attract authorise become begin belong
bind bloom book borrow break build burn bury calculate carry cause change check choose classify clean
close collect combine complete compress conduct confirm connect consist contain control convert cool
correct cost count cover create cross cut damage decide declare decrease deduct defend defer delay deliver
demand depend descale describe design destroy detect determine develop die differ dilute discover display
dissolve divide double draw drive drop earn eat emit employ enable encourage end ensure enter erode escape
establish evaluate examine exceed exchange exist expand expire explain express extend fall favour fill
filter finance finish fit fix float flow fly follow force form found freeze function gain generate give
govern grow guarantee guide halve handle hang happen harm heat help hide hold house identify imply import
improve include increase indicate inform inherit inhibit inject inspect insure introduce invent invest
involve issue join jump keep kill last launch lead leak learn let lie limit link load lock lose lower
maintain make manage mark mature mean measure melt migrate mix mount move name need observe obtain occupy
occur offer open operate order owe own patrol pay penetrate perform permit persist plan plant play point
possess power predict prefer prepare preserve press prevent print process produce promote propose protect
prove provide publish pull pump purchase push put qualify raise range reach receive recognise recognize redeem
record recover reduce refer reflect refresh refund regulate reject release rely remain remove repair repay
replace report represent require reserve reset resist respond rest restore restrict result return reveal
review revolve reward rise roll rotate run sanction save scan seal search secure select sell send sense
separate serve set settle share shed shift show shrink sign signal sink sit slow smell solve specify spend
split spread stand start state stay stimulate stop store strengthen stretch strike study submit suffer
suggest supervise supply support suppress surround survive sweep switch take teach tend test threaten
throw tie tighten touch track trade train transfer transform transmit transport trap travel treat trigger
turn unite update use value vary verify view visit warm warn wash watch wear weigh widen win withdraw work
write yield
acknowledge plot precede
""",
)
_IRREGULAR: Final = {
    "become": "became", "begin": "began", "bind": "bound", "break": "broke", "build": "built",
    "choose": "chose", "draw": "drew", "drive": "drove", "eat": "ate", "fall": "fell", "fly": "flew",
    "give": "gave", "grow": "grew", "hang": "hung", "hold": "held", "keep": "kept", "lead": "led",
    "lose": "lost", "make": "made", "mean": "meant", "pay": "paid", "rise": "rose", "run": "ran",
    "sell": "sold", "send": "sent", "shrink": "shrank", "sink": "sank",
    "stand": "stood", "take": "took", "teach": "taught", "wear": "wore", "write": "wrote", "arise": "arose",
    "found": "founded", "lie": "lay", "show": "showed", "win": "won",
}  # fmt: skip
_BE: Final = frozenset({"is", "are", "was", "were"})
_MODALS: Final = frozenset({"can", "may", "must", "should", "shall", "will", "cannot", "could", "might"})
_BETWEEN: Final = frozenset(
    {"not", "also", "usually", "often", "mainly", "mostly", "rarely", "still", "only", "first", "later",
     "then", "never", "always", "therefore", "already", "now", "generally", "normally", "typically", "best",
     "be", "been", "have", "has"}
)  # fmt: skip
_PREPOSITIONS: Final = frozenset(
    re.findall(
        r"\w+",
        """
in on at into onto by for from to with within after before until during through under over above
below behind near against between among across along as because when if unless once while where
every without towards upon throughout about
""",
    )
)
_SMALL: Final = frozenset(
    re.findall(
        r"\w+",
        """
a an the its their his her this that these those every each all any some most many no and or of one
two other both
""",
    )
)
_BROKEN: Final = frozenset(
    re.findall(
        r"\w+",
        """
i we you he she they it who which what there here this that these those if when
""",
    )
)
_PARTICIPLE: Final = re.compile(
    r"\w+(?:ed|wn|ght|ent|ept|elt|orn|oken|osen|iven|aken|ought|ound|uilt|ade|aid|ung|old|eld|ut|et|ead|un)$"
)
_WORD: Final = re.compile(r"[^\s]+")
_OPENING: Final = re.compile(
    r"(?:However|Therefore|Moreover|Furthermore|Likewise|Thus|Hence|Finally|Today|Later|And|But|So|Yet|Still),?\s+"
)
_SCENE: Final = re.compile(
    r"(?P<scene>(?:In|On|At|After|Before|During|For|With|Within|Since|From|By|Under|Above|Below|If|When|Once|Unless|While|"
    r"Without|Over|Because|As|Between|Until)\s[^,;:]{2,80}),\s+(?P<rest>.{8,})",
    re.DOTALL,
)
_JOINT: Final = re.compile(
    r"(?:,|;)\s(?:and|but|so|yet|whereas|while|although|though)\s|;\s|,\s(?=(?:which|who|where|whose)\s)|:\s"
)
_MOST_WORDS: Final = 34


@dataclass(frozen=True, slots=True)
class ClauseEn:
    span: Span
    scene: str  # "After an infection", "" without one
    subject: str  # "" of a command
    verb: str  # with what stands between: "must be booked"
    form: str  # the verb alone
    object: str
    link: str  # the word that begins the phrase behind the object: in, by, when …
    tail: str  # that phrase with its link
    rest: str  # what follows the phrase

    @property
    def passive(self) -> bool:
        return bool(set(self.verb.lower().split()) & (_BE | {"be", "been"}))


def _forms() -> dict[str, str]:
    """Each form of the known verbs with what it tells: "s", "past" or "base"."""
    forms: dict[str, str] = {}
    for base in _BASES:
        stem = base[:-1] if base.endswith("e") else base
        third = f"{base[:-1]}ies" if base.endswith("y") and base[-2] not in "aeiou" else base
        third = (
            third
            if third != base
            else f"{base}es"
            if base.endswith(("s", "x", "sh", "ch", "o"))
            else f"{base}s"
        )
        past = _IRREGULAR.get(base) or (f"{base[:-1]}ied" if third.endswith("ies") else f"{stem}ed")
        forms |= {third: "s", past: "past"}
        forms.setdefault(base, "base")
    return forms


FORMS: Final = _forms()


def clauses_en(sentence: Span) -> Iterator[ClauseEn]:
    """The clauses of a sentence that could be taken apart."""
    text = sentence.text.rstrip(". ")
    if len(text.split()) > _MOST_WORDS or re.search(r"[?\"“”]", text):
        return
    start = opening.end() if (opening := _OPENING.match(text)) else 0
    scene = ""
    if found := _SCENE.fullmatch(text, start):
        scene, start = found["scene"], found.start("rest")
    for piece in _pieces(sentence, text, start):
        if clause := _clause(piece, scene) or _behind_scene(piece):
            yield clause


def _behind_scene(span: Span) -> ClauseEn | None:
    """`After three failures the sender waits …`: the scene ends where the subject has its article."""
    words = list(_WORD.finditer(span.text))
    if len(words) < 6 or words[0][0].lower() not in _PREPOSITIONS:
        return None
    for word in words[2:8]:
        if word[0] in ("the", "a", "an", "each", "every"):
            clause = _clause(span.cut(word.start()), span.text[: word.start()].strip())
            if clause and clause.subject and len(clause.subject.split()) <= 4:
                return clause
    return None


def _pieces(sentence: Span, text: str, start: int) -> Iterator[Span]:
    for joint in _JOINT.finditer(text, start):
        yield sentence.cut(start, joint.start())
        start = joint.end()
    yield sentence.cut(start, len(text))


def _clause(span: Span, scene: str) -> ClauseEn | None:
    words = [match[0] for match in _WORD.finditer(span.text)]
    if not 3 <= len(words) <= 26:
        return None
    place = _verb_place(words)
    if place is None:
        return None
    begin, end = place
    subject, verb = " ".join(words[:begin]), " ".join(words[begin:end])
    if re.search(r"\b(?:that|which|who|whose)\b|,$", subject):
        return None
    after = words[end:]
    comma = next(
        (at + 1 for at, word in enumerate(after) if word.endswith(",") and not _listed(after, at)), None
    )
    after = after[:comma]
    at = next((at for at in range(len(after)) if _is_link(after, at)), len(after))
    aim = after[at + 1 : at + 2]
    purpose = after[at : at + 1] == ["to"] and FORMS.get(aim[0] if aim else "") == "base"
    ends = () if purpose else range(at + 2, len(after))
    stop = next((more for more in ends if _is_link(after, more)), len(after))
    return ClauseEn(
        span, scene, subject, verb, words[end - 1].lower(), " ".join(after[:at]).rstrip(","),
        after[at].lower() if at < len(after) else "", " ".join(after[at:stop]).rstrip(","),
        " ".join(after[stop:]),
    )  # fmt: skip


def _listed(words: list[str], at: int) -> bool:
    """A comma between members of a list (`and` or `or` comes within a few words) or between adjectives."""
    if at == 1 and words[0] in ("a", "an", "the") and len(words) > 2 and words[2] not in _SMALL:
        return True
    return any(word in ("and", "or") for word in words[at + 1 : at + 5]) and not words[at + 1].endswith("s,")


def _is_link(words: list[str], at: int) -> bool:
    word = words[at].lower()
    if at and words[at - 1].lower() in ("up", "due", "according", "such"):
        return False
    return word in _PREPOSITIONS and not (word in ("to", "per") and at == 0 and len(words) == 1)


def is_participle(word: str) -> bool:
    return _PARTICIPLE.match(word) is not None


def _verb_place(words: list[str]) -> tuple[int, int] | None:
    """Where the verb begins and ends; (0, 1) for a command."""
    lower = [word.lower().strip(",") for word in words]
    if lower[0] in _BROKEN or (lower[0] in _PREPOSITIONS and lower[0] not in ("about", "over")):
        return None
    if FORMS.get(lower[0]) == "base" and words[0][0].isupper() and lower[1] not in _BE | _MODALS:
        return (0, 1)
    for at in range(1, min(len(words) - 1, 10)):
        if words[at - 1].endswith(",") or (lower[at] in ("that", "who", "which", "and", "or") and at > 6):
            return None
        if lower[at] in _BE | _MODALS | {"has", "have"}:
            return _auxiliary(lower, at)
        if _is_verb(lower, at):
            return (at, at + 1)
    return None


def _auxiliary(lower: list[str], at: int) -> tuple[int, int] | None:
    """`is usually kept`, `must not be used`, `may contain`; plain `is` belongs to definitions."""
    end = at + 1
    modal = lower[at] in _MODALS
    while end < len(lower) and (lower[end] in _BETWEEN or lower[end].endswith("ly")):
        end += 1
    if end >= len(lower) - 1:
        return None
    passive = lower[at] in _BE or "be" in lower[at:end] or "been" in lower[at:end]
    fits = _PARTICIPLE.match(lower[end]) if passive else modal and lower[end].isalpha()
    return (at, end + 1) if fits else None


def _is_verb(lower: list[str], at: int) -> bool:
    kind = FORMS.get(lower[at], "")
    before, after = lower[at - 1], lower[at + 1]
    if not kind or before in _SMALL | _PREPOSITIONS or after in _BE | _MODALS | {"of", "and", "or"}:
        return False
    plural = before.endswith("s") and not before.endswith(("ss", "us", "is"))
    return kind == "past" or (kind == "s" and not plural) or (kind == "base" and plural)
