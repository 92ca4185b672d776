"""Our own export read again: the cards, and the history that leads to the same schedules."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from app.db.models import Card
from app.formats.account_json import looks_like_account, read_account
from app.formats.anki_collection import Reading
from app.formats.choose import read_file
from app.formats.drafts import ImportDraft, gather
from app.formats.limits import DEFAULT_LIMITS
from app.formats.refusals import FileRefused
from app.services.export_account import export_account
from tests.factories import DAY, NOW, ZONE, a_deck, a_note, a_phone, all_rows


def read(text: str, scheduling: bool = True) -> ImportDraft:
    reading = Reading(ZONE, 4, NOW + 20 * DAY, scheduling)
    return gather(read_account(text, reading, limits=DEFAULT_LIMITS))


def test_an_export_brings_notes_and_history_back(engine: Engine) -> None:
    phone = a_phone(engine)
    deck = a_deck(engine, phone.learner_id, "礼仪::称呼")
    a_note(engine, phone.learner_id, deck, "reverse", front="久仰", back="初次见面")
    a_note(engine, phone.learner_id, deck, front="请教", back="请人指点")
    cards = sorted(all_rows(engine, Card), key=lambda row: (row["position"], row["ordinal"]))
    slip = phone.event(cards[0]["id"], rating=1, at=NOW + 1)
    events = [
        phone.event(cards[0]["id"], rating=3, at=NOW),
        slip,
        phone.event(cards[0]["id"], "undo", at=NOW + 2, event=str(slip.id)),
        phone.event(cards[0]["id"], rating=4, at=NOW + DAY),
        phone.event(cards[1]["id"], "flag", at=NOW + 5, flag=3),
        phone.event(cards[2]["id"], "suspend", at=NOW + 6),
    ]
    phone.sync(events, now=NOW + 2 * DAY)
    text = b"".join(export_account(engine, Path(), phone.learner_id, NOW + 2 * DAY)).decode()
    assert looks_like_account(text)
    draft = read(text)
    assert [(note.kind, note.fields["front"], len(note.cards)) for note in draft.notes] == [
        ("reverse", "久仰", 2),
        ("basic", "请教", 1),
    ]
    assert [deck.name for deck in draft.decks] == ["礼仪::称呼"]
    drafts = [card for note in draft.notes for card in note.cards]
    assert [[(event.kind, event.rating) for event in card.events] for card in drafts] == [
        [("answer", 3), ("answer", 4)],
        [("flag", None)],
        [("suspend", None)],
    ]
    assert drafts[1].events[0].data == {"flag": 3}
    assert all(not card.events for note in read(text, scheduling=False).notes for card in note.cards)


@pytest.mark.parametrize(
    "broken",
    [
        "{",
        "[]",
        '{"format": "wengu-account"}',
        '{"format": "wengu-account", "version": 2}',
        '{"format": "wengu-account", "version": 1}',
        '{"format": "wengu-account", "version": 1, "decks": 3, "notes": [1, null]}',
    ],
)
def test_what_is_no_export_is_refused(broken: str) -> None:
    with pytest.raises(FileRefused):
        read(broken)


def test_rows_that_make_no_sense_are_left_out() -> None:
    data: dict[str, Any] = {
        "format": "wengu-account",
        "version": 1,
        "decks": [{"id": "d", "name": "a"}],
        "notes": [
            {"id": "n", "deck_id": "d", "guid": "g", "kind": "basic", "fields": {"front": "x", "back": "y"}},
            {"id": "m", "deck_id": "d", "guid": "h", "kind": "script", "fields": {"front": "x"}},
            {"id": "o", "deck_id": "elsewhere", "guid": "i", "kind": "basic", "fields": {}},
            {"id": "p", "deck_id": "d", "guid": "j", "kind": "basic", "fields": {"front": "x"}},
        ],
        "cards": [
            {"id": "c", "note_id": "n", "deck_id": "d", "ordinal": 0, "position": "many"},
            {"id": "e", "note_id": "n", "deck_id": "d", "ordinal": 7},
        ],
        "events": [
            {"id": "1", "card_id": "c", "kind": "answer", "rating": 9, "effective_at": 5, "day": 5},
            {"id": "2", "card_id": "c", "kind": "explode", "effective_at": 5, "day": 5},
            {"id": "3", "card_id": "c", "kind": "answer", "rating": 3, "effective_at": 10**30, "day": 5},
        ],
    }
    draft = read(json.dumps(data))
    (note,) = draft.notes
    assert [card.ordinal for card in note.cards] == [0]
    assert [event.at for event in note.cards[0].events] == [NOW + 20 * DAY]
    assert {skipped.code for skipped in draft.skipped} == {"note-type-missing", "row-invalid"}


def test_pictures_may_make_an_export_longer_than_any_table(tmp_path: Path) -> None:
    limits = replace(DEFAULT_LIMITS, text=600, upload=3_000)
    export = tmp_path / "export.json"

    def read_with(size: int) -> ImportDraft:
        note = {
            "id": "n",
            "deck_id": "d",
            "guid": "g",
            "kind": "basic",
            "fields": {"front": "x", "back": "y"},
        }
        card = {"id": "c", "note_id": "n", "deck_id": "d", "ordinal": 0}
        body = {
            "format": "wengu-account",
            "version": 1,
            "decks": [{"id": "d", "name": "a"}],
            "notes": [note],
            "cards": [card],
            "media": ["a" * size],
        }
        export.write_text(json.dumps(body), "utf-8")
        return gather(read_file(export, "auto", Reading(ZONE, 4, NOW), limits=limits))

    assert len(read_with(1_000).notes) == 1
    with pytest.raises(FileRefused) as refused:
        read_with(4_000)
    assert refused.value.code == "file-too-large"
