"""What the service says about itself: is it well, what can be asked of it, what its problems mean."""

import json
from html import escape
from pathlib import Path
from typing import Literal

from flask import Blueprint, Response, current_app, jsonify

from app.api import docs
from app.api.errors import Problem
from app.api.headers import compact
from app.api.words import sentences_of
from app.services.migrate import check_migrated

service = Blueprint("service", __name__)
_STYLE = Path(__file__).with_name("docs.css")


@service.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return _said({"status": "ok"})


@service.get("/readyz")
def ready() -> Response:
    """The database answers too, and has the tables that this program expects."""
    check_migrated(current_app.extensions["engine"])
    return _said({"status": "ready"})


def _said(body: dict[Literal["status"], str]) -> Response:
    response = jsonify(body)
    response.headers["Cache-Control"] = "no-store"
    return response


@service.get("/api/openapi.json")
def openapi_document() -> Response:
    """The OpenAPI 3.1 document."""
    said = json.dumps(current_app.extensions["openapi"](), ensure_ascii=False)
    return compact(Response(said, content_type="application/json"))


@service.get("/api/docs")
def documentation() -> Response:
    """The same for people to read."""
    return compact(
        Response(docs.page(current_app.extensions["openapi"]()), content_type="text/html; charset=utf-8")
    )


@service.get("/api/docs.css")
def documentation_style() -> Response:
    """The style sheet of the documentation page."""
    return compact(Response(_STYLE.read_text("utf-8"), content_type="text/css; charset=utf-8"))


@service.get("/problems/<code>")
def problem_meaning(code: str) -> Response:
    """What a problem type means, in both languages: where the `type` of a problem leads to."""
    words = sentences_of(code)
    if words is None:
        raise Problem(404, "not-found")
    lines = "".join(f'<p lang="{language}">{escape(text)}</p>' for language, text in words.items())
    html = (
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{escape(code)}</title>'
        '<link rel="stylesheet" href="/api/docs.css"></head>'
        f"<body><h1>{escape(code)}</h1>{lines}</body></html>\n"
    )
    return compact(Response(html, content_type="text/html; charset=utf-8"))
