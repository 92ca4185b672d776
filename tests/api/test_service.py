"""Health, the log, and what is said when the machine itself fails."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, event, inspect

from app import create_app
from app.api.headers import JsonLines
from app.config import Settings
from tests.api.conftest import Person


def test_alive_and_ready(app: Flask, engine: Engine) -> None:
    if not inspect(engine).has_table("alembic_version"):
        pytest.skip("the partitioned tables are made for the tests, not by the migrations")
    client = app.test_client()
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ready"}


def test_alive_but_not_ready_without_tables(tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path))
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    app.extensions["engine"].dispose()


def test_one_line_for_each_request_that_names_its_id(app: Flask) -> None:
    lines: list[logging.LogRecord] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record)

    logger = logging.getLogger("wengu.requests")
    logger.addHandler(handler := Keep())
    try:
        answer = app.test_client().get("/api/learner?a=secret")
    finally:
        logger.removeHandler(handler)
    line = json.loads(JsonLines().format(lines[-1]))
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/learner", 401)
    assert answer.headers["X-Request-Id"] == (answer.json or {})["request_id"]
    assert "secret" not in json.dumps(line)


def test_a_traceback_is_logged_as_json() -> None:
    try:
        raise ValueError("温故")
    except ValueError as error:
        record = logging.LogRecord("wengu", logging.ERROR, "", 1, "failed", (), (ValueError, error, None))
    line = json.loads(JsonLines().format(record))
    assert line["level"] == "error"
    assert "ValueError: 温故" in line["traceback"]


def on_every_connection(engine: Engine, pragma: str) -> None:
    @event.listens_for(engine, "connect")
    def set_pragma(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA {pragma}")

    engine.dispose()


def test_a_full_disk_is_507_and_keeps_nothing(engine: Engine, ann: Person) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("SQLite can be told how many pages its disk has")
    on_every_connection(engine, "max_page_count=1")
    answer = ann.post("/api/tokens", {"name": "字" * 200})
    answers = [answer, *(ann.post("/api/tokens", {"name": "字" * 200}) for _ in range(20))]
    assert answers[-1].status_code == 507
    assert (answers[-1].json or {})["type"] == "/problems/storage-full"


def test_a_busy_database_is_503_and_says_when_to_come_back(engine: Engine, ann: Person) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("only SQLite has one writer at a time")
    on_every_connection(engine, "busy_timeout=1")
    with engine.connect() as other:
        other.connection.driver_connection.execute("BEGIN IMMEDIATE")  # type: ignore[union-attr]
        answer = ann.post("/api/tokens", {"name": "script"})
        other.connection.driver_connection.execute("ROLLBACK")  # type: ignore[union-attr]
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert ann.post("/api/tokens", {"name": "script"}).status_code == 201


def test_behind_a_proxy_the_scheme_is_the_visitors(engine: Engine, tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path, trust_proxy=True))
    app.extensions["engine"].dispose()
    app.extensions["engine"] = engine
    body = {"device_id": Person.new_id(), "zone": "Asia/Shanghai", "language": "zh"}
    headers = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "cards.example",
        "Origin": "https://cards.example",
    }
    answer = app.test_client().post("/api/session", json=body, headers=headers)
    assert answer.status_code == 201
    assert answer.headers["Set-Cookie"].startswith("__Host-wengu=")
    assert "Strict-Transport-Security" in answer.headers


def test_without_a_proxy_its_headers_are_not_believed(app: Flask) -> None:
    answer = app.test_client().get("/healthz", headers={"X-Forwarded-Proto": "https"})
    assert "Strict-Transport-Security" not in answer.headers


def test_a_database_that_is_away_is_503_too(tmp_path: Path, ann: Person) -> None:
    away = create_app(Settings(data=tmp_path, database_url="postgresql://127.0.0.1:1/nothing"))
    cookie = ann.client.get_cookie("wengu_session")
    assert cookie
    client = away.test_client()
    client.set_cookie("wengu_session", cookie.value)
    answer = client.get("/api/learner")
    assert (answer.status_code, answer.json and answer.json["type"]) == (503, "/problems/busy")
    assert "Retry-After" in answer.headers
    away.extensions["engine"].dispose()


def test_a_request_that_gets_no_connection_is_503(ann: Person, app: Flask, tmp_path: Path) -> None:
    narrow = create_engine(f"sqlite:///{tmp_path / 'narrow'}", pool_size=1, max_overflow=0, pool_timeout=0)
    app.extensions["engine"] = narrow
    with narrow.connect():
        assert ann.get("/api/learner").status_code == 503
    narrow.dispose()
