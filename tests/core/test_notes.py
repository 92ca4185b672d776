"""A note makes the cards that its kind promises, or says which field is at fault."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.notes import GAP, InvalidNote, NoteKind, faces, gaps, lines, note_vectors, ordinals

ANY_FIELDS = st.dictionaries(
    st.sampled_from(["front", "back", "note", "text", "items", "choices", "reverse_front", "reverse_back"]),
    st.text(alphabet=st.sampled_from("ab甲乙 \n\u3000{}:c12::"), max_size=60),
    max_size=6,
)


def test_reverse_asks_both_ways_with_its_own_questions() -> None:
    there, back = faces(
        "reverse",
        {
            "front": "猫，英语？",
            "back": "cat",
            "reverse_front": "cat 是什么？",
            "reverse_back": "猫",
            "note": "n",
        },
    )
    assert (there.ordinal, there.front, there.back, there.note) == (0, "猫，英语？", "cat", "n")
    assert (back.ordinal, back.front, back.back, back.note) == (1, "cat 是什么？", "猫", "n")


def test_reverse_falls_back_to_the_plain_sides() -> None:
    assert [(face.front, face.back) for face in faces("reverse", {"front": "a", "back": "b"})] == [
        ("a", "b"),
        ("b", "a"),
    ]


def test_cloze_hides_one_number_at_a_time() -> None:
    first, second = faces("cloze", {"text": "{{c1::甲::谁}}先，{{c2::乙}}后，{{c1::甲}}再来"})
    assert (first.front, first.back) == ("[谁]先，乙后，「……」再来", "甲、甲")
    assert (second.front, second.back) == (f"甲先，{GAP}后，甲再来", "乙")


def test_cloze_ordinals_follow_the_numbers_and_survive_a_missing_one() -> None:
    assert [face.ordinal for face in faces("cloze", {"text": "{{c4::x}} {{c2::y}}"})] == [1, 3]


def test_list_asks_each_member_after_those_before_it() -> None:
    made = faces("list", {"front": "顺序？", "items": "春\n\n夏"})
    assert [(face.front, face.back) for face in made] == [
        ("顺序？\n1. ……", "春"),
        ("顺序？\n1. 春\n2. ……", "夏"),
    ]


@pytest.mark.parametrize(
    ("kind", "fields", "field", "reason"),
    [
        ("basic", {"front": "x", "back": " \u3000"}, "back", "missing"),
        ("basic", {"front": "x", "back": "y", "text": "z"}, "text", "unknown-field"),
        ("basic", {"front": "x\0", "back": "y"}, "front", "nul"),
        ("cloze", {"text": "{{c1::x"}, "text", "cloze-broken"),
        ("cloze", {"text": "{{c1::x{{c2::y}}}}"}, "text", "cloze-nested"),
        ("cloze", {"text": "x"}, "text", "cloze-missing"),
        ("list", {"front": "x", "items": "\n".join("abcdefghij" * 11)}, "items", "too-many"),
        ("choice", {"front": "x", "back": "a", "choices": "b\nc"}, "choices", "answer-not-offered"),
        ("riddle", {"front": "x"}, "kind", "unknown-kind"),
    ],
)
def test_refusals_name_the_field(kind: NoteKind, fields: dict[str, str], field: str, reason: str) -> None:
    with pytest.raises(InvalidNote) as refusal:
        faces(kind, fields)
    assert (refusal.value.field, refusal.value.reason) == (field, reason)


@given(st.sampled_from(get_args(NoteKind)), ANY_FIELDS)
def test_any_fields_make_whole_cards_or_a_refusal(kind: NoteKind, fields: dict[str, str]) -> None:
    try:
        made = faces(kind, fields)
    except InvalidNote:
        return
    assert made
    assert all(face.front and face.back for face in made)
    ordinals = [face.ordinal for face in made]
    assert ordinals == sorted(set(ordinals))


def test_a_thousand_unclosed_gaps_are_refused_at_once() -> None:
    with pytest.raises(InvalidNote):
        gaps("{{c1::" * 100_000)


def test_lines_trims_and_drops_empty_ones() -> None:
    assert lines(" a \n\u3000\n\tb\r\n") == ["a", "b"]


@given(st.sampled_from(get_args(NoteKind)), ANY_FIELDS)
def test_ordinals_are_those_of_the_faces(kind: NoteKind, fields: dict[str, str]) -> None:
    try:
        made = [face.ordinal for face in faces(kind, fields)]
    except InvalidNote as refusal:
        with pytest.raises(InvalidNote, match=str(refusal)):
            ordinals(kind, fields)
    else:
        assert ordinals(kind, fields) == made


def test_vectors_cover_every_kind_and_hold_what_faces_gives() -> None:
    vectors = note_vectors()
    rendered = [vector for vector in vectors if "faces" in vector]
    assert {vector["kind"] for vector in rendered} == set(get_args(NoteKind))
    for vector in rendered:
        assert [face["front"] for face in vector["faces"]] == [
            face.front for face in faces(vector["kind"], vector["fields"])
        ]
    assert any("error" in vector for vector in vectors)
