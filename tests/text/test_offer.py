"""What a learner is offered: sound, bounded, ranked, the same again, lasting through changes elsewhere."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from app.core.lint import lint
from app.core.notes import DeckDraft, faces
from app.core.passages import Mark, PlainText
from app.formats.documents.blocks import Block, assembled
from app.formats.documents.reading import read_text
from app.text.offer import MOST_WEAK, Offer, heirs, note_of, offer
from app.text.outline import outline
from tests.text.test_pipeline import TEXTS

RULES = """仓库守则

第一章 入库

货物到达后，应当先核对单据，再清点数量。不合格品不得入库。

破损的包装须在2小时内登记。

第二章 出库

领料单由主管签字。领料单保存3年。
"""


def fronts(found: Offer) -> set[str]:
    return {card.fields["front"] for card in found.cards}


def test_every_card_makes_a_sound_note_at_its_place() -> None:
    text = read_text(RULES)
    found = offer(text)
    assert len(found.cards) >= 5
    notes = [note_of(card, found.document) for card in found.cards]
    assert not [
        finding
        for finding in lint([DeckDraft("d", "d", "", "", "", tuple(notes))], text.text, generated=True)
        if finding.level == "error"
    ]
    for card, note in zip(found.cards, notes, strict=True):
        assert faces(note.kind, note.fields)
        paragraph = found.paragraphs[card.paragraph]
        assert card.spans[0][0] < paragraph.end
        assert note.source is not None
        assert note.source.rule == card.rule


def test_the_best_come_first_and_each_has_its_place() -> None:
    cards = offer(read_text(RULES)).cards
    assert sorted(card.place for card in cards) == list(range(len(cards)))
    ranked = sorted(cards, key=lambda card: card.place)
    shown = [card.rank for card in ranked if card.shown]
    assert shown == sorted(shown, reverse=True)
    assert all(card.shown for card in ranked[: len(shown)])


def test_paragraphs_say_how_many_cards_they_have() -> None:
    found = offer(
        read_text("随笔\n\n桂花糕，是指用桂花做的糕点。\n\n那年的秋天来得很早，山上的叶子红了一半。\n")
    )
    assert sum(place.cards for place in found.paragraphs) == sum(card.shown for card in found.cards)
    assert [place.cards > 0 for place in found.paragraphs] == [True, False]
    assert [place.start for place in found.paragraphs] == sorted(place.start for place in found.paragraphs)


def test_an_id_stays_when_another_paragraph_changes() -> None:
    before = offer(read_text(RULES))
    after = offer(
        read_text(RULES.replace("第一章 入库", "第一章 入库\n\n外来人员不得进入库区。").replace("3年", "5年"))
    )
    stored = [(card.id, card.rule, card.fields["front"]) for card in before.cards]
    kept = {card.id for card in before.cards} & {card.id for card in after.cards}
    gone = [card for card in before.cards if card.id not in kept]
    assert gone
    assert all("3年" in card.fields["back"] for card in gone)
    follow = heirs(stored, after.cards)
    assert {card.id for card in gone} == follow.keys()
    assert all("5年" in card.fields["back"] for card in after.cards if card.id in follow.values())


def test_no_heir_without_the_same_question() -> None:
    found = offer(read_text(RULES))
    assert heirs([("x-1", "ban", "别的问题？")], found.cards) == {}
    card = found.cards[0]
    assert heirs([(card.id, card.rule, card.fields["front"])], found.cards) == {}


def test_a_paragraph_is_not_buried_under_cards() -> None:
    rule = "，".join(f"不得{a}{b}物" for a in "甲乙丙丁戊己庚辛" for b in "天地玄黄宇宙洪荒")
    found = offer(read_text(f"守则\n\n{rule}。\n"))
    assert sum(not card.shown for card in found.cards) <= MOST_WEAK
    assert sum(card.shown for card in found.cards) <= 3 + len(rule) // 9


def test_structure_that_the_document_marks_is_used() -> None:
    text = assembled(
        [
            Block("heading", "第二节 费用", 2),
            Block("item", "申购费：买入基金时支付的费用", bold=(0, 3)),
            Block("item", "托管费：付给托管银行的报酬", bold=(0, 3)),
            Block("code", "不得 = 运行()"),
            Block("row", "名称\t期限"),
            Block("row", "犹豫期\t15天"),
        ]
    )
    found = offer(text)
    assert {card.section for card in found.cards} == {("费用",)}
    assert {card.fields["back"] for card in found.cards} >= {
        "买入基金时支付的费用",
        "付给托管银行的报酬",
        "15天",
    }
    assert not any("运行" in front for front in fronts(found))


def test_marks_of_bold_words_follow_the_normalised_text() -> None:
    shape = outline("\u200b“受益人”,是指甲", (Mark(1, 6, "bold"),))
    assert [span.text for span in shape.bold] == ["“受益人”"]


@pytest.mark.parametrize(("text", "language"), [(RULES, "zh-CN"), ("A keel is a fin under the hull.", "en")])
def test_the_deck_gets_the_language_of_the_text(text: str, language: str) -> None:
    assert offer(read_text(text)).language == language


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_the_same_text_gives_the_same_offer(decoded: str) -> None:
    text = PlainText(decoded)
    first = offer(text)
    assert first == offer(replace(text))
    assert len({card.id for card in first.cards}) == len(first.cards)
