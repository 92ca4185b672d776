"""A learner's own pictures and sounds."""

from flask import Blueprint, Response, current_app, send_file

from app.api.auth import identify, require
from app.api.errors import Problem
from app.services.media import find_media

media = Blueprint("media", __name__)
HEX = frozenset("0123456789abcdef")
FOR_EVER = "private, max-age=31536000, immutable"
NOTHING_RUNS = "default-src 'none'; sandbox"


@media.get("/api/media/<digest>")
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
