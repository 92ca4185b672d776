"""Vectors of the exam session that Python and TypeScript share: records, tables, memory, picks, greedy."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from app.core.exam.costs import Costs
from app.core.exam.desk import DayTable
from app.core.exam.greedy import greedy_scores, new_score, repeat_score, review_score
from app.core.exam.grid import AGES, CELLS, DIFFICULTY, LOG_STABILITY
from app.core.exam.memory import DEFAULT_WEIGHTS as DEFAULTS
from app.core.exam.memory import Memory, memory_of
from app.core.exam.records import PlannedCards, pack, unpack
from app.core.exam.scope import Cards
from app.core.exam.session import Session
from app.core.exam.tables import desk_from, exported

Vectors = Mapping[str, Any]
COSTS: Final = Costs(17.5, 7.25, 16.0)
# Weights as training gives them: every one its own.
TRAINED: Final = tuple(round(weight * (0.9 + 0.02 * (index % 9)), 4) for index, weight in enumerate(DEFAULTS))
DAYS_TO_EXAM: Final = 9.625
CARDS: Final = 60
TIE: Final = 1e-9  # relative; nearer scores could go either way in another language
ABOUT: Final = (
    "records: `packed` is what a phone gets (app/core/exam/records.py gives the shape), `cards` what it says."
    " tables: as app/core/exam/tables.py gives them, made of greedy scores. scores: of single cards by these"
    " tables, `day` after the plan's; `index` is the record's, for new cards. memory: a card's state after a"
    " first answer (no `before`) or a later one. sessions: the cards of records with the answers of `before`"
    " laid on top (index, day, grade), then on `day` with `seconds` the card that is picked (null: over), why"
    " it is, the recall and seconds expected, and the grade and seconds that it then gets. greedy: scores"
    " without a plan. Compare numbers to 1e-6 relative, picks exactly."
)


def exam_vectors() -> Vectors:
    tables = exported([_tables(1.0), _tables(2.5)], memory_of(TRAINED), COSTS)
    packed = pack(_planned())
    planned = unpack(packed)
    return {
        "about": ABOUT,
        "records": {"packed": packed, "cards": _told(planned)},
        "tables": tables,
        "scores": _scores(tables, planned),
        "memory": _moves(),
        "sessions": [
            _session(tables, planned, 0, 600.0, []),
            _session(tables, planned, 1, 240.0, _before()),
            _session(tables, planned, 6, 95.0, _before()),
        ],
        "greedy": _greedy(planned),
    }


def _planned() -> PlannedCards:
    """Cards of all kinds by simple arithmetic, so that no random generator can change them."""
    number = np.arange(CARDS)
    seen = number % 3 != 0
    cards = Cards(
        stability=np.exp(-1.5 + (number * 7 % 23) * 0.3),
        difficulty=np.asarray(1.0 + (number * 11 % 37) * 0.25, np.float64),
        last_day=-(1 + number * 13 % 41).astype(np.int64),
        seen=seen,
        answers_today=np.zeros(CARDS, np.int64),
    )
    keys = tuple(bytes([0x80 + n % 64, n, 7, 7, 7, 7, n * 3 % 256, 1]) for n in number.tolist())
    group = np.where(number % 17 == 16, -1, number % 2)
    return PlannedCards(keys, cards, group, number % 5 % 2, number % 10 == 9, (number > 50) & ~seen)


def _tables(weight: float) -> list[DayTable]:
    return [_table(day, weight) for day in range(3)]


def _table(day: int, weight: float) -> DayTable:
    """Greedy scores at the nodes."""
    memory, left = memory_of(TRAINED).hedged(0.3), DAYS_TO_EXAM - day
    stability = np.repeat(np.exp(LOG_STABILITY), DIFFICULTY.size)
    difficulty = np.tile(DIFFICULTY, LOG_STABILITY.size)
    review = [review_score(memory, left, stability, difficulty, np.full(CELLS, float(age))) for age in AGES]
    repeat = 12.0 * repeat_score(memory, left, stability)  # or no session would show one
    return DayTable(
        day,
        weight * new_score(memory, left),
        np.maximum(weight * repeat, 0),
        np.maximum(weight * np.stack(review), 0),
    )


def _told(planned: PlannedCards) -> list[dict[str, Any]]:
    cards = planned.cards
    return [
        {
            "key": key.hex(),
            "stability": _rounded(cards.stability[n]) if cards.seen[n] else None,
            "difficulty": _rounded(cards.difficulty[n]) if cards.seen[n] else None,
            "age": -int(cards.last_day[n]),
            "group": int(planned.group[n]),
            "exam": int(planned.exam[n]),
            "pinned": bool(planned.pinned[n]),
            "left_out": bool(planned.left_out[n]),
        }
        for n, key in enumerate(planned.keys)
    ]


def _scores(tables: dict[str, Any], planned: PlannedCards) -> list[dict[str, Any]]:
    told = []
    for day in (0, 2, 5):
        session = Session(desk_from(tables, planned.group, day), _on(planned.cards, day), 600.0)
        for index in range(0, CARDS, 4):
            seen = bool(session.seen[index])
            told.append(
                {
                    "group": int(planned.group[index]), "day": day, "index": index,
                    "kind": "review" if seen else "new",
                    "stability": _rounded(session.stability[index]) if seen else None,
                    "difficulty": _rounded(session.difficulty[index]) if seen else None,
                    "age": -int(session.last_day[index]) if seen else None,
                    "score": _rounded(max(float(session.scores[index]), 0.0)),
                }
            )  # fmt: skip
    desk = desk_from(tables, planned.group, 1)
    for stability in (0.01, 0.3, 2.0, 17.0, 3000.0, 9000.0):
        for difficulty in (1.0, 5.7, 10.0):
            for age in (0, 1, 5, 400):
                said = desk.tables[1].score(stability, difficulty, age)
                kind = "review" if age else "repeat"
                told.append(
                    {
                        "group": 1, "day": 1, "kind": kind, "index": 0, "stability": stability,
                        "difficulty": difficulty, "age": age, "score": _rounded(said),
                    }
                )  # fmt: skip
    return told


def _moves() -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    for weights in (DEFAULTS, TRAINED):
        memory = memory_of(weights)
        for grade in (1, 2, 3, 4):
            told.append({"weights": list(weights), "grade": grade, **_state(memory.first(grade))})
            for stability, difficulty, elapsed in (
                (0.4, 8.5, 0),
                (0.4, 8.5, 3),
                (12.0, 3.0, 12),
                (900.0, 6.0, 40),
            ):
                after = memory.answered(stability, difficulty, elapsed, grade, elapsed == 0)
                before = {"stability": stability, "difficulty": difficulty}
                given = {"weights": list(weights), "grade": grade, "elapsed": elapsed, "before": before}
                told.append({**given, **_state(after)})
    return told


def _state(state: Sequence[Any]) -> dict[str, float]:
    return {"stability": _rounded(state[0]), "difficulty": _rounded(state[1])}


def _before() -> list[dict[str, int]]:
    """Answers given since the plan: new cards and old ones, some of them twice or on two days."""
    given = [
        (0, 0, 3),
        (0, 0, 3),
        (1, 0, 1),
        (1, 0, 3),
        (3, 0, 1),
        (4, 0, 2),
        (0, 1, 3),
        (6, 1, 4),
        (7, 1, 3),
    ]
    return [{"index": index, "day": day, "grade": grade} for index, day, grade in given]


def _session(
    tables: dict[str, Any], planned: PlannedCards, day: int, seconds: float, before: list[dict[str, int]]
) -> dict[str, Any]:
    """A session played to its end; the grades follow a simple pattern."""
    desk = desk_from(tables, planned.group, day)
    session = Session(desk, _laid_on(planned.cards, before, desk.memory, day), seconds)
    answers: list[dict[str, Any]] = []
    while (card := session.pick()) is not None:
        _check_lead(session, card)
        why, grade = session.why(card), (3, 1, 3, 4, 3, 2)[len(answers) % 6]
        expected = session.expected_seconds(card)
        taken = COSTS.failed if grade == 1 and why.kind != "new" else expected
        answers.append(
            {
                "pick": card, "why": why.kind, "recall": None if why.recall is None else _rounded(why.recall),
                "expected": _rounded(expected), "grade": grade, "seconds": round(taken, 3),
            }
        )  # fmt: skip
        session.answered(card, grade, round(taken, 3))
    return {"day": day, "seconds": seconds, "before": before, "answers": [*answers, {"pick": None}]}


def _check_lead(session: Session, card: int) -> None:
    """Other scores are the same to the last digit (then the first card counts) or clearly apart."""
    lead = np.abs(session.scores - session.scores[card]) / session.scores[card]
    if ((lead > 0) & (lead < TIE)).any():
        raise ValueError(f"card {card} ties: choose other numbers for the vectors")


def _laid_on(cards: Cards, before: Sequence[Mapping[str, int]], memory: Memory, day: int) -> Cards:
    stability, difficulty = cards.stability.copy(), cards.difficulty.copy()
    last, seen, today = cards.last_day.copy(), cards.seen.copy(), cards.answers_today.copy()
    for answer in before:
        card, grade = answer["index"], answer["grade"]
        if seen[card]:
            elapsed = answer["day"] - int(last[card])
            after = memory.answered(
                float(stability[card]), float(difficulty[card]), elapsed, grade, elapsed == 0
            )
        else:
            after = memory.first(grade)
        stability[card], difficulty[card] = after
        last[card], seen[card] = answer["day"], True
        today[card] += answer["day"] == day
    return _on(Cards(stability, difficulty, last, seen, today), day)


def _on(cards: Cards, day: int) -> Cards:
    """The same cards, their days counted from a later one."""
    return Cards(cards.stability, cards.difficulty, cards.last_day - day, cards.seen, cards.answers_today)


def _greedy(planned: PlannedCards) -> list[dict[str, Any]]:
    told = []
    for weights, days_to_exam in ((DEFAULTS, 9.625), (TRAINED, 0.1), (TRAINED, 40.0)):
        for shift in (0, 5):
            cards = _on(planned.cards, -shift)
            scores = greedy_scores(cards, memory_of(weights), days_to_exam)
            for card in range(0, CARDS, 5):
                seen, age = bool(cards.seen[card]), max(-int(cards.last_day[card]), 0)
                told.append(
                    {
                        "weights": list(weights), "days_to_exam": days_to_exam,
                        "kind": ("review" if age else "repeat") if seen else "new",
                        "stability": _rounded(cards.stability[card]) if seen else None,
                        "difficulty": _rounded(cards.difficulty[card]) if seen else None,
                        "age": age if seen else None, "score": _rounded(scores[card]),
                    }
                )  # fmt: skip
    return told


def _rounded(value: Any) -> float:
    """Ten digits: processors differ in the last ones."""
    return float(f"{float(value):.10g}")
