"""What becomes of each note of an import: compared with what the learner has, as the origin last gave it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Session

from app.core.notes import faces
from app.db.models import cards, decks, events, note_media, notes
from app.db.rows import Fetched
from app.formats.light_html import as_html, as_plain_html
from app.services.content import content_hash
from app.services.deck_deletion import restorable
from app.services.import_files import StagedCard, StagedEvent, StagedNote
from app.services.import_known import known_acts
from app.services.import_names import asks_for_files, event_id, media_of
from app.services.import_plain import IDS, MET_BY_GUID, PlainCases
from app.services.showing import ANKI

Act = Literal["new", "updated", "unchanged", "conflict", "deleted"]
NOTES_AT_ONCE: Final = 1_000
_COLUMNS: Final = [
    notes.c[name]
    for name in (
        "id", "deck_id", "guid", "kind", "format", "fields", "tags", "source", "content_hash", "position",
        "version", "deleted_at", "note_type_id",
    )
]  # fmt: skip
_BY_GUID: Final = (
    select(*_COLUMNS, decks.c.name.label("deck_name"), decks.c.deleted_at.label("deck_deleted_at"))
    .join(decks, (decks.c.learner_id == notes.c.learner_id) & (decks.c.id == notes.c.deck_id))
    .where(*MET_BY_GUID)
)
_CARDS: Final = select(cards.c.id, cards.c.note_id, cards.c.ordinal, cards.c.deleted_at).where(
    cards.c.learner_id == bindparam("learner"), cards.c.note_id.in_(IDS)
)
_EVENTS: Final = select(events.c.id).where(events.c.learner_id == bindparam("learner"), events.c.id.in_(IDS))
_MEDIA: Final = select(note_media.c.note_id, note_media.c.name, note_media.c.hash).where(
    note_media.c.learner_id == bindparam("learner"), note_media.c.note_id.in_(IDS)
)


KEPT, NEW, MET = range(3)
"""Marks of notes: nothing to be done, all of it new, or to be looked at again when it is stored."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the learner wants where the file and their own collection differ."""

    take_theirs: bool = False
    restore_deleted: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)  # note id -> "keep" | "take"

    def takes(self, note_id: UUID) -> bool:
        """Whether the file's version of an edited note replaces the learner's."""
        choice = self.choices.get(str(note_id))
        return choice == "take" if choice else self.take_theirs


@dataclass(frozen=True, slots=True)
class Planned:
    """One note of the file: what is to be done, and the row that it met.

    `content` says that the row's content changes; `new_cards` and `new_events` (by card) come to it. For a
    new note `new_cards` are all of its cards.
    """

    note: StagedNote
    act: Act
    row: Fetched | None = None
    content: bool = False
    new_cards: Sequence[StagedCard] = ()
    new_events: Sequence[tuple[UUID, Sequence[StagedEvent]]] = ()
    new_media: Mapping[str, str] = field(default_factory=dict)

    @property
    def touches(self) -> bool:
        """Whether anything of a note that was there changes."""
        return self.row is not None and bool(
            self.content or self.new_cards or self.new_events or self.new_media
        )

    @property
    def mark(self) -> int:
        """What the preview can say for good, as long as nothing of the learner's changes."""
        if self.act == "new":
            return NEW
        away = self.row is not None and self.row.deck_deleted_at is not None
        settled = self.act in ("unchanged", "deleted") and not away and not asks_for_files(self.note.fields)
        return KEPT if settled else MET


