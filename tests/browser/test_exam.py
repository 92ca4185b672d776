"""What a learner does before an exam: set it up, cram offline, choose what to leave out, be asked after."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenLearner, in_every_look, wait_until
from tests.browser.exam_days import EXAM, plant
from tests.browser.screens import WRITTEN, Screens
from tests.browser.test_budgets import too_small
from tests.browser.test_every_screen import picture, violations

pytestmark = pytest.mark.browser
MINUTE_MS = 60_000
TWENTY = """async () => {
  const headers = {'Content-Type': 'application/json'};
  const day = Math.floor(Date.now() / 86400e3) + 9;
  const exam = (n) => ({name: `考试 ${n}`, day: day + n, minutes: Array(7).fill(15)});
  const exams = Array.from({length: 20}, (_, n) => exam(n));
  const said = [];
  for (const exam of exams) {
    said.push((await fetch('/api/exams', {method: 'POST', headers, body: JSON.stringify(exam)})).status);
    if (said[0] === 401) break;
  }
  return said;
}"""


def go(page: Page, path: str) -> None:
    page.goto("/".join(page.url.split("/", 3)[:3]) + path)
    expect(page.locator("h1")).to_be_visible()


def set_up(page: Page, minutes: str = "15") -> None:
    """Three taps."""
    go(page, "/exam/new")
    page.get_by_role("button", name=re.compile("14")).click()
    page.get_by_role("button", name=re.compile("全部都考|All of them")).click()
    page.get_by_role("button", name=re.compile(rf"^{minutes} (分钟|minutes)")).click()
    expect(page).to_have_url(re.compile(r"/exam/[0-9a-f-]{36}$"))


def exported(page: Page) -> Any:
    return json.loads(page.evaluate("() => fetch('/api/learner/export').then((answer) => answer.text())"))


def test_an_exam_takes_three_taps(open_learner: OpenLearner) -> None:
    page = open_learner().page
    Screens(page, "zh-CN").add_main_decks()
    page.get_by_role("link", name="考试").click()
    page.get_by_role("link", name="设一场考试").click()
    page.get_by_role("button", name=re.compile("14天后")).click()
    page.get_by_role("button", name=re.compile("全部都考")).click()
    page.get_by_role("button", name="20 分钟").click()
    expect(page.get_by_role("link", name="学今天的 20 分钟")).to_be_visible()
    page.get_by_role("link", name="学习", exact=True).click()
    expect(page.locator(".exam-place")).to_contain_text("14天后")
    page.reload()
    expect(page.locator(".exam-place").get_by_role("link", name="学今天的 20 分钟")).to_be_visible()


def test_cramming_offline_ends_with_the_minutes_and_goes_on_when_asked(open_learner: OpenLearner) -> None:
    learner = open_learner()
    page, screens = learner.page, Screens(learner.page, "zh-CN")
    screens.add_main_decks()
    page.wait_for_function(
        "() => navigator.serviceWorker.ready.then((it) => it.active?.state === 'activated')"
    )
    set_up(page, "5")
    learner.context.set_offline(True)
    page.clock.install()
    page.get_by_role("link", name="学今天的 5 分钟").click()
    expect(page.locator(".paper")).to_be_visible()
    before = page.locator("header h1").inner_text()
    answered = [slow_answer(page) for _ in range(2)]
    expect(page.locator("header h1")).not_to_have_text(before)
    page.reload()
    expect(page.locator(".paper")).to_be_visible()
    expect(page.locator("header h1")).to_contain_text("还剩 3 分钟")
    for _ in range(3):
        answered.append(slow_answer(page))
    expect(page.get_by_role("heading", name="今天的时间学完了")).to_be_visible()
    page.get_by_role("button", name="再学 10 分钟").click()
    expect(page.locator(".paper")).to_be_visible()
    expect(page.locator("header h1")).to_contain_text("还剩 10 分钟")
    assert len(set(answered)) == len(answered), "a card came again at once"
    learner.context.set_offline(False)
    wait_until(lambda: crammed(page) == len(answered), "the server holds every answer, marked with its exam")


def slow_answer(page: Page) -> str:
    """An answer that takes a minute of the learner's time."""
    asked = page.locator(".paper .asked").inner_text()
    page.clock.fast_forward(MINUTE_MS)
    page.get_by_role("button", name="显示答案").click()
    page.clock.fast_forward(500)
    before = page.evaluate(WRITTEN)
    page.locator("[data-rating='3']").click()
    expect(page.locator("[data-rating]")).to_have_count(0)
    wait_until(lambda: page.evaluate(WRITTEN) != before, "the answer is on the disk")
    return asked


