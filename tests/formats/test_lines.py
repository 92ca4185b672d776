"""Records survive the way through JSON lines; anything else is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.formats.drafts import EventDraft, Header, ImportedNote, NoteTypeDraft, Skipped
from app.formats.lines import read_line, write_lines
from app.formats.package import read_package
from app.formats.wire import BadLine
from tests.formats.anki_files import latest
from tests.formats.test_package import MEDIA, READING, rich


def test_a_package_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "d.apkg"
    path.write_bytes(latest(rich(18), MEDIA))
    records = list(read_package(path, READING))
    lines = list(write_lines(records))
    assert all(line.index(b"\n") == len(line) - 1 for line in lines)
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


GOOD: list[object] = [
    "g", "basic", {"front": "a", "back": "b"}, "1", "html", ["t"], "",
    [[0, "1", 3, [2, 1.5, 5.0, 9, None, 8, 1, 1, 0, False, None, 0],
      [["review:1", "answer", 1, 2, 3, 4, {}], ["suspend", "suspend", 5, 6, None, 0, {"until": 3}]]]],
    0,
]  # fmt: skip


def changed(value: object, *road: int | str) -> bytes:
    """The good note with another value at the end of the road."""
    note: Any = json.loads(json.dumps(GOOD))
    inside = note
    for step in road[:-1]:
        inside = inside[step]
    inside[road[-1]] = value
    return json.dumps(note).encode()


def test_a_good_note_is_read() -> None:
    read = read_line(json.dumps(GOOD).encode())
    assert read_line(*write_lines([read])) == read
    assert isinstance(read, ImportedNote)
    assert read.cards[0].state.due_day == 9
    assert read.cards[0].events[0] == EventDraft("review:1", "answer", 1, 2, 3, 4)


@pytest.mark.parametrize(
    ("value", "road"),
    [
        (3, [0]), ("a\0", [0]), ("\ud800", [0]), ("x" * 600_000, [0]), ("nothing", [1]), (["basic"], [1]),
        ([], [2]), ({"front": 1}, [2]), ({"front": "\0"}, [2]), ({"fr\0": "a"}, [2]),
        ({str(number): "" for number in range(1_001)}, [2]), (None, [3]), ("pdf", [4]), ("t", [5]),
        ([["t"]], [5]), (["a\0"], [5]), (1, [6]), ({}, [7]), (1.0, [8]), ([0, "1", 3, None], [7, 0]),
        (True, [7, 0, 0]), (2**60, [7, 0, 0]), ("a\0", [7, 0, 1]), (None, [7, 0, 2]), ([2], [7, 0, 3]),
        ("2", [7, 0, 3, 0]), (1e300, [7, 0, 3, 1]), (0, [7, 0, 3, 9]), ("x", [7, 0, 3, 3]),
        (None, [7, 0, 4]), ([1], [7, 0, 4, 0]), ("x\0", [7, 0, 4, 0, 0]), ("nothing", [7, 0, 4, 0, 1]),
        (["answer"], [7, 0, 4, 0, 1]), (1.5, [7, 0, 4, 0, 2]), (2**60, [7, 0, 4, 0, 3]),
        (True, [7, 0, 4, 0, 4]), (None, [7, 0, 4, 0, 5]), ([], [7, 0, 4, 0, 6]),
        ({"a": []}, [7, 0, 4, 0, 6]), ({"a": "\0"}, [7, 0, 4, 0, 6]),
    ],
)  # fmt: skip
def test_other_notes_are_refused(value: object, road: list[int | str]) -> None:
    with pytest.raises(BadLine):
        read_line(changed(value, *road))


@pytest.mark.parametrize("line", [b"[]", b"[", b"[" * 200_000, b'["note"]', b"[NaN]", b"[1,2,3,4,5,6,7,8,9]"])
def test_what_is_no_note_is_refused(line: bytes) -> None:
    with pytest.raises(BadLine):
        read_line(line)
