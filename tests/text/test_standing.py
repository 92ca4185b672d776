"""Questions that need nothing from around them, and what is rather not asked at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.passages import PlainText
from app.text.offer import offer


def shown(text: str) -> list[tuple[str, str]]:
    cards = [card for card in offer(PlainText(text, (), "text")).cards if card.shown]
    return [
        (card.fields["front"], card.fields.get("back") or card.fields["items"].replace("\n", "；"))
        for card in cards
    ]


REGULATION = """渡口船舶管理办法
第一章 总则
第一条 为加强渡口船舶管理，根据有关规定，制定本办法。
第二条 本办法适用于内河渡口的客船和货船。
第三条 船长应当恪守勤勉尽责、安全第一、诚实守信的职业道德。
第四条 海事部门依法对渡口的停航活动实施监督管理。
第二章 航行
第五条 渡船应当在每年汛期结束之日起20日内，向海事部门报送检修报告；在每月结束之日起3个工作日内报送航行日志。
第六条 发生下列情形之一的，渡船应当自该情形发生之日起2小时内停航：
（一）船体漏水的；
（二）风力超过六级，能见度低于500米的。
第七条 船员应当妥善保管航行日志，保管期限自停航之日起不得少于6年。
第八条 渡船违反本办法第五条规定的，给予警告，处1000元以上5000元以下的罚款；对船长，处500元的罚款。
第九条 海事部门给予下列处分：警告、停航30日、吊销证书。
第十条 未满18周岁的船员不得单独值班，每年培训不少于24学时。
第三章 附则
第十一条 本办法由海事委员会负责解释。
第十二条 本办法自2024年5月1日起施行。
"""


@pytest.mark.parametrize(
    ("front", "back"),
    [
        ("《渡口船舶管理办法》适用于什么？", "内河渡口的客船和货船"),
        ("船长应当恪守哪些职业道德？", "勤勉尽责、安全第一、诚实守信"),
        ("谁依法对渡口的停航活动实施监督管理？", "海事部门"),
        ("航行：渡船应当在每年汛期结束之日起多少日内，向海事部门报送检修报告？", "20日"),
        ("航行：渡船应当在每年汛期结束之日起20日内，向谁报送检修报告？", "海事部门"),
        ("渡船在每月结束之日起多少个工作日内报送航行日志？", "3个工作日"),
        (
            "航行：发生哪些情形的，渡船应当自该情形发生之日起2小时内停航（2项）？",
            "船体漏水的；风力超过六级，能见度低于500米的",
        ),
        ("船员应当妥善保管航行日志，保管期限自停航之日起不得少于多少年？", "6年"),
        (
            "航行：渡船违反《渡口船舶管理办法》第五条规定的，给予警告，处多少罚款？",
            "1000元以上5000元以下",
        ),
        ("航行：渡船违反《渡口船舶管理办法》第五条规定的，对船长，处多少元的罚款？", "500元"),
        ("航行：海事部门给予哪些处分？", "警告、停航30日、吊销证书"),
        ("《渡口船舶管理办法》由谁负责解释？", "海事委员会"),
        ("《渡口船舶管理办法》从什么时候起施行？", "2024年5月1日"),
    ],
)
def test_a_regulation_asks_in_whole_sentences(front: str, back: str) -> None:
    assert (front, back) in shown(REGULATION)


def test_a_regulation_shows_no_fragment() -> None:
    fronts = [front.rpartition("：")[2] for front, _ in shown(REGULATION)]
    assert len(fronts) == len(set(fronts))
    for front in fronts:
        assert not front.startswith(("并", "在多", "处", "从", "应", "保管期限", "多少")), front
        assert "下列" not in front
        assert not front.startswith(("船长应怎样", "渡船应怎样", "船员应怎样"))


@pytest.mark.parametrize(
    ("sentences", "front", "back"),
    [
        (
            "灯塔有三个特点：一是看得远，夜里尤其如此；二是塔身高；三是灯光有节律。",
            "灯塔有哪三个特点？",
            "看得远、塔身高、灯光有节律",
        ),
        (
            "灯塔是航海者夜里的眼睛，也是海岸的标志。它具有以下作用：一是引航，二是警示，三是定位。",
            "灯塔具有哪些作用？",
            "引航、警示、定位",
        ),
        ("人人知道灯塔不发声。因此，水手们把灯塔称为“沉默的引水员”。", "灯塔被称为什么？", "沉默的引水员"),
        ("一般来说，灯塔的塔身越高，灯光就越远。", "灯塔的塔身越高，灯光会怎样？", "越远"),
        ("透镜本质上是一种折射光线的玻璃。", "透镜本质上是什么？", "折射光线的玻璃"),
        ("鲸油是最早的灯塔燃料。", "最早的灯塔燃料是什么？", "鲸油"),
        ("第一道屏障是防波堤管理部门。", "第一道屏障是什么？", "防波堤管理部门"),
        (
            "雾笛是指雾天使用，由蒸汽推动，从而向船只示警的装置。",
            "什么是雾笛？",
            "雾天使用，由蒸汽推动，从而向船只示警的装置",
        ),
        (
            "影响灯光射程的因素包括塔身的高度、透镜的等级以及空气的能见度。",
            "影响灯光射程的因素包括哪三项？",
            "塔身的高度、透镜的等级、空气的能见度",
        ),
        ("守塔要诀有两种：看天和听海。", "守塔要诀有哪两种？", "看天、听海"),
        (
            "灯光过强时，会带来三方面的麻烦：首先，鸟会迷路；其次，塔会发热；最后，油会用尽。",
            "灯光过强时，会带来哪三方面的麻烦？",
            "鸟会迷路、塔会发热、油会用尽",
        ),
        ("海务局依据海上法规，对灯塔的开闭实施监督管理。", "谁对灯塔的开闭实施监督管理？", "海务局"),
        ("守塔人员应当建立灯油分级保管制度。", "守塔人员应当建立什么制度？", "灯油分级保管制度"),
        ("对高度超过30米的灯塔，检修期不得少于5日。", "对高度超过30米的灯塔，检修期不得少于多少日？", "5日"),
        (
            "擅自熄灯的，处500元罚款；情节严重的，吊销守塔证书。",
            "擅自熄灯的，情节严重的，会受到什么处理？",
            "吊销守塔证书",
        ),
        ("1858年，塔里装上弧光灯，守塔人改为两班。", "哪一年，塔里装上弧光灯？", "1858年"),
    ],
)
def test_prose_is_asked_for_what_it_says(sentences: str, front: str, back: str) -> None:
    assert (front, back) in shown(sentences)


@pytest.mark.parametrize(
    "sentence",
    [
        "灯塔的信号报送制度很老。",  # 报送 is one word
        "未经守塔人书面同意，游客不得登塔。",
        "水手都说灯塔有两个影子。",
        "由于参与者主要是渔民和船工，灯光常被遮挡。",
        "我十二岁那年夏天登过塔。",
    ],
)
def test_words_are_not_torn_apart(sentence: str) -> None:
    for front, back in shown(sentence):
        assert not any(sign in front for sign in ("由谁送", "未由谁", "多少个影子", "由于", "多少岁")), front
        assert not back.startswith(("送", "者", "书面同意"))


def test_an_answer_is_not_asked_again_and_keeps_all_that_was_asked() -> None:
    text = "问：什么是灯船？\n答：灯船是指代替灯塔的船。\n\n"
    text += "问：夏季和冬季各几点点灯？\n答：夏季20点，冬季17点。\n"
    cards = shown(text)
    assert ("什么是灯船？", "代替灯塔的船") in cards
    assert [back for front, back in cards if front.startswith("什么是")] == ["代替灯塔的船"]
    assert ("夏季和冬季各几点点灯？", "夏季20点，冬季17点") in cards


def test_a_question_is_answered_by_the_items_under_it() -> None:
    text = "守塔问答\n\n1. 什么时候鸣雾笛？\n（1）能见度低于一海里的；\n（2）接到海事部门通知的。\n"
    assert ("什么时候鸣雾笛？", "能见度低于一海里的；接到海事部门通知的") in shown(text)


def test_terms_are_asked_as_what_they_are() -> None:
    text = "航标名词解释\n\n灯高：灯光中心到海面的距离。\n灯质：闪光、定光、互光。\n"
    text += "射程：18海里。\n遇雾时：鸣笛并减速。\n"
    assert shown(text)[:4] == [
        ("什么是灯高？", "灯光中心到海面的距离"),
        ("航标名词解释：灯质有哪些？", "闪光、定光、互光"),
        ("航标名词解释：射程是多少？", "18海里"),
        ("航标名词解释：遇雾时，应怎样？", "鸣笛并减速"),
    ]


ENGLISH = """RULES FOR HARBOUR PILOTS

