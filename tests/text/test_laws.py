"""Cards of a law as laws are written: long conditions, deeds in lists, amounts from one to another."""

import pytest

from app.core.passages import PlainText
from app.text.lists import count_word
from app.text.offer import offer
from app.text.words import splits_word, word_at, words

LAW = """中华灯塔管理条例

第一章 总 则

第一条 为了规范灯塔管理，保障航行安全，制定本条例。

第二条 国务院航标主管部门负责全国的灯塔监督管理工作。

第二章 守塔人的义务

第三条 守塔人在当值期间发现航标熄灭的，应当立即恢复照明，记录熄灭的时间，并向航标主管部门报告。

第四条 守塔人应当按照航标主管部门的规定，每季度检修一次灯具。

第五条 任何单位和个人发现灯塔损坏，有权向航标主管部门、海事机关或者其他有关国家机关举报。

第六条 申请担任守塔人的，应当具备下列条件：

（一）从事相关工作三年以上；

（二）没有色盲；

（三）航标主管部门规定的其他条件。

第七条 灯塔拟停用超过一个月的，航标主管部门应当自收到申请之日起二十日内作出批准或者不予批准的决定。

对前款规定的决定不服的，守塔人可以申请复核。

第三章 法律责任

第八条 守塔人有下列行为之一的，由航标主管部门责令改正；情节较重的，处二千元以下罚款；\
逾期不改的，处一千万元以上二千万元以下罚款：

（一）擅自熄灭航标；

（二）无正当理由离开灯塔；

（三）伪造、篡改值班记录。

第九条 守塔人有下列情形之一的，由航标主管部门责令改正，处五百元罚款：

（一）未按照规定记录可疑船只；

（二）拒绝检查。

第四章 附 则

第十条 本条例自2026年3月1日起施行。
"""


@pytest.fixture(scope="module")
def cards() -> dict[str, str]:
    return {
        card.fields["front"]: card.fields.get("back") or card.fields["items"]
        for card in offer(PlainText(LAW)).cards
        if card.shown
    }


@pytest.mark.parametrize(
    ("front", "back"),
    [
        ("国务院航标主管部门负责什么？", "全国的灯塔监督管理工作"),
        (
            "守塔人的义务：守塔人在当值期间发现航标熄灭的，应怎样？",
            "应当立即恢复照明，记录熄灭的时间，并向航标主管部门报告",
        ),
        ("守塔人的义务：守塔人应当按照航标主管部门的规定，做什么？", "每季度检修一次灯具"),
        (
            "守塔人的义务：任何单位和个人发现灯塔损坏，有权怎样？",
            "有权向航标主管部门、海事机关或者其他有关国家机关举报",
        ),
        ("守塔人的义务：申请担任守塔人的，应当具备条件：从事相关工作多少年？", "三年以上"),
        (
            "守塔人的义务：灯塔拟停用超过一个月的，航标主管部门应怎样？",
            "应当自收到申请之日起二十日内作出批准或者不予批准的决定",
        ),
        ("法律责任：守塔人有“擅自熄灭航标”等三种行为之一的，由谁责令改正？", "航标主管部门"),
        (
            "法律责任：守塔人有“擅自熄灭航标”等三种行为之一的，情节较重的，处多少元罚款？",
            "二千元以下",
        ),
        (
            "法律责任：守塔人有“擅自熄灭航标”等三种行为之一的，逾期不改的，处多少罚款？",
            "一千万元以上二千万元以下",
        ),
        (
            "法律责任：守塔人有“未按照规定记录可疑船只”等两种情形之一的，由航标主管部门责令改正，处多少元罚款？",
            "五百元",
        ),
        (
            "法律责任：守塔人有哪些行为的，由航标主管部门责令改正（3项）？",
            "擅自熄灭航标；无正当理由离开灯塔；伪造、篡改值班记录",
        ),
        ("《中华灯塔管理条例》从什么时候起施行？", "2026年3月1日"),
    ],
)
def test_a_law_is_asked_in_whole_provisions(cards: dict[str, str], front: str, back: str) -> None:
    assert cards.get(front) == back, "\n".join(cards)


