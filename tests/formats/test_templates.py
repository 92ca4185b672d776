"""Templates render as Anki's do, in one pass, and cannot grow or run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats.drafts import NoteTypeDraft, TemplateDraft
from app.formats.templates import BadTemplate, clozed, render_card

FIELDS = {"Front": "猫", "Back": "<b>cat</b>", "Empty": " <br>&nbsp;", "Pic": "<img src=a.png>"}


def kind(front: str, back: str = "", cloze: bool = False) -> NoteTypeDraft:
    return NoteTypeDraft(
        "1", "T", "cloze" if cloze else "normal", tuple(FIELDS), (TemplateDraft("C", front, back),)
    )


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{Front}} {{ Back }}", "猫 <b>cat</b>"),
        ("{{#Front}}a{{/Front}}{{^Front}}b{{/Front}}", "a"),
        ("{{#Empty}}a{{/Empty}}{{^Empty}}b{{/Empty}}", "b"),
        ("{{#Pic}}a{{/Pic}}", "a"),
        ("{{#Front}}{{#Empty}}x{{/Empty}}y{{/Front}}", "y"),
        ("{{text:Back}}", "cat"),
        ("{{type:Back}}", ""),
        ("{{Deck}}|{{Subdeck}}|{{Tags}}|{{Type}}|{{Card}}", "a::b|b|&lt;t&gt;|T|C"),
        ("{{Nobody}}", "{{Nobody}}"),
        ("{{! note }}{{tts en_US:Front}}", "猫"),
        ("{{hint:Back}}", "<details><summary>Back</summary><b>cat</b></details>"),
    ],
)
def test_what_a_template_shows(template: str, expected: str) -> None:
    assert render_card(kind(template), FIELDS, 0, deck="a::b", tags="<t>").front == expected


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a [$]x^2[/$] b", r"a \(x^2\) b"),
        (r"[$$]\frac{a}{b}[/$$]", r"\[\frac{a}{b}\]"),
        ("[latex]$x<br>y$[/latex]", r"\(x y\)"),
        (r"[latex]\begin{displaymath}a[1]\end{displaymath}[/latex]", r"\[a[1]\]"),
        ("[latex]Let $a$ be[/latex]", r"Let \(a\) be"),
        ("[$]never closed", "[$]never closed"),
    ],
)
def test_what_anki_sets_by_latex_is_a_formula(written: str, shown: str) -> None:
    assert render_card(kind("{{Front}}"), {**FIELDS, "Front": written}, 0).front == shown


def test_the_back_holds_the_front_without_its_sounds() -> None:
    fields = {**FIELDS, "Front": "猫[sound:m.mp3]"}
    assert render_card(kind("{{Front}}", "{{FrontSide}}<hr>{{Back}}"), fields, 0).back == "猫<hr><b>cat</b>"


def test_a_field_is_no_template() -> None:
    fields = {**FIELDS, "Front": "{{Back}}{{#Back}}"}
    assert render_card(kind("{{Front}}"), fields, 0).front == "{{Back}}{{#Back}}"


@pytest.mark.parametrize("template", ["{{#Front}}", "{{/Front}}", "{{#Front}}{{/Back}}", "{{#Front}}" * 60])
def test_broken_templates_are_named(template: str) -> None:
    with pytest.raises(BadTemplate):
        render_card(kind(template), FIELDS, 0)


def test_output_has_an_end() -> None:
    with pytest.raises(BadTemplate):
        render_card(kind("{{Front}}" * 50), {**FIELDS, "Front": "x" * 60_000}, 0)


def test_blank_fronts_are_known() -> None:
    assert render_card(kind("Q: {{Empty}}"), FIELDS, 0).blank
    assert not render_card(kind("Q: {{Front}}"), FIELDS, 0).blank


def test_ruby() -> None:
    fields = {**FIELDS, "Front": " 日本[にほん]と[sound:a.mp3]"}
    shown = [
        render_card(kind("{{" + one + ":Front}}"), fields, 0).front for one in ("furigana", "kana", "kanji")
    ]
    assert shown == [
        "<ruby>日本<rt>にほん</rt></ruby>と[sound:a.mp3]", "にほんと[sound:a.mp3]", "日本と[sound:a.mp3]",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "answer", "expected"),
    [
        (1, False, "<mark>[…]</mark>与乙"),
        (1, True, "<mark>甲</mark>与乙"),
        (2, False, "甲与<mark>[几]</mark>"),
        (3, False, ""),
    ],
)
def test_cloze(number: int, answer: bool, expected: str) -> None:
    assert clozed("{{c1::甲}}与{{c2::乙::几}}", number, answer=answer) == expected


def test_clozes_nest_and_may_be_unfinished() -> None:
    assert clozed("{{c1::a {{c2::b}} c}}", 2, answer=False) == "a <mark>[…]</mark> c"
    assert clozed("{{c1::a {{c2::b}} c}}", 1, answer=True) == "<mark>a b c</mark>"
    assert clozed("{{c1::a}} {{c2::b }} }} {{c3::d", 1, answer=True) == "<mark>a</mark> b  }} {{c3::d"


@given(st.text(alphabet="{}c1:#/^!Front ", max_size=60), st.text(alphabet="{}c1:a ", max_size=40))
def test_any_template_ends(template: str, value: str) -> None:
    for cloze in (False, True):
        try:
            render_card(kind(template, template, cloze), {**FIELDS, "Front": value}, 0)
        except BadTemplate:
            continue
