"""Decks taken out: what comes back from each kind of file is what went in."""

import csv
import io
import zipfile
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine

from app.core.errors import Missing
from app.db.engine import reading
from app.db.models import Card
from app.db.rows import DeckRow
from app.formats.account_json import read_account
from app.formats.anki_collection import Reading
from app.formats.choose import read_file
from app.formats.drafts import ImportDraft, gather
from app.formats.limits import DEFAULT_LIMITS
from app.formats.markdown import read_deck
from app.formats.package import read_package
from app.formats.table import read_table
from app.services.export_decks import Export, ExportFormat, chosen_decks, export_decks
from app.services.media import take_media
from tests.factories import DAY, NOW, ZONE, Phone, a_deck, a_note, a_phone, all_rows, an_id

READING = Reading(ZONE, 4, NOW + 10 * DAY)
KINDS = {
    "basic": {"front": "=1+1", "back": "二\n行"},
    "reverse": {"front": "久仰", "back": "初次见面"},
    "cloze": {"text": "水在 {{c1::100}} 度{{c2::沸腾}}"},
    "list": {"front": "五心？", "items": "用心\n细心\n耐心"},
    "type": {"front": "拼写", "back": "etiquette"},
    "choice": {"front": "哪个？", "back": "锅", "choices": "锅\n车"},
}


@pytest.fixture
def phone(engine: Engine) -> Phone:
    """A learner with two decks, one below the other, every kind of note and some history."""
    phone = a_phone(engine)
    above, below = (a_deck(engine, phone.learner_id, name) for name in ("礼仪", "礼仪::宴会"))
    for kind, fields in KINDS.items():
        a_note(engine, phone.learner_id, above, kind, **fields)
    cards = sorted(all_rows(engine, Card), key=lambda row: (row["position"], row["ordinal"]))
    a_note(engine, phone.learner_id, below, front="主宾坐哪？", back="主人右侧")
    slip = phone.event(cards[0]["id"], rating=1, at=NOW + 1)
    phone.sync(
        [
            phone.event(cards[0]["id"], rating=3, at=NOW),
            slip,
            phone.event(cards[0]["id"], "undo", at=NOW + 2, event=str(slip.id)),
            phone.event(cards[0]["id"], rating=4, at=NOW + DAY),
            phone.event(cards[1]["id"], rating=4, at=NOW + 3),
            phone.event(cards[2]["id"], "suspend", at=NOW + 4),
        ],
        now=NOW + 2 * DAY,
    )
    return phone


def export(phone: Phone, wanted: ExportFormat, deck_id: UUID | None = None, history: bool = True) -> Export:
    return export_decks(
        phone.engine, Path(), phone.learner_id, wanted, deck_id=deck_id, history=history, now=NOW + 3 * DAY
    )


def data(phone: Phone, wanted: ExportFormat, deck_id: UUID | None = None, history: bool = True) -> bytes:
    return b"".join(export(phone, wanted, deck_id, history).pieces)


def package(phone: Phone, folder: Path, wanted: ExportFormat, history: bool = True) -> ImportDraft:
    path = folder / "deck.apkg"
    path.write_bytes(data(phone, wanted, history=history))
    return gather(read_package(path, READING))


@pytest.mark.parametrize("wanted", ["apkg", "apkg-legacy"])
def test_packages_carry_notes_and_history(phone: Phone, tmp_path: Path, wanted: ExportFormat) -> None:
    draft = package(phone, tmp_path, wanted)
    assert {note.kind: note.fields for note in draft.notes if note.deck == draft.notes[0].deck} == {
        kind: {name: value.replace("\n", "<br>") if kind == "basic" else value for name, value in own.items()}
        for kind, own in KINDS.items()
    }
    first = draft.notes[0].cards[0]
    assert [event.rating for event in first.events if event.kind == "answer"] == [3, 4]
    rows = {row["ordinal"]: row for row in all_rows(phone.engine, Card) if row["reps"] == 2}
    assert first.state.due_day == rows[0]["due_day"]
    assert first.state.stability == pytest.approx(rows[0]["stability"], abs=1e-4)
    assert sum(card.state.suspended for note in draft.notes for card in note.cards) == 1
    assert {deck.name for deck in draft.decks} >= {"礼仪", "礼仪::宴会"}


def test_without_history_every_card_is_new(phone: Phone, tmp_path: Path) -> None:
    draft = package(phone, tmp_path, "apkg", history=False)
    assert all(card.state.phase == 0 and not card.events for note in draft.notes for card in note.cards)


