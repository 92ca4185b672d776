"""Deck files: what is written is read back, and what cannot be read is named by its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.notes import DeckDraft, NoteDraft, Source
from app.formats.markdown import DeckSyntaxError, read_deck, write_deck

HEAD = "---\nname: 春\nslug: spring\nlanguage: zh-CN\ndescription: 四季\nversion: 2\nsource: 历书\n---\n"

CANONICAL = (
    HEAD
    + """
<!-- card: a1 -->
Q: 「猫」英语怎么说？
A: cat
RQ: cat 是什么？
RA: 猫
E: 第一行

  隔一行
S: 动物 / 家畜 [10-24] pair.quoted
Tags: 动物 英语
Dir: both

---

<!-- card: a2 -->
Q: 四季的顺序？
L:
- 春
- 夏

---

<!-- card: a3 -->
C: 水在 {{c1::100 ℃}} 沸腾
S: [3-4]
D: 物理书
Quote: 原话

---

<!-- card: a4 -->
Q: 质数？
A: 7
O:
- 6
- 7

---

<!-- card: a5 -->
Q: π？
A: 3.14
Kind: type
"""
)

WORDS = st.text(alphabet=st.sampled_from("abQA甲乙:：-`<!> 。"), min_size=1, max_size=12).map(
    lambda text: text.strip() or "甲"
)
TEXTS = st.lists(WORDS, min_size=1, max_size=3).map("\n".join)
SOURCES = st.builds(
    Source,
    document=st.sampled_from(["历书", "别的书"]),
    section=st.lists(st.sampled_from(["一", "（二）乙", "a/b"]), max_size=3).map(tuple),
    start=st.integers(0, 10**6),
    end=st.integers(0, 10**6),
    rule=st.sampled_from(["", "pair.quoted"]),
    quote=st.sampled_from(["", "原话\n两行"]),
)


@st.composite
def decks(draw: st.DrawFn) -> DeckDraft:
    pairs = draw(
        st.lists(st.tuples(TEXTS, TEXTS, st.booleans(), st.none() | SOURCES), min_size=1, max_size=4)
    )
    version: int | str = draw(st.one_of(st.just(1), st.sampled_from(["12", "abc"])))
    notes = tuple(
        NoteDraft(f"n{place}", "reverse" if both else "basic", {"front": front, "back": back}, ("x",), source)
        for place, (front, back, both, source) in enumerate(pairs)
    )
    return DeckDraft("s", "名", "", "zh-CN", version, notes)


def test_the_canonical_file_comes_back_to_the_byte() -> None:
    assert write_deck(read_deck(CANONICAL)) == CANONICAL


def test_every_kind_is_read() -> None:
    deck = read_deck(CANONICAL)
    assert (deck.name, deck.slug, deck.language, deck.version) == ("春", "spring", "zh-CN", 2)
    assert [note.kind for note in deck.notes] == ["reverse", "list", "cloze", "choice", "type"]
    first = deck.notes[0]
    assert first.fields["note"] == "第一行\n\n隔一行"
    assert first.source == Source("历书", ("动物", "家畜"), 10, 24, "pair.quoted")
    assert deck.notes[2].source == Source("物理书", (), 3, 4, "", "原话")


@given(decks())
def test_any_deck_survives_the_round_trip(deck: DeckDraft) -> None:
    text = write_deck(deck)
    assert read_deck(text) == deck
    assert write_deck(read_deck(text)) == text


def test_chinese_keys_and_full_width_colons_are_taken() -> None:
    note = read_deck(HEAD + "问：为何？\r\n答：因此\r\n注: 附言\r\n").notes[0]
    assert note.fields == {"front": "为何？", "back": "因此", "note": "附言"}
    assert note.guid.startswith("t")


def test_fences_belong_to_the_value_and_comments_to_nobody() -> None:
    deck = read_deck(HEAD + "Q: prints?\n```\nA: not an answer\n---\n```\nA: 1\n<!--\nQ: no\n-->\n")
    assert [note.fields for note in deck.notes] == [
        {"front": "prints?\n```\nA: not an answer\n---\n```", "back": "1"}
    ]


@pytest.mark.parametrize(
    ("body", "line", "code"),
    [
        ("Q: a\nA: b\nstray words\n", 11, "unknown-line"),
        ("Q: a\nQ: b\nA: c\n", 10, "repeated-key"),
        ("Q: a\n", 9, "missing"),
        ("<!-- card: x -->\nQ: a\nA: b\n---\n<!-- card: x -->\nQ: c\nA: d\n", 13, "repeated-card"),
        ("Q: a\nA: b\nS: somewhere\n", 9, "source-unreadable"),
        ("Q: a\nA: b\n```\n", 11, "left-open"),
        ("Q: a\n<!-- card: late -->\nA: b\n", 10, "card-mark-misplaced"),
    ],
)
def test_mistakes_are_named_by_line(body: str, line: int, code: str) -> None:
    with pytest.raises(DeckSyntaxError) as refusal:
        read_deck(HEAD + body)
    assert [(problem.line, problem.code) for problem in refusal.value.problems] == [(line, code)]


@pytest.mark.parametrize("text", ["", "Q: a\nA: b\n", "---\nname: x\n", "---\nname: x\nslug: y\n---\n"])
def test_a_file_without_front_matter_is_refused(text: str) -> None:
    with pytest.raises(DeckSyntaxError):
        read_deck(text)


@given(st.text(alphabet=st.sampled_from("QA:：-\n <!>`a甲card"), max_size=200))
def test_any_text_is_a_deck_or_a_refusal(text: str) -> None:
    try:
        deck = read_deck(HEAD + text)
    except DeckSyntaxError:
        return
    assert read_deck(write_deck(deck)) == deck
