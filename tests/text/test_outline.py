"""Headings of Chinese and English styles become a tree; items, boxes and noise are told apart."""

from hypothesis import given
from hypothesis import strategies as st

from app.text.clauses import Span, clauses, sentences
from app.text.outline import Outline, outline

REGULATION = """仓库守则

一、进门

（一）登记
1. 出示证件
看门人须查看证件。
2. 填写时间
时间须写到分钟。
（二）检查
包裹须打开。

小贴士

常备物品
手电：照明用
哨子：报警用

二、出门
1. 关灯
2. 锁窗
3. 交钥匙
"""


def titles(shape: Outline) -> list[tuple[str, ...]]:
    return [section.path for section in shape.sections() if section.parent]


def test_chinese_numbering_nests() -> None:
    shape = outline(REGULATION)
    assert ("仓库守则", "进门", "登记", "出示证件") in titles(shape)
    assert ("仓库守则", "进门", "检查") in titles(shape)
    assert ("仓库守则", "出门") in titles(shape)
    assert shape.document == "仓库守则"


def test_numbered_lines_with_nothing_under_them_are_items() -> None:
    last = [paragraph for paragraph in outline(REGULATION).paragraphs() if paragraph.section.title == "出门"]
    assert [(paragraph.kind, paragraph.span.text) for paragraph in last] == [
        ("item", "关灯"),
        ("item", "锁窗"),
        ("item", "交钥匙"),
    ]


def test_a_box_takes_its_title_from_the_next_line() -> None:
    box = [paragraph for paragraph in outline(REGULATION).paragraphs() if "手电" in paragraph.span.text]
    assert box[0].section.title == "常备物品"


def test_english_headings_and_bullets() -> None:
    shape = outline(
        "# Kitchen rules\n\n## Knives\n\n- Keep knives dry.\n- Never throw knives.\n\n## Fire\n\nCall 112.\n"
    )
    assert titles(shape) == [("Kitchen rules",), ("Kitchen rules", "Knives"), ("Kitchen rules", "Fire")]
    assert [paragraph.kind for paragraph in shape.paragraphs()] == ["item", "item", "text"]


def test_page_numbers_captions_and_the_page_before_the_first_part_go() -> None:
    shape = outline("某书\n某处免费看全本\n\n第二节 仓储\n\n货要放稳。\n12\n图3-1 货架\n")
    assert shape.document == "仓储"
    assert [paragraph.span.text for paragraph in shape.paragraphs()] == ["货要放稳。"]


def test_a_short_first_sentence_is_the_topic() -> None:
    paragraph = next(outline("守则\n\n搬货。搬货须两人，不可独自搬。\n").paragraphs())
    assert (paragraph.topic, paragraph.body.text) == ("搬货", "搬货须两人，不可独自搬。")


def test_sentences_keep_quotations_and_abbreviations_whole() -> None:
    assert [
        part.text for part in sentences(Span("他说“走。快走”，便走了。Dr. Li left. No. 3 stayed!", 0))
    ] == [
        "他说“走。快走”，便走了",
        "Dr. Li left",
        "No. 3 stayed",
    ]


def test_clauses_keep_brackets_and_numbers_whole() -> None:
    assert [part.text for part in clauses(Span("甲（乙，丙），丁，1,000 元", 0))] == [
        "甲（乙，丙）",
        "丁",
        "1,000 元",
    ]


@given(st.text(alphabet=st.sampled_from("一、（二）1.#-* \n甲：。，“”|\tABab"), max_size=120))
def test_every_span_holds_its_own_words(decoded: str) -> None:
    shape = outline(decoded)
    text = shape.normalised.text
    for paragraph in shape.paragraphs():
        for span in (paragraph.span, paragraph.body):
            assert text[span.start : span.end] == span.text
