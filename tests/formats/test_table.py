"""Tables and lists, in every coat they come in."""

import codecs
import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.notes import KINDS, note_vectors
from app.formats.decoding import decode
from app.formats.drafts import Format, ImportDraft, ImportedNote, gather
from app.formats.limits import KB, Limits
from app.formats.pasted import looks_like_questions, propose_separator, read_list, read_questions
from app.formats.refusals import FileRefused
from app.formats.spreadsheet import COLUMNS, defused, fused, write_anki_text, write_csv
from app.formats.table import preview_table, read_table, with_columns

ROWS = "正面,背面,标签\n猫,cat,动物 宠物\n犬,dog,\n"


def read(text: str | bytes, **options: object) -> ImportDraft:
    data = text.encode() if isinstance(text, str) else text
    return gather(read_table(data, **options))  # type: ignore[arg-type]


def pairs(draft: ImportDraft) -> list[tuple[str, str]]:
    return [(note.fields["front"], note.fields.get("back", "")) for note in draft.notes]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (ROWS.encode(), "utf-8"),
        (codecs.BOM_UTF8 + ROWS.encode(), "utf-8"),
        (ROWS.encode("utf-16"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + ROWS.encode("utf-16-be"), "utf-16-be"),
        (ROWS.encode("utf-16-le"), "utf-16-le"),
        (ROWS.encode("gb18030"), "gb18030"),
        (ROWS.replace("\n", "\r\n").encode(), "utf-8"),
        (ROWS.replace("\n", "\r").encode(), "utf-8"),
    ],
)
def test_encodings(data: bytes, encoding: str) -> None:
    draft = read(data)
    assert draft.header.encoding == encoding
    assert pairs(draft) == [("猫", "cat"), ("犬", "dog")]
    assert draft.notes[0].tags == ("动物", "宠物")


@pytest.mark.parametrize("separator", ["\t", ";", ",", "|"])
def test_separators(separator: str) -> None:
    text = "\n".join(separator.join(row) for row in (["a, b", "1"], ["c", "2"], ["d; e", "3"]))
    if separator in ",;":
        text = text.replace("a, b", '"a, b"').replace("d; e", '"d; e"')
    assert pairs(read(text)) == [("a, b", "1"), ("c", "2"), ("d; e", "3")]


def test_preview_says_which_column_is_what_and_the_learner_may_differ() -> None:
    data = b"1\tcat\t\xe7\x8c\xab\n2\tdog\t\xe7\x8a\xac\n"
    preview = preview_table(data)
    assert preview.layout.columns == ("front", "back", "note")
    assert (preview.total, preview.rows[0]) == (2, ("1", "cat", "猫"))
    layout = with_columns(preview.layout, ("", "back", "front"))
    assert pairs(read(data, layout=layout)) == [("猫", "cat"), ("犬", "dog")]
    for wrong in (("front", "front", ""), ("front", "colour", ""), ("front", "", "")):
        with pytest.raises(FileRefused):
            with_columns(preview.layout, wrong)


def test_headings_of_question_banks_are_known_and_numbering_is_no_question() -> None:
    told = read("编号;题目内容;备注;标准答案;难度\n1;谁先伸手？;见礼仪;长者;易\n2;几秒？;;三秒;易\n".encode())
    assert pairs(told) == [("谁先伸手？", "长者"), ("几秒？", "三秒")]
    assert told.notes[0].fields["note"] == "见礼仪"
    rows = "".join(f"{place},问{place},答{place}\n" for place in range(1, 5))
    assert pairs(read(rows.encode())) == [(f"问{place}", f"答{place}") for place in range(1, 5)]
    two = preview_table(b"1,a\n2,b\n3,c\n")
    assert two.layout.columns == ("front", "back")


