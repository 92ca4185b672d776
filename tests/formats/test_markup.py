"""No markup that comes in can act, and none that people use is lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats.limits import KB
from app.formats.markup import ATTRIBUTES, MOST_DEPTH, TAGS, MarkupTooLarge, clean, media_names

VECTORS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' java\nscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<iframe src='//evil.example'></iframe>",
    "<form action='//evil.example'><input name=p><button>go</button></form>",
    "<style>*{background:url(//evil.example)}</style>",
    "<div style='background:url(//evil.example)' class=x id=y>x</div>",
    "<img src='https://evil.example/pixel.png'>",
    "<img src='//evil.example/pixel.png'>",
    "<img src='\\\\evil.example\\pixel.png'>",
    "<img src='/api/learner'>",
    "<img srcset='//evil.example 2x' src=a.png>",
    "<video poster='//evil.example' src='//evil.example/v.mp4'></video>",
    "<audio src='http://evil.example/a.mp3' autoplay></audio>",
    "<link rel=stylesheet href='//evil.example'>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href='//evil.example/'>",
    "<object data='//evil.example'></object><embed src='//evil.example'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<textarea></textarea><script>alert(1)</script>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<a href='https://example.org' target=_blank ping='//evil.example'>x</a>",
    "<details ontoggle=alert(1) open>x</details>",
    "<img src='javascript:alert(1)'>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "[sound:https://evil.example/a.mp3]",
    "[sound:a.mp3' onerror='alert(1)]",
    "<p xmlns:x='http://www.w3.org/1999/xhtml' x:onload=alert(1)>x</p>",
    "<table background='//evil.example'><td background='//evil.example'>x</table>",
    "<svg><p><style><img src='</style><img src=x onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
]
TAG = re.compile(r"<([a-z0-9]+)((?:[^\"<>]|\"[^\"]*\")*)>")
ATTRIBUTE = re.compile(r'([a-zA-Z:-]+)="([^"]*)"')


def check_harmless(cleaned: str) -> None:
    """Only listed tags with listed attributes, and no address but of the deck's own files and plain links."""
    for tag, attributes in TAG.findall(cleaned):
        assert tag in TAGS
        for name, value in ATTRIBUTE.findall(attributes):
            assert name in ATTRIBUTES.get(tag, set()) | ATTRIBUTES["*"] | ({"rel"} if tag == "a" else set())
            if name == "src":
                assert re.fullmatch(r"media/[^/\\:]+", value)
            if name == "href":
                assert value.startswith(("http://", "https://"))
    assert "<" not in re.sub(r"</[a-z0-9]+>", "", TAG.sub("", cleaned))


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_acts(vector: str) -> None:
    cleaned = clean(vector)
    check_harmless(cleaned)
    assert clean(cleaned) == cleaned


PIECES = ["<b>", "</b>", '<p title="', "'", "--", "<![CDATA[", "]]>", "&lt;"]


@given(st.lists(st.sampled_from([*VECTORS, *PIECES])))
def test_nothing_acts_in_any_mixture(parts: list[str]) -> None:
    check_harmless(clean("".join(parts)))


@pytest.mark.parametrize(
    "kept",
    [
        "<b>cat</b> <i>x</i> <u>y</u>", "<ruby>猫<rt>ねこ</rt></ruby>", "<ul><li>a</li></ul>",
        "1 &lt; 2 &amp; 3",
        "<table><tbody><tr><td colspan=\"2\">x</td></tr></tbody></table>", "<mark>[…]</mark>", "plain 猫",
        "<details><summary>h</summary>x</details>", "<sub>2</sub><sup>3</sup>", "<span lang=\"ja\">猫</span>",
    ],
)  # fmt: skip
def test_what_people_use_is_kept(kept: str) -> None:
    assert clean(kept) == kept


def test_pictures_and_sounds_are_the_decks_own() -> None:
    cleaned = clean('<img src="猫 &amp; co.png"> [sound:a b.mp3]')
    assert cleaned == (
        '<img src="media/%E7%8C%AB%20%26%20co.png"> <audio controls="" src="media/a%20b.mp3"></audio>'
    )
    assert media_names(cleaned) == ["%E7%8C%AB%20%26%20co.png", "a%20b.mp3"]


def test_caps_come_before_the_parser() -> None:
    for text, reason in (
        ("x" * (64 * KB + 1), "field-too-long"),
        ("猫" * (22 * KB), "field-too-long"),
        ("<div>" * (MOST_DEPTH + 1), "field-too-deep"),
        ("<b></i>" * (MOST_DEPTH + 1), "field-too-deep"),
    ):
        with pytest.raises(MarkupTooLarge) as refusal:
            clean(text)
        assert refusal.value.reason == reason
    assert clean("<b>x</b>" * 5000).count("<b>") == 5000
    assert clean("<br>" * 5000).count("<br>") == 5000
