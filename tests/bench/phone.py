"""What a learner feels on a phone: taps, starts without a network, and what Lighthouse says of each page.

Absolute bounds are written as shares of their budget, so that every figure is a ratio.
On a busy machine the shares grow; the ratios to the floor grow less.
"""

import json
import os
import socket
import statistics
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, Playwright, expect, sync_playwright

from tests.bench.handset import ARGUMENTS, SCREEN, Handset, Served, chromium, served
from tests.bench.report import Figure
from tests.bench.serving import ROOT
from tests.browser.screens import Screens

TAPS = {4: 60, 6: 40}
TAP_MUST = {4: 1.15, 6: 1.5}
TAIL_MS, HANDLER_MS, START_MS = 64, 8, 1000
STARTS = 7
LIGHTHOUSE_RUNS, TRIES = 3, 3
CATEGORIES = ("performance", "accessibility", "best-practices")

# A button that sets one text, and the time from each tap on it or on a rating to the paint of the outcome.
FLOOR = """() => {
  const floor = document.createElement('button');
  const text = document.createTextNode('0');
  floor.id = 'floor';
  floor.append(text);
  floor.style.cssText = 'position:fixed;top:0;left:0;width:64px;height:48px;z-index:9';
  floor.addEventListener('click', () => { text.data = String(Number(text.data) + 1); });
  document.body.append(floor);
  const rated = (target) => target.closest('[data-rating]');
  const isOut = (kind) => kind === 'floor' || !document.querySelector('[data-rating]');
  let tell;
  window.nextTap = () => { window.tapped = new Promise((resolve) => { tell = resolve; }); };
  addEventListener('click', (event) => {
    const kind = event.target === floor ? 'floor' : rated(event.target) && 'rating';
    if (!kind) return;
    const began = performance.now();
    let handled = 0;
    addEventListener('click', () => { handled = performance.now() - began; }, { once: true });
    const look = () => afterPaint(() =>
      isOut(kind) ? tell({ kind, ms: performance.now() - event.timeStamp, handled }) : look());
    look();
  }, true);
}"""


@dataclass
class Taps:
    """Milliseconds from tap to paint, for ratings and for the floor; and in the rating's own handler."""

    rating: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    handled: list[float] = field(default_factory=list)

    def share(self, part: float) -> float:
        ordered = sorted(self.rating)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))]

    @property
    def ratio(self) -> float:
        return statistics.median(self.rating) / statistics.median(self.floor)

    def __str__(self) -> str:
        median, floor = statistics.median(self.rating), statistics.median(self.floor)
        tails = f"p95 {self.share(0.95):.0f}, p98 {self.share(0.98):.0f}"
        return f"median {median:.1f} ms, {tails}; floor {floor:.1f} ms; {len(self.rating)} taps"


def phone() -> Iterator[Figure]:
    """Every figure of the phone, in one browser after the other."""
    with sync_playwright() as playwright:
        yield from scores(playwright)
        with served(playwright) as product:
            yield from latency(product)
            yield from large_collections(product)


# --- taps -----------------------------------------------------------------------------------------


def latency(product: Served) -> Iterator[Figure]:
    """From the tap on a rating to the next card: online, offline and with a sync under way."""
    with product.handset(size=1500, due=600, a_day=2000) as phone:
        for rate in TAPS:
            for name, prepare in (("online", online), ("offline", offline), ("syncing", syncing)):
                taps = measured(phone, rate, TAPS[rate], prepare)
                yield from tap_figures(f"{name}, {rate}x", taps, rate)
            phone.context.set_offline(False)


def tap_figures(name: str, taps: Taps, rate: int) -> Iterator[Figure]:
    yield Figure(f"tap to next card, {name}, over one text", taps.ratio, TAP_MUST[rate], detail=str(taps))
    if rate == 4:
        yield Figure(f"tap to next card, {name}, p98 / {TAIL_MS} ms", taps.share(0.98) / TAIL_MS, 1)
        handled = statistics.median(taps.handled)
        yield Figure(f"click handler, {name}, / {HANDLER_MS} ms", handled / HANDLER_MS, 1)


Before = Callable[[], None]


@contextmanager
def online(phone: Handset, page: Page) -> Iterator[Before]:
    phone.context.set_offline(False)
    yield lambda: None


@contextmanager
def offline(phone: Handset, page: Page) -> Iterator[Before]:
    phone.context.set_offline(True)
    yield lambda: None
    phone.context.set_offline(False)


@contextmanager
def syncing(phone: Handset, page: Page) -> Iterator[Before]:
    """Each tap falls into a round trip that also brings what another device did meanwhile."""
    phone.context.set_offline(False)
    stop = threading.Event()
    other = threading.Thread(target=flag_cards, args=(phone, stop))
    other.start()
    try:
        yield lambda: page.evaluate("() => { dispatchEvent(new Event('online')); }")
    finally:
        stop.set()
        other.join()


def flag_cards(phone: Handset, stop: threading.Event) -> None:
    """Another device of the same learner that flags a hundred cards again and again."""
    client = phone.other_device()
    card_ids = [card["id"] for card in client.sync([])["changes"]["cards"]]
    flag = 0
    while not stop.wait(0.2):
        flag = flag % 7 + 1
        events = [client.answer(card_id) | {"kind": "flag", "rating": None} for card_id in card_ids[-100:]]
        client.sync([event | {"data": {"flag": flag}} for event in events])


