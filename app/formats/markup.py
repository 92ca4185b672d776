"""HTML from strangers, made harmless: text, layout, pictures and sounds of the deck, and nothing that acts.

The template is filled first, then the whole is cleaned here; the phone cleans again with the same list. Caps
come before the parser, which is quadratic in depth: a field beyond them raises, it is never cut.
"""

import html
import re
from typing import Final
from urllib.parse import quote, unquote

import nh3

from app.formats.limits import DEFAULT_LIMITS, Limits
from app.formats.references import unescaped

MOST_DEPTH: Final = 256

TAGS: Final = frozenset(
    [
        "a",
        "abbr",
        "audio",
        "b",
        "bdi",
        "bdo",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "source",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
        "video",
        "wbr",
    ]
)
ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "audio": {"controls", "src"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "img": {"alt", "height", "src", "width"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "video": {"controls", "height", "src", "width"},
}
# Elements that go with everything inside them; of all others that are not listed only the mark itself goes.
WHOLLY_REMOVED: Final = frozenset(
    [
        "applet",
        "embed",
        "frame",
        "frameset",
        "head",
        "iframe",
        "math",
        "noembed",
        "noframes",
        "noscript",
        "object",
        "plaintext",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "xmp",
    ]
)
MEDIA_ROAD: Final = "media/"  # where the app serves a deck's files, by name

_OPENING: Final = re.compile(r"<[a-zA-Z]")
_EXTERNAL: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:|//|\\\\")
_SOUND: Final = re.compile(r"\[sound:([^\[\]<>\"&]{1,255})\]")
_CLEANED: Final = re.compile(rf"{MEDIA_ROAD}[A-Za-z0-9_.~%-]{{1,2000}}")
_NUMBER: Final = re.compile(r"[0-9]{1,4}")
_NUMERIC: Final = frozenset({"height", "width", "colspan", "rowspan", "span", "start", "value"})
_LINK: Final = re.compile(r"https?://[^\s\"'<>\\]{1,2000}", re.IGNORECASE)


class MarkupTooLarge(ValueError):
    """The HTML is longer than a field may be, or nests too deep; `reason` is a key of drafts.SKIPPED."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check_markup(text: str, limits: Limits = DEFAULT_LIMITS) -> None:
    """Raises MarkupTooLarge: "field-too-long" or "field-too-deep"."""
    if len(text) > limits.field or len(text.encode("utf-8", "replace")) > limits.field:
        raise MarkupTooLarge("field-too-long")
    if len(_OPENING.findall(text)) > MOST_DEPTH and _deepest(text) > MOST_DEPTH:
        raise MarkupTooLarge("field-too-deep")


def clean(text: str, limits: Limits = DEFAULT_LIMITS) -> str:
    """Harmless HTML of the same content. Raises MarkupTooLarge.

    Files are asked for under `media/` only, so the result makes no request to anybody else; links stay, as
    links that a learner may follow. `[sound:name]` becomes a player.
    """
    check_markup(text, limits)
    if "<" not in text and "&" not in text and "[sound:" not in text:
        return text.replace(">", "&gt;")
    with_players = _SOUND.sub(_player, text)
    return nh3.clean(
        with_players,
        tags=set(TAGS),
        clean_content_tags=set(WHOLLY_REMOVED),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_attribute,
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def media_names(text: str) -> list[str]:
    """Names of the files that cleaned HTML asks for, in order, each once."""
    return list(dict.fromkeys(unescaped(name) for name in _SOURCES.findall(text)))


_SOURCES: Final = re.compile(rf'src="{MEDIA_ROAD}([^"]{{1,2000}})"')


def asked_names(text: str) -> list[str]:
    """Names of the files that a field may ask for, as it stands: at least those that `clean` keeps."""
    found = [unescaped(name).strip() for name in _SOUND.findall(text)]
    for quoted, single, bare in _ASKS.findall(text):
        name = unescaped(quoted or single or bare).strip()
        found.append(unquote(name.removeprefix(MEDIA_ROAD)) if _CLEANED.fullmatch(name) else name)
    return list(dict.fromkeys(found))


_ASKS: Final = re.compile(
    r"""\bsrc\s{0,9}=\s{0,9}(?:"([^"<>]{1,2000})"|'([^'<>]{1,2000})'|([^\s"'<>]{1,2000}))""", re.IGNORECASE
)


def _player(match: re.Match[str]) -> str:
    return f'<audio controls src="{html.escape(match[1])}"></audio>'


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "src":
        return _own_file(value)
    if name == "href":
        return value if _LINK.fullmatch(value.strip()) else None
    if name in _NUMERIC:
        return value if _NUMBER.fullmatch(value.strip()) else None
    return value


def _own_file(value: str) -> str | None:
    """The road to a file of the deck; anything that is no plain name of one is dropped."""
    if _CLEANED.fullmatch(value):
        return value
    name = unescaped(value).strip()
    if not name or _EXTERNAL.match(name) or "/" in name or "\\" in name or len(name) > 255:
        return None
    return MEDIA_ROAD + quote(name, safe="")


def _deepest(text: str) -> int:
    """How deep elements can nest, at most: every opening counts, closing undoes one that is open."""
    depth = deepest = 0
    open_names: dict[str, int] = {}
    for mark, raw in _MARKS.findall(text):
        name = raw.lower()
        if mark == "<" and name not in _VOID:
            open_names[name] = open_names.get(name, 0) + 1
            depth += 1
            deepest = max(deepest, depth)
        elif mark == "</" and open_names.get(name):
            open_names[name] -= 1
            depth -= 1
    return deepest


_MARKS: Final = re.compile(r"(</?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
