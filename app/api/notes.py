"""Notes: search, read, write. A note makes the cards, by its kind."""

from os import urandom
from uuid import UUID

from sqlalchemy import Engine

from app.api.contract import Resource
from app.api.fields import Id, NoteFields, Out, Page, Search, Tags, Version, Wire
from app.api.rows import CardRow, ConflictOut, NoteKind, NoteRow
from app.services import notes
from app.services.identity import Identity

resource = Resource("notes", "Notes")


class NoteQuery(Page):
    """Which notes: of one deck, or holding `q` in a field or tag."""

    deck_id: Id | None = None
    q: Search = ""


class NoteNew(Wire):
    """A note of one's own. Which fields it needs depends on its kind."""

    deck_id: Id
    kind: NoteKind
    fields: NoteFields
    tags: Tags = ()


class NoteChange(Wire):
    """What changes, and the version that it started from: other fields changed meanwhile are kept."""

    base_version: Version
    deck_id: Id | None = None
    fields: NoteFields | None = None
    tags: Tags | None = None


class NoteOut(NoteRow):
    """A note with its cards."""

    cards: list[CardRow]


class NoteList(Out):
    """One page of notes; `next` is the cursor of the page after, null on the last."""

    items: list[NoteRow]
    next: str | None


class NoteChanged(NoteRow):
    """The note as it stands now, and which fields somebody else had changed meanwhile."""

    conflicts: list[ConflictOut]


@resource.on("GET", "/notes", problems={404: ("deck-missing",), 422: ("cursor-invalid",)})
def list_my_notes(caller: Identity, query: NoteQuery, engine: Engine) -> NoteList:
    """Notes in the order of their decks, or those that hold `q`."""
    page = notes.list_notes(
        engine,
        caller.learner_id,
        deck_id=query.deck_id,
        q=query.q or None,
        cursor=query.cursor,
        limit=query.limit,
    )
    return NoteList.model_validate(page)


@resource.on("POST", "/notes", status=201, problems={404: ("deck-missing",), 422: ("note-invalid",)})
def make_note(caller: Identity, body: NoteNew, engine: Engine, now: int) -> NoteOut:
    """Write a note; its kind says which fields it needs and which cards it makes."""
    row = notes.create_note(
        engine,
        caller.learner_id,
        deck_id=body.deck_id,
        kind=body.kind,
        fields=body.fields,
        tags=body.tags,
        now=now,
        random=urandom,
    )
    return _read(engine, caller, row.id)


@resource.on("GET", "/notes/<id>", problems={404: ("note-missing",)})
def read_my_note(caller: Identity, id: Id, engine: Engine) -> NoteOut:
    """One note with its cards."""
    return _read(engine, caller, id)


@resource.on(
    "PATCH",
    "/notes/<id>",
    problems={404: ("note-missing", "deck-missing"), 422: ("note-invalid",)},
)
def change_my_note(caller: Identity, id: Id, body: NoteChange, engine: Engine, now: int) -> NoteChanged:
    """Change a note. What others changed since `base_version` in other fields is kept."""
    changes = notes.NoteChanges(fields=body.fields, tags=body.tags, deck_id=body.deck_id)
    changed = notes.change_note(
        engine, caller.learner_id, id, changes, base_version=body.base_version, now=now, random=urandom
    )
    return NoteChanged(
        **NoteRow.model_validate(changed.note).model_dump(),
        conflicts=[ConflictOut.model_validate(conflict) for conflict in changed.conflicts],
    )


@resource.on("DELETE", "/notes/<id>", problems={404: ("note-missing",)})
def delete_my_note(caller: Identity, id: Id, engine: Engine, now: int) -> None:
    """Delete a note and its cards; their history stays for a restore."""
    notes.delete_note(engine, caller.learner_id, id, now=now, random=urandom)


@resource.on("POST", "/notes/<id>/restore", problems={404: ("note-missing",)})
def restore_my_note(caller: Identity, id: Id, engine: Engine, now: int) -> NoteOut:
    """Bring a deleted note back with the schedules of its cards."""
    notes.restore_note(engine, caller.learner_id, id, now=now, random=urandom)
    return _read(engine, caller, id)


def _read(engine: Engine, caller: Identity, note_id: UUID) -> NoteOut:
    found = notes.read_note(engine, caller.learner_id, note_id)
    return NoteOut(
        **NoteRow.model_validate(found.note).model_dump(),
        cards=[CardRow.model_validate(card) for card in found.cards],
    )
