"""Each shape of a fact is found in a sentence of its own, and what is no fact is left alone."""

import pytest

from app.core.passages import Mark, PlainText
from app.formats.documents.reading import read_text
from app.text.clauses import Span
from app.text.clauses_en import clauses_en
from app.text.cover import Cover
from app.text.offer import offer


def asked(text: str) -> list[tuple[str, str]]:
    return [
        (card.fields["front"], card.fields["back"])
        for card in offer(read_text(text)).cards
        if card.shown and "back" in card.fields
    ]


@pytest.mark.parametrize(
    ("sentence", "front", "back"),
    [
        ("壤土是砂粒和黏粒搭配适中的土壤。", "什么是壤土？", "砂粒和黏粒搭配适中的土壤"),
        ("船队的领队是沈阿大。", "船队的领队是什么？", "沈阿大"),
        ("航速受风向、潮汐、载重三大因素的影响。", "航速受哪三大因素的影响？", "风向、潮汐、载重"),
        ("船医梁启首先提出了分舱隔离的办法。", "谁首先提出了分舱隔离的办法？", "船医梁启"),
        ("1874年船厂迁到江北。", "哪一年船厂迁到江北？", "1874年"),
        ("罗盘至少每半年校准一次。", "罗盘至少多久校准一次？", "每半年"),
        ("航海日志由大副负责填写。", "航海日志由谁负责填写？", "大副"),
        ("船速取决于帆的面积。", "船速取决于什么？", "帆的面积"),
        ("水深用测绳表示。", "水深用什么表示？", "测绳"),
        (
            "水手从事缆绳整理、甲板清洗、锚链保养等工作。",
            "水手从事哪些工作？",
            "缆绳整理、甲板清洗、锚链保养",
        ),
        ("装货有三个步骤：称重、入舱、固定。", "装货有哪三个步骤？", "称重、入舱、固定"),
        ("货主须缴纳压舱费，即按吨位收取的费用。", "什么是压舱费？", "按吨位收取的费用"),
    ],
)
def test_chinese_sentences_give_their_fact(sentence: str, front: str, back: str) -> None:
    assert (front, back) in asked(sentence)


@pytest.mark.parametrize(
    ("sentence", "front", "back"),
    [
        ("Mast cells release histamine.", "Mast cells release what?", "histamine"),
        ("Oysters mature in shallow bays.", "Oysters mature ____", "in shallow bays"),
        ("Ropes are tarred because salt water rots them.", "Ropes are tarred: why?", "salt water rots them"),
        (
            "Ada Byron published the first program in 1843.",
            "Ada Byron published the first program: in which year?",
            "1843",
        ),
        (
            "Each sail hangs from spars, which are the poles across the mast.",
            "What are spars?",
            "the poles across the mast",
        ),
        (
            "The hold carries barrels; sailors wear boots made of felt.",
            "Sailors wear what?",
            "boots made of felt",
        ),
        (
            "Deposits are insured up to 900 crowns.",
            "Deposits are insured up to how many crowns?",
            "900 crowns",
        ),
        (
            "The ropes end in a metal eye called a thimble.",
            "The ropes end in a metal eye: called what?",
            "thimble",
        ),
    ],
)
def test_english_sentences_give_their_fact(sentence: str, front: str, back: str) -> None:
    assert (front, back) in asked(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "他也因此被称为船王。",
        "那年的秋天来得很早。",
        "I never saw him again.",
        "It was late.",
        "They had always known.",
    ],
)
def test_what_hangs_in_the_air_is_not_asked(sentence: str) -> None:
    assert asked(sentence) == []


def test_the_number_of_what_follows_is_not_asked() -> None:
    fronts = [
        front for front, _ in asked("装货有三个步骤：称重、入舱、固定。\n\n卸货有两个步骤：松绑、吊装。")
    ]
    assert fronts == ["装货有哪三个步骤？", "卸货有哪两个步骤？"]


def test_a_pronoun_takes_the_name_before_it() -> None:
    assert ("Oysters mature ____", "in bays") in asked(
        "Oysters filter the muddy water of the whole bay. They mature in bays."
    )


def test_a_clause_is_taken_apart() -> None:
    (clause,) = clauses_en(Span("After a storm, the crew must check the pumps before sunrise.", 0))
    assert (clause.scene, clause.subject, clause.verb) == ("After a storm", "the crew", "must check")
    assert (clause.object, clause.link, clause.tail) == ("the pumps", "before", "before sunrise")


def test_bold_words_and_lists_of_the_document_are_used() -> None:
    text = "信号\n信号灯有三种：\n红灯：左舷\n绿灯：右舷\n白灯：船尾\n夜间航行须开启航行灯以示位置。"
    place = text.index("航行灯")
    marks = [Mark(0, 2, "heading", 1)]
    for line in ("红灯：左舷", "绿灯：右舷", "白灯：船尾"):
        marks.append(Mark(text.index(line), text.index(line) + len(line), "item"))
    marks.append(Mark(place, place + 3, "bold"))
    found = {card.rule: card for card in offer(PlainText(text, tuple(marks), "markdown")).cards}
    assert found["list.items"].fields["back"] == "红灯、绿灯、白灯"
    assert len(found["list.items"].spans) == 4
    assert found["bold.gap"].fields == {"front": "信号：夜间航行须开启____以示位置？", "back": "航行灯"} or (
        found["bold.gap"].fields["back"] == "航行灯"
    )


def test_a_cover_knows_what_it_touches() -> None:
    cover = Cover([Span("abc", 10), Span("abcdefghij", 2), Span("a", 30)])
    assert [cover.touches(Span("x", at)) for at in (1, 2, 11, 12, 13, 29, 30, 31)] == [
        False, True, True, True, False, False, True, False,
    ]  # fmt: skip
    assert not Cover([]).touches(Span("x", 0))
