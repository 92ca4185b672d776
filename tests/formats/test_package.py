"""Anki packages of every generation come in with all that is in them, or are turned away in words."""

import json
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.events import Event
from app.core.parameters import DEFAULT_PARAMETERS
from app.core.schedule import replay
from app.formats.anki_collection import Reading
from app.formats.drafts import CardDraft, ImportDraft, gather
from app.formats.limits import KB, MB, Limits
from app.formats.package import read_package
from app.formats.protobuf import bytes_field, varint_field
from app.formats.refusals import FileRefused
from tests.formats.anki_files import (
    BASIC,
    CHILD,
    CLOZE,
    CREATED,
    DECK,
    FILTERED_DECK,
    FIRST_DAY,
    NOW,
    ODD,
    PNG,
    Collection,
    card,
    latest,
    legacy1,
    legacy2,
    note,
    review,
    stub,
    zipped,
    zstd,
)  # fmt: skip
from tests.formats.events import as_events, card_id

READING = Reading("UTC", 0, NOW)
DAY = 86_400_000
MEDIA = {"cat.png": PNG, "Ünï 猫.mp3": b"ID3sound"}


def rich(version: int = 11) -> Collection:
    """Every kind of card there is, in two decks."""
    at = CREATED * 1000 + 3_600_000
    return Collection(
        version=version,
        notes=[
            note(1, "猫", "cat <img src='cat.png'>", tags=" a b::c a "),
            note(2, "{{c1::甲}}与{{c2::乙::几}}", "注", mid=CLOZE),
            note(3, "犬", "", "dog", mid=ODD),
            note(4, "suspended", "x"),
        ],
        cards=[
            card(11, 1, type=2, queue=2, due=30, ivl=20, factor=2300, reps=3, lapses=1, flags=3),
            card(21, 2, deck=CHILD, due=5),
            card(22, 2, deck=CHILD, ordinal=1, due=5),
            card(31, 3, type=2, queue=2, due=-100000, odue=44, odid=DECK, deck=FILTERED_DECK, ivl=9,
                 data=json.dumps({"s": 12.5, "d": 6.25, "lrt": CREATED + 35 * 86_400, "pos": 8})),
            card(32, 3, ordinal=1, due=9),
            card(41, 4, queue=-1, due=3),
        ],
        reviews=[
            review(at, 11), review(at + DAY, 11, 1, type=1, ivl=-600, lastIvl=1),
            review(at + 2 * DAY, 11, 4, type=2, ivl=20), review(at + 3 * DAY, 11, 2, type=3, factor=0),
            review(at + 5, 999),
        ],
    )  # fmt: skip


def read(
    tmp_path: Path, data: bytes, reading: Reading = READING, limits: Limits | None = None
) -> ImportDraft:
    path = tmp_path / "deck.apkg"
    path.write_bytes(data)
    folder = tmp_path / "media"
    folder.mkdir(exist_ok=True)
    return gather(read_package(path, reading, media_folder=folder, limits=limits or Limits()))


def cards(draft: ImportDraft) -> dict[tuple[str, int], CardDraft]:
    return {(one.guid, card.ordinal): card for one in draft.notes for card in one.cards}