def test_csv_defuses_what_a_spreadsheet_would_run_and_comes_back_exact(phone: Phone) -> None:
    text = data(phone, "csv")
    cells = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert "'=1+1" in cells[1]
    draft = gather(read_table(text))
    assert {note.kind: note.fields for note in draft.notes if note.deck == "礼仪"} == KINDS
    assert [note.deck for note in draft.notes][-1] == "礼仪::宴会"


def test_anki_text_comes_back_with_guids_and_decks(phone: Phone) -> None:
    draft = gather(read_table(data(phone, "anki-text")))
    assert len(draft.notes) == len(KINDS) + 1
    assert {deck.name for deck in draft.decks} == {"礼仪", "礼仪::宴会"}


def test_one_deck_is_a_deck_file_and_several_are_a_zip_of_them(phone: Phone) -> None:
    below = next(row.id for row in _decks(phone) if row.name == "礼仪::宴会")
    single = export(phone, "markdown", below)
    assert (single.filename, single.content_type) == ("礼仪-宴会.md", "text/markdown; charset=utf-8")
    assert [note.fields["back"] for note in read_deck(b"".join(single.pieces).decode()).notes] == ["主人右侧"]
    whole = export(phone, "markdown")
    assert whole.filename == "wengu.zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(whole.pieces))) as archive:
        assert archive.namelist() == ["礼仪.md", "礼仪/宴会.md"]
        deck = read_deck(archive.read("礼仪.md").decode())
    assert {note.kind: note.fields for note in deck.notes} == KINDS


def test_a_deck_comes_with_those_below_it_and_nothing_else(phone: Phone) -> None:
    a_note(
        phone.engine, phone.learner_id, a_deck(phone.engine, phone.learner_id, "礼仪2"), front="x", back="y"
    )
    above = next(row.id for row in _decks(phone) if row.name == "礼仪")
    draft = gather(read_account(data(phone, "json", above).decode(), READING, limits=DEFAULT_LIMITS))
    assert {deck.name for deck in draft.decks} == {"礼仪", "礼仪::宴会"}
    assert len(draft.notes) == len(KINDS) + 1
    assert sum(len(card.events) for note in draft.notes for card in note.cards) == 4


def test_what_is_not_ones_own_cannot_be_taken_out(phone: Phone) -> None:
    with pytest.raises(Missing, match="deck-missing"):
        export(phone, "csv", an_id())
    stranger = a_phone(phone.engine)
    with pytest.raises(Missing, match="deck-missing"):
        export(stranger, "csv", _decks(phone)[0].id)
    assert gather_names(data(stranger, "csv")) == []


def gather_names(text: bytes) -> list[str]:
    return [row[0] for row in csv.reader(io.StringIO(text.decode("utf-8-sig")))][1:]


@pytest.mark.parametrize("wanted", ["apkg", "apkg-legacy", "markdown", "json"])
def test_pictures_leave_with_their_cards(engine: Engine, tmp_path: Path, wanted: ExportFormat) -> None:
    phone = a_phone(engine)
    deck = a_deck(engine, phone.learner_id, "图::画")
    content = b"RIFF\x20\0\0\0WEBPVP8 " + b"0" * 40
    own = take_media(
        engine, tmp_path, phone.learner_id, io.BytesIO(content), now=NOW, random=lambda size: b"r" * size
    ).hash
    front = f'看 ![一只"猫"](media/{own})'
    a_note(engine, phone.learner_id, deck, front=front, back="猫")
    out = export_decks(engine, tmp_path, phone.learner_id, wanted, deck_id=deck, history=True, now=NOW)
    path, folder = tmp_path / out.filename, tmp_path / "read"
    path.write_bytes(b"".join(out.pieces))
    folder.mkdir()
    draft = gather(read_file(path, "auto", READING, media_folder=folder))
    (file,) = draft.media
    assert (file.sha256, (folder / own).read_bytes()) == (own, content)
    (note,) = (note for note in draft.notes if note.fields["back"] == "猫")
    if wanted.startswith("apkg"):
        assert (file.name, note.format) == (f"{own}.webp", "html")
        assert note.fields["front"] == f'看 <img src="{own}.webp" alt="一只&quot;猫&quot;">'
    else:
        assert (file.name, note.fields["front"]) == (own, front)


def _decks(phone: Phone) -> list[DeckRow]:
    with reading(phone.engine) as session:
        return chosen_decks(session, phone.learner_id, None)
