"""Whatever is wrong with a request is said with a 4xx that names the field, and nothing of it is kept."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import SQLModel

from tests.api.conftest import Person


def row_counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in SQLModel.metadata.tables.items()
        }


@pytest.fixture
def nothing_changes(engine: Engine, ann: Person, bob: Person) -> Iterator[None]:
    ann.add_deck()
    before = row_counts(engine)
    assert before["card"] > 0
    yield
    assert row_counts(engine) == before


def pointers(answer: Any) -> list[str]:
    return [error["pointer"] for error in answer.json["errors"]]


SEED = {
    "phase": 2, "stability": 5.0, "difficulty": 5.0, "due_day": 20_400, "last_day": 20_390, "reps": 3,
    "lapses": 0,
}  # fmt: skip
WRONG_EVENTS: dict[str, tuple[dict[str, Any], str]] = {
    "no rating": ({"rating": None}, "/rating"),
    "fifth button": ({"rating": 5}, "/rating"),
    "rating as text": ({"rating": "3"}, "/rating"),
    "unknown kind": ({"kind": "cheat"}, ""),
    "time before time": ({"at": -1}, "/at"),
    "time after the calendar": ({"at": 253_402_300_800_000}, "/at"),
    "time beyond integers": ({"at": 2**63}, "/at"),
    "day beyond the calendar": ({"day": 2_932_897}, "/day"),
    "clock a thousand years off": ({"clock_offset_ms": 31_556_952_000_000}, "/clock_offset_ms"),
    "endless thought": ({"duration_ms": 86_400_001}, "/duration_ms"),
    "id that is none": ({"id": "1"}, "/id"),
    "card that is none": ({"card_id": None}, "/card_id"),
    "unknown field": ({"stability": 100}, "/stability"),
    "unknown data": ({"data": {"stability": 100}}, "/data/stability"),
    "retention of one": ({"data": {"retention": 1.0}}, "/data/retention"),
    "NUL in data": ({"data": {"mode": "a\0b"}}, "/data/mode"),
    "undo without what": ({"kind": "undo", "rating": None}, "/data/event"),
    "eighth flag": ({"kind": "flag", "rating": None, "data": {"flag": 8}}, "/data/flag"),
    "seed of a new card": ({"kind": "seed", "rating": None, "data": {**SEED, "phase": 0}}, "/data/phase"),
    "seed without memory": (
        {"kind": "seed", "rating": None, "data": {**SEED, "stability": None}},
        "/data/stability",
    ),
    "seed without difficulty": (
        {"kind": "seed", "rating": None, "data": {**SEED, "difficulty": None}},
        "/data/difficulty",
    ),
    "seed that is never due": (
        {"kind": "seed", "rating": None, "data": {**SEED, "due_day": None}},
        "/data/due_day",
    ),
    "rated suspension": ({"kind": "suspend", "rating": 3}, "/rating"),
}


@pytest.mark.parametrize("name", WRONG_EVENTS)
@pytest.mark.usefixtures("nothing_changes")
def test_one_wrong_event_keeps_the_whole_request_out(ann: Person, name: str) -> None:
    change, where = WRONG_EVENTS[name]
    card = ann.cards()[0]["id"]
    answer = ann.post("/api/sync", ann.sync_body([ann.event(card), {**ann.event(card), **change}]))
    assert answer.status_code == 422
    assert pointers(answer) == [f"/events/1{where}"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"want": 0}, "/want"),
        ({"want": 2_001}, "/want"),
        ({"cursor": -1}, "/cursor"),
        ({"device_id": "phone"}, "/device_id"),
        ({"admin": True}, "/admin"),
        ({"events": {}}, "/events"),
        ({"edits": [{}]}, "/edits/0"),
    ],
)
@pytest.mark.usefixtures("nothing_changes")
def test_wrong_frames_of_a_sync(ann: Person, change: dict[str, Any], where: str) -> None:
    answer = ann.post("/api/sync", {**ann.sync_body(), **change})
    assert answer.status_code == 422
    assert pointers(answer) == [where]


@pytest.mark.usefixtures("nothing_changes")
def test_too_many_events_at_once(ann: Person) -> None:
    card = ann.cards()[0]["id"]
    answer = ann.post("/api/sync", ann.sync_body([ann.event(card) for _ in range(1_001)]))
    assert (answer.status_code, pointers(answer)) == (422, ["/events"])


LONG = "长" * 20_001


def note_bodies(deck: str) -> dict[str, tuple[dict[str, Any], str | None]]:
    good: dict[str, Any] = {"deck_id": deck, "kind": "basic", "fields": {"front": "一", "back": "one"}}
    return {
        "no deck": ({**good, "deck_id": None}, "/deck_id"),
        "unknown kind": ({**good, "kind": "essay"}, "/kind"),
        "no fields": ({**good, "fields": {}}, "/fields"),
        "field of a wrong type": ({**good, "fields": {"front": 1, "back": "one"}}, "/fields/front"),
        "NUL": ({**good, "fields": {"front": "一\0", "back": "one"}}, "/fields/front"),
        "overlong": ({**good, "fields": {"front": LONG, "back": "one"}}, "/fields/front"),
        "tag with a space": ({**good, "tags": ["a b"]}, "/tags/0"),
        "too many tags": ({**good, "tags": ["a"] * 101}, "/tags"),
        "unknown field": ({**good, "seq": 1}, "/seq"),
        "no question": ({**good, "fields": {"back": "one"}}, None),
        "no gap": ({**good, "kind": "cloze", "fields": {"text": "no gap"}}, None),
    }


@pytest.mark.parametrize("name", note_bodies(""))
@pytest.mark.usefixtures("nothing_changes")
def test_notes_that_cannot_be(ann: Person, name: str) -> None:
    deck = ann.get("/api/decks").json["items"][0]["id"]  # type: ignore[index]
    body, where = note_bodies(deck)[name]
    answer = ann.post("/api/notes", body)
    assert answer.status_code == 422
    named = pointers(answer)
    assert named == [where] if where else named[0].startswith("/fields")


@pytest.mark.parametrize(
    ("path", "method", "body"),
    [
        ("/api/decks/{deck}", "GET", None),
        ("/api/decks/{deck}", "PATCH", {"name": "mine"}),
        ("/api/decks/{deck}", "DELETE", None),
        ("/api/decks/{deck}/restore", "POST", None),
        ("/api/notes/{note}", "GET", None),
        ("/api/notes/{note}", "PATCH", {"base_version": 1, "tags": ["mine"]}),
        ("/api/notes/{note}", "DELETE", None),
        ("/api/notes", "POST", {"deck_id": "{deck}", "kind": "basic", "fields": {"front": "a", "back": "b"}}),
        ("/api/notes?deck_id={deck}", "GET", None),
        ("/api/cards?deck_id={deck}", "GET", None),
        ("/api/study/queue?deck_id={deck}", "GET", None),
        ("/api/cards/{card}", "GET", None),
        ("/api/cards/{card}/history", "GET", None),
        ("/api/cards/{card}/suspend", "POST", {"suspended": True}),
    ],
)
@pytest.mark.usefixtures("nothing_changes")
def test_what_belongs_to_others_is_not_there(
    ann: Person, bob: Person, path: str, method: str, body: dict[str, Any] | None
) -> None:
    card = ann.cards()[0]
    ids = {"deck": card["deck_id"], "note": card["note_id"], "card": card["id"]}
    body = {**body, "deck_id": ids["deck"]} if body and "deck_id" in body else body
    answer = bob.ask(method, path.format(**ids), body)
    assert answer.status_code == 404
    assert ids["deck"] not in answer.text


@pytest.mark.usefixtures("nothing_changes")
def test_events_on_cards_of_others_are_refused_one_by_one(ann: Person, bob: Person) -> None:
    event = bob.event(ann.cards()[0]["id"])
    refused = bob.sync([event])["refused"]
    assert [(item["id"], item["problem"]["type"]) for item in refused] == [
        (event["id"], "/problems/card-missing")
    ]


def test_an_id_that_comes_again_with_other_content_is_refused_alone(ann: Person, engine: Engine) -> None:
    ann.add_deck()
    first, second, *_ = (card["id"] for card in ann.cards())
    event = ann.event(first)
    assert ann.sync([event])["acked"] == [event["id"]]
    before = row_counts(engine)["event"]
    other = ann.event(second)
    answer = ann.sync([{**event, "rating": 1}, other])
    assert answer["acked"] == [other["id"]]
    assert [(item["id"], item["problem"]["status"]) for item in answer["refused"]] == [(event["id"], 409)]
    assert row_counts(engine)["event"] == before + 1


def test_a_request_sent_twice_counts_once(ann: Person, engine: Engine) -> None:
    ann.add_deck()
    events = [ann.event(card["id"]) for card in ann.cards()]
    first = ann.sync(events)
    counted = row_counts(engine)
    second = ann.sync(events)
    assert first["acked"] == second["acked"] == [event["id"] for event in events]
    assert first["digest"] == second["digest"]
    assert row_counts(engine) == counted


def test_a_day_that_cannot_be_is_replaced_by_the_one_of_the_learners_zone(ann: Person) -> None:
    ann.add_deck()
    event = ann.event(ann.cards()[0]["id"], day=3)
    assert ann.sync([event])["corrected"] == [{"id": event["id"], "day": event["at"] // 86_400_000}]


@pytest.mark.parametrize("phase", [1, 2, 3])
def test_a_seeded_card_can_be_shown_and_answered(ann: Person, phase: int) -> None:
    ann.add_deck()
    card = ann.cards()[0]["id"]
    seed = ann.event(card, "seed", data={**SEED, "phase": phase, "last_day": None})
    assert ann.sync([seed])["acked"] == [seed["id"]]
    assert ann.get("/api/study/queue").status_code == 200
    answer = ann.event(card)
    assert ann.sync([answer])["acked"] == [answer["id"]]


@pytest.mark.parametrize("number", [-(2**31) - 1, 2**31, 2**53 - 1])
@pytest.mark.parametrize("path", ["/api/decks", "/api/notes", "/api/cards"])
def test_a_cursor_beyond_all_rows_is_no_failure(ann: Person, path: str, number: int) -> None:
    ann.add_deck()
    everything = len(ann.get(path).json["items"])  # type: ignore[index]
    key = json.dumps([number, Person.new_id()]).encode()
    cursor = base64.urlsafe_b64encode(key).decode().rstrip("=")
    answer = ann.get(f"{path}?cursor={cursor}")
    assert answer.status_code == 200
    assert answer.json
    assert len(answer.json["items"]) == (everything if number < 0 else 0)


def test_a_cursor_beyond_all_days_is_no_failure(ann: Person) -> None:
    ann.add_deck()
    card = ann.cards()[0]["id"]
    ann.sync([ann.event(card)])
    key = json.dumps([2**40, 2**52, Person.new_id()]).encode()
    cursor = base64.urlsafe_b64encode(key).decode().rstrip("=")
    answer = ann.get(f"/api/cards/{card}/history?cursor={cursor}")
    assert answer.status_code == 200
    assert answer.json
    assert len(answer.json["items"]) == 1