@pytest.mark.parametrize(
    ("text", "columns", "first_line"),
    [
        # under a heading of which no word is known
        ("Chapter,Type,Number,Character,Pinyin,German\n1,lek,,阿姨,ā yí,Tante\n1,lek,2,報導,bào,Bericht\n"
         "1,lek,3,保護,bǎo,Schutz\n2,lek,1,變,biàn,ändern\n2,lek,2,比,bǐ,Vergleich\n2,suf,3,化,huà,-isieren\n",
         ("", "", "", "front", "back", "note"), 2),
        ("Note ID,word,pronounced,notes,tags\nB101,und,und,,a\nB102,aber,aber,x,a\nB103,oder,oder,,b\n",
         ("", "front", "back", "note", "tags"), 2),
        ("no,poj,mandarin\n1,kôaⁿ,寒流\n1,khiâ,騎\n2,kha,跤\n3,ūn,運動\n", ("", "front", "back"), 2),
        # under a title
        ("题库,,\n题目,答案,解析\n甲,乙,丙\n", ("front", "back", "note"), 3),
        # numbers are kept where they are all there is, and where they do not count
        ("1,a\n2,b\n3,c\n", ("front", "back"), 1),
        ("1949,建国,北京\n1978,改革,北京\n2001,入世,多哈\n2008,奥运,北京\n", ("front", "back", "note"), 1),
    ],
)  # fmt: skip
def test_columns_that_only_count_or_sort_are_passed_over(
    text: str, columns: tuple[str, ...], first_line: int
) -> None:
    layout = preview_table(text.encode()).layout
    assert (layout.columns, layout.first_line) == (columns, first_line)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("猫\t<b>cat</b>\n", True), ("猫\tcat<br>Katze\n", True), ("a\tb < c and c > d\n", False),
        ("#html:false\n猫\t<b>cat</b>\n", False), ("<div> 是什么\t块\n", False),
    ],
)  # fmt: skip
def test_cells_with_tags_are_taken_for_html(text: str, html: bool) -> None:
    assert preview_table(text.encode()).layout.html is html


def test_options_in_columns_and_letters_of_the_right_ones() -> None:
    head = "题型,题目,选项A,选项B,选项C,选项D,正确答案,解析\n"
    rows = (
        "单选题,谁先伸手？,长者,晚辈,客人,,A,礼节\n"
        '多选题,哪些是公关？,"宣传,型",交际型,打架型,服务型,ABD,\n'
        "单选题,直接写,甲,乙,丙,丁,乙,\n"
        "判断题,握手要久。,,,,,错误,\n"
        "单选题,没有的字母,甲,乙,,,D,\n"
    )
    notes = read((head + rows).encode()).notes
    assert [note.kind for note in notes] == ["choice", "basic", "choice", "basic", "basic"]
    assert notes[0].fields == {
        "front": "谁先伸手？",
        "back": "长者",
        "choices": "长者\n晚辈\n客人",
        "note": "礼节",
    }
    assert notes[1].fields == {
        "front": "哪些是公关？\nA. 宣传,型\nB. 交际型\nC. 打架型\nD. 服务型",
        "back": "A. 宣传,型\nB. 交际型\nD. 服务型",
    }
    assert notes[2].fields["back"] == "乙"
    assert notes[3].fields == {"front": "握手要久。", "back": "错误"}
    assert notes[4].fields == {"front": "没有的字母\nA. 甲\nB. 乙", "back": "D"}


@pytest.mark.parametrize(
    "cell",
    [
        "A.长者 B.晚辈 C.客人",
        "A、长者；B、晚辈；C、客人",
        "(A) 长者 (B) 晚辈 (C) 客人",
        "Ａ．长者 Ｂ．晚辈 Ｃ．客人",
    ],
)
def test_options_in_one_cell(cell: str) -> None:
    (note,) = read(f"题干\t选项\t答案\n谁先伸手？\t{cell}\tb\n".encode()).notes
    assert (note.kind, note.fields["back"], note.fields["choices"]) == ("choice", "晚辈", "长者\n晚辈\n客人")


def test_a_learner_may_say_that_several_columns_are_options() -> None:
    data = "谁？\t甲\t乙\tA\n".encode()
    layout = with_columns(preview_table(data).layout, ("front", "choices", "choices", "back"))
    assert read(data, layout=layout).notes[0].fields == {"front": "谁？", "back": "甲", "choices": "甲\n乙"}


def test_headers_of_anki_text_files() -> None:
    text = (
        "#separator:semicolon\n#html:true\n#tags:one two\n#guid column:1\n#deck column:2\n"
        "#notetype column:3\n#tags column:6\n#columns:GUID;Deck;Type;Front;Back;Tags\n"
        "#if matches:keep current\n"
        "#match scope:notetype + deck\n"
        "g1;父::子;Basic;<b>猫</b>;cat;x\n"
        "g2;二;Cloze;{{c1::水}}在{{c2::百度}}沸腾;注;\n"
        'g3;;Basic;"a;b";"line\nbreak";\n'
    )
    draft = read(text, deck="fallback")
    assert draft.header.generation == "anki-text"
    assert [(note.guid, note.kind, note.deck) for note in draft.notes] == [
        ("g1", "basic", "父::子"), ("g2", "cloze", "二"), ("g3", "basic", "fallback"),
    ]  # fmt: skip
    assert draft.notes[0].tags == ("one", "two", "x")
    assert {note.format for note in draft.notes} == {"html"}
    assert draft.notes[2].fields == {"front": "a;b", "back": "line\nbreak"}
    assert [deck.name for deck in draft.decks] == ["父::子", "二", "fallback"]
    options = preview_table(text.encode()).layout.options
    assert options == {"if matches": "keep current", "match scope": "notetype + deck"}


