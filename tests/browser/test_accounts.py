"""One learner on two devices: a name and a password on the first, the same cards and day on the second."""

import json
import re
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, OpenLearner, Server, wait_until
from tests.browser.screens import Screens
from tests.browser.test_first_evening import answers_on_the_server

pytestmark = pytest.mark.browser
NAME = "韦业"
PASSWORD = "先交朋友，后做交易，温故而知新也"
SECTIONS = {"claim": "设置名字和密码", "sign_in": "登录已有账户"}


def fill_in(page: Page, section: str, name: str, password: str, button: str) -> None:
    form = page.locator("main section", has=page.get_by_role("heading", name=SECTIONS[section]))
    form.get_by_label("名字").fill(name)
    form.get_by_label("密码", exact=True).fill(password)
    form.get_by_role("button", name=button, exact=True).click()


def choose_look(page: Page, language: str, theme: str) -> None:
    page.goto("/".join(page.url.split("/", 3)[:3]) + "/me")
    looks = page.locator("#appearance ~ .rows select")
    with page.expect_response("**/api/learner"):
        looks.first.select_option(language)
    with page.expect_response("**/api/learner"):
        looks.last.select_option(theme)


def left_today(page: Page) -> int:
    expect(page.get_by_role("heading", name="卡组", exact=True)).to_be_visible()
    found = re.search(r"今天还有 (\d+) 张", page.locator("main").inner_text())
    return int(found[1]) if found else 0


def test_a_second_device_goes_on_where_the_first_is(open_learner: OpenLearner) -> None:
    first = Screens(open_learner().page, "zh-CN")
    first.add_main_decks()
    expect(first.continue_link()).to_contain_text("开始")
    first.begin()
    for _ in range(5):
        first.answer(4)
    wait_until(lambda: answers_on_the_server(first) == 5, "the server holds every answer")
    first.page.goto(first.page.url.replace("/study", "/me/account"))
    fill_in(first.page, "claim", NAME, PASSWORD, "保存")
    expect(first.page.get_by_text(f"已登录：{NAME}")).to_be_visible()
    first.page.goto(first.page.url.replace("/me/account", "/"))
    assert left_today(first.page) == 15
    expect(first.continue_link()).to_contain_text("继续")

    second = Screens(open_learner(size=DESKTOP, theme="dark", path="/me/account").page, "zh-CN")
    fill_in(second.page, "sign_in", NAME, PASSWORD, "登录")
    expect(second.page.get_by_text(f"已登录：{NAME}")).to_be_visible()
    second.page.goto(second.page.url.replace("/me/account", "/"))
    wait_until(lambda: left_today(second.page) == 15, "the second device knows what was done today")
    second.begin()
    for _ in range(2):
        second.answer(4)
    wait_until(lambda: answers_on_the_server(second) == 7, "the answers of both devices are one log")
    first.page.reload()
    wait_until(lambda: left_today(first.page) == 13, "the first device knows what the second did")


def test_a_phone_that_was_studied_on_is_added_to_the_account_or_kept_apart(
    open_learner: OpenLearner,
) -> None:
    first = Screens(open_learner(size=DESKTOP, path="/").page, "zh-CN")
    first.add_main_decks()
    first.begin()
    shared = first.answer(3)
    first.page.goto(first.page.url.replace("/study", "/me/account"))
    fill_in(first.page, "claim", "并入", PASSWORD, "保存")
    expect(first.page.get_by_text("已登录：并入")).to_be_visible()

    phone = Screens(open_learner().page, "zh-CN")
    phone.add_main_decks()
    phone.begin()
    assert phone.answer(1) == shared
    phone.answer(4)
    phone.page.goto(phone.page.url.replace("/study", "/me/account"))
    fill_in(phone.page, "sign_in", "并入", PASSWORD, "登录")
    choice = phone.page.get_by_role("dialog", name="这台设备上已有学习记录")
    choice.get_by_role("button", name="关闭").click()
    expect(phone.page.get_by_text("还没有账户：记录跟着你的设备")).to_be_visible()
    fill_in(phone.page, "sign_in", "并入", PASSWORD, "登录")
    choice.get_by_role("button", name="并入账户").click()
    expect(phone.page.get_by_text("已登录：并入")).to_be_visible()
    assert answers_on_the_server(phone) == 3
    phone.page.goto(phone.page.url.replace("/me/account", "/"))
    expect(phone.page.locator("a.link b").get_by_text("客套用语", exact=True)).to_have_count(1)

    apart = Screens(open_learner().page, "zh-CN")
    apart.add_main_decks()
    apart.page.goto(f"{apart.page.url}me/account")
    fill_in(apart.page, "sign_in", "并入", PASSWORD, "登录")
    with apart.page.expect_download() as kept:
        apart.page.get_by_role("button", name="分开保存").click()
    assert json.loads(kept.value.path().read_text("utf-8"))["learner"]["kind"] == "anonymous"
    expect(apart.page.get_by_text("已登录：并入")).to_be_visible()
    assert answers_on_the_server(apart) == 3


