"""The shape of a text: headings as a tree, and the paragraphs, items, rows and boxes under them."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from app.core.passages import Mark
from app.text.clauses import Span
from app.text.normalise import Normalised, is_chinese, normalise

ParagraphKind = Literal["text", "item", "row"]

_NUMERAL: Final = "[一二三四五六七八九十百零〇]{1,5}"
# style -> (depth among the numbered styles, pattern of the marker); earlier patterns win
_STYLES: Final[tuple[tuple[str, int, re.Pattern[str]], ...]] = (
    ("hash", 0, re.compile(r"(#{1,6}) +")),
    ("chapter", 10, re.compile(rf"第(?:{_NUMERAL}|\d{{1,3}})[章编篇部] *|Chapter +\d{{1,3}}[.: ] *")),
    ("section", 20, re.compile(rf"第(?:{_NUMERAL}|\d{{1,3}})节 *|Section +\d{{1,3}}[.: ] *")),
    ("case", 20, re.compile(r"(?:案例|实例|Case|Example) ?\d{1,3}(?:[-.]\d{1,3})?[:： ]*")),
    ("annex", 30, re.compile(r"附(?:录|件|则|表)?[一二三四五\d]?[:：、] *|Appendix(?: [A-Z\d])?[:.] *")),
    ("article", 70, re.compile(rf"第(?:{_NUMERAL}|\d{{1,3}})条[:： ]*|Article +\d{{1,3}}[.: ] *")),
    ("zh-1", 30, re.compile(rf"{_NUMERAL}、 *")),
    ("zh-2", 40, re.compile(rf"[(（]{_NUMERAL}[)）] *")),
    ("ordinal", 80, re.compile(rf"第{_NUMERAL}[，、,：:] *")),
    ("decimal", 45, re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}\.?[ 、] *")),
    ("number", 50, re.compile(r"\d{1,3}(?:[.、．)）](?!\d)) *")),
    ("number-2", 60, re.compile(r"[(（]\d{1,3}[)）] *")),
    ("circle", 75, re.compile(r"[①-⑳] *")),
    ("letter", 65, re.compile(r"[(（]?[a-zA-Z][)）.](?: +|(?=[\u4e00-\u9fff]))")),
)
_BULLET: Final = re.compile(r"[-*•·●○◆◇■□▪–►] *(?=\S)")
_BOX: Final = frozenset(
    {"小常识", "小贴士", "小知识", "知识链接", "提示", "补充资料", "Tip", "Note", "Box", "Did you know"}
)
_FIGURE: Final = re.compile(r"(?:图|表|Figure|Table) ?\d{1,3}(?:[-.]\d{1,3})?\b")
_PAGE: Final = re.compile(
    r"\d+|[-—–·]+ ?\d{1,4} ?[-—–·]+|第 ?\d{1,4} ?页(?:[ ，]*共 ?\d{1,4} ?页)?|"
    r"Page \d{1,4}(?: of \d{1,4})?"
)
_FORMULA: Final = re.compile(r"[=＝÷×→≥≤]")
_RULE_LINE: Final = re.compile(r"[-|: +=_*]{3,}")
_BEGINS: Final = re.compile("第[一1][章节编篇部]|(?:Chapter|Section) +1|#$")
_NESTED: Final = re.compile(r"[(（][a-z][)）] +(?=\w)")
_PARTS: Final = frozenset({"hash", "chapter", "section"})
_ITEM_DEPTH: Final = 90
_LONGEST_HEAD: Final = 40
_TITLE_CHINESE, _TITLE_WORDS, _TOPIC_CHINESE, _TOPIC_WORDS = 26, 9, 8, 4


@dataclass(slots=True)
class Section:
    title: str
    style: str
    depth: int
    span: Span
    parent: "Section | None"
    children: list["Section"] = field(default_factory=list)
    paragraphs: list["Paragraph"] = field(default_factory=list)

    @property
    def path(self) -> tuple[str, ...]:
        return (*self.parent.path, self.title) if self.parent else ()


@dataclass(slots=True)
class Paragraph:
    span: Span  # without its marker
    kind: ParagraphKind
    section: Section
    body: Span  # what the topic is about, the whole span when there is no topic
    topic: str = ""  # a short first sentence or label
    style: str = ""  # of the marker, "" without one
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    document: str  # short title
    normalised: Normalised
    root: Section
    bold: tuple[Span, ...] = ()

    def sections(self) -> Iterator[Section]:
        """All sections in reading order, the root first."""
        waiting = [self.root]
        while waiting:
            section = waiting.pop()
            yield section
            waiting += reversed(section.children)

    def paragraphs(self) -> Iterator[Paragraph]:
        for section in self.sections():
            yield from section.paragraphs


@dataclass(frozen=True, slots=True)
class _Line:
    span: Span
    style: str
    depth: int
    marker: str
    rest: Span
    mark: Mark | None = None  # what the document itself says that the line is
    emphatic: bool = False  # bold from end to end


def outline(decoded: str, marks: Sequence[Mark] = ()) -> Outline:
    """Any text has an outline: at worst one section with one paragraph. `marks` have places in `decoded`."""
    normalised = normalise(decoded)
    bold = tuple(_bold_spans(normalised, marks))
    lines = list(_as_marked(_lines(normalised.text), normalised, marks, bold))
    heads = _running_heads(lines)
    rows = [line for line in lines if not _is_noise(line) and line.span.text not in heads]
    root = Section("", "root", -1, Span("", 0), None)
    current, leaves = root, dict[tuple[int, str], bool]()
    headed = any(mark.kind == "heading" for mark in marks)
    for place, line in enumerate(rows):
        if line.mark is not None or headed:
            style = _marked_style(rows, place)
        else:
            style = _heading_style(rows, place, current, leaves)
        if style:
            current = _opened(current, line, style)
        else:
            current.paragraphs.append(_paragraph(line, current))
    return Outline(_document_title(root, rows), normalised, root, bold)


def _bold_spans(normalised: Normalised, marks: Sequence[Mark]) -> Iterator[Span]:
    for mark in marks:
        if mark.kind == "bold":
            start = bisect_left(normalised.offsets, mark.start)
            end = bisect_left(normalised.offsets, mark.end)
            span = Span(normalised.text[start:end], start).cut(0)
            if span.text:
                yield span


def _as_marked(
    lines: Iterator[_Line], normalised: Normalised, marks: Sequence[Mark], bold: Sequence[Span]
) -> Iterator[_Line]:
    """The lines with what the document says of them; lines of code are left out."""
    blocks = [mark for mark in marks if mark.kind != "bold"]
    starts = [bisect_left(normalised.offsets, mark.start) for mark in blocks]
    strong = {(span.start, span.end) for span in bold}
    place = -1
    for line in lines:
        while place + 1 < len(blocks) and starts[place + 1] <= line.span.start:
            place += 1
        mark = blocks[place] if place >= 0 else None
        if mark and mark.end <= normalised.offsets[line.span.start]:
            mark = None
        if mark is None or mark.kind != "code":
            emphatic = (line.span.start, line.span.end) in strong
            yield replace(_with_mark(line, mark), emphatic=emphatic) if marks else line


def _with_mark(line: _Line, mark: Mark | None) -> _Line:
    if mark is None:
        return line
    if mark.kind == "heading":
        numbered = line.style and line.style not in ("hash", "letter", "bullet")
        rest = line.rest if numbered else line.span
        return _Line(line.span, "hash", mark.level, "#", rest, mark)
    if mark.kind == "item":
        return replace(line, style=line.style or "bullet", depth=_ITEM_DEPTH + mark.level, mark=mark)
    return _Line(line.span, "", 0, "", line.span, mark)


def _marked_style(rows: Sequence[_Line], place: int) -> str:
    """The heading style of a marked line, or of any line in a document that marks its headings."""
    line = rows[place]
    if line.mark is not None and line.mark.kind == "heading":
        return "hash"
    following = rows[place + 1] if place + 1 < len(rows) else None
    if line.mark is not None and line.mark.kind == "item":
        deeper = following is not None and following.mark is not None and following.depth > line.depth
        named = _looks_like_title(line) and not line.rest.text.endswith(("：", ":"))
        return line.style if deeper and named else ""
    if line.emphatic and line.mark is None and following is not None and not line.style:
        return "title" if _looks_like_title(line) and not following.emphatic else ""
    return line.style if line.style in ("chapter", "section", "case") else ""


def _lines(text: str) -> Iterator[_Line]:
    begin = 0
    for raw in text.split("\n"):
        span = Span(raw, begin).cut(0)
        begin += len(raw) + 1
        if span.text:
            yield _marked(span)


def _marked(span: Span) -> _Line:
    for style, depth, pattern in _STYLES:
        match = pattern.match(span.text)
        if match and match.end() < len(span.text):
            deeper = len(match[1]) if style == "hash" else 0
            rest = span.cut(match.end())
            if style not in _PARTS and (nested := _NESTED.match(rest.text)):
                rest = rest.cut(nested.end())
            return _Line(span, style, depth + deeper, match[0].strip(), rest)
        if match and style == "case":
            return _Line(span, style, depth, match[0].strip(), span)
    bullet = _BULLET.match(span.text)
    if bullet and not _RULE_LINE.fullmatch(span.text) and not span.text.startswith("**"):
        return _Line(span, "bullet", 90, "-", span.cut(bullet.end()))
    return _Line(span, "", 0, "", span)


def _running_heads(lines: Sequence[_Line]) -> set[str]:
    """What stands beside more than one page number is the head or foot of a page."""
    beside: Counter[str] = Counter()
    for place, line in enumerate(lines):
        if _PAGE.fullmatch(line.span.text):
            near = {lines[at].span.text for at in (place - 1, place + 1) if 0 <= at < len(lines)}
            beside.update(text for text in near if len(text) <= _LONGEST_HEAD)
    return {text for text, times in beside.items() if times > 1 and not _PAGE.fullmatch(text)}


def _is_noise(line: _Line) -> bool:
    """Page numbers, rules and the captions of figures that did not come along."""
    text = line.span.text
    return (
        _PAGE.fullmatch(text) is not None
        or bool(_RULE_LINE.fullmatch(text))
        or bool(_FIGURE.match(text) and len(text) < 30)
    )


def is_row(text: str) -> bool:
    return "\t" in text.strip() or text.count("|") >= 2 or " | " in text or "｜" in text


def _is_title_length(text: str) -> bool:
    chinese = sum(map(is_chinese, text))
    return chinese <= _TITLE_CHINESE if chinese else len(text.split()) <= _TITLE_WORDS


def _looks_like_title(line: _Line) -> bool:
    text = line.rest.text
    inner = text.rstrip("。.：:？?")
    return (
        _is_title_length(text) and not is_row(text) and not re.search(r"[。；;！!？?]|[.：:] |[：:]\S", inner)
    )


def _heading_style(
    rows: list[_Line], place: int, current: Section, leaves: dict[tuple[int, str], bool]
) -> str:
    """The heading style of a line, "" for body text. A numbered line with nothing under it is an item, and so
    are its later siblings."""
    line = rows[place]
    following = rows[place + 1] if place + 1 < len(rows) else None
    if line.style in ("hash", "chapter", "section", "case"):
        return line.style
    if not line.style:
        return _unnumbered_style(line, following, rows[place - 1] if place else None)
    if line.style == "bullet" or not _looks_like_title(line):
        leaves[id(current), line.style] = True
        return ""
    has_body = following is not None and (not following.style or following.depth > line.depth)
    holder = _holder(current, line.style, line.depth)
    if not has_body or leaves.get((id(holder), line.style)) or leaves.get((id(current), line.style)):
        if not any(child.style == line.style for child in holder.children):
            leaves[id(holder), line.style] = True
        return "" if not any(child.style == line.style for child in holder.children) else line.style
    return line.style


def _unnumbered_style(line: _Line, following: _Line | None, before: _Line | None) -> str:
    text = line.span.text
    if text.rstrip("：:") in _BOX:
        return "box"
    if (
        following is None
        or is_row(text)
        or _FORMULA.search(text)
        or (is_row(following.span.text) and text.endswith(("。", ".")))
    ):
        return ""
    if (before is not None and before.style == "case") or (before is not None and before.span.text in _BOX):
        return "title" if _is_title_length(text) else ""
    bare = text.strip("*")
    emphatic = text != bare and len(text) - len(bare) == 4
    if not _is_title_length(bare) or re.search(r"[。！；，、,;!“”\"：:]", bare.rstrip("：:")):
        return ""
    if bare.endswith((".", "。", "！", "？", "?")) or bare[:1].islower():
        return ""
    if bare.endswith(("：", ":")):
        short = len(bare) <= 7 if is_chinese(bare[0]) else len(bare.split()) <= 3
        return "title" if short and not following.style else ""
    return "title" if emphatic or before is None or _is_longer(line, following) else ""


def _is_longer(line: _Line, following: _Line) -> bool:
    return (
        bool(following.style)
        or is_row(following.span.text)
        or "：" in following.span.text[:20]
        or ": " in (following.span.text[:40])
        or len(following.span.text) > max(18, len(line.span.text))
    )


def _holder(current: Section, style: str, depth: int) -> Section:
    """The section that a heading of this style belongs into."""
    section: Section | None = current
    while section is not None:
        if section.style == style and section.parent and (style != "hash" or section.depth == depth):
            return section.parent
        section = section.parent
    holder = current
    while holder.parent and depth and holder.depth >= depth:
        holder = holder.parent
    return holder


def _opened(current: Section, line: _Line, style: str) -> Section:
    if style == "title":
        holder = current.parent if current.style == "title" and current.parent else current
        if current.style == "box":
            current.title, current.style = _title_of(line), "boxed"
            return current
        while holder.style == "title" and holder.parent:
            holder = holder.parent
        depth = holder.depth + 1
    elif style == "box":
        holder = _numbered(current)
        depth = 85
    else:
        holder, depth = _holder(current, style, line.depth), line.depth
        if style in _PARTS and not _BEGINS.match(line.marker):
            holder = _without_boilerplate(holder)
    section = Section(_title_of(line), style, depth, line.span, holder)
    holder.children.append(section)
    return section


def _without_boilerplate(holder: Section) -> Section:
    """A title page or a reader's advertisement before the first part says nothing; it goes."""
    top = holder
    while top.parent:
        top = top.parent
    before = [*top.paragraphs, *(paragraph for child in top.children for paragraph in child.paragraphs)]
    if any(child.style != "title" or child.children for child in top.children) or any(
        re.search(r"[。.;；]", paragraph.span.text) for paragraph in before
    ):
        return holder
    top.children.clear()
    top.paragraphs.clear()
    return top


