"""The notes and decks that a batch of edits is about, read at once and changed as objects."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, or_, select, union_all
from sqlmodel import col
from sqlmodel import select as select_objects

from app.core.errors import Conflict, Missing
from app.core.events import MOST_AHEAD_MS
from app.core.ids import family_of, family_range
from app.db.models import Deck, Exam, Note, decks, exams, notes
from app.services.content import Shape, reshape
from app.services.deck_deletion import delete_deck_with_content, restorable, restore_deck_with_content
from app.services.ledger import Ledger
from app.services.media import name_files, own_files


@dataclass(frozen=True, slots=True)
class EditIn:
    """An edit as the phone sends it, `fields` as plain JSON.

    note create: deck_id, kind, fields, tags · note update: any of fields (only those that change), tags,
    deck_id · deck create and update: name, options, position · exam: its own fields. `at` is
    ms UTC by the device's clock.
    """

    id: UUID
    entity: Literal["note", "deck", "exam"]
    op: Literal["create", "update", "delete", "restore"]
    entity_id: UUID
    base_version: int
    at: int
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Bench:
    """What is being worked on. Cards are brought in line with their notes by `settle`."""

    ledger: Ledger
    random: Callable[[int], bytes]
    notes: dict[UUID, Note]
    decks: dict[UUID, Deck]
    exams: dict[UUID, Exam]
    taken: set[bytes]
    _files: dict[UUID, set[str]] = field(default_factory=dict)
    _shapes: dict[UUID, Shape] = field(default_factory=dict)
    _last_positions: dict[UUID, int] = field(default_factory=dict)

    def note(self, note_id: UUID) -> Note:
        """A note that stands or can come back. Raises Missing("note-missing")."""
        note = self.notes.get(note_id)
        if note is None or not restorable(note.deleted_at, self.ledger.now):
            raise Missing("note-missing")
        return note

    def deck(self, deck_id: UUID) -> Deck:
        """A deck that stands or can come back. Raises Missing("deck-missing")."""
        deck = self.decks.get(deck_id)
        if deck is None or not restorable(deck.deleted_at, self.ledger.now):
            raise Missing("deck-missing")
        return deck

    def exam(self, exam_id: UUID) -> Exam:
        """An exam that stands or can come back. Raises Missing("exam-missing")."""
        exam = self.exams.get(exam_id)
        if exam is None or not restorable(exam.deleted_at, self.ledger.now):
            raise Missing("exam-missing")
        return exam

    def take_id(self, new: UUID) -> None:
        """Take an id for something new, with all that its cards may be called.

        Raises Conflict("id-taken").
        """
        if family_of(new) in self.taken:
            raise Conflict("id-taken")
        self.taken.add(family_of(new))

    def moment(self, edit: EditIn) -> int:
        """When the edit was made: at most five minutes from now, whatever the device's clock says."""
        return min(edit.at, self.ledger.now + MOST_AHEAD_MS)

    def shape(self, shape: Shape) -> None:
        """Remember which cards the note is to have."""
        self._shapes[shape.note_id] = shape

    def mention(self, note_id: UUID, fields: Mapping[str, str]) -> None:
        """Remember which of the learner's own files the note shows."""
        named = {digest for text in fields.values() for digest in own_files(text)}
        if named:
            self._files[note_id] = named

    def settle(self) -> None:
        """Write what was changed so far."""
        self.ledger.session.flush()
        reshape(self.ledger, list(self._shapes.values()))
        self._shapes.clear()
        name_files(self.ledger.session, self.ledger.learner_id, self._files)
        self._files.clear()

    def delete_deck(self, deck: Deck) -> None:
        self.settle()
        delete_deck_with_content(self.ledger, deck)

    def restore_deck(self, deck: Deck) -> None:
        """Bring the deck back when it was deleted."""
        if deck.deleted_at is not None:
            self.settle()
            restore_deck_with_content(self.ledger, deck)

    def next_note_position(self, deck_id: UUID) -> int:
        """The place after the last note of the deck."""
        if deck_id not in self._last_positions:
            self.ledger.session.flush()
            self._last_positions[deck_id] = self._highest(
                select(func.max(notes.c.position)).where(
                    notes.c.learner_id == self.ledger.learner_id, notes.c.deck_id == deck_id
                )
            )
        self._last_positions[deck_id] += 1
        return self._last_positions[deck_id]

    def next_deck_position(self) -> int:
        """The place after the last deck."""
        self.ledger.session.flush()
        return 1 + self._highest(
            select(func.max(decks.c.position)).where(decks.c.learner_id == self.ledger.learner_id)
        )

    def _highest(self, question: Any) -> int:
        found = self.ledger.session.execute(question).scalar_one()
        return -1 if found is None else int(found)


def lay_out(ledger: Ledger, edits: Iterable[EditIn], random: Callable[[int], bytes]) -> Bench:
    """Read all that the edits are about."""
    ids: dict[str, set[UUID]] = {"note": set(), "deck": set(), "exam": set()}
    new_ids: set[UUID] = set()
    for edit in edits:
        if edit.op == "create":
            new_ids.add(edit.entity_id)
        ids[edit.entity].add(edit.entity_id)
        if "deck_id" in edit.fields:
            ids["deck"].add(UUID(str(edit.fields["deck_id"])))
    found = _notes(ledger, list(ids["note"]))
    its_decks = _decks(ledger, list(ids["deck"] | {note.deck_id for note in found.values()}))
    return Bench(ledger, random, found, its_decks, _exams(ledger, list(ids["exam"])), _taken(ledger, new_ids))


def _taken(ledger: Ledger, new_ids: Iterable[UUID]) -> set[bytes]:
    """Which families of the new ids are taken; cards are of the family of their note."""
    ranges = {family_range(new_id) for new_id in new_ids}
    if not ranges:
        return set()
    looks = [
        select(table.c.id).where(
            table.c.learner_id == ledger.learner_id,
            or_(*(table.c.id.between(first, last) for first, last in ranges)),
        )
        for table in (notes, decks, exams)
    ]
    return {family_of(found) for found in ledger.session.execute(union_all(*looks)).scalars()}


def _notes(ledger: Ledger, ids: Sequence[UUID]) -> dict[UUID, Note]:
    if not ids:
        return {}
    question = select_objects(Note).where(Note.learner_id == ledger.learner_id, col(Note.id).in_(ids))
    return {note.id: note for note in ledger.session.exec(question)}


def _decks(ledger: Ledger, ids: Sequence[UUID]) -> dict[UUID, Deck]:
    if not ids:
        return {}
    question = select_objects(Deck).where(Deck.learner_id == ledger.learner_id, col(Deck.id).in_(ids))
    return {deck.id: deck for deck in ledger.session.exec(question)}


def _exams(ledger: Ledger, ids: Sequence[UUID]) -> dict[UUID, Exam]:
    if not ids:
        return {}
    question = select_objects(Exam).where(Exam.learner_id == ledger.learner_id, col(Exam.id).in_(ids))
    return {exam.id: exam for exam in ledger.session.exec(question)}
