"""Each rule of the linter on the smallest deck that breaks it, and on one that does not."""

import pytest

from app.core.lint import FIXES, Finding, lint
from app.core.notes import DeckDraft, NoteDraft, NoteKind, Source

PLACE = Source("书", ("一",), 0, 10, "norm")


def note(
    guid: str = "a", kind: NoteKind = "basic", source: Source | None = PLACE, **fields: str
) -> NoteDraft:
    return NoteDraft(guid, kind, fields or {"front": "几点开门？", "back": "早上八点"}, (), source)


def found(*notes: NoteDraft, text: str = "", generated: bool = True) -> list[Finding]:
    return lint([DeckDraft("d", "甲", "", "zh-CN", 1, notes)], text, generated=generated)


def rules(*notes: NoteDraft, text: str = "", generated: bool = True) -> list[str]:
    return [finding.rule for finding in found(*notes, text=text, generated=generated)]


def test_a_good_deck_has_no_findings() -> None:
    assert rules(note(), note("b", front="几点关门？", back="晚上九点")) == []


def test_one_question_with_two_answers_also_across_decks() -> None:
    one = DeckDraft("d", "甲", "", "zh-CN", 1, (note(),))
    other = DeckDraft("e", "乙", "", "zh-CN", 1, (note("b", front="几点开门?", back="九点"),))
    assert [(finding.deck, finding.rule) for finding in lint([one, other])] == [("e", "same-front")]


def test_the_same_card_twice() -> None:
    assert rules(note(), note("b")) == ["duplicate"]


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"front": "早上八点开门吗？", "back": "早上八点"}, "answer-in-front"),
        ({"front": "几点开门？", "back": "八点\ufffd"}, "mojibake"),
        (
            {"front": "什么时候可以进门参观？", "back": "每天早上八点以后直到晚上九点以前都可以"},
            "long-answer",
        ),
        ({"front": "几点开门、关门？", "back": "八点；九点"}, "several-facts"),
        ({"front": "哪些人可以进门？", "back": "甲、乙、丙、丁、戊、己"}, "list-without-members"),
        ({"front": "它几点开门？", "back": "八点"}, "dangling"),
        ({"front": "周一开门不开门？", "back": "是"}, "yes-no"),
        ({"front": "门宽是多少？", "back": "12"}, "bare-number"),
        ({"front": "门？", "back": "木头"}, "missing-context"),
    ],
)
def test_faults_of_one_card(fields: dict[str, str], rule: str) -> None:
    assert rules(NoteDraft("a", "basic", fields, (), PLACE)) == [rule]


def test_a_list_note_answers_for_the_card_that_asks_for_all() -> None:
    whole = note(front="哪些人可以进门？", back="甲、乙、丙、丁、戊、己")
    members = note("b", "list", front="进门的人，一个一个说。", items="甲\n乙\n丙\n丁\n戊\n己")
    assert rules(whole, members) == []


def test_more_than_seven_members() -> None:
    assert rules(note(kind="list", front="有哪些？", items="\n".join("甲乙丙丁戊己庚辛"))) == ["long-list"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("open at {{c1::eigh}}t", "gap-cuts-word"),
        ("门{{c1::的}}钥匙在柜子里", "trivial-gap"),
    ],
)
def test_gaps(text: str, rule: str) -> None:
    assert rules(note(kind="cloze", text=text)) == [rule]


def test_bans_keep_their_not_and_their_exception() -> None:
    ban = Source("书", ("一",), 0, 12, "ban+edit")
    assert rules(note(source=ban, front="伞放在哪里？", back="门口")) == ["lost-not"]
    text = "不可带伞，雨天除外。后文"
    assert rules(note(source=ban, front="不可带什么？", back="伞"), text=text) == ["lost-exception"]
    assert rules(note(source=ban, front="不可带什么？", back="伞", note="雨天除外。"), text=text) == []


def test_generated_cards_say_where_they_come_from() -> None:
    assert rules(note(source=None)) == ["no-source"]
    assert rules(note(source=None), generated=False) == []


def test_an_unedited_answer_stands_at_its_source() -> None:
    assert rules(note(), text="晚上九点关门，周一休息。") == ["not-at-source"]
    assert rules(note(), text="早上八点开门，周一休息。") == []


def test_fronts_that_differ_by_a_hair() -> None:
    one = note(front="在新的图书馆借书最长可以借多少天？", back="三十天")
    other = note("b", front="在新的图书馆借书最长可以借多少天呢？", back="六十天")
    assert rules(one, other) == ["near-front"]


def test_two_numbers_for_one_cue() -> None:
    one = note(front="图书馆的书可以借多久？", back="30天")
    other = note("b", front="图书馆书可以借多久？", back="60天")
    assert "two-numbers" in rules(one, other)


def test_a_broken_note_is_a_finding_not_a_crash() -> None:
    (finding,) = found(note(front="x"))
    assert (finding.rule, finding.level) == ("broken", "error")
    assert all(finding.fix)


def test_every_rule_says_how_to_mend_it_in_both_languages() -> None:
    assert all(
        level in ("error", "warning") and chinese and english for level, chinese, english in FIXES.values()
    )
