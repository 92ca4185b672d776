"""Notes that an import changed, put back to what they were; what was edited since stays."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update

from app.core.ids import card_id_of
from app.core.parameters import newest
from app.core.schedule import replay
from app.core.stats import tally
from app.db.models import cards, events, import_changes, notes
from app.db.rows import STATE_FIELDS, Fetched, columns_of
from app.services.content import Shape, bury, reshape, search_text, shape_of
from app.services.day_counts import CountsByDeck, add_counts
from app.services.events_in import last_order_of, read_logs
from app.services.ledger import Ledger
from app.services.showing import ANKI

_AT_ONCE: Final = 500
_NOTE: Final = ("id", "deck_id", "kind", "fields", "position", "version", "deleted_at")


@dataclass(slots=True)
class GoingBack:
    """Undoes, within one transaction, what an import did to notes that were there."""

    ledger: Ledger
    import_id: UUID

    def run(self) -> int:
        """How many notes keep their content because it was edited since."""
        rows = self.ledger.session.execute(
            select(import_changes.c.before, *(notes.c[name] for name in _NOTE))
            .join(
                notes,
                (notes.c.learner_id == import_changes.c.learner_id)
                & (notes.c.id == import_changes.c.note_id),
            )
            .where(
                import_changes.c.learner_id == self.ledger.learner_id,
                import_changes.c.import_id == self.import_id,
            )
            .order_by(notes.c.id)
        ).all()
        return sum(self._some(rows[start : start + _AT_ONCE]) for start in range(0, len(rows), _AT_ONCE))

    def _some(self, rows: Sequence[Fetched]) -> int:
        changed = [row for row in rows if row.before["content"]]
        as_left = [row for row in changed if row.version == row.before["version"]]
        self._restore(as_left)
        told = [
            {"b_id": row.id, "content_hash": row.before["content_hash"]}
            for row in rows
            if not row.before["content"]
        ]
        self._write(told)
        self._shape(rows, {row.id for row in as_left})
        self._unlearn([UUID(card_id) for row in rows for card_id in row.before["logged"]])
        return len(changed) - len(as_left)

    def _restore(self, rows: Sequence[Fetched]) -> None:
        changed = []
        for row in rows:
            was = row.before
            changed.append(
                {
                    "b_id": row.id,
                    **{name: was[name] for name in ("kind", "format", "fields", "tags", "content_hash")},
                    "note_type_id": UUID(was["note_type_id"]) if was["note_type_id"] else None,
                    "search_text": search_text(was["fields"], was["tags"], was["format"]),
                    "version": row.version + 1,
                    "seq": self.ledger.next_seq(),
                }
            )
        self._write(changed)

    def _shape(self, rows: Sequence[Fetched], restored: set[UUID]) -> None:
        """Cards that the import added go, those that it made superfluous are back; so are deleted notes."""
        alive = self._alive([row.id for row in rows])
        shapes, again = [], []
        for row in rows:
            if row.deleted_at is not None:
                continue
            if row.before["back"]:
                again.append(row.id)
            shapes.append(_shape_before(row, alive[row.id], row.id in restored))
        reshape(self.ledger, shapes)
        if again:
            self._write(
                [
                    {"b_id": note_id, "deleted_at": self.ledger.now, "seq": self.ledger.next_seq()}
                    for note_id in again
                ]
            )
            bury(self.ledger, "note", again)

    def _alive(self, note_ids: Sequence[UUID]) -> Mapping[UUID, list[int]]:
        rows = self.ledger.session.execute(
            select(cards.c.note_id, cards.c.ordinal)
            .where(
                cards.c.learner_id == self.ledger.learner_id,
                cards.c.note_id.in_(list(note_ids)),
                cards.c.deleted_at.is_(None),
            )
            .order_by(cards.c.note_id, cards.c.ordinal)
        )
        found: dict[UUID, list[int]] = defaultdict(list)
        for row in rows:
            found[row.note_id].append(row.ordinal)
        return found

    def _unlearn(self, card_ids: Sequence[UUID]) -> None:
        """Take the history back that the import added to cards which were there."""
        ledger = self.ledger
        if not card_ids:
            return
        versions = ledger.parameter_versions()
        before = read_logs(ledger, card_ids)
        ledger.session.execute(
            delete(events).where(
                events.c.learner_id == ledger.learner_id,
                events.c.card_id.in_(card_ids),
                events.c.device_id == self.import_id,
            )
        )
        names = ("id", "deck_id", "deleted_at", *STATE_FIELDS)
        rows = ledger.session.execute(
            select(*(cards.c[name] for name in names)).where(
                cards.c.learner_id == ledger.learner_id, cards.c.id.in_(card_ids)
            )
        ).all()
        counts, changed = CountsByDeck(), []
        for card in rows:
            log = [event for event in before[card.id] if event.device_id != self.import_id]
            counts.take_all(card.deck_id, tally(card.id, before[card.id], versions))
            counts.add_all(card.deck_id, tally(card.id, log, versions))
            state = replay(card.id, log, versions)
            if card.deleted_at is None:
                ledger.count_out(card.id, card)
                ledger.count_in(card.id, state)
            changed.append(
                {
                    "b_id": card.id,
                    **columns_of(state),
                    "last_order": last_order_of(log),
                    "parameters_version": newest(versions).version,
                    "seq": ledger.next_seq(),
                }
            )
        mine = (cards.c.learner_id == ledger.learner_id) & (cards.c.id == bindparam("b_id"))
        ledger.session.execute(update(cards).where(mine), changed)
        add_counts(ledger.connection, ledger.learner_id, counts)

    def _write(self, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            mine = (notes.c.learner_id == self.ledger.learner_id) & (notes.c.id == bindparam("b_id"))
            self.ledger.session.execute(update(notes).where(mine), list(rows))


def _shape_before(row: Fetched, alive: Sequence[int], restored: bool) -> Shape:
    """The cards that a note should have again."""
    if row.before["back"]:
        return Shape(row.id, row.deck_id, row.position, ())
    if restored and row.before["kind"] != ANKI:
        return shape_of(row.id, row.deck_id, row.position, row.before["kind"], row.before["fields"])
    added = {UUID(card_id) for card_id in row.before["cards"]}
    kept = tuple(ordinal for ordinal in alive if card_id_of(row.id, ordinal) not in added)
    return Shape(row.id, row.deck_id, row.position, kept)
