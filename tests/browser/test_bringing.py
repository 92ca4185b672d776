"""Cards from files and texts on the phone: seen before stored, judged beside their source, undone."""

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import DESKTOP, OpenLearner, in_every_look
from tests.browser.screens import Screens
from tests.browser.test_every_screen import violations
from tests.browser.test_writing import go

pytestmark = pytest.mark.browser
PATIENCE_MS = 90_000  # the server reads files in a process of its own
TABLE = "动物,英语,类别\n猫,cat,动物\n狗,dog,动物\n鱼,fish,动物\n"
TEXT = """服务礼仪

一、握手
握手是指两人伸手相握的礼节。握手时应由尊者先伸手。握手时不可戴手套。

二、名片
名片是指印有姓名、单位、联系方式的卡片。递名片时应双手递上。不可将名片放在裤袋里。

三、说明
天气很好。
"""


def bring(page: Page, name: str, content: str) -> None:
    go(page, "/import")
    file = FilePayload(name=name, mimeType="text/plain", buffer=content.encode())
    page.set_input_files("input[type=file]", file)
    expect(page.locator(".drop")).to_contain_text(name)


def preview_of(page: Page, name: str, content: str) -> None:
    bring(page, name, content)
    page.locator(".actions .button", has_text=re.compile("导入成卡片|Import as cards")).click()
    expect(page.locator(".commit")).to_be_visible(timeout=PATIENCE_MS)


def text_of(page: Page, content: str) -> None:
    go(page, "/import")
    page.locator("textarea").fill(content)
    page.locator(".actions .button", has_text=re.compile("从文章里找卡片|Find cards")).click()
    expect(page.locator(".candidate")).to_be_visible(timeout=PATIENCE_MS)


def figure(page: Page, name: str) -> str:
    return page.locator(".figures div", has_text=name).locator("dd").inner_text()


def test_a_table_is_seen_column_by_column_then_brought_then_taken_back(open_learner: OpenLearner) -> None:
    page = open_learner().page
    preview_of(page, "动物.csv", TABLE)
    assert figure(page, "笔记") == "4"
    first_line = page.get_by_label("从第几行开始")
    first_line.fill("2")
    first_line.press("Enter")
    expect(page.locator(".figures div", has_text="笔记").locator("dd")).to_have_text("3", timeout=PATIENCE_MS)
    page.get_by_label("第 3 列").select_option("tags")
    expect(page.locator(".samples dl").first).not_to_contain_text("动物", timeout=PATIENCE_MS)
    page.locator(".commit .main").click()
    expect(page.get_by_role("link", name="学习：动物")).to_be_visible(timeout=PATIENCE_MS)
    address = page.url
    go(page, "/cards?q=tag:动物")
    expect(page.locator(".virtual .row")).to_have_count(3)
    preview_of(page, "动物.csv", TABLE)
    first_line.fill("2")
    first_line.press("Enter")
    expect(page.locator("tr", has_text="新的笔记")).to_have_count(0, timeout=PATIENCE_MS)
    page.get_by_role("button", name="放弃这次导入").click()
    expect(page.locator(".drop")).to_be_visible()
    page.goto(address)
    page.get_by_role("button", name="撤销这次导入").click()
    expect(page.get_by_text("已撤销")).to_be_visible(timeout=PATIENCE_MS)
    go(page, "/cards")
    expect(page.get_by_text("没有找到卡片。")).to_be_visible(timeout=PATIENCE_MS)


def test_a_file_that_is_none_is_refused_in_words(open_learner: OpenLearner) -> None:
    page = open_learner().page
    bring(page, "坏.apkg", "PK\x03\x04 not a package")
    page.get_by_role("button", name="导入成卡片").click()
    expect(page.get_by_text("什么都没有写入")).to_be_visible(timeout=PATIENCE_MS)


def test_the_candidates_of_a_text_are_judged_by_key_beside_their_source(open_learner: OpenLearner) -> None:
    page = open_learner(size=DESKTOP).page
    text_of(page, TEXT)
    candidate, source = page.locator(".candidate"), page.locator(".source-pane")
    expect(source.locator("mark.now")).to_contain_text("握手")
    expect(source.locator("mark.other")).not_to_have_count(0)
    first = candidate.locator(".sides").first.inner_text()
    page.keyboard.press("a")
    expect(candidate.locator("[role=status]")).to_contain_text("第 2 张")
    page.keyboard.press("r")
    expect(page.get_by_text(re.compile("已接受 1 张，不要 1 张"))).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_text(re.compile("已接受 1 张，不要 0 张"))).to_be_visible()
    page.keyboard.press("k")
    expect(candidate.locator(".sides").first).to_have_text(re.compile(re.escape(first.split("\n")[1])))
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.locator("textarea[name=back]").fill("我写的答案")
    page.get_by_role("button", name="改好，接受").click()
    expect(page.get_by_text(re.compile("已接受 2 张"))).to_be_visible()
    page.reload()
    expect(page.get_by_text(re.compile("已接受 2 张"))).to_be_visible()
    page.get_by_role("button", name=re.compile("把接受的 2 张做成卡片")).click()
    expect(page.locator(".virtual .row").first).to_be_visible(timeout=PATIENCE_MS)
    go(page, "/cards?q=我写的答案")
    expect(page.locator(".virtual .row")).to_have_count(1)
    page.locator(".virtual .row").click()
    page.locator("summary", has_text="出处").click()
    expect(page.locator("blockquote")).to_be_visible()


@in_every_look
def test_axe_finds_nothing_while_bringing(
    open_learner: OpenLearner, language: str, theme: str, size: tuple[int, int]
) -> None:
    learner = open_learner(size=size, language=language, theme=theme, bypass_csp=True)
    page, screens = learner.page, Screens(learner.page, language)
    go(page, "/import")
    expect(page.locator(".drop")).to_be_visible()
    seen = {"start": violations(screens)}
    preview_of(page, "animals.csv", TABLE)
    seen["preview"] = violations(screens)
    page.locator(".commit .main").click()
    expect(page.locator(".button.bad")).to_be_visible(timeout=PATIENCE_MS)
    seen["report"] = violations(screens)
    text_of(page, TEXT)
    seen["candidates"] = violations(screens)
    if size != DESKTOP:
        page.locator(".tabs .button").nth(1).click()
        expect(page.locator("mark.now")).to_be_visible()
        seen["source"] = violations(screens)
    go(page, "/import")
    expect(page.locator("a[href^='/import/']").first).to_be_visible()
    seen["earlier"] = violations(screens)
    assert not {screen: faults for screen, faults in seen.items() if faults}
