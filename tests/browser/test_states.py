"""What the phone says and does when something is not as ever: offline, outdated, evicted, refused."""

import json
import re
import time
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenLearner, wait_until
from tests.browser.sitting import PLAIN, Sitting

pytestmark = pytest.mark.browser
MIDDLE = (180, 250)
FORBIDDEN = """
indexedDB.open = () => { throw new DOMException('not in private mode', 'SecurityError'); };
"""
# Rows of the device's own database, changed as an import or a year of studying would have left them.
CHANGE = """([table, changes]) => new Promise((done, failed) => {
  const open = indexedDB.open('wengu');
  open.onerror = () => failed(open.error);
  open.onsuccess = () => {
    const tx = open.result.transaction(table, 'readwrite');
    const store = tx.objectStore(table);
    const rows = store.getAll();
    rows.onsuccess = () => { for (const row of rows.result) store.put({ ...row, ...changes }); };
    tx.oncomplete = () => { open.result.close(); done(); };
    tx.onabort = () => failed(tx.error);
  };
})"""
LONG_OVERDUE = {
    "phase": 2, "stability": 10.0, "difficulty": 5.0, "due_day": 20_000, "last_day": 19_990, "reps": 3,
    "lapses": 0,
}  # fmt: skip
WORDY = (
    '<h2>题</h2><p>出处：<a href="https://example.org">链接<cite>里的字</cite></a></p>'
    "<details><summary>提示</summary>暗示</details>"
)
HOSTILE = """<b>粗</b><i>斜</i><script>window.ran = 1</script><img src="x" onerror="window.ran = 2">
<a href="javascript:window.ran = 3">链</a><style>body { display: none }</style><form><input></form>"""


def online_again(page: Page) -> None:
    page.context.set_offline(False)
    page.evaluate("() => dispatchEvent(new Event('online'))")


def unsent(page: Page) -> int:
    count = """() => new Promise((done) => {
      const open = indexedDB.open('wengu');
      open.onsuccess = () => {
        const asked = open.result.transaction('outbox').objectStore('outbox').count();
        asked.onsuccess = () => { open.result.close(); done(asked.result); };
      };
    })"""
    return int(page.evaluate(count))


def answer_one(sitting: Sitting, rating: int = 3) -> None:
    sitting.page.get_by_role("button", name="显示答案").tap()
    sitting.on_the_back()
    sitting.page.locator(f"[data-rating='{rating}']").tap()
    sitting.on_the_front()


def test_offline_is_one_line_that_goes_by_itself(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner()).begin()
    page = sitting.page
    line = page.get_by_text("离线：答题已存在本机")
    expect(line).to_have_count(0)
    page.context.set_offline(True)
    expect(line).to_be_visible()
    answer_one(sitting)
    wait_until(lambda: unsent(page) == 1, "the answer waits in the outbox")
    online_again(page)
    wait_until(lambda: unsent(page) == 0, "the answer is sent")
    expect(line).to_have_count(0)


def test_an_app_too_old_keeps_everything_and_says_so_between_cards(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner()).begin()
    page = sitting.page
    problem = {"type": "/problems/app-too-old", "title": "手机上的应用太旧了", "status": 426}
    page.route(
        "**/api/sync",
        lambda route: route.fulfill(
            status=426, content_type="application/problem+json", body=json.dumps(problem)
        ),
    )
    answer_one(sitting)
    said = page.get_by_text("更新后才能同步")
    page.evaluate("() => dispatchEvent(new Event('online'))")
    wait_until(lambda: unsent(page) == 1, "the answer waits in the outbox")
    # Nobody is interrupted in mid card; the list says it.
    expect(said).to_have_count(0)
    page.get_by_role("link", name="返回").tap()
    expect(said).to_be_visible()
    assert unsent(page) == 1
    page.unroute("**/api/sync")
    with page.expect_navigation():
        page.get_by_role("button", name="更新", exact=True).tap()
    expect(page.get_by_role("heading", name="卡组", exact=True)).to_be_visible()
    wait_until(lambda: unsent(page) == 0, "after the update all is sent")
    expect(said).to_have_count(0)
    # The browser's own words on the refusal are no fault of the app.
    sitting.learner.console.complaints.clear()


