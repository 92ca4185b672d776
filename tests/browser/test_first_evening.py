"""The first evening of a learner: open, add decks, study, take an answer back, reload; all of it is there."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, OpenLearner, Server, wait_until
from tests.browser.screens import Screens

pytestmark = pytest.mark.browser
ANSWERS = 20


@pytest.mark.parametrize(
    ("language", "size", "theme"),
    [
        ("zh-CN", PHONE, "light"),
        ("en", PHONE, "dark"),
        ("zh-CN", DESKTOP, "dark"),
        ("en", DESKTOP, "light"),
    ],
    ids=["chinese-phone-light", "english-phone-dark", "chinese-desktop-dark", "english-desktop-light"],
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
