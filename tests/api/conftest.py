"""The whole service over a database of its own, and people who ask it things."""

import os
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from app import create_app
from app.config import Settings
from app.core.ids import new_id
from app.core.notes import DeckDraft, NoteDraft
from app.formats.markdown import write_deck

SHIPPED = DeckDraft(
    slug="kitchen",
    name="厨房",
    description="Words of the kitchen",
    language="zh-CN",
    version=1,
    notes=(
        NoteDraft("kitchen-1", "basic", {"front": "锅", "back": "pot"}),
        NoteDraft("kitchen-2", "reverse", {"front": "刀", "back": "knife"}),
        NoteDraft("kitchen-3", "cloze", {"text": "水在 {{c1::100}} 度沸腾。"}),
    ),
)


class Person:
    """Someone with a phone: cookies, an origin, and an id for whatever they make."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.device_id = self.new_id()
        self.sequence = count(1)
        self.learner: dict[str, Any] = {}

    @staticmethod
    def new_id() -> str:
        return str(new_id(1_760_000_000_000, os.urandom))

    @staticmethod
    def new_id_at(now: int) -> str:
        """An id made at a moment, as a phone's is."""
        return str(new_id(now, os.urandom))

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        json = {} if body is None else {"json": body}
        return self.client.open(
            path, method=method, headers={"Origin": "http://localhost", **headers}, **json
        )

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.ask("POST", path, body, **headers)

    def begin(self) -> "Person":
        answer = self.post(
            "/api/session", {"device_id": self.device_id, "zone": "Asia/Shanghai", "language": "zh"}
        )
        assert answer.status_code == 201, answer.text
        assert answer.json
        self.learner = answer.json["learner"]
        return self

    def event(self, card_id: str, kind: str = "answer", **more: Any) -> dict[str, Any]:
        """An event as this person's phone would make it, with a day that is true."""
        at = more.pop("at", 1_760_000_000_000)
        return {
            "id": self.new_id(),
            "card_id": card_id,
            "kind": kind,
            "rating": 3 if kind == "answer" else None,
            "at": at,
            "clock_offset_ms": 0,
            "day": at // 86_400_000,
            "duration_ms": 4_000,
            "device_seq": next(self.sequence),
            "data": {},
            **more,
        }

    def sync(self, events: Any = (), edits: Any = (), cursor: int = 0, **more: Any) -> dict[str, Any]:
        answer = self.post("/api/sync", self.sync_body(events, edits, cursor, **more))
        assert answer.status_code == 200, answer.text
        assert answer.json
        return dict(answer.json)

    def sync_body(self, events: Any = (), edits: Any = (), cursor: int = 0, **more: Any) -> dict[str, Any]:
        return {
            "device_id": self.device_id,
            "cursor": cursor,
            "want": 500,
            "events": list(events),
            "edits": list(edits),
            **more,
        }

    def add_deck(self) -> dict[str, Any]:
        answer = self.post(f"/api/catalogue/{SHIPPED.slug}")
        assert answer.status_code == 201, answer.text
        assert answer.json
        return dict(answer.json)

    def cards(self) -> list[dict[str, Any]]:
        answer = self.get("/api/cards")
        assert answer.json
        return list(answer.json["items"])


@pytest.fixture
def decks_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "decks"
    folder.mkdir()
    (folder / f"{SHIPPED.slug}.md").write_text(write_deck(SHIPPED), "utf-8")
    return folder


@pytest.fixture
def app(engine: Engine, decks_folder: Path, tmp_path: Path) -> Flask:
    app = create_app(Settings(data=tmp_path, decks=decks_folder, web_dist=tmp_path / "dist"))
    app.extensions["engine"].dispose()
    app.extensions["engine"] = engine
    return app


@pytest.fixture
def somebody(app: Flask) -> Callable[[], Person]:
    """Makes a learner with a phone of their own."""
    return lambda: Person(app.test_client()).begin()


@pytest.fixture
def ann(somebody: Callable[[], Person]) -> Person:
    return somebody()


@pytest.fixture
def bob(somebody: Callable[[], Person]) -> Person:
    return somebody()