def test_a_session_ended_elsewhere_keeps_the_outbox_and_offers_a_new_backup(
    open_learner: OpenLearner,
) -> None:
    sitting = Sitting(open_learner()).begin()
    page = sitting.page
    page.context.clear_cookies()
    answer_one(sitting)
    page.evaluate("() => dispatchEvent(new Event('online'))")
    banner = page.get_by_role("link", name=re.compile("备份断了.*重新备份"))
    expect(banner).to_be_visible()
    assert unsent(page) == 1
    banner.tap()
    page.get_by_role("button", name="重新备份").tap()
    wait_until(lambda: unsent(page) == 0, "a new learner has everything")
    expect(page.get_by_text("备份断了")).to_have_count(0)
    kinds = [event["kind"] for event in sitting.api("GET", "/api/learner/export")["events"]]
    assert kinds == ["answer"]
    sitting.learner.console.complaints.clear()


def test_a_browser_that_forbids_storage_still_studies_online(open_learner: OpenLearner) -> None:
    learner = open_learner()
    learner.context.add_init_script(FORBIDDEN)
    learner.page.goto(learner.console.address)
    screens = Sitting(learner).screens
    expect(learner.page.get_by_text("浏览器不允许在本机存数据")).to_be_visible()
    expect(learner.page.get_by_text("学习记录存在服务器上")).to_be_visible()
    screens.add_main_decks()
    screens.begin()
    screens.answer()
    sitting = Sitting(learner)
    arrived = "the answer is on the server, the only safe place"
    wait_until(lambda: len(sitting.api("GET", "/api/learner/export")["events"]) == 1, arrived)
    # Nothing is promised that this browser cannot keep.
    learner.context.set_offline(True)
    expect(learner.page.get_by_text("联网以前请不要关闭")).to_be_visible()
    expect(learner.page.get_by_text("答题已存在本机")).to_have_count(0)


def test_what_the_browser_evicted_comes_back_from_the_server(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner()).begin()
    page = sitting.page
    answer_one(sitting)
    page.evaluate("() => dispatchEvent(new Event('online'))")
    wait_until(lambda: unsent(page) == 0, "the answer is sent")
    page.goto("about:blank")
    page.context.new_cdp_session(page).send(
        "Storage.clearDataForOrigin",
        {"origin": sitting.address, "storageTypes": "indexeddb,local_storage,cache_storage"},
    )
    sitting.fetch()
    sitting.open()
    expect(page.locator(".progress")).to_contain_text("学习中 1")


@pytest.mark.parametrize("has_sanitiser", [True, False], ids=["setHTML", "dompurify"])
def test_markup_of_a_card_runs_nothing(open_learner: OpenLearner, has_sanitiser: bool) -> None:
    learner = open_learner()
    if not has_sanitiser:
        learner.context.add_init_script("delete Element.prototype.setHTML;")
        learner.page.reload()
    sitting = Sitting(learner).begin(PLAIN[:1])
    page = sitting.page
    page.evaluate(CHANGE, ["notes", {"format": "html", "fields": {"front": HOSTILE + WORDY, "back": "答"}}])
    page.reload()
    assert page.evaluate("() => 'setHTML' in Element.prototype") is has_sanitiser
    asked = page.locator(".asked .html")
    expect(asked.locator("b")).to_have_text("粗")
    expect(asked).to_contain_text("出处：链接里的字")
    expect(asked.locator("h2")).to_have_text("题")
    expect(asked.locator("details")).not_to_contain_text("暗示", use_inner_text=True)
    assert asked.locator("script, style, form, input, a[href], [onerror]").count() == 0
    assert page.evaluate("() => window.ran") is None
    expect(page.get_by_role("button", name="显示答案")).to_be_visible()
    # Both sanitisers read the markup in a document of its own; the policy speaks up there too.
    sitting.learner.console.complaints.clear()


def test_a_conflict_shows_both_versions(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner()).begin(PLAIN[:1])
    page = sitting.page
    note: dict[str, Any] = sitting.api("GET", f"/api/notes?deck_id={sitting.deck_id}")["items"][0]
    page.goto(f"{sitting.address}/notes/{note['id']}")
    back = page.get_by_label("背面")
    expect(back).to_have_value("答案0")
    page.wait_for_load_state("networkidle")
    # The other device was first; this one did not know.
    theirs = {"base_version": note["version"], "fields": note["fields"] | {"back": "那边写的"}}
    page.route("**/api/sync", lambda route: route.abort("internetdisconnected"))
    sitting.api("PATCH", f"/api/notes/{note['id']}", theirs)
    back.fill("这边写的")
    page.get_by_role("banner").get_by_role("button", name="保存", exact=True).tap()
    page.wait_for_url(re.compile("/cards"))  # saved: there is no page of the app to go back to
    wait_until(lambda: unsent(page) == 1, "the edit waits in the outbox")
    page.unroute("**/api/sync")
    sitting.fetch()
    page.goto(f"{sitting.address}/notes/{note['id']}")
    expect(page.get_by_role("heading", name="另一台设备也改了这里")).to_be_visible()
    expect(page.locator(".sides").first).to_contain_text("那边写的")
    expect(page.locator(".sides").first).to_contain_text("这边写的")
    expect(back).to_have_value("这边写的")
    page.get_by_role("button", name="改用这个版本").tap()
    expect(back).to_have_value("那边写的")