@dataclass(slots=True)
class Planner:
    """Compares runs of notes with the database. `deck_ids` are the learner's decks by name."""

    session: Session
    learner_id: UUID
    now: int
    wishes: Wishes
    deck_names: Mapping[str, str]  # of the file, by key
    deck_ids: Mapping[str, UUID]
    type_ids: Mapping[str, UUID]  # of the file's note types, by key
    media: Mapping[str, str] = field(default_factory=dict)  # hash by name
    _plain: PlainCases = field(init=False)

    def __post_init__(self) -> None:
        of_file = {key: self.deck_ids[name] for key, name in self.deck_names.items() if name in self.deck_ids}
        self._plain = PlainCases(self.learner_id, of_file, self.type_ids, self.media)

    def plan(self, run: Sequence[StagedNote]) -> list[Planned]:
        """What is to be done with each note of the run."""
        plain = self._plain.acts(self.session, run)
        rest = self._compared([note for note, act in zip(run, plain, strict=True) if act is None])
        return [
            Planned(note, "new", new_cards=note.cards)
            if act == "new"
            else Planned(note, "unchanged")
            if act == "unchanged"
            else next(rest)
            for note, act in zip(run, plain, strict=True)
        ]

    def _compared(self, run: Sequence[StagedNote]) -> Iterator[Planned]:
        found: dict[str, list[Fetched]] = defaultdict(list)
        for row in self._rows(_BY_GUID, [note.guid for note in run]):
            found[row.guid].append(row)
        met = [self._match(note, found.get(note.guid, ())) for note in run]
        ids = [row.id for row in met if row is not None]
        its_cards: dict[UUID, dict[int, UUID]] = defaultdict(dict)
        gone: dict[UUID, set[int]] = defaultdict(set)
        for card in self._rows(_CARDS, ids):
            its_cards[card.note_id][card.ordinal] = card.id
            if card.deleted_at is not None:
                gone[card.note_id].add(card.ordinal)
        known = self._known_events(run, met, its_cards)
        files = self._files(ids)
        for note, own in zip(run, met, strict=True):
            if own is None:
                yield Planned(note, "new", new_cards=note.cards)
                continue
            missing = _missing(note, own, its_cards[own.id], gone[own.id])
            yield self._planned(note, own, its_cards[own.id], missing, known, files[own.id])

    def _rows(self, question: Any, ids: Sequence[Any]) -> Iterable[Fetched]:
        if not ids:
            return ()
        rows: Iterable[Fetched] = self.session.execute(
            question, {"learner": self.learner_id, "ids": list(ids)}
        )
        return rows

    def _match(self, note: StagedNote, rows: Iterable[Fetched]) -> Fetched | None:
        """The learner's own version of the note: rather in its deck, rather standing."""
        deck_id = self.deck_ids.get(self.deck_names[note.deck])
        usable = [
            row
            for row in rows
            if restorable(row.deck_deleted_at, self.now) and (not note.scoped or row.deck_id == deck_id)
        ]
        return min(usable, key=lambda row: (row.deck_id != deck_id, row.deleted_at is not None), default=None)

    def _known_events(
        self,
        run: Sequence[StagedNote],
        met: Sequence[Fetched | None],
        its_cards: Mapping[UUID, Mapping[int, UUID]],
    ) -> set[UUID]:
        histories = {
            its_cards[row.id][card.ordinal]: card.events
            for note, row in zip(run, met, strict=True)
            if row is not None
            for card in note.cards
            if card.events and card.ordinal in its_cards[row.id]
        }
        wanted = [event_id(card_id, event) for card_id, own in histories.items() for event in own]
        logged = {
            row.id
            for start in range(0, len(wanted), 5_000)
            for row in self._rows(_EVENTS, wanted[start : start + 5_000])
        }
        return logged | known_acts(self.session, self.learner_id, histories, logged)

    def _files(self, ids: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
        found: dict[UUID, dict[str, str]] = defaultdict(dict)
        if self.media:
            for row in self._rows(_MEDIA, ids):
                found[row.note_id][row.name] = row.hash
        return found

    def _planned(
        self,
        note: StagedNote,
        row: Fetched,
        had: Mapping[int, UUID],
        missing: Sequence[StagedCard],
        known: set[UUID],
        files: Mapping[str, str],
    ) -> Planned:
        went_with_deck = row.deck_deleted_at is not None and row.deck_deleted_at == row.deleted_at
        if row.deleted_at is not None and not went_with_deck and not self.wishes.restore_deleted:
            return Planned(note, "deleted", row)
        fresh = [
            (had[card.ordinal], tuple(e for e in card.events if event_id(had[card.ordinal], e) not in known))
            for card in note.cards
            if card.ordinal in had
        ]
        more = Planned(
            note,
            "unchanged",
            row,
            new_cards=missing,
            new_events=tuple((card_id, own) for card_id, own in fresh if own),
            new_media={
                name: digest
                for name, digest in media_of(note.fields, self.media).items()
                if files.get(name) != digest
            },
        )
        return self._judged(more, row)

    def _judged(self, more: Planned, row: Fetched) -> Planned:
        """The plan with what happens to the content of a note that was there."""
        note = more.note
        hers, said = hash_as(row, note), row.content_hash
        back = row.deleted_at is not None and row.deck_deleted_at is None
        retyped = bool(note.note_type) and row.note_type_id != self.type_ids[note.note_type]
        if not retyped and (hers == said or _says_the_same(row, note)):
            return _as(more, "updated", content=False) if back or more.touches else more
        edited = content_hash(row.kind, row.fields, row.tags, row.source) != said
        if edited and not self.wishes.takes(row.id):
            return _as(more, "conflict", content=False)
        return _as(more, "conflict" if edited else "updated", content=True)


def _missing(
    note: StagedNote, row: Fetched, had: Mapping[int, UUID], gone: set[int]
) -> tuple[StagedCard, ...]:
    """Cards of the file that the learner's note lacks, though its content would make them."""
    lacking = gone if row.deck_deleted_at is None and row.deleted_at is None else set()
    if lacking and row.kind != ANKI:
        lacking = lacking & {face.ordinal for face in faces(row.kind, row.fields)}
    # What a card that was there has lived through comes as new events of it.
    return tuple(
        replace(card, events=()) if card.ordinal in had else card
        for card in note.cards
        if card.ordinal not in had or card.ordinal in lacking
    )


def _as(plan: Planned, act: Act, *, content: bool) -> Planned:
    return Planned(plan.note, act, plan.row, content, plan.new_cards, plan.new_events, plan.new_media)


def hash_as(row: Fetched, note: StagedNote) -> str:
    """The hash of the file's note, had it the source that the learner's own one keeps."""
    return content_hash(note.kind, note.fields, note.tags, row.source)


def _says_the_same(row: Fetched, note: StagedNote) -> bool:
    """Whether both notes read the same, be it plain text on one side and HTML on the other."""
    if row.kind != note.kind or sorted(row.tags) != sorted(note.tags):
        return False
    return any(
        _html(row.format, row.fields, shown) == _html(note.format, note.fields, shown)
        for shown in (as_html, as_plain_html)
    )


def _html(form: str, fields: Mapping[str, str], shown: Callable[[str], str]) -> dict[str, str]:
    filled = {name: value for name, value in fields.items() if value}
    return filled if form == "html" else {name: shown(value) for name, value in filled.items()}
