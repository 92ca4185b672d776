"""Texts to cards over HTTP: bring a text, judge its candidates, make cards, change the text."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.jobs import work_off
from app.services import document_reading
from tests.api.conftest import Person

TEXT = """一、站姿
站姿是指人站立时的姿势。
站立时不可倚靠墙壁。
二、问候
问候语是指见面时说的话。
问候时应面带微笑。
"""


@pytest.fixture
def work(app: Flask) -> Callable[[], int]:
    engine, settings = app.extensions["engine"], app.extensions["settings"]
    return lambda: work_off(engine, settings, lambda: time.time_ns() // 1_000_000)


def send(person: Person, method: str, path: str, content: bytes) -> dict[str, Any]:
    headers = {"Origin": "http://localhost", "Content-Type": "application/octet-stream"}
    answer = person.client.open(path, method=method, data=content, headers=headers)
    assert answer.status_code == 202, answer.text
    assert answer.json
    return dict(answer.json)


def ask(person: Person, path: str, body: Any = None, status: int = 200) -> dict[str, Any]:
    answer = person.get(path) if body is None else person.post(path, body)
    assert answer.status_code == status, answer.text
    assert answer.json
    return dict(answer.json)


@pytest.fixture
def road(ann: Person, work: Callable[[], int]) -> str:
    """Where a text of Ann's is that has been read."""
    made = send(ann, "POST", "/api/documents?name=礼仪.txt", TEXT.encode())
    assert made["state"] == "reading"
    work()
    return f"/api/documents/{made['id']}"


def candidates(person: Person, road: str, query: str = "") -> list[dict[str, Any]]:
    return list(ask(person, f"{road}/candidates{query}")["items"])


def test_a_text_is_read_and_its_candidates_stand_beside_it(ann: Person, road: str) -> None:
    state = ask(ann, road)
    assert state["state"] == "ready"
    assert state["language"] == "zh-CN"
    assert state["counts"]["open"] == state["counts"]["shown"] > 2
    found = candidates(ann, road)
    passage = ask(ann, f"{road}/text")
    assert passage["text"] == TEXT
    for one in found:
        start, end = one["spans"][0]
        assert passage["text"][start:end]
        paragraph = passage["paragraphs"][one["paragraph"]]
        assert paragraph["start"] <= start < paragraph["end"]
    assert ask(ann, f"{road}/text?from=5&to=9")["text"] == TEXT[5:9]
    assert [one["place"] for one in candidates(ann, road, "?order=rank")] == list(range(len(found)))
    first = ask(ann, f"{road}/candidates?limit=1")
    assert candidates(ann, road, f"?limit=500&cursor={first['next']}") == found[1:]


def test_verdicts_count_and_can_be_taken_back_step_by_step(ann: Person, road: str) -> None:
    one, other, *_ = candidates(ann, road)
    ask(ann, f"{road}/verdicts", {"verdicts": [{"id": one["id"], "verdict": "accepted"}]})
    edited = {"id": one["id"], "verdict": "edited", "fields": {**one["fields"], "note": "自己写的"}}
    rejected = {"id": other["id"], "verdict": "rejected"}
    state = ask(ann, f"{road}/verdicts", {"verdicts": [edited, rejected]})
    assert [state["counts"][name] for name in ("accepted", "edited", "rejected")] == [0, 1, 1]
    undone = ask(ann, f"{road}/undo", {})
    assert {row["id"]: row["verdict"] for row in undone["candidates"]} == {
        one["id"]: "accepted",
        other["id"]: None,
    }
    undone = ask(ann, f"{road}/undo", {})
    assert [row["verdict"] for row in undone["candidates"]] == [None]
    assert not undone["document"]["can_undo"]
    assert ask(ann, f"{road}/undo", {}, status=409)["type"] == "/problems/nothing-to-undo"
    bad = {"id": one["id"], "verdict": "edited", "fields": {"front": " "}}
    assert ask(ann, f"{road}/verdicts", {"verdicts": [bad]}, status=422)["type"] == "/problems/note-invalid"


