"""Records survive the way through JSON lines; anything else is refused."""

import json
from pathlib import Path

import pytest

from app.formats.drafts import Header, ImportedNote, NoteTypeDraft, Skipped
from app.formats.lines import BadLine, read_line, write_lines
from app.formats.package import read_package
from tests.formats.anki_files import latest
from tests.formats.test_package import MEDIA, READING, rich


def test_a_package_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "d.apkg"
    path.write_bytes(latest(rich(18), MEDIA))
    records = list(read_package(path, READING))
    lines = list(write_lines(records))
    assert all("\n" not in line for line in lines)
    assert [read_line(line) for line in lines] == records


def test_empty_fields_need_no_writing() -> None:
    for record in (
        ImportedNote("g", "basic", {}, "d"),
        NoteTypeDraft("1", "n", "cloze", (), ()),
        Header("list"),
    ):
        (line,) = write_lines([record])
        assert read_line(line) == record


@pytest.mark.parametrize(
    "change",
    [
        {"record": "nothing"}, {"record": 3},
        {"count": "1"}, {"count": 1.0}, {"count": True}, {"count": 2**60},
        {"what": "x"},
        {"name": None}, {"name": "a\0"}, {"name": "\ud800"},
        {"extra": 1}, {"code": ["a"]},
    ],
)  # fmt: skip
def test_other_lines_are_refused(change: dict[str, object]) -> None:
    good = {"record": "skipped", "what": "note", "code": "repeated", "name": "a", "count": 3}
    assert read_line(json.dumps(good)) == Skipped("note", "repeated", "a", 3)
    with pytest.raises(BadLine):
        read_line(json.dumps({**good, **change}))


@pytest.mark.parametrize("line", ["", "[]", "1", "{", "[" * 200_000, '{"record": []}', '{"record": "note"}'])
def test_what_is_no_record_is_refused(line: str) -> None:
    with pytest.raises(BadLine):
        read_line(line)
