"""In by one door and out by the other: what came in comes out, with its pictures and its history."""

import io
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.db.models import Card, Note
from app.formats.anki_collection import Reading
from app.formats.collection_write import Writing
from app.formats.drafts import (
    CardDraft,
    EventDraft,
    ImportDraft,
    ImportedDeck,
    ImportedNote,
    NoteTypeDraft,
    TemplateDraft,
    gather,
)
from app.formats.package import read_package
from app.formats.package_write import write_package
from app.services.decks import change_deck, list_decks
from app.services.export_decks import ExportFormat, export_decks
from tests.factories import DAY, NOW, ZONE, a_deck, a_learner, a_note, all_rows, random_bytes
from tests.services.importing import Desk

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
TYPE = NoteTypeDraft(
    "1234567890123",
    "国家",
    "normal",
    ("国", "都", "旗"),
    (TemplateDraft("Card 1", "{{国}}", "{{都}}{{旗}}"), TemplateDraft("Card 2", "{{都}}", "{{国}}")),
    ".card { color: red; }",
)


def answers(*ratings: int) -> tuple[EventDraft, ...]:
    first = NOW - 30 * DAY
    return tuple(
        EventDraft(f"review:{at}", "answer", at, at // DAY, rating, 4_000)
        for rating, at in zip(ratings, range(first, NOW, 5 * DAY), strict=False)
    )


def a_package(folder: Path, picture: bytes = PNG) -> bytes:
    """A deck of an Anki note type with a picture and some history."""
    (folder / "flag.png").write_bytes(picture)
    path = folder / "made.apkg"
    path.unlink(missing_ok=True)
    note = ImportedNote(
        "g1", "anki", {"国": "<b>法国</b>", "都": "巴黎", "旗": '<img src="flag.png">'}, "d", "html",
        ("欧洲",), TYPE.key, (CardDraft(0, "d", 1, events=answers(3, 1, 3, 4)), CardDraft(1, "d", 1)),
    )  # fmt: skip
    write_package(
        path, "anki-latest", Writing(ZONE, 4, NOW), note_types=[TYPE],
        decks=[ImportedDeck("d", "地理::欧洲")], notes=[note], media=[("flag.png", folder / "flag.png")],
    )  # fmt: skip
    return path.read_bytes()


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Desk:
    return Desk(engine, tmp_path / "data", a_learner(engine))


def taken_out(desk: Desk, folder: Path, wanted: ExportFormat = "apkg") -> ImportDraft:
    made = export_decks(
        desk.engine, desk.data, desk.learner_id, wanted, deck_id=None, history=True, now=NOW + DAY
    )
    path = folder / "out.apkg"
    path.write_bytes(b"".join(made.pieces))
    return gather(read_package(path, Reading(ZONE, 4, NOW + DAY), media_folder=folder))


@pytest.mark.parametrize("wanted", ["apkg", "apkg-legacy"])
def test_an_anki_package_comes_out_as_it_came_in(desk: Desk, tmp_path: Path, wanted: ExportFormat) -> None:
    desk.do(a_package(tmp_path))
    draft = taken_out(desk, tmp_path, wanted)
    (note,) = draft.notes
    (card, other) = note.cards
    assert note.fields == {"国": "<b>法国</b>", "都": "巴黎", "旗": '<img src="flag.png">'}
    assert [event.rating for event in card.events if event.kind == "answer"] == [3, 1, 3, 4]
    assert not other.events
    own = next(kind for kind in draft.note_types if kind.name == "国家")
    assert (own.templates, own.css) == (TYPE.templates, TYPE.css)
    assert [(file.name, (tmp_path / file.sha256).read_bytes()) for file in draft.media] == [("flag.png", PNG)]
    assert {deck.name for deck in draft.decks} >= {"地理::欧洲"}


def test_two_files_of_one_name_leave_under_two_names(desk: Desk, tmp_path: Path) -> None:
    desk.do(a_package(tmp_path))
    a_package(tmp_path, PNG + b"another")
    draft = gather(read_package(tmp_path / "made.apkg", Reading(ZONE, 4, NOW)))
    again = tmp_path / "again.apkg"
    deck = draft.notes[0].deck
    fields = {**draft.notes[0].fields, "都": "里昂"}
    write_package(
        again, "anki-latest", Writing(ZONE, 4, NOW), note_types=draft.note_types, decks=draft.decks,
        notes=[ImportedNote("g2", "anki", fields, deck, "html", (), TYPE.key, (CardDraft(0, deck, 1),))],
        media=[("flag.png", tmp_path / "flag.png")],
    )  # fmt: skip
    desk.do(again.read_bytes())
    out = taken_out(desk, tmp_path)
    names = {note.guid: note.fields["旗"] for note in out.notes}
    assert names["g1"] == '<img src="flag.png">'
    assert names["g2"] != names["g1"]
    files = {file.name: (tmp_path / file.sha256).read_bytes() for file in out.media}
    assert sorted(files.values()) == sorted([PNG, PNG + b"another"])
    assert all(f'src="{name}"' in "".join(names.values()) for name in files)


def test_a_zipped_folder_of_markdown_brings_cards_and_pictures(desk: Desk) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("v/礼仪/用语.md", "#flashcards\n见 ![](x.png)::久仰 <!--SR:!2026-10-30,40,250-->\n")
        archive.writestr("v/礼仪/x.png", PNG)
    row = desk.do(data.getvalue(), "notes.zip")
    assert row.generation == "obsidian"
    (card,) = all_rows(desk.engine, Card)
    assert (card["phase"], card["stability"]) == (2, 40)
    (note,) = all_rows(desk.engine, Note)
    assert note["fields"]["front"].startswith("见 ![](media/")


def test_our_own_export_brings_schedules_to_another_account(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "cards.csv").write_text("front,back\n猫,cat\n", "utf-8")
    desk.do(a_package(tmp_path))
    desk.do((tmp_path / "cards.csv").read_bytes(), "cards.csv")
    made = export_decks(
        desk.engine, desk.data, desk.learner_id, "json", deck_id=None, history=True, now=NOW + DAY
    )
    content = b"".join(made.pieces)
    other = Desk(desk.engine, desk.data, a_learner(desk.engine), now=NOW + DAY)
    assert other.do(content, "wengu.json").generation == "json"
    mine, theirs = (
        sorted(
            (row["ordinal"], row["phase"], row["reps"], row["lapses"], row["due_day"], row["stability"])
            for row in all_rows(desk.engine, Card)
            if row["learner_id"] == who.learner_id
        )
        for who in (desk, other)
    )
    assert len(theirs) == 3
    assert theirs == mine


OPTIONS = {
    "new_per_day": 7, "reviews_per_day": 0, "new_order": "random", "review_order": "retrievability",
    "mix": "new-first", "desired_retention": 0.8, "read_aloud": "question", "voice": "zh-HK",
}  # fmt: skip


@pytest.mark.parametrize("wanted", ["json", "apkg", "apkg-legacy"])
def test_options_of_decks_come_back(desk: Desk, wanted: ExportFormat) -> None:
    """Our own export says what each deck says itself, also a deck without cards; Anki hears what counts."""
    top, below, pinned = (
        a_deck(desk.engine, desk.learner_id, name) for name in ("礼仪", "礼仪::国际", "礼仪::国内")
    )
    for deck_id, options in ((top, OPTIONS), (pinned, {"voice": "auto", "new_per_day": 7})):
        change_deck(
            desk.engine, desk.learner_id, deck_id, {"options": options},
            base_version=None, now=NOW, random=random_bytes,
        )  # fmt: skip
    for deck_id in (below, pinned):
        a_note(desk.engine, desk.learner_id, deck_id, front=str(deck_id), back="答")
    made = export_decks(desk.engine, desk.data, desk.learner_id, wanted, deck_id=None, history=True, now=NOW)
    content = b"".join(made.pieces)
    other = Desk(desk.engine, desk.data, a_learner(desk.engine), now=NOW)
    other.do(content, made.filename)
    found = {item.deck.name: item for item in list_decks(desk.engine, other.learner_id, None, 10, NOW).items}
    if wanted == "json":
        own = {name: item.deck.options for name, item in found.items()}
        assert own == {
            "礼仪": OPTIONS, "礼仪::国际": {}, "礼仪::国内": {"voice": "auto", "new_per_day": 7},
        }  # fmt: skip
    for name in ("礼仪::国际", "礼仪::国内"):
        told = found[name].in_force
        counted = [told[one].value for one in ("new_per_day", "reviews_per_day", "desired_retention")]
        assert counted == [7, 0, pytest.approx(0.8)]
