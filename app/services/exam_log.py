"""The log of the exams' cards, as plans are made from it: columns, not rows, as years of answers are many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlmodel import Session

from app.core.day import DAY_MS
from app.core.events import CRAM
from app.core.exam.grid import Flags, Index
from app.core.exam.history import Log, Seeds
from app.db.models import cards, events
from app.db.rows import Fetched, rows_as_stored
from app.db.types import as_stored, json_from, stored
from app.services.exam_material import ExamCards, NamedExam, of_decks

_LONGEST_MS: Final = 120_000
_DAYS_OF_DOUBT: Final = 40  # how far off the clock may have been that an id was made with
_ORDER: Final = (events.c.day, events.c.effective_at, events.c.device_id, events.c.device_seq, events.c.id)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Rows of the log in the order of replay: ids as the driver has them, `card` a place or -1."""

    ids: Sequence[Any]
    kinds: Sequence[str]
    data: Sequence[Any]
    card: Index
    grade: Index
    day: npt.NDArray[np.int64]
    duration: npt.NDArray[np.int64]


def read_log(
    session: Session, learner_id: UUID, running: Sequence[NamedExam], known: ExamCards
) -> tuple[Log, Seeds]:
    """Answers to the cards in the order of replay, without what was undone or came before a reset."""
    question = (
        select(
            as_stored(events.c.id), as_stored(events.c.card_id), events.c.kind, events.c.rating, events.c.day,
            events.c.duration_ms, events.c.data,
        )
        .where(events.c.learner_id == learner_id, events.c.kind.in_(("answer", "undo", "reset", "seed")))
        .order_by(*_ORDER)
    )  # fmt: skip
    if all(exam.decks is not None for exam in running):
        mine = of_decks(select(cards.c.id).where(cards.c.learner_id == learner_id), running)
        question = question.where(events.c.card_id.in_(mine))
    dialect = session.get_bind().dialect.name
    place = {card_id: number for number, card_id in enumerate(known.stored_ids)}
    columns = _columns(rows_as_stored(session, question), place)
    undone = _undone(columns, dialect)
    return _log_of(columns, undone, len(known))


def _columns(rows: Sequence[tuple[Any, ...]], place: Mapping[Any, int]) -> _Columns:
    ids, card_ids, kinds, ratings, days, durations, data = zip(*rows, strict=True) if rows else [()] * 7
    return _Columns(
        ids,
        kinds,
        data,
        np.array([place.get(card_id, -1) for card_id in card_ids], np.intp),
        np.array([rating or 0 for rating in ratings], np.intp),
        np.array(days, np.int64),
        np.array(durations, np.int64),
    )


def _undone(columns: _Columns, dialect: str) -> Flags:
    """What no longer counts: undone events, and answers that never moved a schedule."""
    gone, named = np.zeros(len(columns.ids), bool), set()
    for number, (kind, data) in enumerate(zip(columns.kinds, columns.data, strict=True)):
        if kind == "undo":
            named.add(stored(UUID(json_from(data)["event"]), dialect))
        elif data and kind == "answer":
            gone[number] = _is_cram(data)
    return gone | [event_id in named for event_id in columns.ids] if named else gone


def _is_cram(data: Any) -> bool:
    if isinstance(data, str) and CRAM not in data:
        return False  # nearly all: not worth reading
    return bool(json_from(data).get("mode") == CRAM)


def _log_of(columns: _Columns, undone: Flags, size: int) -> tuple[Log, Seeds]:
    card, number = columns.card, np.arange(columns.card.size)
    kept = (card >= 0) & ~undone
    kinds = np.array(columns.kinds, "U6")
    resets = number[kept & (kinds == "reset")]
    since = np.full(size + 1, -1)  # the last is for cards of other decks
    np.maximum.at(since, card[resets], resets)
    kept &= number > since[card]
    answers = number[kept & (kinds == "answer")]
    begun = np.full(size + 1, columns.card.size)
    np.minimum.at(begun, card[answers], answers)
    seeds = _no_seeds(size)
    for row in number[kept & (kinds == "seed")].tolist():
        if row < begun[card[row]]:
            _sow(seeds, int(card[row]), int(columns.day[row]), json_from(columns.data[row]))
            begun[card[row]] = row
    seconds = np.clip(columns.duration[answers], None, _LONGEST_MS) / 1000
    return Log(card[answers], columns.day[answers], columns.grade[answers], seconds), seeds


def _no_seeds(size: int) -> Seeds:
    return Seeds(np.zeros(size, bool), np.ones(size), np.full(size, 5.0), np.zeros(size, np.int64))


def _sow(seeds: Seeds, card: int, day: int, data: Mapping[str, Any]) -> None:
    last_day = data.get("last_day")
    seeds.known[card] = True
    seeds.stability[card] = min(max(data["stability"], 0.001), 36_500.0)
    seeds.difficulty[card] = data["difficulty"]
    seeds.last_day[card] = day if last_day is None else last_day


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
        .order_by(*_ORDER)
    ).all()  # fmt: skip
    undone = {str((row.data or {}).get("event")) for row in rows if row.kind == "undo"}
    return [row for row in rows if row.kind == "answer" and str(row.id) not in undone and not _skipped(row)]


def _skipped(row: Fetched) -> bool:
    return row.kind == "answer" and (row.data or {}).get("mode") == CRAM
