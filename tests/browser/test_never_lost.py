"""Promise 1 in a real browser: tabs die in mid write, the disk is full, versions change, two tabs work."""

import json
import os
import random
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, expect

from tests.browser.conftest import ROOT, OpenLearner, Server, wait_until
from tests.browser.screens import Screens

pytestmark = pytest.mark.browser
ANSWERS = int(os.environ.get("WENGU_OFFLINE_ANSWERS", "60"))
KILLED = 0.08
MOST_BEFORE_FULL = 2000
DIST = ROOT / "app/web/dist"

# Says what is put into the outbox, and says it again when the transaction is on the disk: only then may the
# app show an answer as saved. The words leave the tab at once, so they outlive it.
LISTEN = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (row, ...rest) {
    if (this.name === 'outbox') {
      console.debug(`made ${row.id}`);
      this.transaction.addEventListener('complete', () => console.debug(`saved ${row.id}`));
    }
    return put.call(this, row, ...rest);
  };
}"""
KEPT = """() => new Promise((done, failed) => {
  const open = indexedDB.open('wengu');
  open.onerror = () => failed(open.error);
  open.onsuccess = () => {
    const keys = open.result.transaction('journal').objectStore('journal').getAllKeys();
    keys.onsuccess = () => { open.result.close(); done(keys.result); };
  };
})"""
QUICK = """() => fetch('/api/learner', {
  method: 'PATCH', headers: {'Content-Type': 'application/json'}, body: '{"settings": {"tap_guard_ms": 0}}',
}).then((answer) => answer.status)"""


@dataclass
class Hand:
    """Someone who answers fast on one device, and what the device's disk said meanwhile."""

    context: BrowserContext
    screens: Screens
    chance: random.Random
    made: list[str] = field(default_factory=list)
    saved: set[str] = field(default_factory=set)
    taps: int = 0

    @property
    def page(self) -> Page:
        return self.screens.page

    def hear(self, message: ConsoleMessage) -> None:
        word, _, event_id = message.text.partition(" ")
        if word == "made":
            self.made.append(event_id)
        elif word == "saved":
            self.saved.add(event_id)

    def answer(self) -> None:
        """One card; Again more often than not, so that cards do not run out."""
        self.reveal()
        self.tap()
        expect(self.page.locator("[data-rating]")).to_have_count(0)

    def reveal(self) -> None:
        # A tab that died on an answer opens on it again.
        if not self.page.locator("[data-rating='3']").is_visible():
            self.screens.button("show").click()
        expect(self.page.locator("[data-rating='3']")).to_be_visible()

    def tap(self) -> None:
        self.taps += 1
        self.page.locator(f"[data-rating='{self.chance.choice('1113')}']").click()

    def kill_tab(self) -> None:
        """The tab's process is gone between one instruction and the next; the learner opens the app again."""
        address = "/".join(self.page.url.split("/")[:3])
        with suppress(Error):
            self.page.goto("chrome://crash")
        self.page.close()
        self.screens.page = self.context.new_page()
        self.page.goto(address)
        self.screens.begin()

    def kept(self) -> set[str]:
        """Events in the device's journal."""
        return set(self.page.evaluate(KEPT))

    def wait_saved(self, count: int) -> None:
        """Come back when so many events are on the disk; all of them are in the journal."""
        # What the tabs say is heard only while the browser is asked something.
        wait_until(lambda: bool(self.kept()) and len(self.saved) == count, f"{count} answers are saved")
        assert self.saved <= self.kept()

    def on_the_server(self) -> list[dict[str, Any]]:
        body = self.page.evaluate("() => fetch('/api/learner/export').then((answer) => answer.text())")
        events: list[dict[str, Any]] = json.loads(body)["events"]
        return events

    def check_all_arrived(self) -> None:
        """Everything saved is on the server once, and nothing else is there."""
        self.page.evaluate("() => dispatchEvent(new Event('online'))")
        wait_until(
            lambda: self.saved <= {event["id"] for event in self.on_the_server()},
            "all that was saved has arrived",
        )
        events = self.on_the_server()
        assert {event["id"] for event in events} <= set(self.made)
        assert len(events) == len({event["id"] for event in events}) <= self.taps
        numbers = {(event["device_id"], event["device_seq"]) for event in events}
        assert len(numbers) == len(events)


OpenHand = Callable[[Server], Hand]


