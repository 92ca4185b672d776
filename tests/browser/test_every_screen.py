"""Every screen, phone and desktop, both languages, light and dark: axe finds nothing, nothing overflows.

With WENGU_SCREENSHOTS=FOLDER a picture of each is put there.
"""

import os
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.conftest import ROOT, SMALL, OpenLearner, in_every_look
from tests.browser.every_screen import walk
from tests.browser.screens import Screens

pytestmark = pytest.mark.browser
AXE = ROOT / "app/web/node_modules/axe-core/axe.min.js"
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('*')].filter((it) => it.getBoundingClientRect().right > innerWidth)
    .map((it) => `${it.tagName} ${it.className} ${it.textContent}`.slice(0, 80))"""


@in_every_look
def test_axe_finds_nothing(
    open_learner: OpenLearner, language: str, theme: str, size: tuple[int, int]
) -> None:
    learner = open_learner(size=size, language=language, theme=theme, bypass_csp=True)
    screens = Screens(learner.page, language)
    found = {}
    for screen in walk(screens):
        found[screen] = violations(screens)
        picture(screens, f"{language}-{theme}-{size[0]}-{screen}")
    assert not {screen: faults for screen, faults in found.items() if faults}


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_text_of_twice_the_size_fits(open_learner: OpenLearner, language: str) -> None:
    """Nothing is cut off or scrolls sideways on the smallest phone, and the ratings stay in sight."""
    screens = Screens(open_learner(size=SMALL, language=language).page, language)
    wide = []
    for screen in walk(screens, text_size=200):
        with suppress(PlaywrightTimeout):  # what has just come may still be finding its place
            screens.page.wait_for_function(f"() => ({TOO_WIDE})().length === 0", timeout=5_000)
        if too_wide := screens.page.evaluate(TOO_WIDE):
            wide.append((screen, too_wide))
        if screen == "answer":
            box = screens.page.locator(".ratings").bounding_box()
            assert box
            assert box["y"] + box["height"] <= SMALL[1]
        picture(screens, f"{language}-200-{screen}")
    assert not wide


def picture(screens: Screens, name: str) -> None:
    if folder := os.environ.get("WENGU_SCREENSHOTS"):
        screens.page.screenshot(path=Path(folder) / f"{name.replace('/', '_')}.png")


def violations(screens: Screens) -> list[str]:
    """What axe-core finds against WCAG 2.0 to 2.2, levels A and AA, and any sideways overflow."""
    page = screens.page
    page.evaluate(AXE.read_text("utf-8"))
    results = page.evaluate(
        "() => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
    )
    found = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in results["violations"]]
    if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
        found.append("the page scrolls sideways")
    return found
