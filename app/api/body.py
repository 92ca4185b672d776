"""From a request's bytes to a checked value: size, packing, depth, then the strict model, in that order."""

import json
import re
import zlib
from typing import TypeVar

from flask import request
from pydantic import BaseModel, ValidationError

from app.api.errors import Problem, invalid

LARGEST_BODY = 2_000_000
LARGEST_UNPACKED = 8_000_000
DEEPEST_JSON = 32

Model = TypeVar("Model", bound=BaseModel)

# An open string ends with the text: without the last group's second half a run of \" would cost its square.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_BRACKETS = bytes.maketrans(b"{}", b"[]")
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def read_json(model: type[Model]) -> Model:
    """The request's body as `model`. Raises Problem 400, 413, 415 or 422 (a pointer for each wrong field)."""
    if request.mimetype != "application/json":
        raise Problem(415, "body-not-json")
    raw = _unpacked(request.get_data(cache=False))
    if not raw.strip():
        raise Problem(400, "json-malformed", place="line 1")
    if deeper_than(raw, DEEPEST_JSON):
        raise Problem(400, "json-too-deep", limit=DEEPEST_JSON)
    try:
        return model.model_validate_json(raw)
    except ValidationError as wrong:
        raise _refusal(wrong, raw) from None


def _refusal(wrong: ValidationError, raw: bytes) -> Problem:
    first = wrong.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        place = str(first.get("ctx", {}).get("error", "")).rpartition(" at ")[2]
        return Problem(400, "json-malformed", place=place)
    return invalid(wrong, json.loads(raw))


def read_query(model: type[Model]) -> Model:
    """The query string as `model`. Raises Problem 422, also for a parameter that is given twice."""
    given = request.args.to_dict(flat=False)
    twice = [name for name, values in given.items() if len(values) > 1]
    if twice:
        raise Problem(422, "validation", errors=[(f"/{name}", "given_twice", {}) for name in twice])
    single = {name: values[0] for name, values in given.items()}
    try:
        return model.model_validate(single)
    except ValidationError as wrong:
        raise invalid(wrong, single) from None


def deeper_than(raw: bytes, limit: int) -> bool:
    """Whether brackets nest deeper than `limit`, without parsing: a round takes the innermost pairs away."""
    brackets = _STRING.sub(b"", raw).translate(_BRACKETS, _NOT_BRACKETS)
    for _ in range(limit):
        rest = brackets.replace(b"[]", b"")
        if len(rest) == len(brackets):
            break
        brackets = rest
    return b"[]" in brackets or brackets.count(b"[") > limit


def _unpacked(raw: bytes) -> bytes:
    packing = request.headers.get("Content-Encoding", "identity").strip().lower()
    if packing in ("", "identity"):
        return raw
    if packing != "gzip":
        raise Problem(415, "packing-unknown", headers={"Accept-Encoding": "gzip"})
    unpacker = zlib.decompressobj(wbits=31)
    try:
        data = unpacker.decompress(raw, LARGEST_UNPACKED + 1)
    except zlib.error:
        raise Problem(400, "packing-broken") from None
    if len(data) > LARGEST_UNPACKED:
        raise Problem(413, "body-too-large", limit=LARGEST_UNPACKED)
    if not unpacker.eof or unpacker.unused_data:
        raise Problem(400, "packing-broken")
    return data
