"""What every page keeps on any machine: nothing shifts, a thumb finds its target, offline is complete.

Times are not asserted here: `python -m tests.bench phone` measures them.
"""

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, OpenLearner
from tests.browser.screens import Screens

pytestmark = pytest.mark.browser
LEAST_TARGET = 48
RATING = (72, 64)
PATHS = (
    "/",
    "/decks/add",
    "/cards",
    "/notes/new",
    "/exam",
    "/exam/new",
    "/me",
    "/me/account",
    "/me/sync",
    "/nowhere",
)

# Everything that can be touched: its words and its size. A link inside a sentence is as high as the sentence.
TARGETS = """() => [...document.querySelectorAll('a, button, input, select, summary, textarea')]
  .filter((each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .map((each) => each.closest('label') ?? each)
  .filter((each) => !each.classList.contains('skip') && getComputedStyle(each).display !== 'inline')
  .map((each) => [each, each.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && box.height > 1)
  .map(([each, { width, height }]) => [each.outerHTML.slice(0, 100), width, height])"""

SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.shifts += value;
}).observe({ type: 'layout-shift', buffered: true });
"""


@pytest.mark.parametrize("size", [(320, 640), PHONE, DESKTOP], ids=["320", "360", "1280"])
def test_every_target_is_large_enough(open_learner: OpenLearner, size: tuple[int, int]) -> None:
    learner = open_learner(size=size)
    page, screens = learner.page, Screens(learner.page, "zh-CN")
    screens.add_main_decks()
    small = {path: too_small(opened(page, path)) for path in PATHS}
    opened(page, "/")
    page.locator("a.icon-button").first.click()
    expect(page.locator("h1")).to_be_visible()
    small["deck"] = too_small(page)
    opened(page, "/")
    screens.begin()
    small["question"] = too_small(page)
    screens.show()
    small["answer"] = too_small(page)
    assert not {path: found for path, found in small.items() if found}


def too_small(page: Page) -> list[str]:
    targets = page.evaluate(TARGETS)
    assert targets, "a page without anything to touch"
    return [
        f"{width:.0f}x{height:.0f} {what}"
        for what, width, height in targets
        if min(width, height) < LEAST_TARGET
    ]


def opened(page: Page, path: str) -> Page:
    origin = "/".join(page.url.split("/", 3)[:3])
    page.goto(origin + path)
    expect(page.locator("h1")).to_be_visible()
    # What comes after the first look (lists, notices) has come.
    page.wait_for_load_state("networkidle")
    return page


def test_ratings_are_wide_and_apart(open_learner: OpenLearner) -> None:
    learner = open_learner()
    screens = Screens(learner.page, "zh-CN")
    screens.add_main_decks()
    screens.begin()
    screens.show()
    found = learner.page.locator("[data-rating]")
    boxes = [box for box in (found.nth(index).bounding_box() for index in range(4)) if box]
    assert len(boxes) == 4
    assert all(box["width"] >= RATING[0] and box["height"] >= RATING[1] for box in boxes)
    gaps = [after["x"] - before["x"] - before["width"] for before, after in pairwise(boxes)]
    assert min(gaps) >= 8
    # Within the reach of the thumb: the lower 45 % of the screen.
    assert min(box["y"] for box in boxes) >= PHONE[1] * 0.55


def test_nothing_shifts(open_learner: OpenLearner) -> None:
    learner = open_learner()
    page, screens = learner.page, Screens(learner.page, "zh-CN")
    page.context.add_init_script(SHIFTS)
    screens.add_main_decks()
    shifted = {path: page_shift(opened(page, path)) for path in PATHS}
    opened(page, "/")
    screens.begin()
    for _ in range(3):
        screens.answer()
    shifted["study"] = page_shift(page)
    assert not {path: by for path, by in shifted.items() if by}


def page_shift(page: Page) -> float:
    settled = (
        "() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(window.shifts))))"
    )
    return float(page.evaluate(settled))


def test_the_question_stays_where_it_is(open_learner: OpenLearner) -> None:
    learner = open_learner()
    screens = Screens(learner.page, "zh-CN")
    screens.add_main_decks()
    screens.begin()
    asked = learner.page.locator(".paper .asked")
    before = asked.bounding_box()
    screens.show()
    assert asked.bounding_box() == before


def test_the_worker_holds_every_page(open_learner: OpenLearner) -> None:
    """Without a controller there is no offline, and only a line in the console would say so."""
    learner = open_learner()
    page, screens = learner.page, Screens(learner.page, "zh-CN")
    screens.add_main_decks()
    page.wait_for_function(
        "() => navigator.serviceWorker.ready.then((it) => it.active?.state === 'activated')"
    )
    page.reload()
    assert page.evaluate("() => navigator.serviceWorker.controller?.scriptURL").endswith("/sw.js")
    learner.context.set_offline(True)
    for path in (*PATHS, "/study"):
        opened(page, path)
