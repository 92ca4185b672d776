"""A learner's own pictures and sounds."""

from os import urandom

from flask import Blueprint, Response, current_app, send_file
from sqlalchemy import Engine

from app.api.auth import identify, require
from app.api.contract import Resource, Upload
from app.api.errors import Problem
from app.api.fields import Out
from app.services.identity import Identity
from app.services.media import find_media, take_media

resource = Resource("media", "Media")
files = Blueprint("media_files", __name__)
HEX = frozenset("0123456789abcdef")
FOR_EVER = "private, max-age=31536000, immutable"
NOTHING_RUNS = "default-src 'none'; sandbox"


class MediaOut(Out):
    """A file of the learner's: `media/<hash>` in a field shows it."""

    hash: str
    type: str
    size: int


@resource.on("POST", "/media", status=201, problems={422: ("media-type-unknown",)})
def bring_media(caller: Identity, upload: Upload, engine: Engine, now: int) -> MediaOut:
    """Keep a picture or sound of 8 MB at most; the same bytes are the same file however often they come."""
    data = current_app.extensions["settings"].data
    kept = take_media(engine, data, caller.learner_id, upload.stream, now=now, random=urandom)
    return MediaOut(hash=kept.hash, type=kept.type, size=kept.size)


@files.get("/api/media/<digest>")
def media_file(digest: str) -> Response:
    """The file of that SHA-256, to its owner only; its type is what its content says."""
    caller = require(identify())
    if len(digest) != 64 or not HEX.issuperset(digest):
        raise Problem(404, "not-found")
    found = find_media(
        current_app.extensions["engine"], current_app.extensions["settings"].data, caller.learner_id, digest
    )
    response = send_file(found.path, mimetype=found.type, conditional=True, etag=digest)
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["Content-Security-Policy"] = NOTHING_RUNS
    response.headers["Content-Disposition"] = "inline"
    response.vary.update(("Cookie", "Authorization"))
    return response
