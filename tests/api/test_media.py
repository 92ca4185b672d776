"""Pictures and sounds of one's own: kept once, named by their content, served to nobody else."""

import hashlib
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app.services.media import remove_unused
from tests.api.conftest import Person
from tests.formats.anki_files import PNG


def bring(person: Person, content: bytes, status: int = 201) -> dict[str, Any]:
    headers = {"Origin": "http://localhost", "Content-Type": "application/octet-stream"}
    answer = person.client.post("/api/media", data=content, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.json
    return dict(answer.json)


def test_the_same_picture_is_kept_once(ann: Person, bob: Person, app: Flask) -> None:
    kept = bring(ann, PNG)
    assert kept == {"hash": hashlib.sha256(PNG).hexdigest(), "type": "image/png", "size": len(PNG)}
    assert bring(ann, PNG) == kept
    data = app.extensions["settings"].data
    assert len([path for path in (data / "media").rglob("*") if path.is_file()]) == 1
    assert not (data / "imports").exists()
    assert bob.get(f"/api/media/{kept['hash']}").status_code == 404
    with ann.get(f"/api/media/{kept['hash']}", Range="bytes=0-3") as part:
        assert (part.status_code, part.data) == (206, PNG[:4])


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"<!doctype html>", b"", b"MZ\x90"])
def test_what_is_no_picture_is_not_kept(ann: Person, app: Flask, content: bytes) -> None:
    assert bring(ann, content, 422)["type"] == "/problems/media-type-unknown"
    assert not (app.extensions["settings"].data / "media").exists()


def test_a_file_is_capped(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.media.LARGEST_FILE", 10)
    assert bring(ann, PNG, 413)["type"] == "/problems/body-too-large"


def test_a_file_that_a_note_shows_is_not_removed(ann: Person, app: Flask) -> None:
    shown, forgotten = bring(ann, PNG)["hash"], bring(ann, PNG + b"2")["hash"]
    deck = ann.add_deck()["id"]
    fields = {"front": f"![猫](media/{shown})", "back": "cat"}
    made = ann.post("/api/notes", {"deck_id": deck, "kind": "basic", "fields": fields})
    assert made.status_code == 201
    engine, data = app.extensions["engine"], app.extensions["settings"].data
    remove_unused(engine, data, UUID(ann.learner["id"]), [shown, forgotten])
    with ann.get(f"/api/media/{shown}") as kept:
        assert kept.status_code == 200
    assert ann.get(f"/api/media/{forgotten}").status_code == 404
