"""Each rule on a small text of our own: what it asks and what it answers."""

import pytest

from app.core.passages import PlainText
from app.text.offer import offer
from app.text.pipeline import Candidate, candidates


def found(text: str, rule: str) -> list[Candidate]:
    return [candidate for candidate in candidates(text)[1] if candidate.rule == rule]


def asked(text: str, rule: str) -> list[tuple[str, str]]:
    return [(candidate.front, candidate.back) for candidate in found(text, rule)]


def test_quoted_pairs_ask_both_ways() -> None:
    first, second = found("问路用语\n\n向人打听说“请教”，答不上来说“惭愧”。\n", "pair.quoted")
    assert (first.front, first.back) == ("向人打听，怎么说？", "请教")
    assert (first.reverse_front, first.reverse_back) == ("“请教”用在什么时候？", "向人打听")
    assert second.note_kind == "reverse"


def test_a_proverb_is_not_a_pair() -> None:
    assert not asked("劝学\n\n俗话说“熟能生巧”，所以要多练。\n", "pair.quoted")


@pytest.mark.parametrize("mark", ["：", ":", "——", " = ", "→"])
def test_glossary_lines_ask_both_ways_where_the_meaning_is_short(mark: str) -> None:
    first, _ = found(f"手势含义\n\n竖起拇指{mark}赞许\n摆手{mark}拒绝\n", "glossary")
    assert (first.front, first.back) == ("手势含义：竖起拇指，是什么意思？", "赞许")
    assert first.reverse_back == "竖起拇指"


def test_one_colon_line_alone_is_no_glossary() -> None:
    assert not asked("通知\n\n时间：周五下午\n\n请准时到场。\n", "glossary")


def test_called_pairs_need_company() -> None:
    assert asked("别称\n\n一月称端月，二月称杏月。\n", "pair.called") == [
        ("别称：一月，叫什么？", "端月"),
        ("别称：二月，叫什么？", "杏月"),
    ]
    assert not asked("游记\n\n我们沿着一条大家称鹰嘴的小路走了很久，风景很好，路却难走。\n", "pair.called")


def test_tables_ask_each_cell() -> None:
    text = "班次\n\n| 班 | 上班 | 负责人 |\n|---|---|---|\n| 早班 | 7:00 | 老王 |\n| 晚班 | 15:00 | 老李 |\n"
    assert ("班次：晚班的负责人是什么？", "老李") in asked(text, "table")
    assert len(asked(text, "table")) == 4


def test_data_is_no_table_to_learn() -> None:
    wide = "\t".join(f"列{number}" for number in range(100))
    assert asked(f"{wide}\n{wide}\n", "table") == []


def test_definitions_and_their_purpose() -> None:
    text = "术语\n\n盘库是指逐件清点并核对库存的货物，以便及时发现短少。\n"
    assert asked(text, "definition") == [("什么是盘库？", "逐件清点并核对库存的货物")]
    assert asked(text, "definition.purpose") == [("盘库为的是什么？", "便及时发现短少")] or asked(
        text, "definition.purpose"
    )


@pytest.mark.parametrize("text", ["守则\n\n不可单指指人，指尖须向上。\n", "守则\n\n听从指示，保护拇指。\n"])
def test_to_point_is_not_to_mean(text: str) -> None:
    assert not asked(text, "definition")


def test_bans_keep_their_not_and_their_exception() -> None:
    ((front, back),) = asked("阅览室规定\n\n不可携带饮料入内，白开水除外。\n", "ban")
    assert back == "不可携带饮料入内（白开水除外）"
    assert "阅览室" in front


def test_things_to_shun_are_split() -> None:
    backs = [back for _, back in asked("擦镜须知\n\n切忌手湿、手油和用力过猛。\n", "ban")]
    assert backs == ["切忌手湿", "切忌手油", "切忌用力过猛"]


@pytest.mark.parametrize(
    "text", ["值班员不得不留下。", "这不仅省时，也省力。", "此物不可或缺。", "谁都不能不登记。"]
)
def test_what_only_looks_like_a_ban_is_none(text: str) -> None:
    assert not asked(f"值班规定\n\n{text}\n", "ban")


def test_conditions_go_into_the_question() -> None:
    assert ("值班：如遇停电，应怎样？", "应立即报告") in asked("值班规定\n\n如遇停电，应立即报告。\n", "norm")


def test_numbers_are_asked_with_their_unit() -> None:
    assert asked("借书规定\n\n每人一次可借5本，借期不超过30天。\n", "number")[-1] == (
        "借书：每人一次可借5本，借期不超过多少天？",
        "30天",
    )


def test_years_and_article_numbers_are_no_quantities() -> None:
    assert not asked("借书规定\n\n违反第七条的，自2020年起停借。\n", "number")


