"""Edits of content: each once, merged field by field; cards follow their notes; nothing learnt is lost."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from app.core.errors import Missing
from app.core.ids import card_id_of
from app.db.models import Card, DayStat, Deck, EditDone, Note, NoteVersion, Tombstone
from app.services.cards import read_card
from app.services.decks import create_deck, read_deck
from app.services.notes import read_note
from app.services.rebuild import rebuild
from app.services.sync import SyncResult
from tests.factories import DAY, NOW, Phone, a_deck, a_note, a_phone, all_rows, an_edit, an_id, random_bytes


@pytest.fixture
def phone(engine: Engine) -> Phone:
    return a_phone(engine)


@pytest.fixture
def deck(phone: Phone) -> UUID:
    return a_deck(phone.engine, phone.learner_id)


@pytest.fixture
def note(phone: Phone, deck: UUID) -> UUID:
    return a_note(phone.engine, phone.learner_id, deck)


def fields_of(phone: Phone, note: UUID) -> dict[str, str]:
    return read_note(phone.engine, phone.learner_id, note).note.fields


def codes(result: SyncResult) -> list[str]:
    return [item.problem.code for item in result.refused]


def sound(phone: Phone) -> bool:
    return rebuild(phone.engine, NOW, [phone.learner_id]) == 0


def test_two_phones_change_different_fields(phone: Phone, note: UUID) -> None:
    first = phone.sync(edits=[an_edit("note", "update", note, fields={"front": "新问"})])
    second = phone.sync(edits=[an_edit("note", "update", note, fields={"back": "新答"}, tags=["礼"])])
    assert (first.conflicts, second.conflicts) == ([], [])
    said = read_note(phone.engine, phone.learner_id, note).note
    assert (said.fields, said.tags, said.version) == ({"front": "新问", "back": "新答"}, ["礼"], 3)


@pytest.mark.parametrize("later_first", [True, False])
def test_two_phones_change_one_field_and_both_words_are_kept(
    phone: Phone, note: UUID, later_first: bool
) -> None:
    early = an_edit("note", "update", note, at=NOW, fields={"front": "早"})
    late = an_edit("note", "update", note, at=NOW + 1, fields={"front": "晚"})
    order = [late, early] if later_first else [early, late]
    assert phone.sync(edits=order[:1]).conflicts == []
    (conflict,) = phone.sync(edits=order[1:]).conflicts
    assert (conflict.entity_id, conflict.field, conflict.kept, conflict.other) == (note, "front", "晚", "早")
    assert fields_of(phone, note)["front"] == "晚"
    kept = [row["content"] for row in all_rows(phone.engine, NoteVersion)]
    assert "早" in str(kept)
    assert "问" in str(kept)


def test_an_edit_sent_again_gets_the_same_answer_and_changes_nothing(phone: Phone, note: UUID) -> None:
    phone.sync(edits=[an_edit("note", "update", note, at=NOW + 9, fields={"front": "先"})])
    late = an_edit("note", "update", note, fields={"front": "后"})
    first = phone.sync(edits=[late])
    before = [all_rows(phone.engine, model) for model in (Note, NoteVersion, EditDone, Card)]
    again = phone.sync(edits=[late, late])
    assert again.conflicts == first.conflicts * 2
    assert (set(again.acked), again.refused) == ({late.id}, [])
    assert [all_rows(phone.engine, model) for model in (Note, NoteVersion, EditDone, Card)] == before
    assert codes(phone.sync(edits=[replace(late, fields={"fields": {"front": "又"}})])) == ["edit-id-reused"]


def test_a_refused_edit_changes_nothing_and_the_rest_goes_on(phone: Phone, note: UUID, deck: UUID) -> None:
    empty = an_edit("note", "update", note, fields={"front": " "})
    stray = an_edit("note", "update", an_id(), fields={"front": "x"})
    lost = an_edit("note", "update", note, deck_id=str(an_id()))
    twice = an_edit(
        "note", "create", note, deck_id=str(deck), kind="basic", fields={"front": "a", "back": "b"}
    )
    deck_twice = an_edit("deck", "create", deck, name="又")
    strange = an_edit("note", "create", an_id(), deck_id=str(deck), kind="song", fields={"front": "a"})
    good = an_edit("note", "update", note, fields={"back": "好"})
    result = phone.sync(edits=[empty, stray, lost, twice, deck_twice, strange, good])
    assert codes(result) == [
        "note-invalid",
        "note-missing",
        "deck-missing",
        "note-exists",
        "deck-exists",
        "note-invalid",
    ]
    assert result.acked == [good.id]
    assert fields_of(phone, note) == {"front": "问", "back": "好"}
    assert sound(phone)


def test_what_belongs_to_others_is_missing(phone: Phone, note: UUID, deck: UUID) -> None:
    stranger = a_phone(phone.engine)
    edits = [an_edit("note", op, note, fields={"front": "x"}) for op in ("update", "delete", "restore")]
    edits += [an_edit("deck", op, deck, name="x") for op in ("update", "delete", "restore")]
    assert codes(stranger.sync(edits=edits)) == ["note-missing"] * 3 + ["deck-missing"] * 3
    assert fields_of(phone, note)["front"] == "问"


def test_cards_follow_the_gaps_of_a_cloze_and_keep_their_history(phone: Phone, deck: UUID) -> None:
    text = "{{c1::天}}地{{c2::人}}"
    note = a_note(phone.engine, phone.learner_id, deck, "cloze", text=text)
    first, second = (card_id_of(note, n) for n in (0, 1))
    phone.sync([phone.event(second, rating=4)])
    learnt = read_card(phone.engine, phone.learner_id, second).card.state
    fewer = phone.sync(edits=[an_edit("note", "update", note, fields={"text": "{{c1::天}}地人"})])
    assert [row.id for row in fewer.changes.tombstones] == [second]
    with pytest.raises(Missing):
        read_card(phone.engine, phone.learner_id, second)
    assert sound(phone)
    more = phone.sync(edits=[an_edit("note", "update", note, base=2, fields={"text": text + "{{c3::和}}"})])
    assert {row.id for row in more.changes.cards} == {second, card_id_of(note, 2)}
    assert read_card(phone.engine, phone.learner_id, second).card.state == learnt
    assert read_card(phone.engine, phone.learner_id, first).card.reps == 0
    assert all_rows(phone.engine, Tombstone) == []
    assert sound(phone)


def test_an_edit_brings_back_what_another_phone_deleted(phone: Phone, note: UUID) -> None:
    card = card_id_of(note, 0)
    phone.sync([phone.event(card)])
    phone.sync(edits=[an_edit("note", "delete", note)])
    assert sound(phone)
    result = phone.sync(edits=[an_edit("note", "update", note, fields={"front": "留"})])
    assert [(item.field, item.kept, item.other) for item in result.conflicts] == [("deleted", False, True)]
    assert fields_of(phone, note)["front"] == "留"
    assert read_card(phone.engine, phone.learner_id, card).card.reps == 1
    assert sound(phone)


def test_a_deletion_that_did_not_know_of_an_edit_gives_way(phone: Phone, note: UUID, deck: UUID) -> None:
    phone.sync(
        edits=[
            an_edit("note", "update", note, fields={"front": "改"}),
            an_edit("deck", "update", deck, name="改"),
        ]
    )
    result = phone.sync(edits=[an_edit("note", "delete", note), an_edit("deck", "delete", deck)])
    assert [item.field for item in result.conflicts] == ["deleted", "deleted"]
    assert len(result.acked) == 2
    assert read_deck(phone.engine, phone.learner_id, deck, NOW).counts.total == 1


def test_an_edit_of_a_note_brings_its_deleted_deck_back_whole(phone: Phone, note: UUID, deck: UUID) -> None:
    other = a_note(phone.engine, phone.learner_id, deck, front="另", back="一")
    phone.sync(edits=[an_edit("deck", "delete", deck)])
    with pytest.raises(Missing):
        read_note(phone.engine, phone.learner_id, other)
    phone.sync(edits=[an_edit("note", "update", note, fields={"front": "留"})])
    assert read_deck(phone.engine, phone.learner_id, deck, NOW).counts.total == 2
    assert fields_of(phone, other)["front"] == "另"
    assert sound(phone)


def test_deleted_and_restored_in_one_batch(phone: Phone, note: UUID, deck: UUID) -> None:
    result = phone.sync(
        edits=[
            an_edit("note", "delete", note),
            an_edit("note", "restore", note, base=2),
            an_edit("deck", "delete", deck),
            an_edit("deck", "restore", deck, base=2),
            an_edit("deck", "restore", deck, base=2),
        ]
    )
    assert result.refused == []
    assert read_deck(phone.engine, phone.learner_id, deck, NOW).counts.total == 1
    assert all_rows(phone.engine, Tombstone) == []
    assert sound(phone)


def test_what_was_deleted_before_its_deck_stays_deleted(phone: Phone, note: UUID, deck: UUID) -> None:
    kept = a_note(phone.engine, phone.learner_id, deck, front="另", back="一")
    phone.sync(edits=[an_edit("note", "delete", note)], now=NOW)
    phone.sync(edits=[an_edit("deck", "delete", deck)], now=NOW + 1)
    phone.sync(edits=[an_edit("deck", "restore", deck)], now=NOW + 2)
    assert read_deck(phone.engine, phone.learner_id, deck, NOW).counts.total == 1
    assert fields_of(phone, kept)
    with pytest.raises(Missing):
        read_note(phone.engine, phone.learner_id, note)


def test_after_thirty_days_nothing_comes_back(phone: Phone, note: UUID, deck: UUID) -> None:
    phone.sync(edits=[an_edit("deck", "delete", deck)])
    late = [an_edit("deck", "restore", deck), an_edit("note", "restore", note)]
    assert codes(phone.sync(edits=late, now=NOW + 31 * DAY)) == ["deck-missing", "note-missing"]
    assert codes(phone.sync(edits=late[:1], now=NOW + 30 * DAY)) == []


def test_a_note_that_moves_takes_its_counts_along(phone: Phone, note: UUID, deck: UUID) -> None:
    phone.sync([phone.event(card_id_of(note, 0))])
    there = create_deck(phone.engine, phone.learner_id, name="别处", now=NOW, random=random_bytes).id
    a_note(phone.engine, phone.learner_id, there)
    phone.sync(edits=[an_edit("note", "update", note, deck_id=str(there))])
    assert read_card(phone.engine, phone.learner_id, card_id_of(note, 0)).card.deck_id == there
    assert {row["deck_id"] for row in all_rows(phone.engine, DayStat) if row["good"]} == {there}
    assert sound(phone)


def test_deck_options_merge_one_by_one(phone: Phone, deck: UUID) -> None:
    phone.sync(edits=[an_edit("deck", "update", deck, options={"new_per_day": 5}, position=3)])
    phone.sync(edits=[an_edit("deck", "update", deck, name="新名", options={"desired_retention": 0.8})])
    row = read_deck(phone.engine, phone.learner_id, deck, NOW).deck
    assert (row.name, row.position, row.options) == ("新名", 3, {"new_per_day": 5, "desired_retention": 0.8})
    phone.sync(edits=[an_edit("deck", "update", deck, base=3, options={"desired_retention": None})])
    assert read_deck(phone.engine, phone.learner_id, deck, NOW).deck.options == {"new_per_day": 5}


def test_a_deck_deleted_here_and_renamed_there_comes_back(phone: Phone, deck: UUID) -> None:
    phone.sync(edits=[an_edit("deck", "delete", deck)])
    result = phone.sync(edits=[an_edit("deck", "update", deck, name="留")])
    assert [item.field for item in result.conflicts] == ["deleted"]
    assert [row["name"] for row in all_rows(phone.engine, Deck)] == ["留"]
    assert all_rows(phone.engine, Deck)[0]["deleted_at"] is None
    assert sound(phone)


def test_a_deck_that_comes_back_leaves_behind_what_went_before_it_at_the_same_moment(
    phone: Phone, note: UUID, deck: UUID
) -> None:
    made = an_id(NOW)
    text = {"text": "{{c1::左}} {{c2::右}}"}
    phone.sync(
        edits=[
            an_edit("note", "create", made, base=0, deck_id=str(deck), kind="cloze", fields=text),
            an_edit("note", "update", made, fields={"text": "{{c1::左}} 右"}),
            an_edit("note", "delete", note),
            an_edit("deck", "delete", deck),
        ]
    )
    phone.sync(edits=[an_edit("deck", "restore", deck)])
    assert [card.ordinal for card in read_note(phone.engine, phone.learner_id, made).cards] == [0]
    with pytest.raises(Missing):
        read_note(phone.engine, phone.learner_id, note)
    assert sound(phone)


@pytest.mark.parametrize("apart", [0, 1, 2])
def test_an_id_that_names_something_else_already_is_refused(phone: Phone, deck: UUID, apart: int) -> None:
    """A card's id is its note's, a little further: neighbours could claim each other's cards."""
    there = an_id(NOW)
    near = UUID(bytes=there.bytes[:14] + bytes([0, apart]))
    there = UUID(bytes=there.bytes[:14] + b"\0\1")
    both: dict[str, Any] = {"deck_id": str(deck), "kind": "reverse", "fields": {"front": "左", "back": "右"}}
    first = an_edit("note", "create", there, base=0, **both)
    others = [
        an_edit("deck", "create", near, base=0, name="新"),
        an_edit("note", "create", UUID(int=deck.int ^ apart), base=0, **both),
    ]
    if there != near:
        others.append(an_edit("note", "create", near, base=0, **both))
    for other in others:
        assert codes(phone.sync(edits=[first, other])) == ["id-taken"]
    assert codes(phone.sync(edits=[an_edit("deck", "delete", deck)])) == []
    assert sound(phone)
