"""What was done on which day."""

from dataclasses import asdict
from typing import Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import Engine

from app.api.contract import Resource
from app.api.fields import Id, Out, Query, QueryDay
from app.services.history import day_stats
from app.services.identity import Identity

resource = Resource("stats", "Statistics")


class DayRange(Query):
    """Learner days, both included: ten years at most."""

    first: QueryDay = Field(alias="from")
    last: QueryDay = Field(alias="to")
    by: Literal["deck", "day"] = Field("deck", description="day: all decks of a day added up")
    deck_id: Id | None = Field(None, description="only this deck and those below it")


class DayOut(Out):
    """A day of one deck, or of decks added up: answers by rating, by what the card was before, those
    remembered, time in ms."""

    day: int
    deck_id: UUID | None = Field(description="by day: the deck asked for, null for all")
    again: int
    hard: int
    good: int
    easy: int
    new: int
    learning: int
    young: int
    mature: int
    young_passed: int
    mature_passed: int
    duration_ms: int


class DayList(Out):
    """The days on which something was done."""

    items: list[DayOut]


@resource.on("GET", "/stats/days", problems={404: ("deck-missing",), 422: ("range-too-long",)})
def read_days(caller: Identity, query: DayRange, engine: Engine) -> DayList:
    """What was done from one day to another, by deck or by day."""
    rows = day_stats(engine, caller.learner_id, query.first, query.last, deck_id=query.deck_id, by=query.by)
    return DayList(items=[DayOut(day=row.day, deck_id=row.deck_id, **asdict(row.counts)) for row in rows])