def test_nothing_of_a_law_is_cut_inside_a_word_or_leans_on_what_stands_before(cards: dict[str, str]) -> None:
    answers = cards.values()
    assert not [back for back in answers if back.startswith(("权向", "疑", "千万", "离开灯塔"))]
    assert not [front for front in cards if "前款" in front or "总 则" in front or "下列" in front]


def test_a_list_ends_where_the_next_article_begins(cards: dict[str, str]) -> None:
    conditions = "守塔人的义务：申请担任守塔人的，应当具备哪些条件（3项）？"
    assert cards[conditions].split("；") == ["从事相关工作三年以上", "没有色盲", "航标主管部门规定的其他条件"]


def test_words_are_those_of_the_dictionary_and_lose_no_character() -> None:
    text = "有权提交可疑交易报告 at 3:00 😀，涉及一千万元。"
    assert "".join(word for word, _ in words(text)) == text
    assert word_at(text, 1)[0] == "有权"
    assert splits_word(text, 1)
    assert splits_word(text, text.index("疑"))
    assert not splits_word(text, 2)
    assert not splits_word(text, 0)
    assert not splits_word(text, len(text))
    assert word_at(text, len(text)) == ("", "")


def test_a_heading_names_a_side_of_a_thing_and_the_paragraph_says_it() -> None:
    notes = """一、灯塔概况
1.灯塔的作用
灯塔为夜间航行的船只指明方向。
2.守塔人的职责
守塔人的职责如下：
按时点灯；记录过往船只；打扫灯室；等等。
二、灯的种类
（1）定光灯。定光灯是指亮度不变的灯。
（2）闪光灯。闪光灯是指有规律地明灭的灯。
（3）旋转灯。旋转灯是灯具的一种，是指光束转动的灯。
"""
    offered = [card.fields for card in offer(PlainText(notes)).cards if card.shown]
    cards = {fields["front"]: fields.get("back") or fields["items"] for fields in offered}
    assert cards["灯塔的作用是什么？"] == "为夜间航行的船只指明方向"
    assert cards["守塔人的职责有哪些（3项）？"] == "按时点灯\n记录过往船只\n打扫灯室"
    assert cards["什么是旋转灯？"] == "光束转动的灯"


def test_an_english_law_asks_when_something_holds_and_what_its_lists_are() -> None:
    law = """Lighthouse Act

Article 1 Keepers

1. The employment of a keeper shall be lawful only if the keeper is at least 18 years old.

2. The owner of a lighthouse shall appoint a second keeper in any case where:

(a) the lamp burns for more than ten hours a night; or

(b) the rock cannot be reached in winter.

3. This Act shall apply from 1 May 2027.
"""
    offered = [card.fields for card in offer(PlainText(law)).cards if card.shown]
    cards = {fields["front"]: fields.get("back") or fields["items"] for fields in offered}
    assert cards["Lighthouse Act: when shall the employment of a keeper be lawful?"] == (
        "Only if the keeper is at least 18 years old"
    )
    assert cards["Lighthouse Act: when does this Act take effect?"] == "1 May 2027"
    lists = [front for front in cards if front.endswith("in any case where: what are they (2)?")]
    assert [cards[front] for front in lists] == [
        "the lamp burns for more than ten hours a night; the rock cannot be reached in winter"
    ]
    assert not [front for front in cards if "the rock" in front]


@pytest.mark.parametrize(
    ("count", "word"), [(1, "一"), (2, "两"), (10, "十"), (12, "十二"), (19, "十九"), (20, "20")]
)
def test_a_list_of_any_length_is_counted(count: int, word: str) -> None:
    deeds = "\n".join(f"（{number}）擅自点第{number}盏灯；" for number in range(1, count + 1))
    law = f"中华灯塔条例\n第一条 守塔人有下列行为之一的，处五百元罚款：\n{deeds}"
    assert count_word(count) == word
    fronts = [card.fields["front"] for card in offer(PlainText(law)).cards]
    assert count == 1 or [front for front in fronts if f"等{word}种行为之一的" in front]
