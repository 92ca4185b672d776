"""schemathesis over the whole document: what it says is what happens, whoever asks and whatever they send.

Each operation is asked as its owner, as another learner and as nobody, with requests that fit the document
and with requests that do not. Where it asks for an id, one of the owner's is put in: else nothing is found.
"""

import os
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID

import pytest
import schemathesis
import schemathesis.specs.openapi.checks as checks
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.core import NOT_SET
from sqlalchemy import select

from app.api import openapi
from app.api.blueprints import RESOURCES
from app.api.contract import Operation
from app.db.engine import reading, writing
from app.db.models import jobs
from app.jobs import now_ms, work_off
from app.services.jobs import enqueue
from tests.api.conftest import SHIPPED, Person
from tests.formats.anki_files import PNG

OPERATIONS = [operation for resource in RESOURCES for operation in resource.operations]
PASSWORD = "温故而知新，可以为师矣，真好记"
FITTING, UNFITTING, SLOW, FEW = 10, 8, 4, 3
"""Examples for each operation and asker; fewer where a password is hashed, on purpose slowly, and on
PostgreSQL, where only what the database itself refuses can differ.
"""


@dataclass
class World:
    """A learner with a deck, the thing that the address names, and the tokens of those who ask."""

    deck: str
    card: str
    thing: str
    name: str
    code: str
    tokens: dict[str, str]

    def headers(self, asker: str) -> dict[str, str]:
        plain = {"Accept-Encoding": "identity"}  # schemathesis reads the bytes as they come
        return plain | ({"Authorization": f"Bearer {self.tokens[asker]}"} if asker in self.tokens else {})


_names = count(1)


def json_of(person: Person, path: str, body: Any = None) -> dict[str, Any]:
    answer = person.post(path, body)
    assert answer.status_code < 300, answer.text
    assert answer.json
    return dict(answer.json)


def world_of(app: Flask, operation: Operation) -> World:
    owner, other, phone = (Person(app.test_client()) for _ in range(3))
    owner.begin(), other.begin()
    name = f"name {next(_names)}"
    if operation.rule in ("/session/sign-in", "/learner/password"):
        json_of(owner, "/api/learner/claim", {"name": name, "password": PASSWORD})
    code = json_of(owner, "/api/devices/join-code")["code"]
    json_of(phone, "/api/session/join", {"code": code, "device_id": phone.device_id})
    owner.add_deck()
    tokens = {who: json_of(person, "/api/tokens", {"name": who}) for who, person in
              (("owner", owner), ("other", other))}  # fmt: skip
    return World(
        deck=owner.cards()[0]["deck_id"],
        card=owner.cards()[0]["id"],
        thing=thing_of(app, operation, owner, phone) if operation.path else "",
        name=name,
        code=json_of(owner, "/api/devices/join-code")["code"],
        tokens={who: token["token"] for who, token in tokens.items()},
    )


def thing_of(app: Flask, operation: Operation, owner: Person, phone: Person) -> str:
    """One of what the address names."""
    match operation.rule.split("/")[1]:
        case "catalogue":
            return SHIPPED.slug
        case "decks":
            return str(owner.cards()[0]["deck_id"])
        case "notes":
            return str(owner.cards()[0]["note_id"])
        case "cards":
            return str(owner.cards()[0]["id"])
        case "devices":
            return phone.device_id
        case "tokens":
            return str(json_of(owner, "/api/tokens", {"name": "one more"})["id"])
        case "jobs":
            return a_job(app, owner)
        case "documents":
            return a_text(owner, operation, app)
        case "imports":
            return an_import(app, owner, done=operation.rule.endswith("/undo"))
        case "exams":
            return an_exam(app, owner, solved=operation.rule.endswith("/what-if"))
    raise AssertionError(f"nothing is known of {operation.rule}")


def a_job(app: Flask, owner: Person) -> str:
    """A job that failed: then the answer has every part."""
    with writing(app.extensions["engine"]) as session:
        learner_id = UUID(owner.learner["id"])
        enqueue(session, learner_id, "nothing", {}, now=1, random=os.urandom)
    work_off(app.extensions["engine"], app.extensions["settings"], lambda: 1, {})
    with reading(app.extensions["engine"]) as session:
        return str(session.execute(select(jobs.c.id).where(jobs.c.learner_id == learner_id)).scalar_one())


def a_text(owner: Person, operation: Operation, app: Flask) -> str:
    """A text that was read; where undo is asked for, something was judged."""
    header = {"Origin": "http://localhost", "Content-Type": "application/octet-stream"}
    text = "一、站姿\n站姿是指站立的姿势。\n站立时不可倚墙。\n".encode()
    answer = owner.client.post("/api/documents", data=text, headers=header)
    assert answer.json
    work_off(app.extensions["engine"], app.extensions["settings"], now_ms)
    if operation.rule == "/documents/<id>/undo":
        json_of(
            owner, f"/api/documents/{answer.json['id']}/verdicts", {"group": "term", "verdict": "accepted"}
        )
    return str(answer.json["id"])


