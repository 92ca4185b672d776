"""What plans are made of, read at once: the running exams, their cards, the log of these cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
from sqlalchemy import Select, select
from sqlmodel import Session

from app.core.day import DAY_MS
from app.core.events import CRAM
from app.core.exam.grid import Flags, Index
from app.core.exam.history import Log, Seeds
from app.core.exam.report import Part
from app.core.exam.rules import days_to_exam, section_key, section_of
from app.core.exam.scope import NO_SECTION, Section
from app.core.exam.scope import Exam as ExamInPlan
from app.db.models import cards, decks, events, exams, notes
from app.db.rows import Fetched

_LONGEST_MS: Final = 120_000
_DAYS_OF_DOUBT: Final = 40  # how far off the clock may have been that an id was made with


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
    """Cards of all exams in the order of the decks: parallel lists."""

    ids: list[UUID]
    deck_ids: list[str]
    paths: list[tuple[str, ...]]
    rows: list[Fetched]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Asked:
    """An exam over the cards read: what the plan takes, and its parts."""

    row: NamedExam
    plan: ExamInPlan
    parts: list[Part]
    pinned: Flags


def read_exams(session: Session, learner_id: UUID) -> list[NamedExam]:
    """Exams that are neither deleted nor archived, soonest first."""
    question = select(*NAMED_COLUMNS).where(
        exams.c.learner_id == learner_id, exams.c.deleted_at.is_(None), exams.c.archived.is_(False)
    )
    return [NamedExam(*row) for row in session.execute(question.order_by(exams.c.day, exams.c.id))]


def read_cards(session: Session, learner_id: UUID, running: Sequence[NamedExam]) -> ExamCards:
    """The live cards of these exams' decks that the learner has not suspended."""
    question = (
        select(
            cards.c.id, cards.c.deck_id, notes.c.source, cards.c.phase, cards.c.stability, cards.c.difficulty,
            cards.c.last_day, cards.c.due_day,
        )
        .join(decks, (decks.c.learner_id == cards.c.learner_id) & (decks.c.id == cards.c.deck_id))
        .join(notes, (notes.c.learner_id == cards.c.learner_id) & (notes.c.id == cards.c.note_id))
        .where(
            cards.c.learner_id == learner_id, cards.c.deleted_at.is_(None), cards.c.suspended.is_(False),
            decks.c.deleted_at.is_(None),
        )
        .order_by(decks.c.position, decks.c.id, cards.c.position, cards.c.id)
    )  # fmt: skip
    rows = list(session.execute(_of_decks(question, running)))
    return ExamCards(
        [row.id for row in rows],
        [str(row.deck_id) for row in rows],
        [tuple((row.source or {}).get("section") or ()) for row in rows],
        rows,
    )


def _of_decks(question: Select[Any], running: Sequence[NamedExam]) -> Select[Any]:
    """Only cards of decks that some exam asks for."""
    if any(exam.decks is None for exam in running):
        return question
    named = {UUID(deck_id) for exam in running for deck_id in exam.decks or ()}
    return question.where(cards.c.deck_id.in_(named))


def read_log(
    session: Session, learner_id: UUID, running: Sequence[NamedExam], known: ExamCards
) -> tuple[Log, Seeds]:
    """Answers to the cards in the order of replay, without what was undone or came before a reset."""
    question = (
        select(
            events.c.id, events.c.card_id, events.c.kind, events.c.rating, events.c.day, events.c.duration_ms,
            events.c.data,
        )
        .join(cards, (cards.c.learner_id == events.c.learner_id) & (cards.c.id == events.c.card_id))
        .where(events.c.learner_id == learner_id, cards.c.deleted_at.is_(None))
        .where(events.c.kind.in_(("answer", "undo", "reset", "seed")))
        .order_by(
            events.c.day, events.c.effective_at, events.c.device_id, events.c.device_seq, events.c.id
        )
    )  # fmt: skip
    place = {card_id: number for number, card_id in enumerate(known.ids)}
    rows = [
        row
        for row in session.execute(_of_decks(question, running))
        if row.card_id in place and not _skipped(row)
    ]
    undone = {str((row.data or {}).get("event")) for row in rows if row.kind == "undo"}
    return _log_of([row for row in rows if row.kind != "undo" and str(row.id) not in undone], place)


def read_answers_since(session: Session, learner_id: UUID, day: int) -> list[Fetched]:
    """Answers of `day` and later that moved a schedule and were not undone, in the order of replay.

    Ids begin with the time at which they were made, so only the end of the log is looked at.
    """
    first = UUID(int=max((day - _DAYS_OF_DOUBT) * DAY_MS, 0) << 80)
    rows = session.execute(
        select(
            events.c.id, events.c.card_id, events.c.kind, events.c.rating, events.c.day, events.c.duration_ms,
            events.c.data,
        )
        .where(events.c.learner_id == learner_id, events.c.id >= first, events.c.day >= day)
        .where(events.c.kind.in_(("answer", "undo")))
        .order_by(events.c.day, events.c.effective_at, events.c.device_id, events.c.device_seq, events.c.id)
    ).all()  # fmt: skip
    undone = {str((row.data or {}).get("event")) for row in rows if row.kind == "undo"}
    return [row for row in rows if row.kind == "answer" and str(row.id) not in undone and not _skipped(row)]


def _skipped(row: Fetched) -> bool:
    return row.kind == "answer" and (row.data or {}).get("mode") == CRAM


def _log_of(rows: Sequence[Fetched], place: Mapping[UUID, int]) -> tuple[Log, Seeds]:
    since: dict[int, int] = {}
    for number, row in enumerate(rows):
        if row.kind == "reset":
            since[place[row.card_id]] = number
    seeds, begun, kept = _no_seeds(len(place)), set(), []
    for number, row in enumerate(rows):
        card = place[row.card_id]
        if number < since.get(card, -1) or row.kind == "reset":
            continue
        if row.kind == "answer":
            kept.append((card, row.day, row.rating, min(row.duration_ms, _LONGEST_MS) / 1000))
        elif card not in begun:
            _sow(seeds, card, row)
        begun.add(card)
    table = np.array(kept, dtype=float).reshape(-1, 4)
    whole = table[:, :3].astype(np.int64)
    return Log(whole[:, 0], whole[:, 1], whole[:, 2], table[:, 3]), seeds


def _no_seeds(size: int) -> Seeds:
    return Seeds(np.zeros(size, bool), np.ones(size), np.full(size, 5.0), np.zeros(size, np.int64))


def _sow(seeds: Seeds, card: int, row: Fetched) -> None:
    last_day = row.data.get("last_day")
    seeds.known[card] = True
    seeds.stability[card] = min(max(row.data["stability"], 0.001), 36_500.0)
    seeds.difficulty[card] = row.data["difficulty"]
    seeds.last_day[card] = row.day if last_day is None else last_day


def ask(row: NamedExam, known: ExamCards, today: int) -> Asked:
    """An exam over the cards, counted from `today`."""
    mine = _cards_of(row, known)
    numbers = {key: number for number, key in enumerate(row.sections, start=1)}
    section: Index = np.where(mine, 0, NO_SECTION).astype(np.int64)
    if numbers:
        places = list(zip(known.deck_ids, known.paths, strict=True))
        found = {place: numbers.get(section_of(*place, row.sections) or "", 0) for place in set(places)}
        section = np.where(mine, [found[place] for place in places], NO_SECTION).astype(np.int64)
    marks = [row.cards.get(str(card_id)) for card_id in known.ids] if row.cards else [None] * len(known)
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
