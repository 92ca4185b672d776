"""The OpenAPI document as plain HTML for people. No script, so the strictest policy holds."""

from collections.abc import Iterator
from html import escape
from typing import Any

Schema = dict[str, Any]


_BEGINNING = """<h2>To begin</h2>
<p>A script acts with a token. Make one in the app under 我 (Me) › 账户 (Account); it goes along with each
request:</p>
<pre><code>export WENGU=http://127.0.0.1:8000 TOKEN=…
curl -H "Authorization: Bearer $TOKEN" "$WENGU/api/decks"
curl -H "Authorization: Bearer $TOKEN" "$WENGU/api/study/queue?limit=5"
curl -H "Authorization: Bearer $TOKEN" "$WENGU/api/learner/export" &gt; everything.json
curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
  -d '{"deck_id": "…", "kind": "basic", "fields": {"front": "…", "back": "…"}}' \\
  "$WENGU/api/notes"</code></pre>
<p>Lists come in pages: pass <code>next</code> of an answer as <code>cursor</code>, until it is null.</p>"""


def page(document: Schema) -> str:
    """The document as one HTML page; its style sheet is served at /api/docs.css."""
    info = document["info"]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info['title'])} API</title>"
        '<link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/api/docs.css"></head><body>'
        f"<header><h1>{escape(info['title'])} API</h1><p>{escape(info['description'])}</p>"
        f'<p><a href="/api/openapi.json">OpenAPI 3.1 document</a></p>{_BEGINNING}</header>'
        f'<nav aria-label="Resources"><ul>{"".join(_contents(document))}</ul></nav>'
        f"<main>{''.join(_resources(document))}{_shapes(document)}</main></body></html>\n"
    )


def _contents(document: Schema) -> Iterator[str]:
    for tag in document["tags"]:
        yield f'<li><a href="#{escape(tag["name"])}">{escape(tag["description"])}</a></li>'
    yield '<li><a href="#shapes">Shapes</a></li>'


def _resources(document: Schema) -> Iterator[str]:
    for tag in document["tags"]:
        operations = "".join(
            _operation(method, path, operation)
            for path, item in document["paths"].items()
            for method, operation in item.items()
            if tag["name"] in operation["tags"]
        )
        name, title = escape(tag["name"]), escape(tag["description"])
        yield f'<section id="{name}"><h2>{title}</h2>{operations}</section>'


def _operation(method: str, path: str, operation: Schema) -> str:
    needs = operation["security"]
    who = "" if not needs else "signed in or not" if {} in needs else "needs a session or a token"
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    parts = [
        f'<article id="{escape(operation["operationId"])}">',
        f"<h3><code>{method.upper()}</code> <code>{escape(path)}</code></h3>",
        f"<p>{escape(operation['summary'])}. {escape(operation.get('description', ''))}</p>",
        f"<p>{who}</p>" if who else "",
        _rows(
            "Parameters", ((p["name"], f"{p['in']} · {kind(p['schema'])}") for p in operation["parameters"])
        ),
        f"<p>Body: {kind(body)}</p>" if body else "",
        _rows("Answers", _answers(operation)),
    ]
    return "".join(parts) + "</article>"


def _answers(operation: Schema) -> Iterator[tuple[str, str]]:
    for status, answer in operation["responses"].items():
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        yield (
            status,
            f"{kind(schema)} · {escape(answer['description'])}" if schema else escape(answer["description"]),
        )


def _shapes(document: Schema) -> str:
    shapes = "".join(
        f'<article id="shape-{escape(name)}"><h3>{escape(name)}</h3>'
        f"<p>{escape(schema.get('description', ''))}</p>{_rows('Fields', _fields(schema))}</article>"
        for name, schema in sorted(document["components"]["schemas"].items())
    )
    return f'<section id="shapes"><h2>Shapes</h2>{shapes}</section>'


def _fields(schema: Schema) -> Iterator[tuple[str, str]]:
    required = schema.get("required", ())
    for name, part in schema.get("properties", {}).items():
        yield name, kind(part) + ("" if name in required else " · optional")


def _rows(caption: str, rows: Any) -> str:
    body = "".join(
        f'<tr><th scope="row"><code>{escape(name)}</code></th><td>{text}</td></tr>' for name, text in rows
    )
    return f"<table><caption>{caption}</caption><tbody>{body}</tbody></table>" if body else ""


def kind(schema: Schema | bool | None) -> str:
    """A schema in a few words of HTML."""
    if not isinstance(schema, dict):
        return "anything"
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#shape-{name}">{name}</a>'
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        said = " or ".join(kind(choice) for choice in choices)
    elif "enum" in schema or "const" in schema:
        said = " | ".join(escape(str(value)) for value in schema.get("enum", [schema.get("const")]))
    elif schema.get("type") == "array":
        said = f"list of {kind(schema.get('items'))}"
    elif schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        said = f"mapping to {kind(schema['additionalProperties'])}"
    else:
        said = escape(f"{schema.get('type', 'anything')} {schema.get('format', '')}".strip())
    limits = ", ".join(f"{word} {escape(str(schema[key]))}" for key, word in _LIMITS.items() if key in schema)
    note = escape(schema.get("description", ""))
    return " · ".join(part for part in (said, limits, note) if part)


_LIMITS = {
    "minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "minLength": "length ≥", "maxLength": "length ≤",
    "minItems": "items ≥", "maxItems": "items ≤", "minProperties": "entries ≥", "maxProperties": "entries ≤",
    "pattern": "matches", "default": "default",
}  # fmt: skip
