"""A walk over every screen that a learner meets in the first days, stopping at each."""

import re
from collections.abc import Iterator

from playwright.sync_api import expect

from tests.browser.conftest import wait_until
from tests.browser.screens import Screens

PATHS = ("/cards", "/notes/new", "/decks/add", "/me", "/me/account", "/me/sync", "/nowhere")
TWO_A_DAY = '{"settings": {"new_per_day": 2, "text_size": %d}}'
CHANGE = """async (body) => {
  const headers = {'Content-Type': 'application/json'};
  return (await fetch('/api/learner', {method: 'PATCH', headers, body})).status;
}"""


def walk(screens: Screens, text_size: int = 100) -> Iterator[str]:
    """Yields the name of each screen while it is shown; a day of two cards, so that its end is near."""
    page = screens.page
    origin = "/".join(page.url.split("/", 3)[:3])
    expect(screens.button("add_main")).to_be_visible()
    yield "welcome"
    screens.add_main_decks()
    wait_until(lambda: page.evaluate(CHANGE, TWO_A_DAY % text_size) == 200, "the server knows the learner")
    page.reload()
    expect(screens.continue_link()).to_contain_text("2")
    yield "home"
    screens.begin()
    yield "question"
    screens.show()
    page.locator("summary").click()
    yield "answer"
    page.locator(".bar .icon-button").last.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "acts"
    page.keyboard.press("Escape")
    screens.rate(4)
    screens.answer(4)
    expect(page.locator(".figures")).to_be_visible()
    yield "summary"
    for path in PATHS:
        page.goto(origin + path)
        expect(page.locator("h1")).to_be_visible()
        yield path
    page.goto(origin + "/")
    page.locator("a[href^='/decks/']:not([href$=add])").first.click()
    page.wait_for_url(re.compile("/decks/[0-9a-f-]{36}"))
    expect(page.locator("h1")).to_be_visible()
    yield "deck"
    page.goto(origin + "/cards")
    page.get_by_text("初次见面，怎么说？").click()
    expect(page.locator("#history")).to_be_visible()
    yield "card"
    page.locator(".bar a.icon-button").last.click()
    expect(page.locator("form")).to_be_visible()
    yield "edit"
