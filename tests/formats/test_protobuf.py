"""The wire format: what is written is read, and any bytes end in a message or in BadMessage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats.protobuf import (
    BadMessage,
    bytes_field,
    float_field,
    floats,
    number,
    packed_floats,
    raw,
    read_message,
    text,
    varint_field,
)  # fmt: skip


@given(st.integers(1, 2**64 - 1), st.binary(min_size=1, max_size=300), st.text(min_size=1, max_size=20))
def test_what_is_written_is_read(value: int, data: bytes, words: str) -> None:
    message = read_message(varint_field(1, value) + bytes_field(200, data) + bytes_field(3, words))
    assert (number(message, 1), raw(message, 200), text(message, 3)) == (value, data, words)


def test_defaults_are_not_written() -> None:
    assert varint_field(1, 0) == b""
    assert bytes_field(1, "") == b""
    assert bytes_field(1, "", always=True) == b"\x0a\x00"
    assert number({}, 1, 7) == 7
    assert raw({}, 1) == b""


def test_floats_packed_or_not() -> None:
    assert floats(read_message(packed_floats(1, (1.0, 10.0))), 1) == [1.0, 10.0]
    assert floats(read_message(float_field(1, 0.5) + float_field(1, 2.0)), 1) == [0.5, 2.0]


@given(st.binary(max_size=200))
def test_any_bytes_end(data: bytes) -> None:
    try:
        message = read_message(data)
    except BadMessage:
        return
    assert all(key > 0 for key in message)


@pytest.mark.parametrize("data", [b"\x08", b"\x0a\x05abc", b"\x0b", b"\x00\x01", b"\x08" + b"\xff" * 11])
def test_broken_messages(data: bytes) -> None:
    with pytest.raises(BadMessage):
        read_message(data)


def test_values_of_another_type() -> None:
    message = read_message(varint_field(1, 5) + bytes_field(2, b"\xff") + bytes_field(3, b"abc"))
    for ask in (raw, text, floats):
        with pytest.raises(BadMessage):
            ask(message, 1)
    with pytest.raises(BadMessage):
        number(message, 2)
    with pytest.raises(BadMessage):
        text(message, 2)
    with pytest.raises(BadMessage):
        floats(message, 3)
    with pytest.raises(BadMessage):
        read_message(varint_field(1, 1) * 9, most_fields=8)