@pytest.fixture
def open_hand(open_learner: OpenLearner) -> OpenHand:
    """A learner with decks, in the middle of a session, whose taps count at once."""

    def open_it(server: Server) -> Hand:
        learner = open_learner(at=server)
        learner.context.add_init_script(f"({LISTEN})()")
        hand = Hand(learner.context, Screens(learner.page, "zh-CN"), random.Random(7))
        learner.context.on("console", hand.hear)
        hand.screens.add_main_decks()
        assert hand.page.evaluate(QUICK) == 200
        hand.page.evaluate(
            "() => navigator.serviceWorker.ready.then((it) => it.active.state === 'activated')"
        )
        with hand.page.expect_response(lambda answer: answer.url.endswith("/api/sync")):
            hand.page.reload()
        hand.screens.begin()
        return hand

    return open_it


def test_tabs_killed_in_mid_write(open_hand: OpenHand, own_server: Server) -> None:
    hand = open_hand(own_server)
    hand.context.set_offline(True)
    kills = 0
    while len(hand.saved) < ANSWERS:
        if hand.chance.random() > KILLED:
            hand.answer()
            continue
        hand.reveal()
        hand.tap()
        hand.page.wait_for_timeout(hand.chance.uniform(0, 8))
        hand.kill_tab()
        kills += 1
        assert hand.saved <= hand.kept()
    assert kills >= ANSWERS * KILLED / 3
    hand.context.set_offline(False)
    hand.check_all_arrived()


def test_a_full_disk_is_said_and_loses_nothing(open_hand: OpenHand, own_server: Server) -> None:
    hand = open_hand(own_server)
    hand.context.set_offline(True)
    for _ in range(3):
        hand.answer()
    hand.wait_saved(3)
    disk = hand.context.new_cdp_session(hand.page)
    disk.send("Storage.overrideQuotaForOrigin", {"origin": own_server.address, "quotaSize": 1})
    said = hand.page.get_by_role("alert").filter(has_text="空间已满")
    # The browser believes for up to half a minute in the room that it found when it looked last.
    while not said.is_visible():
        hand.answer()
        assert hand.taps < MOST_BEFORE_FULL, "the app never says that the disk is full"
    assert len(hand.saved) < hand.taps
    assert hand.saved <= hand.kept()
    disk.send("Storage.overrideQuotaForOrigin", {"origin": own_server.address})
    said.get_by_role("button", name="重试").click()
    expect(said).to_have_count(0)
    hand.wait_saved(hand.taps)
    hand.context.set_offline(False)
    hand.check_all_arrived()


@pytest.fixture
def own_dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The built app in a folder where the test may change it."""
    folder = tmp_path / "dist"
    shutil.copytree(DIST, folder)
    monkeypatch.setenv("WENGU_WEB_DIST", str(folder))
    return folder


def test_a_new_version_in_mid_session(open_hand: OpenHand, own_dist: Path, own_server: Server) -> None:
    hand = open_hand(own_server)
    hand.answer()
    worker = own_dist / "sw.js"
    worker.write_text(worker.read_text("utf-8") + "\n// the next version\n", "utf-8")
    for packed in own_dist.glob("sw.js.*"):
        packed.unlink()
    asked = hand.screens.question()
    hand.page.evaluate("() => navigator.serviceWorker.getRegistration().then((it) => it.update())")
    hand.page.wait_for_function("() => navigator.serviceWorker.getRegistration().then((it) => it.waiting)")
    assert hand.screens.question() == asked
    hand.context.set_offline(True)
    for _ in range(3):
        hand.answer()
    hand.page.go_back()
    with hand.page.expect_navigation():
        hand.page.get_by_role("button", name=re.compile("^更新$")).click()
    hand.screens.begin()
    hand.answer()
    hand.wait_saved(5)
    hand.context.set_offline(False)
    hand.check_all_arrived()


def test_two_tabs_at_once(open_hand: OpenHand, own_server: Server) -> None:
    hand = open_hand(own_server)
    second = Hand(hand.context, Screens(hand.context.new_page(), "zh-CN"), hand.chance)
    second.page.goto(own_server.address)
    second.screens.begin()
    for _ in range(ANSWERS // 4):
        for tab in (hand, second):
            tab.reveal()
        for tab in (hand, second):
            tab.tap()
        for tab in (hand, second):
            expect(tab.page.locator("[data-rating]")).to_have_count(0)
    hand.taps += second.taps
    hand.wait_saved(hand.taps)
    hand.check_all_arrived()
