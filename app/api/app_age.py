"""How old an app may be: one that was off for a year is told to update, instead of being refused act by act.

The phone says in a header which version of the contract it speaks. The number goes up when an older app could
no longer be understood; scripts say nothing and are always heard.
"""

from flask import Flask, request

from app.api.errors import APP_HEADER, Problem

OLDEST = 1


def register(app: Flask) -> None:
    """Refuse apps older than OLDEST at every address of the API."""
    app.before_request(refuse_old_apps)


def refuse_old_apps() -> None:
    """426 for an app that is too old; it keeps all that it has and sends it once it is new."""
    said = request.headers.get(APP_HEADER, "")
    if request.path.startswith("/api/") and said.isascii() and said.isdecimal() and int(said[:9]) < OLDEST:
        raise Problem(426, "app-too-old")
