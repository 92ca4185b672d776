"""What a learner took out comes back to themselves: nothing is doubled, whatever kind of file it was."""

from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import Engine

from app.core.schedule import CardState
from app.db.models import Card, Event, Note
from app.db.rows import STATE_FIELDS
from app.services.decks import delete_deck
from app.services.export_decks import ExportFormat, export_decks
from app.services.rebuild import rebuild
from tests.factories import DAY, NOW, Phone, a_deck, a_note, a_phone, all_rows, random_bytes
from tests.services.importing import Desk

LATER = NOW + 20 * DAY


@pytest.fixture
def phone(engine: Engine) -> Phone:
    """A learner who answered, took back, set aside, flagged, put off and began anew."""
    phone = a_phone(engine)
    deck = a_deck(engine, phone.learner_id, "礼仪::宴会")
    for number in range(6):
        a_note(engine, phone.learner_id, deck, front=f"问{number}", back=f"答{number}")
    first, second, third, fourth, fifth, _ = _cards(phone)
    a_note(engine, phone.learner_id, a_deck(engine, phone.learner_id, "接待"), front="另问", back="另答")
    slip = phone.event(first, rating=1, at=NOW + 1)
    phone.sync(
        [
            phone.event(first, rating=3, at=NOW),
            slip,
            phone.event(first, "undo", at=NOW + 2, event=str(slip.id)),
            phone.event(first, rating=4, at=NOW + DAY),
            phone.event(second, rating=4, at=NOW + DAY),
            phone.event(second, "suspend", at=NOW + DAY + 4),
            phone.event(third, rating=1, at=NOW + 5),
            phone.event(third, "flag", at=NOW + 6, flag=3),
            phone.event(fourth, rating=4, at=NOW + 7),
            phone.event(fourth, "due", at=NOW + 8, day=(NOW + 30 * DAY) // DAY),
            phone.event(fifth, rating=3, at=NOW + 9),
            phone.event(fifth, "reset", at=NOW + 10),
        ],
        now=NOW + 2 * DAY,
    )
    return phone


def _cards(phone: Phone) -> list[Any]:
    return [row["id"] for row in sorted(all_rows(phone.engine, Card), key=lambda row: row["position"])]


def _schedules(phone: Phone) -> dict[Any, CardState]:
    return {
        row["id"]: CardState(**{name: row[name] for name in STATE_FIELDS})
        for row in all_rows(phone.engine, Card)
    }


def _taken_out(phone: Phone, wanted: ExportFormat) -> tuple[bytes, str]:
    out = export_decks(
        phone.engine, Path(), phone.learner_id, wanted, deck_id=None, history=True, now=NOW + 3 * DAY
    )
    return b"".join(out.pieces), out.filename


@pytest.mark.parametrize("wanted", get_args(ExportFormat))
def test_own_files_add_nothing(phone: Phone, tmp_path: Path, wanted: ExportFormat) -> None:
    content, name = _taken_out(phone, wanted)
    first, second, *_ = _cards(phone)
    phone.sync(
        [
            phone.event(first, rating=3, at=NOW + 9 * DAY),
            phone.event(second, "unsuspend", at=NOW + 9 * DAY + 1),
        ],
        now=NOW + 9 * DAY + 2,
    )
    before = [all_rows(phone.engine, table) for table in (Note, Card, Event)]
    row = Desk(phone.engine, tmp_path, phone.learner_id, LATER).do(content, name)
    assert {key: row.counts[key] for key in ("new", "updated", "conflicts", "unchanged", "new_reviews")} == {
        "new": 0, "updated": 0, "conflicts": 0, "unchanged": 7, "new_reviews": 0,
    }  # fmt: skip
    assert [all_rows(phone.engine, table) for table in (Note, Card, Event)] == before


@pytest.mark.parametrize("wanted", ["apkg", "apkg-legacy", "json"])
def test_own_files_bring_back_what_a_deleted_deck_had(
    phone: Phone, tmp_path: Path, wanted: ExportFormat
) -> None:
    content, name = _taken_out(phone, wanted)
    before = _schedules(phone)
    deck_id = next(row["deck_id"] for row in all_rows(phone.engine, Card) if row["flag"])
    delete_deck(phone.engine, phone.learner_id, deck_id, now=NOW + 10 * DAY, random=random_bytes)
    desk = Desk(phone.engine, tmp_path, phone.learner_id, LATER)
    desk.do(content, name)
    assert _schedules(phone) == before
    assert rebuild(phone.engine, LATER) == 0
