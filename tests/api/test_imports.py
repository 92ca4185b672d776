"""Importing over HTTP: bring a file, look, store it, study it, take it back."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.jobs import work_off
from tests.api.conftest import Person
from tests.formats.anki_files import PNG, card, legacy1, note
from tests.hostile.cases import plain

Work = Callable[[], int]


@pytest.fixture
def work(app: Flask) -> Work:
    """Does the jobs that there are, as the worker process would."""
    engine, settings = app.extensions["engine"], app.extensions["settings"]
    return lambda: work_off(engine, settings, lambda: time.time_ns() // 1_000_000)


def bring(person: Person, content: bytes, query: str = "", status: int = 202) -> dict[str, Any]:
    answer = person.client.post(
        f"/api/imports{query}",
        data=content,
        headers={"Origin": "http://localhost", "Content-Type": "application/octet-stream"},
    )
    assert answer.status_code == status, answer.text
    assert answer.json
    return dict(answer.json)


def ask(person: Person, import_id: str) -> dict[str, Any]:
    answer = person.get(f"/api/imports/{import_id}")
    assert answer.status_code == 200, answer.text
    assert answer.json
    return dict(answer.json)


def picture_package() -> bytes:
    picture = note(1, '猫<img src="猫.png" onerror=alert(1)>', "cat")
    gap = note(2, "{{c1::犬}}", "", mid=102)
    rows = plain(notes=[picture, gap], cards=[card(11, 1), card(21, 2)], reviews=[])
    return legacy1(rows, {"猫.png": PNG})


def test_a_file_is_brought_looked_at_stored_and_studied(ann: Person, bob: Person, work: Work) -> None:
    made = bring(ann, picture_package(), "?name=cats.apkg")
    assert (made["state"], made["name"]) == ("reading", "cats.apkg")
    assert work() == 1
    seen = ask(ann, made["id"])
    assert seen["state"] == "preview"
    assert (seen["counts"]["new"], seen["counts"]["new_media"]) == (2, 1)
    assert "onerror" not in str(seen["samples"])
    assert ann.sync()["changes"]["notes"] == []
    assert ann.post(f"/api/imports/{made['id']}/commit").status_code == 202
    work()
    done = ask(ann, made["id"])
    assert done["state"] == "done"
    assert done["undo_until"] > done["finished_at"]
    changes = ann.sync()["changes"]
    assert (len(changes["notes"]), len(changes["cards"])) == (2, 2)
    marked = next(row for row in changes["notes"] if row["media"])
    assert marked["fields"]["front"] == '猫<img src="media/%E7%8C%AB.png">'
    road = f"/api/media/{marked['media']['猫.png']}"
    with ann.get(road) as picture:
        assert picture.data == PNG
    assert picture.content_type == "image/png"
    assert picture.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in picture.headers["Cache-Control"]
    assert bob.get(road).status_code == 404
    assert ann.post(f"/api/imports/{made['id']}/undo").status_code == 202
    work()
    assert ask(ann, made["id"])["state"] == "undone"
    assert ann.cards() == []
    assert ann.get(road).status_code == 404


def test_notes_of_ankis_own_types_come_with_their_cards_rendered(ann: Person, work: Work) -> None:
    odd = legacy1(
        plain(notes=[note(1, "甲", "<script>x</script>乙", "丙", mid=103)], cards=[card(11, 1)], reviews=[])
    )
    made = bring(ann, odd)
    work()
    ann.post(f"/api/imports/{made['id']}/commit")
    work()
    (row,) = ann.sync()["changes"]["notes"]
    assert row["kind"] == "anki"
    assert [side["ordinal"] for side in row["sides"]] == [0]
    assert "script" not in str(row)
    (shown,) = ann.cards()
    assert shown["face"]["front"] == row["sides"][0]["front"]


def test_a_table_is_read_again_as_the_learner_says(ann: Person, work: Work) -> None:
    made = bring(ann, "猫咪\tcat\n小狗\tdog\n".encode("gb18030"), "?name=animals.txt&deck=动物")
    work()
    seen = ask(ann, made["id"])
    assert seen["encoding"] == "gb18030"
    assert seen["table"]["columns"] == ["front", "back"]
    assert seen["table"]["rows"] == [["猫咪", "cat"], ["小狗", "dog"]]
    layout = {"separator": "\t", "columns": ["back", "front"]}
    answer = ann.ask("PATCH", f"/api/imports/{made['id']}", {"layout": layout})
    assert answer.json
    assert answer.json["state"] == "reading"
    assert ann.post(f"/api/imports/{made['id']}/commit").status_code == 409
    work()
    again = ask(ann, made["id"])
    assert again["samples"][0]["front"] == "cat"
    ann.post(f"/api/imports/{made['id']}/commit")
    work()
    assert [deck["name"] for deck in ask(ann, made["id"])["decks_made"]] == ["动物"]
    assert {one["face"]["back"] for one in ann.cards()} == {"猫咪", "小狗"}


def test_a_refused_file_says_why_and_leaves_nothing(ann: Person, app: Flask, work: Work) -> None:
    made = bring(ann, b"PK\x03\x04 no archive")
    work()
    seen = ask(ann, made["id"])
    assert seen["state"] == "failed"
    assert seen["problem"]["type"] == "/problems/archive-broken"
    assert seen["problem"]["title"] == "压缩包已损坏。"
    assert not (app.extensions["settings"].data / "imports").exists()
    assert ann.post(f"/api/imports/{made['id']}/commit").status_code == 409


def test_imports_are_ones_own(ann: Person, bob: Person, work: Work) -> None:
    made = bring(ann, legacy1(plain()))
    work()
    road = f"/api/imports/{made['id']}"
    for method, path in (
        ("GET", road), ("DELETE", road), ("POST", f"{road}/commit"), ("POST", f"{road}/undo"),
    ):  # fmt: skip
        assert bob.ask(method, path).status_code == 404
    assert bob.ask("PATCH", road, {"scheduling": False}).status_code == 404
    assert bob.get("/api/imports").json == {"items": [], "next": None}
    listed = ann.get("/api/imports").json
    assert listed
    assert [item["id"] for item in listed["items"]] == [made["id"]]


def test_three_imports_may_wait_and_no_more(ann: Person, work: Work) -> None:
    waiting = [bring(ann, legacy1(plain()))["id"] for _ in range(3)]
    assert bring(ann, legacy1(plain()), status=409)["type"] == "/problems/too-many-imports"
    assert ann.ask("DELETE", f"/api/imports/{waiting[0]}").status_code == 204
    bring(ann, legacy1(plain()))
    assert work() >= 3


def test_a_file_beyond_the_cap_is_refused_while_it_comes(
    ann: Person, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.api.contract.LARGEST_UPLOAD", 1_000)
    assert bring(ann, b"x" * 1_001, status=413)["type"] == "/problems/body-too-large"
    assert not (app.extensions["settings"].data / "imports").exists()
    assert bring(ann, b"x" * 1_000)["state"] == "reading"