def crammed(page: Page) -> int:
    return sum(bool(event["data"].get("exam")) for event in exported(page)["events"])


def test_wrong_input_is_answered_clearly(open_learner: OpenLearner) -> None:
    page = open_learner().page
    go(page, "/exam/new")
    expect(page.get_by_text("先添加一个有卡片的卡组")).to_be_visible()
    go(page, "/")
    Screens(page, "zh-CN").add_main_decks()
    go(page, "/exam/new")
    for date, words in (("2020-01-01", "已经过去了"), ("2099-01-01", "太远了")):
        page.get_by_label("别的日子").fill(date)
        expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_role("button", name="下一步")).to_have_count(0)
    page.get_by_role("button", name=re.compile("14天后")).click()
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    expect(page.get_by_role("alert")).to_contain_text("至少选一个")
    expect(page.get_by_role("button", name=re.compile("就考这 0 个"))).to_be_disabled()


def test_a_twenty_first_exam_is_refused_before_it_is_set_up(open_learner: OpenLearner) -> None:
    page = open_learner().page
    Screens(page, "zh-CN").add_main_decks()
    wait_until(lambda: page.evaluate(TWENTY) == [201] * 20, "the server knows the learner and twenty exams")
    go(page, "/me/sync")
    with page.expect_response("**/api/sync"):
        page.locator("main .button.main").first.click()
    expect(page.locator("main .button.main").first).to_be_enabled()
    go(page, "/exam/new")
    expect(page.get_by_text("已经有 20 场考试在准备了")).to_be_visible()
    page.get_by_role("link", name="看我的考试").click()
    expect(page.get_by_role("link", name=re.compile("考试 19"))).to_be_visible()


def test_what_will_not_fit_can_be_put_first_or_left_aside(open_learner: OpenLearner) -> None:
    page = open_learner().page
    Screens(page, "zh-CN").add_main_decks()
    plant(page, 5, left_out=43)
    go(page, "/exam")
    expect(page.get_by_text("有 43 张新卡大概学不到")).to_be_visible()
    page.get_by_role("link", name="看是哪些，换着学").click()
    rows = page.locator("section").first.locator("li")
    first, second = rows.nth(0).locator("a").inner_text(), rows.nth(1).locator("a").inner_text()
    rows.nth(0).get_by_role("button", name="先学").click()
    pinned = page.locator("section", has=page.get_by_role("heading", name="先学的"))
    expect(pinned.locator("li a")).to_have_text([first])
    rows.nth(0).get_by_role("button", name="不学").click()
    dropped = page.locator("section", has=page.get_by_role("heading", name="不学的"))
    expect(dropped.locator("li a")).to_have_text([second])
    page.get_by_role("button", name="撤销").click()
    expect(dropped).to_have_count(0)


def test_other_minutes_can_be_tried_out(open_learner: OpenLearner) -> None:
    page = open_learner().page
    Screens(page, "zh-CN").add_main_decks()
    plant(page, 5, left_out=43)
    outlook = {"mean": 0.91, "low": 0.88, "high": 0.94}
    answer = {"day": 20_000, "minutes": [30] * 7, "outlook": outlook, "now": outlook, "left_out": 7}
    page.context.route("**/what-if?minutes=30", lambda route: route.fulfill(json=answer))
    go(page, "/exam")
    page.get_by_text("换个分钟数会怎样？").click()
    page.get_by_role("slider").fill("30")
    page.get_by_role("slider").dispatch_event("change")
    expect(page.get_by_text("每天 30 分钟：考试那天约 91%（88\u2060–\u206094）。")).to_be_visible()
    expect(page.get_by_text("还有 7 张学不到。")).to_be_visible()


def test_a_part_can_be_left_aside(open_learner: OpenLearner) -> None:
    page = open_learner().page
    Screens(page, "zh-CN").add_main_decks()
    plant(page, 5)
    go(page, "/exam")
    tile = page.locator(".tile").nth(2)
    expect(tile).to_contain_text("弱")
    tile.click()
    page.get_by_role("button", name="这一部分不学了").click()
    expect(tile).to_contain_text("不学")
    page.reload()
    expect(page.locator(".tile").nth(2)).to_contain_text("不学")


