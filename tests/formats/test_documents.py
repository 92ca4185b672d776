"""Documents of every kind give their words and their structure, and nothing else."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.passages import Mark, PlainText, marks_from_json, marks_to_json
from app.formats.documents.blocks import Block, assembled
from app.formats.documents.html import read_html
from app.formats.documents.markdown import plain_words, read_markdown
from app.formats.documents.numbering import spelled
from app.formats.documents.reading import read_document, read_text
from app.formats.documents.wrapping import looks_wrapped, unwrapped
from app.formats.refusals import FileRefused
from app.formats.sandbox import read_document_caged
from tests.formats.document_files import docx, epub, paragraph, pdf, table

WRAPPED = [
    "The immune system is the network of cells and organs that defends",
    "the body against disease. It works in two layers. Innate immunity is",
    "the fast, general response that we are born with; adaptive immu-",
    "nity is slower, but it learns from every infection it has seen so far.",
    "",
    "The key cells of adaptive immunity are lymphocytes, which are made in",
    "the bone marrow and leave it when they are ripe enough to do so.",
]


def read(tmp_path: Path, data: bytes) -> PlainText:
    path = tmp_path / "file"
    path.write_bytes(data)
    return assembled(read_document(path))


def marked(text: PlainText) -> list[tuple[str, int, str]]:
    return [(mark.kind, mark.level, text.text[mark.start : mark.end]) for mark in text.marks]


def test_a_word_file_keeps_headings_numbers_lists_tables_and_bold(tmp_path: Path) -> None:
    text = read(
        tmp_path,
        docx(
            paragraph("目录项", style="t1"),
            paragraph("总则", style="a1"),
            paragraph("范围", style="a2"),
            paragraph("适用于本公司。", number="3"),
            paragraph("**甲**：第一", number="3", level=1),
            paragraph("其他。", number="3"),
            paragraph("点", number="4"),
            table([("名称", "含义"), ("犹豫期", "15天")]),
            "<w:p><w:r><w:t>留</w:t></w:r><w:del><w:r><w:t>删</w:t></w:r></w:del><w:r><w:br/><w:t>下</w:t></w:r></w:p>",
        ),
    )
    assert text.format == "docx"
    assert text.text.split("\n") == [
        "总则", "范围", "第一条 适用于本公司。", "（一）甲：第一", "第二条 其他。", "点",
        "名称\t含义", "犹豫期\t15天", "留", "下",
    ]  # fmt: skip
    assert marked(text) == [
        ("heading", 1, "总则"),
        ("heading", 2, "范围"),
        ("item", 0, "第一条 适用于本公司。"),
        ("item", 1, "（一）甲：第一"),
        ("bold", 0, "甲"),
        ("item", 0, "第二条 其他。"),
        ("item", 0, "点"),
        ("row", 0, "名称\t含义"),
        ("row", 0, "犹豫期\t15天"),
    ]


def test_a_book_is_read_in_the_order_of_its_spine(tmp_path: Path) -> None:
    text = read(
        tmp_path,
        epub("<html><body><h1>一</h1><p>甲。</p></body></html>", "<h2>二</h2><p>乙。</p>", title="礼仪"),
    )
    assert (text.format, text.title, text.text) == ("epub", "礼仪", "一\n甲。\n二\n乙。")


def test_a_web_page_keeps_what_is_read_and_drops_the_rest(tmp_path: Path) -> None:
    page = """<!doctype html><title>T &amp; U</title><style>p{}</style><script>if (a<b) "</p>"</script>
    <nav>Menu</nav><h2>Head</h2><p>One <b>bold</b> word.<br>Next line</p><ul><li>a<li>b<ol><li>c</ol></ul>
    <table><tr><th>Name<th>Use<tr><td>x<td>y <i>z</i></table>
    <dl><dt>Term<dd>meaning</dl><!-- <p>no</p> --><a title="a>b">end</a>"""
    text = read(tmp_path, page.encode())
    assert (text.format, text.title) == ("html", "T & U")
    assert text.text.split("\n") == [
        "Head", "One bold word.", "Next line", "a", "b", "1. c", "Name\tUse", "x\ty z",
        "Term: meaning", "end",
    ]  # fmt: skip
    assert ("bold", 0, "Term") in marked(text)


def test_a_page_in_an_old_encoding_says_so_itself(tmp_path: Path) -> None:
    page = '<html><head><meta charset="big5"><title>x</title></head><p>資料保護與隱私權</p>'
    text = read(tmp_path, page.encode("big5"))
    assert "資料保護與隱私權" in text.text


def test_markdown_gives_words_without_signs(tmp_path: Path) -> None:
    source = (
        "---\ntitle: 讲义\n---\n# 标题\n\n正文 **重点** 与 [链接](http://x.example)，`代码`。\n\n"
        "- 甲\n  1. 乙\n\n"
        "> 引文\n\n| a | b |\n|---|---|\n| c | **d** |\n\n```\ncode\n```\n\n<div>块</div>\n\n"
        "**词**：义\n**字**：义二\n"
    )
    text = read(tmp_path, source.encode())
    assert (text.format, text.title) == ("markdown", "讲义")
    assert text.text.split("\n") == [
        "标题", "正文 重点 与 链接，代码。", "甲", "1. 乙", "引文", "a\tb", "c\td", "code", "块",
        "词：义", "字：义二",
    ]  # fmt: skip
    assert [kind for kind, _, _ in marked(text)] == [
        "heading", "bold", "item", "item", "quote", "row", "row", "code", "bold", "bold",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a_b_c and 2*3*4", "a_b_c and 2*3*4"),
        ("*a* _b_ ~~c~~ ==d==", "a b c d"),
        (r"\*not\* &lt;x&gt; <b>y</b>", "*not* <x> y"),
        ("![pic](u) [[page|shown]] [^1] <https://x.example>", " shown  https://x.example"),
        ("[a **b** c](u)", "a b c"),
        ("**", ""),
    ],
)
def test_signs_inside_a_line_go(source: str, words: str) -> None:
    assert plain_words(source)[0] == words


def test_a_pdf_gives_paragraphs_headings_and_no_running_titles(tmp_path: Path) -> None:
    full = "The bank keeps every record of a client for at least ten years after the account was"
    pages = [
        [
            (9, "Manual of the bank"),
            (18, f"Chapter {at}"),
            (11, full),
            (11, "closed."),
            (11, f"- item {'abc'[at - 1]}"),
            (9, f"Page {at} of 3"),
        ]
        for at in (1, 2, 3)
    ]
    text = read(tmp_path, pdf(*pages))
    assert text.format == "pdf"
    assert text.text.split("\n") == [
        line for at in (1, 2, 3) for line in (f"Chapter {at}", f"{full} closed.", f"- item {'abc'[at - 1]}")
    ]
    assert [mark.kind for mark in text.marks] == ["heading"] * 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_plain_text_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    text = read(tmp_path, "第一条 入库须登记。\n\n第二条 出库须签字。".encode(encoding))
    assert (text.format, text.text, text.guessed) == (
        "text",
        "第一条 入库须登记。\n\n第二条 出库须签字。",
        False,
    )


def test_a_guessed_encoding_is_called_one(tmp_path: Path) -> None:
    assert read(tmp_path, "Où sont les élèves ? Déjà à l'école, près de la forêt.".encode("latin-1")).guessed


def test_lines_that_an_editor_broke_are_put_together() -> None:
    assert looks_wrapped(WRAPPED)
    whole = list(unwrapped(WRAPPED))
    assert len(whole) == 2
    assert "adaptive immunity is slower" in whole[0]
    assert not looks_wrapped(["守则", *(f"第{n}条 入库须登记，出库须签字。" for n in "一二三四五六七")])


def test_pasted_text_is_read_the_same_way() -> None:
    assert read_text("# a\n\nb").format == "markdown"
    assert read_text("甲是乙。").text == "甲是乙。"
    with pytest.raises(FileRefused, match="file-empty"):
        read_text(" \n")


@pytest.mark.parametrize(
    ("count", "style", "text"),
    [
        (12, "chineseCounting", "十二"), (20, "japaneseCounting", "二十"),
        (105, "chineseCounting", "一百零五"),
        (3, "lowerLetter", "c"), (4, "upperRoman", "IV"), (7, "decimalEnclosedCircle", "⑦"),
        (5, "decimal", "5"),
    ],
)  # fmt: skip
def test_counters_are_spelled_in_the_style_of_their_list(count: int, style: str, text: str) -> None:
    assert spelled(count, style) == text


@pytest.mark.parametrize(
    "data", [docx(paragraph("词")), epub("<p>词</p>"), pdf([(11, "words here")]), "词。".encode()]
)
def test_the_cage_gives_the_same_text(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    assert read_document_caged(path) == assembled(read_document(path))


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab<>/!-=\"' &;#*_`[]()|\\\n\t1.词"), max_size=120))
def test_marks_lie_in_the_text_whatever_it_is(source: str) -> None:
    for pieces in (read_html(source), read_markdown(source)):
        text = assembled([*pieces, Block("text", "end")])
        assert all(0 <= mark.start <= mark.end <= len(text.text) for mark in text.marks)
        assert list(text.marks) == sorted(text.marks, key=lambda mark: mark.start)


def test_marks_survive_storage() -> None:
    marks = (Mark(0, 4, "heading", 2), Mark(5, 9, "bold"))
    assert marks_from_json(marks_to_json(marks)) == marks
    for wrong in ([[0, 1, "script", 0]], [[0, 1, "bold"]], ["x"], [[0, "1", "bold", 0]]):
        with pytest.raises(ValueError, match="mark"):
            marks_from_json(wrong)


def test_references_and_letters_that_trip_readers_do_not(tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.write_text(
        f"<html><title>İ &#{'1' * 5000};</title><p>İİİ <b>甲</b> &#{'1' * 5000}; 乙</p>", encoding="utf-8"
    )
    text = assembled(read_document(page))
    assert (text.title, text.text) == ("İ \ufffd", "İİİ 甲 \ufffd 乙")