def test_a_kind_is_accepted_at_once_and_makes_cards_once(ann: Person, road: str) -> None:
    terms = candidates(ann, road, "?group=term")
    state = ask(ann, f"{road}/verdicts", {"group": "term", "verdict": "accepted"})
    assert state["counts"]["accepted"] == len(terms) > 0
    made = ask(ann, f"{road}/commit", {"deck_name": "礼仪"})
    assert (made["added"], made["removed"]) == (len(terms), 0)
    assert ask(ann, f"{road}/commit", {"deck_id": made["deck_id"]})["added"] == 0
    changes = ann.sync()["changes"]
    (deck,) = changes["decks"]
    assert (deck["name"], deck["origin"]) == ("礼仪", "text")
    note = changes["notes"][0]
    assert note["source"]["quote"] in TEXT
    assert note["source"]["section"]
    ask(ann, f"{road}/verdicts", {"verdicts": [{"id": terms[0]["id"], "verdict": "rejected"}]})
    assert ask(ann, f"{road}/commit", {"deck_id": made["deck_id"]})["removed"] == 1
    assert len(ann.cards()) == len(changes["cards"]) - len(
        [card for card in changes["cards"] if card["note_id"] == note["id"]]
    )


def test_verdicts_survive_a_change_of_the_text(ann: Person, road: str, work: Callable[[], int]) -> None:
    before = candidates(ann, road)
    ask(ann, f"{road}/verdicts", {"verdicts": [{"id": row["id"], "verdict": "accepted"} for row in before]})
    changed = TEXT.replace("问候语是指见面时说的话。", "问候语是指相遇时说的第一句话。").replace(
        "站立时不可倚靠墙壁。\n", ""
    )
    state = send(ann, "PUT", f"{road}/text", ("前言\n先读这一段。\n" + changed).encode())
    assert state["state"] == "reading"
    work()
    state = ask(ann, road)
    after = {row["id"]: row for row in candidates(ann, road) if row["verdict"]}
    assert state["state"] == "ready"
    same = [row for row in before if "站姿" in row["fields"]["front"] and row["group"] == "term"]
    assert same
    assert all(after[row["id"]]["verdict"] == "accepted" for row in same)
    assert not any(after[row["id"]]["changed"] for row in same)
    assert [row["fields"]["back"] for row in after.values() if row["changed"]] == ["相遇时说的第一句话"]
    assert state["counts"]["gone"] == 1


def test_a_text_that_cannot_be_read_says_why(ann: Person, app: Flask, work: Callable[[], int]) -> None:
    made = send(ann, "POST", "/api/documents", b"%PDF-1.7 broken")
    work()
    state = ask(ann, f"/api/documents/{made['id']}")
    assert state["state"] == "failed"
    assert state["problem"]["title"]
    assert not (app.extensions["settings"].data / "imports").exists()


def test_texts_are_ones_own(ann: Person, bob: Person, road: str) -> None:
    for path in (road, f"{road}/text", f"{road}/candidates"):
        assert bob.get(path).status_code == 404
    assert bob.post(f"{road}/verdicts", {"group": "term", "verdict": "accepted"}).status_code == 404
    assert bob.post(f"{road}/undo", {}).status_code == 404
    assert bob.post(f"{road}/commit", {}).status_code == 404
    assert bob.ask("DELETE", road).status_code == 404
    assert ann.ask("DELETE", road).status_code == 204
    assert ann.get(road).status_code == 404


def test_a_text_that_is_searched_for_too_long_holds_up_nobody(
    ann: Person, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(text: object) -> None:
        while True:
            pass

    monkeypatch.setattr(document_reading, "SEARCH_SECONDS", 0.01)
    monkeypatch.setattr(document_reading, "offer", endless)
    made = send(ann, "POST", "/api/documents?name=礼仪.txt", TEXT.encode())
    work()
    told = ask(ann, f"/api/documents/{made['id']}")
    assert told["state"] == "failed"
    assert told["problem"]["type"] == "/problems/file-takes-too-long"