def test_a_refused_answer_is_listed_with_its_reason(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner()).begin(PLAIN[:2])
    page = sitting.page
    notes = sitting.api("GET", f"/api/notes?deck_id={sitting.deck_id}")["items"]
    page.route("**/api/sync", lambda route: route.abort("internetdisconnected"))
    for note in notes:
        sitting.api("DELETE", f"/api/notes/{note['id']}")
    answer_one(sitting)
    answer_one(sitting)
    wait_until(lambda: unsent(page) == 2, "the answers wait in the outbox")
    page.unroute("**/api/sync")
    sitting.fetch()
    expect(page.get_by_role("heading", name="服务器没有收下的记录")).to_be_visible()
    refused = page.get_by_role("listitem").filter(has_text=re.compile("答题|卡片"))
    expect(refused.first).to_contain_text("良好 ·")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出这些记录").tap()
    saved = json.loads(download.value.path().read_text("utf-8"))
    assert [item["body"]["kind"] for item in saved] == ["answer"] * 2
    assert saved[0]["problem"]["title"]
    page.get_by_role("button", name="全部去掉").tap()
    page.get_by_role("dialog").get_by_role("button", name="去掉 2 条").tap()
    expect(page.get_by_text("没有被拒收的记录。")).to_be_visible()


def test_a_leech_gets_advice_and_the_hint_to_install_comes_once(open_learner: OpenLearner) -> None:
    notes = tuple({"front": f"题{n}", "back": f"答{n}"} for n in range(12))
    sitting = Sitting(open_learner()).begin(notes)
    page = sitting.page
    page.evaluate(CHANGE, ["cards", {"lapses": 8}])
    page.reload()
    expect(sitting.asked).to_be_visible()
    page.get_by_role("button", name="更多").tap()
    expect(page.get_by_role("dialog")).to_contain_text("已经忘了 8 次")
    page.keyboard.press("Escape")
    hint = page.get_by_text("把温故添加到主屏幕")
    for _ in range(10):
        answer_one(sitting, 4)
    page.get_by_role("link", name="返回").tap()
    expect(hint).to_be_visible()
    page.get_by_role("button", name="知道了").tap()
    expect(hint).to_be_hidden()
    page.reload()
    expect(page.get_by_role("heading", name="卡组", exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(hint).to_have_count(0)


def test_what_the_browser_cleared_away_comes_back_by_itself(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner()).begin()
    page = sitting.page
    answer_one(sitting)
    wait_until(lambda: unsent(page) == 0, "the answer is sent")
    page.goto("about:blank")
    scripts = "indexeddb,local_storage,cache_storage,service_workers"
    page.context.new_cdp_session(page).send(
        "Storage.clearDataForOrigin", {"origin": sitting.address, "storageTypes": scripts}
    )
    page.goto(sitting.address)
    expect(page.get_by_role("link", name=re.compile("^试一试 "))).to_be_visible()
    expect(sitting.screens.continue_link()).to_contain_text("6")


def fall_behind(open_learner: OpenLearner) -> Sitting:
    """Somebody who learnt four decks elsewhere, long ago."""
    sitting = Sitting(open_learner())
    sitting.screens.add_main_decks()
    page = sitting.page
    page.wait_for_load_state("networkidle")
    whole = {"device_id": str(uuid4()), "cursor": 0, "want": 2_000, "edits": [], "events": []}
    cards = sitting.api("POST", "/api/sync", whole)["changes"]["cards"]
    now = int(time.time() * 1000)
    seeds = [
        {
            "id": str(uuid4()), "card_id": card["id"], "kind": "seed", "at": now,
            "day": now // 86_400_000 - 1, "device_seq": place, "data": LONG_OVERDUE,
        }
        for place, card in enumerate(cards)
    ]  # fmt: skip
    assert len(sitting.api("POST", "/api/sync", whole | {"events": seeds})["acked"]) == len(seeds) > 100
    sitting.fetch()
    page.goto(sitting.address)
    return sitting


def test_a_backlog_is_worked_off_slowly_where_the_learner_wants_it(open_learner: OpenLearner) -> None:
    sitting = fall_behind(open_learner)
    page = sitting.page
    banner = page.locator(".banner", has_text="过期好几天了")
    banner.get_by_role("link", name="去设置").tap()
    page.get_by_role("switch", name=re.compile("^慢慢追上积压")).check()
    expect(page.get_by_text(re.compile(r"现在到期 \d{3} 张。 每天 50 张，大约 \d+ 天追上。"))).to_be_visible()
    page.goto(sitting.address)
    expect(sitting.screens.continue_link()).to_contain_text("50")
    expect(banner).to_have_count(0)


def test_who_does_not_mind_a_backlog_is_left_alone(open_learner: OpenLearner) -> None:
    page = fall_behind(open_learner).page
    banner = page.locator(".banner", has_text="过期好几天了")
    banner.get_by_role("button", name="先不用").tap()
    expect(banner).to_be_hidden()
    page.reload()
    expect(page.get_by_role("heading", name="卡组", exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(banner).to_have_count(0)


def test_cards_are_added_found_and_changed_without_a_network(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner()).begin()
    page = sitting.page
    page.evaluate("() => navigator.serviceWorker.ready.then((it) => it.active.state)")
    page.reload()
    expect(sitting.asked).to_be_visible()
    page.context.set_offline(True)
    # Text that another app shares becomes a card.
    page.goto(f"{sitting.address}/notes/new?text=%E6%96%B0%E9%97%AE%E9%A2%98")
    expect(page.get_by_label("正面")).to_have_value("新问题")
    page.get_by_label("背面").fill("新答案")
    page.get_by_role("banner").get_by_role("button", name="保存", exact=True).tap()
    expect(page.get_by_text("已保存", exact=True)).to_be_visible()
    page.goto(f"{sitting.address}/cards")
    page.get_by_role("searchbox").fill("新答")
    found = page.get_by_role("link", name=re.compile("新问题"))
    expect(found).to_be_visible()
    assert unsent(page) == 1
    online_again(page)
    wait_until(lambda: unsent(page) == 0, "the new card is sent")
    assert sitting.api("GET", "/api/notes?q=%E6%96%B0%E7%AD%94")["items"][0]["fields"]["back"] == "新答案"


def test_pulling_the_list_down_syncs_and_the_language_changes_at_once(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner()).begin()
    page = sitting.page
    page.goto(sitting.address)
    expect(page.get_by_role("heading", name="卡组", exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")
    with page.expect_request("**/api/sync"):
        sitting.drag((180, 150), (184, 420))
    # Five minutes are one tap away.
    page.get_by_role("link", name="只学 5 分钟").tap()
    expect(sitting.asked).to_be_visible()
    page.goto(sitting.address + "/me")
    page.get_by_label("界面语言").select_option("en")
    expect(page.get_by_role("heading", name="Appearance")).to_be_visible()
    assert page.evaluate("() => document.documentElement.lang") == "en"
    page.goto(sitting.address + "/cards")
    expect(page.get_by_role("heading", name="Cards", exact=True)).to_be_visible()
    page.reload()
    assert page.evaluate("() => document.documentElement.lang") == "en"


def test_a_deck_takes_an_option_of_its_own_and_one_tap_takes_it_back(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner()).begin(PLAIN[:1])
    page = sitting.page
    above = sitting.api("POST", "/api/decks", {"name": "礼"})["id"]
    sitting.api("PATCH", f"/api/decks/{above}", {"options": {"new_per_day": 3}})
    below = sitting.api("POST", "/api/decks", {"name": "礼::仪"})["id"]
    sitting.fetch()
    page.goto(f"{sitting.address}/decks/{below}")
    option = page.locator("[data-option=new_per_day]")
    expect(option.get_by_role("spinbutton")).to_have_value("3")
    expect(option).to_contain_text("沿用“礼”")
    option.get_by_role("spinbutton").fill("7")
    option.get_by_role("spinbutton").press("Enter")
    back = option.get_by_role("button", name="改回沿用“礼”：3")
    expect(back).to_be_visible()
    sitting.fetch()
    assert sitting.api("GET", f"/api/decks/{below}")["options"] == {"new_per_day": 7}
    page.goto(f"{sitting.address}/decks/{below}")
    back.tap()
    expect(option.get_by_role("spinbutton")).to_have_value("3")
    expect(back).to_have_count(0)
    sitting.fetch()
    assert sitting.api("GET", f"/api/decks/{below}")["options"] == {}
