"""The shipped decks are what the source and the overlays make, they are whole, and they are clean."""

import json
import re
import subprocess
from pathlib import Path

from app.core.notes import DeckDraft, faces
from app.services.generate import export_jsonl, generate, lint_decks, shipped_decks
from app.text.normalise import normalise
from app.text.overlay import read_overlay
from app.text.pipeline import LEAST_RANK, candidates, flat
from tests.text.chapter import CHAPTER, ROOT, needs_chapter

DECKS = ROOT / "decks"
OVERLAYS = DECKS / "overlays"
RUN = 6  # Chinese characters that code may share with the source by chance, and no more
LONGEST_SHARED = 27  # characters a card may share with the source: a list of its key words, not its sentences


def deck(slug: str) -> DeckDraft:
    return next(each for each in shipped_decks(DECKS) if each.slug == slug)


@needs_chapter
def test_the_decks_come_out_of_the_source_byte_for_byte(tmp_path: Path) -> None:
    generate(CHAPTER, OVERLAYS, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.md")} == {
        path.name: path.read_bytes() for path in DECKS.glob("*.md")
    }


@needs_chapter
def test_every_paragraph_has_a_card_or_a_reason(tmp_path: Path) -> None:
    report = generate(CHAPTER, OVERLAYS, tmp_path)
    assert [bare for bare in report.bare if not bare.reason] == []


@needs_chapter
def test_most_cards_are_found_by_the_rules() -> None:
    edits = [
        edit
        for path in OVERLAYS.glob("*.md")
        for edit in read_overlay(path.read_text("utf-8"), path.name).edits
    ]
    by_hand = sum(edit.act == "new" for edit in edits)
    assert by_hand < 0.25 * sum(len(each.notes) for each in shipped_decks(DECKS))


@needs_chapter
def test_the_named_sections_are_found_without_an_edit() -> None:
    _, found = candidates(CHAPTER.read_text("utf-8"))
    good = [candidate for candidate in found if candidate.rank >= LEAST_RANK]
    pairs = [
        candidate
        for candidate in good
        if candidate.rule == "pair.quoted" and candidate.note_kind == "reverse"
    ]
    looks = [
        candidate for candidate in good if candidate.rule == "glossary" and candidate.note_kind == "reverse"
    ]
    assert len(pairs) == 24
    assert len([candidate for candidate in looks if len(candidate.section) > 4]) >= 8


@needs_chapter
def test_the_code_holds_no_words_of_the_source() -> None:
    source = normalise(CHAPTER.read_text("utf-8")).text
    listing = subprocess.run(["git", "ls-files", "app"], cwd=ROOT, capture_output=True, check=True, text=True)
    shared = [
        f"{name}: {piece}"
        for name in listing.stdout.split()
        if name.endswith((".py", ".ts", ".tsx", ".css", ".html"))
        for run in re.findall(r"[\u3400-\u9fff]+", (ROOT / name).read_text("utf-8"))
        for piece in (run[at : at + RUN] for at in range(len(run) - RUN + 1))
        if piece in source
    ]
    assert not shared


@needs_chapter
def test_no_card_and_no_edit_copies_a_sentence_of_the_source() -> None:
    source = flat(CHAPTER.read_text("utf-8"))
    texts = [
        value for each in shipped_decks(DECKS) for note in each.notes for value in note.fields.values()
    ] + [line for path in OVERLAYS.iterdir() for line in path.read_text("utf-8").splitlines()]
    copied = [
        text
        for text in map(flat, texts)
        if any(text[at : at + LONGEST_SHARED] in source for at in range(len(text) - LONGEST_SHARED + 1))
    ]
    assert not copied
    assert not [
        note.guid for each in shipped_decks(DECKS) for note in each.notes if note.source and note.source.quote
    ]


def test_the_decks_pass_the_linter_without_a_finding() -> None:
    assert lint_decks(DECKS) == []


def test_the_four_named_decks_are_whole() -> None:
    phrases, looks, dining, kinds = map(deck, ("polite-phrases", "eye-meanings", "dining", "pr-types"))
    assert (phrases.name, looks.name, dining.name, kinds.name) == (
        "客套用语",
        "目光含义",
        "用餐禁忌",
        "公关活动类型",
    )
    assert [note.kind for note in phrases.notes] == ["reverse"] * 24
    assert [note.kind for note in looks.notes] == ["reverse"] * 8
    assert sum(note.kind == "basic" for note in dining.notes) == 41 + 22 + 10
    assert sum(note.kind == "list" for note in dining.notes) == 1
    assert len(kinds.notes) == 19


def test_slips_of_the_source_are_put_right_and_shown() -> None:
    notes = {note.fields.get("front"): note for each in shipped_decks(DECKS) for note in each.notes}
    shown = [note.fields["note"] for note in notes.values() if "原文作“" in note.fields.get("note", "")]
    assert len(shown) >= 10
    pick = next(note for front, note in notes.items() if front and "剔牙" in front)
    assert "原文作“剃牙”" in pick.fields["note"]


def test_both_handshake_times_name_their_section() -> None:
    times = [
        face.front
        for note in deck("handshake").notes
        for face in faces(note.kind, note.fields)
        if "秒" in face.back
    ]
    assert len(times) == 2
    assert all("按“" in front for front in times)


def test_the_export_holds_one_object_a_card(tmp_path: Path) -> None:
    count = export_jsonl(DECKS, tmp_path / "cards.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "cards.jsonl").read_text("utf-8").splitlines()]
    assert (
        len(rows)
        == count
        == sum(len(faces(note.kind, note.fields)) for each in shipped_decks(DECKS) for note in each.notes)
    )
    assert all(set(row) == {"deck", "kind", "front", "back", "note", "source"} for row in rows)
    assert all(row["source"]["section"] and row["source"]["end"] > row["source"]["start"] for row in rows)
    assert len({flat(row["front"]) for row in rows}) == count