@pytest.mark.parametrize(
    ("pack", "version"),
    [(legacy1, 11), (legacy2, 11), (latest, 18), (latest, 15)],
    ids=["legacy1", "legacy2", "latest", "schema15"],
)
def test_all_generations_say_the_same(tmp_path: Path, pack: Callable[..., bytes], version: int) -> None:
    draft = read(tmp_path, pack(rich(version), MEDIA))
    assert (draft.header.notes, draft.header.cards, draft.header.reviews) == (4, 6, 5)
    assert {deck.key: deck.name for deck in draft.decks} == {str(DECK): "父", str(CHILD): "父::子"}
    parent = draft.decks[0]
    assert (parent.new_per_day, parent.reviews_per_day, parent.desired_retention) == (7, 70, 0.85)
    assert [one.kind for one in draft.notes] == ["basic", "cloze", "anki", "basic"]
    assert draft.notes[0].fields == {"front": "猫", "back": "cat <img src='cat.png'>"}
    assert draft.notes[0].tags == ("a", "b::c")
    assert draft.notes[1].fields == {"text": "{{c1::甲}}与{{c2::乙::几}}", "note": "注"}
    assert draft.notes[2].fields == {"Word": "犬", "Reading": "", "Meaning": "dog"}
    assert {one.name for one in draft.media} == set(MEDIA)
    assert [(one.what, one.code, one.count) for one in draft.skipped] == [
        ("review", "review-card-missing", 1)
    ]
    assert (tmp_path / "media" / draft.media[0].sha256).read_bytes() == PNG
    states = {key: card.state for key, card in cards(draft).items()}
    assert states["g1", 0].due_day == FIRST_DAY + 30
    assert (states["g1", 0].flag, states["g1", 0].reps, states["g1", 0].lapses) == (3, 3, 1)
    lent = states["g3", 0]
    assert (lent.stability, lent.difficulty, lent.due_day) == (12.5, 6.25, FIRST_DAY + 44)
    assert lent.last_day == FIRST_DAY + 35
    assert cards(draft)["g3", 0].deck == str(DECK)
    assert states["g4", 0].suspended
    assert [cards(draft)[key].position for key in (("g2", 0), ("g2", 1), ("g3", 0), ("g3", 1))] == [
        5,
        5,
        8,
        9,
    ]


def test_replaying_the_events_leads_to_the_state_of_the_file(tmp_path: Path) -> None:
    for guid, one in cards(read(tmp_path, legacy1(rich()))).items():
        state = replay(card_id(guid), as_events(guid, one.events), [DEFAULT_PARAMETERS])
        assert (state.phase, state.due_day) == (one.state.phase, one.state.due_day)
        assert (state.suspended, state.flag) == (one.state.suspended, one.state.flag)


def test_cram_rows_are_kept_and_marked(tmp_path: Path) -> None:
    events = cards(read(tmp_path, legacy1(rich())))["g1", 0].events
    answers = [event for event in events if event.kind == "answer"]
    assert [event.rating for event in answers] == [3, 1, 4, 2]
    assert [event.data for event in answers] == [{}, {}, {}, {"mode": "cram"}]
    assert [event.day for event in answers] == [FIRST_DAY + day for day in range(4)]


def test_without_scheduling_every_card_is_new(tmp_path: Path) -> None:
    draft = read(tmp_path, legacy1(rich()), replace(READING, scheduling=False))
    assert all(card.state.phase == 0 and not card.events for card in cards(draft).values())
    assert cards(draft)["g3", 0].position == 8


def test_the_same_file_gives_the_same_records(tmp_path: Path) -> None:
    data = latest(rich(18), MEDIA)
    assert read(tmp_path, data) == read(tmp_path, data)


def test_due_days_follow_the_zone_of_the_collection(tmp_path: Path) -> None:
    """Made at 04:00 in Shanghai, which is the evening before in UTC."""
    made = CREATED + 86_400 - 4 * 3600
    for west in (-480, None):
        collection = Collection(
            created=made,
            west_minutes=west,
            notes=[note(1, "a", "b")],
            cards=[card(11, 1, type=2, queue=2, due=10, ivl=5)],
        )
        draft = read(tmp_path, legacy1(collection), Reading("Asia/Shanghai", 4, NOW))
        assert cards(draft)["g1", 0].state.due_day == FIRST_DAY + 1 + 10


def test_a_collection_in_several_zstd_frames_is_read_across_them(tmp_path: Path) -> None:
    assert len(read(tmp_path, latest(rich(18), frames=5)).notes) == 4


