"""The phone app's files: kept for ever or asked again, packed where possible; other addresses are the app."""

import gzip
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.api import errors, headers, pages
from app.config import Settings


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>温故</title>", "utf-8")
    (tmp_path / "sw.js").write_text("self", "utf-8")
    (tmp_path / "assets" / "main-1a2b.js").write_text("plain", "utf-8")
    (tmp_path / "assets" / "main-1a2b.js.gz").write_bytes(gzip.compress(b"plain"))
    (tmp_path / "assets" / "main-1a2b.js.br").write_bytes(b"brotli")
    return tmp_path


@pytest.fixture
def client(dist: Path) -> FlaskClient:
    app = Flask("pages", static_folder=None)
    app.extensions["settings"] = Settings(web_dist=dist)
    headers.register(app)
    errors.register(app)
    pages.register(app)
    return app.test_client()


def test_the_app_stands_at_every_address_that_is_no_file(client: FlaskClient) -> None:
    for path in ("/", "/study", "/decks/0190", "/index.html"):
        answer = client.get(path)
        assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
        assert "温故" in answer.text
        assert answer.headers["Cache-Control"] == "no-cache"


def test_the_page_names_the_words_that_it_will_ask_for(client: FlaskClient, dist: Path) -> None:
    for name in (
        "words-zh-first-3c.js",
        "words-en-first-4d.js",
        "words-en-first-4d.js.gz",
        "words-en-me-5e.js",
    ):
        (dist / "assets" / name).write_text("words", "utf-8")
    for asked, language in (
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-first-3c"),
        ("en-GB", "en-first-4d"),
        ("", "zh-first-3c"),
    ):
        answer = client.get("/study", headers={"Accept-Language": asked})
        assert answer.headers["Link"] == f"</assets/words-{language}.js>; rel=modulepreload"
        assert "Accept-Language" not in answer.headers["Vary"]
    assert "Link" not in client.get("/sw.js").headers


def test_hashed_files_are_kept_for_ever_and_the_worker_never(client: FlaskClient) -> None:
    assert (
        client.get("/assets/main-1a2b.js").headers["Cache-Control"] == "public, max-age=31536000, immutable"
    )
    worker = client.get("/sw.js")
    assert worker.headers["Cache-Control"] == "no-cache"
    assert worker.content_type == "text/javascript; charset=utf-8"


@pytest.mark.parametrize(
    ("accept", "packing", "data"),
    [
        ("gzip, br", "br", b"brotli"),
        ("gzip", "gzip", gzip.compress(b"plain")),
        ("br;q=0", None, b"plain"),
        ("", None, b"plain"),
    ],
)
def test_packed_files_are_served_as_they_lie(
    client: FlaskClient, accept: str, packing: str | None, data: bytes
) -> None:
    answer = client.get("/assets/main-1a2b.js", headers={"Accept-Encoding": accept})
    assert answer.headers.get("Content-Encoding") == packing
    assert len(answer.data) == len(data)
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_an_etag_spares_the_second_download(client: FlaskClient) -> None:
    first = client.get("/index.html")
    again = client.get("/index.html", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/gone.js",
        "/robots.txt",
        "/../secret.key",
        "/%2e%2e/secret.key",
        "/assets/..%2f..%2fx.js",
        "/a%00.js",
        pytest.param(f"/{'a' * 300}.js", id="a name that no file system can hold"),
        "/api",
        "/api/x",
    ],
)
def test_what_is_not_there_is_a_problem_and_never_the_app(client: FlaskClient, dist: Path, path: str) -> None:
    (dist.parent / "secret.key").write_text("secret", "utf-8")
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_without_a_build_it_says_how_to_make_one(client: FlaskClient, dist: Path) -> None:
    (dist / "index.html").unlink()
    answer = client.get("/")
    assert answer.status_code == 503
    assert "make run" in answer.text


def test_every_answer_forbids_what_the_app_does_not_need(client: FlaskClient) -> None:
    for path in ("/", "/sw.js", "/api/x"):
        sent = client.get(path).headers
        policy = sent["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "trusted-types worker dompurify" in policy
        assert sent["Cross-Origin-Opener-Policy"] == "same-origin"
        assert sent["Cross-Origin-Embedder-Policy"] == "require-corp"
        assert sent["Cross-Origin-Resource-Policy"] == "same-origin"
        assert sent["X-Content-Type-Options"] == "nosniff"
        assert sent["Referrer-Policy"] == "no-referrer"
        assert "Strict-Transport-Security" not in sent
    assert "Strict-Transport-Security" in client.get("/", base_url="https://wengu.test").headers


def test_tabs_opened_before_a_deploy_still_get_their_files(client: FlaskClient, dist: Path) -> None:
    assert client.get("/assets/main-0000.js").status_code == 404
    (dist / "earlier").mkdir()
    (dist / "earlier" / "main-0000.js").write_text("earlier", "utf-8")
    answer = client.get("/assets/main-0000.js")
    assert (answer.status_code, answer.text) == (200, "earlier")
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert client.get("/assets/../main-0000.js").status_code == 404
