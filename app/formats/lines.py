"""Import records as JSON lines, and back with every type checked again.

The reading side trusts nothing: a line that is not exactly a record raises BadLine. Records are objects that
name their kind; notes, of which there may be half a million, are lists (`app.formats.note_lines`).
"""

import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import orjson

from app.formats.anki_values import json_of
from app.formats.documents.blocks import Block, DocumentHeader, Piece
from app.formats.drafts import (
    Header,
    ImportedDeck,
    ImportedNote,
    MediaDraft,
    NoteTypeDraft,
    Record,
    Skipped,
    TableDraft,
)
from app.formats.note_lines import note_from, note_line
from app.formats.refusals import FileRefused
from app.formats.wire import (
    MOST_MEMBERS,
    MOST_NAMES,
    BadLine,
    accepted,
    any_text,
    real_number,
    scalar,
    truth,
    whole_number,
)

KINDS: Final[dict[str, type]] = {
    "header": Header,
    "table": TableDraft,
    "note-type": NoteTypeDraft,
    "deck": ImportedDeck,
    "media": MediaDraft,
    "skipped": Skipped,
    "document": DocumentHeader,
    "block": Block,
}
_NAMES: Final = {kind: name for name, kind in KINDS.items()}

_Reader = Callable[[Any], Any]


def write_lines(records: Iterable[Record | Piece]) -> Iterator[bytes]:
    """One line a record. Fields that have their default are left out."""
    for record in records:
        if type(record) is ImportedNote:
            yield note_line(record)
        else:
            told = {"record": _NAMES[type(record)], **_plain(record)}
            yield orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)


def read_line(line: str | bytes) -> Record | Piece:
    """Raises BadLine."""
    if isinstance(line, bytes) and line.startswith(b"["):
        return note_from(line)
    try:
        value = json_of(line, "line")
    except FileRefused as error:
        raise BadLine("no JSON") from error
    name = value.pop("record", "") if isinstance(value, dict) else ""
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise BadLine("unknown record")
    record: Record | Piece = _reader(kind)(value)
    return record


def _plain(value: Any) -> Any:
    kind: Any = type(value)
    if kind in _LEAVES:
        return value
    if kind is tuple:
        return [_plain(member) for member in value]
    return {
        name: _plain(own)
        for name, default in _defaults(kind)
        if (own := getattr(value, name)) != default and (own or type(own) not in _COLLECTIONS)
    }


_COLLECTIONS: Final = frozenset({tuple, dict})
_LEAVES: Final = frozenset({str, int, float, bool, type(None), dict})


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((one.name, one.default) for one in fields(kind))


@cache
def _reader(kind: Any) -> _Reader:
    """What turns a JSON value into a value of that type, or raises BadLine."""
    if kind in _SCALARS:
        return _SCALARS[kind]
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Literal:
        return lambda value: accepted(value, type(value) is str and value in inside, kind)
    if origin in (Union, types.UnionType):
        return _union_reader(inside)
    if origin is tuple:
        return _tuple_reader(_reader(inside[0]))
    if origin is dict:
        return _dict_reader(_reader(inside[1]))
    raise TypeError(f"no reader for {kind}")


def _dataclass_reader(kind: Any) -> _Reader:
    hints = get_type_hints(kind)
    readers = {one.name: _reader(hints[one.name]) for one in fields(kind)}
    needed = {one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING}

    def read(value: Any) -> Any:
        if not isinstance(value, dict) or not value.keys() <= readers.keys():
            raise BadLine(f"not a {kind.__name__}")
        own = {name: readers[name](part) for name, part in value.items()}
        lacking = needed - own.keys()
        # Empty tuples and dicts are not written, also where the record has no default for them.
        own |= {name: readers[name](_EMPTY[get_origin(hints[name])]) for name in lacking & _EMPTYABLE[kind]}
        if not needed <= own.keys():
            raise BadLine(f"{kind.__name__} lacks {sorted(needed - own.keys())}")
        return kind(**own)

    return read


_EMPTY: Final[dict[Any, Any]] = {tuple: [], dict: {}}


class _Emptyable(dict[Any, frozenset[str]]):
    """For each record, the fields that may be left out because they are empty collections."""

    def __missing__(self, kind: Any) -> frozenset[str]:
        hints = get_type_hints(kind)
        found = frozenset(name for name, hint in hints.items() if get_origin(hint) in _EMPTY)
        self[kind] = found
        return found


_EMPTYABLE: Final = _Emptyable()


def _union_reader(inside: tuple[Any, ...]) -> _Reader:
    readers = [_reader(one) for one in inside if one is not type(None)]
    optional = type(None) in inside

    def read(value: Any) -> Any:
        if value is None and optional:
            return None
        for one in readers:
            try:
                return one(value)
            except BadLine:
                continue
        raise BadLine(f"{value!r:.40} fits no {inside}")

    return read


def _tuple_reader(member: _Reader) -> _Reader:
    def read(value: Any) -> Any:
        if not isinstance(value, list) or len(value) > MOST_MEMBERS:
            raise BadLine("not a list")
        return tuple(map(member, value))

    return read


def _dict_reader(member: _Reader) -> _Reader:
    def read(value: Any) -> Any:
        if not isinstance(value, dict) or len(value) > MOST_NAMES:
            raise BadLine("not an object")
        return {any_text(key): member(own) for key, own in value.items()}

    return read


_SCALARS: Final[dict[Any, _Reader]] = {
    str: any_text,
    int: whole_number,
    float: real_number,
    bool: truth,
    Any: scalar,
}
