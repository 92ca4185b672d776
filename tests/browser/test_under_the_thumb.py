"""What a thumb, a finger, a key and an ear meet while studying."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import DESKTOP, PHONE, OpenLearner, wait_until
from tests.browser.sitting import PLAIN, Sitting

pytestmark = pytest.mark.browser
MIDDLE = (PHONE[0] / 2, PHONE[1] * 0.4)
LONG = ({"front": "长问题", "back": "很长的答案。\n" * 60},)

# A phone that says what was asked of its motor, its screen and its voices.
SENSES = """
window.buzzed = []; window.spoken = []; window.hushed = 0; window.locks = [];
navigator.vibrate = (pattern) => { buzzed.push(pattern); return true; };
Object.defineProperty(navigator, 'wakeLock', { value: { request: async (kind) => {
  const lock = { kind, released: false, release: async () => { lock.released = true; } };
  locks.push(lock);
  return lock;
} } });
const voice = (lang, localService, name) => ({ lang, localService, name, default: false, voiceURI: name });
const voices = [voice('en-US', false, 'far'), voice('en-GB', true, 'near'), voice('zh-TW', true, 'tw'),
  voice('zh-CN', true, 'cn')];
const speech = new EventTarget();
const [cancel, speak] = [() => { hushed++; }, (it) => { spoken.push(it); }];
Object.assign(speech, { getVoices: () => voices, cancel, speak });
Object.defineProperty(window, 'speechSynthesis', { value: speech });
window.SpeechSynthesisUtterance = class extends EventTarget {
  constructor(text) { super(); this.text = text; }
};
"""
CLOSE_AND_ASK_FOR_KEYS = """() => {
  document.querySelector('dialog').close();
  document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '?', bubbles: true, cancelable: true}));
}"""


def height_of(found: Locator) -> float:
    box = found.bounding_box()
    assert box
    return box["y"]


def test_a_tap_anywhere_shows_and_only_a_wish_makes_it_rate(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner()).begin()
    page = sitting.page
    first = sitting.asked.inner_text()
    sitting.tap(40, 300)
    sitting.on_the_back()
    sitting.tap(*MIDDLE)
    assert sitting.asked.inner_text() == first
    sitting.on_the_back()
    # All of a review lies in the lower 45 % of the screen.
    page.locator("[data-rating='3']").tap()
    sitting.on_the_front()
    undo = page.get_by_role("button", name="撤销：良好")
    show = page.get_by_role("button", name="显示答案")
    assert min(height_of(undo), height_of(show)) >= PHONE[1] * 0.55
    # Undo says what it takes back, and shows that card on its back.
    undo.tap()
    sitting.on_the_back()
    assert sitting.asked.inner_text() == first
    expect(undo).to_have_count(0)
    wait_until(lambda: sitting.answers() == [], "the undo is on the disk")


def test_taps_on_the_answer_do_what_was_bound_to_their_place(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner()).begin(tap_left="again", tap_middle="undo", tap_right="easy")
    sitting.tap(*MIDDLE)
    sitting.on_the_back()
    sitting.tap(340, 250)
    sitting.on_the_front()
    sitting.tap(*MIDDLE)
    sitting.tap(20, 250)
    wait_until(lambda: sitting.answers() == [4, 1], "both answers are on the disk")
    sitting.tap(*MIDDLE)
    sitting.on_the_back()
    sitting.tap(*MIDDLE)
    wait_until(lambda: sitting.answers() == [4], "the second answer was taken back")


def test_a_tap_on_the_answer_is_good_where_wished(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner()).begin(answer_tap=True, haptics=True)
    sitting.tap(*MIDDLE)
    sitting.on_the_back()
    sitting.tap(*MIDDLE)
    wait_until(lambda: sitting.answers() == [3], "the answer is on the disk")


def test_controls_inside_a_card_neither_show_nor_rate(open_learner: OpenLearner) -> None:
    learner = open_learner()
    sitting = Sitting(learner)
    sitting.screens.add_main_decks()
    assert sitting.api("PATCH", "/api/learner", {"settings": {"answer_tap": True, "tap_guard_ms": 0}})
    sitting.page.reload()
    sitting.screens.begin()
    sitting.page.wait_for_load_state("networkidle")
    sitting.tap(*MIDDLE)
    sitting.on_the_back()
    # The source is one tap away.
    sitting.page.locator("summary").tap()
    expect(sitting.page.locator("details[open]")).to_be_visible()
    sitting.on_the_back()
    assert sitting.answers() == []


def test_swipes_rate_where_wished(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner()).begin(swipes=True)
    page, mark = sitting.page, sitting.page.locator(".swipe")
    sitting.tap(*MIDDLE)
    sitting.on_the_back()
    # Colour and word go with the finger; coming back cancels.
    sitting.drag((180, 250), (290, 250), lift=False)
    expect(mark).to_have_text("良好")
    expect(mark).to_have_class(re.compile("far"))
    sitting.drag((290, 250), (190, 250))
    expect(mark).to_have_count(0)
    # Too short, from the edge, or rather upwards: none of these rates.
    sitting.drag((180, 250), (240, 250))
    sitting.drag((10, 250), (200, 250))
    sitting.drag((180, 300), (185, 200), (320, 200))
    sitting.on_the_back()
    assert sitting.answers() == []
    sitting.drag((300, 250), (150, 250))
    sitting.on_the_front()
    expect(sitting.asked).to_be_visible()
    sitting.screens.past_the_guard()
    sitting.tap(*MIDDLE)
    sitting.on_the_back()
    sitting.screens.past_the_guard()
    sitting.drag((100, 250), (250, 250))
    wait_until(lambda: sitting.answers() == [1, 3], "both swipes are answers")
    assert page.evaluate("() => scrollX") == 0


def test_swipes_are_off_by_default_and_scrolling_is_no_swipe(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner()).begin((*LONG, *PLAIN))
    sitting.tap(*MIDDLE)
    sitting.on_the_back()
    sitting.drag((100, 250), (300, 250))
    sitting.on_the_back()
    paper = sitting.page.locator(".paper")
    before = paper.evaluate("(it) => it.scrollTop")
    sitting.drag((180, 400), (190, 150))
    wait_until(lambda: paper.evaluate("(it) => it.scrollTop") > before, "the answer scrolls")
    sitting.on_the_back()
    assert sitting.answers() == []


def test_taps_meant_for_the_card_before_are_ignored(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner()).begin(tap_guard_ms=500)
    page = sitting.page
    page.evaluate("() => new Promise((done) => setTimeout(done, 600))")
    # Twice at once, as a trembling thumb does: the first shows, the second must not rate.
    page.evaluate("""() => {
      document.querySelector('.dock .button.main').click();
      return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
        document.querySelector("[data-rating='1']")?.click();
        done();
      })));
    }""")
    sitting.on_the_back()
    assert sitting.answers() == []


def test_two_buttons_left_hand_and_what_readers_hear(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner()).begin(two_buttons=True, left_handed=True)
    page = sitting.page
    expect(sitting.asked).to_be_focused()
    expect(page.locator(".progress")).to_contain_text("新 6")
    sitting.tap(*MIDDLE)
    sitting.on_the_back()
    expect(sitting.ratings).to_have_count(2)
    again, good = (page.locator(f"[data-rating='{rating}']") for rating in (1, 3))
    assert good.bounding_box()["x"] < again.bounding_box()["x"]  # type: ignore[index]
    assert good.bounding_box()["width"] > PHONE[0] / 3  # type: ignore[index]
    assert re.search(r"良好.*10分钟后", good.inner_text().replace("\n", ""))
    expect(page.locator("[aria-live='polite']")).to_contain_text("答案")
    expect(page.get_by_role("button", name=re.compile("良好.*10分钟后"))).to_be_visible()


def test_the_motor_the_screen_and_the_clock(open_learner: OpenLearner) -> None:
    learner = open_learner()
    learner.context.add_init_script(SENSES)
    learner.page.goto(learner.console.address)
    sitting = Sitting(learner).begin(timer=True)
    page = sitting.page
    assert page.evaluate("() => locks.map(({ kind }) => kind)") == ["screen"]
    expect(page.locator(".progress")).to_contain_text("用时")
    for rating in (1, 3):
        sitting.tap(*MIDDLE)
        sitting.on_the_back()
        page.locator(f"[data-rating='{rating}']").tap()
        sitting.on_the_front()
    assert page.evaluate("() => buzzed") == [[10, 60, 10], 10]
    page.get_by_role("link", name="返回").tap()
    expect(page.get_by_role("heading", name="卡组", exact=True)).to_be_visible()
    assert page.evaluate("() => locks.every(({ released }) => released)")


def test_reading_aloud(open_learner: OpenLearner) -> None:
    learner = open_learner()
    learner.context.add_init_script(SENSES)
    learner.page.goto(learner.console.address)
    sitting = Sitting(learner).begin(({"front": "令尊", "back": "your father"}, *PLAIN), speech="auto")
    page = sitting.page
    said = "() => spoken.map(({ text, voice }) => [text, voice.name])"
    wait_until(lambda: page.evaluate(said) == [["令尊", "cn"]], "the question is read by a Chinese voice")
    sitting.tap(*MIDDLE)
    sitting.on_the_back()
    wait_until(lambda: page.evaluate(said)[1:] == [["your father", "near"]], "the answer is read in English")
    assert page.evaluate("() => hushed") >= 1
    # On tap, in the dock; the button stops it again.
    stop = page.get_by_role("button", name="停止朗读")
    assert height_of(stop) >= PHONE[1] * 0.55
    hushed = page.evaluate("() => hushed")
    page.locator("[data-rating='3']").tap()
    sitting.on_the_front()
    assert page.evaluate("() => hushed") > hushed
    hushed = page.evaluate("() => hushed")
    page.get_by_role("link", name="返回").tap()
    expect(page.get_by_role("heading", name="卡组", exact=True)).to_be_visible()
    assert page.evaluate("() => hushed") > hushed


def test_a_typed_answer_is_compared(open_learner: OpenLearner) -> None:
    notes = ({"front": "对对方父亲的敬称", "back": "令尊"}, {"front": "对对方母亲的敬称", "back": "令堂"})
    sitting = Sitting(open_learner()).begin(notes, kind="type")
    page = sitting.page
    typed = page.get_by_label("写下答案")
    expect(typed).to_be_focused()
    for name, value in {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}.items():
        expect(typed).to_have_attribute(name, value)
    assert float(typed.evaluate("(it) => parseFloat(getComputedStyle(it).fontSize)")) >= 16
    typed.fill("家尊")
    # The Enter that ends a composition chooses a word; it does not check the answer.
    typed.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    sitting.on_the_front()
    typed.press("Enter")
    sitting.on_the_back()
    expect(page.locator(".typed del")).to_have_text("家")
    expect(page.locator(".typed ins")).to_have_text("令")
    page.locator("[data-rating='1']").tap()
    expect(typed).to_be_visible()
    typed.fill(" 令堂。")
    typed.press("Enter")
    expect(page.get_by_text("完全正确")).to_be_visible()


def test_who_never_types_flips_the_card(open_learner: OpenLearner) -> None:
    notes = ({"front": "对对方父亲的敬称", "back": "令尊"},)
    sitting = Sitting(open_learner()).begin(notes, kind="type", never_type=True)
    expect(sitting.page.get_by_label("写下答案")).to_have_count(0)
    sitting.tap(*MIDDLE)
    sitting.on_the_back()
    expect(sitting.page.locator(".answered.shown")).to_have_text("令尊")


def test_a_whole_sitting_by_keyboard(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner(size=DESKTOP)).begin(PLAIN[:3])
    page = sitting.page
    expect(sitting.asked).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="按键")).to_contain_text("编辑卡片")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    # Keys come faster than a busy page hears that its sheet is closed.
    page.get_by_role("button", name="更多").click()
    expect(page.get_by_role("dialog", name="卡片操作")).to_be_visible()
    page.evaluate(CLOSE_AND_ASK_FOR_KEYS)
    expect(page.get_by_role("dialog", name="按键")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("e")
    expect(page.get_by_label("背面")).to_be_visible()
    page.go_back()
    expect(sitting.asked).to_be_visible()
    for key in ("4", "4", "4"):
        page.keyboard.press("Space")
        sitting.on_the_back()
        page.keyboard.press(key)
        sitting.on_the_front()
    expect(page.get_by_role("heading", name="这次学完了")).to_be_focused()
    expect(page.locator(".figures")).to_contain_text("3 次")
    # Undo goes on after the last card, as far back as the day goes.
    for left in (2, 1, 0):
        page.keyboard.press("z")
        sitting.on_the_back()
        wait_until(lambda left=left: len(sitting.answers()) == left, f"{left} answers stand")  # type: ignore[misc]
    page.keyboard.press("Enter")
    wait_until(lambda: sitting.answers() == [3], "Enter on the answer is Good")


def test_leaving_comes_back_to_the_same_card_and_side(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner()).begin()
    page = sitting.page
    sitting.tap(*MIDDLE)
    sitting.on_the_back()
    asked = sitting.asked.inner_text()
    # What can be done with a card is two taps away, and each act is undone like an answer.
    page.get_by_role("button", name="更多").tap()
    page.get_by_role("dialog").get_by_role("button", name="加旗标").tap()
    expect(page.get_by_role("button", name="撤销：旗标")).to_be_visible()
    page.get_by_role("button", name="更多").tap()
    page.get_by_role("dialog").get_by_role("button", name="歇一会儿").tap()
    expect(page.get_by_text("计时停住了")).to_be_visible()
    page.get_by_role("button", name="继续").tap()
    assert sitting.asked.inner_text() == asked
    page.reload()
    sitting.on_the_back()
    assert sitting.asked.inner_text() == asked
    page.get_by_role("button", name="更多").tap()
    page.get_by_role("dialog").get_by_role("button", name="推迟到明天").tap()
    sitting.on_the_front()
    assert sitting.asked.inner_text() != asked


def test_a_phone_on_its_side_has_the_dock_at_the_side(open_learner: OpenLearner) -> None:
    sitting = Sitting(open_learner(size=(640, 360))).begin()
    sitting.page.get_by_role("button", name="显示答案").click()
    sitting.on_the_back()
    boxes = [box for index in range(4) if (box := sitting.ratings.nth(index).bounding_box())]
    assert min(box["x"] for box in boxes) > 640 / 2
    assert min(box["height"] for box in boxes) >= 64
    assert max(box["y"] + box["height"] for box in boxes) <= 360
    assert sitting.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", [80, 200])
def test_text_of_every_size_stays_on_the_narrowest_screen(open_learner: OpenLearner, size: int) -> None:
    learner = open_learner(size=(320, 640))
    sitting = Sitting(learner).begin(
        ({"front": "x" * 90, "back": "一二三四五六七八九十" * 9}, *PLAIN), text_size=size
    )
    page = sitting.page
    assert (
        page.evaluate("() => getComputedStyle(document.documentElement).fontSize") == f"{size * 16 / 100:g}px"
    )
    sideways = "() => [document.documentElement, document.querySelector('.paper') ?? document.body]"
    sideways += ".some((it) => it.scrollWidth > it.clientWidth)"
    assert not page.evaluate(sideways)
    page.get_by_role("button", name="显示答案").click()
    sitting.on_the_back()
    assert not page.evaluate(sideways)
    for path in ("/", "/cards", "/notes/new", "/me", "/me/account", "/me/sync", "/decks/add"):
        page.goto(sitting.address + path)
        expect(page.locator("h1")).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert not page.evaluate("() => document.documentElement.scrollWidth > innerWidth"), path
