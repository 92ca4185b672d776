"""What plans are made of, read at once: the running exams and their cards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import numpy as np
from sqlalchemy import Select, or_, select
from sqlmodel import Session

from app.core.breaks import Break, days_in
from app.core.exam.grid import Flags, Index
from app.core.exam.records import key_in
from app.core.exam.report import Part
from app.core.exam.rules import FARTHEST_DAYS, days_to_exam, section_key, section_of
from app.core.exam.scope import NO_SECTION, Section
from app.core.exam.scope import Exam as ExamInPlan
from app.db.models import cards, decks, exams, notes
from app.db.rows import rows_as_stored
from app.db.types import as_stored, bytes_from, id_from, json_from


@dataclass(frozen=True, slots=True)
class NamedExam:
    """An exam as the learner set it up."""

    id: UUID
    day: int
    time: int | None
    decks: list[str] | None
    sections: dict[str, Any]
    cards: dict[str, str]
    minutes: Sequence[int]
    days_off: Sequence[int]
    target: float | None
    buffer_days: int
    created_day: int
    spread_on: int | None
    version: int


NAMED_COLUMNS: Final = [exams.c[name] for name in NamedExam.__dataclass_fields__]


@dataclass(frozen=True, slots=True)
class ExamCards:
    """Cards of all exams in the order of the decks: parallel lists. Ids are as the driver has them: to make
    UUIDs of all takes longer than to read the cards."""

    stored_ids: Sequence[Any]
    deck_ids: Sequence[str]
    paths: Sequence[tuple[str, ...]]
    stability: Sequence[float | None]
    difficulty: Sequence[float | None]
    last_day: Sequence[int | None]

    def __len__(self) -> int:
        return len(self.stored_ids)

    def id(self, row: int) -> UUID:
        return id_from(self.stored_ids[row])

    @property
    def ids(self) -> list[UUID]:
        return [id_from(stored_id) for stored_id in self.stored_ids]

    @property
    def plan_keys(self) -> list[bytes]:
        """What names each card in a plan."""
        return [key_in(bytes_from(stored_id)) for stored_id in self.stored_ids]


NO_EXAM_CARDS: Final = ExamCards([], [], [], [], [], [])


@dataclass(frozen=True, slots=True)
class Asked:
    """An exam over the cards read: what the plan takes, and its parts."""

    row: NamedExam
    plan: ExamInPlan
    parts: list[Part]
    pinned: Flags


def read_exams(session: Session, learner_id: UUID, breaks: Sequence[Break]) -> list[NamedExam]:
    """Exams that are neither deleted nor archived, soonest first; days in a break are off."""
    question = select(*NAMED_COLUMNS).where(
        exams.c.learner_id == learner_id, exams.c.deleted_at.is_(None), exams.c.archived.is_(False)
    )
    found = [NamedExam(*row) for row in session.execute(question.order_by(exams.c.day, exams.c.id))]
    return [
        replace(exam, days_off=[*exam.days_off, *days_in(breaks, exam.day - FARTHEST_DAYS, exam.day)])
        for exam in found
    ]


def read_ended(session: Session, learner_id: UUID, today: int) -> list[NamedExam]:
    """Exams that are over, or were archived before their day, and whose cards are not back to normal yet."""
    question = select(*NAMED_COLUMNS).where(
        exams.c.learner_id == learner_id, exams.c.deleted_at.is_(None), exams.c.spread_on.is_(None),
        or_(exams.c.day < today, exams.c.archived.is_(True)),
    )  # fmt: skip
    return [NamedExam(*row) for row in session.execute(question.order_by(exams.c.day, exams.c.id))]


def read_cards(session: Session, learner_id: UUID, running: Sequence[NamedExam]) -> ExamCards:
    """The live cards of these exams' decks that the learner has not suspended."""
    question = (
        select(
            as_stored(cards.c.id), as_stored(cards.c.deck_id), notes.c.source, cards.c.stability,
            cards.c.difficulty, cards.c.last_day,
        )
        .join(decks, (decks.c.learner_id == cards.c.learner_id) & (decks.c.id == cards.c.deck_id))
        .join(notes, (notes.c.learner_id == cards.c.learner_id) & (notes.c.id == cards.c.note_id))
        .where(
            cards.c.learner_id == learner_id, cards.c.deleted_at.is_(None), cards.c.suspended.is_(False),
            decks.c.deleted_at.is_(None),
        )
        .order_by(decks.c.position, decks.c.id, cards.c.position, cards.c.id)
    )  # fmt: skip
    rows = rows_as_stored(session, of_decks(question, running))
    ids, deck_ids, sources, stability, difficulty, last_day = zip(*rows, strict=True) if rows else [()] * 6
    names = {deck_id: str(id_from(deck_id)) for deck_id in set(deck_ids)}
    return ExamCards(
        ids,
        [names[deck_id] for deck_id in deck_ids],
        _paths(sources),
        stability,
        difficulty,
        last_day,
    )


