"""The contract on a resource of its own: what it lets in, what it refuses and with which words."""

import gzip
import json
from typing import Annotated, Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app.api import errors, headers
from app.api.body import DEEPEST_JSON, LARGEST_BODY, LARGEST_UNPACKED, deeper_than
from app.api.contract import Resource
from app.api.fields import Id, Name, Out, Page, Text, Wire, whole
from app.core.errors import Conflict, Missing

THING = "00000000-0000-7000-8000-000000000001"


class Thing(Wire):
    name: Name
    size: Annotated[int, *whole(0, 10)] = 0
    text: Text = ""
    parts: tuple["Thing", ...] = ()


class Said(Out):
    name: str
    size: int
    text: str


@pytest.fixture
def client() -> FlaskClient:
    resource = Resource("things", "Things")

    @resource.on("POST", "/things", status=201)
    def make_thing(body: Thing) -> Said:
        """Make a thing."""
        return Said(name=body.name, size=body.size, text=body.text)

    @resource.on("GET", "/things/<id>")
    def read_thing(id: Id, query: Page) -> Said:
        """Read a thing."""
        return Said(name=str(id), size=query.limit, text="字" * 2_000)

    @resource.on("DELETE", "/things/<id>")
    def drop_thing(id: Id) -> None:
        """Drop a thing."""
        if id == UUID(THING):
            raise Missing("not-found")
        if id.int == 1:
            raise Conflict("not-found", pointer="/name")
        if id.int == 2:
            raise OSError(28, "No space left on device")
        if id.int == 3:
            raise ZeroDivisionError

    app = Flask("contract", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    headers.register(app)
    errors.register(app)
    app.register_blueprint(resource.blueprint)
    return app.test_client()


def send(client: FlaskClient, raw: bytes | str, **more: Any) -> Any:
    return client.post("/api/things", data=raw, **{"content_type": "application/json", **more})


def test_a_fitting_body_comes_in_composed_and_trimmed(client: FlaskClient) -> None:
    answer = send(client, json.dumps({"name": " Cafe\u0301 ", "size": 3.0}))
    assert (answer.status_code, answer.json) == (201, {"name": "Café", "size": 3, "text": ""})
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "json-malformed"),
        (b"{", 400, "json-malformed"),
        (b'{"name": NaN}', 422, "validation"),
        (b'{"name": "\xff"}', 400, "json-malformed"),
        (b'{"name": "\\ud800"}', 400, "json-malformed"),
        (b'{"name": "a", "size": ' + b"9" * 6_000 + b"}", 400, "json-malformed"),
        (b"[" * 100_000, 400, "json-too-deep"),
        (b'{"name":"a","parts":' * 33 + b"[]" + b"}" * 33, 400, "json-too-deep"),
        (b'{"name": "a", "text": "' + b"[" * 1_000 + b'"}', 201, None),
        (b" " * (LARGEST_BODY + 1), 413, "body-too-large"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_bodies_that_are_not_what_they_should_be(
    client: FlaskClient, raw: bytes, status: int, code: str | None
) -> None:
    answer = send(client, raw)
    assert answer.status_code == status
    if code:
        assert answer.content_type == "application/problem+json"
        assert answer.json["type"] == f"/problems/{code}"
        assert answer.json["request_id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/name", "missing"),
        ({"name": 1}, "/name", "string_type"),
        ({"name": "a\0"}, "/name", "string_pattern_mismatch"),
        ({"name": " \u3000"}, "/name", "string_pattern_mismatch"),
        ({"name": "字" * 201}, "/name", "string_too_long"),
        ({"name": "a", "size": "1"}, "/size", "int_type"),
        ({"name": "a", "size": True}, "/size", "int_type"),
        ({"name": "a", "size": 1e300}, "/size", "less_than_equal"),
        ({"name": "a", "a/b~c": 1}, "/a~1b~0c", "extra_forbidden"),
        (
            {"name": "a", "parts": [{"name": "b"}, {"name": "c", "size": -1}]},
            "/parts/1/size",
            "greater_than_equal",
        ),
        ([], "", "model_type"),
    ],
)
def test_a_wrong_field_is_named(client: FlaskClient, body: Any, pointer: str, code: str) -> None:
    answer = send(client, json.dumps(body))
    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json["errors"]] == [(pointer, code)]
    assert answer.json["errors"][0]["detail"]


