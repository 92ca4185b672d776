"""The first evening of a learner: open, add decks, study, take an answer back, reload; all of it is there."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, ROOT, OpenLearner, Server, wait_until
from tests.browser.screens import Screens

pytestmark = pytest.mark.browser
AXE = ROOT / "app/web/node_modules/axe-core/axe.min.js"
ANSWERS = 20


@pytest.mark.parametrize(
    ("language", "size", "theme"),
    [("zh-CN", PHONE, "light"), ("en", DESKTOP, "dark")],
    ids=["chinese-phone-light", "english-desktop-dark"],
)
def test_a_first_evening(open_learner: OpenLearner, language: str, size: tuple[int, int], theme: str) -> None:
    learner = open_learner(size=size, language=language, theme=theme)
    screens = Screens(learner.page, language)
    screens.add_main_decks()
    screens.begin()
    asked = [screens.answer(1 if index % 5 == 4 else 3) for index in range(ANSWERS)]
    screens.button("undo").click()
    expect(learner.page.locator("[data-rating='3']")).to_be_visible()
    assert screens.question() == asked[-1]
    screens.rate(4)
    wait_until(lambda: answers_on_the_server(screens) == ANSWERS, "the server holds every answer")
    learner.page.reload()
    expect(learner.page.locator(".paper")).to_be_visible()
    assert answers_on_the_server(screens) == ANSWERS


def answers_on_the_server(screens: Screens) -> int:
    """Answers that count, read with the learner's own session from the export of everything."""
    body = screens.page.evaluate("() => fetch('/api/learner/export').then((answer) => answer.text())")
    events = json.loads(body)["events"]
    undone = {event["data"]["event"] for event in events if event["kind"] == "undo"}
    return sum(event["kind"] == "answer" and event["id"] not in undone for event in events)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(320, 640), PHONE, DESKTOP], ids=["320", "360", "1280"])
def test_axe_finds_nothing(
    open_learner: OpenLearner, language: str, theme: str, size: tuple[int, int]
) -> None:
    learner = open_learner(size=size, language=language, theme=theme, bypass_csp=True)
    page, screens = learner.page, Screens(learner.page, language)
    expect(screens.button("add_main")).to_be_visible()
    found = {"welcome": violations(screens)}
    screens.add_main_decks()
    found["home"] = violations(screens)
    screens.begin()
    found["question"] = violations(screens)
    screens.show()
    found["answer"] = violations(screens)
    for path in ("/cards", "/notes/new", "/decks/add", "/me", "/me/account", "/me/sync", "/nowhere"):
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + path)
        expect(page.locator("h1")).to_be_visible()
        found[path] = violations(screens)
    assert not {screen: faults for screen, faults in found.items() if faults}


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


def test_studying_without_a_network(open_learner: OpenLearner, own_server: Server, tmp_path: Path) -> None:
    learner = open_learner(at=own_server)
    page, screens = learner.page, Screens(learner.page, "zh-CN")
    screens.add_main_decks()
    page.wait_for_function(
        "() => navigator.serviceWorker.ready.then((it) => it.active?.state === 'activated')"
    )
    own_server.stop()
    page.reload()
    screens.begin()
    for _ in range(5):
        screens.answer()
    screens.past_the_guard()
    page.reload()
    expect(page.locator(".paper")).to_be_visible()
    own_server.start()
    page.reload()
    expect(page.locator(".paper")).to_be_visible()
    wait_until(lambda: answers_on_the_server(screens) == 5, "the answers given offline have arrived")