def test_the_stub_is_never_taken_for_the_deck(tmp_path: Path) -> None:
    assert len(read(tmp_path, legacy2(rich(), meta=False)).notes) == 4
    assert len(read(tmp_path, latest(rich(18))).notes) == 4
    for entries in (
        [("collection.anki2", stub())],
        [("meta", varint_field(1, 3)), ("collection.anki2", stub())],
    ):
        with pytest.raises(FileRefused) as refusal:
            read(tmp_path, zipped(entries))
        assert refusal.value.code == "package-stub"


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([("readme.txt", b"x")], "package-no-collection"),
        ([("meta", b"\xff"), ("collection.anki2", b"x")], "package-meta"),
        ([("meta", varint_field(1, 9)), ("collection.anki2", b"x")], "package-too-new"),
        ([("collection.anki2", b"not a database")], "collection-broken"),
        ([("collection.anki2", b"SQLite format 3\0" + b"\0" * 5000)], "collection-broken"),
        ([("meta", varint_field(1, 3)), ("collection.anki21b", b"abc")], "zstd-broken"),
        ([("meta", varint_field(1, 3)), ("collection.anki21b", zstd(b"x" * 9999)[:-3])], "zstd-broken"),
    ],
)
def test_what_is_no_package_is_refused(tmp_path: Path, entries: list[tuple[str, bytes]], code: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        read(tmp_path, zipped(entries))
    assert refusal.value.code == code


@pytest.mark.parametrize(("version", "code"), [(10, "collection-too-old"), (19, "collection-too-new"),
                                               (13, "collection-too-old")])  # fmt: skip
def test_other_schemas_are_refused_in_words(tmp_path: Path, version: int, code: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        read(tmp_path, legacy1(replace(rich(), version=version)))
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "statement",
    [
        "create view v as select 1",
        "create trigger t after insert on notes begin delete from notes; end",
        "create virtual table f using fts5(x)",
        "drop table revlog",
        "alter table cards rename column due to undue",
        "alter table cards drop column flags; alter table cards add column flags integer as (due * 2)",
    ],
)
def test_a_schema_that_computes_or_lacks_something_is_refused(tmp_path: Path, statement: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        read(tmp_path, legacy1(replace(rich(), extra_sql=[statement])))
    assert refusal.value.code == "collection-schema"


def test_empty_collections_and_foreign_tables(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refusal:
        read(tmp_path, legacy1(Collection()))
    assert refusal.value.code == "file-nothing-inside"
    extra = replace(rich(), extra_sql=["create table addon (x); insert into addon values (1)"])
    assert len(read(tmp_path, legacy1(extra)).notes) == 4


def test_decks_without_cards_do_no_harm(tmp_path: Path) -> None:
    decks = {
        str(key): {"id": key, "name": name, "dyn": 0, "conf": 1, "desc": ""}
        for key, name in (
            (1, "Default"),
            (DECK, "父"),
            (CHILD, "父::子"),
            (77, "空"),
            (78, "空::更空"),
            (79, ""),
        )
    }
    draft = read(tmp_path, legacy1(replace(rich(), decks=json.dumps(decks))))
    assert len(draft.notes) == 4
    held = {card.deck for note in draft.notes for card in note.cards} | {note.deck for note in draft.notes}
    assert held.isdisjoint({"77", "78", "79"})


def test_notes_that_cannot_be_kept_are_named(tmp_path: Path) -> None:
    collection = Collection(
        notes=[
            note(1, "x" * (64 * KB + 1), "long"),
            note(2, "no", "cards"),
            note(3, "no", "type", mid=7),
            note(4, "a", "b", "c"),
            note(5, "a", "b", guid="same"),
            note(6, "a", "b", guid="same"),
            note(7, "only one field"),
            note(8, "y" * (2 * MB), "longer"),
        ],
        cards=[card(10 * key, key) for key in (1, 3, 4, 5, 6, 7, 8, 99)],
    )
    draft = read(tmp_path, legacy1(collection))
    assert [one.guid for one in draft.notes] == ["same", "g7"]
    assert draft.notes[1].fields == {"Front": "only one field", "Back": ""}
    assert {(one.name, one.code) for one in draft.skipped} == {
        ("g1", "field-too-long"), ("g2", "no-cards"), ("g3", "note-type-missing"), ("g4", "fields-wrong"),
        ("same", "repeated"), ("g8", "field-too-long"), ("", "note-missing"),
    }  # fmt: skip


def test_cells_of_wrong_types_do_no_harm(tmp_path: Path) -> None:
    odd = card(11, 1, type=2, queue=2, data=b"\x00\xff")
    odd[8:12] = ["12", 3.5, "x", float("inf")]
    collection = Collection(
        notes=[[1, b"\xffguid", str(BASIC), 0, 0, None or "", b"a\xff\x1fb", "", 0, 0, ""]],
        cards=[odd, card(12, 1, ordinal=7), card(13, 1, ordinal=-1)],
        reviews=[review(CREATED * 1000, 11, 9), review(5, 11), review(2**62, 11)],
    )
    draft = read(tmp_path, legacy1(collection))
    assert [one.ordinal for one in draft.notes[0].cards] == [0]
    assert ("review-invalid", 3) in {(one.code, one.count) for one in draft.skipped}


def test_media_maps_and_types(tmp_path: Path) -> None:
    media = {"a.svg": b"<svg onload=alert(1)>", "../up.png": PNG, "b.png": PNG}
    draft = read(tmp_path, legacy1(rich(), media))
    assert [one.name for one in draft.media] == ["b.png"]
    assert {(one.name, one.code) for one in draft.skipped if one.what == "media"} == {
        ("a.svg", "media-type"), ("../up.png", "media-name"),
    }  # fmt: skip
    assert sorted(path.name for path in (tmp_path / "media").iterdir()) == [draft.media[0].sha256]
    for broken in (b"[1]", b"{", b'{"0": 5}', b"[" * 100_000):
        with pytest.raises(FileRefused) as refusal:
            read(tmp_path, zipped([("collection.anki2", rich().bytes()), ("media", broken)]))
        assert refusal.value.code == "package-media-map"


def test_a_media_map_may_name_its_entries(tmp_path: Path) -> None:
    listed = bytes_field(1, bytes_field(1, "cat.png") + varint_field(255, 5))
    entries = [
        ("meta", varint_field(1, 3)), ("collection.anki21b", zstd(rich(18).bytes())),
        ("media", zstd(listed)), ("5", zstd(PNG)),
    ]  # fmt: skip
    assert [one.name for one in read(tmp_path, zipped(entries)).media] == ["cat.png"]


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(upload=1000), "file-too-large"),
        (Limits(unpacked=1000), "archive-unpacked"),
        (Limits(collection=1000), "collection-too-large"),
        (Limits(entries=1), "archive-entries"),
        (Limits(notes=2), "too-many-rows"),
        (Limits(reviews=2), "too-many-rows"),
        (Limits(note_types=2), "too-many-rows"),
        (Limits(decks=1), "too-many-rows"),
        (Limits(sqlite_steps=0), "collection-takes-too-long"),
    ],
)
def test_each_limit_holds(tmp_path: Path, limits: Limits, code: str) -> None:
    for data in (legacy1(rich()), latest(rich(18))):
        with pytest.raises(FileRefused) as refusal:
            read(tmp_path, data, limits=limits)
        assert refusal.value.code == code


