"""Hostile workbooks, and controls that must pass."""

import zipfile
from collections.abc import Iterator
from typing import Final

from app.formats.limits import KB, MB
from tests.formats.anki_files import zipped
from tests.hostile.cases import Case

_BOOK: Final = "<workbook><workbookPr/><sheets>{}</sheets></workbook>"
_TYPE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
_ENTITIES: Final = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
_OUTSIDE: Final = '<!DOCTYPE x [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
_ROW: Final = '<row r="1"><c r="A1" t="inlineStr"><is><t>one</t></is></c><c r="B1"><v>2</v></c></row>'


def book(
    rows: str, *, before: str = "", strings: str = "", styles: str = "", sheets: str = "", target: str = "",
    after: str = "",
) -> bytes:  # fmt: skip
    """A workbook with one sheet, or with the sheets that are given."""
    target = target or "worksheets/sheet1.xml"
    files = [
        ("xl/workbook.xml", _BOOK.format(sheets or '<sheet name="one" r:id="r1" xmlns:r="r"/>')),
        ("xl/_rels/workbook.xml.rels", _links(target)),
        ("xl/worksheets/sheet1.xml", f"{before}<worksheet><sheetData>{rows}</sheetData>{after}</worksheet>"),
        ("xl/sharedStrings.xml", f"<sst>{strings}</sst>"),
        ("xl/styles.xml", f"<styleSheet>{styles}</styleSheet>"),
    ]
    return zipped([(name, content.encode()) for name, content in files], zipfile.ZIP_DEFLATED)


def _links(target: str) -> str:
    return f'<Relationships><Relationship Id="r1" Type="{_TYPE}" Target="{target}"/></Relationships>'


def workbooks() -> Iterator[Case]:
    for case in _cases():
        yield Case(f"workbook-{case.name}", case.make, case.code, "auto", case.skips)


def _cases() -> Iterator[Case]:
    yield Case("control", lambda: book(_ROW))
    yield Case("control-absolute-target", lambda: book(_ROW, target="/xl/worksheets/sheet1.xml"))
    yield Case("control-no-places", lambda: book("<row><c><v>1</v></c><c><v>2</v></c></row>"))
    yield Case(
        "formula",
        lambda: book('<row><c t="str"><f>HYPERLINK("x")</f><v>=cmd|A0</v></c><c><v>2</v></c></row>'),
    )
    yield Case("entities", lambda: book(_cell("&b;"), before=_ENTITIES), "document-structure")
    yield Case("outside-entity", lambda: book(_cell("&b;"), before=_OUTSIDE), "document-structure")
    yield Case("deep", lambda: book("<a>" * 100_000), "document-structure")
    yield Case("bomb", lambda: book("<row/>" * (12 * MB)), "archive-ratio")
    yield Case("cut", lambda: book(_ROW)[:-40], "archive-broken")
    yield Case("no-xml", lambda: book("<<<"), "workbook-broken")
    yield Case("road", lambda: book(_ROW, target="../../../etc/passwd"), "file-nothing-inside")
    yield Case("itself", lambda: book(_ROW, target="workbook.xml"), "file-nothing-inside")
    yield Case("empty", lambda: book(""), "file-nothing-inside")
    yield Case("wide", lambda: book(_cell("x", "XFD1")), "table-too-wide")
    yield Case(
        "far-row", lambda: book(_cell("x", "A9999999").replace("<row", '<row r="999999999999"') + _ROW)
    )
    yield Case(
        "escaped-letters",
        lambda: book(_cell("_xD800_ _x0000_ _xFFFF_") + _ROW),
        skips=frozenset({"row-empty"}),
    )
    yield Case("place-nonsense", lambda: book(_cell("x", "../../A") + _ROW))
    yield Case("string-missing", lambda: book('<row><c t="s"><v>99999999999</v></c></row>' + _ROW))
    yield Case("string-negative", lambda: book('<row><c t="s"><v>-1</v></c></row>' + _ROW))
    yield Case("style-missing", lambda: book('<row><c s="99999"><v>1</v></c><c><v>2</v></c></row>'))
    yield Case("number-huge", lambda: book(_numbers("1e999", "9" * 400), styles=_styles(14, 9)))
    yield Case("number-nan", lambda: book(_numbers("nan", "-inf"), styles=_styles(14, 9)))
    yield Case(
        "number-last-day", lambda: book(_numbers("2958465.9999999", "2958466"), styles=_styles(14, 14))
    )
    yield Case("cell-long", lambda: book(_cell("x" * (70 * KB)) + _ROW), skips=frozenset({"cell-too-long"}))
    yield Case("shared-words", _shared_words, "file-too-large")
    yield Case("merged", lambda: book(_ROW, after=_merges("A1:A1048576", 2_000)), "document-structure")
    yield Case("merged-backwards", lambda: book(_ROW, after=_merges("A9:A1", 1_000)))
    yield Case(
        "many-sheets",
        lambda: book(_ROW, sheets='<sheet name="a" r:id="r1" xmlns:r="r"/>' * 501),
        "document-structure",
    )
    yield Case("same-sheet-often", lambda: book(_ROW, sheets='<sheet name="a" r:id="r1" xmlns:r="r"/>' * 400),
               skips=frozenset({"repeated"}))  # fmt: skip
    yield Case(
        "names",
        lambda: book(_ROW, sheets=f'<sheet name="{"::" * 50_000}&lt;script&gt;" r:id="r1" xmlns:r="r"/>'),
    )


def _cell(words: str, place: str = "A1") -> str:
    return f'<row><c r="{place}" t="inlineStr"><is><t>{words}</t></is></c></row>'


def _numbers(first: str, second: str) -> str:
    return f'<row><c s="0"><v>{first}</v></c><c s="1"><v>{second}</v></c></row>'


def _styles(first: int, second: int) -> str:
    return f'<cellXfs><xf numFmtId="{first}"/><xf numFmtId="{second}"/></cellXfs>'


def _merges(ref: str, times: int) -> str:
    return "<mergeCells>" + f'<mergeCell ref="{ref}"/>' * times + "</mergeCells>"


def _shared_words() -> bytes:
    """One long word that two thousand cells share: nothing until it is taken."""
    cells = '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>' * 1_000
    return book(cells, strings=f"<si><t>{'x' * (60 * KB)}</t></si>")
