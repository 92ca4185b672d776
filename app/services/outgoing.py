"""The notes of some decks as a stream of drafts, with cards, history and media, page by page."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlmodel import Session

from app.core.deck_options import InForce
from app.core.events import Event
from app.core.schedule import effective_log
from app.db.models import cards, events, media, note_media, note_types, notes
from app.db.rows import CARD_COLUMNS, EVENT_COLUMNS, NOTE_COLUMNS, CardRow, DeckRow, NoteRow, event_of
from app.formats.drafts import (
    CardDraft,
    EventDraft,
    ImportedDeck,
    ImportedNote,
    NoteTypeDraft,
    StateDraft,
)
from app.formats.media_types import ending_of
from app.services.showing import read_types

NOTES_A_PAGE: Final = 500
NEW: Final = StateDraft()


def outgoing_deck(deck: DeckRow, options: Mapping[str, InForce]) -> ImportedDeck:
    """A deck with those options that other programs know too, as they count: the others inherit nothing."""
    return ImportedDeck(
        str(deck.id),
        deck.name,
        new_per_day=options["new_per_day"].value,
        reviews_per_day=options["reviews_per_day"].value,
        desired_retention=options["desired_retention"].value,
    )


class OwnFile(NamedTuple):
    """A file that a note asks for by `name`; one of the learner's own is named by its hash."""

    name: str
    hash: str
    ending: str


@dataclass(slots=True)
class Outgoing:
    """What leaves with the notes: note types known beforehand, media found as the notes pass.

    Two imports may have called different files alike; then the later note's file gets another name.
    `packed`: the files leave too, so a learner's own ones, which have no name but their hash, get an ending.
    """

    session: Session
    learner_id: UUID
    history: bool
    packed: bool = False
    media: dict[str, str] = field(default_factory=dict)  # hash by name
    _keys: dict[UUID, str] = field(default_factory=dict)

    def note_types(self) -> list[NoteTypeDraft]:
        """All note types of the learner, each under a key of its own."""
        ids = self.session.execute(
            select(note_types.c.id)
            .where(note_types.c.learner_id == self.learner_id)
            .order_by(note_types.c.id)
        ).scalars()
        found = read_types(self.session, self.learner_id, list(ids))
        for type_id, known in found.items():
            taken = known.draft.key in self._keys.values()
            self._keys[type_id] = f"{known.draft.key}-{type_id}" if taken else known.draft.key
            self.media.update(known.media)
        return [replace(known.draft, key=self._keys[type_id]) for type_id, known in found.items()]

    def notes(self, decks: Sequence[DeckRow]) -> Iterator[ImportedNote]:
        """The notes of the decks, in their order. Without history every card is new."""
        for deck in decks:
            for page in note_rows(self.session, self.learner_id, deck.id):
                yield from self._page(page)

    def _page(self, page: Sequence[NoteRow]) -> Iterator[ImportedNote]:
        ids = [note.id for note in page]
        by_note = _cards(self.session, self.learner_id, ids)
        card_ids = [card.id for own in by_note.values() for card in own]
        logs = _logs(self.session, self.learner_id, card_ids) if self.history else {}
        files = files_of(self.session, self.learner_id, ids)
        for note in page:
            key = self._keys.get(note.note_type_id, "") if note.note_type_id else ""
            made = _note(note, by_note[note.id], logs, self.history, key)
            yield replace(made, fields=self._named(made.fields, files.get(note.id, ()), made.format))

    def _named(self, fields: dict[str, str], files: Iterable[OwnFile], form: str) -> dict[str, str]:
        """The fields with the names under which their files leave."""
        for name, digest, ending in files:
            if self.packed and name == digest:
                leaves = f"{digest}.{ending}"
                self.media[leaves] = digest
                shown = leaves if form == "html" else f"media/{leaves}"
                fields = {key: value.replace(f"media/{digest}", shown) for key, value in fields.items()}
                continue
            leaves = name if self.media.setdefault(name, digest) == digest else f"{digest[:8]}-{name}"
            self.media[leaves] = digest
            if leaves != name:
                fields = {key: value.replace(name, leaves) for key, value in fields.items()}
        return fields


