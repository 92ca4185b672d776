"""The OpenAPI 3.1 document, made of the operations themselves: it cannot say anything else than they do."""

import inspect
import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from app.api.contract import SAFE_METHODS, Operation, Resource
from app.api.fields import Out

REF = "#/components/schemas/{model}"
Schema = dict[str, Any]


class FieldProblem(Out):
    """What is wrong with one field of the request."""

    pointer: str
    code: str
    detail: str


class ProblemDocument(Out):
    """RFC 9457: `type` is stable, `title` is a sentence in the learner's language."""

    type: str
    title: str
    status: int
    errors: list[FieldProblem] | None = None
    request_id: str


def document(resources: Sequence[Resource], version: str) -> Schema:
    """The whole document for `resources`."""
    operations = [operation for resource in resources for operation in resource.operations]
    names, components = _schemas(operations)
    paths: dict[str, dict[str, Schema]] = {}
    for resource in resources:
        for operation in resource.operations:
            item = paths.setdefault(path_of(operation), {})
            item[operation.method.lower()] = _operation(operation, resource, names)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Wengu 温故",
            "version": version,
            "description": "Spaced-repetition flashcards. Times are milliseconds since 1970 UTC, days are "
            "learner days (whole days since 1970-01-01 in the learner's zone, from the rollover hour on). "
            "Every error is problem+json with a stable type and a title in the learner's language.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": resource.name, "description": resource.title} for resource in resources],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "an API token, for scripts"},
                "cookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "wengu_session",
                    "description": "the session of the phone app; `__Host-wengu` over HTTPS",
                },
            },
        },
    }


def path_of(operation: Operation) -> str:
    """The operation's address as OpenAPI writes it."""
    return "/api" + re.sub(r"<([a-z_]+)>", r"{\1}", operation.rule)


def problems_of(operation: Operation) -> dict[int, list[str]]:
    """The statuses that an operation may refuse with, and their codes."""
    found: dict[int, list[str]] = {}

    def add(status: int, *codes: str) -> None:
        found.setdefault(status, []).extend(code for code in codes if code not in found.get(status, []))

    if operation.body is not None:
        add(400, "json-malformed", "json-too-deep", "packing-broken")
        add(413, "body-too-large")
        add(415, "body-not-json", "packing-unknown")
    if "upload" in operation.needs:
        add(413, "body-too-large")
    if operation.signed_in:
        add(401, "not-signed-in")
    if operation.method not in SAFE_METHODS:
        add(403, "cross-site")
        add(507, "storage-full")
    if operation.path:
        add(404, "not-found")
    add(422, "validation")
    add(503, "busy")
    for status, codes in operation.problems.items():
        add(status, *codes)
    return dict(sorted(found.items()))


def _operation(operation: Operation, resource: Resource, names: dict[Any, str]) -> Schema:
    summary, _, description = inspect.cleandoc(
        operation.handler.__doc__ or operation.handler.__name__
    ).partition("\n")
    said: Schema = {
        "operationId": operation.handler.__name__,
        "summary": summary.rstrip("."),
        "tags": [resource.name],
        "parameters": [*_path_parameters(operation), *_query_parameters(operation)],
        "responses": {**_answers(operation, names), **_refusals(operation)},
        "security": _security(operation),
    }
    if description.strip():
        said["description"] = description.strip()
    if operation.body is not None:
        schema = {"$ref": REF.format(model=names[operation.body, "validation"])}
        said["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if "upload" in operation.needs:
        file = {"type": "string", "format": "binary"}
        said["requestBody"] = {"required": True, "content": {"application/octet-stream": {"schema": file}}}
    return said


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    ways: list[dict[str, list[str]]] = [{"token": []}, {"cookie": []}]
    if operation.signed_in:
        return ways
    return [*ways, {}] if operation.signed_in is None else []


def _path_parameters(operation: Operation) -> Iterable[Schema]:
    for name, adapter in operation.path.items():
        yield {"name": name, "in": "path", "required": True, "schema": adapter.json_schema()}


def _query_parameters(operation: Operation) -> Iterable[Schema]:
    if operation.query is None:
        return
    schema = operation.query.model_json_schema()
    for name, part in schema["properties"].items():
        described = _without_null(part)
        yield {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "schema": described,
        }


def _without_null(schema: Schema) -> Schema:
    """A query parameter is given or not; null is no text."""
    kept = {name: value for name, value in schema.items() if name not in ("anyOf", "title")}
    kept = {name: value for name, value in kept.items() if name != "default" or value is not None}
    for choice in schema.get("anyOf", ()):
        if choice.get("type") != "null":
            kept |= choice
    return kept


def _answers(operation: Operation, names: dict[Any, str]) -> dict[str, Schema]:
    answers: dict[str, Schema] = {}
    for status in operation.statuses:
        answers[str(status)] = {"description": HTTPStatus(status).phrase}
        if operation.content_types:
            answers[str(status)]["content"] = {kind: _file(kind) for kind in operation.content_types}
        elif operation.result is not None:
            schema = {"$ref": REF.format(model=names[operation.result, "serialization"])}
            answers[str(status)]["content"] = {"application/json": {"schema": schema}}
    if operation.method == "GET" and operation.result is not None and not operation.streamed:
        answers["304"] = {"description": "unchanged since the ETag that was sent"}
    return answers


def _file(content_type: str) -> Schema:
    """A file of that type; one of JSON is a JSON value, not a text."""
    return {"schema": {} if content_type == "application/json" else {"type": "string", "format": "binary"}}


def _refusals(operation: Operation) -> dict[str, Schema]:
    schema = {"$ref": REF.format(model=ProblemDocument.__name__)}
    return {
        str(status): {
            "description": f"{HTTPStatus(status).phrase}: {', '.join(codes)}",
            "content": {"application/problem+json": {"schema": schema}},
        }
        for status, codes in problems_of(operation).items()
    }


def _schemas(operations: Iterable[Operation]) -> tuple[dict[Any, str], Schema]:
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(ProblemDocument, "validation"): None}
    for operation in operations:
        if operation.body is not None:
            wanted[operation.body, "validation"] = None
        if operation.result is not None:
            wanted[operation.result, "serialization"] = None
    references, whole = models_json_schema(list(wanted), ref_template=REF)
    names = {key: reference["$ref"].rpartition("/")[2] for key, reference in references.items()}
    return names, {name: _plain(schema) for name, schema in whole.get("$defs", {}).items()}


def _plain(schema: Any) -> Any:
    """Without the discriminators of nested unions: OpenAPI can map to names of schemas only."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    mapping = schema.get("discriminator", {}).get("mapping", {}) if "oneOf" in schema else {}
    nested = any(not isinstance(target, str) for target in mapping.values())
    return {name: _plain(part) for name, part in schema.items() if not (nested and name == "discriminator")}
