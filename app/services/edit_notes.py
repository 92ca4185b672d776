"""What each kind of edit does to a note.

Each checks first and then changes, so that a refusal changes nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from app.core.errors import Conflict as Clash
from app.core.ids import new_id
from app.db.models import Note, NoteVersion
from app.services.content import Shape, bury, content_hash, search_text, shape_of, unbury
from app.services.edit_bench import Bench, EditIn
from app.services.edit_templated import anki_shape
from app.services.merge import Conflict, Merged, merge
from app.services.showing import ANKI

_FIELD: Final = "fields."


def create_note(bench: Bench, edit: EditIn) -> list[Conflict]:
    """Raises Missing("deck-missing"), Refused("note-invalid"), Conflict("note-exists" | "id-taken")."""
    if edit.entity_id in bench.notes:
        raise Clash("note-exists")
    deck = bench.deck(UUID(str(edit.fields["deck_id"])))
    kind, fields = edit.fields["kind"], dict(edit.fields["fields"])
    tags = list(edit.fields.get("tags") or ())
    shape_of(edit.entity_id, deck.id, 0, kind, fields)
    bench.take_id(edit.entity_id)
    bench.restore_deck(deck)
    position = bench.next_note_position(deck.id)
    note = Note(
        learner_id=bench.ledger.learner_id,
        id=edit.entity_id,
        deck_id=deck.id,
        kind=kind,
        fields=fields,
        tags=tags,
        guid=str(edit.entity_id),
        content_hash=content_hash(kind, fields, tags, None),
        position=position,
        search_text=search_text(fields, tags),
        seq=bench.ledger.next_seq(),
    )
    bench.ledger.session.add(note)
    bench.notes[note.id] = note
    bench.shape(shape_of(note.id, deck.id, position, kind, fields))
    bench.mention(note.id, fields)
    return []


def update_note(bench: Bench, edit: EditIn) -> list[Conflict]:
    """Merge the changes; a note that was deleted meanwhile comes back.

    Raises Missing("note-missing" | "deck-missing"), Refused("note-invalid").
    """
    note = bench.note(edit.entity_id)
    wanted = _parts(edit.fields)
    merged = merge(
        {
            **{_FIELD + name: text for name, text in note.fields.items()},
            "tags": note.tags,
            "deck_id": str(note.deck_id),
        },
        note.stamps,
        note.version,
        wanted=wanted,
        base_version=edit.base_version,
        at=bench.moment(edit),
    )
    fields = note.fields | {
        part.removeprefix(_FIELD): text for part, text in merged.values.items() if part.startswith(_FIELD)
    }
    deck = bench.deck(UUID(merged.values.get("deck_id", str(note.deck_id))))
    shape = _shape(bench, note, fields)
    conflicts = [
        Conflict(note.id, part.removeprefix(_FIELD), kept, other) for part, kept, other in merged.conflicts
    ]
    if note.deleted_at is not None:
        conflicts.append(Conflict(note.id, "deleted", False, True))
    bench.restore_deck(deck)
    if note.deleted_at is not None:
        _revive(bench, note, shape)
    _keep_history(bench, note, merged, edit)
    if merged.values:
        moves = note.deck_id != deck.id
        if moves:
            note.position = bench.next_note_position(deck.id)
            note.guid = f"{note.guid[:27]}~{note.id}"  # the deck it joins may have a note of that guid
        note.fields, note.deck_id = fields, deck.id
        note.tags = merged.values.get("tags", note.tags)
        note.search_text = search_text(fields, note.tags, note.format)
        note.version += 1
        note.seq = bench.ledger.next_seq()
        bench.shape(Shape(note.id, deck.id, note.position, shape.ordinals, moves))
        bench.mention(note.id, fields)
    note.stamps = merged.stamps
    return conflicts


def delete_note(bench: Bench, edit: EditIn) -> list[Conflict]:
    """An edit that the deletion did not know of wins over it. Raises Missing("note-missing")."""
    note = bench.note(edit.entity_id)
    if note.deleted_at is not None:
        return []
    if note.version > edit.base_version:
        return [Conflict(note.id, "deleted", False, True)]
    note.deleted_at = bench.ledger.now
    note.version += 1
    note.seq = bench.ledger.next_seq()
    bury(bench.ledger, "note", [note.id])
    bench.shape(Shape(note.id, note.deck_id, note.position, ()))
    return []


def restore_note(bench: Bench, edit: EditIn) -> list[Conflict]:
    """Bring a deleted note back, and its deck with it. Raises Missing("note-missing" | "deck-missing")."""
    note = bench.note(edit.entity_id)
    deck = bench.deck(note.deck_id)
    bench.restore_deck(deck)
    if note.deleted_at is not None:
        _revive(bench, note, _shape(bench, note, note.fields))
    return []


NOTE_EDITS: Final[Mapping[str, Callable[[Bench, EditIn], list[Conflict]]]] = {
    "create": create_note,
    "update": update_note,
    "delete": delete_note,
    "restore": restore_note,
}


def _shape(bench: Bench, note: Note, fields: Mapping[str, str]) -> Shape:
    """The cards that the note makes of these fields. Raises Refused("note-invalid")."""
    if note.kind != ANKI:
        return shape_of(note.id, note.deck_id, note.position, note.kind, fields)
    return anki_shape(bench.ledger, note, fields)


def _parts(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The edit's changes, each under the name by which it is merged."""
    parts: dict[str, Any] = {_FIELD + name: text for name, text in (fields.get("fields") or {}).items()}
    if fields.get("tags") is not None:
        parts["tags"] = list(fields["tags"])
    if fields.get("deck_id") is not None:
        parts["deck_id"] = str(UUID(str(fields["deck_id"])))
    return parts


def _revive(bench: Bench, note: Note, shape: Shape) -> None:
    note.deleted_at = None
    note.version += 1
    note.seq = bench.ledger.next_seq()
    unbury(bench.ledger, [note.id])
    bench.shape(shape)


def _keep_history(bench: Bench, note: Note, merged: Merged, edit: EditIn) -> None:
    """Write down what the note said before, and what the edit wanted in vain."""
    before = {"fields": dict(note.fields), "tags": list(note.tags), "deck_id": str(note.deck_id)}
    for content, version, lost in ((before, note.version, False), (merged.lost, edit.base_version, True)):
        if merged.lost if lost else merged.values:
            bench.ledger.session.add(
                NoteVersion(
                    learner_id=bench.ledger.learner_id,
                    id=new_id(bench.ledger.now, bench.random),
                    note_id=note.id,
                    version=version,
                    lost=lost,
                    content=content,
                    at=bench.moment(edit),
                )
            )
