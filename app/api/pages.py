"""The phone app's files: hashed assets for ever, the rest asked again; other addresses are the app."""

import hashlib
import mimetypes
from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.routing import PathConverter
from werkzeug.security import safe_join

from app.api.errors import Problem
from app.api.words import language_of

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
PACKINGS = (("br", ".br"), ("gzip", ".gz"))
_TYPES = {
    ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".webmanifest": "application/manifest+json", ".json": "application/json", ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}  # fmt: skip
NOT_BUILT = "The phone app is not built yet: `make run` builds it. The API is at /api/docs.\n"

pages = Blueprint("pages", __name__)


@pages.get("/")
def home() -> Response:
    """The app."""
    return app_file("index.html")


@pages.get("/<app_path:path>")
def app_file(path: str) -> Response:
    """The file at `path` of the built app; addresses that the app itself knows get its index page."""
    root: Path = current_app.extensions["settings"].web_dist
    file = _inside(root, path) or _of_the_build_before(root, path)
    if file is None and _looks_like_a_file(path):
        raise Problem(404, "not-found")
    file = file or _inside(root, "index.html")
    if file is None:
        return Response(NOT_BUILT, 503, content_type="text/plain; charset=utf-8")
    if file.name == "index.html":
        return _with_its_words(_sent(file, ASK_AGAIN), root)
    return _sent(file, FOR_EVER if path.startswith("assets/") else ASK_AGAIN)


def _with_its_words(page: Response, root: Path) -> Response:
    """Names the words of the browser's language, so that it need not run the app before it asks for them.

    A hint, no content: the answer does not vary by it, for a browser without a network would not find
    what varies with the language among what it keeps.
    """
    language = language_of(request.headers.get("Accept-Language"))
    for words in (root / "assets").glob(f"words-{language}-first-*.js"):
        page.headers["Link"] = f"</assets/{words.name}>; rel=modulepreload"
    return page


class AppPath(PathConverter):
    """Any path but the API's: there a wrong method must stay a 405 that names the right ones."""

    regex = r"(?!api(?:/|$)|problems/)[^/].*?"


def register(app: Flask) -> None:
    """Serve the phone app at every address of `app` that is nothing else."""
    app.url_map.converters["app_path"] = AppPath
    app.register_blueprint(pages)


def _looks_like_a_file(path: str) -> bool:
    return path != "index.html" and (path.startswith("assets/") or "." in path.rpartition("/")[2])


def _of_the_build_before(root: Path, path: str) -> Path | None:
    """Tabs that were open during a deploy go on asking for the files that they were made of."""
    folder, _, name = path.partition("/")
    return _inside(root / "earlier", name) if folder == "assets" else None


def _inside(root: Path, path: str) -> Path | None:
    if "\0" in path:
        return None
    joined = safe_join(str(root), path)
    file = Path(joined) if joined else None
    try:
        return file if file is not None and file.is_file() else None
    except OSError:  # a name that no file system can hold
        return None


def _sent(file: Path, caching: str) -> Response:
    packing, chosen = next(_packed(file), (None, file))
    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    data = chosen.read_bytes()
    response = Response(data, content_type=kind, headers={"Cache-Control": caching})
    response.set_etag(hashlib.blake2b(data, digest_size=16).hexdigest())
    response.vary.add("Accept-Encoding")
    if packing:
        response.headers["Content-Encoding"] = packing
    response.make_conditional(request)
    return response


def _packed(file: Path) -> Iterator[tuple[str, Path]]:
    for name, ending in PACKINGS:
        packed = file.with_name(file.name + ending)
        if request.accept_encodings[name] > 0 and packed.is_file():
            yield name, packed