def test_a_second_phone_joins_without_an_account(open_learner: OpenLearner) -> None:
    first = Screens(open_learner().page, "zh-CN")
    first.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    first.add_main_decks()
    first.begin()
    shared = first.answer(3)
    first.page.goto(first.page.url.replace("/study", "/me/account"))
    first.page.get_by_role("button", name="显示二维码").click()
    expect(first.page.get_by_role("img", name=re.compile("^加入用的二维码"))).to_be_visible()
    first.page.get_by_role("button", name="复制链接").click()
    expect(first.page.get_by_text(re.compile("^链接已复制"))).to_be_visible()
    link = first.page.evaluate("() => navigator.clipboard.readText()")

    second = Screens(open_learner().page, "zh-CN")
    second.add_main_decks()
    second.begin()
    assert second.answer(4) == shared
    choose_look(first.page, "en", "light")
    choose_look(second.page, "en", "dark")
    choose_look(second.page, "zh", "dark")
    second.page.goto(link)
    expect(second.page.get_by_label("链接", exact=True)).to_have_value(re.compile("^wj_"))
    assert "#" not in second.page.url
    second.page.get_by_role("button", name="加入", exact=True).click()
    second.page.get_by_role("button", name="合到一起").click()
    expect(second.page.get_by_text("已合到一起")).to_be_visible()
    expect(second.page.get_by_role("heading", name="卡组", exact=True)).to_be_visible()
    assert answers_on_the_server(second) == answers_on_the_server(first) == 2
    # What was chosen on a device stays with it.
    for phone, language, theme in ((second.page, "zh-CN", "dark"), (first.page, "en", "light")):
        phone.reload()
        expect(phone.locator(f"html[lang='{language}'][data-theme='{theme}'] main h2").first).to_be_visible()

    third = Screens(open_learner(path="/me/account").page, "zh-CN")
    third.page.get_by_label("链接", exact=True).fill(link[:-1])
    third.page.get_by_role("button", name="加入", exact=True).click()
    expect(third.page.get_by_text("这里面没有完整的链接，请整段复制")).to_be_visible()


def test_the_password_is_seen_where_wished_and_changed(open_learner: OpenLearner) -> None:
    page = open_learner().page
    page.get_by_role("link", name="已有账户或另一台设备？").click()
    fill_in(page, "claim", "改", PASSWORD, "保存")
    form = page.get_by_role("region", name="修改密码")
    form.get_by_label("现在的密码").fill(PASSWORD)
    form.get_by_label("新密码").fill("一二三四五六七八九十，十一十二")
    expect(form.get_by_label("新密码")).to_have_attribute("type", "password")
    form.get_by_role("switch", name="显示密码").check()
    expect(form.get_by_label("新密码")).to_have_attribute("type", "text")
    expect(form.get_by_label("新密码")).to_have_value("一二三四五六七八九十，十一十二")
    form.get_by_role("button", name="修改密码").click()
    expect(page.get_by_text("密码改好了")).to_be_visible()
    expect(form.get_by_label("现在的密码")).to_have_value("")


def test_a_token_for_scripts_is_shown_once_and_works(open_learner: OpenLearner, server: Server) -> None:
    page = open_learner().page
    screens = Screens(page, "zh-CN")
    screens.add_main_decks()
    wait_until(lambda: bool(page.context.cookies()), "the server knows the learner")
    page.goto(f"{server.address}/me/account")
    tokens = page.get_by_role("region", name="访问令牌")
    tokens.get_by_label("用在哪里").fill("备份脚本")
    tokens.get_by_role("button", name="新建令牌").click()
    secret = tokens.get_by_label("新令牌").input_value()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tokens.get_by_role("button", name="复制令牌").click()
    expect(page.get_by_text("令牌已复制")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == secret
    asked = urllib.request.Request(
        f"{server.address}/api/decks", headers={"Authorization": f"Bearer {secret}"}
    )
    with urllib.request.urlopen(asked, timeout=10) as answer:
        assert json.load(answer)["items"][0]["name"] == "客套用语"
    page.reload()
    expect(tokens.get_by_text("备份脚本")).to_be_visible()
    assert secret not in page.content()
    tokens.get_by_role("button", name="删除令牌“备份脚本”").click()
    expect(tokens.get_by_text("备份脚本")).to_have_count(0)
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(asked, timeout=10)
