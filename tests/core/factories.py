"""Events and histories for the core's tests; every default makes a valid one."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from app.core.day import DAY_MS
from app.core.events import KINDS, Event, Kind
from app.core.parameters import DEFAULT_WEIGHTS, HIGHEST_WEIGHTS, LOWEST_WEIGHTS, Parameters

CARD = UUID("01890000-0000-7000-8000-0000000000ca")
FIRST_DAY = 20_000


def event(number: int, kind: Kind = "answer", rating: int | None = None, **others: Any) -> Event:
    """Event `number` of one device, at noon of its day."""
    day = others.pop("day", FIRST_DAY + number)
    at = others.pop("at", day * DAY_MS + DAY_MS // 2 + number * 1000)
    given: dict[str, Any] = {
        "id": UUID(int=(0xE << 80) + number),
        "card_id": CARD,
        "kind": kind,
        "rating": rating if rating or kind != "answer" else 3,
        "at": at,
        "clock_offset_ms": 0,
        "day": day,
        "duration_ms": 4_000,
        "device_id": UUID(int=0xD),
        "device_seq": number,
        "received_at": at,
        "effective_at": at,
        "data": {},
        **others,
    }
    return Event(**given)


def answers(*ratings_by_day: tuple[int, int]) -> list[Event]:
    """Answers as (days after the first day, rating)."""
    return [
        event(number, rating=rating, day=FIRST_DAY + day)
        for number, (day, rating) in enumerate(ratings_by_day)
    ]


ratings = st.sampled_from([1, 2, 3, 3, 3, 4])
gaps = st.sampled_from([0, 0, 1, 1, 2, 3, 7, 15, 40, 200])


@st.composite
def answer_logs(draw: st.DrawFn, least: int = 1, most: int = 12, shortest_gap: int = 0) -> list[Event]:
    """Answers only, in order."""
    told, day = [], FIRST_DAY
    for number in range(draw(st.integers(least, most))):
        day += max(draw(gaps), shortest_gap)
        told.append(event(number, rating=draw(ratings), day=day, at=day * DAY_MS + number * 1000))
    return told


@st.composite
def logs(draw: st.DrawFn, most: int = 14) -> list[Event]:
    """Acts of all kinds by two devices, in the order in which they were told."""
    told: list[Event] = []
    day = FIRST_DAY
    for number in range(draw(st.integers(1, most))):
        day += draw(st.sampled_from([-1, 0, 0, 1, 3, 20]))
        kind, rating, data = draw(_acts(day, told))
        told.append(
            event(
                number,
                kind,
                rating,
                day=day,
                at=day * DAY_MS + draw(st.integers(0, DAY_MS - 1)),
                device_id=UUID(int=draw(st.integers(1, 2))),
                data=data,
            )
        )
    return told


@st.composite
def _acts(draw: st.DrawFn, day: int, told: list[Event]) -> tuple[Kind, int | None, dict[str, Any]]:
    kind: Kind = draw(st.sampled_from(["answer"] * 8 + [kind for kind in KINDS if kind != "answer"]))
    if kind == "answer":
        own = {"retention": draw(st.sampled_from([0.7, 0.8, 0.97]))} if draw(st.booleans()) else {}
        return kind, draw(ratings), own
    data: dict[str, dict[str, Any]] = {
        "undo": {"event": str(draw(st.sampled_from(told)).id) if told else str(CARD)},
        "bury": {"until": day + 1},
        "flag": {"flag": draw(st.integers(0, 7))},
        "due": {"day": day + draw(st.integers(0, 30))},
        "seed": {
            "phase": draw(st.integers(1, 3)),
            "stability": draw(st.floats(0.01, 900)),
            "difficulty": draw(st.floats(1, 10)),
            "due_day": day + 3,
            "last_day": day - 5,
            "reps": 4,
            "lapses": 1,
        },
    }
    return kind, None, data.get(kind, {})


def weights() -> st.SearchStrategy[tuple[float, ...]]:
    """Weights anywhere between the bounds, or the defaults."""
    drawn = st.tuples(
        *(st.floats(low, high) for low, high in zip(LOWEST_WEIGHTS, HIGHEST_WEIGHTS, strict=True))
    )
    return st.just(DEFAULT_WEIGHTS) | drawn


def rules(version: int = 1, from_at: int = 0) -> st.SearchStrategy[Parameters]:
    return st.builds(
        Parameters,
        version=st.just(version),
        from_at=st.just(from_at),
        weights=weights(),
        desired_retention=st.sampled_from([0.7, 0.85, 0.9, 0.99]),
        learning_steps=st.sampled_from([(), (1,), (1, 10), (10, 1440, 4320)]),
        relearning_steps=st.sampled_from([(10,), (1440,)]),
        maximum_interval=st.sampled_from([1, 30, 36_500]),
    )