Part II. Duties on Board
1. These Rules apply to every pilot licensed by the harbour board.
2. In these Rules, "tide" means the movement of the sea, and "berth" means a place at a quay.
3. (a) A pilot must report damage to the harbour master.
(b) Logs shall be kept for not more than ten years.
4. No pilot may leave the bridge without the consent of the captain.
5. A pilot must test the radio at least weekly.
"""


@pytest.mark.parametrize(
    ("front", "back"),
    [
        ("Duties on Board: What does “tide” mean?", "the movement of the sea"),
        ("Duties on Board: What does “berth” mean?", "a place at a quay"),
        ("Duties on Board: what is required of logs?", "Shall be kept for not more than ten years"),
        ("Duties on Board: what must a pilot not do?", "Leave the bridge without the consent of the captain"),
        ("Duties on Board: A pilot must test the radio: how often?", "at least weekly"),
    ],
)
def test_an_english_regulation_is_asked_in_english(front: str, back: str) -> None:
    assert (front, back) in shown(ENGLISH)


def test_no_english_front_holds_a_marker_or_asks_where_for_whom() -> None:
    for front, _ in shown(ENGLISH):
        assert "(a)" not in front
        assert "Part II" not in front
        assert not front.endswith((": where?", "to what?", "no pilot do?"))


def test_page_numbers_and_what_stands_beside_them_are_no_text() -> None:
    page = "守塔人培训教材\n— {} —\n灯塔的灯高为{}米，守塔人每天测量一次。\n"
    text = "".join(page.format(number, 40 + number) for number in (11, 12, 13))
    assert not any("教材" in front for front, _ in shown(text))
    assert offer(PlainText(text, (), "text")).paragraphs[0].start == text.index("灯塔")


@pytest.mark.parametrize(
    "text",
    [
        "| Name |  | Size |\n|---|---|---|\n| Red | big | 3 |\n| Blue | small | 4 |\n",
        "| | Red | Blue |\n| One | big | 3 |\n| Two | small | 4 |\n",
        "第一章 风险\n\n我们把风险称为“”。\n",
        "The plan was approved by , among others, the board.\n",
        "# Rules\n\ne.g approved by ,\n",
    ],
)
def test_odd_texts_stop_no_search(text: str) -> None:
    assert all(back.strip() for _, back in shown(text))


def test_a_list_of_one_word_takes_no_time() -> None:
    assert shown("处分\n\n应当给予下列处分：" + "和" * 400 + "：\n") == []


PIECES = st.sampled_from(
    ["我们", "把", "称为", "“", "”", "：", "，", "。", "；", "、", "和", "第一条 ", "一是", "应当",
     "下列", "3日", "由", "the ", "by ", "approved ", ", ", ". ", "must ", "A", "is ", "|", " ", "\n",
     "\t", "（一）", "？"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=300, deadline=None)
def test_no_text_stops_the_search(text: str) -> None:
    for card in offer(PlainText(text)).cards:
        assert card.fields