def note_rows(session: Session, learner_id: UUID, deck_id: UUID) -> Iterator[list[NoteRow]]:
    """The live notes of a deck in their order, so many at a time that memory does not grow with the deck."""
    mine = (notes.c.learner_id == learner_id) & (notes.c.deck_id == deck_id) & notes.c.deleted_at.is_(None)
    place = (-1, UUID(int=0))
    while True:
        found = session.execute(
            select(*NOTE_COLUMNS, notes.c.position)
            .where(mine, tuple_(notes.c.position, notes.c.id) > place)
            .order_by(notes.c.position, notes.c.id)
            .limit(NOTES_A_PAGE)
        ).all()
        if not found:
            return
        yield [NoteRow(*row[:-1]) for row in found]
        place = (found[-1].position, found[-1].id)


def _cards(session: Session, learner_id: UUID, note_ids: Sequence[UUID]) -> dict[UUID, list[CardRow]]:
    rows = session.execute(
        select(*CARD_COLUMNS)
        .where(cards.c.learner_id == learner_id, cards.c.note_id.in_(note_ids), cards.c.deleted_at.is_(None))
        .order_by(cards.c.note_id, cards.c.ordinal)
    )
    found: dict[UUID, list[CardRow]] = defaultdict(list)
    for row in rows:
        card = CardRow(*row)
        found[card.note_id].append(card)
    return found


def _logs(session: Session, learner_id: UUID, card_ids: Sequence[UUID]) -> dict[UUID, list[Event]]:
    rows = session.execute(
        select(*EVENT_COLUMNS).where(events.c.learner_id == learner_id, events.c.card_id.in_(card_ids))
    )
    found: dict[UUID, list[Event]] = defaultdict(list)
    for row in rows:
        event = event_of(row)
        found[event.card_id].append(event)
    return found


def files_of(session: Session, learner_id: UUID, note_ids: Sequence[UUID]) -> dict[UUID, list[OwnFile]]:
    """What these notes show and play, by note."""
    rows = session.execute(
        select(note_media.c.note_id, note_media.c.name, note_media.c.hash, media.c.type)
        .join(media, (media.c.learner_id == note_media.c.learner_id) & (media.c.hash == note_media.c.hash))
        .where(note_media.c.learner_id == learner_id, note_media.c.note_id.in_(note_ids))
        .order_by(note_media.c.note_id, note_media.c.name)
    )
    found: dict[UUID, list[OwnFile]] = defaultdict(list)
    for note_id, name, digest, kind in rows:
        found[note_id].append(OwnFile(name, digest, ending_of(kind)))
    return found


def shows_anything(session: Session, learner_id: UUID, deck_ids: Sequence[UUID]) -> bool:
    """Whether a note of these decks has a picture or sound."""
    question = (
        select(note_media.c.note_id)
        .join(notes, (notes.c.learner_id == note_media.c.learner_id) & (notes.c.id == note_media.c.note_id))
        .where(
            note_media.c.learner_id == learner_id, notes.c.deck_id.in_(deck_ids), notes.c.deleted_at.is_(None)
        )
    )
    return session.execute(question.limit(1)).first() is not None


def _note(
    note: NoteRow, own: Sequence[CardRow], logs: dict[UUID, list[Event]], history: bool, note_type: str
) -> ImportedNote:
    return ImportedNote(
        note.guid,
        note.kind,  # type: ignore[arg-type]
        note.fields,
        str(note.deck_id),
        "html" if note.format == "html" else "text",
        tuple(note.tags),
        note_type,
        tuple(
            CardDraft(
                card.ordinal,
                str(card.deck_id),
                card.position,
                _state(card) if history else NEW,
                tuple(map(_event, effective_log(logs.get(card.id, ())))),
            )
            for card in own
        ),
    )


def _state(card: CardRow) -> StateDraft:
    due, last = card.due_day, card.last_day
    return StateDraft(
        card.phase,
        card.stability,
        card.difficulty,
        due,
        card.due_at,
        last,
        max(due - last, 0) if due is not None and last is not None else 0,
        card.reps,
        card.lapses,
        card.suspended,
        card.buried_until,
        card.flag,
    )


def _event(event: Event) -> EventDraft:
    return EventDraft(
        str(event.id), event.kind, event.effective_at, event.day, event.rating, event.duration_ms, event.data
    )