@pytest.mark.parametrize("header", ["#separator:ab", "#guid column:x", "#colour column:1", '#separator:"'])
def test_headers_that_make_no_sense(header: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        read(f"{header}\na\tb\n")
    assert (refusal.value.code, refusal.value.params["line"]) == ("table-header", 1)


def test_quotes_as_letters_and_quotes_left_open() -> None:
    letters = read('"A" is first\tone\n5" disk\ttwo\n')
    assert pairs(letters) == [('"A" is first', "one"), ('5" disk', "two")]
    with pytest.raises(FileRefused) as refusal:
        read('a,b\nc,"d\ne,f\n')
    assert (refusal.value.code, refusal.value.params) == ("table-quote-open", {"line": 2})


def test_rows_that_make_no_card_are_named_by_their_line() -> None:
    draft = read(f"a\tb\n\nc\t\nd\te\nd\tf\n{'x' * 65 * KB}\ty\n")
    assert pairs(draft) == [("a", "b"), ("d", "e")]
    assert [(one.code, one.name) for one in draft.skipped] == [
        ("row-empty", "3"), ("repeated", "5"), ("cell-too-long", "6"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"), (b" \n ", "file-empty"), (b"only\none\ncolumn\n", "table-no-columns"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "text-not-text"), (b"front,back\n", "file-nothing-inside"),
        (b"a," * 200 + b"b\n", "table-too-wide"),
    ],
)  # fmt: skip
def test_what_is_no_table(data: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        read(data)
    assert refusal.value.code == code


def test_caps_of_text() -> None:
    with pytest.raises(FileRefused, match="file-too-large"):
        decode(b"a" * 100, Limits(text=99))
    with pytest.raises(FileRefused, match="too-many-rows"):
        read("a\tb\n" * 5, limits=Limits(notes=4))


CELLS = st.text(alphabet="a\"',;\t\n=+-@＝猫 ", min_size=1, max_size=12).filter(lambda text: text.strip())


@given(st.text(alphabet="a'=+-@\t\r\n＝＋－＠", max_size=8))
def test_defusing_is_exact_and_leaves_nothing_to_run(cell: str) -> None:
    assert fused(defused(cell)) == cell
    assert not defused(cell).startswith(tuple("=+-@\t\r\n＝＋－＠"))


@given(st.lists(st.tuples(CELLS, CELLS, st.sampled_from(["text", "html"])), min_size=1, max_size=5))
def test_csv_comes_back_exact(rows: list[tuple[str, str, Format]]) -> None:
    notes = [
        ImportedNote(f"g{place}", "basic", {"front": front, "back": back}, "甲::乙", form, ("x", "y"))
        for place, (front, back, form) in enumerate(rows)
    ]
    back = read("".join(write_csv(notes, {"甲::乙": "甲::乙"})))
    assert [(n.guid, n.kind, n.fields, n.deck, n.format, n.tags) for n in back.notes] == [
        (n.guid, n.kind, n.fields, n.deck, n.format, n.tags) for n in notes
    ]


def test_csv_keeps_every_kind() -> None:
    notes = [
        ImportedNote(f"g{place}", vector["kind"], vector["fields"], "d")
        for place, vector in enumerate(note_vectors())
        if "faces" in vector
    ]
    assert {note.kind for note in notes} == set(KINDS)
    text = "".join(write_csv(notes, {}))
    assert text.startswith("\ufeff" + ",".join(COLUMNS))
    assert {note.guid: note.fields for note in read(text).notes} == {
        note.guid: {name: value for name, value in note.fields.items() if value.strip()} for note in notes
    }


def test_anki_text_is_read_back() -> None:
    notes = [
        ImportedNote(
            "g1", "basic", {"front": "1 < 2", "back": "=cmd|' /C calc'!A0\nzwei"}, "父::子", "text", ("t",)
        ),
        ImportedNote("g2", "cloze", {"text": "{{c1::甲}}", "note": "<b>n</b>"}, "d", "html"),
    ]  # fmt: skip
    back = read("".join(write_anki_text(notes, {}))).notes
    assert [(note.guid, note.kind, note.deck, note.tags) for note in back] == [
        ("g1", "basic", "父::子", ("t",)), ("g2", "cloze", "d", ()),
    ]  # fmt: skip
    assert back[0].fields == {"front": "1 &lt; 2", "back": "=cmd|' /C calc'!A0<br>zwei"}
    assert back[1].fields == {"text": "{{c1::甲}}", "note": "<b>n</b>"}


def test_anki_text_holds_what_anki_has_a_place_for() -> None:
    notes = [
        ImportedNote("g1", "basic", {"front": "**几**？", "back": "三秒", "note": "- 一处\n- 另一处"}, "d"),
        ImportedNote("g2", "list", {"front": "二心？", "items": "用心\n细心", "note": "共五心"}, "d"),
        ImportedNote("g3", "choice", {"front": "谁先？", "back": "长者", "choices": "长者\n晚辈"}, "d"),
        ImportedNote("g4", "type", {"front": "拼写", "back": "a", "note": "n"}, "d"),
    ]
    rows = list(csv.reader("".join(write_anki_text(notes, {})).splitlines()[6:], delimiter="\t"))
    assert [row[1] for row in rows] == ["Basic", "Cloze", "Basic", "Basic (type in the answer)"]
    assert rows[0][3:5] == ["<b>几</b>？", "三秒<hr><ul><li>一处</li><li>另一处</li></ul>"]
    assert rows[1][3:5] == ["二心？<br>1. {{c1::用心}}<br>2. {{c2::细心}}", "共五心"]
    assert all(choice in rows[2][3] for choice in ("谁先？", "长者", "晚辈"))
    assert rows[2][4] == "长者"
    assert rows[3][3:5] == ["拼写", "a"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("猫\tcat\n犬\tdog", [("猫", "cat"), ("犬", "dog")]),
        ("猫 - cat\n犬 - dog - hound", [("猫", "cat"), ("犬", "dog - hound")]),
        ("1. 猫：cat\n2. 犬：dog", [("猫", "cat"), ("犬", "dog")]),
        ("猫 = cat\n\n犬 = dog\nnothing", [("猫", "cat"), ("犬", "dog")]),
        ("猫::cat\n犬::dog", [("猫", "cat"), ("犬", "dog")]),
    ],
)
def test_pasted_lists(text: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(gather(read_list(text.encode()))) == expected


def test_pasted_lists_with_chosen_separators() -> None:
    draft = gather(read_list("猫/cat;犬/dog\nhound;x".encode(), between="/", rows=";"))
    assert pairs(draft) == [("猫", "cat"), ("犬", "dog\nhound")]
    assert [(one.code, one.name) for one in draft.skipped] == [("row-empty", "2")]
    with pytest.raises(FileRefused):
        propose_separator("just\nsome\nwords")


def test_questions() -> None:
    text = (
        "# 复习\n问：一加一？\n答：二\n  还是二\n\nQ: two?\nA: 2\nA: zwei\nQ: unanswered\n"
        "Q：{{c1::三}}？\n答案：注"
    )
    assert looks_like_questions(text)
    assert not looks_like_questions(ROWS)
    draft = gather(read_questions(text.encode()))
    assert [note.fields for note in draft.notes] == [
        {"front": "一加一？", "back": "二\n  还是二"}, {"front": "two?", "back": "2\nzwei"},
        {"text": "{{c1::三}}？", "note": "注"},
    ]  # fmt: skip
    assert [(one.code, one.name) for one in draft.skipped] == [("row-empty", "9")]
    with pytest.raises(FileRefused):
        list(read_questions(b"nothing asked"))


@pytest.mark.parametrize(
    "piece", ['"', '"",', "{{c1::", "Q:", "#deck:", "a\t", "\t\t", "1. ", ": ", "<b>", "'", "問："]
)
def test_long_runs_of_one_thing_are_read_to_their_end(piece: str) -> None:
    """At a million characters anything quadratic would run into the suite's own limit."""
    data = (piece * (1_000_000 // len(piece)) + "\na\tb\n").encode()
    outcomes = []
    for reader in (read_table, read_list, read_questions):
        try:
            outcomes.append(bool(list(reader(data))))
        except FileRefused as refusal:
            outcomes.append(bool(refusal.code))
    assert outcomes == [True] * 3
