"""From a file of any text to decks on the disk."""

from pathlib import Path

import pytest

from app.formats.markdown import read_deck
from app.services.generate import generate, lint_decks, shipped_decks
from app.text.overlay import OverlayError

TEXT = "值班守则\n\n一、交班\n\n不可早退。交班时，应填写日志。\n"
HEAD = "---\nname: 交班\nslug: duty\nlanguage: zh-CN\ndescription: 值班\nsections: {}\n---\n"


def test_a_text_without_edits_becomes_one_deck(tmp_path: Path) -> None:
    source = tmp_path / "Night Watch.txt"
    source.write_bytes(TEXT.encode("gb18030"))
    report = generate(source, tmp_path / "none", tmp_path / "out")
    assert (report.encoding, report.guessed) == ("gb18030", False)
    deck = read_deck((tmp_path / "out" / "night-watch.md").read_text("utf-8"))
    assert (deck.name, len(deck.notes)) == ("值班守则", 2)
    assert report.lines()[0] == "值班守则: 2 candidates, 2 cards in 1 decks"


def test_a_wrong_edit_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    source, overlays = tmp_path / "a.txt", tmp_path / "overlays"
    source.write_text(TEXT, "utf-8")
    overlays.mkdir()
    (overlays / "duty.md").write_text(HEAD.format("无此节"), "utf-8")
    with pytest.raises(OverlayError, match="no section"):
        generate(source, overlays, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_accepted_warning_is_silent_and_a_stale_one_is_not(tmp_path: Path) -> None:
    overlays = tmp_path / "overlays"
    overlays.mkdir()
    front = "---\nname: x\nslug: x\nlanguage: zh-CN\nsource: 书\n---\n"
    card = (
        "\n<!-- card: a -->\nQ: 会议几时开始？\nA: 每月第一个星期一上午在三楼的大会议室\nS: 一 [1-9] step\n"
    )
    (tmp_path / "x.md").write_text(front + card, "utf-8")
    assert [finding.rule for finding in lint_decks(tmp_path)] == ["long-answer"]
    accepted = overlays / "accepted-warnings.txt"
    accepted.write_text("a long-answer: 地点和时间要一起记\n", "utf-8")
    assert lint_decks(tmp_path) == []
    accepted.write_text("a yes-no: 没有这回事\n", "utf-8")
    with pytest.raises(OverlayError, match="accepts nothing"):
        lint_decks(tmp_path)
    accepted.write_text("a same-front: 错误不能接受\n", "utf-8")
    with pytest.raises(OverlayError, match="not `card rule: reason`"):
        lint_decks(tmp_path)


def test_shipped_decks_are_read_in_order_without_the_overlays(tmp_path: Path) -> None:
    for slug in ("b", "a"):
        (tmp_path / f"{slug}.md").write_text(f"---\nname: {slug}\nslug: {slug}\nlanguage: en\n---\n", "utf-8")
    assert [deck.slug for deck in shipped_decks(tmp_path)] == ["a", "b"]
