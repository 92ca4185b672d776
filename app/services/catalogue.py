"""The decks that come with the service, and adding one: a merge by guid, like any import."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, bindparam, func, insert, select, update
from sqlmodel import select as select_objects

from app.core.errors import Missing
from app.core.ids import new_id
from app.core.notes import DeckDraft, NoteDraft, faces
from app.db.engine import reading
from app.db.models import Deck, decks, note_versions, notes
from app.db.rows import DeckRow, Fetched
from app.formats.markdown import read_deck
from app.services.content import (
    NewNote,
    Shape,
    add_notes,
    content_hash,
    reshape,
    search_text,
    shape_of,
    source_json,
)
from app.services.deck_deletion import restorable, restore_deck_with_content
from app.services.exam_wakening import ask_for_plan
from app.services.ledger import Ledger, changing
from app.services.one_edit import standing_deck


@dataclass(frozen=True, slots=True)
class AddedDeck:
    deck_id: UUID
    version: str | None


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """`added` is the learner's copy with the version it stands at, None when they have none."""

    slug: str
    name: str
    description: str
    language: str
    version: str
    notes: int
    cards: int
    added: AddedDeck | None


@dataclass(frozen=True, slots=True)
class Merged:
    """What adding or updating did. `kept` are the guids whose notes the learner had edited: theirs stay."""

    deck: DeckRow
    added: int
    updated: int
    kept: list[str]


def shipped_decks(folder: Path) -> Sequence[DeckDraft]:
    """The decks of a folder by place and slug, read once and again when a file changes.

    Raises DeckSyntaxError.
    """
    files = sorted(folder.glob("*.md"))
    return _read_folder(tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in files))


@lru_cache(maxsize=4)
def _read_folder(files: tuple[tuple[Path, int, int], ...]) -> Sequence[DeckDraft]:
    drafts = [read_deck(path.read_text("utf-8")) for path, _, _ in files]
    return tuple(sorted(drafts, key=lambda draft: (draft.place, draft.slug)))


def list_catalogue(engine: Engine, learner_id: UUID, shipped: Sequence[DeckDraft]) -> list[CatalogueItem]:
    """What there is, and what the learner has of it."""
    with reading(engine) as session:
        rows = session.execute(
            select(decks.c.slug, decks.c.id, decks.c.origin_version).where(
                decks.c.learner_id == learner_id,
                decks.c.origin == "shipped",
                decks.c.deleted_at.is_(None),
            )
        )
        had = {row.slug: AddedDeck(row.id, row.origin_version) for row in rows}
    return [
        CatalogueItem(
            slug=draft.slug,
            name=draft.name,
            description=draft.description,
            language=draft.language,
            version=str(draft.version),
            notes=len(draft.notes),
            cards=sum(len(faces(note.kind, note.fields)) for note in draft.notes),
            added=had.get(draft.slug),
        )
        for draft in shipped
    ]


def add_deck(
    engine: Engine,
    learner_id: UUID,
    shipped: Sequence[DeckDraft],
    slug: str,
    *,
    now: int,
    random: Callable[[int], bytes],
) -> Merged:
    """Copy a shipped deck into the learner's space, or bring their copy to the shipped version.

    A deck that they deleted comes back; notes that they deleted stay deleted, and notes that the new version
    no longer has stay theirs. Raises Missing("shipped-deck-missing").
    """
    draft = next((draft for draft in shipped if draft.slug == slug), None)
    if draft is None:
        raise Missing("shipped-deck-missing")
    with changing(engine, learner_id, now) as ledger:
        merged = merge_deck(ledger, draft, random)
        ask_for_plan(ledger, random)
        return merged


def merge_deck(ledger: Ledger, draft: DeckDraft, random: Callable[[int], bytes]) -> Merged:
    """Bring the learner's copy of the deck to the draft, note by note."""
    deck = copy_of(ledger, draft.slug)
    if deck is None:
        deck = _new_deck(ledger, draft, random)
    elif deck.deleted_at is not None:
        restore_deck_with_content(ledger, deck)
    had = _notes_by_guid(ledger, deck.id)
    new = [
        _new_note(ledger, note, place, random)
        for place, note in enumerate(draft.notes)
        if note.guid not in had
    ]
    add_notes(ledger, deck.id, new)
    changed = [
        note for note in draft.notes if note.guid in had and _hash(note) != had[note.guid].content_hash
    ]
    kept = [note.guid for note in changed if _edited(had[note.guid])]
    updated = [note for note in changed if not _edited(had[note.guid])]
    _update_notes(ledger, updated, had, random)
    _accept(ledger, [note for note in changed if note.guid in set(kept)], had)
    if deck.origin_version != str(draft.version):
        deck.origin_version = str(draft.version)
        deck.name = deck.name if "name" in deck.stamps else draft.name
        deck.version += 1
        deck.seq = ledger.next_seq()
    ledger.session.flush()
    return Merged(standing_deck(ledger, deck.id), len(new), len(updated), kept)


