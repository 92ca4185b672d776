"""Markup that wants to act, wherever the phone app shows a card: nothing runs, leaves or stands there."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import OpenLearner
from tests.browser.screens import Screens
from tests.browser.test_bringing import PATIENCE_MS, text_of
from tests.browser.test_pictures import sync
from tests.browser.test_writing import field, go
from tests.formats.anki_files import Collection, card, legacy1, note
from tests.formats.test_markup import VECTORS

pytestmark = pytest.mark.browser
HALF = (len(VECTORS) + 1) // 2
PAIRS = list(zip(VECTORS[:HALF], VECTORS[-HALF:], strict=True))
# Looks at everything that ever comes into the page, also for a moment.
WATCH = """(() => {
  const allowed = new Set(('B STRONG I EM U S SUB SUP SMALL MARK CODE PRE KBD BR HR P DIV SPAN UL OL LI DL ' +
    'DT DD TABLE THEAD TBODY TR TH TD BLOCKQUOTE RUBY RT RP IMG AUDIO VIDEO ' +
    'H1 H2 H3 H4 H5 H6 DETAILS SUMMARY ' +
    'DEL INS Q FIGURE FIGCAPTION CAPTION TFOOT WBR').split(' '));
  const ours = new Set(['lang', 'dir', 'colspan', 'rowspan', 'alt', 'src', 'controls']);
  const foreign = new Set('IFRAME OBJECT EMBED BASE FRAME APPLET TEMPLATE'.split(' '));
  const ourOwn = /^(blob:|\\/api\\/media\\/[0-9a-f]{64}$|\\/assets\\/)/;
  const asks = /^(src|srcset|poster|background|data|ping)$/;
  const bad = (element) => {
    if (foreign.has(element.tagName)) return true;
    for (const { name, value } of element.attributes) {
      if (/^on/.test(name)) return true;
      if (asks.test(name) && !ourOwn.test(value.replace(location.origin, ''))) return true;
      if (name === 'href' && /^\\s*(javascript|data):/i.test(value)) return true;
    }
    if (!element.parentElement?.closest('.html')) return false;
    return !allowed.has(element.tagName) || [...element.attributes].some(({ name }) => !ours.has(name));
  };
  for (const name of ['alert', 'confirm', 'prompt']) window[name] = () => tell('ran ' + name);
  document.addEventListener('securitypolicyviolation', (event) => tell('policy ' + event.violatedDirective));
  new MutationObserver((changes) => {
    for (const { addedNodes, target } of changes) {
      if (target instanceof Element && target.classList.contains('html')) shown();
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        const all = [node, ...node.querySelectorAll('*')];
        for (const element of all) if (bad(element)) tell(element.outerHTML);
      }
    }
  }).observe(document, { subtree: true, childList: true });
})();"""
# What a phone holds as it came, so that it stands alone against it.
OVERWRITE = """(pairs) => new Promise((done, failed) => {
  const open = indexedDB.open('wengu');
  open.onerror = () => failed(open.error);
  open.onsuccess = () => {
    const tx = open.result.transaction(['notes', 'decks'], 'readwrite');
    const [inDecks, inNotes] = [tx.objectStore('decks'), tx.objectStore('notes')];
    const decks = inDecks.getAll();
    decks.onsuccess = () => decks.result.forEach((row) => inDecks.put({ ...row, options: {} }));
    const rows = inNotes.getAll();
    rows.onsuccess = () => rows.result.forEach((row, place) => {
      const [front, back] = pairs[place];
      const fields = { front, back, note: front };
      inNotes.put({ ...row, kind: 'basic', format: 'html', fields, media: {} });
    });
    tx.oncomplete = () => { open.result.close(); done(rows.result.length); };
  };
})"""


class Watched:
    """A page whose every change is looked at."""

    def __init__(self, page: Page) -> None:
        self.faults: list[str] = []
        self.fields = 0
        self.raw = False
        page.context.expose_function("tell", self.hear)
        page.context.expose_function("shown", self.count)
        page.context.add_init_script(WATCH)
        page.on("dialog", lambda dialog: self.faults.append(f"dialog {dialog.message}"))

    def hear(self, fault: str) -> None:
        # The browser's own sanitiser reports what it is about to take away while it still reads.
        if not (self.raw and fault in ("policy script-src-attr", "policy style-src-attr")):
            self.faults.append(fault)

    def count(self) -> None:
        self.fields += 1

    def settle(self, page: Page, since: int) -> None:
        """Until what was asked for stands, and what it could start has started."""
        page.wait_for_function("() => [...document.querySelectorAll('.html')].every((it) => it.isConnected)")
        page.wait_for_load_state("networkidle")
        assert self.fields > since
        assert not self.faults


def studied(page: Page, screens: Screens) -> Iterator[None]:
    for _ in PAIRS:
        expect(page.locator(".asked .html")).to_be_attached()
        screens.show()
        expect(page.locator(".answered .html").first).to_be_attached()
        yield
        screens.rate(4)


def test_nothing_in_a_card_can_act_wherever_it_is_shown(open_learner: OpenLearner) -> None:
    learner = open_learner()
    page = learner.page
    watched = Watched(page)
    notes = [note(place, front, back) for place, (front, back) in enumerate(PAIRS, 1)]
    cards = [card(place, place) for place in range(1, len(PAIRS) + 1)]
    content = legacy1(Collection(notes=[*notes], cards=[*cards]))
    go(page, "/import")
    file = FilePayload(name="<img src=x onerror=alert(1)>.apkg", mimeType="application/zip", buffer=content)
    page.set_input_files("input[type=file]", file)
    page.locator(".actions .button", has_text="导入成卡片").click()
    expect(page.locator(".samples dl").first).to_be_visible(timeout=PATIENCE_MS)
    watched.settle(page, 0)
    page.locator(".commit .main").click()
    expect(page.get_by_role("link", name=re.compile("^学习："))).to_be_visible(timeout=PATIENCE_MS)
    sync(page)
    assert not learner.console.complaints
    assert page.evaluate(OVERWRITE, PAIRS) == len(PAIRS)
    watched.raw = True
    for place in ("/cards", "/cards?q=alert OR src"):
        go(page, place)
        expect(page.locator(".virtual .row").first).to_be_visible()
    page.locator(".virtual .row").first.click()
    expect(page.locator(".html").first).to_be_attached()
    page.locator("a[href^='/notes/']").first.click()
    expect(field(page, "front")).to_be_visible()
    before = watched.fields
    for vector in VECTORS:
        field(page, "front").fill(f"x {vector}")
        field(page, "back").fill(vector + "<b>y</b>")
    watched.settle(page, before)
    before = watched.fields
    go(page, "/study")
    assert sum(1 for _ in studied(page, Screens(page, "zh-CN"))) == len(PAIRS)
    watched.settle(page, before)
    sentences = "\n".join(f"词{n}是指{vector}。" for n, vector in enumerate(VECTORS))
    text_of(page, f"一、词\n{sentences}\n握手是指两人伸手相握的礼节。")
    page.wait_for_load_state("networkidle")
    assert not watched.faults
    reported = re.compile("inline event handler|inline style")
    learner.console.complaints[:] = [line for line in learner.console.complaints if not reported.search(line)]
