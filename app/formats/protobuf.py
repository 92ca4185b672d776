"""As much of the protocol buffers wire format as Anki's files need, read with bounds and written back.

https://protobuf.dev/programming-guides/encoding/. A message is a mapping from field number to the values in
the order they came; unknown fields are kept, so nothing breaks when Anki adds one.
"""

import struct
from collections.abc import Iterable
from typing import Final

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
MOST_FIELDS: Final = 200_000

Value = int | bytes
Message = dict[int, list[Value]]


class BadMessage(ValueError):
    """The bytes are no protobuf message."""


def read_message(data: bytes, most_fields: int = MOST_FIELDS) -> Message:
    """The fields of one message; fixed-width values come as their raw bytes. Raises BadMessage."""
    message: Message = {}
    position = count = 0
    while position < len(data):
        key, position = _read_varint(data, position)
        number, wire = key >> 3, key & 7
        count += 1
        if number == 0 or count > most_fields:
            raise BadMessage("field number or count")
        value: Value
        if wire == VARINT:
            value, position = _read_varint(data, position)
        else:
            size, position = _size_of(wire, data, position)
            value = data[position : position + size]
            if len(value) != size:
                raise BadMessage("cut short")
            position += size
        message.setdefault(number, []).append(value)
    return message


def number(message: Message, field: int, default: int = 0) -> int:
    """The last value of an integer field. Raises BadMessage when it is not one."""
    value = message.get(field, [default])[-1]
    if not isinstance(value, int):
        raise BadMessage(f"field {field} is no integer")
    return value


def raw(message: Message, field: int) -> bytes:
    """The last value of a bytes field, empty when absent. Raises BadMessage when it is something else."""
    value = message.get(field, [b""])[-1]
    if not isinstance(value, bytes):
        raise BadMessage(f"field {field} is no string")
    return value


def text(message: Message, field: int) -> str:
    """The last value of a string field. Raises BadMessage for other types and for bytes not in UTF-8."""
    try:
        return raw(message, field).decode()
    except UnicodeDecodeError as error:
        raise BadMessage(f"field {field} is not UTF-8") from error


def floats(message: Message, field: int) -> list[float]:
    """A repeated float, packed or not. Raises BadMessage."""
    found: list[float] = []
    for value in message.get(field, []):
        if not isinstance(value, bytes) or len(value) % 4:
            raise BadMessage(f"field {field} holds no floats")
        found += struct.unpack(f"<{len(value) // 4}f", value)
    return found


def varint_field(field: int, value: int) -> bytes:
    """An integer field; zero, the default, is not written."""
    return _varint(field << 3 | VARINT) + _varint(value) if value else b""


def bytes_field(field: int, value: bytes | str, *, always: bool = False) -> bytes:
    """A string, bytes or message field; an empty one is written only where its presence matters."""
    data = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | BYTES) + _varint(len(data)) + data if data or always else b""


def float_field(field: int, value: float) -> bytes:
    return _varint(field << 3 | FIXED32) + struct.pack("<f", value)


def packed_floats(field: int, values: Iterable[float]) -> bytes:
    return bytes_field(field, b"".join(struct.pack("<f", value) for value in values))


def _size_of(wire: int, data: bytes, position: int) -> tuple[int, int]:
    if wire == BYTES:
        return _read_varint(data, position)
    if wire == FIXED64:
        return 8, position
    if wire == FIXED32:
        return 4, position
    raise BadMessage(f"wire type {wire}")


def _read_varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 70:
        if position >= len(data):
            raise BadMessage("cut short")
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, position
        shift += 7
    raise BadMessage("integer too long")


def _varint(value: int) -> bytes:
    value &= 0xFFFF_FFFF_FFFF_FFFF
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)
