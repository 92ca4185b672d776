"""The cards that a text offers to a learner: linted, bounded, ranked, each with its place in the source."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.core.lint import FIXES, Finding, lint
from app.core.notes import DeckDraft, NoteDraft, NoteKind, Source
from app.core.passages import PlainText
from app.text.found import FactKind, mostly_chinese
from app.text.outline import Outline
from app.text.pipeline import LEAST_RANK, Candidate, candidates, draft, flat

GROUPS: Final[Mapping[FactKind, str]] = {
    "pair": "pair", "cell": "pair", "example": "pair", "term": "term", "definition": "term", "ban": "rule",
    "norm": "rule", "step": "rule", "number": "number", "order": "order", "list": "list", "who": "who",
    "question": "question", "purpose": "reason",
}  # fmt: skip
MOST_WEAK: Final = 3  # of a paragraph
_FREE, _LETTERS_A_CARD = 3, 9  # how many cards a paragraph may show: some, and more with its length
_WARNING: Final = 0.04  # how much a linter's warning lowers the rank
_SAMPLE: Final = 4_000
_WIDEST: Final = 1_500


@dataclass(frozen=True, slots=True)
class OfferedCard:
    """A card as the learner judges it. Its `id` stays while its own sentence does."""

    id: str
    rule: str
    group: str
    kind: NoteKind
    fields: dict[str, str]
    section: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]  # in the text; the first bears out the fact, the others its parts
    paragraph: int  # index into the offer's paragraphs
    rank: float
    place: int  # 0 for the best of the text
    shown: bool  # the others are weak, for those who ask for more
    findings: tuple[str, ...]  # the linter's warnings


@dataclass(frozen=True, slots=True)
class ParagraphPlace:
    start: int
    end: int
    section: tuple[str, ...]
    cards: int  # shown ones


@dataclass(frozen=True, slots=True)
class Offer:
    document: str
    language: str  # "zh-CN" or "en"
    cards: tuple[OfferedCard, ...]  # in reading order
    paragraphs: tuple[ParagraphPlace, ...]


def offer(text: PlainText) -> Offer:
    """Deterministic: the same text gives the same offer."""
    shape, found = candidates(text.text, text.marks, fresh=True)
    document = text.title or shape.document
    warnings = _sound(text.text, document, found)
    kept = [candidate for candidate in found if candidate.id in warnings]
    places = _Places(shape)
    ranks = [round(each.rank - _WARNING * len(warnings[each.id]), 3) for each in kept]
    chosen = _chosen(kept, ranks, places)
    best = sorted(chosen, key=lambda index: (not chosen[index], -ranks[index], index))
    order = {index: place for place, index in enumerate(best)}
    cards = tuple(
        _card(kept[index], places, ranks[index], order[index], chosen[index], warnings[kept[index].id])
        for index in sorted(chosen)
    )
    shown = Counter(card.paragraph for card in cards if card.shown)
    paragraphs = tuple(
        ParagraphPlace(start, end, section, shown[index])
        for index, (start, end, section) in enumerate(places.paragraphs)
    )
    language = "zh-CN" if mostly_chinese(text.text[:_SAMPLE]) else "en"
    return Offer(document, language, cards, paragraphs)


def note_of(card: OfferedCard, document: str) -> NoteDraft:
    """The card as a note that says where it comes from."""
    start, end = _hull(card.spans)
    return NoteDraft(
        card.id, card.kind, card.fields, (), Source(document, card.section, start, end, card.rule)
    )


def _hull(spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """One place for all, unless they lie so far apart that it would say nothing."""
    start, end = min(start for start, _ in spans), max(end for _, end in spans)
    return (start, end) if end - start <= _WIDEST else spans[0]


def heirs(before: Sequence[tuple[str, str, str]], after: Sequence[OfferedCard]) -> dict[str, str]:
    """For stored (id, rule, front) that are gone: the new card of that rule which asks the same question."""
    known = {name for name, _, _ in before}
    asked: dict[tuple[str, str], str] = {}
    for card in after:
        if card.id not in known:
            asked.setdefault((card.rule, _asked(card.fields)), card.id)
    still = {card.id for card in after}
    found: dict[str, str] = {}
    for name, rule, front in before:
        heir = asked.pop((rule, flat(front)), None) if name not in still else None
        if heir:
            found[name] = heir
    return found


def _asked(fields: Mapping[str, str]) -> str:
    return flat(fields.get("front") or fields.get("text", ""))


class _Places:
    """The paragraphs in reading order, and which of them holds a place."""

    def __init__(self, shape: Outline) -> None:
        spans = [
            (*shape.normalised.origin(each.span.start, each.span.end), each.section.path)
            for each in shape.paragraphs()
        ]
        self.paragraphs = sorted(spans, key=lambda span: span[0])
        self._starts = [start for start, _, _ in self.paragraphs]
        lengths = [(each.span.start, _reading_length(each.span.text)) for each in shape.paragraphs()]
        self._room = [_FREE + length // _LETTERS_A_CARD for _, length in sorted(lengths)]

    def index(self, start: int) -> int:
        """A heading belongs to the paragraph under it."""
        before = bisect_right(self._starts, start) - 1
        if before >= 0 and start < self.paragraphs[before][1]:
            return before
        return min(before + 1, max(0, len(self.paragraphs) - 1))

    def room(self, index: int) -> int:
        """How many cards a paragraph may show."""
        return self._room[index] if self._room else _FREE


def _reading_length(text: str) -> int:
    """Chinese characters; a word counts as two."""
    return len(text) if mostly_chinese(text) else 2 * len(text.split())


def _sound(text: str, document: str, found: Sequence[Candidate]) -> dict[str, tuple[str, ...]]:
    """The ids without an error, each with its warnings."""
    notes = tuple(_placed(draft(candidate, document), candidate) for candidate in found)
    findings: dict[str, list[Finding]] = defaultdict(list)
    for finding in lint([DeckDraft("text", document, "", "", "", notes)], text, generated=True):
        findings[finding.card].append(finding)
    return {
        note.guid: tuple(dict.fromkeys(each.rule for each in findings[note.guid]))
        for note in notes
        if all(FIXES[each.rule][0] == "warning" for each in findings[note.guid])
    }


def _placed(note: NoteDraft, candidate: Candidate) -> NoteDraft:
    start, end = _hull(((candidate.start, candidate.end), *candidate.more))
    return replace(note, source=note.source and replace(note.source, start=start, end=end))


def _chosen(found: Sequence[Candidate], ranks: Sequence[float], places: _Places) -> dict[int, bool]:
    """The indexes to keep, and whether they are shown: no paragraph is buried under cards."""
    shown, weak = Counter[int](), Counter[int]()
    chosen: dict[int, bool] = {}
    for index in sorted(range(len(found)), key=lambda each: (-ranks[each], each)):
        paragraph = places.index(found[index].start)
        if found[index].rank >= LEAST_RANK and shown[paragraph] < places.room(paragraph):
            shown[paragraph] += 1
            chosen[index] = True
        elif weak[paragraph] < MOST_WEAK:
            weak[paragraph] += 1
            chosen[index] = False
    return chosen


def _card(
    candidate: Candidate, places: _Places, rank: float, place: int, shown: bool, warnings: tuple[str, ...]
) -> OfferedCard:
    note = draft(candidate, "")
    return OfferedCard(
        id=candidate.id,
        rule=candidate.rule,
        group=GROUPS[candidate.kind],
        kind=note.kind,
        fields=dict(note.fields),
        section=candidate.section,
        spans=((candidate.start, candidate.end), *candidate.more),
        paragraph=places.index(candidate.start),
        rank=rank,
        place=place,
        shown=shown,
        findings=warnings,
    )
