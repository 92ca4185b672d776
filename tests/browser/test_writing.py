"""Writing cards by hand and studying them, finding many and changing them at once, all of it on the phone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Learner, OpenLearner, Server, in_every_look, wait_until
from tests.browser.screens import Screens
from tests.browser.test_every_screen import violations

pytestmark = pytest.mark.browser


def with_a_deck(learner: Learner, name: str = "杂记") -> Page:
    page = learner.page
    go(page, "/notes/new")
    page.get_by_label("卡组名称").fill(name)
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.get_by_label("正面")).to_be_visible()
    return page


def go(page: Page, path: str) -> None:
    page.goto("/".join(page.url.split("/", 3)[:3]) + path)


def field(page: Page, name: str) -> Locator:
    return page.locator(f"textarea[name={name}]")


def save(page: Page) -> None:
    page.locator("#main").get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已保存")).to_be_visible()


def save_and_next(page: Page) -> None:
    save(page)
    page.get_by_role("button", name="关闭").click()


def select(page: Page, name: str, words: str) -> None:
    field(page, name).evaluate(
        "(field, words) => { field.focus(); const at = field.value.indexOf(words);"
        " field.setSelectionRange(at, at + words.length); }",
        words,
    )


def test_every_kind_is_written_and_asked_as_it_should_be(open_learner: OpenLearner) -> None:
    page = with_a_deck(open_learner())
    screens = Screens(page, "zh-CN")
    page.get_by_label("类型").select_option("cloze")
    field(page, "text").fill("水在 100 ℃ 沸腾")
    select(page, "text", "100 ℃")
    page.get_by_role("button", name="填空", exact=True).click()
    expect(field(page, "text")).to_have_value("水在 {{c1::100 ℃}} 沸腾")
    expect(page.locator(".preview")).to_contain_text("水在 「……」 沸腾")
    field(page, "text").press("Control+z")
    expect(field(page, "text")).to_have_value("水在 100 ℃ 沸腾")
    field(page, "text").press("Control+Shift+c")
    expect(field(page, "text")).to_have_value("水在 {{c1::100 ℃}} 沸腾")
    save_and_next(page)
    page.get_by_label("类型").select_option("basic")
    field(page, "front").fill("一年有哪几季？")
    field(page, "back").fill("春；夏；秋；冬")
    page.get_by_role("button", name="改成列举").click()
    expect(field(page, "items")).to_have_value("春\n夏\n秋\n冬")
    save_and_next(page)
    page.get_by_label("类型").select_option("choice")
    field(page, "front").fill("哪个是质数？")
    field(page, "back").fill("7")
    field(page, "choices").fill("6\n8")
    save(page)
    go(page, "/cards")
    expect(page.locator(".virtual .row")).to_have_count(6)
    go(page, "/study")
    seen = [asked_as(page, screens) for _ in range(3)]
    assert sorted(seen) == ["choice", "cloze", "list"]


def asked_as(page: Page, screens: Screens) -> str:
    """Answers the card on the screen the way its kind asks for."""
    expect(page.locator(".asked")).to_be_visible()
    screens.past_the_guard()
    if page.locator("[data-choice]").count():
        page.get_by_role("button", name=re.compile("6$")).click()
        expect(page.locator(".choice.right")).to_contain_text("7")
        expect(page.locator(".choice.picked-wrong")).to_contain_text("你选的")
        screens.rate(3)
        return "choice"
    kind = "list" if page.locator(".members").count() else "cloze"
    screens.show()
    expect(page.locator(".answered")).to_contain_text("春" if kind == "list" else "100 ℃")
    screens.rate(3)
    return kind


def test_what_is_half_written_comes_back(open_learner: OpenLearner) -> None:
    page = with_a_deck(open_learner())
    page.get_by_label("类型").select_option("type")
    field(page, "front").fill("已经写好的")
    field(page, "back").fill("一张")
    save(page)
    page.get_by_label("类型").select_option("basic")
    field(page, "front").fill("写了一半的")
    expect(page.get_by_text("已保存")).to_have_count(0)
    page.get_by_role("link", name="考试").click()
    page.get_by_role("link", name="卡片", exact=True).click()
    page.get_by_role("link", name="添加卡片").click()
    expect(page.get_by_text("接着上次没存完的内容")).to_be_visible()
    expect(field(page, "front")).to_have_value("写了一半的")
    field(page, "back").fill("另一半")
    save(page)
    expect(page.get_by_text("接着上次没存完的内容")).to_have_count(0)
    wait_until(lambda: bool(page.context.cookies()), "the server knows the learner")
    page.get_by_role("link", name=re.compile("刚加的卡片.*写了一半的")).click()
    page.get_by_role("link", name="编辑卡片").click()
    field(page, "back").fill("改了一半")
    page.reload()
    expect(page.get_by_text("接着上次没存完的内容")).to_be_visible()
    expect(field(page, "back")).to_have_value("改了一半")
    page.get_by_role("button", name="不要了").click()
    expect(field(page, "back")).to_have_value("另一半")
    page.get_by_role("link", name="返回").click()
    page.get_by_role("link", name="编辑卡片").click()
    expect(field(page, "back")).to_have_value("另一半")
    expect(page.get_by_text("接着上次没存完的内容")).to_have_count(0)


def test_saving_and_pictures_are_within_the_thumb_s_way(open_learner: OpenLearner) -> None:
    for language, words in (("zh-CN", ("保存", "图片", "拍照")), ("en", ("Save", "Picture", "Camera"))):
        page = open_learner(language=language).page
        go(page, "/notes/new")
        page.locator("#main form input, #main input").first.fill("Deck")
        page.locator("#main .button").first.click()
        page.locator("#main select").last.select_option("cloze")
        for name in words:
            box = page.get_by_role("button", name=name, exact=True).first.bounding_box()
            assert box
            assert box["height"] >= 48
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 360, (name, box)
            assert box["y"] + box["height"] <= 640 - 64, (name, box)


def test_markup_is_drawn_and_never_run(open_learner: OpenLearner) -> None:
    page = with_a_deck(open_learner())
    field(page, "front").fill(
        "**粗** {汉|hàn} <img src=x onerror=alert(1)>\n- 一\n- 二\n\n| a | b |\n| - | - |\n| 1 | 2 |"
    )
    field(page, "back").fill("$\\frac{1}{2}$")
    preview = page.locator(".preview")
    expect(preview.locator("strong")).to_have_text("粗")
    expect(preview.locator("ruby rt")).to_have_text("hàn")
    expect(preview.locator("li")).to_have_count(2)
    expect(preview.locator("td")).to_have_count(2)
    expect(preview.locator("math mfrac")).to_have_count(1)
    expect(preview.locator("img")).to_have_count(0)
    expect(preview).to_contain_text("<img src=x")


def test_a_card_that_exists_is_shown_while_its_twin_is_written(open_learner: OpenLearner) -> None:
    page = with_a_deck(open_learner())
    field(page, "front").fill("握手时谁先伸手？")
    field(page, "back").fill("尊者")
    save_and_next(page)
    field(page, "front").fill("握手时谁先伸手")
    field(page, "back").fill("尊者")
    expect(page.get_by_text("已经有一张一样的卡片。")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("相近的卡片"))).to_be_visible()


def test_many_cards_are_changed_at_once_without_a_network(
    open_learner: OpenLearner, own_server: Server
) -> None:
    learner = open_learner(at=own_server)
    page, screens = learner.page, Screens(learner.page, "zh-CN")
    screens.add_main_decks()
    page.wait_for_function(
        "() => navigator.serviceWorker.ready.then((it) => it.active?.state === 'activated')"
    )
    go(page, "/cards")
    expect(page.locator(".virtual .row").first).to_be_visible()
    all_of_them = found(page)
    assert page.locator(".virtual .row").count() < all_of_them
    own_server.stop()
    search(page, "is:new -deck:客套用语 OR 久仰")
    part = found(page)
    assert 0 < part < all_of_them
    search(page, "(is:new")
    expect(page.get_by_text("括号没有合上")).to_be_visible()
    search(page, "久仰")
    few = found(page)
    choose_all(page)
    act(page, "加标签")
    page.get_by_role("textbox", name=re.compile("^标签")).fill("常用")
    page.get_by_role("button", name=re.compile("^加标签")).click()
    search(page, "tag:常用")
    assert found(page) >= few
    choose_all(page)
    act(page, "查找和替换")
    page.get_by_role("textbox", name="查找").fill("久仰")
    page.get_by_role("textbox", name="换成").fill("久聞")
    expect(page.locator(".change").first).to_contain_text("久聞")
    page.get_by_role("button", name=re.compile("^替换")).click()
    search(page, "久聞")
    assert found(page) >= few
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("没有找到含“久聞”的卡片。")).to_be_visible()
    search(page, "tag:常用")
    choose_all(page)
    act(page, "暂停")
    search(page, "is:suspended")
    suspended = found(page)
    assert suspended >= few
    own_server.start()
    page.reload()
    wait_until(lambda: on_the_server(page, "is:suspended") == suspended, "the server has heard of it")
    assert on_the_server(page, "tag:常用 is:suspended") == suspended


def on_the_server(page: Page, words: str) -> int:
    count: int = page.evaluate(
        "(words) => fetch('/api/cards?limit=500&search=' + encodeURIComponent(words))"
        ".then((answer) => answer.json()).then((page) => page.items.length)",
        words,
    )
    return count


def search(page: Page, words: str) -> None:
    page.get_by_role("searchbox").fill(words)
    page.wait_for_function("(words) => new URLSearchParams(location.search).get('q') === words", arg=words)


def found(page: Page) -> int:
    expect(page.locator(".found")).to_have_attribute("aria-busy", "false")
    status = page.locator(".found [role=status]")
    expect(status).to_contain_text("找到")
    return int(re.sub(r"\D", "", status.inner_text()))


def choose_all(page: Page) -> None:
    page.get_by_role("button", name="选择", exact=True).click()
    page.get_by_role("button", name="全选", exact=True).click()


def act(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile("张卡片操作")).click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile(f"^{name}")).click()


@in_every_look
def test_axe_finds_nothing_while_writing_and_choosing(
    open_learner: OpenLearner, language: str, theme: str, size: tuple[int, int]
) -> None:
    learner = open_learner(size=size, language=language, theme=theme, bypass_csp=True)
    page, screens = learner.page, Screens(learner.page, language)
    screens.add_main_decks()
    go(page, "/notes/new")
    field(page, "front").fill("**它**是什么？ $x^2$\n\n| a | b |\n| - | - |\n| 1 | 2 |")
    field(page, "back").fill("一；二；三")
    expect(page.locator(".hints")).to_be_visible()
    expect(page.locator(".preview math")).to_be_visible()
    seen = {"writing": violations(screens)}
    go(page, "/cards?q=colour:red")
    expect(page.locator("[aria-invalid]")).to_be_visible()
    page.locator("summary").click()
    seen["a search that cannot be read"] = violations(screens)
    go(page, "/cards")
    page.locator(".found .button").click()
    page.locator(".virtual label").first.click()
    seen["choosing"] = violations(screens)
    page.locator(".bulk .button").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    seen["acts"] = violations(screens)
    page.get_by_role("dialog").locator(".row").nth(8).click()
    expect(page.get_by_role("dialog").locator("input").first).to_be_visible()
    seen["replacing"] = violations(screens)
    assert not {screen: faults for screen, faults in seen.items() if faults}