def an_import(app: Flask, owner: Person, *, done: bool) -> str:
    """An import that was read and waits for a decision, or one that is done."""
    work = partial(work_off, app.extensions["engine"], app.extensions["settings"], now_ms)
    header = {"Origin": "http://localhost", "Content-Type": "application/octet-stream"}
    answer = owner.client.post("/api/imports", data="锅\tpot".encode(), headers=header)
    work()
    assert answer.json
    if done:
        json_of(owner, f"/api/imports/{answer.json['id']}/commit")
        work()
    return str(answer.json["id"])


def an_exam(app: Flask, owner: Person, *, solved: bool) -> str:
    """An exam whose plan is solved, or is still to be."""
    exam = {"name": "考", "day": now_ms() // 86_400_000 + 9, "minutes": [10] * 7}
    exam_id = str(json_of(owner, "/api/exams", exam)["id"])
    if solved:
        work_off(app.extensions["engine"], app.extensions["settings"], now_ms)
    return exam_id


def aim(case: Case[Any], world: World, operation: Operation, to_the_point: bool) -> None:
    """Put ids of the owner in; `to_the_point` also replaces what fits the schema but makes no sense."""
    for part in operation.path:
        case.path_parameters[part] = world.thing
    if "deck_id" in case.query:
        case.query["deck_id"] = world.deck
    if to_the_point:
        case.body = PNG if operation.rule == "/media" else case.body
        case.query.pop("cursor", None)
        case.query.pop("day", None)
        if "from" in case.query:
            case.query["to"] = case.query["from"]
    if case.body is not NOT_SET and isinstance(case.body, dict):
        aim_body(case.body, world, to_the_point)


SENSIBLE: dict[str, Any] = {
    "kind": "basic", "fields": {"front": "锅", "back": "pot"}, "zone": "Asia/Shanghai", "base_version": 1,
    "password": PASSWORD, "old": PASSWORD, "new": PASSWORD,
    "day": now_ms() // 86_400_000 + 9, "minutes": [10] * 7, "decks": None,
    "sections": {},
}  # fmt: skip


def aim_body(body: dict[str, Any], world: World, to_the_point: bool) -> None:
    if "deck_id" in body:
        body["deck_id"] = world.deck
    for event in body.get("events", ()):
        event["card_id"] = world.card
    if not to_the_point:
        return
    sensible = {**SENSIBLE, "code": world.code, "name": world.name}
    body.update({key: value for key, value in sensible.items() if key in body})


def check_fitting(case: Case[Any], response: Any) -> None:
    """What fits the document is never refused as if it did not; a use case may still have its reasons."""
    kind = response.json().get("type") if response.status_code >= 400 else None
    assert kind not in ("/problems/validation", "/problems/json-malformed"), (case, response.text)
    assert response.status_code in {200, 201, 202, 204, 401, 403, 404, 409, 413, 422, 429}, (
        case,
        response.text,
    )


def ask(app: Flask, schema: Any, operation: Operation, asker: str, mode: GenerationMode) -> set[int]:
    """Ask `operation` many times; the statuses that came back."""
    described = schema[openapi.path_of(operation)][operation.method]
    statuses: set[int] = set()
    turn, shared = count(), world_of(app, operation)
    fitting = mode is GenerationMode.POSITIVE

    @given(case=described.as_strategy(generation_mode=mode))
    @settings(
        max_examples=examples(app, operation, fitting),
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Case[Any]) -> None:
        world = world_of(app, operation) if used_up(operation, asker) else shared
        if fitting:
            aim(case, world, operation, to_the_point=next(turn) % 2 == 0)
        headers = world.headers(asker)
        response = case.call(headers=headers)
        statuses.add(response.status_code)
        case.validate_response(response, headers=headers, excluded_checks=[checks.positive_data_acceptance])
        if fitting:
            check_fitting(case, response)

    run()
    return statuses


def examples(app: Flask, operation: Operation, fitting: bool) -> int:
    if operation.rule in ("/session/sign-in", "/learner/claim", "/learner/password"):
        return SLOW
    return FEW if app.extensions["engine"].dialect.name == "postgresql" else FITTING if fitting else UNFITTING


def used_up(operation: Operation, asker: str) -> bool:
    """Whether one success leaves nothing for the next request."""
    once = operation.method == "DELETE" or operation.rule in ("/session/join", "/learner/claim")
    return once and (asker == "owner" or (asker == "other" and not operation.path))


def named(operation: Operation) -> str:
    return f"{operation.method} {operation.rule}"


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_the_document_holds(app: Flask, operation: Operation) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    owner = ask(app, schema, operation, "owner", GenerationMode.POSITIVE)
    assert owner & {200, 201, 202, 204}, f"{named(operation)} was never reached: {owner}"
    other = ask(app, schema, operation, "other", GenerationMode.POSITIVE)
    nobody = ask(app, schema, operation, "nobody", GenerationMode.POSITIVE)
    if operation.signed_in:
        assert nobody == {401}
        assert not (operation.path.keys() == {"id"} and other & {200, 201, 202, 204})
    if operation.body or operation.query:
        ask(app, schema, operation, "owner", GenerationMode.NEGATIVE)
        ask(app, schema, operation, "nobody", GenerationMode.NEGATIVE)
