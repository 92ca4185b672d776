"""What holds for any text: no crash, places inside it, one answer a question, the same again next time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.notes import faces
from app.text.pipeline import candidates, draft, flat

PIECES = st.sampled_from(
    [
        *("一、", "（二）", "1. ", "第一，", "- ", "# ", "问：", "答：", "小常识\n", "\n\n"),
        *("如果", "应", "不可", "切忌", "先", "再", "由", "把", "给", "称", "是指", "包括"),
        *("甲", "乙丙", "丁戊己", "“庚”", "3天", *"、，。；：|\t (）\n\u0301\x00"),
        *("If ", "must ", "never ", "is a ", "Tea", "cup ", "10 days", ". ", ", "),
    ]
)
TEXTS = st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=120)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_any_text_gives_whole_cards_that_point_into_it(decoded: str) -> None:
    shape, found = candidates(decoded)
    for candidate in found:
        assert 0 <= candidate.start < candidate.end <= len(decoded)
        note = draft(candidate, shape.document)
        assert faces(note.kind, note.fields)
        assert len(note.guid) <= 64
    assert len({candidate.id for candidate in found}) == len(found)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_no_two_candidates_ask_the_same(decoded: str) -> None:
    _, found = candidates(decoded)
    asked = [flat(front) for each in found for front in (each.front, each.reverse_front) if front]
    assert len(asked) == len(set(asked))


@settings(max_examples=50, deadline=None)
@given(TEXTS)
def test_the_same_text_gives_the_same_candidates(decoded: str) -> None:
    assert candidates(decoded)[1] == candidates(decoded)[1]


def test_an_id_outlives_changes_elsewhere_in_the_text() -> None:
    before = candidates("守则\n\n不可带伞入内。\n")[1]
    after = candidates("守则\n\n新的第一段。\n\n不可带伞入内。\n")[1]
    assert {candidate.id for candidate in before if candidate.rule == "ban"} == {
        candidate.id for candidate in after if candidate.rule == "ban"
    }


@pytest.mark.parametrize(
    "unit",
    [
        "，",
        "按a、",
        "把a给",
        "（",
        "“",
        "先a后",
        "# a\n",
        "a|b\n",
        "问：a\n",
        "If ",
        "1. a\n",
        "如，a、",
        "由a经",
        "五心：a；",
    ],
)
def test_repetition_does_not_blow_up(unit: str) -> None:
    """Quadratic patterns would take minutes here, linear ones a moment."""
    candidates(unit * 8_000)
