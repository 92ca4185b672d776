"""A phone for the bench: the built app in a real Chromium, slowed down, with any number of cards on it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright, ViewportSize, expect
from sqlalchemy import Engine, select, update

from app.config import Settings
from app.core.digest import set_digest, to_hex
from app.db.engine import make_engine, reading, writing
from app.db.models import cards, decks, learners
from app.services.identity import open_session
from app.services.learners import read_learner
from app.services.migrate import migrate
from tests.bench.collection import fill
from tests.bench.in_process import now_ms, today
from tests.bench.serving import Client, fresh_id, serving

SCREEN: ViewportSize = {"width": 360, "height": 640}
SYNC_SECONDS = 300

# What every page of the bench has from its first moment on: when the first card was painted.
FIRST_CARD = """
window.afterPaint = (act) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = act;
  port2.postMessage(0);
});
window.firstCard = new Promise((resolve) => {
  const isShown = () => document.querySelector('.paper .asked');
  const look = () => afterPaint(() => isShown() ? resolve(performance.now()) : look());
  look();
});
"""

ON_THE_DEVICE = """() => new Promise((resolve, reject) => {
  const asked = indexedDB.open('wengu');
  asked.onerror = () => reject(asked.error);
  asked.onsuccess = () => {
    const count = asked.result.transaction('cards').objectStore('cards').count();
    count.onsuccess = () => { asked.result.close(); resolve(count.result); };
  };
})"""

# Copies of real rows under ids of their own: the schema is the app's, whatever it is.
COPY = """async (times) => {
  const done = (it) => new Promise((resolve, reject) => {
    it.onsuccess = it.oncomplete = () => resolve(it.result);
    it.onerror = it.onabort = () => reject(it.error);
  });
  const database = await done(indexedDB.open('wengu'));
  for (const table of ['notes', 'cards']) {
    const rows = await done(database.transaction(table).objectStore(table).getAll());
    for (let time = 1; time < times; time++) {
      const renamed = (id) => (0x10 + time).toString(16) + id.slice(2);
      const writing = database.transaction(table, 'readwrite', { durability: 'relaxed' });
      for (const row of rows) {
        const copy = { ...row, id: renamed(row.id) };
        if (copy.note_id) copy.note_id = renamed(copy.note_id);
        // None of them is due today, as in a collection that is kept up.
        if (copy.review_on) copy.due_day = copy.review_on = copy.review_on + 1;
        writing.objectStore(table).put(copy);
      }
      await done(writing);
    }
  }
  database.close();
}"""


@dataclass
class Handset:
    """One browser profile with the app in it."""

    context: BrowserContext
    address: str
    secret: str

    def other_device(self) -> Client:
        """Another device of the same learner that has fetched everything."""
        client = Client(int(self.address.rpartition(":")[2]))
        client.headers["Cookie"] = f"wengu_session={self.secret}"
        return client

    def page(self, rate: int) -> Page:
        """A new page of the app's origin, without the app, that runs `rate` times slower from now on."""
        page = self.context.new_page()
        page.goto(self.address + "/icon.svg")
        self.slow(page, rate)
        return page

    def slow(self, page: Page, rate: int) -> CDPSession:
        """Throttling lasts as long as the session that asked for it."""
        session = self.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
        return session

    def fetch_all(self, size: int) -> None:
        """Sync until every card is on the device and the service worker holds the app."""
        page = self.context.new_page()
        page.goto(self.address + "/me/sync")
        sync = page.locator("main .button.main").first
        sync.click()
        expect(sync).to_be_enabled(timeout=SYNC_SECONDS * 1000)
        assert page.evaluate(ON_THE_DEVICE) == size
        page.evaluate(
            "() => navigator.serviceWorker.ready.then((it) => it.active.state === 'activated' || new Promise("
            "(done) => it.active.addEventListener('statechange', done)))"
        )
        page.close()

    def copy_cards(self, times: int) -> None:
        page = self.page(1)
        page.evaluate(COPY, times)
        page.close()


@dataclass
class Served:
    """The product with its database at hand."""

    address: str
    engine: Engine
    playwright: Playwright

    @contextmanager
    def handset(self, *, size: int, due: int, a_day: int = 200) -> Iterator[Handset]:
        """A phone whose learner has `size` cards, `due` of them due today, and may review `a_day` of them."""
        secret = self._learner(size, due, a_day)
        browser = self.playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        context = browser.new_context(
            viewport=SCREEN, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=True, is_mobile=True
        )  # fmt: skip
        context.add_cookies([{"name": "wengu_session", "value": secret, "url": self.address}])
        context.add_init_script(FIRST_CARD)
        try:
            phone = Handset(context, self.address, secret)
            phone.fetch_all(size)
            yield phone
        finally:
            browser.close()

    def _learner(self, size: int, due: int, a_day: int) -> str:
        learner_id = fill(self.engine, size=size, today=today(), now=now_ms(), due=due)
        mine = learners.c.id == learner_id
        limits: dict[str, Any] = {"reviews_per_day": a_day}
        with reading(self.engine) as session:
            rows = session.execute(select(cards).where(cards.c.learner_id == learner_id))
            digest = to_hex(set_digest((card.id, card) for card in rows))
        with writing(self.engine) as session:
            session.execute(update(learners).where(mine).values(settings=limits, digest=digest))
            session.execute(update(decks).where(decks.c.learner_id == learner_id).values(options=limits))
        learner = read_learner(self.engine, learner_id)
        with writing(self.engine) as session:
            return open_session(session, learner, fresh_id(), "bench", now=now_ms(), random=os.urandom)


ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
]


def chromium() -> str:
    found = shutil.which(os.environ.get("WENGU_CHROMIUM", "chromium"))
    assert found, "no Chromium: run tests/install_tools.sh"
    return found


@contextmanager
def served(playwright: Playwright) -> Iterator[Served]:
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(Settings.from_env({"WENGU_DATA": folder}))
        migrate(engine)
        with serving("wsgi:app", Path(folder), {}) as port:
            yield Served(f"http://127.0.0.1:{port}", engine, playwright)
        engine.dispose()
