"""The plain cases of an import: notes that the learner has not at all, or has just so.

Most files hold no other. They are told from few columns, as the driver has them; everything else is for
`app.services.import_plan`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, or_, select
from sqlmodel import Session

from app.db.models import cards, decks, events, notes
from app.db.queries import dialect_of
from app.db.rows import rows_as_stored
from app.db.types import as_stored, bytes_from, stored
from app.services.content import content_hash
from app.services.import_files import StagedNote
from app.services.import_names import event_id, media_of

PlainAct = Literal["new", "unchanged"]
HIDDEN: Final = 2**62
"""`deleted_at` of what an import is still writing: nobody sees it, and nothing can bring it back."""

IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)
MET_BY_GUID: Final = (
    notes.c.learner_id == bindparam("learner"),
    notes.c.guid.in_(IDS),
    or_(notes.c.deleted_at.is_(None), notes.c.deleted_at < HIDDEN),
)
_MET: Final = (
    select(
        notes.c.guid,
        as_stored(notes.c.id),
        as_stored(notes.c.deck_id),
        as_stored(notes.c.note_type_id),
        notes.c.content_hash,
        notes.c.source.is_(None) & notes.c.deleted_at.is_(None) & decks.c.deleted_at.is_(None),
    )
    .join(decks, (decks.c.learner_id == notes.c.learner_id) & (decks.c.id == notes.c.deck_id))
    .where(*MET_BY_GUID)
)
_STANDING: Final = select(as_stored(cards.c.note_id), cards.c.ordinal, as_stored(cards.c.id)).where(
    cards.c.learner_id == bindparam("learner"),
    as_stored(cards.c.note_id).in_(IDS),
    cards.c.deleted_at.is_(None),
)
_LOGGED: Final = select(as_stored(events.c.id)).where(
    events.c.learner_id == bindparam("learner"), as_stored(events.c.id).in_(IDS)
)
_IDS_AT_ONCE: Final = 5_000


@dataclass(slots=True)
class PlainCases:
    """`deck_ids` and `type_ids` are the learner's, by the file's keys; `media` are hashes by name."""

    learner_id: UUID
    deck_ids: Mapping[str, UUID]
    type_ids: Mapping[str, UUID]
    media: Mapping[str, str]

    def acts(self, session: Session, run: Sequence[StagedNote]) -> list[PlainAct | None]:
        """What becomes of each note of the run, None where it is no plain case."""
        met: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for row in self._rows(session, _MET, [note.guid for note in run]):
            met[row[0]].append(row)
        if not met:
            return ["new"] * len(run)
        same = self._same(run, met, dialect_of(session))
        its_cards: dict[Any, dict[int, Any]] = defaultdict(dict)
        for note_id, ordinal, card_id in self._rows(session, _STANDING, list(same.values())):
            its_cards[note_id][ordinal] = card_id
        wanted = {
            place: ids
            for place, note_id in same.items()
            if (ids := _ids_of_history(run[place], its_cards[note_id])) is not None
        }
        known = self._logged(session, [each for ids in wanted.values() for each in ids])
        unchanged = {place for place, ids in wanted.items() if known.issuperset(ids)}
        return [
            "unchanged" if place in unchanged else None if note.guid in met else "new"
            for place, note in enumerate(run)
        ]

    def _same(
        self, run: Sequence[StagedNote], met: Mapping[str, Sequence[tuple[Any, ...]]], dialect: str
    ) -> dict[int, Any]:
        """The learner's notes that stand and say what the file says: their ids by place in the run."""
        decks_here = {key: stored(deck_id, dialect) for key, deck_id in self.deck_ids.items()}
        types_here = {key: stored(type_id, dialect) for key, type_id in self.type_ids.items()}
        found = {}
        for place, note in enumerate(run):
            rows = met.get(note.guid, ())
            if len(rows) != 1:
                continue
            _, note_id, deck_id, type_id, said, stands = rows[0]
            if (
                stands
                and not (note.scoped and deck_id != decks_here.get(note.deck))
                and not (note.note_type and type_id != types_here[note.note_type])
                and content_hash(note.kind, note.fields, note.tags, None) == said
                and not media_of(note.fields, self.media)
            ):
                found[place] = note_id
        return found

    def _logged(self, session: Session, ids: Sequence[UUID]) -> set[UUID]:
        dialect = dialect_of(session)
        return {
            UUID(bytes=bytes_from(row[0]))
            for start in range(0, len(ids), _IDS_AT_ONCE)
            for row in self._rows(
                session, _LOGGED, [stored(each, dialect) for each in ids[start : start + _IDS_AT_ONCE]]
            )
        }

    def _rows(self, session: Session, question: Any, ids: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
        return rows_as_stored(session, question, {"learner": self.learner_id, "ids": ids}) if ids else ()


def _ids_of_history(note: StagedNote, had: Mapping[int, Any]) -> list[UUID] | None:
    """The ids of all events of the note's cards; None where one of these cards is not there."""
    ids = []
    for card in note.cards:
        card_id = had.get(card.ordinal)
        if card_id is None:
            return None
        if card.events:
            own = UUID(bytes=bytes_from(card_id))
            ids += [event_id(own, event) for event in card.events]
    return ids
