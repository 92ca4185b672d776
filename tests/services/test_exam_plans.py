"""Plans of exams: solved from the log, told to the phones, warm day by day, put away after the exam."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from app.config import Settings
from app.core.exam.records import key_of, unpack
from app.core.exam.tables import load
from app.core.notes import DeckDraft, NoteDraft
from app.db.models import Card, DayPlan, Event, ExamPlan, cards
from app.db.rows import DayPlanRow, ExamPlanRow
from app.jobs import HANDLERS, work_off
from app.services.catalogue import add_deck
from app.services.decks import delete_deck
from app.services.exam_plans import solve_plans
from app.services.learners import LearnerChanges, change_learner
from app.services.rebuild import rebuild
from tests.factories import (
    DAY,
    NOW,
    Phone,
    a_deck,
    a_phone,
    all_rows,
    an_edit,
    an_id,
    random_bytes,
    some_cards,
    today,
)

WEEK = [10] * 7


@pytest.fixture
def phone(engine: Engine) -> Phone:
    return a_phone(engine)


@pytest.fixture
def deck(phone: Phone) -> UUID:
    return a_deck(phone.engine, phone.learner_id)


@pytest.fixture
def made(phone: Phone, deck: UUID) -> list[UUID]:
    return some_cards(phone.engine, phone.learner_id, 8, deck)


def name_exam(phone: Phone, now: int = NOW, **fields: Any) -> UUID:
    edit = an_edit(
        "exam", "create", an_id(), base=0, at=now,
        **{"name": "考", "day": today(now) + 5, "minutes": WEEK, **fields},
    )  # fmt: skip
    assert phone.sync(edits=[edit], now=now).refused == []
    return edit.entity_id


def plan(phone: Phone, now: int = NOW) -> dict[str, Any]:
    return solve_plans(phone.engine, phone.learner_id, now=now, random=random_bytes)


def told(phone: Phone, now: int = NOW) -> tuple[dict[UUID, ExamPlanRow], DayPlanRow | None]:
    """What a new phone hears of plans."""
    changes = a_phone(phone.engine, phone.learner_id).sync(now=now).changes
    assert len(changes.day_plans) <= 1
    return {row.exam_id: row for row in changes.exam_plans}, next(iter(changes.day_plans), None)


def test_a_named_exam_gets_its_plan_from_the_worker(phone: Phone, made: list[UUID]) -> None:
    exam = name_exam(phone)
    assert work_off(phone.engine, Settings(), lambda: NOW) == 1
    plans, day = told(phone)
    body = plans[exam].body
    assert (body["state"], body["cards"], body["seen"], body["seconds"]) == ("solved", 8, 0, 600.0)
    assert body["readiness"]["mean"] == 0
    assert body["outlook"]["low"] < body["outlook"]["mean"] < body["outlook"]["high"]
    assert [step["day"] for step in body["path"]] == [today() + ahead for ahead in range(5)]
    assert body["outlook"]["mean"] == body["path"][-1]["mean"] > 0.6
    assert (body["left_out"]["count"], body["history"]) == (0, [])
    assert "exam-plan" in HANDLERS
    assert day is not None
    assert (day.body["exams"], day.body["count"], day.body["seconds"]) == (
        [str(exam)],
        8,
        [600.0] * 5 + [0.0],
    )


def test_a_phone_gets_every_card_with_its_state_of_the_morning(phone: Phone, made: list[UUID]) -> None:
    phone.sync(
        [
            phone.event(card, at=NOW - 3 * DAY, rating=rating)
            for card, rating in zip(made[:3], (1, 3, 4), strict=True)
        ]
    )
    phone.sync([phone.event(made[5], at=NOW)])
    name_exam(phone)
    plan(phone)
    _, day = told(phone)
    assert day is not None
    planned = unpack(day.body["cards"])
    assert list(planned.keys) == [key_of(card) for card in made]
    assert list(planned.cards.seen) == [True] * 3 + [False] * 5
    assert list(planned.cards.last_day[:3]) == [-3] * 3
    assert list(planned.cards.stability[:3]) == sorted(planned.cards.stability[:3])
    assert set(planned.group) == {0}
    assert [table.day for table in load(day.body["tables"])[0]] == list(range(5))


def test_marks_reach_the_plan(phone: Phone, deck: UUID, made: list[UUID]) -> None:
    other = a_deck(phone.engine, phone.learner_id, "洽谈")
    some_cards(phone.engine, phone.learner_id, 2, other)
    exam = name_exam(
        phone,
        cards={str(made[0]): "dropped", str(made[7]): "pinned"},
        sections={str(other): {"share": 0.5, "pinned": False, "dropped": False}},
    )
    plan(phone)
    plans, day = told(phone)
    sections = {section["deck_id"]: section for section in plans[exam].body["sections"]}
    assert plans[exam].body["cards"] == 9
    assert (sections[str(other)]["cards"], sections[str(other)]["share"]) == (2, 0.5)
    assert sections[str(deck)]["share"] == 0.5
    assert day is not None
    planned = unpack(day.body["cards"])
    assert key_of(made[0]) not in planned.keys
    assert [key for key, pinned in zip(planned.keys, planned.pinned, strict=True) if pinned] == [
        key_of(made[7])
    ]


def test_the_next_morning_plans_anew_and_remembers_what_was_said(phone: Phone, made: list[UUID]) -> None:
    exam = name_exam(phone)
    plan(phone)
    said = told(phone)[0][exam].body
    answers = [phone.event(card, at=NOW, rating=3, exam=str(exam)) for card in made]
    phone.sync(answers, now=NOW + 60_000)
    assert plan(phone, NOW + 60_000)["solved"] == 0
    phone.sync(now=NOW + DAY)
    assert plan(phone, NOW + DAY)["solved"] == 1
    body = told(phone, NOW + DAY)[0][exam].body
    assert body["seen"] == 8
    assert body["readiness"]["mean"] > 0.3
    (day,) = body["history"]
    assert (day["day"], day["planned"], day["spent"]) == (today(), 600.0, 8.0)
    assert (day["readiness"], day["outlook"]) == (said["readiness"], said["outlook"])
    assert len(all_rows(phone.engine, DayPlan)) == 1


def test_an_edit_is_planned_at_once_and_an_unchanged_day_is_not_planned_twice(
    phone: Phone, made: list[UUID]
) -> None:
    exam = name_exam(phone)
    assert [plan(phone)["solved"], plan(phone)["solved"]] == [1, 0]
    phone.sync(edits=[an_edit("exam", "update", exam, minutes=[30] * 7)])
    assert plan(phone)["solved"] == 1
    row = told(phone)[0][exam]
    assert (row.exam_version, row.body["seconds"]) == (2, 1800.0)


def test_new_cards_of_any_road_are_planned(phone: Phone, made: list[UUID]) -> None:
    name_exam(phone)
    plan(phone)
    work_off(phone.engine, Settings(), lambda: NOW)
    shipped = [
        DeckDraft("s", "厨房", "", "zh", 1, (NoteDraft("s-1", "basic", {"front": "锅", "back": "pot"}),))
    ]
    add_deck(phone.engine, phone.learner_id, shipped, "s", now=NOW, random=random_bytes)
    assert work_off(phone.engine, Settings(), lambda: NOW) == 1
    _, day = told(phone)
    assert day is not None
    assert day.body["count"] == 9


def test_several_exams_share_the_minutes_of_the_day(phone: Phone, deck: UUID, made: list[UUID]) -> None:
    other = a_deck(phone.engine, phone.learner_id, "洽谈")
    some_cards(phone.engine, phone.learner_id, 3, other)
    late = name_exam(phone, decks=[str(other)], day=today() + 8, minutes=[20] * 7)
    soon = name_exam(phone, decks=[str(deck)])
    plan(phone)
    plans, day = told(phone)
    assert day is not None
    assert day.body["exams"] == [str(soon), str(late)]
    assert day.body["seconds"] == [1200.0] * 8 + [0.0]
    planned = unpack(day.body["cards"])
    assert [int(exam) for exam in planned.exam] == [0] * 8 + [1] * 3
    assert {plans[soon].body["cards"], plans[late].body["cards"]} == {8, 3}


def test_decks_deleted_meanwhile_leave_an_exam_without_cards(
    phone: Phone, deck: UUID, made: list[UUID]
) -> None:
    exam = name_exam(phone, decks=[str(deck)])
    plan(phone)
    delete_deck(phone.engine, phone.learner_id, deck, now=NOW, random=random_bytes)
    plan(phone)
    body = told(phone)[0][exam].body
    assert (body["state"], body["cards"], body["path"] == [], body["sections"]) == ("no-cards", 0, False, [])


def test_no_open_day_before_the_exam_is_said(phone: Phone, made: list[UUID]) -> None:
    days_off = [today() + ahead for ahead in range(5)]
    exam = name_exam(phone, days_off=days_off)
    plan(phone)
    body = told(phone)[0][exam].body
    assert (body["state"], body["seconds"], body["outlook"]) == ("no-time", 0.0, body["readiness"])
    assert body["five_more"] > 0


def test_the_days_of_a_break_are_off(phone: Phone, made: list[UUID]) -> None:
    exam = name_exam(phone)
    plan(phone)
    away = LearnerChanges(settings={"breaks": [{"first": today() + 1, "last": today() + 3}]})
    change_learner(phone.engine, phone.learner_id, away, NOW, random_bytes)
    assert work_off(phone.engine, Settings(), lambda: NOW) == 1
    plans, day = told(phone)
    assert day is not None
    assert [seconds > 0 for seconds in day.body["seconds"][:5]] == [True, False, False, False, True]
    assert [step["seconds"] > 0 for step in plans[exam].body["path"]] == [True, False, False, False, True]


def test_an_exam_today_is_planned_for_this_morning(phone: Phone, made: list[UUID]) -> None:
    exam = name_exam(phone, day=today())
    plan(phone)
    plans, day = told(phone)
    assert plans[exam].body["state"] == "solved"
    assert day is not None
    assert day.body["at"] == [0.1]


def test_an_exam_in_five_years_and_twenty_exams_are_planned(phone: Phone, made: list[UUID]) -> None:
    far = name_exam(phone, day=today() + 1826)
    for ahead in range(19):
        name_exam(phone, day=today() + 3 + ahead)
    plan(phone)
    plans, day = told(phone)
    assert len(plans) == 20
    assert plans[far].body["path"][-1]["day"] == today() + 1825
    assert day is not None
    assert len(day.body["seconds"]) == 14


def test_after_the_exam_it_is_over_and_its_cards_come_back_spread_by_load(
    phone: Phone, made: list[UUID]
) -> None:
    exam = name_exam(phone, day=today() + 1)
    plan(phone)
    phone.sync([phone.event(card, at=NOW, rating=4, exam=str(exam)) for card in made])
    later = NOW + 40 * DAY
    phone.sync(now=later)
    done = plan(phone, later)
    assert done["spread"] == 8
    plans, day = told(phone, later)
    assert (plans[exam].body["state"], day) == ("over", None)
    with phone.engine.connect() as connection:
        due = list(connection.execute(select(cards.c.due_day)).scalars())
    assert min(due) == today(later)
    assert max(due.count(each) for each in due) == 1
    assert sum(row["kind"] == "due" for row in all_rows(phone.engine, Event)) == 8
    assert plan(phone, later) == {"solved": 0, "day": today(later)}
    assert rebuild(phone.engine, later, [phone.learner_id]) == 0


def test_an_exam_archived_before_its_day_gives_its_cards_back(phone: Phone, made: list[UUID]) -> None:
    exam = name_exam(phone, day=today() + 60)
    phone.sync([phone.event(card, at=NOW, rating=4, exam=str(exam)) for card in made])
    later = NOW + 40 * DAY
    plan(phone, later)
    phone.sync(edits=[an_edit("exam", "update", exam, at=later, archived=True)], now=later)
    assert plan(phone, later)["spread"] == 8
    assert sum(row["kind"] == "due" for row in all_rows(phone.engine, Event)) == 8
    assert told(phone, later)[1] is None
    assert plan(phone, later) == {"solved": 0, "day": today(later)}
    phone.sync(
        edits=[an_edit("exam", "update", exam, at=later + 1000, base=2, archived=False)], now=later + 1000
    )
    assert plan(phone, later + 1000)["solved"] == 1
    assert told(phone, later + 1000)[1] is not None


def test_undone_reset_and_practised_answers_do_not_count(phone: Phone, made: list[UUID]) -> None:
    first, second, third, fourth = made[:4]
    at = NOW - 2 * DAY
    undone = phone.event(first, at=at)
    others = [phone.event(second, at=at), phone.event(third, at=at, mode="cram"), phone.event(fourth, at=at)]
    phone.sync([undone, *others])
    later = at + 1
    phone.sync(
        [phone.event(first, "undo", at=later, event=str(undone.id)), phone.event(second, "reset", at=later)]
    )
    name_exam(phone)
    plan(phone)
    _, day = told(phone)
    assert day is not None
    assert [int(seen) for seen in unpack(day.body["cards"]).cards.seen] == [0, 0, 0, 1, 0, 0, 0, 0]


def test_a_state_brought_from_elsewhere_is_where_a_card_starts(phone: Phone, made: list[UUID]) -> None:
    brought: dict[str, Any] = {
        "phase": 2, "stability": 40.0, "difficulty": 6.0, "due_day": today() + 9, "last_day": today() - 20,
        "reps": 7, "lapses": 1,
    }  # fmt: skip
    phone.sync([phone.event(made[0], "seed", at=NOW, **brought)])
    name_exam(phone)
    plan(phone)
    _, day = told(phone)
    assert day is not None
    state = unpack(day.body["cards"]).cards
    assert (bool(state.seen[0]), int(state.last_day[0])) == (True, -20)
    assert 10 < state.stability[0] < 80


def test_a_deleted_exam_takes_its_plan_along(phone: Phone, made: list[UUID]) -> None:
    exam = name_exam(phone)
    plan(phone)
    phone.sync(edits=[an_edit("exam", "delete", exam)])
    assert all_rows(phone.engine, ExamPlan) == []
    plan(phone)
    assert all_rows(phone.engine, DayPlan) == []
    assert len(all_rows(phone.engine, Card)) == 8
