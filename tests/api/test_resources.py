"""What a script does over HTTP: add a deck, look at it, write, study, look back, take everything out."""

import gzip
import json
from typing import Any

import pytest

from tests.api.conftest import SHIPPED, Person


def body_of(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json


@pytest.fixture
def deck(ann: Person) -> dict[str, Any]:
    return ann.add_deck()


def test_the_catalogue_says_what_there_is_and_what_one_has(ann: Person, deck: dict[str, Any]) -> None:
    (mine,) = body_of(ann.get("/api/catalogue"))["items"]
    assert (mine["slug"], mine["notes"], mine["cards"]) == (SHIPPED.slug, 3, 4)
    assert mine["added"] == {"deck_id": deck["id"], "version": mine["version"]}
    nobody = Person(ann.client.application.test_client())
    assert body_of(nobody.get("/api/catalogue"))["items"][0]["added"] is None


def test_adding_a_deck_twice_gives_one(ann: Person, deck: dict[str, Any]) -> None:
    again = ann.add_deck()
    assert (again["id"], again["added"], again["updated"]) == (deck["id"], 0, 0)
    assert len(body_of(ann.get("/api/decks"))["items"]) == 1


def test_an_unknown_shipped_deck_is_missing(ann: Person) -> None:
    assert ann.post("/api/catalogue/attic").status_code == 404


def test_decks_are_renamed_deleted_and_brought_back(ann: Person, deck: dict[str, Any]) -> None:
    address = f"/api/decks/{deck['id']}"
    changed = body_of(ann.ask("PATCH", address, {"name": "书房", "options": {"new_per_day": 2}}))
    assert (changed["name"], changed["options"]["new_per_day"]) == ("书房", 2)
    assert body_of(ann.get(address))["counts"]["new"] == 2
    assert ann.ask("DELETE", address).status_code == 204
    assert ann.get(address).status_code == 404
    assert body_of(ann.get("/api/cards"))["items"] == []
    assert body_of(ann.post(f"{address}/restore"))["counts"]["total"] == 4
    assert len(ann.cards()) == 4


def test_options_say_where_they_come_from(ann: Person) -> None:
    names = ("礼仪", "礼仪::国际")
    top, below = (body_of(ann.post("/api/decks", {"name": name}), 201) for name in names)
    ann.ask("PATCH", "/api/learner", {"settings": {"new_per_day": 30}})
    options = {"new_per_day": 7, "voice": "ja", "desired_retention": 0.8}
    ann.ask("PATCH", f"/api/decks/{top['id']}", {"options": options})
    address = f"/api/decks/{below['id']}"
    changed = body_of(ann.ask("PATCH", address, {"options": {"voice": "auto"}}))
    found = body_of(ann.get(address))
    assert found["options"] == {"voice": "auto"}
    assert found["in_force"] == changed["in_force"]
    of_top = {"deck_id": top["id"], "deck_name": "礼仪"}
    assert found["in_force"]["new_per_day"] == {"value": 7, "source": "deck", **of_top}
    assert found["in_force"]["desired_retention"] == {"value": 0.8, "source": "deck", **of_top}
    own = {"deck_id": below["id"], "deck_name": "礼仪::国际"}
    assert found["in_force"]["voice"] == {"value": "auto", "source": "own", **own}
    of_learner = {"source": "learner", "deck_id": None, "deck_name": None}
    assert found["in_force"]["mix"] == {"value": "mix", **of_learner}
    moved = body_of(ann.ask("PATCH", address, {"name": "国际"}))
    assert moved["in_force"]["new_per_day"] == {"value": 30, **of_learner}


def test_a_renamed_deck_takes_those_below_along(ann: Person) -> None:
    names = ("礼仪", "礼仪::国际", "礼仪::国际::欧洲", "礼仪册")
    top, *_rest = (body_of(ann.post("/api/decks", {"name": name}), 201) for name in names)
    body_of(ann.ask("PATCH", f"/api/decks/{top['id']}", {"name": "书房::礼"}))
    wanted = ["书房::礼", "书房::礼::国际", "书房::礼::国际::欧洲", "礼仪册"]
    assert [deck["name"] for deck in body_of(ann.get("/api/decks"))["items"]] == wanted
    refused = ann.ask("PATCH", f"/api/decks/{top['id']}", {"name": "长" * 195})
    assert body_of(refused, 422)["type"].endswith("deck-name-too-long")
    assert [deck["name"] for deck in body_of(ann.get("/api/decks"))["items"]] == wanted


def test_lists_come_in_pages(ann: Person, deck: dict[str, Any]) -> None:
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = body_of(ann.get(f"/api/cards?limit=3{cursor and '&cursor=' + cursor}"))
        assert len(page["items"]) <= 3
        seen += [card["id"] for card in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 4
    assert ann.get("/api/cards?cursor=nonsense").status_code == 422


def test_notes_are_found_written_changed_and_deleted(ann: Person, deck: dict[str, Any]) -> None:
    (knife,) = body_of(ann.get("/api/notes?q=KNIFE"))["items"]
    assert knife["fields"]["front"] == "刀"
    made = body_of(
        ann.post(
            "/api/notes",
            {
                "deck_id": deck["id"],
                "kind": "reverse",
                "fields": {"front": "碗", "back": "bowl"},
                "tags": ["桌"],
            },
        ),
        201,
    )
    assert [card["ordinal"] for card in made["cards"]] == [0, 1]
    address = f"/api/notes/{made['id']}"
    changed = body_of(
        ann.ask("PATCH", address, {"base_version": made["version"], "fields": {"back": "a bowl"}})
    )
    assert changed["fields"] == {"front": "碗", "back": "a bowl"}
    assert changed["conflicts"] == []
    assert ann.ask("DELETE", address).status_code == 204
    assert ann.get(address).status_code == 404
    assert len(body_of(ann.post(f"{address}/restore"))["cards"]) == 2


def test_the_same_field_changed_on_two_sides_is_told(ann: Person, deck: dict[str, Any]) -> None:
    note = body_of(ann.get("/api/notes"))["items"][0]
    address = f"/api/notes/{note['id']}"
    for back in ("one", "two"):
        answer = ann.ask("PATCH", address, {"base_version": note["version"], "fields": {"back": back}})
    conflicts = body_of(answer)["conflicts"]
    assert [(conflict["kept"], conflict["other"]) for conflict in conflicts] == [("two", "one")]


def test_a_card_is_suspended_as_an_event(ann: Person, deck: dict[str, Any]) -> None:
    card = ann.cards()[0]["id"]
    assert body_of(ann.post(f"/api/cards/{card}/suspend", {"suspended": True}))["suspended"] is True
    assert [row["id"] for row in body_of(ann.get("/api/cards?state=suspended"))["items"]] == [card]
    assert body_of(ann.post(f"/api/cards/{card}/suspend", {"suspended": False}))["suspended"] is False
    kinds = [event["kind"] for event in body_of(ann.get(f"/api/cards/{card}/history"))["items"]]
    assert kinds == ["unsuspend", "suspend"]


def test_the_queue_shows_cards_with_what_each_rating_would_do(ann: Person, deck: dict[str, Any]) -> None:
    queue = body_of(ann.get("/api/study/queue?limit=2"))
    assert len(queue["items"]) == 2
    first = queue["items"][0]
    assert first["face"]["front"]
    assert [preview["rating"] for preview in first["previews"]] == [1, 2, 3, 4]
    assert queue["counts"] == queue["decks"][deck["id"]]
    assert queue["counts"]["new"] > 0
    assert body_of(ann.get(f"/api/study/queue?deck_id={deck['id']}"))["counts"] == queue["counts"]


def test_answers_are_history_and_statistics(ann: Person, deck: dict[str, Any]) -> None:
    card = ann.cards()[0]["id"]
    event = ann.event(card)
    answer = ann.sync([event])
    assert answer["acked"] == [event["id"]]
    assert answer["digest"]
    after = next(row for row in answer["changes"]["cards"] if row["id"] == card)
    assert (after["reps"], after["phase"]) == (1, 1)
    (told,) = body_of(ann.get(f"/api/cards/{card}/history"))["items"]
    assert {**told, **event} == told
    (day,) = body_of(ann.get(f"/api/stats/days?from={event['day']}&to={event['day']}"))["items"]
    assert (day["good"], day["new"], day["duration_ms"]) == (1, 1, 4_000)
    path = f"/api/stats/days?from={event['day']}&to={event['day']}&by=day"
    (added_up,) = body_of(ann.get(path))["items"]
    assert added_up == {**day, "deck_id": None}
    assert body_of(ann.get(f"{path}&deck_id={deck['id']}"))["items"] == [day]
    assert ann.get(f"{path}&deck_id={ann.new_id()}").status_code == 404


def test_a_gzipped_sync_and_its_paged_changes(ann: Person, deck: dict[str, Any]) -> None:
    packed = gzip.compress(json.dumps(ann.sync_body(want=2)).encode())
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json", "Origin": "http://localhost"}
    page = body_of(ann.client.post("/api/sync", data=packed, headers=headers))
    cards = list(page["changes"]["cards"])
    while page["more"]:
        assert page["digest"] is None
        page = ann.sync(cursor=page["cursor"], want=2)
        cards += page["changes"]["cards"]
    assert len({card["id"] for card in cards}) == 4
    assert page["digest"]


def test_edits_made_offline_arrive_and_conflicts_are_told(ann: Person, deck: dict[str, Any]) -> None:
    edit = {
        "id": ann.new_id(),
        "entity": "note",
        "op": "create",
        "entity_id": ann.new_id(),
        "base_version": 0,
        "at": 1_760_000_000_000,
        "fields": {"deck_id": deck["id"], "kind": "basic", "fields": {"front": "勺", "back": "spoon"}},
    }
    rename = {**edit, "id": ann.new_id(), "entity": "deck", "op": "update", "entity_id": deck["id"]}
    rename |= {"base_version": deck["version"], "fields": {"name": "厨房用具"}}
    answer = ann.sync(edits=[edit, rename])
    assert answer["acked"] == [edit["id"], rename["id"]]
    assert body_of(ann.get(f"/api/notes/{edit['entity_id']}"))["fields"]["back"] == "spoon"
    assert body_of(ann.get(f"/api/decks/{deck['id']}"))["name"] == "厨房用具"


def test_null_in_an_edit_leaves_things_as_they_are(ann: Person, deck: dict[str, Any]) -> None:
    note = body_of(ann.get("/api/notes"))["items"][0]
    edit = {
        "id": ann.new_id(),
        "entity": "note",
        "op": "update",
        "entity_id": note["id"],
        "base_version": note["version"],
        "at": 1_760_000_000_000,
        "fields": {"deck_id": None, "fields": None, "tags": ["桌"]},
    }
    assert ann.sync(edits=[edit])["acked"] == [edit["id"]]
    after = body_of(ann.get(f"/api/notes/{note['id']}"))
    assert (after["deck_id"], after["fields"], after["tags"]) == (deck["id"], note["fields"], ["桌"])


def test_settings_change_one_by_one(ann: Person) -> None:
    ann.ask("PATCH", "/api/learner", {"settings": {"theme": "dark", "new_per_day": 5}})
    changed = body_of(ann.ask("PATCH", "/api/learner", {"settings": {"theme": None}, "rollover_hour": 3}))
    assert changed["settings"].get("theme") in (None, "auto")
    assert (changed["settings"]["new_per_day"], changed["rollover_hour"]) == (5, 3)
    tuned = body_of(ann.ask("PATCH", "/api/learner", {"desired_retention": 0.85, "learning_steps": [5, 20]}))
    assert (tuned["desired_retention"], tuned["learning_steps"]) == (0.85, [5, 20])
    assert tuned["parameters_version"] > changed["parameters_version"]


def test_everything_can_be_taken_out(ann: Person, deck: dict[str, Any]) -> None:
    event = ann.event(ann.cards()[0]["id"])
    ann.sync([event])
    answer = ann.get("/api/learner/export")
    taken = body_of(answer)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    text = answer.text
    assert event["id"] in text
    assert deck["id"] in text
    assert isinstance(taken, dict)


def test_reads_are_known_again(ann: Person, deck: dict[str, Any]) -> None:
    first = ann.get("/api/cards")
    again = ann.get("/api/cards", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "private" in first.headers["Cache-Control"]
    assert {"Cookie", "Authorization"} <= {name.strip() for name in first.headers["Vary"].split(",")}


def test_a_decks_own_retention_moves_what_the_queue_foretells(ann: Person) -> None:
    deck = ann.add_deck()["id"]

    def easy() -> int:
        queue = ann.get("/api/study/queue?limit=1").json
        assert queue
        return int(queue["items"][0]["previews"][3]["days"])

    usual = easy()
    ann.ask("PATCH", f"/api/decks/{deck}", {"options": {"desired_retention": 0.7}})
    assert easy() > usual
    ann.ask("PATCH", f"/api/decks/{deck}", {"options": {"desired_retention": None}})
    assert easy() == usual