def test_the_words_follow_accept_language(client: FlaskClient) -> None:
    chinese = send(client, "{}", headers={"Accept-Language": "fr, zh-CN;q=0.9, en;q=0.5"}).json
    english = send(client, "{}", headers={"Accept-Language": "en-GB"}).json
    assert chinese["errors"][0]["detail"] == "缺少这一项。"
    assert english["errors"][0]["detail"] == "This is missing."


def test_only_json_is_read(client: FlaskClient) -> None:
    assert send(client, "{}", content_type="text/plain").status_code == 415
    assert send(client, "{}", content_type="application/json; charset=utf-8").status_code == 422


def test_gzipped_bodies(client: FlaskClient) -> None:
    packed = gzip.compress(json.dumps({"name": "温故"}).encode())
    bomb = gzip.compress(b" " * (LARGEST_UNPACKED + 1))
    cases = [(packed, 201), (packed[:-3], 400), (packed + b"x", 400), (b"plain", 400), (bomb, 413)]
    answers = [send(client, raw, headers={"Content-Encoding": "gzip"}).status_code for raw, _ in cases]
    assert answers == [status for _, status in cases]
    assert send(client, packed, headers={"Content-Encoding": "br"}).status_code == 415


def test_query_parameters_are_as_strict(client: FlaskClient) -> None:
    def status(query: str) -> int:
        return client.get(f"/api/things/{THING}?{query}").status_code

    assert [status(query) for query in ("", "limit=5", "limit=5.0")] == [200, 200, 200]
    wrong = (
        "limit=0",
        "limit=a",
        "limit=1_0",
        "limit= 5",
        "limit=5&limit=6",
        "other=1",
        "cursor=%00",
        "limit=",
    )
    assert {query: status(query) for query in wrong} == dict.fromkeys(wrong, 422)


@pytest.mark.parametrize("id", ["x", "1", THING.replace("-", ""), "{" + THING + "}", "9" * 5_000])
def test_an_impossible_id_is_found_nowhere(client: FlaskClient, id: str) -> None:
    answer = client.get(f"/api/things/{id}")
    assert answer.status_code == 404
    assert answer.json
    assert answer.json["type"] == "/problems/not-found"


def test_405_keeps_allow(client: FlaskClient) -> None:
    answer = client.put(f"/api/things/{THING}")
    assert answer.status_code == 405
    assert {"GET", "DELETE"} <= set(answer.headers["Allow"].split(", "))


def test_domain_errors_and_failures_have_their_status(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    def drop(number: int) -> Any:
        return client.delete(f"/api/things/{UUID(int=number)}")

    assert client.delete(f"/api/things/{THING}").status_code == 404
    conflict, full, broken = drop(1), drop(2), drop(3)
    assert (conflict.status_code, conflict.json["errors"][0]["pointer"]) == (409, "/name")
    assert (full.status_code, full.json["type"]) == (507, "/problems/storage-full")
    assert (broken.status_code, broken.json["type"]) == (500, "/problems/internal")
    assert "ZeroDivisionError" not in broken.text
    assert drop(4).status_code == 204


def test_large_reads_are_packed_and_known_again(client: FlaskClient) -> None:
    plain = client.get(f"/api/things/{THING}")
    packed = client.get(f"/api/things/{THING}", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 10
    again = client.get(f"/api/things/{THING}", headers={"If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


json_values = st.recursive(
    st.none() | st.integers() | st.text(alphabet='[]{}"\\a'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='[{"\\'), inner, max_size=3),
    max_leaves=30,
)


def depth_of(value: Any) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(depth_of, value), default=0) if isinstance(value, list) else 0


@given(json_values, st.integers(0, 5))
def test_depth_is_measured_without_parsing(value: Any, limit: int) -> None:
    assert deeper_than(json.dumps(value).encode(), limit) == (depth_of(value) > limit)


@given(st.binary(max_size=200))
def test_any_bytes_have_an_answer_about_their_depth(raw: bytes) -> None:
    assert deeper_than(raw, DEEPEST_JSON) in (True, False)


def test_many_escaped_quotes_cost_no_more_than_their_length() -> None:
    assert not deeper_than(b'"' + b'\\"' * 2_000_000, DEEPEST_JSON)
