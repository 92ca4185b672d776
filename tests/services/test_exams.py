"""Exams as content: made and edited on any phone, merged part by part, refused with a reason."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from app.core.errors import Missing
from app.db.models import Exam, Job, Tombstone
from app.db.rows import ExamRow
from app.services import exams
from app.services.edit_bench import EditIn
from app.services.learners import delete_account
from app.services.paging import Page
from app.services.rebuild import rebuild
from app.services.sync import SyncResult
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

WEEK = [15, 15, 15, 15, 15, 30, 0]
YEAR = 365


@pytest.fixture
def phone(engine: Engine) -> Phone:
    return a_phone(engine)


@pytest.fixture
def deck(phone: Phone) -> UUID:
    deck_id = a_deck(phone.engine, phone.learner_id)
    some_cards(phone.engine, phone.learner_id, 3, deck_id)
    return deck_id


def creation(deck: UUID | None = None, exam: UUID | None = None, **fields: Any) -> EditIn:
    decks = {} if deck is None else {"decks": [str(deck)]}
    said = {"name": "公关员", "day": today() + 14, "minutes": WEEK, **decks, **fields}
    return an_edit("exam", "create", exam or an_id(), base=0, **said)


@pytest.fixture
def exam(phone: Phone, deck: UUID) -> UUID:
    edit = creation(deck)
    assert phone.sync(edits=[edit]).refused == []
    return edit.entity_id


def read(phone: Phone, exam: UUID) -> ExamRow:
    return exams.read_exam(phone.engine, phone.learner_id, exam)


def codes(result: SyncResult) -> list[str]:
    return [item.problem.code for item in result.refused]


def test_an_exam_made_on_one_phone_is_on_the_other(phone: Phone, deck: UUID) -> None:
    edit = creation(deck, sections={str(deck): {"share": 0.3, "pinned": False, "dropped": False}}, time=None)
    mine = phone.sync(edits=[edit]).changes.exams
    theirs = a_phone(phone.engine, phone.learner_id).sync().changes.exams
    assert mine == theirs == [read(phone, edit.entity_id)]
    (row,) = mine
    assert (row.name, row.minutes, row.decks, row.version) == ("公关员", WEEK, [str(deck)], 1)
    assert row.sections[str(deck)]["share"] == 0.3
    assert phone.sync(edits=[edit]).changes.exams == []


def test_two_phones_change_different_parts_and_both_stay(phone: Phone, deck: UUID, exam: UUID) -> None:
    one, other = str(an_id()), str(an_id())
    first = an_edit("exam", "update", exam, minutes=[20] * 7, cards={one: "pinned"})
    second = an_edit("exam", "update", exam, name="笔试", cards={other: "dropped"}, target=0.9)
    assert [phone.sync(edits=[edit]).conflicts for edit in (first, second)] == [[], []]
    row = read(phone, exam)
    assert (row.name, row.minutes, row.target, row.version) == ("笔试", [20] * 7, 0.9, 3)
    assert row.cards == {one: "pinned", other: "dropped"}
    phone.sync(edits=[an_edit("exam", "update", exam, base=3, cards={one: None}, target=None)])
    assert (read(phone, exam).cards, read(phone, exam).target) == ({other: "dropped"}, None)


@pytest.mark.parametrize("later_first", [True, False])
def test_two_phones_change_one_part_and_the_later_one_stays(
    phone: Phone, exam: UUID, later_first: bool
) -> None:
    card = str(an_id())
    early = an_edit("exam", "update", exam, at=NOW, day=today() + 20, cards={card: "pinned"})
    late = an_edit("exam", "update", exam, at=NOW + 1, day=today() + 30, cards={card: "dropped"})
    order = [late, early] if later_first else [early, late]
    assert phone.sync(edits=order[:1]).conflicts == []
    met = {
        conflict.field: (conflict.kept, conflict.other) for conflict in phone.sync(edits=order[1:]).conflicts
    }
    assert met == {"day": (today() + 30, today() + 20), f"cards.{card}": ("dropped", "pinned")}
    assert (read(phone, exam).day, read(phone, exam).cards) == (today() + 30, {card: "dropped"})


def test_a_deleted_exam_is_gone_everywhere_and_comes_back(phone: Phone, exam: UUID) -> None:
    other = a_phone(phone.engine, phone.learner_id)
    other.sync()
    phone.sync(edits=[an_edit("exam", "delete", exam)])
    assert [(stone.entity, stone.id) for stone in other.sync().changes.tombstones] == [("exam", exam)]
    with pytest.raises(Missing, match="exam-missing"):
        read(phone, exam)
    phone.sync(edits=[an_edit("exam", "restore", exam)])
    assert [row.id for row in other.sync().changes.exams] == [exam]
    assert all_rows(phone.engine, Tombstone) == []


def test_an_edit_that_a_deletion_did_not_know_of_wins(phone: Phone, exam: UUID) -> None:
    phone.sync(edits=[an_edit("exam", "update", exam, minutes=[5] * 7)])
    (conflict,) = phone.sync(edits=[an_edit("exam", "delete", exam, base=1)]).conflicts
    assert (conflict.field, conflict.kept) == ("deleted", False)
    phone.sync(edits=[an_edit("exam", "delete", exam, base=2)])
    (conflict,) = phone.sync(edits=[an_edit("exam", "update", exam, base=2, name="再考")]).conflicts
    assert conflict.field == "deleted"
    assert read(phone, exam).name == "再考"


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("exam-past", {"day": today() - 1}),
        ("exam-far", {"day": today() + 11 * YEAR}),
        ("exam-no-minutes", {"minutes": [0] * 7}),
        ("exam-no-cards", {"decks": [str(an_id())]}),
        ("exam-shares", {"sections": {str(an_id()): {"share": 0.6}, str(an_id()): {"share": 0.5}}}),
        ("exam-marks", {"cards": {str(an_id()): "pinned" for _ in range(5_001)}}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_is_refused_by_name_and_changes_nothing(
    phone: Phone, deck: UUID, exam: UUID, code: str, fields: dict[str, Any]
) -> None:
    before = read(phone, exam)
    result = phone.sync(edits=[creation(deck, **fields), an_edit("exam", "update", exam, **fields)])
    assert codes(result) == [code, code]
    assert read(phone, exam) == before
    assert len(all_rows(phone.engine, Exam)) == 1


def test_an_exam_in_five_years_is_taken(phone: Phone, deck: UUID) -> None:
    assert phone.sync(edits=[creation(deck, day=today() + 5 * YEAR)]).refused == []


def test_an_exam_made_offline_the_day_before_it_is_taken_afterwards(phone: Phone, deck: UUID) -> None:
    edit = creation(deck, day=today() + 1)
    assert phone.sync(edits=[edit], now=NOW + 3 * DAY).refused == []
    late = an_edit("exam", "create", an_id(), base=0, at=NOW + 3 * DAY, **edit.fields)
    assert codes(phone.sync(edits=[late], now=NOW + 3 * DAY)) == ["exam-past"]


def test_an_exam_of_cards_made_in_the_same_sync_is_taken(phone: Phone) -> None:
    deck, note = an_id(), an_id()
    words: dict[str, Any] = {"deck_id": str(deck), "kind": "basic", "fields": {"front": "问", "back": "答"}}
    result = phone.sync(
        edits=[
            an_edit("deck", "create", deck, base=0, name="新"),
            an_edit("note", "create", note, base=0, **words),
            creation(deck),
        ]
    )
    assert result.refused == []


def test_the_twenty_first_exam_is_refused_until_one_is_archived(phone: Phone, deck: UUID) -> None:
    made = [creation(deck) for _ in range(20)]
    assert phone.sync(edits=made).refused == []
    assert codes(phone.sync(edits=[creation(deck)])) == ["exam-too-many"]
    phone.sync(edits=[an_edit("exam", "update", made[0].entity_id, archived=True)])
    assert phone.sync(edits=[creation(deck)]).refused == []
    back = an_edit("exam", "update", made[0].entity_id, base=2, archived=False)
    assert codes(phone.sync(edits=[back])) == ["exam-too-many"]


def test_ids_are_nobody_elses(phone: Phone, deck: UUID, exam: UUID) -> None:
    assert codes(phone.sync(edits=[creation(deck, exam), creation(deck, deck)])) == [
        "exam-exists",
        "id-taken",
    ]
    stranger = a_phone(phone.engine)
    assert codes(stranger.sync(edits=[an_edit("exam", "update", exam, name="x")])) == ["exam-missing"]


def test_lists_page_through_every_exam_by_day(phone: Phone, deck: UUID) -> None:
    for ahead in (9, 3, 3, 30, 1):
        phone.sync(edits=[creation(deck, day=today() + ahead)])
    found: list[int] = []
    page: Page[ExamRow] | None = None
    while page is None or page.next:
        page = exams.list_exams(phone.engine, phone.learner_id, page.next if page else None, 2)
        found += [row.day - today() for row in page.items]
    assert found == [1, 3, 3, 9, 30]


def test_one_exam_over_http_takes_the_same_road(phone: Phone, deck: UUID) -> None:
    engine, me = phone.engine, phone.learner_id
    made = exams.create_exam(
        engine, me, {"name": "考", "day": today(), "minutes": WEEK}, now=NOW, random=random_bytes
    )
    changed = exams.change_exam(
        engine, me, made.id, {"result": {"passed": True, "score": "86"}}, now=NOW, random=random_bytes
    )
    assert (changed.exam.result, changed.conflicts) == ({"passed": True, "score": "86"}, [])
    exams.delete_exam(engine, me, made.id, now=NOW, random=random_bytes)
    assert exams.restore_exam(engine, me, made.id, now=NOW, random=random_bytes).id == made.id
    exams.delete_exam(engine, me, made.id, now=NOW, random=random_bytes)
    with pytest.raises(Missing, match="exam-missing"):
        exams.restore_exam(engine, me, made.id, now=NOW + 31 * DAY, random=random_bytes)


def test_what_an_exam_needs_is_asked_for_once(phone: Phone, deck: UUID) -> None:
    assert all_rows(phone.engine, Job) == []
    phone.sync(edits=[creation(deck)])
    phone.sync(edits=[creation(deck)])
    (job,) = all_rows(phone.engine, Job)
    assert (job["kind"], job["state"], job["input"]) == ("exam-plan", "waiting", {"day": today()})
    phone.sync(now=NOW + DAY)
    phone.sync(now=NOW + DAY)
    assert sorted(job["input"]["day"] for job in all_rows(phone.engine, Job)) == [today(), today() + 1]


def test_rebuilding_leaves_exams_alone_and_deleting_the_account_does_not(phone: Phone, exam: UUID) -> None:
    assert rebuild(phone.engine, NOW, [phone.learner_id]) == 0
    assert read(phone, exam).id == exam
    delete_account(phone.engine, phone.learner_id)
    assert all_rows(phone.engine, Exam) == []
