"""What a learner does on the phone app's screens, in the words of both languages."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import wait_until

WORDS = {
    "zh-CN": {
        "add_main": "一次添加四个主要卡组",
        "continue": "^(开始|继续)",
        "show": "显示答案",
        "good": "良好",
        "again": "重来",
        "undo": "撤销",
        "decks": "卡组",
    },
    "en": {
        "add_main": "Add the four main decks",
        "continue": "^(Start|Continue)",
        "show": "Show answer",
        "good": "Good",
        "again": "Again",
        "undo": "Undo",
        "decks": "Decks",
    },
}


# How many events this device wrote, null where its browser keeps nothing: opening a forbidden store throws
# even though the service worker may have made one of that name.
WRITTEN = """() => new Promise((done, failed) => {
  let open;
  try { open = indexedDB.open('wengu'); } catch { return done(null); }
  open.onerror = () => done(null);
  open.onupgradeneeded = () => open.transaction.abort();
  open.onsuccess = () => {
    const found = open.result.transaction('journal').objectStore('journal').count();
    found.onsuccess = () => { open.result.close(); done(found.result); };
    found.onerror = () => failed(found.error);
  };
})"""


@dataclass
class Screens:
    """One learner's way through the app."""

    page: Page
    language: str

    def word(self, key: str) -> str:
        return WORDS[self.language][key]

    def button(self, key: str) -> Locator:
        return self.page.get_by_role("button", name=re.compile(self.word(key)))

    def add_main_decks(self) -> None:
        self.button("add_main").click()
        expect(self.page.get_by_role("heading", name=self.word("decks"), exact=True)).to_be_visible()
        expect(self.continue_link()).to_be_visible()

    def continue_link(self) -> Locator:
        return self.page.get_by_role("link", name=re.compile(self.word("continue")))

    def begin(self) -> None:
        self.continue_link().click()
        expect(self.page.locator(".paper")).to_be_visible()

    def question(self) -> str:
        return self.page.locator(".paper .asked").inner_text()

    def show(self) -> None:
        self.past_the_guard()
        self.button("show").click()
        expect(self.page.locator("[data-rating='3']")).to_be_visible()

    def rate(self, rating: int) -> None:
        """Comes back when the answer is on the disk: what leaves the page before may cut its writing off."""
        self.past_the_guard()
        before = self.page.evaluate(WRITTEN)
        self.page.locator(f"[data-rating='{rating}']").click()
        expect(self.page.locator("[data-rating]")).to_have_count(0)
        if before is not None:
            wait_until(lambda: self.page.evaluate(WRITTEN) != before, "the answer is on the disk")

    def answer(self, rating: int = 3) -> str:
        asked = self.question()
        self.show()
        self.rate(rating)
        return asked

    def past_the_guard(self) -> None:
        """Taps right after a new card are ignored on purpose; a person needs longer than that to read."""
        self.page.evaluate("() => new Promise((done) => setTimeout(done, 250))")
