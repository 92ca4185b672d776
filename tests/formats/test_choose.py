"""Which reader a file gets when nobody says: by what is in it, never by its name."""

import io
import zipfile
from pathlib import Path

import pytest

from app.formats.anki_collection import Reading
from app.formats.choose import read_file
from app.formats.drafts import ImportDraft, gather
from app.formats.readers import Reader
from app.formats.refusals import FileRefused

READING = Reading("Asia/Shanghai", 4, 1_790_000_000_000)
ACCOUNT = (
    '{"format": "wengu-account", "version": 1, "decks": [{"id": "d", "name": "x"}], "cards": [], "notes":'
    ' [{"id": "n", "deck_id": "d", "guid": "g", "kind": "basic", "fields": {"front": "a", "back": "b"}}]}'
)


def zipped(**files: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return data.getvalue()


def read(folder: Path, content: str | bytes, reader: Reader = "auto") -> ImportDraft:
    path = folder / "upload"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return gather(read_file(path, reader, READING, deck="牌组"))


@pytest.mark.parametrize(
    ("content", "generation"),
    [
        ("a,b\nc,d\n", "table"),
        ("#separator:tab\n#html:false\na\tb\n", "anki-text"),
        ("猫 - cat\n犬 - dog\n", "list"),
        ("猫::cat\n犬::dog\n", "list"),
        ("Q: a\nA: b\n", "questions"),
        ("问：a\n答：b\n", "questions"),
        ("C: the [gap]\n", "hashcards"),
        ("#flashcards\n猫::cat\n", "obsidian"),
        ("一\n?\n二\n", "obsidian"),
        ("# 一\n甲\n# 二\n乙\n", "headings"),
        ("---\nname: a\nslug: a\nlanguage: en\n---\n\nQ: x\nA: y\n", "markdown"),
        (ACCOUNT, "json"),
        (zipped(a__md="Q: x\nA: y"), "hashcards"),
        (zipped(data__edn='{:decks [{:id :a :name "a" :cards [{:id :b :content "x\\n---\\ny"}]}]}'), "mochi"),
    ],
)
def test_the_content_decides(tmp_path: Path, content: str | bytes, generation: str) -> None:
    draft = read(tmp_path, content)
    assert draft.header.generation == generation
    assert draft.notes


def test_the_learner_may_know_better(tmp_path: Path) -> None:
    text = "# 水果\n苹果::apple\n# 动物\n猫::cat\n"
    assert read(tmp_path, text).header.generation == "headings"
    draft = read(tmp_path, text, "obsidian")
    assert [note.fields["back"] for note in draft.notes] == ["apple", "cat"]
    assert {note.deck for note in draft.notes} == {"牌组"}


@pytest.mark.parametrize("content", [zipped(a__png="x"), zipped(meta="x"), zipped()])
def test_archives_without_anything_to_read(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileRefused):
        read(tmp_path, content)
