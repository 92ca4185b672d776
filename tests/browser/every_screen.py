"""A walk over every screen that a learner meets in the first days, stopping at each."""

import re
from collections.abc import Iterator

from playwright.sync_api import expect

from tests.browser.conftest import wait_until
from tests.browser.screens import Screens

PATHS = ("/cards", "/notes/new", "/decks/add", "/me", "/me/stats", "/me/account", "/me/sync", "/nowhere")
TWO_A_DAY = '{"settings": {"new_per_day": 2, "text_size": %d}}'
CHANGE = """async (body) => {
  const headers = {'Content-Type': 'application/json'};
  return (await fetch('/api/learner', {method: 'PATCH', headers, body})).status;
}"""


MAKE = """async ([path, body]) => {
  const headers = {'Content-Type': 'application/json'};
  return (await fetch(path, {method: 'POST', headers, body: JSON.stringify(body)})).json();
}"""
DRAFTED = """() => new Promise((done) => {
  const open = indexedDB.open('wengu');
  open.onsuccess = () => {
    const found = open.result.transaction('meta').objectStore('meta').get('ui:draft:new');
    found.onsuccess = () => { open.result.close(); done(found.result?.value); };
  };
})"""


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
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "keys"
    page.keyboard.press("Escape")
    screens.rate(4)
    screens.answer(4)
    expect(page.locator(".figures")).to_be_visible()
    yield "summary"
    for path in PATHS:
        page.goto(origin + path)
        expect(page.locator("h1")).to_be_visible()
        if path == "/me/stats":
            expect(page.locator("#stands")).to_be_visible()
        yield path
    page.goto(origin + "/")
    page.locator("a[href^='/decks/']:not([href$=add])").first.click()
    page.wait_for_url(re.compile("/decks/[0-9a-f-]{36}"))
    expect(page.locator("h1")).to_be_visible()
    yield "deck"
    page.goto(f"{origin}/decks/{levels(screens)}")
    expect(page.locator("[data-option]")).to_have_count(8)
    page.locator("[data-option=mix] select").select_option("new-first")
    expect(page.locator("[data-option=mix] .back")).to_be_visible()
    yield "deck below another"
    page.goto(origin + "/notes/new")
    page.locator("#main textarea").first.fill("它是什么？")
    wait_until(lambda: bool(page.evaluate(DRAFTED)), "the draft is on the disk")
    page.reload()
    expect(page.locator("#main [role=status] button")).to_be_visible()
    yield "draft"
    page.goto(f"{origin}/me/account#join=wj_" + "a" * 64)
    yield from second_device(screens)
    page.goto(origin + "/cards")
    page.get_by_text("初次见面，怎么说？").click()
    expect(page.locator("#history")).to_be_visible()
    yield "card"
    page.locator(".bar a.icon-button").last.click()
    expect(page.locator("form")).to_be_visible()
    yield "edit"


def levels(screens: Screens) -> str:
    """A deck below another, on the device."""
    page = screens.page
    page.evaluate(MAKE, ["/api/decks", {"name": "礼"}])
    below = page.evaluate(MAKE, ["/api/decks", {"name": "礼::仪"}])
    page.goto("/".join(page.url.split("/", 3)[:3]) + "/me/sync")
    button = page.locator("main .button.main").first
    with page.expect_response("**/api/sync"):
        button.click()
    expect(button).to_be_enabled()
    return str(below["id"])


def second_device(screens: Screens) -> Iterator[str]:
    """The code for another device, and the page for whom such a code was scanned."""
    page = screens.page
    expect(page.locator("form").first).to_be_visible()
    yield "join"
    page.locator("#second-device ~ .button").click()
    expect(page.locator(".qr")).to_be_visible()
    yield "code"
    page.keyboard.press("Escape")