def test_archives_that_lie_or_hide_are_refused(tmp_path: Path) -> None:
    bomb = zipped([("collection.anki2", b"\0" * (40 * MB))], zipfile.ZIP_DEFLATED)
    twice = bytearray(zipped([("meta", b"a"), ("metb", b"b")]))
    twice[:] = twice.replace(b"metb", b"meta")
    encrypted = bytearray(zipped([("meta", b"a")]))
    struct.pack_into("<H", encrypted, encrypted.rindex(b"PK\x01\x02") + 8, 1)
    method = zipped([("meta", b"a")], zipfile.ZIP_LZMA)
    for data, code in (
        (bomb, "archive-ratio"),
        (bytes(twice), "archive-repeated-name"),
        (bytes(encrypted), "archive-encrypted"),
        (method, "archive-method"),
        (b"", "file-empty"),
        (b"PK\x03\x04 not an archive", "archive-broken"),
        (zipped([("meta", b"a")])[:-5], "archive-broken"),
        (latest(rich(18)).replace(b"\x28\xb5\x2f\xfd", b"\x28\xb5\x2f\xff", 1), "archive-broken"),
    ):
        with pytest.raises(FileRefused) as refusal:
            read(tmp_path, data)
        assert refusal.value.code == code


def test_a_zstd_bomb_stops_at_its_ratio(tmp_path: Path) -> None:
    entries = [("meta", varint_field(1, 3)), ("collection.anki21b", zstd(b"\0" * (64 * MB)))]
    with pytest.raises(FileRefused) as refusal:
        read(tmp_path, zipped(entries))
    assert refusal.value.code == "archive-ratio"


def test_events_are_those_of_the_core(tmp_path: Path) -> None:
    one = cards(read(tmp_path, legacy1(rich())))["g1", 0]
    assert all(isinstance(event, Event) for event in as_events(("g1", 0), one.events))
