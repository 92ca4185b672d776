"""What the generator finds in texts that nobody edited; it was not fitted to the held-out ones."""

import re
from pathlib import Path

import pytest

from app.core.notes import CardFace
from app.formats.documents.blocks import assembled
from app.formats.documents.reading import read_document
from app.text.offer import offer
from app.text.pipeline import flat
from tests.text.recall import Fact, generated, missed, read_facts

FIXTURES = Path(__file__).parent / "fixtures"
TEXTS = {
    folder: sorted(path for path in (FIXTURES / folder).iterdir() if path.suffix != ".jsonl")
    for folder in ("dev", "heldout")
}
KINDS = {
    "prose": ("prose",),
    "questions": ("_qa", "_faq"),
    "regulations": ("_reg", "_policy", "regulation", "protection"),
}
ENOUGH = {"structured": 0.8, "questions": 0.8, "regulations": 0.8, "prose": 0.3}
MOST_CARDS_A_FACT = 3


def kind_of(path: Path) -> str:
    found = (kind for kind, parts in KINDS.items() if any(part in path.stem for part in parts))
    return next(found, "structured")


def test_the_measure_wants_the_right_answer_beside_its_own_cue() -> None:
    fact = Fact("x", "初次见面，说什么？", "久仰", "初次见面说“久仰”")

    def finds(front: str, back: str) -> bool:
        return not missed([fact], [CardFace(0, front, back, "")])

    assert finds("初次见面，怎么说？", "久仰")
    assert not finds("初次见面，怎么说？", "久违")
    assert not finds("归还原物，怎么说？", "久仰")
    assert not finds("初次见面，怎么说？", "久仰" + "其他很长的话" * 6)


@pytest.mark.parametrize("path", TEXTS["dev"], ids=lambda path: path.stem)
def test_a_text_gives_most_of_its_facts(path: Path) -> None:
    facts = read_facts(path.with_suffix(".jsonl"))
    cards = generated(path)
    gone = missed(facts, cards)
    assert len(gone) <= (1 - ENOUGH[kind_of(path)]) * len(facts), [fact.prompt for fact in gone]
    assert len(cards) <= MOST_CARDS_A_FACT * len(facts)


@pytest.mark.parametrize("kind", list(ENOUGH))
def test_unseen_texts_of_each_kind_give_most_of_their_facts(kind: str) -> None:
    facts, gone, cards = 0, 0, 0
    for path in TEXTS["heldout"]:
        if kind_of(path) == kind:
            wanted, made = read_facts(path.with_suffix(".jsonl")), generated(path)
            facts, gone, cards = facts + len(wanted), gone + len(missed(wanted, made)), cards + len(made)
    assert facts > 50
    assert gone <= (1 - ENOUGH[kind]) * facts
    assert cards <= MOST_CARDS_A_FACT * facts


@pytest.mark.parametrize("path", [path for path in TEXTS["heldout"] if kind_of(path) == "prose"])
def test_an_answer_from_prose_stands_in_the_sentence_that_it_points_to(path: Path) -> None:
    text = assembled(read_document(path))
    cards = [card for card in offer(text).cards if card.shown and card.kind == "basic"]
    beside = 0
    for card in cards:
        start, end = card.spans[0]
        said = flat(text.text[start:end])
        parts = re.split("、|；", card.fields["back"])
        beside += all(flat(part) in said for part in parts)
    assert beside >= 0.9 * len(cards)
