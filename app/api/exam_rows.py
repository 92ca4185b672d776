"""Exams and their plans as they stand on the wire; sync and the routes of exams answer with them."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter, WithJsonSchema, model_validator

from app.api.fields import Day, Id, Name, Out, Wire, whole

State = Literal["solved", "greedy", "no-cards", "no-time", "over"]
Share = Annotated[float, Field(ge=0, le=1, description="share of the points")]
Minutes = Annotated[int, *whole(0, 600, "minutes")]
Week = Annotated[tuple[Minutes, ...], Field(min_length=7, max_length=7, description="Monday to Sunday")]
MinuteOfDay = Annotated[int, *whole(0, 1439, "minutes after midnight")]
Target = Annotated[float, Field(ge=0.5, le=1, description="recall beyond it counts nothing")]
BufferDays = Annotated[int, *whole(0, 7, "days before the exam that stay free")]
DeckIds = Annotated[tuple[Id, ...], Field(min_length=1, max_length=500)]
DaysOff = Annotated[tuple[Day, ...], Field(max_length=366)]
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SECTION = rf"^{_UUID}(?:/[^\x00]{{0,900}})?$"
SectionKey = Annotated[str, Field(pattern=_SECTION)]


class SectionMark(Wire):
    """How a deck or a part of it counts; without a share as its number of cards does."""

    share: Share | None = None
    pinned: bool = False
    dropped: bool = False


class ExamResult(Wire):
    """How it went, as far as the learner wants to tell."""

    passed: bool | None = None
    score: Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")] | None = None


def _marks(names: str, most: int, mark: dict[str, Any]) -> WithJsonSchema:
    """The schema of marks by name; pydantic's own would let any name pass."""
    return WithJsonSchema(
        {
            "type": "object",
            "maxProperties": most,
            "propertyNames": {"type": "string", "pattern": names},
            "additionalProperties": {"anyOf": [mark, {"type": "null"}]},
        }
    )


Sections = Annotated[
    dict[SectionKey, SectionMark | None],
    Field(max_length=500),
    _marks(_SECTION, 500, TypeAdapter(SectionMark).json_schema()),
]
CardMarks = Annotated[
    dict[Id, Literal["pinned", "dropped"] | None],
    Field(max_length=1_000),
    _marks(f"^{_UUID}$", 1_000, {"type": "string", "enum": ["pinned", "dropped"]}),
]


class ExamCreateFields(Wire):
    """An exam: when, on what (all decks when none are named), and how many minutes a day there are for it."""

    name: Name
    day: Day
    minutes: Week
    time: MinuteOfDay | None = None
    decks: DeckIds | None = None
    sections: Sections | None = None
    cards: CardMarks | None = None
    days_off: DaysOff | None = None
    target: Target | None = None
    buffer_days: BufferDays | None = None


class ExamUpdateFields(Wire):
    """What changes; what is left out stays. A section or card given as null is marked no longer."""

    name: Name | None = None
    day: Day | None = None
    minutes: Week | None = None
    time: MinuteOfDay | None = None
    decks: DeckIds | None = None
    sections: Sections | None = None
    cards: CardMarks | None = None
    days_off: DaysOff | None = None
    target: Target | None = None
    buffer_days: BufferDays | None = None
    result: ExamResult | None = None
    archived: bool | None = None


NULLABLE = frozenset({"time", "decks", "target", "result"})
"""Fields in which null is a value; in others it says nothing."""


def given_fields(fields: Wire) -> dict[str, Any]:
    """What a body says of an exam, as plain JSON."""
    given = fields.model_dump(mode="json", exclude_unset=True)
    return {name: value for name, value in given.items() if value is not None or name in NULLABLE}


class ExamRow(Out):
    """An exam as it stands."""

    id: UUID
    name: str
    day: int
    time: int | None
    decks: list[UUID] | None
    sections: dict[str, SectionMark]
    cards: dict[str, Literal["pinned", "dropped"]]
    minutes: list[int]
    days_off: list[int]
    target: float | None
    buffer_days: int
    result: ExamResult | None
    archived: bool
    version: int
    seq: int


class Band(Out):
    """The expected share of what counts that is known at the exam; four in five outcomes lie in the band."""

    mean: float
    low: float
    high: float


class PathDay(Out):
    """What is expected after a day of the plan, if study ended with it."""

    day: int
    seconds: float
    new_cards: float
    mean: float
    low: float
    high: float


class PastDay(Out):
    """A day gone by: seconds there were and seconds spent, and what was said in its morning."""

    day: int
    planned: float
    spent: float
    readiness: Band
    outlook: Band


class SectionOut(Out):
    """A deck of the exam (`path` empty) or a part of it."""

    key: str
    deck_id: UUID
    path: list[str]
    cards: int
    seen: int
    share: float
    readiness: Band
    pinned: bool
    dropped: bool


class LeftOut(Out):
    """New cards that the minutes will probably not reach; the first 200 by name."""

    count: int
    cards: list[UUID]


class ExamPlanRow(Out):
    """Where the learner stands for an exam on `day`: if nothing more is studied, and if the plan is kept."""

    exam_id: UUID
    day: int
    made_at: int
    exam_version: int
    seq: int
    state: State
    cards: int
    seen: int
    seconds: float
    readiness: Band
    outlook: Band
    five_more: float
    path: list[PathDay]
    history: list[PastDay]
    sections: list[SectionOut]
    left_out: LeftOut

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, row: Any) -> Any:
        """The columns of a row beside what its body says."""
        if isinstance(row, dict):
            return row
        names = ("exam_id", "day", "made_at", "exam_version", "seq")
        return {**row.body, **{name: getattr(row, name) for name in names}}


class DayPlanRow(Out):
    """The plan of a day for all running exams together, small enough to study by it without a network."""

    day: int
    made_at: int
    seq: int
    exams: list[UUID]
    at: list[float]
    seconds: list[float]
    count: int
    cards: str
    tables: dict[str, Any]

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, row: Any) -> Any:
        """The columns of a row beside what its body says."""
        if isinstance(row, dict):
            return row
        return {**row.body, "day": row.day, "made_at": row.made_at, "seq": row.seq}
