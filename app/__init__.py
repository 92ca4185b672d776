"""Wengu: spaced-repetition flashcards for certification exams."""

from typing import TYPE_CHECKING

from app.core.garbage import uncollected

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings

__version__ = "0.1.0"


def create_app(settings: "Settings") -> "Flask":
    """The web application: engine, blueprints, errors, CLI; it opens no connection before the first request.

    What it is made of is imported here: the package stands above the pure core, which must not load the web.
    """
    with uncollected():
        from flask import Flask
        from werkzeug.middleware.proxy_fix import ProxyFix

        from app.api import blueprints
        from app.db.engine import make_engine

    app = Flask(__name__, static_folder=None)
    app.extensions["engine"] = make_engine(settings)
    app.extensions["settings"] = settings
    blueprints.register(app, settings)
    if settings.trust_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return app
