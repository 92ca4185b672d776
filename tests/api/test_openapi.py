"""The document and its page: whole, true to the operations, readable without scripts."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask

from app.api import docs, openapi
from app.api.blueprints import RESOURCES

DOCUMENT = openapi.document(RESOURCES, "1.2.3")
OPERATIONS = [operation for resource in RESOURCES for operation in resource.operations]


def every(value: Any, key: str) -> Iterator[Any]:
    """Every value that stands under `key`, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key:
                yield inner
            yield from every(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from every(inner, key)


def test_every_reference_leads_somewhere() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    references = list(every(DOCUMENT, "$ref"))
    assert references
    assert {reference.removeprefix("#/components/schemas/") for reference in references} <= set(schemas)


def test_discriminators_map_to_names() -> None:
    mappings = [item["mapping"] for item in every(DOCUMENT, "discriminator")]
    assert mappings
    assert all(isinstance(target, str) for mapping in mappings for target in mapping.values())


def test_operation_ids_are_unique_and_addresses_name_their_parts() -> None:
    assert len({operation.handler.__name__ for operation in OPERATIONS}) == len(OPERATIONS)
    for path, item in DOCUMENT["paths"].items():
        for operation in item.values():
            named = [part["name"] for part in operation["parameters"] if part["in"] == "path"]
            assert all("{" + name + "}" in path for name in named)
            assert path.count("{") == len(named)


def test_every_operation_says_what_it_does_and_what_it_may_refuse() -> None:
    for item in DOCUMENT["paths"].values():
        for operation in item.values():
            assert len(operation["summary"]) > 10
            assert {"422", "503"} <= set(operation["responses"])


def test_every_problem_has_a_sentence_in_both_languages() -> None:
    from app.api.words import sentences_of

    codes = {
        code
        for operation in OPERATIONS
        for codes in openapi.problems_of(operation).values()
        for code in codes
    }
    assert {code for code in codes if set(sentences_of(code) or {}) != {"zh", "en"}} == set()


@pytest.mark.parametrize("name", ["SyncIn", "NoteNew", "SessionNew", "DeckChange"])
def test_bodies_let_nothing_unknown_in(name: str) -> None:
    assert DOCUMENT["components"]["schemas"][name]["additionalProperties"] is False


class Reader(HTMLParser):
    """Collects the tags, the links and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.add(value or "")
            if name == "href":
                self.links.append(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_shows_every_operation_and_keeps_to_the_policy() -> None:
    page = Reader()
    page.feed(docs.page(DOCUMENT))
    assert not page.tags & {"script", "style", "img", "iframe"}
    assert not page.attributes & {"style", "onclick", "src"}
    for operation in OPERATIONS:
        assert openapi.path_of(operation) in page.text
        assert operation.handler.__name__ in page.ids
    anchors = {link[1:] for link in page.links if link.startswith("#")}
    assert anchors <= page.ids
    others = {link for link in page.links if link[0] != "#"}
    assert others == {"/api/docs.css", "/api/openapi.json", "/icon.svg"}


def test_what_the_page_says_to_begin_with_is_there() -> None:
    paths = re.findall(r"\$WENGU(/api/[a-z/]+)", docs.page(DOCUMENT))
    assert len(paths) >= 4
    assert set(paths) <= set(DOCUMENT["paths"])


def test_the_page_escapes_what_it_shows() -> None:
    hostile = json.loads(json.dumps(DOCUMENT))
    hostile["info"]["description"] = "<script>alert(1)</script>"
    assert "<script>" not in docs.page(hostile)


def test_both_are_served(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/api/openapi.json").json == app.extensions["openapi"]()
    assert client.get("/api/docs").content_type == "text/html; charset=utf-8"
    assert client.get("/api/docs.css").content_type == "text/css; charset=utf-8"


def test_a_problem_type_leads_to_its_meaning(app: Flask) -> None:
    client = app.test_client()
    meaning = client.get("/problems/card-missing")
    assert meaning.status_code == 200
    assert "找不到这张卡片" in meaning.text
    assert client.get("/problems/never-heard-of").status_code == 404
