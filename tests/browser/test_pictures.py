"""Pictures in cards: taken on the phone, brought in packages, shown without a network and on every phone."""

import base64
import re
import struct
import zlib

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.conftest import OpenLearner, Server, wait_until
from tests.browser.screens import Screens
from tests.browser.test_bringing import PATIENCE_MS
from tests.browser.test_writing import field, go, save, with_a_deck
from tests.formats.anki_files import Collection, card, legacy1, note

pytestmark = pytest.mark.browser
SECRET = b"GPS 39.9042 N 116.4074 E"
PASTE = """(field, [content, type]) => {
  const bytes = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
  const given = new DataTransfer();
  given.items.add(new File([bytes], 'picture', { type }));
  field.focus();
  field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: given, bubbles: true, cancelable: true }));
}"""
A_PHOTO = """() => new Promise((done) => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [640, 480];
  canvas.getContext('2d').fillRect(100, 100, 300, 200);
  canvas.toBlob((blob) => new Response(blob).arrayBuffer().then((bytes) =>
    done(btoa(String.fromCharCode(...new Uint8Array(bytes))))), 'image/jpeg');
})"""
KEPT = """(table) => new Promise((done, failed) => {
  const open = indexedDB.open('wengu');
  open.onerror = () => failed(open.error);
  open.onsuccess = () => {
    const rows = open.result.transaction(table).objectStore(table).getAll();
    rows.onsuccess = () => { open.result.close(); done(rows.result.length); };
  };
})"""


def png(width: int, height: int) -> bytes:
    """A picture of coloured stripes."""
    rows = b"".join(b"\0" + bytes((x // 9 * 40) % 256 for x in range(width * 3)) for _ in range(height))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def paste(into: Locator, content: bytes, kind: str) -> None:
    into.evaluate(PASTE, [base64.b64encode(content).decode(), kind])


def is_seen(picture: Locator) -> bool:
    """Whether the browser has drawn it, not only made room for it."""
    return bool(picture.evaluate("(it) => it.complete && it.naturalWidth > 0"))


def shows(place: Locator) -> None:
    picture = place.locator("img")
    expect(picture).to_be_visible()
    wait_until(lambda: is_seen(picture), "the picture is drawn")


def lives_offline(page: Page) -> None:
    page.wait_for_function(
        "() => navigator.serviceWorker.ready.then((it) => it.active?.state === 'activated')"
    )


def sync(page: Page) -> None:
    go(page, "/me/sync")
    page.get_by_role("button", name="现在同步").click()
    expect(page.get_by_text(re.compile("上次同步"))).to_be_visible()
    expect(page.get_by_text("全部已同步")).to_be_visible()


def test_a_pasted_picture_is_in_the_card_at_once_and_later_on_every_phone(
    open_learner: OpenLearner, own_server: Server
) -> None:
    learner = open_learner(at=own_server)
    page = with_a_deck(learner)
    lives_offline(page)
    sync(page)
    own_server.stop()
    go(page, "/notes/new")
    field(page, "back").fill("条纹")
    field(page, "front").fill("这是什么？")
    paste(field(page, "front"), png(2000, 500), "image/png")
    expect(field(page, "front")).to_have_value(re.compile(r"^这是什么？\n!\[\]\(media/[0-9a-f]{64}\)$"))
    preview = page.locator(".preview dd").first
    shows(preview)
    width, height = preview.locator("img").evaluate("(it) => [it.naturalWidth, it.naturalHeight]")
    assert (width, height) == (1600, 400)
    save(page)
    go(page, "/cards")
    expect(page.locator(".virtual .row")).to_have_count(1)
    page.close()
    page = learner.context.new_page()
    page.goto(own_server.address + "/study")
    shows(page.locator(".asked"))
    own_server.start()
    sync(page)
    other = open_learner(at=own_server)
    (known,) = (cookie for cookie in learner.context.cookies() if cookie["httpOnly"])
    other.context.add_cookies([{"name": known["name"], "value": known["value"], "url": own_server.address}])
    lives_offline(other.page)
    sync(other.page)
    go(other.page, "/study")
    shows(other.page.locator(".asked"))
    wait_until(lambda: other.page.evaluate(KEPT, "media_bytes") == 1, "the other phone keeps it")
    own_server.stop()
    go(other.page, "/study")
    shows(other.page.locator(".asked"))


def test_what_a_camera_writes_beside_a_picture_stays_with_the_learner(open_learner: OpenLearner) -> None:
    page = with_a_deck(open_learner())
    plain = base64.b64decode(page.evaluate(A_PHOTO))
    told = b"Exif\0\0" + SECRET
    photo = plain[:2] + b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told + plain[2:]
    assert SECRET in photo
    field(page, "front").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="图片", exact=True).click()
    chooser.value.set_files(FilePayload(name="photo.jpg", mimeType="image/jpeg", buffer=photo))
    expect(field(page, "front")).to_have_value(re.compile("media/[0-9a-f]{64}"))
    expect(page.get_by_role("button", name="拍照", exact=True)).to_be_visible()
    field(page, "back").fill("照片")
    shows(page.locator(".preview dd").first)
    digest = re.findall("[0-9a-f]{64}", field(page, "front").input_value())[0]
    save(page)
    go(page, "/cards")
    expect(page.locator(".virtual .row")).to_have_count(1)
    expect(page.locator(".virtual .row")).to_contain_text("图片")
    sync(page)
    sent = page.evaluate(
        "(hash) => fetch('/api/media/' + hash).then((answer) => answer.arrayBuffer())"
        ".then((bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))))",
        digest,
    )
    assert base64.b64decode(sent)[8:12] == b"WEBP"
    assert SECRET not in base64.b64decode(sent)
    paste(page_with_front(page), b"<svg onload=alert(1)>", "image/svg+xml")
    expect(page.get_by_text("这不是浏览器能打开的图片")).to_be_visible()


def page_with_front(page: Page) -> Locator:
    go(page, "/notes/new")
    expect(field(page, "front")).to_be_visible()
    return field(page, "front")


def test_pictures_of_a_package_are_there_without_a_network(
    open_learner: OpenLearner, own_server: Server
) -> None:
    learner = open_learner(at=own_server)
    page = learner.page
    lives_offline(page)
    content = legacy1(
        Collection(notes=[note(1, '<img src="猫 1.png">', "猫")], cards=[card(1, 1)]),
        {"猫 1.png": png(90, 60)},
    )
    go(page, "/import")
    file = FilePayload(name="动物.apkg", mimeType="application/zip", buffer=content)
    page.set_input_files("input[type=file]", file)
    page.locator(".actions .button", has_text="导入成卡片").click()
    expect(page.locator(".commit")).to_be_visible(timeout=PATIENCE_MS)
    page.locator(".commit .main").click()
    expect(page.get_by_role("link", name=re.compile("^学习："))).to_be_visible(timeout=PATIENCE_MS)
    sync(page)
    wait_until(lambda: page.evaluate(KEPT, "media_bytes") == 1, "the phone keeps the picture")
    page.reload()
    expect(page.get_by_text("本机有 1/1 个")).to_be_visible()
    own_server.stop()
    go(page, "/study")
    shows(page.locator(".asked"))
    screens = Screens(page, "zh-CN")
    screens.show()
    expect(page.locator(".answered")).to_contain_text("猫")
