"""What an import does to notes that were there: new content, more cards, more history, and a way back."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update

from app.core.events import Event
from app.core.ids import card_id_of, new_id
from app.db.models import cards, import_changes, note_media, note_versions, notes
from app.db.queries import dialect_of, insert_or
from app.db.rows import Fetched
from app.services.content import Shape, reshape, search_text, shape_of, unbury
from app.services.events_in import log_events
from app.services.import_new import events_of_card
from app.services.import_plan import Planned, hash_as
from app.services.ledger import Ledger
from app.services.showing import ANKI

_KEPT: Final = ("kind", "format", "fields", "tags", "content_hash", "note_type_id", "deleted_at")


@dataclass(slots=True)
class Merging:
    """Carries plans out within one transaction."""

    ledger: Ledger
    import_id: UUID
    random: Callable[[int], bytes]
    type_ids: Mapping[str, UUID]

    def apply(self, plans: Sequence[Planned]) -> None:
        """Bring the notes of these plans to what the file says."""
        touched = [plan for plan in plans if plan.touches or plan.act in ("updated", "conflict")]
        if not touched:
            return
        alive = self._alive([_row(plan).id for plan in touched])
        self._remember(touched)
        self._write(touched)
        self._shape(touched, alive)
        self._log(touched)
        self._name_files(touched)

    def _alive(self, note_ids: Sequence[UUID]) -> dict[UUID, set[int]]:
        rows = self.ledger.session.execute(
            select(cards.c.note_id, cards.c.ordinal).where(
                cards.c.learner_id == self.ledger.learner_id,
                cards.c.note_id.in_(note_ids),
                cards.c.deleted_at.is_(None),
            )
        )
        found: dict[UUID, set[int]] = defaultdict(set)
        for row in rows:
            found[row.note_id].add(row.ordinal)
        return found

    def _remember(self, plans: Sequence[Planned]) -> None:
        """What the notes were before, for undo."""
        rows = []
        for plan in plans:
            row = _row(plan)
            before = {name: getattr(row, name) for name in _KEPT}
            before["note_type_id"] = str(row.note_type_id) if row.note_type_id else None
            before["content"] = plan.content
            before["back"] = _comes_back(plan)
            before["version"] = row.version + 1
            before["cards"] = [str(card_id_of(row.id, card.ordinal)) for card in plan.new_cards]
            before["logged"] = [str(card_id) for card_id, _ in plan.new_events]
            rows.append(
                {
                    "learner_id": self.ledger.learner_id,
                    "import_id": self.import_id,
                    "note_id": row.id,
                    "before": before,
                }
            )
        self.ledger.session.execute(insert(import_changes), rows)

    def _write(self, plans: Sequence[Planned]) -> None:
        ledger = self.ledger
        accepted = [
            {"b_id": _row(plan).id, "content_hash": hash_as(_row(plan), plan.note)}
            for plan in plans
            if plan.act == "conflict" and not plan.content
        ]
        if accepted:
            ledger.session.execute(self._one_note(), accepted)
        changed = [plan for plan in plans if plan.content]
        if changed:
            ledger.session.execute(self._one_note(), [self._content(plan) for plan in changed])
            ledger.session.execute(insert(note_versions), [self._past(_row(plan)) for plan in changed])
        back = [_row(plan).id for plan in plans if _comes_back(plan)]
        if back:
            rows = [{"b_id": note_id, "deleted_at": None, "seq": ledger.next_seq()} for note_id in back]
            ledger.session.execute(self._one_note(), rows)
            unbury(ledger, back)

    def _content(self, plan: Planned) -> dict[str, Any]:
        note, row = plan.note, _row(plan)
        return {
            "b_id": row.id,
            "kind": note.kind,
            "format": note.format,
            "fields": note.fields,
            "tags": note.tags,
            "content_hash": hash_as(row, note),
            "search_text": search_text(note.fields, note.tags, note.format),
            "note_type_id": self.type_ids[note.note_type] if note.note_type else None,
            "version": row.version + 1,
            "seq": self.ledger.next_seq(),
        }

    def _past(self, row: Fetched) -> dict[str, Any]:
        return {
            "learner_id": self.ledger.learner_id,
            "id": new_id(self.ledger.now, self.random),
            "note_id": row.id,
            "version": row.version,
            "lost": False,
            "content": {"fields": row.fields, "tags": row.tags, "deck_id": str(row.deck_id)},
            "at": self.ledger.now,
        }

    def _shape(self, plans: Sequence[Planned], alive: Mapping[UUID, set[int]]) -> None:
        """Cards follow from the content; an Anki note also keeps those that it had."""
        shapes = []
        for plan in plans:
            row, note = _row(plan), plan.note
            if not (plan.content or plan.new_cards or _comes_back(plan)):
                continue
            kind, fields = (note.kind, note.fields) if plan.content else (row.kind, row.fields)
            if kind == ANKI:
                ordinals = alive[row.id] | {card.ordinal for card in note.cards}
                shapes.append(Shape(row.id, row.deck_id, row.position, tuple(sorted(ordinals))))
            else:
                shapes.append(shape_of(row.id, row.deck_id, row.position, kind, fields))
        reshape(self.ledger, shapes)

    def _log(self, plans: Sequence[Planned]) -> None:
        logged: list[Event] = []
        for plan in plans:
            for card_id, own in plan.new_events:
                logged += events_of_card(card_id, own, self.import_id, self.ledger.now)
            for card in plan.new_cards:
                card_id = card_id_of(_row(plan).id, card.ordinal)
                logged += events_of_card(card_id, card.events, self.import_id, self.ledger.now)
        standing = self._standing({event.card_id for event in logged})
        log_events(self.ledger, [event for event in logged if event.card_id in standing])

    def _standing(self, card_ids: set[UUID]) -> set[UUID]:
        """Which of these cards there are: a note whose kind is another now may not have all of the file's."""
        if not card_ids:
            return set()
        rows = self.ledger.session.execute(
            select(cards.c.id).where(
                cards.c.learner_id == self.ledger.learner_id, cards.c.id.in_(list(card_ids))
            )
        )
        return set(rows.scalars())

    def _name_files(self, plans: Sequence[Planned]) -> None:
        ledger = self.ledger
        rows = [
            {"learner_id": ledger.learner_id, "note_id": _row(plan).id, "name": name, "hash": digest}
            for plan in plans
            for name, digest in plan.new_media.items()
        ]
        if not rows:
            return
        upsert = insert_or(dialect_of(ledger.session), note_media)
        keys = [note_media.c.learner_id, note_media.c.note_id, note_media.c.name]
        ledger.session.execute(
            upsert.on_conflict_do_update(index_elements=keys, set_={"hash": upsert.excluded.hash}), rows
        )
        told = [
            {"b_id": _row(plan).id, "seq": ledger.next_seq()}
            for plan in plans
            if plan.new_media and not plan.content
        ]
        if told:
            ledger.session.execute(self._one_note(), told)

    def _one_note(self) -> Any:
        mine = (notes.c.learner_id == self.ledger.learner_id) & (notes.c.id == bindparam("b_id"))
        return update(notes).where(mine)


def _row(plan: Planned) -> Fetched:
    if plan.row is None:
        raise ValueError("a new note has no row")
    return plan.row


def _comes_back(plan: Planned) -> bool:
    """Whether the note was deleted by itself; what went with its deck comes back with it."""
    row = _row(plan)
    return row.deleted_at is not None and row.deck_deleted_at is None
