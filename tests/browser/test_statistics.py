"""The page of statistics says the same with a network and without one, whichever device was studied on."""

import os
import re
import uuid
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenLearner
from tests.browser.sitting import PLAIN, Sitting

pytestmark = pytest.mark.browser
DAY_MS = 86_400_000
ACTIVE = "() => navigator.serviceWorker.ready.then((it) => it.active?.state === 'activated')"


def figure(page: Page, name: str) -> Locator:
    return page.locator(".figures > div", has_text=name).locator("dd")


def elsewhere(sitting: Sitting, card: str, days_ago: int, rating: int = 3) -> None:
    """An answer on another device, of today or of days ago."""
    now = sitting.page.evaluate("() => Date.now()") - days_ago * DAY_MS
    event: dict[str, Any] = {"id": str(uuid.uuid4()), "card_id": card, "kind": "answer", "rating": rating}
    event |= {"at": now, "clock_offset_ms": 0, "day": (now + 4 * 3_600_000) // DAY_MS, "data": {}}
    event |= {"duration_ms": 30_000, "device_seq": 1}
    device = str(uuid.UUID(bytes=os.urandom(16), version=4))
    body = {"device_id": device, "cursor": 0, "want": 1, "events": [event], "edits": []}
    assert sitting.api("POST", "/api/sync", body)["refused"] == []


def test_figures_are_the_same_offline_and_online(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner()).begin(PLAIN[:3])
    page = sitting.page
    cards = [card["id"] for card in sitting.api("GET", "/api/cards?limit=9")["items"]]
    elsewhere(sitting, cards[2], days_ago=2)
    assert page.evaluate(ACTIVE)
    page.goto(sitting.address + "/me")
    page.get_by_role("link", name="统计").tap()
    expect(figure(page, "最近 30 天")).to_have_text("学了 1 天")
    expect(figure(page, "今天答题")).to_have_text("还没有")

    sitting.open()
    page.context.set_offline(True)
    for _ in range(2):
        sitting.screens.answer()
    page.goto(sitting.address + "/me/stats")
    expect(page.get_by_text("现在取不到服务器上的新记录")).to_be_visible()
    expect(figure(page, "今天答题")).to_have_text("2 次")
    expect(figure(page, "最近 30 天")).to_have_text("学了 2 天")
    expect(page.get_by_text("2 天里答了 3 次")).to_be_visible()

    page.context.set_offline(False)
    elsewhere(sitting, cards[2], days_ago=0)
    page.reload()
    expect(figure(page, "今天答题")).to_have_text("3 次")
    expect(page.get_by_text("现在取不到")).to_have_count(0)
    expect(page.get_by_text("3 张里学过 2 张")).to_be_visible()

    # Each day is read by keys too.
    words = page.locator(".day-words")
    expect(words).to_contain_text("3 次")
    page.locator(".weeks [aria-current]").focus()
    page.keyboard.press("ArrowLeft")
    expect(words).to_contain_text(re.compile("没有答题|休假"))
    page.keyboard.press("ArrowLeft")
    expect(words).to_contain_text("1 次")
    expect(page.locator(".weeks :focus")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("一年").check(force=True)
    page.wait_for_url(re.compile("span=year"))
    expect(page.get_by_text("2 天里答了 4 次")).to_be_visible()
    page.locator("[aria-labelledby=answers] summary").tap()
    expect(page.locator("[aria-labelledby=answers] tbody td").first).to_have_text("4 次")
