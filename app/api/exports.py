"""Taking decks out."""

from typing import Literal

from flask import current_app
from sqlalchemy import Engine

from app.api.contract import Download, Resource
from app.api.fields import Id, Query
from app.services.export_decks import export_decks
from app.services.identity import Identity

resource = Resource("exports", "Exports")
CONTENT_TYPES = (
    "application/octet-stream",
    "application/zip",
    "application/json",
    "text/csv",
    "text/markdown",
    "text/plain",
)


class ExportQuery(Query):
    """`deck_id`: only that deck and those below it. `history`: packages carry reviews and due days."""

    format: Literal["apkg", "apkg-legacy", "csv", "anki-text", "markdown", "json"] = "apkg"
    deck_id: Id | None = None
    history: Literal["true", "false"] = "true"


@resource.on("GET", "/exports", problems={404: ("deck-missing",)}, content_types=CONTENT_TYPES)
def export_my_decks(caller: Identity, query: ExportQuery, engine: Engine, now: int) -> Download:
    """Decks as a file: Anki package (newer or older Anki), CSV, Anki text, deck file or JSON."""
    made = export_decks(
        engine,
        current_app.extensions["settings"].data,
        caller.learner_id,
        query.format,
        deck_id=query.deck_id,
        history=query.history == "true",
        now=now,
    )
    return Download(made.pieces, made.filename, made.content_type)