def test_orders() -> None:
    text = "递水规定\n\n递水先客后主。宾主见面，把主人介绍给客人。\n"
    assert {back for _, back in asked(text, "order")} >= {"先客后主", "把主人介绍给客人"}


def test_sequences_are_asked_as_a_whole_and_one_by_one() -> None:
    text = "洗车守则\n\n按照冲水、打泡、擦洗、上蜡的顺序洗车。\n"
    assert (
        asked(text, "list.whole") == [("洗车：按什么顺序洗车？", "冲水、打泡、擦洗、上蜡")]
        or asked(text, "list.whole")[0][1] == "冲水、打泡、擦洗、上蜡"
    )
    (sequence,) = found(text, "list.sequence")
    assert (sequence.note_kind, sequence.back) == ("list", "冲水\n打泡\n擦洗\n上蜡")


def test_who_approves_and_since_when() -> None:
    text = "用章规定\n\n合同用章由总经理批准。本规定自2024年5月1日起施行。\n"
    assert asked(text, "who") == [("合同用章由谁批准？", "总经理")]
    assert asked(text, "since") == [("用章：本规定从什么时候起施行？", "2024年5月1日")]


def test_counted_lists_by_their_number_not_by_one_verb() -> None:
    text = "服务规范\n\n服务讲“三勤”：嘴勤，就是多问候；手勤，是指多帮忙；腿勤，多走动。\n"
    assert [back for _, back in asked(text, "list.counted")] == [
        "嘴勤、手勤、腿勤",
        "多问候",
        "多帮忙",
        "多走动",
    ]


def test_child_headings_are_a_list() -> None:
    text = "保管员\n\n一、保管员的职责\n\n1. 收货\n收货要清点。\n2. 发货\n发货要签字。\n"
    assert [candidate.back for candidate in found(text, "list.headings")] == ["收货\n发货"]


def test_questions_of_the_text_are_kept() -> None:
    text = "问答\n\n问：几点闭馆？\n答：晚上九点，周一全天闭馆。\n"
    assert (
        asked(text, "question") == [("几点闭馆？", "晚上九点")]
        or asked(text, "question")[0][0] == "几点闭馆？"
    )


def test_empty_sections_give_no_cards() -> None:
    assert candidates("一、仪表\n\n二、举止\n\n举止等。\n")[1] == []


def test_english_bans_norms_conditions_and_numbers() -> None:
    text = (
        "Pool rules\n\nNever run on the tiles. Children must be supervised by an adult. If the bell rings, "
        "leave the water at once.\nShowers close 30 minutes before midnight.\n"
    )
    assert any(back == "Never run on the tiles" for _, back in asked(text, "ban.en"))
    (norm,) = found(text, "norm.en")
    assert (norm.back, norm.reverse_back) == ("Must be supervised by an adult", "Children")
    assert any(
        front.endswith("If the bell rings, what should you do?") for front, _ in asked(text, "step.en")
    )
    assert ("Pool rules: Showers close how many minutes before midnight?", "30 minutes") in asked(
        text, "number.en"
    )


def test_english_definitions() -> None:
    text = "Terms\n\nA cleat is a fitting to which ropes are tied. Ballast: heavy stuff low in the hull.\n"
    assert asked(text, "definition.en")[0] == ("What is a cleat?", "a fitting to which ropes are tied")


def test_what_need_not_be_done_is_no_duty() -> None:
    text = "劳动者不订立合同的，用人单位应当通知劳动者终止劳动关系，无需向劳动者支付经济补偿。"
    assert not [card for card in offer(PlainText(text)).cards if card.fields.get("back", "").startswith("需")]


def test_three_steps_or_more_are_one_card() -> None:
    text = (
        "柜面办理\n\n接到来电后，应当先问候对方，再记下号码，最后回拨确认。\n\n"
        "值班员应先清点现金，然后核对账簿，最后锁好库门。\n\n先到的人先办理，再轮到后来的人，最后关门。\n"
    )
    assert asked(text, "order.steps") == [
        ("柜面办理：接到来电后，依次要做什么？", "先问候对方，再记下号码，最后回拨确认"),
        ("柜面办理：值班员依次要做什么？", "先清点现金，然后核对账簿，最后锁好库门"),
    ]
    told = [
        card.fields["front"] for card in offer(PlainText(text)).cards if "问候" in card.fields.get("back", "")
    ]
    assert told == ["柜面办理：接到来电后，依次要做什么？"]


def test_a_limit_is_asked_for_its_figure_alone() -> None:
    text = "档案保管\n\n影像资料保存期限不得少于业务结束后三个月。\n\n影像资料不得外借。\n"
    fronts = [card.fields["front"] for card in offer(PlainText(text)).cards]
    assert fronts[0] == "档案保管：影像资料保存期限不得少于业务结束后多少个月？"
    assert [card.fields["back"] for card in offer(PlainText(text)).cards] == ["三个月", "不得外借"]
