"""What goes after its time, and what must stay."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from app.core.day import DAY_MS
from app.core.errors import DomainError
from app.db.constraints import table_of
from app.db.engine import writing
from app.db.models import (
    ApiToken,
    Card,
    DayStat,
    Deck,
    EditDone,
    Event,
    Job,
    JoinCode,
    Learner,
    Note,
    NoteVersion,
    SignIn,
    Throttle,
)
from app.services.decks import delete_deck
from app.services.notes import delete_note
from app.services.purge import purge
from app.services.rebuild import rebuild
from tests.factories import (
    NOW,
    Phone,
    a_deck,
    a_note,
    a_phone,
    a_row,
    all_rows,
    an_edit,
    an_id,
    random_bytes,
    some_cards,
)

LATE = NOW + 32 * DAY_MS


@pytest.fixture
def phone(engine: Engine) -> Phone:
    return a_phone(engine)


def deleted_note(phone: Phone, *, answered: bool) -> tuple[UUID, UUID]:
    """A note that was edited and deleted, and its card."""
    (card,) = some_cards(phone.engine, phone.learner_id, 1)
    (note,) = [row["id"] for row in all_rows(phone.engine, Note) if row["deleted_at"] is None]
    phone.sync(
        [phone.event(card)] if answered else [], [an_edit("note", "update", note, fields={"back": "新"})]
    )
    delete_note(phone.engine, phone.learner_id, note, now=NOW, random=random_bytes)
    return note, card


def test_a_note_without_answers_goes_with_its_card_and_versions(phone: Phone) -> None:
    deleted_note(phone, answered=False)
    assert purge(phone.engine, LATE) > 0
    assert [all_rows(phone.engine, model) for model in (Note, Card, NoteVersion)] == [[], [], []]
    assert len(all_rows(phone.engine, Deck)) == 1


def test_an_answered_card_stays_for_the_statistics_but_says_nothing(phone: Phone) -> None:
    note, card = deleted_note(phone, answered=True)
    days = all_rows(phone.engine, DayStat)
    purge(phone.engine, LATE)
    (row,) = all_rows(phone.engine, Note)
    assert (row["id"], row["fields"], row["source"], row["search_text"]) == (note, {}, None, "")
    assert [row["id"] for row in all_rows(phone.engine, Card)] == [card]
    assert all_rows(phone.engine, NoteVersion) == []
    assert len(all_rows(phone.engine, Event)) == 1
    assert rebuild(phone.engine, LATE) == 0
    assert all_rows(phone.engine, DayStat) == days
    assert purge(phone.engine, LATE) == 0


def test_what_can_come_back_stays_whole(phone: Phone) -> None:
    note, _ = deleted_note(phone, answered=False)
    before = [all_rows(phone.engine, model) for model in (Note, Card, NoteVersion)]
    purge(phone.engine, NOW + 30 * DAY_MS)
    assert [all_rows(phone.engine, model) for model in (Note, Card, NoteVersion)] == before
    phone.sync([], [an_edit("note", "restore", note)], now=NOW + 30 * DAY_MS)
    (row,) = all_rows(phone.engine, Note)
    assert (row["deleted_at"], row["fields"]["back"]) == (None, "新")


def test_what_went_cannot_be_brought_back_empty(phone: Phone) -> None:
    note, _ = deleted_note(phone, answered=True)
    purge(phone.engine, LATE)
    told = phone.sync(
        [],
        [an_edit("note", "restore", note), an_edit("note", "update", note, fields={"back": "x"})],
        now=LATE,
    )
    assert [item.problem.code for item in told.refused] == ["note-missing", "note-missing"]
    assert all(isinstance(item.problem, DomainError) for item in told.refused)


def test_an_empty_deck_goes(phone: Phone) -> None:
    kept, gone = a_deck(phone.engine, phone.learner_id, "甲"), a_deck(phone.engine, phone.learner_id, "乙")
    for deck in (kept, gone):
        a_note(phone.engine, phone.learner_id, deck)
    delete_deck(phone.engine, phone.learner_id, gone, now=NOW, random=random_bytes)
    purge(phone.engine, LATE)
    assert [row["id"] for row in all_rows(phone.engine, Deck)] == [kept]
    assert len(all_rows(phone.engine, Note)) == 1


def test_proofs_and_notes_of_old_requests_go(engine: Engine) -> None:
    old: dict[Any, tuple[str, dict[str, Any], dict[str, Any]]] = {
        JoinCode: ("join_code", {"expires_at": NOW - 1}, {"expires_at": NOW + 1}),
        Throttle: ("throttle", {"window_start": NOW - 2 * DAY_MS}, {"window_start": NOW}),
        SignIn: ("session", {"seen_at": NOW - 401 * DAY_MS}, {"seen_at": NOW - 399 * DAY_MS}),
        EditDone: ("edit", {"received_at": NOW - 181 * DAY_MS}, {"received_at": NOW - 179 * DAY_MS}),
        Job: ("job", {"state": "done", "created_at": NOW - 31 * DAY_MS}, {"created_at": NOW - 31 * DAY_MS}),
    }
    with writing(engine) as session:
        session.execute(table_of(Learner).insert(), [a_row("learner")])
        for model, (name, gone, kept) in old.items():
            for values, mark in ((gone, b"a"), (kept, b"b")):
                own: dict[str, Any] = {"key": mark.decode()} if name == "throttle" else {"id": an_id()}
                secret: dict[str, Any] = (
                    {"secret_hash": mark * 32} if name in ("join_code", "session") else {}
                )
                session.execute(table_of(model).insert(), [a_row(name, **own, **secret, **values)])
        session.execute(table_of(ApiToken).insert(), [a_row("api_token")])
    assert purge(engine, NOW) == len(old)
    for model, (_, _, kept) in old.items():
        (row,) = all_rows(engine, model)
        assert kept.items() <= row.items()
    assert len(all_rows(engine, ApiToken)) == 1
