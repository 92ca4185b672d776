"""What makes a card bad, found by rule: in generated decks, in imports and in cards written by hand.

An error makes a card wrong or unanswerable; a warning makes it hard to learn. Every finding names deck,
card, rule and a way to mend it.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

from app.core.notes import CardFace, DeckDraft, InvalidNote, NoteDraft, faces, gaps, lines

Level = Literal["error", "warning"]

FIXES: Final[Mapping[str, tuple[Level, str, str]]] = {
    "broken": ("error", "补全缺失或写错的字段。", "Complete or correct the named field."),
    "same-front": (
        "error",
        "在问题里加上所在章节或条件，使答案唯一。",
        "Add the section or condition to the question, so that one answer fits.",
    ),
    "duplicate": ("error", "删去重复的一张。", "Delete one of the two."),
    "answer-in-front": (
        "error",
        "改写问题，不让答案出现在其中。",
        "Reword the question so that it does not give the answer away.",
    ),
    "gap-cuts-word": ("error", "让空缺包住整个词。", "Make the gap hold the whole word."),
    "lost-not": ("error", "把“不可”“忌”等禁止词写回卡片。", "Put the “not” back on the card."),
    "lost-exception": ("error", "把例外情况写进答案或说明。", "Add the exception to the answer or the note."),
    "no-source": ("error", "注明出处的章节和位置。", "Say where in the text the fact stands."),
    "not-at-source": (
        "error",
        "核对出处：那里没有这个答案。",
        "Check the source: the answer does not stand there.",
    ),
    "mojibake": ("error", "用正确的编码重新读取原文。", "Read the text again in its right encoding."),
    "long-answer": ("warning", "只留要点，其余放进说明。", "Keep the point; move the rest to the note."),
    "several-facts": ("warning", "拆成几张卡片。", "Split it into several cards."),
    "list-without-members": (
        "warning",
        "改成逐项回忆的列表卡。",
        "Make it a list note that asks each member.",
    ),
    "long-list": ("warning", "把列表分成不超过七项的几组。", "Divide the list into groups of at most seven."),
    "near-front": ("warning", "把两个问题的区别写明。", "Say in both questions what tells them apart."),
    "dangling": ("warning", "用名称代替开头的代词。", "Name the thing instead of the pronoun at the start."),
    "yes-no": ("warning", "改问“什么”或“怎样”。", "Ask what or how instead."),
    "trivial-gap": ("warning", "空缺应是要点，不是虚词。", "Let the gap be the point, not a small word."),
    "missing-context": ("warning", "在问题里加上主题。", "Add the topic to the question."),
    "bare-number": ("warning", "给数字加上单位。", "Add the unit to the number."),
    "two-numbers": ("warning", "在两个问题里写明各自的章节。", "Name the section in both questions."),
}

_CJK: Final = re.compile(r"[\u3400-\u9fff]")
_WORD: Final = re.compile(r"[^\W_\u3400-\u9fff]+")
_MARKS: Final = re.compile(r"[^\w%/~<]+|_")
_NEGATION: Final = re.compile(
    "不|勿|忌|禁|避免|防止|严禁|别|莫|无|未|谢绝|杜绝|"
    r"\b(?:not|never|no|don't|avoid|without|cannot|can't|forbidden|prohibited|refrain|neither|nor)\b|n't\b",
    re.IGNORECASE,
)
_EXCEPTION: Final = re.compile(r"例外|除外|除非|\b(?:unless|except)\b", re.IGNORECASE)
_MOJIBAKE: Final = re.compile("\ufffd|锟斤拷|烫烫烫|Ã[\x80-\xbf©]|â€|ï¼|[\x80-\x9f]|[\ue000-\uf8ff]")
_DANGLING: Final = re.compile(
    r"\W*(?:它|其(?!他|中|它|间|实)|这(?!里是)|此|该|他们|它们|(?:it|they|this|these|he|she|those)\b)",
    re.IGNORECASE,
)
_YES_NO: Final = frozenset(
    {"是", "否", "对", "错", "能", "不能", "可以", "不可以", "yes", "no", "true", "false"}
)
_SMALL_WORDS: Final = frozenset(
    {*"的了和与在是也都及或", "the", "a", "an", "of", "to", "in", "and", "or", "is", "are"}
)
_MOST_CJK, _MOST_WORDS, _MOST_MEMBERS, _NEAR, _NEAR_NUMBERS = 14, 12, 7, 0.85, 0.7


@dataclass(frozen=True, slots=True)
class Finding:
    deck: str  # slug
    card: str  # the note's guid
    rule: str
    level: Level
    detail: str  # the words at fault

    @property
    def fix(self) -> tuple[str, str]:
        """How to mend it, in Chinese and in English."""
        return FIXES[self.rule][1:]


@dataclass(frozen=True, slots=True)
class _Card:
    deck: DeckDraft
    note: NoteDraft
    face: CardFace

    @property
    def front(self) -> str:
        return flat(self.face.front)

    @property
    def back(self) -> str:
        return flat(self.face.back)


def lint(decks: Sequence[DeckDraft], text: str = "", *, generated: bool = False) -> list[Finding]:
    """Findings over all decks together, deck by deck. `text` is the source, where it is at hand; `generated`
    cards must say where they come from."""
    found: list[Finding] = []
    cards: list[_Card] = []
    for deck in decks:
        for note in deck.notes:
            try:
                made = faces(note.kind, note.fields)
            except InvalidNote as refusal:
                found.append(_finding(deck, note, "broken", str(refusal)))
                continue
            cards += [_Card(deck, note, face) for face in made]
            found += [_finding(deck, note, rule, detail) for rule, detail in _of_note(note, text, generated)]
    found += [
        _finding(card.deck, card.note, rule, detail) for card in cards for rule, detail in _of_face(card)
    ]
    found += [_finding(card.deck, card.note, rule, detail) for card, rule, detail in _between(cards)]
    order = {deck.slug: place for place, deck in enumerate(decks)}
    return sorted(dict.fromkeys(found), key=lambda each: (order[each.deck], each.level, each.rule, each.card))


def flat(text: str) -> str:
    """Letters and digits only: what counts when two sides are compared."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _finding(deck: DeckDraft, note: NoteDraft, rule: str, detail: str) -> Finding:
    return Finding(deck.slug, note.guid, rule, FIXES[rule][0], detail)


