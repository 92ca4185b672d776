"""The cage holds: whatever the child does, the parent gets checked records or one refusal."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from app.formats.drafts import ImportDraft, gather
from app.formats.limits import MB, Limits
from app.formats.package import read_package
from app.formats.readers import Reader
from app.formats.refusals import FileRefused
from app.formats.sandbox import DEFAULT_CAGE, Cage, read_caged
from tests.formats.anki_files import latest, legacy1
from tests.formats.test_package import MEDIA, READING, rich


def caged(
    path: Path, reader: Reader = "package", cage: Cage = DEFAULT_CAGE, **options: object
) -> ImportDraft:
    return gather(read_caged(path, reader, READING, cage=cage, **options))  # type: ignore[arg-type]


def package(tmp_path: Path) -> Path:
    path = tmp_path / "deck.apkg"
    path.write_bytes(latest(rich(18), MEDIA))
    return path


def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """Puts another program in the child's place."""
    fake = tmp_path / "fake"
    fake.write_text(f"#!/bin/sh\n{body}\n")
    fake.chmod(0o755)
    monkeypatch.setattr("app.formats.sandbox.sys.executable", str(fake))


def test_the_cage_changes_nothing_for_a_good_file(tmp_path: Path) -> None:
    path = package(tmp_path)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    inside = caged(path, media_folder=tmp_path / "a")
    assert inside == gather(read_package(path, READING, media_folder=tmp_path / "b"))
    assert sorted(os.listdir(tmp_path / "a")) == sorted(os.listdir(tmp_path / "b"))


@pytest.mark.parametrize(
    ("reader", "text"), [("table", "a\tb\n"), ("list", "a - b"), ("questions", "Q: a\nA: b")]
)
def test_texts_are_read_in_it_too(tmp_path: Path, reader: Reader, text: str) -> None:
    path = tmp_path / "t.txt"
    path.write_text(text)
    draft = caged(path, reader, deck="甲")
    assert [note.fields for note in draft.notes] == [{"front": "a", "back": "b"}]
    assert draft.decks[0].name == "甲"


def test_refusals_come_through_with_their_params(tmp_path: Path) -> None:
    path = package(tmp_path)
    with pytest.raises(FileRefused) as refusal:
        caged(path, limits=Limits(unpacked=50 * 1024))
    assert (refusal.value.code, refusal.value.params) == ("archive-unpacked", {"limit": "50 KB"})
    path.write_bytes(b"")
    with pytest.raises(FileRefused, match="file-empty"):
        caged(path)


def test_memory_has_an_end(tmp_path: Path) -> None:
    path = tmp_path / "deck.apkg"
    path.write_bytes(legacy1(replace(rich(), models=json.dumps({"1": {"css": "x" * (60 * MB)}}))))
    with pytest.raises(FileRefused) as refusal:
        caged(path, cage=Cage(memory=128 * MB))
    assert refusal.value.code in {"file-takes-too-much", "file-reader-failed", "archive-ratio"}


def test_time_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path, monkeypatch, "exec tail -f /dev/null")
    with pytest.raises(FileRefused, match="file-takes-too-long"):
        caged(package(tmp_path), cage=Cage(wall_seconds=0.3))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("exit 0", "file-reader-failed"),
        ("exit 3", "file-reader-failed"),
        ("kill -9 $$", "file-takes-too-much"),
        ("echo hello", "file-reader-failed"),
        ("""echo '{"record": "header", "generation": "table"}'; kill -SEGV $$""", "file-reader-failed"),
        ("""echo '{"record": "header", "generation": "other"}'""", "file-reader-failed"),
        ("""echo '{"refused": {"code": "no-such-code", "params": {}}}'""", "file-reader-failed"),
        ("""echo '{"refused": {"code": "file-empty", "params": {}}}'""", "file-empty"),
        (
            """echo '{"record":"media","name":"a","sha256":"../../x","size":1,"type":"image/png"}'""",
            "file-reader-failed",
        ),
    ],
)
def test_a_child_that_was_taken_over_gains_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, code: str
) -> None:
    script(tmp_path, monkeypatch, body)
    with pytest.raises(FileRefused) as refusal:
        caged(package(tmp_path), media_folder=tmp_path)
    assert refusal.value.code == code


def test_leaving_early_ends_the_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = """echo '{"record": "header", "generation": "table"}'; echo $$ > %s; exec tail -f /dev/null"""
    script(tmp_path, monkeypatch, body % (tmp_path / "pid"))
    records = read_caged(package(tmp_path), "package", READING)
    next(records)
    records.close()  # type: ignore[attr-defined]
    if (tmp_path / "pid").exists():
        pid = int((tmp_path / "pid").read_text() or 0)
        assert not pid or not Path(f"/proc/{pid}").exists()


def test_the_child_knows_nothing_of_its_parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENGU_SECRET", "geheim")
    script(tmp_path, monkeypatch, f"env > {tmp_path / 'env'}; exit 0")
    with pytest.raises(FileRefused):
        caged(package(tmp_path))
    assert "geheim" not in (tmp_path / "env").read_text()
