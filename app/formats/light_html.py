"""The light markup of our text fields as HTML, the way the phone shows it: what Anki and other programs see.

Blocks are lists of "- " lines, tables of "|" lines, fences and formulas of lines of their own; all else is
running text whose lines stay lines.
"""

import re
from collections.abc import Iterator
from typing import Final

_MARK: Final = re.compile(
    r"\\(?P<plain>[\\*`${}|!-])|`(?P<code>[^`\n]{1,2000})`|\$\$(?P<display>[^$\n]{1,2000})\$\$|"
    r"\$(?![\s$])(?P<tex>(?:[^$\\\n]|\\.){1,1000})(?<!\s)\$(?![\d$])|\\\((?P<tex_too>[^\n]{1,1000}?)\\\)|"
    r"(?P<ruby>(?<!\{)\{(?P<base>[^{}|\n]{1,60})\|(?P<reading>[^{}|\n]{1,60})\})|"
    r"(?<![A-Za-z0-9*])\*\*(?![\s*])(?P<bold>[^*\n]{1,1000})(?<!\s)\*\*(?![A-Za-z0-9*])|"
    r"(?<![A-Za-z0-9*])\*(?![\s*])(?P<soft>[^*\n]{1,1000})(?<!\s)\*(?![A-Za-z0-9*])"
)
_PICTURE: Final = re.compile(r"!\[((?:(?!!\[)[^\]\n]){0,2000})\]\(media/([0-9a-f]{64}\.[a-z0-9]{3,4})\)")
_RULE: Final = re.compile(r"\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*")
_BETWEEN_CELLS: Final = re.compile(r"(?<!\\)\|")
_FENCE: Final = "```"
_FORMULAS: Final = {"$$": "$$", "\\[": "\\]"}


def as_html(value: str, *, blocks: bool = True) -> str:
    """Text with our light marks as HTML, quotes left as they are; a picture that leaves with it is shown.

    Without `blocks` each line stays one, whatever it begins with.
    """
    lines = _escaped(value).split("\n")
    return "".join(_blocks(lines)) if blocks else _running(lines)


def as_plain_html(value: str) -> str:
    """The same without a meaning for marks, as packages had it that we wrote before."""
    return _PICTURE.sub(_image, _escaped(value)).replace("\n", "<br>")


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;")


def _blocks(lines: list[str]) -> Iterator[str]:
    # Where the last of equal lines stands: nothing is looked for that does not come.
    last = {line.strip(): place for place, line in enumerate(lines)}
    plain: list[str] = []
    at = 0
    while at < len(lines):
        html, end = _block(lines, at, last)
        if end == at:
            plain.append(lines[at])
            at += 1
            continue
        if plain:
            yield _running(plain)
            plain = []
        yield html
        at = end
    if plain:
        yield _running(plain)


def _block(lines: list[str], at: int, last: dict[str, int]) -> tuple[str, int]:
    """The block that begins at this line, and the line behind it; the same line where none begins."""
    line = lines[at]
    if line.startswith("- "):
        return _list(lines, at)
    if line.startswith("|"):
        return _table(lines, at)
    if line.startswith(_FENCE) and last.get(_FENCE, 0) > at:
        return _fenced(lines, at)
    close = _FORMULAS.get(line.strip())
    if close is not None and last.get(close, 0) > at:
        return _formula(lines, at, close)
    return "", at


def _list(lines: list[str], at: int) -> tuple[str, int]:
    end = _while_begins("- ", lines, at)
    members = "".join(f"<li>{_inline(line[2:].strip())}</li>" for line in lines[at:end])
    return f"<ul>{members}</ul>", end


def _table(lines: list[str], at: int) -> tuple[str, int]:
    if at + 1 == len(lines) or not _RULE.fullmatch(lines[at + 1]):
        return "", at
    head = _cells(lines[at])
    end = _while_begins("|", lines, at + 2)
    # A short row stays short: filled up, a few thousand characters would be millions of cells.
    rows = [_cells(line)[: len(head)] for line in lines[at + 2 : end]]
    body = "".join(_row("td", row) for row in rows)
    return f"<table><thead>{_row('th', head)}</thead><tbody>{body}</tbody></table>", end


def _cells(line: str) -> list[str]:
    cells = _BETWEEN_CELLS.split(line.strip().removeprefix("|"))
    if not cells[-1].strip():
        cells.pop()
    return [_inline(cell.strip().replace("\\|", "|")) for cell in cells]


def _row(tag: str, cells: list[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"


def _fenced(lines: list[str], at: int) -> tuple[str, int]:
    end = _next(_FENCE, lines, at)
    code = "\n".join(lines[at + 1 : end])
    return f"<pre><code>{code}</code></pre>", end + 1


def _formula(lines: list[str], at: int, close: str) -> tuple[str, int]:
    end = _next(close, lines, at)
    tex = "\n".join(lines[at + 1 : end]).strip()
    return f"\\[{tex}\\]", end + 1


def _while_begins(mark: str, lines: list[str], at: int) -> int:
    while at < len(lines) and lines[at].startswith(mark):
        at += 1
    return at


def _next(mark: str, lines: list[str], at: int) -> int:
    """The next line that is this mark; there is one."""
    return next(place for place in range(at + 1, len(lines)) if lines[place].strip() == mark)


def _running(lines: list[str]) -> str:
    return "<br>".join(_inline(line) for line in lines)


def _inline(line: str) -> str:
    parts, at = [], 0
    for picture in _PICTURE.finditer(line):
        parts += [_MARK.sub(_marked, line[at : picture.start()]), _image(picture)]
        at = picture.end()
    parts.append(_MARK.sub(_marked, line[at:]))
    return "".join(parts)


def _marked(found: re.Match[str]) -> str:
    tex = found["tex"] or found["tex_too"]
    if found["ruby"]:
        return f"<ruby>{found['base']}<rt>{found['reading']}</rt></ruby>"
    if found["display"]:
        return f"\\[{found['display'].strip()}\\]"
    if tex:
        return f"\\({tex}\\)"
    for name, tag in (("code", "code"), ("bold", "b"), ("soft", "i")):
        if found[name]:
            return f"<{tag}>{found[name]}</{tag}>"
    return str(found["plain"])


def _image(found: re.Match[str]) -> str:
    words = found[1].replace('"', "&quot;")
    return f'<img src="{found[2]}" alt="{words}">'