# --- one note ---


def _of_note(note: NoteDraft, text: str, generated: bool) -> Iterator[tuple[str, str]]:
    whole = "\n".join(note.fields.values())
    if wrong := _MOJIBAKE.search(whole):
        yield "mojibake", wrong[0]
    if generated and note.source is None:
        yield "no-source", note.guid
    if note.kind == "list" and len(members := lines(note.fields["items"])) > _MOST_MEMBERS:
        yield "long-list", str(len(members))
    if note.kind == "cloze":
        yield from _of_gaps(note.fields["text"])
    if note.source:
        yield from _against_source(note, whole, text)


def _against_source(note: NoteDraft, whole: str, text: str) -> Iterator[tuple[str, str]]:
    source = note.source
    if source is None:
        return
    if source.rule.startswith("ban") and not _NEGATION.search(whole):
        yield "lost-not", whole[:20]
    quote = source.quote or text[source.start : source.end]
    if not quote:
        return
    if source.rule.startswith("ban") and _EXCEPTION.search(quote) and not _EXCEPTION.search(whole):
        yield "lost-exception", whole[:20]
    if source.rule and not source.rule.endswith("+edit"):
        back = note.fields.get("back") or note.fields.get("items", "")
        answer, there = _bigrams(back), _bigrams(quote)
        if answer and flat(back) not in flat(quote) and len(answer & there) < 0.6 * len(answer):
            yield "not-at-source", (note.fields.get("back") or "")[:20]


