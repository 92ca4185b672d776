"""The words of the wire: bounded, strict types that the DTOs of every resource are made of.

A schema generated from them says the same as the check does, so whatever the document allows is accepted.
"""

import re
import unicodedata
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    WithJsonSchema,
)

SAFE_INTEGER = 2**53 - 1
"""The largest whole number that JavaScript reads exactly."""
LAST_MOMENT = 253_402_300_799_999
"""The last millisecond of the year 9999: what calendars can still compute with."""
LAST_DAY = 2_932_896
"""The learner day on which the year 9999 ends."""

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_WHOLE_TEXT = re.compile(r"-?[0-9]{1,17}(?:\.0{1,9})?", re.ASCII)


# Control characters and all white space: \s means something else in Rust, in Python and in JavaScript.
_BLANK = r"\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"


class Wire(BaseModel):
    """What all DTOs share: nothing is coerced, nothing unknown passes, nothing changes afterwards.

    A server that starts builds the checkers of none; each is built when a request first needs it.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)


class Out(BaseModel):
    """What goes out: built from the services' results by name."""

    model_config = ConfigDict(
        from_attributes=True, extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True
    )


class Query(BaseModel):
    """The parameters behind the question mark: texts, so numbers are read from them; otherwise as strict."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def _whole(value: Any) -> Any:
    """JSON knows no integers: 1.0 is 1. (Placed after the bounds: they stay in the schema.)"""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def whole_text(value: Any) -> Any:
    """A whole number out of the text of a query."""
    if isinstance(value, str) and _WHOLE_TEXT.fullmatch(value):
        return int(value.partition(".")[0])
    return value if not isinstance(value, str) else object()


def _hyphenated(value: Any) -> Any:
    """pydantic also takes braces, urn: and bare hex: one object would have many names."""
    if isinstance(value, str) and not _UUID.fullmatch(value):
        raise ValueError("uuid")
    return value


def _composed(value: str) -> str:
    return unicodedata.normalize("NFC", value)


def _trimmed(value: str) -> str:
    return unicodedata.normalize("NFC", value).strip()


Id = Annotated[UUID, BeforeValidator(_hyphenated)]
Count = Annotated[int, Field(ge=0, le=SAFE_INTEGER), BeforeValidator(_whole)]
Small = Annotated[int, Field(ge=0, le=65_535), BeforeValidator(_whole)]
Place = Annotated[int, Field(ge=0, le=2**31 - 1), BeforeValidator(_whole)]
Version = Annotated[
    int,
    Field(ge=0, le=2**31 - 1, description="the row's version this starts from"),
    BeforeValidator(_whole),
]
Moment = Annotated[
    int, Field(ge=0, le=LAST_MOMENT, description="milliseconds since 1970, UTC"), BeforeValidator(_whole)
]
Offset = Annotated[
    int,
    Field(
        ge=-4_000_000_000_000, le=4_000_000_000_000, description="the device's clock minus the server's, ms"
    ),
    BeforeValidator(_whole),
]
Day = Annotated[
    int,
    Field(ge=0, le=LAST_DAY, description="learner day: whole days since 1970-01-01"),
    BeforeValidator(_whole),
]
Rating = Annotated[
    int, Field(ge=1, le=4, description="1 Again, 2 Hard, 3 Good, 4 Easy"), BeforeValidator(_whole)
]
Retention = Annotated[float, Field(ge=0.70, le=0.99, description="the share of due cards to be remembered")]


def whole(low: int, high: int, description: str | None = None) -> Any:
    """The annotations of an integer between two bounds, both included."""
    return Field(ge=low, le=high, description=description), BeforeValidator(_whole)


# --- texts ---
# Bounds count code points as sent. NUL is refused because PostgreSQL cannot hold it; the JSON reader lets no
# lone surrogates in.

Name = Annotated[
    str,
    Field(min_length=1, max_length=200, pattern=rf"^[^\x00-\x1f\x7f]*[^{_BLANK}][^\x00-\x1f\x7f]*$"),
    AfterValidator(_trimmed),
]
Text = Annotated[str, Field(max_length=20_000, pattern=r"^[^\x00]*$"), AfterValidator(_composed)]
Search = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$"), AfterValidator(_composed)]
LongSearch = Annotated[str, Field(max_length=400, pattern=r"^[^\x00]*$"), AfterValidator(_composed)]
Tag = Annotated[
    str, Field(min_length=1, max_length=100, pattern=rf"^[^{_BLANK}]+$"), AfterValidator(_composed)
]
Tags = Annotated[tuple[Tag, ...], Field(max_length=100)]
FieldName = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
NoteFields = Annotated[
    dict[FieldName, Text],
    Field(min_length=1, max_length=50),
    # pydantic's own schema would check only fields whose names fit, and let all others pass
    WithJsonSchema(
        {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 50,
            "propertyNames": TypeAdapter(FieldName).json_schema(),
            "additionalProperties": TypeAdapter(Text).json_schema(),
        }
    ),
]
Slug = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z0-9][a-z0-9-]*$")]
Code = Annotated[str, Field(max_length=100, pattern=r"^[\x20-\x7e]*$")]
Secret = Annotated[
    str, Field(min_length=1, max_length=1_000, pattern=r"^[^\x00]*$"), AfterValidator(_composed)
]
Cursor = Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9_.:=-]*$")]
ZoneName = Annotated[
    str,
    Field(
        min_length=1,
        max_length=64,
        pattern=r"^[A-Za-z0-9_+/-]+$",
        description="IANA name, e.g. Asia/Shanghai",
    ),
]

QueryPlace = Annotated[int, Field(ge=0, le=2**31 - 1), BeforeValidator(whole_text)]
QueryDay = Annotated[int, Field(ge=0, le=LAST_DAY), BeforeValidator(whole_text)]
Limit = Annotated[
    int, Field(ge=1, le=500, description="rows of one page at most"), BeforeValidator(whole_text)
]


class Page(Query):
    """Which rows of a list: go on after `cursor` (the `next` of the page before), `limit` rows at most."""

    cursor: Cursor | None = None
    limit: Limit = 100