def _numbered(current: Section) -> Section:
    while current.style in ("box", "boxed", "title") and current.parent:
        current = current.parent
    return current


def _title_of(line: _Line) -> str:
    return line.rest.text.strip("*# ").rstrip("。.：:")


def _paragraph(line: _Line, section: Section) -> Paragraph:
    if (is_row(line.span.text) or (line.mark and line.mark.kind == "row")) and not line.style:
        return Paragraph(line.span, "row", section, line.span)
    topic, body = _topic_and_body(line.rest)
    return Paragraph(
        line.rest, "item" if line.style else "text", section, body, topic, line.style, line.marker
    )


def _topic_and_body(span: Span) -> tuple[str, Span]:
    """A short first sentence without a comma, followed by more, names what the rest is about."""
    match = re.match(
        r"\*\*([^*]{1,40})\*\*[:：。. ]*|([^，。；：！？、,;:!?\n]{2,40})[。.](?=[ \u3400-\u9fff“])",
        span.text,
    )
    if match is None or match.end() >= len(span.text):
        return "", span
    title = (match[1] or match[2]).strip()
    chinese = any(map(is_chinese, title))
    short = len(title) <= _TOPIC_CHINESE if chinese else len(title.split()) <= _TOPIC_WORDS
    return (title.rstrip("：:"), span.cut(match.end())) if short else ("", span)


def _document_title(root: Section, rows: list[_Line]) -> str:
    for section in root.children:
        if section.style in _PARTS or (section.style == "title" and section.title):
            return section.title
    return (rows[0].rest.text[:40] if rows else "").rstrip("。.：:")