def _of_gaps(text: str) -> Iterator[tuple[str, str]]:
    for gap in gaps(text):
        before, after = text[: gap.start][-1:], text[gap.end :][:1]
        if (_WORD.match(before) and _WORD.match(gap.answer)) or (
            _WORD.match(after) and _WORD.match(gap.answer[-1])
        ):
            yield "gap-cuts-word", gap.answer
        if gap.answer.casefold() in _SMALL_WORDS:
            yield "trivial-gap", gap.answer


# --- one card ---


def _of_face(card: _Card) -> Iterator[tuple[str, str]]:
    face = card.face
    if len(card.back) >= 2 and card.back in card.front and card.note.kind != "choice":
        yield "answer-in-front", face.back
    if len(_CJK.findall(face.back)) > _MOST_CJK or len(_WORD.findall(face.back)) > _MOST_WORDS:
        yield "long-answer", face.back
    if re.search("[；。;].", face.back):
        yield "several-facts", face.back
    if face.back.count("、") >= 5 and card.note.kind == "basic" and not _asks_members(card):
        yield "list-without-members", face.back
    if _DANGLING.match(face.front):
        yield "dangling", face.front[:12]
    if card.back in _YES_NO:
        yield "yes-no", face.back
    if re.fullmatch(r"[\d.,]+", face.back.strip()):
        yield "bare-number", face.back
    if len(card.front) < 4 and not _WORD.match(card.front):
        yield "missing-context", face.front


def _asks_members(card: _Card) -> bool:
    """Whether a list note of the deck asks what this card wants all at once."""
    members = set(card.face.back.split("、"))
    return any(
        members <= set(lines(note.fields.get("items", ""))) for note in card.deck.notes if note.kind == "list"
    )


# --- cards beside each other ---


def _between(cards: Sequence[_Card]) -> Iterator[tuple[_Card, str, str]]:
    by_front: dict[str, list[_Card]] = defaultdict(list)
    for card in cards:
        same = by_front[card.front]
        if any(other.back == card.back for other in same):
            yield card, "duplicate", card.face.front
        elif same:
            yield card, "same-front", card.face.front
        same.append(card)
    yield from _alike(cards, _NEAR, "near-front", lambda card: True)
    yield from _alike(cards, _NEAR_NUMBERS, "two-numbers", lambda card: card.face.back[:1].isdigit())


def _alike(
    cards: Iterable[_Card], least: float, rule: str, among: Callable[[_Card], bool]
) -> Iterator[tuple[_Card, str, str]]:
    """Pairs of questions that share nearly all their bigrams; list members are alike by nature."""
    chosen = [
        (card, _bigrams(card.face.front))
        for card in cards
        if card.note.kind not in ("list", "cloze") and among(card)
    ]
    by_bigram: dict[str, list[int]] = defaultdict(list)
    for place, (_, bigrams) in enumerate(chosen):
        for bigram in bigrams:
            by_bigram[bigram].append(place)
    met: dict[tuple[int, int], int] = defaultdict(int)
    for places in by_bigram.values():
        if len(places) <= 40:
            for pair in combinations(places, 2):
                met[pair] += 1
    for (one, other), shared in sorted(met.items()):
        (card, ours), (rival, theirs) = chosen[one], chosen[other]
        if shared >= least * len(ours | theirs) and card.front != rival.front and card.back != rival.back:
            yield rival, rule, f"{card.face.front} / {rival.face.front}"


def _bigrams(text: str) -> set[str]:
    pieces = re.findall(
        r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+", unicodedata.normalize("NFKC", text).casefold()
    )
    return {
        part
        for piece in pieces
        for part in (
            [piece[at : at + 2] for at in range(max(1, len(piece) - 1))] if _CJK.match(piece) else [piece]
        )
    }
