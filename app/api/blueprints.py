"""Everything that the service answers to, put together."""

import json

from flask import Flask

from app import __version__
from app.api import (
    app_age,
    auth,
    cards,
    catalogue,
    decks,
    devices,
    documents,
    errors,
    exams,
    exports,
    headers,
    imports,
    jobs,
    learner,
    media,
    notes,
    openapi,
    pages,
    session,
    stats,
    study,
    sync,
    tokens,
)
from app.api.body import LARGEST_BODY
from app.api.service import service
from app.config import Settings

RESOURCES = (
    session.resource,
    learner.resource,
    devices.resource,
    tokens.resource,
    catalogue.resource,
    decks.resource,
    notes.resource,
    cards.resource,
    study.resource,
    exams.resource,
    stats.resource,
    sync.resource,
    jobs.resource,
    exports.resource,
    imports.resource,
    documents.resource,
    media.resource,
)


def register(app: Flask, settings: Settings) -> None:
    """Give `app` every address of the service, its errors, its headers and its log."""
    headers.log_as_json(settings.log_level)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    document = openapi.document(RESOURCES, __version__)
    app.config["OPENAPI"] = document
    app.config["OPENAPI_JSON"] = json.dumps(document, ensure_ascii=False).encode()
    headers.register(app)
    errors.register(app)
    app_age.register(app)
    app.after_request(auth.write_cookie)
    for resource in RESOURCES:
        app.register_blueprint(resource.blueprint)
    app.register_blueprint(service)
    app.register_blueprint(media.files)
    pages.register(app)
