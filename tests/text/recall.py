"""Which facts of a list do some cards ask? A plain measure: shared bigrams, and answers of fair length."""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core.notes import CardFace, faces
from app.formats.documents.blocks import assembled
from app.formats.documents.reading import read_document
from app.text.offer import note_of, offer

SAME_ANSWER, SAME_CUE = 0.7, 0.34
ASKING = re.compile(
    "什么|怎样|哪些|哪里|哪种|哪个|多少|如何|应该|应当|可以|不可|不要|表示|含义|意思|包括|有哪|属于|"
    r"\b(?:a|an|the|of|to|in|on|at|by|for|with|is|are|be|what|which|who|when|where|why|how|do|does|must|should|"
    r"may|can|not|never|no|and|or|it|you|your|mean|means)\b"
)


@dataclass(frozen=True, slots=True)
class Fact:
    id: str
    prompt: str
    answer: str
    evidence: str


def read_facts(path: Path) -> list[Fact]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [Fact(row["id"], row["prompt"], row["answer"], row.get("evidence", "")) for row in rows]


def generated(path: Path) -> list[CardFace]:
    """The cards that a learner is shown of a text before anybody edits them."""
    offered = offer(assembled(read_document(path)))
    notes = [note_of(card, offered.document) for card in offered.cards if card.shown]
    return [face for note in notes for face in faces(note.kind, note.fields)]


def missed(facts: Iterable[Fact], cards: Sequence[CardFace]) -> list[Fact]:
    sides = [
        (units(one), units(other), length(other))
        for card in cards
        for one, other in ((card.front, card.back), (card.back, card.front))
    ]
    return [fact for fact in facts if not any(_asks(fact, front, back, size) for front, back, size in sides)]


def _asks(fact: Fact, front: set[str], back: set[str], size: int) -> bool:
    answer = units(re.sub(r"[(（][^)）]*[)）]", "", fact.answer) or fact.answer)
    if _share(answer, back) < SAME_ANSWER or size > max(2.2 * length(fact.answer) + 8, 14):
        return False
    prompt = units(ASKING.sub(" ", fact.prompt.lower()))
    evidence = units(ASKING.sub(" ", fact.evidence.lower())) - answer
    return max(_share(prompt, front), _share(evidence, front)) >= SAME_CUE


def _share(wanted: set[str], there: set[str]) -> float:
    return len(wanted & there) / len(wanted) if wanted else 0.0


def units(text: str) -> set[str]:
    """Bigrams of Chinese runs, words of others (without the endings of English)."""
    found: set[str] = set()
    for run in re.findall(
        r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+", unicodedata.normalize("NFKC", text).lower()
    ):
        if "\u3400" <= run[0] <= "\u9fff":
            found |= {run[at : at + 2] for at in range(len(run) - 1)} or {run}
        else:
            found.add(re.sub("(ing|ed|es|s|ly)$", "", run) if len(run) > 4 else run)
    return found


def length(text: str) -> int:
    """Chinese characters and words."""
    return len(re.findall(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+", text))
