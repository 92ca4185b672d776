"""What a note is, and which cards it makes.

A note holds facts in named fields; its kind says how the fields become card faces. The phone app
renders the same way (`app/web/src/notes.ts`); both read the vectors of `note_vectors`.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

NoteKind = Literal["basic", "reverse", "cloze", "list", "type", "choice"]
KINDS: Final[tuple[NoteKind, ...]] = get_args(NoteKind)

GAP: Final = "「……」"
ELLIPSIS: Final = "……"
MOST_FACES: Final = 100
BLANKS: Final = " \t\r\n\u3000"  # spelt out, because Python and JavaScript trim different sets

_CJK = re.compile(r"[\u3400-\u9fff]")
_CLOZE_OPENS = re.compile(r"\{\{c([0-9]{1,3})::")


class InvalidNote(ValueError):
    """The fields cannot make cards: `field` names the culprit, `reason` is a stable code.

    Reasons: unknown-kind, unknown-field, missing, not-nfc, nul, cloze-missing, cloze-broken, cloze-nested,
    cloze-number, too-many, answer-not-offered, too-few-choices, repeated.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact stands: heading path and character span (0-based, end exclusive) in the decoded text."""

    document: str
    section: tuple[str, ...]
    start: int
    end: int
    rule: str  # the extractor's rule id, "" for a hand-made card
    quote: str = ""  # the words themselves, only for a learner's own texts


@dataclass(frozen=True, slots=True)
class NoteDraft:
    guid: str  # stays the same across the versions of a deck, at most 64 characters
    kind: NoteKind
    fields: dict[str, str]  # plain text, NFC, no NUL
    tags: tuple[str, ...] = ()
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class DeckDraft:
    slug: str
    name: str
    description: str
    language: str  # "zh-CN" or "en"
    version: int | str
    notes: tuple[NoteDraft, ...]
    place: int = 0  # among the shipped decks: lower ones are offered first, 0 says nothing


@dataclass(frozen=True, slots=True)
class CardFace:
    ordinal: int  # stable within the note
    front: str
    back: str
    note: str  # shown under the answer, "" when there is none


@dataclass(frozen=True, slots=True)
class Gap:
    """One `{{c1::answer::hint}}` of a cloze text; `start` and `end` enclose the braces."""

    number: int
    answer: str
    hint: str
    start: int
    end: int


REQUIRED: Final[dict[NoteKind, tuple[str, ...]]] = {
    "basic": ("front", "back"),
    "reverse": ("front", "back"),
    "cloze": ("text",),
    "list": ("front", "items"),
    "type": ("front", "back"),
    "choice": ("front", "back", "choices"),
}
OPTIONAL: Final[dict[NoteKind, tuple[str, ...]]] = {
    "basic": ("note",),
    "reverse": ("note", "reverse_front", "reverse_back"),
    "cloze": ("note",),
    "list": ("note",),
    "type": ("note",),
    "choice": ("note",),
}


def faces(kind: NoteKind, fields: Mapping[str, str]) -> list[CardFace]:
    """The cards of a note in the order of their ordinals; at least one. Raises InvalidNote."""
    checked = _checked(kind, fields)
    return _RENDERERS[kind](checked)


def ordinals(kind: NoteKind, fields: Mapping[str, str]) -> list[int]:
    """The ordinals of the cards alone, which most kinds need no words for. Raises InvalidNote."""
    checked = _checked(kind, fields)
    fixed = _FIXED.get(kind)
    return list(fixed) if fixed else [face.ordinal for face in _RENDERERS[kind](checked)]


def lines(text: str) -> list[str]:
    """The non-empty lines, trimmed: how fields hold list members and choices."""
    return [line for raw in text.split("\n") if (line := raw.strip(BLANKS))]


def gaps(text: str) -> list[Gap]:
    """The gaps of a cloze text in reading order. Raises InvalidNote for one open, nested or numbered 0."""
    found, position = [], 0
    while opening := _CLOZE_OPENS.search(text, position):
        close = text.find("}}", opening.end())
        if close < 0:
            raise InvalidNote("text", "cloze-broken")
        if _CLOZE_OPENS.search(text, opening.end(), close):
            raise InvalidNote("text", "cloze-nested")
        number = int(opening[1])
        if number == 0:
            raise InvalidNote("text", "cloze-number")
        answer, _, hint = text[opening.end() : close].partition("::")
        if not answer.strip(BLANKS):
            raise InvalidNote("text", "cloze-broken")
        position = close + 2
        found.append(Gap(number, answer.strip(BLANKS), hint.strip(BLANKS), opening.start(), position))
    return found


def _checked(kind: NoteKind, fields: Mapping[str, str]) -> dict[str, str]:
    if kind not in REQUIRED:
        raise InvalidNote("kind", "unknown-kind")
    required, optional = REQUIRED[kind], OPTIONAL[kind]
    for name, value in fields.items():
        if name not in required and name not in optional:
            raise InvalidNote(name, "unknown-field")
        if "\0" in value:
            raise InvalidNote(name, "nul")
        if not unicodedata.is_normalized("NFC", value):
            raise InvalidNote(name, "not-nfc")
    trimmed = {name: value.strip(BLANKS) for name, value in fields.items()}
    for name in required:
        if not trimmed.get(name):
            raise InvalidNote(name, "missing")
    return trimmed


def _one(fields: dict[str, str]) -> list[CardFace]:
    return [CardFace(0, fields["front"], fields["back"], fields.get("note", ""))]


def _both_ways(fields: dict[str, str]) -> list[CardFace]:
    back_asks = fields.get("reverse_front") or fields["back"]
    back_answers = fields.get("reverse_back") or fields["front"]
    return [*_one(fields), CardFace(1, back_asks, back_answers, fields.get("note", ""))]


def _cloze(fields: dict[str, str]) -> list[CardFace]:
    text = fields["text"]
    found = gaps(text)
    if not found:
        raise InvalidNote("text", "cloze-missing")
    numbers = sorted({gap.number for gap in found})
    if len(numbers) > MOST_FACES:
        raise InvalidNote("text", "too-many")
    joint = "、" if _CJK.search(text) else ", "
    return [
        CardFace(
            number - 1,
            _with_gap(text, found, number),
            joint.join(gap.answer for gap in found if gap.number == number),
            fields.get("note", ""),
        )
        for number in numbers
    ]


def _with_gap(text: str, found: Sequence[Gap], number: int) -> str:
    parts, position = [], 0
    for gap in found:
        shown = gap.answer if gap.number != number else f"[{gap.hint}]" if gap.hint else GAP
        parts += [text[position : gap.start], shown]
        position = gap.end
    return "".join([*parts, text[position:]])


def _list(fields: dict[str, str]) -> list[CardFace]:
    members = lines(fields["items"])
    if len(members) > MOST_FACES:
        raise InvalidNote("items", "too-many")
    numbered = [f"{place}. {member}" for place, member in enumerate(members, 1)]
    return [
        CardFace(
            place,
            "\n".join([fields["front"], *numbered[:place], f"{place + 1}. {ELLIPSIS}"]),
            member,
            fields.get("note", ""),
        )
        for place, member in enumerate(members)
    ]


def _choice(fields: dict[str, str]) -> list[CardFace]:
    choices = lines(fields["choices"])
    if len(choices) < 2:
        raise InvalidNote("choices", "too-few-choices")
    if len(choices) > 26:
        raise InvalidNote("choices", "too-many")
    if len(set(choices)) < len(choices):
        raise InvalidNote("choices", "repeated")
    if fields["back"] not in choices:
        raise InvalidNote("choices", "answer-not-offered")
    lettered = [f"{chr(ord('A') + place)}. {choice}" for place, choice in enumerate(choices)]
    return [
        CardFace(0, "\n".join([fields["front"], *lettered]), fields["back"], fields.get("note", "")),
    ]


_RENDERERS: Final[dict[NoteKind, Callable[[dict[str, str]], list[CardFace]]]] = {
    "basic": _one,
    "reverse": _both_ways,
    "cloze": _cloze,
    "list": _list,
    "type": _one,
    "choice": _choice,
}

_FIXED: Final[Mapping[NoteKind, tuple[int, ...]]] = {"basic": (0,), "type": (0,), "reverse": (0, 1)}
"""The ordinals of kinds whose words have no say in how many cards they make."""

_CASES: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    ("basic", {"front": "一刻是几分钟？", "back": "15 分钟"}),
    ("basic", {"front": " 一刻是几分钟？\u3000", "back": "15 分钟\n", "note": "四刻为一小时"}),
    ("basic", {"front": "", "back": "x"}),
    ("basic", {"front": "x"}),
    ("basic", {"front": "x", "back": "y", "colour": "z"}),
    ("basic", {"front": "a\0", "back": "y"}),
    ("basic", {"front": "e\u0301", "back": "y"}),
    ("reverse", {"front": "猫", "back": "cat"}),
    (
        "reverse",
        {
            "front": "「猫」英语怎么说？",
            "back": "cat",
            "reverse_front": "cat 是什么？",
            "reverse_back": "猫",
            "note": "n",
        },
    ),
    ("reverse", {"front": "猫", "back": "cat", "reverse_front": " "}),
    ("cloze", {"text": "水在 {{c1::100 ℃}} 沸腾，在 {{c2::0 ℃::几度}} 结冰。", "note": "一个大气压"}),
    ("cloze", {"text": "The {{c2::moon}} pulls the {{c2::sea}}; the {{c1::sun}} does too."}),
    ("cloze", {"text": "{{c1::甲}}和{{c1::乙}}"}),
    ("cloze", {"text": "没有空"}),
    ("cloze", {"text": "{{c1::开着"}),
    ("cloze", {"text": "{{c1::外{{c2::内}}}}"}),
    ("cloze", {"text": "{{c0::零}}"}),
    ("cloze", {"text": "{{c1:: }}"}),
    ("list", {"front": "一年四季的顺序？", "items": "春\n夏\n\n 秋 \n冬", "note": "二十四节气由此分"}),
    ("list", {"front": "空", "items": "\n"}),
    ("type", {"front": "π 的前三位？", "back": "3.14"}),
    ("choice", {"front": "哪个是质数？", "back": "7", "choices": "6\n7\n8"}),
    ("choice", {"front": "q", "back": "7", "choices": "7"}),
    ("choice", {"front": "q", "back": "7", "choices": "6\n8"}),
    ("choice", {"front": "q", "back": "7", "choices": "7\n7"}),
    ("sound", {"front": "q", "back": "a"}),
)


def note_vectors() -> list[dict[str, Any]]:
    """Notes with the faces or the refusal that every implementation must give."""
    return [{"kind": kind, "fields": fields, **_outcome(kind, fields)} for kind, fields in _CASES]


def _outcome(kind: Any, fields: dict[str, str]) -> dict[str, Any]:
    try:
        made = faces(kind, fields)
    except InvalidNote as refusal:
        return {"error": {"field": refusal.field, "reason": refusal.reason}}
    return {
        "faces": [
            {"ordinal": face.ordinal, "front": face.front, "back": face.back, "note": face.note}
            for face in made
        ]
    }
