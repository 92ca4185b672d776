"""Markdown as plain blocks: its block structure by markdown-it, the words inside by one walk."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.formats.documents.blocks import Block, BlockKind, clean
from app.formats.documents.html import read_html
from app.formats.documents.wrapping import looks_wrapped, unwrapped
from app.formats.references import unescaped

_PARSER: Final = MarkdownIt("commonmark", {"maxNesting": 12}).enable("table")
_PARSER.core.ruler.disable(["inline", "text_join"])
_INLINE: Final = re.compile(
    r"`{1,3}(?P<code>[^`\n]{1,400})`{1,3}|!\[(?P<alt>[^\[\]\n]{0,200})\]\([^()\n]{0,800}\)|"
    r"\[(?P<link>[^\[\]\n]{1,300})\]\([^()\n]{0,800}(?:\([^()\n]{0,99}\)[^()\n]{0,99})?\)|\[\^[^\[\]\n]{1,40}\]|"
    r"\[\[(?P<wiki>[^\[\]|\n]{1,200})(?:\|(?P<shown>[^\[\]|\n]{1,200}))?\]\]|"
    r"<(?P<auto>https?://[^<>\s]{1,400})>|<br\s?/?>|</?[a-zA-Z][^<>\n]{0,300}>|\\(?P<plain>[!-/:-@\[-`{-~])|"
    r"(?P<bold>\*\*|__|==)|(?P<slant>(?<![\w*])[*_](?=[^\s*_])|(?<=[^\s*_])[*_](?![\w*]))|~~"
)
_SIGNS: Final = (
    re.compile(r"^ {0,3}#{1,6} \S", re.MULTILINE),
    re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE),
    re.compile(r"^ {0,3}\|?[ :]{0,9}-{3,}[ :]{0,9}\|", re.MULTILINE),
    re.compile(r"\*\*[^*\s][^*\n]{0,80}\*\*"),
    re.compile(r"^ {0,3}>\s?\S", re.MULTILINE),
    re.compile(r"\[[^\]\n]{1,80}\]\([^)\s]{1,200}\)"),
)
_SAMPLE: Final = 200_000
_FRONT: Final = re.compile(r"---\n(?:[^\n]{0,500}\n){0,60}?---\n")
_TITLE: Final = re.compile(r"^title:\s{0,9}[\"']?([^\"'\n]{1,200})", re.MULTILINE)


def looks_like_markdown(text: str) -> bool:
    """A heading with text below it, or two other signs; plain texts use hyphens and numbers too."""
    head = text[:_SAMPLE]
    signs = [sign.search(head) is not None for sign in _SIGNS]
    return signs[0] or sum(signs) >= 2 or len(_SIGNS[3].findall(head)) >= 3 or (signs[2] and "|" in head)


def markdown_title(text: str) -> str:
    """What the front matter says, "" without one."""
    front = _FRONT.match(text)
    title = _TITLE.search(front[0]) if front else None
    return title[1].strip() if title else ""


def read_markdown(text: str) -> Iterator[Block]:
    text = clean(text)
    front = _FRONT.match(text)
    parsed = _PARSER.parse(text[front.end() :] if front else text)
    walk = _Walk()
    for token in parsed:
        yield from walk.block(token)


def plain_words(source: str) -> tuple[str, tuple[int, ...]]:
    """The words without their signs, and where the bold ones begin and end."""
    pieces: list[str] = []
    bolds: list[int] = []
    size = place = 0

    def add(piece: str) -> None:
        nonlocal size
        pieces.append(piece)
        size += len(piece)

    for sign in _INLINE.finditer(source):
        add(unescaped(source[place : sign.start()]))
        place = sign.end()
        if sign["bold"]:
            bolds.append(size)
        elif sign["link"]:
            words, inner = plain_words(sign["link"])
            bolds += (size + at for at in inner)
            add(words)
        else:
            kept = (sign[name] for name in ("code", "plain", "auto", "shown", "wiki"))
            add(next((piece for piece in kept if piece), "\n" if sign[0].startswith("<br") else ""))
    add(unescaped(source[place:]))
    text = "".join(pieces)
    return text, tuple(bolds[: len(bolds) // 2 * 2])


@dataclass(slots=True)
class _Walk:
    """Where in the document the walk stands."""

    lists: list[int] = field(default_factory=list)  # for each open list its next number, 0 without
    marker: str | None = None  # of an item that has no words yet
    heading: int = 0
    quotes: int = 0
    cells: list[str] | None = None

    def block(self, token: Token) -> Iterator[Block]:
        kind = token.type
        if kind == "inline":
            yield from self._words(token.content)
        elif kind in ("fence", "code_block"):
            yield Block("code", token.content.strip("\n"))
        elif kind == "html_block":
            yield from read_html(token.content)
        elif kind in ("heading_open", "heading_close"):
            self.heading = int(token.tag[1]) if kind == "heading_open" else 0
        elif kind in ("bullet_list_open", "ordered_list_open"):
            self.lists.append(int(token.attrs.get("start", 1)) if kind == "ordered_list_open" else 0)
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
        elif kind == "list_item_open":
            self.marker = f"{self.lists[-1]}. " if self.lists[-1] else ""
            self.lists[-1] += bool(self.lists[-1])
        elif kind == "list_item_close":
            self.marker = None
        elif kind in ("blockquote_open", "blockquote_close"):
            self.quotes += 1 if kind == "blockquote_open" else -1
        elif kind == "tr_open":
            self.cells = []
        elif kind == "tr_close" and self.cells is not None:
            yield Block("row", "\t".join(self.cells))
            self.cells = None

    def _words(self, content: str) -> Iterator[Block]:
        if self.cells is not None:
            self.cells.append(" ".join(plain_words(content)[0].split()))
            return
        for line in _lines(content):
            text, bold = plain_words(line)
            if not text.strip():
                continue
            kind: BlockKind = "heading" if self.heading else "quote" if self.quotes else "text"
            level = self.heading
            if self.marker is not None:
                kind, level = "item", len(self.lists) - 1
                text, bold = self.marker + text, tuple(at + len(self.marker) for at in bold)
                self.marker = None
            yield Block(kind, text.replace("\n", " "), level, bold)


def _lines(content: str) -> Sequence[str]:
    """Lines that somebody ended on purpose stay lines; those that an editor broke are one paragraph."""
    lines = [line.strip() for line in content.split("\n")]
    lines = [line.removesuffix("\\") for line in lines]
    if len(lines) == 1:
        return lines
    if looks_wrapped(lines) or _reads_on(lines):
        return list(unwrapped(lines))
    return lines


def _reads_on(lines: Sequence[str]) -> bool:
    return all(len(line) >= 40 and line[-1:] not in "。！？；.!?;:：" for line in lines[:-1])
