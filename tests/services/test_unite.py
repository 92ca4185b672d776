"""What an anonymous learner did is added to an account: all of it, once, however often it is asked for."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, insert, select, update

from app.core.errors import Conflict, Missing
from app.core.ids import card_id_of
from app.core.notes import DeckDraft, NoteDraft
from app.db.engine import writing
from app.db.models import Card, Event, Learner, NoteVersion, learners, media, note_media, note_types, united
from app.db.rows import CardRow, DeckRow
from app.services import unite as unite_module
from app.services.cards import read_card
from app.services.catalogue import add_deck
from app.services.decks import delete_deck, list_decks
from app.services.learners import read_learner
from app.services.notes import NoteChanges, change_note, delete_note, list_notes, read_note
from app.services.rebuild import rebuild
from app.services.unite import delete_with_united, forget_united, unite
from tests.factories import (
    DAY,
    HOUR,
    NOW,
    Phone,
    a_deck,
    a_learner,
    a_note,
    a_phone,
    a_row,
    all_rows,
    an_edit,
    an_id,
    random_bytes,
    today,
)

FIRST = NoteDraft("g-1", "basic", {"front": "锅", "back": "pot"})
SECOND = NoteDraft("g-2", "reverse", {"front": "刀", "back": "knife"})
KITCHEN = DeckDraft("kitchen", "厨房", "器具", "zh-CN", "1", (FIRST, SECOND))


@pytest.fixture
def account(engine: Engine) -> Phone:
    """A phone of the account that everything is added to."""
    made = a_phone(engine)
    with writing(engine) as session:
        named = update(learners).where(learners.c.id == made.learner_id)
        session.execute(named.values(kind="named", name="温故"))
    return made


@pytest.fixture
def guest(engine: Engine) -> Phone:
    return a_phone(engine)


def add_kitchen(engine: Engine, learner_id: UUID, draft: DeckDraft = KITCHEN) -> DeckRow:
    return add_deck(engine, learner_id, [draft], draft.slug, now=NOW, random=random_bytes).deck


def by_guid(engine: Engine, learner_id: UUID) -> dict[str, UUID]:
    page = list_notes(engine, learner_id, deck_id=None, q=None, cursor=None, limit=100)
    return {note.guid: note.id for note in page.items}


def add(engine: Engine, guest: Phone, account: Phone, data: Path, now: int = NOW) -> dict[UUID, UUID]:
    return unite(engine, data, guest.learner_id, account.learner_id, now=now, random=random_bytes)


def of(engine: Engine, model: Any, learner_id: UUID) -> list[dict[str, Any]]:
    return [row for row in all_rows(engine, model) if row["learner_id"] == learner_id]


def say(engine: Engine, phone: Phone, note: UUID, **fields: str) -> None:
    changes = NoteChanges(fields=fields)
    change_note(engine, phone.learner_id, note, changes, base_version=1, now=NOW, random=random_bytes)


def decks_of(engine: Engine, learner_id: UUID) -> list[DeckRow]:
    return [row.deck for row in list_decks(engine, learner_id, None, 100, NOW).items]


def card_of(engine: Engine, learner_id: UUID, card_id: UUID) -> CardRow:
    return read_card(engine, learner_id, card_id).card


def check(engine: Engine, learner_id: UUID) -> None:
    """Every cache is what the log says, and a phone can fetch it all."""
    assert rebuild(engine, NOW, [learner_id]) == 0
    phone = Phone(engine, learner_id)
    assert phone.sync().digest is not None


def test_answers_to_a_deck_that_both_have_meet_on_the_accounts_cards(
    engine: Engine, account: Phone, guest: Phone, tmp_path: Path
) -> None:
    for phone in (account, guest):
        add_kitchen(engine, phone.learner_id)
    theirs, mine = by_guid(engine, guest.learner_id), by_guid(engine, account.learner_id)
    pot, knife = (card_id_of(mine[guid], 0) for guid in ("g-1", "g-2"))
    account.sync([account.event(pot, at=NOW - 3 * DAY)])
    answers = [
        guest.event(card_id_of(theirs["g-1"], 0), at=NOW - DAY, rating=1),
        guest.event(card_id_of(theirs["g-2"], 0), at=NOW - HOUR),
    ]
    guest.sync(answers)
    moved = add(engine, guest, account, tmp_path)
    assert moved[card_id_of(theirs["g-1"], 0)] == pot
    assert moved[theirs["g-2"]] == mine["g-2"]
    card = card_of(engine, account.learner_id, pot)
    assert (card.reps, card.last_day) == (2, today(NOW - DAY))
    assert card_of(engine, account.learner_id, knife).reps == 1
    assert len(of(engine, Card, account.learner_id)) == 3
    assert {row["id"] for row in of(engine, Event, account.learner_id)} >= {each.id for each in answers}
    assert len(decks_of(engine, account.learner_id)) == 1
    check(engine, account.learner_id)


def test_own_decks_come_with_their_ids_history_and_marks(
    engine: Engine, account: Phone, guest: Phone, tmp_path: Path
) -> None:
    deck = a_deck(engine, guest.learner_id, "我的")
    note, gone = (a_note(engine, guest.learner_id, deck, front=f"问{n}", back="答") for n in "12")
    card = card_id_of(note, 0)
    wrong = guest.event(card, at=NOW - DAY, rating=1)
    events = [
        wrong,
        guest.event(card, "undo", at=NOW - DAY + 1, event=str(wrong.id)),
        guest.event(card, at=NOW - DAY + 2),
        guest.event(card, "flag", flag=3),
        guest.event(card_id_of(gone, 0), at=NOW - 2 * DAY),
    ]
    guest.sync(events)
    say(engine, guest, note, front="改")
    delete_note(engine, guest.learner_id, gone, now=NOW, random=random_bytes)
    before = card_of(engine, guest.learner_id, card)
    assert add(engine, guest, account, tmp_path) == {}
    after = card_of(engine, account.learner_id, card)
    assert after.state == before.state
    assert (after.deck_id, after.flag) == (deck, 3)
    assert read_note(engine, account.learner_id, note).note.fields["front"] == "改"
    assert [row["content"]["fields"]["front"] for row in of(engine, NoteVersion, account.learner_id)] == [
        "问1"
    ]
    assert {row["id"] for row in of(engine, Event, account.learner_id)} == {each.id for each in events}
    with pytest.raises(Missing):
        read_note(engine, account.learner_id, gone)
    check(engine, account.learner_id)


def test_asking_again_adds_nothing_and_what_came_meanwhile_is_added(
    engine: Engine, account: Phone, guest: Phone, tmp_path: Path
) -> None:
    add_kitchen(engine, guest.learner_id)
    deck = a_deck(engine, guest.learner_id, "我的")
    note = a_note(engine, guest.learner_id, deck)
    guest.sync([guest.event(card_id_of(note, 0), at=NOW - HOUR)])
    add(engine, guest, account, tmp_path)
    tables = (Card, Event, NoteVersion)
    before = [of(engine, model, account.learner_id) for model in tables]
    assert add(engine, guest, account, tmp_path) == {}
    assert [of(engine, model, account.learner_id) for model in tables] == before
    late = a_note(engine, guest.learner_id, deck, front="后来", back="答")
    guest.sync([guest.event(card_id_of(late, 0))])
    add(engine, guest, account, tmp_path)
    assert card_of(engine, account.learner_id, card_id_of(late, 0)).reps == 1
    assert len(of(engine, Event, account.learner_id)) == 2
    check(engine, account.learner_id)


def test_cut_off_at_any_statement_it_is_completed_by_asking_again(
    engine: Engine, account: Phone, guest: Phone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unite_module, "NOTES_AT_ONCE", 2)
    deck = a_deck(engine, guest.learner_id, "我的")
    made = [a_note(engine, guest.learner_id, deck, front=f"问{n}", back="答") for n in range(5)]
    answers = [guest.event(card_id_of(note, 0), at=NOW - HOUR + n) for n, note in enumerate(made)]
    guest.sync(answers)

    class Cut(Exception):
        pass

    left = 0

    def count_down(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Cut

    event.listen(engine, "before_cursor_execute", count_down)
    try:
        for left in (8, 20, 34, 48):  # noqa: B007 - counted down by the listener
            with pytest.raises(Cut):
                add(engine, guest, account, tmp_path)
    finally:
        event.remove(engine, "before_cursor_execute", count_down)
    add(engine, guest, account, tmp_path)
    logged = of(engine, Event, account.learner_id)
    assert sorted(row["id"] for row in logged) == sorted(each.id for each in answers)
    check(engine, account.learner_id)


def test_an_edit_made_here_stays_and_of_two_edits_both_are_kept(
    engine: Engine, account: Phone, guest: Phone, tmp_path: Path
) -> None:
    for phone in (account, guest):
        add_kitchen(engine, phone.learner_id)
    theirs, mine = by_guid(engine, guest.learner_id), by_guid(engine, account.learner_id)
    say(engine, guest, theirs["g-1"], back="cooking pot")
    say(engine, guest, theirs["g-2"], back="a knife")
    say(engine, account, mine["g-2"], back="knives")
    for _ in range(2):
        add(engine, guest, account, tmp_path)
    said = {guid: read_note(engine, account.learner_id, mine[guid]).note.fields["back"] for guid in mine}
    assert said == {"g-1": "cooking pot", "g-2": "knives"}
    history = [
        (row["note_id"], row["content"]["fields"]["back"], row["lost"])
        for row in of(engine, NoteVersion, account.learner_id)
    ]
    assert (mine["g-1"], "pot", False) in history
    assert history.count((mine["g-2"], "a knife", True)) == 1
    check(engine, account.learner_id)


def test_what_the_account_deleted_comes_back_only_when_it_was_studied_here(
    engine: Engine, account: Phone, guest: Phone, tmp_path: Path
) -> None:
    for phone in (account, guest):
        add_kitchen(engine, phone.learner_id)
    theirs, mine = by_guid(engine, guest.learner_id), by_guid(engine, account.learner_id)
    for note in mine.values():
        delete_note(engine, account.learner_id, note, now=NOW, random=random_bytes)
    guest.sync([guest.event(card_id_of(theirs["g-2"], 1))])
    add(engine, guest, account, tmp_path)
    assert card_of(engine, account.learner_id, card_id_of(mine["g-2"], 1)).reps == 1
    with pytest.raises(Missing):
        read_note(engine, account.learner_id, mine["g-1"])
    check(engine, account.learner_id)


def test_a_deck_that_the_account_deleted_comes_back(
    engine: Engine, account: Phone, guest: Phone, tmp_path: Path
) -> None:
    decks = [add_kitchen(engine, phone.learner_id) for phone in (account, guest)]
    delete_deck(engine, account.learner_id, decks[0].id, now=NOW, random=random_bytes)
    guest.sync([guest.event(card_id_of(by_guid(engine, guest.learner_id)["g-1"], 0))])
    add(engine, guest, account, tmp_path)
    assert [row.id for row in decks_of(engine, account.learner_id)] == [decks[0].id]
    check(engine, account.learner_id)


def test_a_card_that_the_accounts_deck_has_not_keeps_its_history(
    engine: Engine, account: Phone, guest: Phone, tmp_path: Path
) -> None:
    both_ways = replace(KITCHEN, version="2", notes=(replace(FIRST, kind="reverse"), SECOND))
    add_kitchen(engine, account.learner_id)
    add_kitchen(engine, guest.learner_id, both_ways)
    theirs, mine = by_guid(engine, guest.learner_id), by_guid(engine, account.learner_id)
    guest.sync([guest.event(card_id_of(theirs["g-1"], 1))])
    add(engine, guest, account, tmp_path)
    check(engine, account.learner_id)
    add_kitchen(engine, account.learner_id, both_ways)
    assert card_of(engine, account.learner_id, card_id_of(mine["g-1"], 1)).reps == 1
    check(engine, account.learner_id)


def test_exams_files_and_note_types_come_along(
    engine: Engine, account: Phone, guest: Phone, tmp_path: Path
) -> None:
    decks = [add_kitchen(engine, phone.learner_id) for phone in (account, guest)]
    theirs, mine = by_guid(engine, guest.learner_id), by_guid(engine, account.learner_id)
    card = str(card_id_of(theirs["g-1"], 0))
    exam = an_id()
    fields: dict[str, Any] = {"name": "礼仪师", "day": today() + 9, "minutes": [20] * 7}
    fields["cards"] = {card: "pinned"}
    sections = {str(decks[1].id): {"share": 0.5}}
    made = guest.sync(
        edits=[an_edit("exam", "create", exam, base=0, decks=[str(decks[1].id)], sections=sections, **fields)]
    )
    assert made.refused == []
    digest = "ab" * 32
    place = tmp_path / "media" / str(guest.learner_id) / "ab" / digest
    place.parent.mkdir(parents=True)
    place.write_bytes(b"picture")
    with writing(engine) as session:
        own = {"learner_id": guest.learner_id}
        session.execute(insert(media), [a_row("media", **own)])
        session.execute(insert(note_media), [a_row("note_media", **own, note_id=theirs["g-1"])])
        session.execute(insert(note_types), [a_row("note_type", **own)])
    for _ in range(2):
        add(engine, guest, account, tmp_path)
    told = Phone(engine, account.learner_id).sync().changes
    (row,) = told.exams
    assert (row.id, row.decks, row.sections) == (exam, [str(decks[0].id)], {str(decks[0].id): {"share": 0.5}})
    assert row.cards == {str(card_id_of(mine["g-1"], 0)): "pinned"}
    (named,) = rows_of(engine, note_media, account.learner_id)
    assert (named.note_id, named.name, named.hash) == (mine["g-1"], "猫.png", digest)
    assert (tmp_path / "media" / str(account.learner_id) / "ab" / digest).read_bytes() == b"picture"
    assert len(rows_of(engine, note_types, account.learner_id)) == 1


def rows_of(engine: Engine, table: Any, learner_id: UUID) -> Sequence[Any]:
    with engine.connect() as connection:
        return connection.execute(select(table).where(table.c.learner_id == learner_id)).all()


def test_only_an_anonymous_learner_is_added(
    engine: Engine, account: Phone, guest: Phone, tmp_path: Path
) -> None:
    with pytest.raises(Conflict, match="nothing-to-add"):
        unite(engine, tmp_path, account.learner_id, guest.learner_id, now=NOW, random=random_bytes)
    with pytest.raises(Conflict, match="nothing-to-add"):
        unite(engine, tmp_path, an_id(), account.learner_id, now=NOW, random=random_bytes)
    assert unite(engine, tmp_path, account.learner_id, account.learner_id, now=NOW, random=random_bytes) == {}


def test_the_anonymous_learner_goes_later_unless_another_phone_went_on(
    engine: Engine, account: Phone, guest: Phone, tmp_path: Path
) -> None:
    active = a_phone(engine)
    for phone in (guest, active):
        a_note(engine, phone.learner_id, a_deck(engine, phone.learner_id))
        add(engine, phone, account, tmp_path)
    active.sync(now=NOW + 9 * DAY)
    assert forget_united(engine, tmp_path, NOW + 20 * DAY) == 0
    assert read_learner(engine, guest.learner_id)
    assert forget_united(engine, tmp_path, NOW + 32 * DAY) == 1
    with pytest.raises(Missing):
        read_learner(engine, guest.learner_id)
    assert read_learner(engine, active.learner_id)
    assert forget_united(engine, tmp_path, NOW + 32 * DAY) == 0
    assert len(decks_of(engine, account.learner_id)) == 2


def test_deleting_the_account_deletes_what_was_added_to_it(
    engine: Engine, account: Phone, guest: Phone, tmp_path: Path
) -> None:
    other = a_learner(engine)
    a_note(engine, guest.learner_id, a_deck(engine, guest.learner_id))
    add(engine, guest, account, tmp_path)
    delete_with_united(engine, tmp_path, account.learner_id)
    assert [row["id"] for row in all_rows(engine, Learner)] == [other]
    assert rows_of(engine, united, account.learner_id) == []
