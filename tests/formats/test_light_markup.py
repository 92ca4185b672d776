"""HTML fields as light markup, and references that Python itself will not read."""

import pytest

from app.formats.light_markup import light_markup
from app.formats.markup import asked_names, clean
from app.formats.references import unescaped


@pytest.mark.parametrize(
    ("html", "light"),
    [
        ("<b>甲</b>乙<i>丙</i>", "**甲**乙*丙*"),
        ("a<br>b<div>c</div>d", "a\nb\nc\nd"),
        ("<ul><li>一</li><li>二</li></ul>", "- 一\n- 二"),
        ("<ruby>漢<rt>hàn</rt></ruby>", "{漢|hàn}"),
        ("x &lt; y &amp;&nbsp;z", "x < y & z"),
        ('<IMG class="a" src="猫 &amp; co.png" alt=cat>', "![cat](猫 & co.png)"),
        ("<img src='a>b.png'>", "![](a>b.png)"),
        ("a</b></i> <script>alert(1)</script><!-- x --><style>b</style>c", "a c"),
        ("<b>open", "**open"),
        ("1 < 2", "1 < 2"),
    ],
)
def test_html_as_light_markup(html: str, light: str) -> None:
    assert light_markup(html) == light


@pytest.mark.parametrize(
    "number", ["&#" + "9" * 5_000 + ";", "&#x" + "f" * 9_000, "&#" + "0" * 6_000 + "99999999;"]
)
def test_numbers_too_long_to_read_are_no_character(number: str) -> None:
    assert unescaped(f"a{number} b") == "a\ufffd b"
    assert light_markup(f"a{number}") == "a\ufffd"
    assert asked_names(f'<img src="{number[:900]}">')
    assert clean(number)


def test_other_references_are_as_html_says() -> None:
    assert unescaped("&#19968; &#x4E00; &amp; &lt; &bogus; &#0000000000019968;") == "一 一 & < &bogus; 一"
