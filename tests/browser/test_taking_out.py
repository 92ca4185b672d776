"""Decks leave the phone as files that other programs open."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.formats.anki_collection import Reading
from app.formats.drafts import gather
from app.formats.package import read_package
from tests.browser.conftest import OpenLearner
from tests.browser.exam_days import plant
from tests.browser.screens import Screens
from tests.browser.test_writing import go

pytestmark = pytest.mark.browser


def saved(page: Page, kind: str) -> Path:
    """The file that a learner gets who asks for that kind."""
    page.get_by_label("文件种类").select_option(kind)
    with page.expect_download() as download:
        page.get_by_role("button", name="保存文件").click()
    return Path(download.value.path())


def test_a_deck_leaves_as_an_anki_package_and_all_decks_as_a_table(open_learner: OpenLearner) -> None:
    page = open_learner().page
    screens = Screens(page, "zh-CN")
    screens.add_main_decks()
    screens.begin()
    screens.answer()
    go(page, "/me/sync")
    page.get_by_role("button", name="现在同步").click()
    expect(page.get_by_text("全部已同步")).to_be_visible()
    with saved(page, "csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["deck"] for row in rows} == {"客套用语", "目光含义", "用餐禁忌", "公关活动类型"}
    go(page, "/")
    page.locator("a[href^='/decks/']:not([href$=add])").first.click()
    page.wait_for_url(re.compile("/decks/[0-9a-f-]{36}"))
    draft = gather(read_package(saved(page, "apkg"), Reading("Asia/Shanghai", 4, 2**42)))
    assert len(draft.notes) == 24
    answers = [event for note in draft.notes for card in note.cards for event in card.events]
    assert [event.rating for event in answers if event.kind == "answer"] == [3]


def test_the_phones_calendar_reminds_of_studying_and_of_exams(open_learner: OpenLearner) -> None:
    page = open_learner().page
    page.evaluate("() => { navigator.setAppBadge = async (count) => { window.badge = count; }; }")
    Screens(page, "zh-CN").add_main_decks()
    page.wait_for_function("() => window.badge === 20")
    plant(page, 9)
    go(page, "/me")
    page.get_by_label("每天几点学").fill("07:30")
    with page.expect_download() as download:
        page.get_by_role("button", name="存到手机日历").click()
    assert download.value.suggested_filename == "wengu.ics"
    lines = Path(download.value.path()).read_bytes().decode().replace("\r\n ", "").split("\r\n")
    assert lines.count("BEGIN:VEVENT") == 2
    assert [line for line in lines if line.endswith("T073000")]
    assert "RRULE:FREQ=DAILY" in lines
    assert "SUMMARY:考试：" in "".join(lines)
