"""Edits of people: they change what they name, give their reason, and fail when they name nothing."""

import pytest

from app.core.notes import DeckDraft
from app.text.overlay import OverlayError, read_overlay
from app.text.pipeline import candidates
from app.text.starter import assemble, bare_paragraphs

TEXT = (
    "值班守则\n\n一、交班\n\n不可早退。交班时，应填写日志。\n\n"
    "二、巡查\n\n巡查前，应检查手电。\n\n天气多变，山路难走。\n"
)
SHAPE, FOUND = candidates(TEXT)
IDS = {candidate.back: candidate.id for candidate in FOUND}
BAN, LOG, LAMP = IDS["不可早退"], IDS["应填写日志"], IDS["应检查手电"]
HEAD = "---\nname: 交班\nslug: duty\nlanguage: zh-CN\ndescription: 值班\nsections: 交班\n---\n"


def decks(*texts: str) -> list[DeckDraft]:
    return assemble(SHAPE, FOUND, [read_overlay(text, f"{place}.md") for place, text in enumerate(texts)])


def test_a_deck_takes_its_sections_and_no_others() -> None:
    (deck,) = decks(HEAD)
    assert [note.fields["back"] for note in deck.notes] == ["不可早退", "应填写日志"]


def test_a_card_is_reworded_and_keeps_its_place() -> None:
    (deck,) = decks(f"{HEAD}\n<!-- card: {BAN} -->\nQ: 值班，什么不可？\nA: 早退\nWhy: 短些\n")
    note = deck.notes[0]
    assert (note.guid, note.fields) == (BAN, {"front": "值班，什么不可？", "back": "早退"})
    assert note.source is not None
    assert TEXT[note.source.start : note.source.end] == "不可早退"
    assert note.source.rule == "ban+edit"


def test_a_slip_is_shown() -> None:
    (deck,) = decks(f"{HEAD}\n<!-- card: {BAN} -->\nE: 见第二条。\nWas: 早腿\nWhy: 错字\n")
    assert deck.notes[0].fields["note"] == "见第二条。原文作“早腿”。"


def test_dropped_and_merged_candidates_make_no_card_of_their_own() -> None:
    (dropped,) = decks(f"{HEAD}\n<!-- drop: {LOG} -->\nWhy: 不考\n")
    assert [note.guid for note in dropped.notes] == [BAN]
    (merged,) = decks(f"{HEAD}\n<!-- card: {BAN} {LAMP} -->\nWhy: 合一\n")
    assert merged.notes[0].fields["note"] == "又见“巡查”。"


def test_a_listing_deck_takes_only_what_it_names() -> None:
    (deck,) = decks(
        HEAD.replace("sections:", "take: listed\nsections:") + f"\n<!-- card: {LOG} -->\nWhy: 要考\n"
    )
    assert [note.guid for note in deck.notes] == [LOG]


def test_a_new_card_names_its_place() -> None:
    (deck,) = decks(f"{HEAD}\n<!-- new: h-1 -->\nQ: 巡查带什么？\nA: 手电\nAt: [30-40]\nWhy: 漏了\n")
    added = next(note for note in deck.notes if note.guid == "h-1")
    assert added.source is not None
    assert (added.source.section, added.source.rule) == (("值班守则", "巡查"), "")


def test_a_deck_may_ask_in_its_own_way() -> None:
    (deck,) = decks(HEAD.replace("---\nname", "---\nask ban: 什么不行（{cue}）？ |\nname"))
    assert deck.notes[0].fields["front"] == "什么不行（）？"


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ("<!-- card: ban-00000000 -->\nQ: x\nWhy: y\n", "no candidate ban-00000000"),
        ("<!-- skip: 无此节 -->\nWhy: y\n", "no section"),
        ("<!-- new: h-1 -->\nQ: x\nA: y\nAt: [10-99999]\nWhy: z\n", "behind the end"),
        (f"<!-- drop: {BAN} -->\nWhy: y\n\n<!-- card: {BAN} -->\nWhy: z\n", "edited already"),
        (f"<!-- card: {BAN} -->\nQ: x\n", "needs its reason"),
        ("<!-- new: h-1 -->\nQ: x\nA: y\nWhy: z\n", "the place that bears it out"),
        ("some words\n", "unknown line"),
    ],
)
def test_an_edit_that_fits_nothing_fails(edit: str, words: str) -> None:
    with pytest.raises(OverlayError, match=words):
        decks(f"{HEAD}\n{edit}")


def test_paragraphs_without_a_card_are_named_with_their_reason() -> None:
    overlay = read_overlay(f"{HEAD}\n<!-- skip: 巡查 -->\nWhy: 只是写景\n", "0.md")
    bare = bare_paragraphs(SHAPE, assemble(SHAPE, FOUND, [overlay]), [overlay])
    assert [(each.section[-1], each.reason) for each in bare] == [("巡查", "只是写景")] * 2
