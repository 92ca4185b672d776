"""Workbooks that another library writes, read as their sheets show them."""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from app.formats.anki_collection import Reading
from app.formats.archive import Archive
from app.formats.choose import read_file
from app.formats.documents.reading import read_document
from app.formats.drafts import ImportDraft, TableDraft, gather
from app.formats.limits import DEFAULT_LIMITS, Limits
from app.formats.number_formats import show_of
from app.formats.readers import AS_IT_LOOKS, Reader, TextChoices
from app.formats.refusals import FileRefused
from app.formats.table_layout import Layout
from app.formats.workbook import read_workbook
from tests.formats.anki_files import Collection, card, legacy1, note, zipped

READING = Reading("Asia/Shanghai", 4, 1_790_000_000_000)
HEAD = ("编号", "题目", "选项A", "选项B", "选项C", "答案", "解析")


def saved(book: Workbook) -> bytes:
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def workbook(**sheets: Iterable[Sequence[Any]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(book)


def shown(
    folder: Path, data: bytes, limits: Limits = DEFAULT_LIMITS
) -> dict[str, list[tuple[int, list[str]]]]:
    path = folder / "book.xlsx"
    path.write_bytes(data)
    with Archive(path, limits) as archive:
        return {sheet.name: list(sheet.rows) for sheet in read_workbook(archive, limits)}


def read(
    folder: Path,
    data: bytes,
    text: TextChoices = AS_IT_LOOKS,
    reader: Reader = "auto",
    limits: Limits = DEFAULT_LIMITS,
) -> ImportDraft:
    path = folder / "upload"
    path.write_bytes(data)
    return gather(read_file(path, reader, READING, deck="题库", text=text, limits=limits))


def table_of(draft: ImportDraft) -> TableDraft:
    assert draft.table is not None
    return draft.table


def test_cells_are_read_as_the_sheet_shows_them(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    formats = {
        "A1": (0.05, "0%"), "B1": (0.125, "0.00%"), "C1": (7, "000"),
        "D1": (date(2026, 11, 29), 'yyyy"年"m"月"d"日"'), "E1": (46355.604166666664, "yyyy-mm-dd hh:mm"),
        "F1": (time(8, 5), "h:mm"), "A2": (3, "General"), "B2": (0.1 + 0.2, "General"),
        "C2": (True, "General"), "D2": ("=1+1", "General"),
        "E2": (1234.5, "#,##0.00"), "F2": (-2, "[Red]0"),
    }  # fmt: skip
    for place, (value, code) in formats.items():
        sheet[place] = value
        sheet[place].number_format = code
    sheet["A4"] = CellRichText("前", TextBlock(InlineFont(b=True), "粗"), "后")
    sheet["C4"] = "两\n行"
    (rows,) = shown(tmp_path, saved(book)).values()
    assert rows == [
        (1, ["5%", "12.5%", "007", "2026-11-29", "2026-11-29 14:30", "08:05"]),
        (2, ["3", "0.3", "TRUE", "", "1234.5", "-2"]),
        (4, ["前粗后", "", "两\n行"]),
    ]


def test_days_of_books_that_count_from_1904(tmp_path: Path) -> None:
    show = show_of(14, {}, from_1904=True)
    assert show("0") == "00:00"
    assert show("44889.75") == "2026-11-25 18:00"
    assert show_of(14, {}, from_1904=False)("2958466") == "2958466"
    book = Workbook()
    book.epoch = datetime(1904, 1, 1)  # noqa: DTZ001 - what the library asks for
    sheet = book.worksheets[0]
    sheet["A1"] = date(2026, 11, 29)
    sheet["B1"] = "x"
    (rows,) = shown(tmp_path, saved(book)).values()
    assert rows == [(1, ["2026-11-29", "x"])]


CELLS = st.one_of(
    st.just(""),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=8).filter(
        lambda said: said == "" or (bool(said.strip()) and not said.startswith("="))
    ),
    st.integers(-(10**9), 10**9),
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=6))
def test_words_and_whole_numbers_come_as_they_are(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str | int]]
) -> None:
    wanted = []
    for number, row in enumerate(rows, 1):
        cells = [str(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            wanted.append((number, cells))
    data = workbook(one=[[None if cell == "" else cell for cell in row] for row in rows])
    assert shown(tmp_path_factory.mktemp("book"), data) == ({"one": wanted} if wanted else {})


def test_hidden_sheets_stay_out_and_merged_cells_hold_for_all_their_rows(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "题"
    for row in (
        ("章节", "题目", "答案"),
        ("一", "甲", "1"),
        (None, "乙", "2"),
        (None, "丙", "3"),
        ("二", "丁", "4"),
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A4")
    hidden = book.create_sheet("藏")
    hidden.append(("不", "看"))
    hidden.sheet_state = "hidden"
    found = shown(tmp_path, saved(book))
    assert list(found) == ["题"]
    assert [row[0] for _, row in found["题"]] == ["章节", "一", "一", "一", "二"]


def test_a_bank_of_questions_with_a_title_above_its_heading(tmp_path: Path) -> None:
    rows = [
        ("2026 年客户经理题库",),
        HEAD,
        (1, "谁先伸手？", "长者", "晚辈", "客人", "A", "礼节"),
        (2, "佣金比例最高是多少？", None, None, None, 0.03, None),
    ]
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.worksheets[0]["F4"].number_format = "0%"
    draft = read(tmp_path, saved(book))
    assert draft.header.generation == "workbook"
    table = table_of(draft)
    assert (table.separator, table.first_line, table.total) == ("", 3, 2)
    assert [(note.kind, note.fields["back"], note.line) for note in draft.notes] == [
        ("choice", "长者", 3), ("basic", "3%", 4),
    ]  # fmt: skip
    assert {note.deck for note in draft.notes} == {"题库"}


def test_sheets_of_the_same_kind_are_one_table_and_a_deck_each(tmp_path: Path) -> None:
    data = workbook(
        说明=[("请先阅读",)],
        单选题=[HEAD, (1, "谁先伸手？", "长者", "晚辈", "客人", "A", "礼节")],
        判断题=[("编号", "题干", "标准答案"), (1, "握手要久。", "错误"), (2, "", "正确")],
        价目=[("甲", "乙", "丙", "丁"), ("1", "x", "y", "z")],
    )
    draft = read(tmp_path, data)
    assert [(note.deck, note.kind, note.fields["back"]) for note in draft.notes] == [
        ("题库::单选题", "choice", "长者"), ("题库::判断题", "basic", "错误"),
    ]  # fmt: skip
    assert [(one.what, one.code, one.name) for one in draft.skipped] == [
        ("note", "row-empty", "3"), ("sheet", "sheet-differs", "说明"), ("sheet", "sheet-differs", "价目"),
    ]  # fmt: skip


def test_plain_lists_on_several_sheets(tmp_path: Path) -> None:
    draft = read(tmp_path, workbook(一=[("猫", "cat"), ("犬", "dog")], 二=[("鸟", "bird")]))
    assert [(note.deck, note.fields["front"], note.fields["back"]) for note in draft.notes] == [
        ("题库::一", "猫", "cat"), ("题库::一", "犬", "dog"), ("题库::二", "鸟", "bird"),
    ]  # fmt: skip


def test_the_learner_may_say_otherwise(tmp_path: Path) -> None:
    data = workbook(one=[("单词", "释义"), ("猫", "cat"), ("犬", "dog")])
    assert table_of(read(tmp_path, data)).columns == ("front", "back")
    turned = TextChoices(Layout("", ("back", "front"), 3))
    assert [note.fields for note in read(tmp_path, data, turned).notes] == [{"front": "dog", "back": "犬"}]


def _without(data: bytes, name: str, content: bytes | None = None) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = [(one, archive.read(one)) for one in archive.namelist() if one != name]
    return zipped([*files, (name, content)] if content is not None else files)


ONE = workbook(one=[("猫", "cat"), ("犬", "dog")])
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: workbook(one=[]), "file-nothing-inside"),
        (lambda: workbook(one=[("only",), ("one",)]), "table-no-columns"),
        (lambda: workbook(one=[[None] * 120 + ["far"]]), "table-too-wide"),
        (lambda: workbook(one=[("a", "b")] * 30), "too-many-rows"),
        (lambda: workbook(one=[("a" * 700, "b" * 700)]), "file-too-large"),
        (lambda: _without(ONE, SHEET), "file-nothing-inside"),
        (lambda: _without(ONE, SHEET, b"<worksheet><sheetData>"), "workbook-broken"),
        (lambda: _without(ONE, "xl/_rels/workbook.xml.rels"), "workbook-broken"),
        (lambda: zipped([("xl/workbook.bin", b"x")]), "table-old-office"),
        (lambda: zipped([("content.xml", b"<x/>"), ("mimetype", b"x")]), "table-old-office"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "table-old-office"),
        (lambda: zipped([("word/document.xml", b"<x/>")]), "file-is-text"),
        (lambda: zipped([("META-INF/container.xml", b"<x/>")]), "file-is-text"),
        (lambda: b"%PDF-1.7\n", "file-is-text"),
    ],
)
def test_what_is_refused_is_refused_in_its_own_words(
    tmp_path: Path, make: Callable[[], bytes], code: str
) -> None:
    with pytest.raises(FileRefused) as refusal:
        read(tmp_path, make(), limits=Limits(notes=20, text=1000))
    assert refusal.value.code == code


@pytest.mark.parametrize("data", [ONE, legacy1(Collection(notes=[note(1, "a", "b")], cards=[card(11, 1)]))])
def test_who_seeks_cards_in_a_workbook_or_a_package_is_told_the_way(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "upload"
    path.write_bytes(data)
    with pytest.raises(FileRefused, match="file-is-cards"):
        list(read_document(path))