def test_after_the_exam_the_result_is_asked_once(open_learner: OpenLearner) -> None:
    page = open_learner().page
    Screens(page, "zh-CN").add_main_decks()
    plant(page, -1)
    go(page, "/")
    page.get_by_role("link", name=re.compile("考得怎样")).click()
    page.get_by_label(re.compile("分数")).fill("86")
    page.get_by_role("button", name="通过了").click()
    expect(page.get_by_text("通过了，恭喜！")).to_be_visible()
    expect(page.get_by_text("分数 86")).to_be_visible()
    go(page, "/")
    expect(page.get_by_role("heading", name="卡组")).to_be_visible()
    expect(page.locator(".exam-place")).to_have_count(0)


def test_a_change_of_another_phone_is_shown(open_learner: OpenLearner) -> None:
    page = open_learner().page
    Screens(page, "zh-CN").add_main_decks()
    plant(page, 9, conflict={"minutes": {"kept": [15] * 7, "other": [40] * 7}})
    go(page, "/exam")
    expect(page.get_by_text("现在：15 分钟；另一个：40 分钟")).to_be_visible()
    page.get_by_role("button", name="改用另一个").click()
    expect(page.get_by_text("另一台设备也改了")).to_have_count(0)
    expect(page.get_by_role("link", name="学今天的 40 分钟")).to_be_visible()


def test_parts_of_a_deck_are_marked_and_marks_of_two_phones_shown(open_learner: OpenLearner) -> None:
    page = open_learner().page
    Screens(page, "zh-CN").add_main_decks()
    deck = page.evaluate("() => fetch('/api/decks').then((it) => it.json()).then((it) => it.items[0].id)")
    mark = {"share": None, "pinned": False, "dropped": True}
    gone = {f"cards.{EXAM}": {"kept": None, "other": "pinned"}}
    plant(page, 9, conflict={f"sections.{deck}": {"kept": None, "other": mark}, **gone})
    go(page, "/exam")
    expect(page.get_by_text("现在：照常；另一个：不学")).to_be_visible()
    expect(page.get_by_role("button", name="改用另一个")).to_have_count(1)
    page.locator(".tile").first.click()
    page.get_by_role("button", name=re.compile("一部分 ")).click()
    page.get_by_role("button", name="先学这一部分").click()
    page.locator(".tile").first.click()
    expect(page.get_by_role("button", name=re.compile("一部分 .*先学"))).to_be_visible()


@in_every_look
def test_axe_finds_nothing_on_the_exam_screens(
    open_learner: OpenLearner, language: str, theme: str, size: tuple[int, int]
) -> None:
    learner = open_learner(size=size, language=language, theme=theme, bypass_csp=True)
    page, screens = learner.page, Screens(learner.page, language)
    screens.add_main_decks()
    found = {}
    for screen in walk(page, screens):
        found[screen] = [*violations(screens), *too_small(page)]
        picture(screens, f"{language}-{theme}-{size[0]}-exam-{screen}")
    assert not {screen: faults for screen, faults in found.items() if faults}


def walk(page: Page, screens: Screens) -> Iterator[str]:
    """Every exam screen after the other; yields its name while it is on the screen."""
    go(page, "/exam")
    expect(page.locator("main a.button.main")).to_be_visible()
    yield "none"
    go(page, "/exam/new")
    page.get_by_role("button", name=re.compile("14")).click()
    yield "which decks"
    page.locator(".button.main.big").click()
    yield "how many minutes"
    plant(page, 5, left_out=43)
    for path, there in (
        ("/", ".exam-head"),
        ("/exam", ".tiles"),
        (f"/exam/{EXAM}/cards", "main li"),
        (f"/exam/{EXAM}/edit", "main summary"),
    ):
        go(page, path)
        expect(page.locator(there).first).to_be_visible()
        for fold in page.locator("summary").all():
            fold.click()
        yield path
    go(page, "/exam")
    page.locator(".tile").first.click()
    yield "one part"
    go(page, "/exam/study")
    expect(page.locator(".paper")).to_be_visible()
    screens.show()
    yield "study"
    plant(page, -1)
    go(page, "/exam")
    expect(page.get_by_role("textbox")).to_be_visible()
    yield "over"
