"""Shipped decks: added once, brought up to date by guid, and the learner's own words stay."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine

from app.core.errors import Missing
from app.core.ids import card_id_of
from app.core.notes import DeckDraft, NoteDraft, Source
from app.formats.markdown import write_deck
from app.services.cards import read_card
from app.services.catalogue import Merged, add_deck, list_catalogue, shipped_decks
from app.services.decks import delete_deck, list_decks, read_deck
from app.services.notes import NoteChanges, change_note, delete_note, list_notes
from app.services.rebuild import rebuild
from tests.factories import NOW, a_learner, a_phone, random_bytes

SOURCE = Source("手册", ("第一章", "握手"), 3, 9, "pair")
FIRST = NoteDraft("g-1", "basic", {"front": "锅", "back": "pot"}, ("厨",), SOURCE)
SECOND = NoteDraft("g-2", "reverse", {"front": "刀", "back": "knife"})
DECK = DeckDraft("kitchen", "厨房", "器具", "zh-CN", "1", (FIRST, SECOND))


def add(engine: Engine, learner_id: UUID, draft: DeckDraft = DECK) -> Merged:
    return add_deck(engine, learner_id, [draft], draft.slug, now=NOW, random=random_bytes)


def newer(*notes: NoteDraft) -> DeckDraft:
    return replace(DECK, version="2", notes=notes)


def contents(engine: Engine, learner_id: UUID) -> dict[str, dict[str, str]]:
    page = list_notes(engine, learner_id, deck_id=None, q=None, cursor=None, limit=100)
    return {note.guid: note.fields for note in page.items}


def test_adding_copies_the_notes_with_their_sources(engine: Engine) -> None:
    learner_id = a_learner(engine)
    before = list_catalogue(engine, learner_id, [DECK])
    assert [(item.slug, item.notes, item.cards, item.added) for item in before] == [("kitchen", 2, 3, None)]
    merged = add(engine, learner_id)
    assert (merged.added, merged.updated, merged.kept) == (2, 0, [])
    assert (merged.deck.name, merged.deck.slug, merged.deck.origin) == ("厨房", "kitchen", "shipped")
    (item,) = list_catalogue(engine, learner_id, [DECK])
    assert item.added is not None
    assert (item.added.deck_id, item.added.version) == (merged.deck.id, "1")
    note = list_notes(engine, learner_id, deck_id=merged.deck.id, q=None, cursor=None, limit=1).items[0]
    assert note.source == {
        "document": "手册",
        "section": ["第一章", "握手"],
        "start": 3,
        "end": 9,
        "rule": "pair",
        "quote": "",
    }
    assert read_deck(engine, learner_id, merged.deck.id, NOW).counts.total == 3
    assert rebuild(engine, NOW, [learner_id]) == 0


def test_adding_again_adds_nothing(engine: Engine) -> None:
    learner_id = a_learner(engine)
    first = add(engine, learner_id)
    again = add(engine, learner_id)
    assert (again.deck, again.added, again.updated) == (first.deck, 0, 0)
    assert len(list_decks(engine, learner_id, None, 10, NOW).items) == 1


def test_a_new_version_updates_and_keeps_what_was_learnt(engine: Engine) -> None:
    phone = a_phone(engine)
    add(engine, phone.learner_id)
    note = list_notes(engine, phone.learner_id, deck_id=None, q="pot", cursor=None, limit=1).items[0]
    card = card_id_of(note.id, 0)
    phone.sync([phone.event(card)])
    learnt = read_card(engine, phone.learner_id, card).card.state
    third = NoteDraft("g-3", "basic", {"front": "碗", "back": "bowl"})
    merged = add(
        engine, phone.learner_id, newer(replace(FIRST, fields={"front": "锅", "back": "wok"}), SECOND, third)
    )
    assert (merged.added, merged.updated, merged.kept) == (1, 1, [])
    assert contents(engine, phone.learner_id)["g-1"]["back"] == "wok"
    assert read_card(engine, phone.learner_id, card).card.state == learnt
    told = phone.sync().changes
    assert {row.guid for row in told.notes} == {"g-1", "g-3"}
    assert [row.origin_version for row in told.decks] == ["2"]
    assert rebuild(engine, NOW, [phone.learner_id]) == 0


def test_the_learners_own_words_stay_and_are_named_once(engine: Engine) -> None:
    learner_id = a_learner(engine)
    add(engine, learner_id)
    note = list_notes(engine, learner_id, deck_id=None, q="pot", cursor=None, limit=1).items[0]
    change = NoteChanges(fields={"back": "mine"})
    change_note(engine, learner_id, note.id, change, base_version=1, now=NOW, random=random_bytes)
    update = newer(replace(FIRST, fields={"front": "锅", "back": "wok"}), SECOND)
    assert add(engine, learner_id, update).kept == ["g-1"]
    assert contents(engine, learner_id)["g-1"]["back"] == "mine"
    assert add(engine, learner_id, update).kept == []
    third = newer(replace(FIRST, fields={"front": "锅", "back": "pan"}), SECOND)
    assert add(engine, learner_id, third).kept == ["g-1"]


def test_what_the_learner_deleted_stays_deleted_but_a_deck_comes_back(engine: Engine) -> None:
    learner_id = a_learner(engine)
    deck_id = add(engine, learner_id).deck.id
    note = list_notes(engine, learner_id, deck_id=None, q="pot", cursor=None, limit=1).items[0]
    delete_note(engine, learner_id, note.id, now=NOW - 1, random=random_bytes)
    delete_deck(engine, learner_id, deck_id, now=NOW, random=random_bytes)
    merged = add(engine, learner_id, newer(replace(FIRST, fields={"front": "锅", "back": "wok"}), SECOND))
    assert merged.deck.id == deck_id
    assert set(contents(engine, learner_id)) == {"g-2"}
    assert rebuild(engine, NOW, [learner_id]) == 0


def test_a_deck_that_is_not_shipped(engine: Engine) -> None:
    with pytest.raises(Missing, match="shipped-deck-missing"):
        add_deck(engine, a_learner(engine), [DECK], "garden", now=NOW, random=random_bytes)


def test_the_folder_is_read_again_when_a_file_changes(tmp_path: Path) -> None:
    path = tmp_path / "kitchen.md"
    path.write_text(write_deck(DECK), "utf-8")
    first = shipped_decks(tmp_path)
    assert [draft.slug for draft in first] == ["kitchen"]
    assert shipped_decks(tmp_path) is first
    path.write_text(write_deck(replace(DECK, notes=(SECOND,))), "utf-8")
    assert [len(draft.notes) for draft in shipped_decks(tmp_path)] == [1]