def measured(phone: Handset, rate: int, count: int, prepare: Any) -> Taps:
    page = phone.context.new_page()
    page.goto(phone.address + "/study")
    expect(page.locator(".paper .asked")).to_be_visible()
    page.evaluate(FLOOR)
    throttle = phone.slow(page, rate)
    taps = Taps()
    with prepare(phone, page) as before:
        for _ in range(count):
            one_card(page, before, taps)
    throttle.detach()
    page.close()
    return taps


def one_card(page: Page, before: Before, taps: Taps) -> None:
    """Show, rate, and touch the floor; people need longer than the guard against double taps."""
    pause = "() => new Promise((done) => setTimeout(done, 250))"
    page.evaluate(pause)
    if page.locator("[data-rating]").count() == 0:
        page.locator(".dock .button.main").tap()
        page.locator("[data-rating='3']").wait_for()
        page.evaluate(pause)
    box = page.locator("[data-rating='3']").bounding_box()
    assert box
    for x, y in ((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), (32, 24)):
        page.evaluate("() => nextTap()")
        before()
        page.touchscreen.tap(x, y)
        told = page.evaluate("() => tapped")
        if told["kind"] == "floor":
            taps.floor.append(told["ms"])
        else:
            taps.rating.append(told["ms"])
            taps.handled.append(told["handled"])


# --- large collections ----------------------------------------------------------------------------


def large_collections(product: Served) -> Iterator[Figure]:
    """Starts and answers without a network, with 600, 10,000 and 100,000 cards on the device."""
    with product.handset(size=600, due=150) as phone:
        small = start_ms(phone)
    with product.handset(size=10_000, due=200) as phone:
        large = start_ms(phone)
        detail = f"600 cards {small:.0f} ms, 10,000 cards {large:.0f} ms; median of {STARTS}"
        yield Figure(
            f"start offline with 10,000 cards, 4x, / {START_MS} ms", large / START_MS, 1, detail=detail
        )
        yield Figure("start offline, 10,000 cards over 600", large / small, 1.4)
        phone.copy_cards(10)
        huge = start_ms(phone)
        yield Figure("start offline, 100,000 cards over 600", huge / small, detail=f"{huge:.0f} ms")
        taps = measured(phone, 4, TAPS[4], offline)
        yield from tap_figures("offline with 100,000 cards, 4x", taps, 4)


def start_ms(phone: Handset) -> float:
    """From the navigation to the paint of the first card, without a network, 4 times slower."""
    phone.context.set_offline(True)
    times = [one_start(phone) for _ in range(STARTS)]
    phone.context.set_offline(False)
    return statistics.median(times)


def one_start(phone: Handset) -> float:
    page = phone.page(4)
    page.goto(phone.address + "/study")
    took = float(page.evaluate("() => firstCard"))
    page.close()
    return took


# --- Lighthouse -----------------------------------------------------------------------------------


def scores(playwright: Playwright) -> Iterator[Figure]:
    """Lighthouse's mobile scores with a learner's own decks: the best of some runs."""
    with served(playwright) as product, tempfile.TemporaryDirectory() as profile:
        port = free_port()
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=chromium(),
            args=[*ARGUMENTS, f"--remote-debugging-port={port}"],
            viewport=SCREEN,
            locale="zh-CN",
        )
        try:
            for name, path in pages_of_a_learner(context.new_page(), product.address):
                runs = [lighthouse(product.address + path, port) for _ in range(LIGHTHOUSE_RUNS)]
                for category in CATEGORIES:
                    score = max(run["categories"][category]["score"] for run in runs)
                    yield Figure(
                        f"Lighthouse, {name}, {category}", score, 1, at_least=True, detail=timings(runs)
                    )
        finally:
            context.close()


def pages_of_a_learner(page: Page, address: str) -> Iterator[tuple[str, str]]:
    """Names and paths of pages, each with the app in the state that the name says."""
    yield "first open", "/"
    page.goto(address)
    screens = Screens(page, "zh-CN")
    screens.add_main_decks()
    page.goto("about:blank")
    yield "home", "/"
    yield "question", "/study"
    page.goto(address + "/study")
    expect(page.locator(".paper .asked")).to_be_visible()
    screens.show()
    # The place in the sitting is kept, so that the next visit begins on the back.
    screens.past_the_guard()
    page.goto("about:blank")
    yield "answer", "/study"
    yield "cards", "/cards"
    yield "me", "/me"


def lighthouse(url: str, port: int) -> Any:
    program = ROOT / "tests/bench/lighthouse/node_modules/.bin/lighthouse"
    command = [str(ROOT / "app/web/with_node.sh"), str(program), url, f"--port={port}"]
    command += ["--output=json", "--quiet", "--disable-storage-reset", "--no-enable-error-reporting"]
    command.append(f"--only-categories={','.join(CATEGORIES)}")
    environ = os.environ | {"CHROME_PATH": chromium()}
    for _ in range(TRIES):
        ran = subprocess.run(command, env=environ, capture_output=True, timeout=180)
        if ran.returncode == 0:
            return json.loads(ran.stdout)
    # On a busy machine a trace may miss the start of the page; more than once in a row is a fault.
    raise RuntimeError(ran.stderr.decode())


def timings(runs: list[Any]) -> str:
    best = max(runs, key=lambda run: run["categories"]["performance"]["score"])
    value = {name: audit.get("numericValue", 0) for name, audit in best["audits"].items()}
    return (
        f"LCP {value['largest-contentful-paint']:.0f} ms, TBT {value['total-blocking-time']:.0f} ms, "
        f"CLS {value['cumulative-layout-shift']:.3g}, machine {best['environment']['benchmarkIndex']:.0f}"
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
