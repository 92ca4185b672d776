"""Small documents of every kind, made from nothing."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape

from tests.formats.anki_files import zipped

W: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STYLES: Final = f"""<w:styles {W}>
<w:style w:styleId="a1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="a2"><w:name w:val="Untertitel"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:styleId="t1"><w:name w:val="toc 1"/></w:style></w:styles>"""
NUMBERING: Final = f"""<w:numbering {W}>
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>
<w:lvlText w:val="第%1条"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>
<w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl>
</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="1"/></w:num></w:numbering>"""
CONTAINER: Final = (
    b'<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    b'<rootfile full-path="OEBPS/content.opf"/></rootfiles></container>'
)


def paragraph(text: str, style: str = "", number: str = "", level: int = 0) -> str:
    """Words between ** are bold."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number:
        properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    runs = "".join(
        f"<w:r>{'<w:rPr><w:b/></w:rPr>' if place % 2 else ''}<w:t>{escape(part)}</w:t></w:r>"
        for place, part in enumerate(text.split("**"))
    )
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def table(rows: Iterable[Sequence[str]]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def docx(*parts: str, method: int = zipfile.ZIP_DEFLATED, extra: Iterable[tuple[str, bytes]] = ()) -> bytes:
    body = f"<w:document {W}><w:body>{''.join(parts)}</w:body></w:document>"
    files = [
        ("[Content_Types].xml", b"<Types/>"),
        ("word/styles.xml", STYLES.encode()),
        ("word/numbering.xml", NUMBERING.encode()),
        ("word/document.xml", body.encode()),
        *extra,
    ]
    return zipped(files, method)


def epub(
    *pages: str, title: str = "书", extra: Iterable[tuple[str, bytes]] = (), package: bytes | None = None
) -> bytes:
    items = "".join(
        f'<item id="p{at}" href="page%20{at}.xhtml" media-type="application/xhtml+xml"/>'
        for at in range(len(pages))
    )
    spine = "".join(f'<itemref idref="p{at}"/>' for at in range(len(pages)))
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    files = [
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", CONTAINER),
        ("OEBPS/content.opf", package if package is not None else opf.encode()),
        *((f"OEBPS/page {at}.xhtml", page.encode()) for at, page in enumerate(pages)),
        *extra,
    ]
    return zipped(files, zipfile.ZIP_DEFLATED)


def pdf(*pages: Sequence[tuple[float, str]], trailer: str = "", packed: bytes | None = None) -> bytes:
    """Lines of (size, ASCII text) from the top of each page down; `packed`: the first stream instead."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    streams: dict[int, bytes] = {}
    for lines in pages:
        number = len(objects) + 1
        kids.append(f"{number} 0 R")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {number + 1} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>"
        )
        streams[number + 1] = packed if packed is not None and not streams else zlib.compress(_drawn(lines))
        objects.append("")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>"
    return _written(objects, streams, trailer)


def _drawn(lines: Sequence[tuple[float, str]]) -> bytes:
    height, drawn = 760.0, []
    for size, text in lines:
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        drawn.append(f"BT /F1 {size} Tf 1 0 0 1 50 {height} Tm ({escaped}) Tj ET")
        height -= size * 1.5
    return "\n".join(drawn).encode("latin-1")


def _written(objects: Sequence[str], streams: dict[int, bytes], trailer: str) -> bytes:
    out = io.BytesIO(b"")
    out.write(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n".encode())
        if number in streams:
            out.write(f"<</Length {len(streams[number])}/Filter/FlateDecode>>\nstream\n".encode())
            out.write(streams[number] + b"\nendstream")
        else:
            out.write(body.encode())
        out.write(b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.writelines(f"{place:010} 00000 n \n".encode() for place in places)
    out.write(
        f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF".encode()
    )
    return out.getvalue()
