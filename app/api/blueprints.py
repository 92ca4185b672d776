"""Everything that the service answers to, put together."""

from functools import cache

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
    # Made when somebody first asks: it is the dearest part of a start, and most starts are never asked.
    app.extensions["openapi"] = cache(lambda: openapi.document(RESOURCES, __version__))
    headers.register(app)
    errors.register(app)
    app_age.register(app)
    app.after_request(auth.write_cookie)
    for resource in RESOURCES:
        app.register_blueprint(resource.blueprint)
    app.register_blueprint(service)
    app.register_blueprint(media.files)
    pages.register(app)
