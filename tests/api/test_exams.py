"""Exams over HTTP: set up, a rough answer at once, the solved plan, other minutes, and how it went."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from app.config import Settings
from app.jobs import now_ms, work_off
from tests.api.conftest import Person

TODAY = (time.time_ns() // 1_000_000 + 8 * 3_600_000 - 4 * 3_600_000) // 86_400_000
WEEK = [10] * 7


@pytest.fixture
def cook(ann: Person) -> Person:
    ann.add_deck()
    return ann


def make(person: Person, **fields: Any) -> dict[str, Any]:
    answer = person.post("/api/exams", {"name": "考", "day": TODAY + 6, "minutes": WEEK, **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json or {})


def ask(person: Person, exam: dict[str, Any], what: str, **query: int) -> dict[str, Any]:
    words = "&".join(f"{name}={value}" for name, value in query.items())
    answer = person.get(f"/api/exams/{exam['id']}/{what}?{words}".rstrip("?"))
    assert answer.status_code == 200, answer.text
    return dict(answer.json or {})


def solve(engine: Engine) -> None:
    assert work_off(engine, Settings(), now_ms) == 1


def test_an_exam_is_named_changed_deleted_and_brought_back(cook: Person, bob: Person) -> None:
    exam = make(cook, cards={cook.cards()[0]["id"]: "pinned"})
    path = f"/api/exams/{exam['id']}"
    assert cook.get(path).json == exam
    changed = cook.ask("PATCH", path, {"minutes": [20] * 7, "cards": {cook.cards()[0]["id"]: None}}).json
    assert changed
    assert (changed["minutes"], changed["cards"], changed["conflicts"]) == ([20] * 7, {}, [])
    told = cook.post(f"{path}/result", {"passed": True, "score": "86"}).json
    assert told
    assert told["result"] == {"passed": True, "score": "86"}
    assert [item["id"] for item in (cook.get("/api/exams").json or {})["items"]] == [exam["id"]]
    assert bob.get(path).status_code == 404
    assert cook.ask("DELETE", path).status_code == 204
    assert cook.get(path).status_code == 404
    assert cook.post(f"{path}/restore").status_code == 200


def test_a_rough_answer_comes_at_once_and_the_plan_when_it_is_solved(cook: Person, engine: Engine) -> None:
    exam = make(cook)
    rough = ask(cook, exam, "plan")
    assert (rough["state"], len(rough["items"]), rough["seconds"]) == ("greedy", 4, 600.0)
    assert ask(cook, exam, "forecast")["state"] == ask(cook, exam, "readiness")["state"] == "greedy"
    assert ask(cook, exam, "what-if", minutes=20)["outlook"]["mean"] > 0.5
    solve(engine)
    plan = ask(cook, exam, "plan")
    assert plan["state"] == "solved"
    assert [item["card_id"] for item in plan["items"]] == [card["id"] for card in cook.cards()]
    assert {item["why"] for item in plan["items"]} == {"new"}
    forecast = ask(cook, exam, "forecast")
    assert forecast["path"][-1]["mean"] == forecast["outlook"]["mean"]
    (section,) = ask(cook, exam, "readiness")["sections"]
    assert (section["cards"], section["seen"], section["share"]) == (4, 0, 1.0)


def test_answers_since_the_morning_are_laid_on_the_plan(cook: Person, engine: Engine) -> None:
    exam = make(cook)
    solve(engine)
    card, now = cook.cards()[0]["id"], now_ms()
    answer = cook.event(card, at=now, day=TODAY, rating=1, data={"exam": exam["id"]}, id=cook.new_id_at(now))
    cook.sync([answer])
    items = {item["card_id"]: item for item in ask(cook, exam, "plan")["items"]}
    assert items.pop(card, {"why": "repeat"})["why"] == "repeat"
    assert {item["why"] for item in items.values()} == {"new"}
    later = {item["card_id"]: item["why"] for item in ask(cook, exam, "plan", day=TODAY + 2)["items"]}
    assert later[card] == "review"


def test_more_minutes_bring_more_and_less_time_less(cook: Person, engine: Engine) -> None:
    exam = make(cook, minutes=[1] * 7)
    solve(engine)
    more = ask(cook, exam, "what-if", minutes=5)
    less = ask(cook, exam, "what-if", day=TODAY + 2)
    assert more["now"] == less["now"]
    assert more["outlook"]["mean"] >= more["now"]["mean"] - 0.004
    assert (more["minutes"], more["day"], less["day"]) == ([5] * 7, exam["day"], TODAY + 2)
    assert cook.get(f"/api/exams/{exam['id']}/what-if?day={TODAY - 1}").status_code == 422
    assert cook.get(f"/api/exams/{exam['id']}/what-if?minutes=0").status_code == 422


def test_questions_that_solve_a_plan_are_slowed_down(cook: Person, engine: Engine) -> None:
    exam = make(cook)
    solve(engine)
    answers = [cook.get(f"/api/exams/{exam['id']}/what-if?minutes=5") for _ in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60


def test_plans_reach_six_days_ahead(cook: Person) -> None:
    exam = make(cook)
    assert cook.get(f"/api/exams/{exam['id']}/plan?day={TODAY + 7}").status_code == 404
    assert cook.get(f"/api/exams/{exam['id']}/plan?day={TODAY - 1}").status_code == 404


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("exam-past", {"day": TODAY - 2}),
        ("exam-far", {"day": TODAY + 5_000}),
        ("exam-no-minutes", {"minutes": [0] * 7}),
        ("exam-no-cards", {"decks": ["018e0000-0000-7000-8000-000000000000"]}),
    ],
)
def test_a_refusal_has_words_in_both_languages(cook: Person, code: str, body: dict[str, Any]) -> None:
    said = set()
    for language in ("zh", "en"):
        cook.ask("PATCH", "/api/learner", {"language": language})
        answer = cook.post("/api/exams", {"name": "考", "day": TODAY + 6, "minutes": WEEK, **body})
        assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
        assert answer.json
        assert answer.json["type"] == f"/problems/{code}"
        said.add(answer.json["title"])
    assert len(said) == 2


def test_one_exam_too_many_is_refused_in_both_languages(cook: Person) -> None:
    fields = {"name": "考", "day": TODAY + 6, "minutes": WEEK}
    assert {cook.post("/api/exams", fields).status_code for _ in range(20)} == {201}
    said = {}
    for language in ("zh", "en"):
        cook.ask("PATCH", "/api/learner", {"language": language})
        answer = cook.post("/api/exams", fields)
        assert answer.json
        assert (answer.status_code, answer.json["type"]) == (422, "/problems/exam-too-many")
        said[language] = answer.json["title"]
    assert said["zh"] != said["en"]


def test_what_a_phone_sends_and_hears(cook: Person, engine: Engine, somebody: Callable[[], Person]) -> None:
    exam = cook.new_id()
    fields = {"name": "考", "day": TODAY + 6, "minutes": WEEK, "decks": None, "time": 600}
    edit = {
        "id": cook.new_id(), "entity": "exam", "op": "create", "entity_id": exam, "base_version": 0,
        "at": now_ms(), "fields": fields,
    }  # fmt: skip
    changes = cook.sync(edits=[edit])["changes"]
    assert [(row["id"], row["time"], row["decks"]) for row in changes["exams"]] == [(exam, 600, None)]
    solve(engine)
    changes = cook.sync()["changes"]
    assert [(row["exam_id"], row["state"], row["cards"]) for row in changes["exam_plans"]] == [
        (exam, "solved", 4)
    ]
    (day,) = changes["day_plans"]
    assert (day["exams"], day["count"], len(day["tables"]["groups"])) == ([exam], 4, 1)
    assert cook.get("/api/learner/export").text.count(exam) >= 2