def _paths(sources: Sequence[Any]) -> list[tuple[str, ...]]:
    """Sections of sources; on SQLite many cards share the text that is to be read."""
    known: dict[Any, tuple[str, ...]] = {None: ()}
    paths = []
    for source in sources:
        path = known.get(source) if isinstance(source, str | None) else None
        if path is None:
            path = tuple(json_from(source).get("section") or ())
            if isinstance(source, str):
                known[source] = path
        paths.append(path)
    return paths


def of_decks(question: Select[Any], running: Sequence[NamedExam]) -> Select[Any]:
    """Only cards of decks that some exam asks for."""
    if any(exam.decks is None for exam in running):
        return question
    named = {UUID(deck_id) for exam in running for deck_id in exam.decks or ()}
    return question.where(cards.c.deck_id.in_(named))


def ask(row: NamedExam, known: ExamCards, today: int) -> Asked:
    """An exam over the cards, counted from `today`."""
    mine = _cards_of(row, known)
    numbers = {key: number for number, key in enumerate(row.sections, start=1)}
    section: Index = np.where(mine, 0, NO_SECTION).astype(np.int64)
    if numbers:
        places = list(zip(known.deck_ids, known.paths, strict=True))
        found = {place: numbers.get(section_of(*place, row.sections) or "", 0) for place in set(places)}
        section = np.where(mine, [found[place] for place in places], NO_SECTION).astype(np.int64)
    given = {UUID(card_id).bytes: mark for card_id, mark in row.cards.items()}
    marks = [given.get(bytes_from(card_id)) for card_id in known.stored_ids] if given else [None] * len(known)
    pinned = np.array([mark == "pinned" for mark in marks], bool) & mine
    dropped = np.array([mark == "dropped" for mark in marks], bool)
    at = days_to_exam(row.day, row.time, today)
    plan = ExamInPlan(
        at,
        section,
        {
            numbers[key]: Section(mark.get("share"), bool(mark.get("pinned")), bool(mark.get("dropped")))
            for key, mark in row.sections.items()
        },
        pinned,
        dropped,
        target=row.target,
        # The free days before the exam are for what was missed: once they have come, they are not kept free.
        buffer_days=row.buffer_days if at > row.buffer_days + 1 else 0,
    )
    return Asked(row, plan, _parts(row, known, mine), pinned)


def _cards_of(row: NamedExam, known: ExamCards) -> Flags:
    if row.decks is None:
        return np.ones(len(known), bool)
    named = set(row.decks)
    return np.array([deck_id in named for deck_id in known.deck_ids], bool)


def _parts(row: NamedExam, known: ExamCards, mine: Flags) -> list[Part]:
    """Each deck, and below it its sections where it has more than one."""
    by_deck: dict[str, list[int]] = {}
    for card in np.nonzero(mine)[0].tolist():
        by_deck.setdefault(known.deck_ids[card], []).append(card)
    parts = []
    for deck_id, members in by_deck.items():
        parts.append(_part(row, deck_id, (), members, len(known)))
        depth = _depth([known.paths[card] for card in members])
        below: dict[tuple[str, ...], list[int]] = {}
        for card in members:
            if depth and len(known.paths[card]) >= depth:
                below.setdefault(known.paths[card][:depth], []).append(card)
        parts += [_part(row, deck_id, path, its, len(known)) for path, its in below.items()]
    return parts


def _part(row: NamedExam, deck_id: str, path: tuple[str, ...], members: list[int], size: int) -> Part:
    flags = np.zeros(size, bool)
    flags[members] = True
    mark = row.sections.get(section_of(deck_id, path, row.sections) or "", {})
    pinned, dropped = bool(mark.get("pinned")), bool(mark.get("dropped"))
    return Part(section_key(deck_id, path), deck_id, path, flags, pinned, dropped)


def _depth(paths: Sequence[tuple[str, ...]]) -> int:
    """How many elements of the paths tell sections apart; 0 when all are of one."""
    longest = max((len(path) for path in paths), default=0)
    for depth in range(1, longest + 1):
        if len({path[:depth] for path in paths if len(path) >= depth}) > 1:
            return depth
    return 0
