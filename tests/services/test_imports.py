"""Importing: what a file brings, what it changes, and that nothing is lost or doubled."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from app.db.models import cards, day_stats, decks, events, media, note_media, notes
from app.services.cards import list_cards
from app.services.rebuild import rebuild
from tests.factories import a_phone, an_edit
from tests.formats.anki_files import CREATED, PNG, Collection, card, legacy1, note, review
from tests.formats.anki_files import NOW as ANKI_NOW
from tests.services.importing import Desk

DAY = 86_400_000


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Desk:
    phone = a_phone(engine)
    return Desk(engine, tmp_path, phone.learner_id, ANKI_NOW)


def count(engine: Engine, table: Any) -> int:
    with engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def collection(**changes: Any) -> Collection:
    return replace(
        Collection(
            notes=[note(1, "猫", "cat", tags="动物"), note(2, "犬<b>!</b>", "dog")],
            cards=[card(11, 1), card(21, 2, type=2, queue=2, due=405, ivl=3, reps=2)],
            reviews=[review(CREATED * 1000 + DAY, 21, type=0), review(CREATED * 1000 + 3 * DAY, 21, type=1)],
        ),
        **changes,
    )


def test_a_package_is_read_shown_and_stored(desk: Desk) -> None:
    import_id = desk.bring(legacy1(collection()))
    row = desk.read(import_id)
    assert row.state == "preview"
    counts = row.counts
    assert (counts["notes"], counts["cards"], counts["reviews"], counts["new"]) == (2, 2, 2, 2)
    assert count(desk.engine, notes) == count(desk.engine, events) == 0
    assert desk.store(import_id).state == "done"
    assert (count(desk.engine, notes), count(desk.engine, cards), count(desk.engine, decks)) == (2, 2, 1)
    with desk.engine.connect() as connection:
        learnt = connection.execute(select(cards).where(cards.c.phase == 2)).one()
        assert learnt.due_day == CREATED // 86_400 + 405
        assert learnt.reps == 2
        stored = {row.guid: row for row in connection.execute(select(notes))}
    assert (stored["g1"].format, stored["g2"].format) == ("text", "html")
    assert stored["g1"].tags == ["动物"]
    assert rebuild(desk.engine, ANKI_NOW) == 0
    assert not (desk.data / "imports").exists()


@pytest.mark.parametrize(("name", "deck"), [("", "粘贴的卡片"), ("公关.txt", "公关")])
def test_cards_that_name_no_deck_go_to_one_of_the_file_s_name(desk: Desk, name: str, deck: str) -> None:
    desk.do("公关\t协调关系\n形象\t看法的总和\n".encode(), name, reader="list")
    with desk.engine.connect() as connection:
        assert connection.execute(select(decks.c.name)).scalars().all() == [deck]


def test_the_same_file_again_adds_nothing(desk: Desk) -> None:
    file = legacy1(collection())
    desk.do(file)
    tables = (notes, cards, events, decks, day_stats)
    before = [count(desk.engine, table) for table in tables]
    row = desk.do(file)
    assert (row.counts["unchanged"], row.counts["new"], row.counts["new_reviews"]) == (2, 0, 0)
    assert [count(desk.engine, table) for table in tables] == before
    assert rebuild(desk.engine, ANKI_NOW) == 0


def test_what_changed_since_the_preview_is_looked_at_again(desk: Desk) -> None:
    file = legacy1(collection())
    one, other = desk.bring(file), desk.bring(file)
    assert [desk.read(each).counts["new"] for each in (one, other)] == [2, 2]
    desk.store(one)
    before = [count(desk.engine, table) for table in (notes, cards, events, decks, day_stats)]
    assert desk.store(other).state == "done"
    assert [count(desk.engine, table) for table in (notes, cards, events, decks, day_stats)] == before
    assert rebuild(desk.engine, ANKI_NOW) == 0


def test_history_and_files_that_are_missing_come_with_the_same_words(desk: Desk) -> None:
    bare = replace(collection(), reviews=collection().reviews[:-1])
    desk.do(legacy1(bare))
    row = desk.do(legacy1(collection()))
    assert (row.counts["new"], row.counts["new_reviews"]) == (0, 1)
    assert rebuild(desk.engine, ANKI_NOW) == 0
    shown = replace(bare, notes=[note(1, "猫", '<img src="cat.png">'), note(2, "犬", "a dog")])
    desk.do(legacy1(shown))
    assert count(desk.engine, note_media) == 0
    row = desk.read(desk.bring(legacy1(shown, {"cat.png": PNG})))
    assert (row.counts["unchanged"], row.counts["new_media"]) == (2, 1)
    assert desk.store(row.id).state == "done"
    assert count(desk.engine, note_media) == 1


@pytest.mark.parametrize(
    ("words", "form"), [("a `b`", "html"), ("- b", "html"), ("a * b", "text"), ("a\\b", "text")]
)
def test_words_that_would_be_marks_with_us_stay_words(desk: Desk, words: str, form: str) -> None:
    desk.do(legacy1(collection(notes=[note(1, "猫", words), note(2, "犬<b>!</b>", "a dog")])))
    assert note_of(desk.engine, "g1").format == form


def test_a_newer_file_updates_what_nobody_edited_and_lists_what_somebody_did(desk: Desk) -> None:
    desk.do(legacy1(collection()))
    phone = a_phone(desk.engine, desk.learner_id)
    edited = note_of(desk.engine, "g2")
    phone.sync(edits=[an_edit("note", "update", edited.id, at=ANKI_NOW, fields={"back": "my dog"})])
    newer = collection(
        notes=[note(1, "猫", "a cat", tags="动物"), note(2, "犬<b>!</b>", "a dog"), note(3, "鸟", "bird")],
        cards=[*collection().cards, card(31, 3)],
    )
    import_id = desk.bring(legacy1(newer))
    row = desk.read(import_id)
    assert {name: row.counts[name] for name in ("new", "updated", "unchanged", "conflicts")} == {
        "new": 1, "updated": 1, "unchanged": 0, "conflicts": 1,
    }  # fmt: skip
    assert row.report["conflicts"] == [
        {
            "note_id": str(edited.id),
            "deck": "父",
            "fields": [{"name": "back", "mine": "my dog", "theirs": "a dog"}],
        }
    ]
    history = count(desk.engine, events)
    desk.store(import_id)
    assert note_of(desk.engine, "g1").fields["back"] == "a cat"
    assert note_of(desk.engine, "g2").fields["back"] == "my dog"
    assert count(desk.engine, events) == history
    again = desk.read(desk.bring(legacy1(newer)))
    assert (again.counts["unchanged"], again.counts["conflicts"]) == (3, 0)
    assert rebuild(desk.engine, ANKI_NOW) == 0


@pytest.mark.parametrize("choice", [{"conflicts": "take"}, {"choices": "this"}])
def test_the_learner_may_take_the_files_version(desk: Desk, choice: dict[str, Any]) -> None:
    desk.do(legacy1(collection()))
    phone = a_phone(desk.engine, desk.learner_id)
    edited = note_of(desk.engine, "g2")
    phone.sync(edits=[an_edit("note", "update", edited.id, at=ANKI_NOW, fields={"back": "my dog"})])
    if "choices" in choice:
        choice = {"choices": {str(edited.id): "take"}}
    desk.do(legacy1(collection(notes=[note(1, "猫", "cat"), note(2, "犬", "a dog")])), **choice)
    assert note_of(desk.engine, "g2").fields == {"front": "犬", "back": "a dog"}
    assert rebuild(desk.engine, ANKI_NOW) == 0


def test_an_import_is_taken_back_as_one(desk: Desk) -> None:
    desk.do(legacy1(collection()))
    tables = (notes, cards, events, decks, day_stats, media, note_media)
    before = {table.name: everything(desk.engine, table) for table in tables}
    digest = desk.digest()
    newer = collection(
        notes=[note(1, "猫", "a cat"), note(2, "犬<b>!</b>", "dog"), note(3, '<img src="猫.png">', "bird")],
        cards=[*collection().cards, card(31, 3, deck=202, type=2, queue=2, due=401, ivl=1)],
        reviews=[*collection().reviews, review(CREATED * 1000 + 9 * DAY, 21, type=1),
                 review(CREATED * 1000 + 9 * DAY + 5, 31)],
    )  # fmt: skip
    done = desk.do(legacy1(newer, {"猫.png": PNG}))
    assert count(desk.engine, media) == count(desk.engine, note_media) == 1
    assert len(list((desk.data / "media").rglob("*"))) == 3
    assert rebuild(desk.engine, ANKI_NOW) == 0
    assert desk.undo(done.id).state == "undone"
    after = {table.name: everything(desk.engine, table) for table in tables}
    for name in ("event", "card", "media", "note_media", "day_stat"):
        assert after[name] == before[name], name
    assert [said(row) for row in after["note"]] == [said(row) for row in before["note"]]
    assert desk.digest() == digest
    assert not [path for path in (desk.data / "media").rglob("*") if path.is_file()]
    assert rebuild(desk.engine, ANKI_NOW) == 0
    again = desk.do(legacy1(newer, {"猫.png": PNG}))
    assert (again.counts["new"], again.counts["updated"]) == (1, 2)
    assert rebuild(desk.engine, ANKI_NOW) == 0


def test_a_card_of_which_cleaning_leaves_nothing_is_shown_and_studied_all_the_same(desk: Desk) -> None:
    script = "<script>alert(1)</script>"
    notes_in = [note(1, script, "cat"), note(2, "犬", script), note(3, script, script)]
    done = desk.do(legacy1(Collection(notes=[*notes_in], cards=[card(n, n) for n in (1, 2, 3)])))
    assert done.counts["new"] == 3
    page = list_cards(
        desk.engine, desk.learner_id, deck_id=None, q=None, state=None, cursor=None, limit=10, now=ANKI_NOW
    )
    assert [(one.face.front, one.face.back) for one in page.items] == [("", "cat"), ("犬", ""), ("", "")]


def note_of(engine: Engine, guid: str) -> Any:
    with engine.connect() as connection:
        return connection.execute(select(notes).where(notes.c.guid == guid)).one()


def everything(engine: Engine, table: Any) -> list[dict[str, Any]]:
    """All rows that count, without what numbers their changes."""
    with engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(select(table)).mappings()]
    if table is day_stats:
        rows = [row for row in rows if row["good"]]
    rows = [{name: value for name, value in row.items() if name != "seq"} for row in rows]
    return sorted((row for row in rows if not row.get("deleted_at")), key=repr)


def said(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "fields", "tags", "format", "content_hash", "position")}


def test_a_deck_repeats_no_option_that_it_inherits(desk: Desk) -> None:
    names = ((1, "Default", 1), (2, "父", 2), (3, "父::子", 2), (4, "别", 1))
    decks_of = {
        str(key): {"id": key, "name": name, "dyn": 0, "conf": conf, "desc": ""} for key, name, conf in names
    }
    presets = {
        str(key): {"id": key, "name": str(key), "new": {"perDay": new}, "rev": {"perDay": 200}}
        for key, new in ((1, 20), (2, 7))
    }
    brought = [card(11, 1, deck=3), card(21, 2, deck=4)]
    preset = [f"update col set dconf = '{json.dumps(presets)}'"]
    file = collection(cards=brought, reviews=[], decks=json.dumps(decks_of), extra_sql=preset)
    assert desk.do(legacy1(file)).state == "done"
    with desk.engine.connect() as connection:
        said = {row.name: row.options for row in connection.execute(select(decks.c.name, decks.c.options))}
    assert said == {"父": {"new_per_day": 7}, "父::子": {}, "别": {}}
