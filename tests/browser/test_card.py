"""What can be done with the card on screen: flag, edit, put away, take back, see its source and history."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, OpenLearner, wait_until
from tests.browser.screens import Screens
from tests.browser.sitting import PLAIN, Sitting
from tests.browser.test_states import CHANGE

pytestmark = pytest.mark.browser


def everything(screens: Screens) -> dict[str, Any]:
    body = screens.page.evaluate("() => fetch('/api/learner/export').then((answer) => answer.text())")
    kept: dict[str, Any] = json.loads(body)
    return kept


def acts(screens: Screens) -> list[str]:
    return [event["kind"] for event in everything(screens)["events"]]


def act(screens: Screens, name: str) -> None:
    screens.page.get_by_role("button", name="更多").click()
    screens.page.get_by_role("dialog").get_by_role("button", name=name).click()


def test_a_card_is_flagged_edited_and_put_away(open_learner: OpenLearner) -> None:
    page = open_learner().page
    screens = Screens(page, "zh-CN")
    screens.add_main_decks()
    screens.begin()
    expect(page.locator(".context")).to_have_text("客套用语")
    act(screens, "加旗标")
    expect(page.locator(".context")).to_contain_text("已加旗标")
    screens.show()
    page.locator("summary", has_text="出处").click()
    expect(page.locator("details")).to_contain_text("客套用语口诀")

    act(screens, "编辑卡片")
    page.get_by_role("banner").get_by_role("button", name="保存").click()
    expect(page.locator(".paper")).to_be_visible()
    act(screens, "编辑卡片")
    page.get_by_label("说明").fill("第一次见面时说")
    page.get_by_role("banner").get_by_role("button", name="保存").click()
    expect(page.locator(".answered")).to_contain_text("第一次见面时说")

    asked = screens.question()
    act(screens, "暂停这张卡")
    expect(page.locator(".paper .asked")).not_to_have_text(asked)
    screens.button("undo").click()
    expect(page.locator(".paper .asked")).to_have_text(asked)
    screens.rate(3)
    act(screens, "推迟到明天")
    wait_until(
        lambda: acts(screens) == ["flag", "suspend", "undo", "answer", "bury"], "the server has the acts"
    )
    notes = [note for note in everything(screens)["notes"] if note["fields"].get("note") == "第一次见面时说"]
    assert len(notes) == 1
    page.goto(re.sub(r"/study.*", "/me/sync", page.url))
    expect(page.get_by_text("没有被拒收的记录")).to_be_visible()


def test_the_history_of_a_card_is_told(open_learner: OpenLearner) -> None:
    page = open_learner(size=DESKTOP).page
    screens = Screens(page, "zh-CN")
    screens.add_main_decks()
    screens.begin()
    for key in (" ", "3"):
        screens.past_the_guard()
        page.keyboard.press(key)
    wait_until(lambda: acts(screens) == ["answer"], "the answer by keys has arrived")
    page.keyboard.press("u")
    screens.past_the_guard()
    page.keyboard.press("4")
    wait_until(lambda: acts(screens) == ["answer", "undo", "answer"], "it was taken back and given again")
    page.goto(re.sub(r"/study.*", "/cards", page.url))
    page.get_by_role("link", name="初次见面，怎么说？").click()
    history = page.get_by_role("region", name="学习记录")
    expect(history).to_contain_text("简单")
    expect(page.get_by_role("region", name="为什么是这一天")).to_contain_text("到期")


def test_an_answer_of_markup_comes_into_sight_under_a_long_question(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner()).begin(PLAIN[:1])
    page = sitting.page
    fields = {"front": "<p>长长的问题</p>" * 40, "back": "<p>答案在这里</p>" * 3}
    page.evaluate(CHANGE, ["notes", {"format": "html", "fields": fields}])
    page.reload()
    expect(page.locator(".asked .html p")).to_have_count(40)
    page.get_by_role("button", name="显示答案").tap()
    expect(page.locator(".answered .html p").first).to_be_in_viewport(ratio=1)
    expect(page.locator(".answered .html p").last).to_be_in_viewport(ratio=1)