def copy_of(ledger: Ledger, slug: str) -> Deck | None:
    """The learner's copy, rather a standing one than one deleted lately."""
    found = ledger.session.exec(
        select_objects(Deck).where(
            Deck.learner_id == ledger.learner_id, Deck.slug == slug, Deck.origin == "shipped"
        )
    ).all()
    usable = [deck for deck in found if restorable(deck.deleted_at, ledger.now)]
    return min(usable, key=lambda deck: (deck.deleted_at is not None, -(deck.deleted_at or 0)), default=None)


def _new_deck(ledger: Ledger, draft: DeckDraft, random: Callable[[int], bytes]) -> Deck:
    highest = ledger.session.execute(
        select(func.max(decks.c.position)).where(decks.c.learner_id == ledger.learner_id)
    ).scalar_one()
    deck = Deck(
        learner_id=ledger.learner_id,
        id=new_id(ledger.now, random),
        name=draft.name,
        slug=draft.slug,
        origin="shipped",
        origin_version=str(draft.version),
        position=0 if highest is None else highest + 1,
        seq=ledger.next_seq(),
    )
    ledger.session.add(deck)
    ledger.session.flush()
    return deck


def _notes_by_guid(ledger: Ledger, deck_id: UUID) -> dict[str, Fetched]:
    names = (
        "id",
        "guid",
        "kind",
        "fields",
        "tags",
        "source",
        "content_hash",
        "position",
        "version",
        "deleted_at",
        "deck_id",
    )
    rows = ledger.session.execute(
        select(*(notes.c[name] for name in names)).where(
            notes.c.learner_id == ledger.learner_id, notes.c.deck_id == deck_id
        )
    )
    return {row.guid: row for row in rows}


def _new_note(ledger: Ledger, note: NoteDraft, place: int, random: Callable[[int], bytes]) -> NewNote:
    return NewNote(
        id=new_id(ledger.now, random),
        kind=note.kind,
        fields=note.fields,
        tags=note.tags,
        guid=note.guid,
        source=source_json(note.source),
        position=place,
    )


def _hash(note: NoteDraft) -> str:
    return content_hash(note.kind, note.fields, note.tags, source_json(note.source))


def _edited(row: Fetched) -> bool:
    """Whether the note says something else than its origin did."""
    said: str = row.content_hash
    return content_hash(row.kind, row.fields, row.tags, row.source) != said


def _update_notes(
    ledger: Ledger, drafts: Sequence[NoteDraft], had: dict[str, Fetched], random: Callable[[int], bytes]
) -> None:
    """Put the drafts' content in place of what stood; what stood goes to the notes' history."""
    if not drafts:
        return
    rows: list[dict[str, Any]] = []
    past: list[dict[str, Any]] = []
    shapes: list[Shape] = []
    for draft in drafts:
        row = had[draft.guid]
        rows.append(
            {
                "b_id": row.id,
                "kind": draft.kind,
                "fields": draft.fields,
                "tags": list(draft.tags),
                "source": source_json(draft.source),
                "content_hash": _hash(draft),
                "search_text": search_text(draft.fields, draft.tags),
                "version": row.version + 1,
                "seq": ledger.next_seq(),
            }
        )
        content = {"fields": row.fields, "tags": row.tags, "deck_id": str(row.deck_id)}
        past.append(
            {
                "learner_id": ledger.learner_id,
                "id": new_id(ledger.now, random),
                "note_id": row.id,
                "version": row.version,
                "lost": False,
                "content": content,
                "at": ledger.now,
            }
        )
        if row.deleted_at is None:
            shapes.append(shape_of(row.id, row.deck_id, row.position, draft.kind, draft.fields))
    ledger.session.execute(_one_note(ledger), rows)
    ledger.session.execute(insert(note_versions), past)
    reshape(ledger, shapes)


def _accept(ledger: Ledger, drafts: Sequence[NoteDraft], had: dict[str, Fetched]) -> None:
    """Remember what the origin says now of notes that keep the learner's words: it is told only once."""
    rows = [{"b_id": had[draft.guid].id, "content_hash": _hash(draft)} for draft in drafts]
    if rows:
        ledger.session.execute(_one_note(ledger), rows)


def _one_note(ledger: Ledger) -> Any:
    return update(notes).where(notes.c.learner_id == ledger.learner_id, notes.c.id == bindparam("b_id"))
