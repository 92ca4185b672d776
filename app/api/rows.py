"""The rows that the phone keeps, as they stand on the wire; several resources answer with them."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from app.api.fields import Out, Retention, Wire, whole

Language = Literal["zh", "en"]
NoteKind = Literal["basic", "reverse", "cloze", "list", "type", "choice"]
EventKind = Literal["answer", "undo", "suspend", "unsuspend", "bury", "flag", "reset", "due", "seed"]
Minutes = Annotated[int, *whole(1, 43_200, "minutes")]
Steps = Annotated[tuple[Minutes, ...], Field(max_length=10)]
PerDay = Annotated[int, *whole(0, 9_999, "cards a day")]


TapAct = Literal["none", "again", "hard", "good", "easy", "undo"]


Day = Annotated[int, *whole(0, 200_000, "days since 1970")]


class Break(Wire):
    """Learner days on which nobody studies, both ends included."""

    first: Day
    last: Day


class Settings(Wire):
    """How the app looks and behaves for this learner; what is left out stays, null goes back to the usual."""

    theme: Literal["auto", "light", "dark"] | None = None
    new_per_day: PerDay | None = None
    reviews_per_day: PerDay | None = None
    text_size: Annotated[int, *whole(80, 200, "percent")] | None = None
    left_handed: bool | None = None
    two_buttons: bool | None = None
    answer_tap: bool | None = None
    haptics: bool | None = None
    swipes: bool | None = None
    speech: Literal["off", "auto"] | None = None
    timer: bool | None = None
    never_type: bool | None = None
    breaks: Annotated[tuple[Break, ...], Field(max_length=20)] | None = None
    catch_up: Annotated[int, *whole(1, 9_999, "cards a day")] | None = None
    session_length: Literal["none", "5min", "10min", "20min", "20cards", "50cards"] | None = None
    tap_left: TapAct | None = None
    tap_middle: TapAct | None = None
    tap_right: TapAct | None = None
    tap_guard_ms: Annotated[int, *whole(0, 500, "milliseconds")] | None = None


NewOrder = Literal["position", "random"]
ReviewOrder = Literal["due", "random", "retrievability"]
Mix = Literal["mix", "new-first", "reviews-first"]
ReadAloud = Literal["off", "question", "both"]
Voice = Literal["auto", "zh-CN", "zh-HK", "zh-TW", "en", "ja", "ko", "fr", "de", "es", "ru"]


class DeckOptions(Wire):
    """How a deck with all below it is studied; what is left out stays as it is, null follows the deck above,
    or the learner where none says anything."""

    new_per_day: PerDay | None = None
    reviews_per_day: PerDay | None = None
    new_order: NewOrder | None = None
    review_order: ReviewOrder | None = None
    mix: Mix | None = None
    desired_retention: Retention | None = None
    read_aloud: ReadAloud | None = None
    voice: Voice | None = None


class LearnerRow(Out):
    """Who learns, and how."""

    id: UUID
    kind: Literal["anonymous", "named"]
    name: str | None
    language: Language
    zone: str
    rollover_hour: int
    settings: dict[str, Any]
    parameters_version: int


class ParametersRow(Out):
    """One version of the scheduler's parameters."""

    version: int
    from_at: int
    weights: list[float]
    desired_retention: float
    learning_steps: list[int]
    relearning_steps: list[int]
    maximum_interval: int


class DeckRow(Out):
    """A deck without its cards."""

    id: UUID
    name: str
    slug: str | None
    origin: Literal["shipped", "import", "text", "own"]
    origin_version: str | None
    options: dict[str, Any]
    position: int
    version: int
    seq: int


class Side(Out):
    """One card of a note of kind "anki": both sides as clean HTML."""

    ordinal: int
    front: str
    back: str


class NoteRow(Out):
    """A note: what the cards are made of. Fields of format "html" are clean HTML.

    `sides` are the cards of a note of kind "anki"; `media` are hashes of the files that it asks for, by name.
    """

    id: UUID
    deck_id: UUID
    kind: str
    format: Literal["text", "html"]
    fields: dict[str, str]
    tags: list[str]
    guid: str
    source: dict[str, Any] | None
    version: int
    seq: int
    note_type_id: UUID | None
    sides: list[Side] | None
    media: dict[str, str]


class CardRow(Out):
    """A card and its cached schedule. `phase`: 0 new, 1 learning, 2 review, 3 relearning."""

    id: UUID
    note_id: UUID
    deck_id: UUID
    ordinal: int
    position: int
    phase: int
    step: int | None
    stability: float | None
    difficulty: float | None
    due_day: int | None
    due_at: int | None
    last_day: int | None
    last_at: int | None
    reps: int
    lapses: int
    suspended: bool
    buried_until: int | None
    flag: int
    version: int
    seq: int


class EventRow(Out):
    """One act of the learner on a card, as the log holds it."""

    id: UUID
    card_id: UUID
    kind: EventKind
    rating: int | None
    at: int
    clock_offset_ms: int
    day: int
    duration_ms: int
    device_id: UUID
    device_seq: int
    received_at: int
    effective_at: int
    data: dict[str, Any]


class ConflictOut(Out):
    """A field that two sides changed: what stands now, and what was kept in the note's history."""

    entity_id: UUID
    field: str
    kept: Any
    other: Any
