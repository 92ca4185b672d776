"""A learner in the middle of studying a deck of their own, whose phone behaves as the test wants."""

import json
import os
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Learner
from tests.browser.screens import Screens

ASK = """async ([method, path, body]) => {
  const answer = await fetch(path, {
    method, headers: { 'Content-Type': 'application/json' }, ...(body && { body: JSON.stringify(body) }),
  });
  return [answer.status, await answer.text()];
}"""
PLAIN = tuple({"front": f"问题{n}", "back": f"答案{n}"} for n in range(6))


@dataclass
class Sitting:
    """One deck, one page, and the ways to touch it."""

    learner: Learner
    deck_id: str = ""
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def page(self) -> Page:
        return self.learner.page

    @property
    def screens(self) -> Screens:
        return Screens(self.page, "zh-CN")

    @property
    def address(self) -> str:
        return self.learner.console.address

    def api(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        status, text = self.page.evaluate(ASK, [method, path, body])
        assert status < 300, text
        return json.loads(text) if text else None

    def begin(
        self, notes: Sequence[Mapping[str, str]] = PLAIN, *, kind: str = "basic", **settings: Any
    ) -> "Sitting":
        """Make a deck of these notes, take the settings, fetch all of it, and show the first card."""
        device = {"device_id": str(uuid.UUID(bytes=os.urandom(16), version=4)), "zone": "Asia/Shanghai"}
        self.api("POST", "/api/session", device | {"language": "zh"})
        self.api("PATCH", "/api/learner", {"settings": {"tap_guard_ms": 0} | settings})
        self.deck_id = self.api("POST", "/api/decks", {"name": "试一试"})["id"]
        for fields in notes:
            self.api("POST", "/api/notes", {"deck_id": self.deck_id, "kind": kind, "fields": fields})
        self.fetch()
        return self.open()

    def fetch(self) -> None:
        self.page.goto(self.address + "/me/sync")
        button = self.page.get_by_role("button", name="现在同步")
        button.click()
        expect(self.page.get_by_text(re.compile("上次同步"))).to_be_visible()
        expect(button).to_be_enabled()

    def open(self) -> "Sitting":
        self.page.goto(f"{self.address}/study?deck={self.deck_id}")
        expect(self.asked).to_be_visible()
        # What answering needs has come.
        self.page.wait_for_load_state("networkidle")
        return self

    @property
    def asked(self) -> Locator:
        return self.page.locator(".paper .asked")

    @property
    def ratings(self) -> Locator:
        return self.page.locator("[data-rating]")

    def on_the_front(self) -> None:
        expect(self.ratings).to_have_count(0)

    def on_the_back(self) -> None:
        expect(self.ratings.first).to_be_visible()

    def tap(self, x: float, y: float) -> None:
        self.page.touchscreen.tap(x, y)

    def drag(self, start: tuple[float, float], *points: tuple[float, float], lift: bool = True) -> None:
        """A finger that goes down at `start` and moves through the points."""
        finger = self.page.context.new_cdp_session(self.page)

        def touch(kind: str, at: tuple[float, float] | None) -> None:
            places = [] if at is None else [{"x": at[0], "y": at[1]}]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

        touch("touchStart", start)
        at = start
        for point in points:
            for step in range(1, 6):
                share = step / 5
                touch("touchMove", (at[0] + (point[0] - at[0]) * share, at[1] + (point[1] - at[1]) * share))
            at = point
        if lift:
            # A finger that leaves at full speed throws the page: the browser takes the next tap as the catch.
            self.screens.past_the_guard()
            touch("touchMove", at)
            touch("touchEnd", None)
        finger.detach()

    def answers(self) -> list[int]:
        """Ratings on the device's disk that were not taken back, in order."""
        rows = self.page.evaluate(JOURNAL)
        return [
            row["event"]["rating"] for row in rows if row["event"]["kind"] == "answer" and not row["undone"]
        ]


JOURNAL = """() => new Promise((done, failed) => {
  const open = indexedDB.open('wengu');
  open.onerror = () => failed(open.error);
  open.onsuccess = () => {
    const rows = open.result.transaction('journal').objectStore('journal').getAll();
    rows.onsuccess = () => { open.result.close(); done(rows.result.sort((a, b) => a.n - b.n)); };
  };
})"""
