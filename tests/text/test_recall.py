"""What the generator finds in texts that nobody edited; it was not fitted to the held-out ones."""

from pathlib import Path

import pytest

from app.core.notes import CardFace
from tests.text.recall import Fact, generated, missed, read_facts

FIXTURES = Path(__file__).parent / "fixtures"
DEV = sorted((FIXTURES / "dev").glob("*.txt"))
UNSEEN = [path for path in sorted((FIXTURES / "heldout").glob("*.txt")) if "prose" not in path.name]
ENOUGH = 0.8


def test_the_measure_wants_the_right_answer_beside_its_own_cue() -> None:
    fact = Fact("x", "初次见面，说什么？", "久仰", "初次见面说“久仰”")

    def finds(front: str, back: str) -> bool:
        return not missed([fact], [CardFace(0, front, back, "")])

    assert finds("初次见面，怎么说？", "久仰")
    assert not finds("初次见面，怎么说？", "久违")
    assert not finds("归还原物，怎么说？", "久仰")
    assert not finds("初次见面，怎么说？", "久仰" + "其他很长的话" * 6)


@pytest.mark.parametrize("path", DEV, ids=lambda path: path.stem)
def test_a_structured_text_gives_most_of_its_facts(path: Path) -> None:
    facts = read_facts(path.with_suffix(".jsonl"))
    gone = missed(facts, generated(path))
    assert len(gone) <= (1 - ENOUGH) * len(facts), [fact.prompt for fact in gone]


def test_unseen_structured_texts_give_most_of_their_facts() -> None:
    facts, gone = 0, 0
    for path in UNSEEN:
        wanted = read_facts(path.with_suffix(".jsonl"))
        facts += len(wanted)
        gone += len(missed(wanted, generated(path)))
    assert facts > 100
    assert gone <= (1 - ENOUGH) * facts
