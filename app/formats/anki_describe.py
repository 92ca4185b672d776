"""What a written collection says about itself, in JSON columns (schema 11) or in tables (schema 18)."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from app.formats.drafts import ImportedDeck, NoteTypeDraft
from app.formats.protobuf import bytes_field, float_field, packed_floats, varint_field

_LATEX_PRE: Final = (
    "\\documentclass[12pt]{article}\n\\special{papersize=3in,5in}\n\\usepackage[utf8]{inputenc}\n"
    "\\usepackage{amssymb,amsmath}\n\\pagestyle{empty}\n\\setlength{\\parindent}{0in}\n\\begin{document}\n"
)
_LATEX_POST: Final = "\\end{document}"
_DEFAULT: Final = ImportedDeck("1", "Default")
_NEW, _REVIEWS, _RETENTION = 20, 200, 0.9

Described = tuple[str, str, str, str, str]  # conf, models, decks, dconf, tags


def note_type_id(key: str) -> int:
    """Anki's id of a note type: its own, or one made from the key."""
    if key.isdecimal() and len(key) < 16:
        return int(key)
    return 1_600_000_000_000 + int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big")


def distinct(names: Iterable[str]) -> Iterator[str]:
    """The names with a number added where Anki, which ignores case, would see one twice."""
    seen: set[str] = set()
    for name in names:
        own, number = name, 2
        while own.casefold() in seen:
            own, number = f"{name} {number}", number + 1
        seen.add(own.casefold())
        yield own


def describe_legacy(
    connection: Any,
    note_types: Iterable[NoteTypeDraft],
    decks: Mapping[int, ImportedDeck],
    settings: Mapping[str, Any],
) -> Described:
    """The JSON columns of `col`."""
    models = {str(note_type_id(one.key)): _model(one) for one in note_types}
    groups = {str(key): _options_json(key, deck) for key, deck in _with_default(decks).items()}
    own = {str(key): _deck_json(key, deck) for key, deck in _with_default(decks).items()}
    return (
        *(json.dumps(part, ensure_ascii=False) for part in (settings, models, own, groups)),  # type: ignore[return-value]
        "{}",
    )


def describe_modern(
    connection: Any,
    note_types: Iterable[NoteTypeDraft],
    decks: Mapping[int, ImportedDeck],
    settings: Mapping[str, Any],
) -> Described:
    """Fills the tables; the JSON columns of `col` stay empty."""
    connection.executemany(
        "insert into config values (?, 0, 0, ?)",
        ((key, json.dumps(value).encode()) for key, value in settings.items()),
    )
    for key, deck in _with_default(decks).items():
        name = deck.name.replace("::", "\x1f")
        normal = varint_field(1, key) + bytes_field(4, deck.description)
        connection.execute(
            "insert into decks values (?, ?, 0, -1, ?, ?)",
            (key, name, varint_field(1, 1), bytes_field(1, normal)),
        )
        connection.execute(
            "insert into deck_config values (?, ?, 0, -1, ?)", (key, f"{deck.name} {key}", _options(deck))
        )
    for note_type in note_types:
        _insert_note_type(connection, note_type)
    return "", "", "", "", ""


def _insert_note_type(connection: Any, note_type: NoteTypeDraft) -> None:
    key = note_type_id(note_type.key)
    config = (
        varint_field(1, note_type.kind == "cloze")
        + bytes_field(3, note_type.css)
        + bytes_field(5, _LATEX_PRE)
        + bytes_field(6, _LATEX_POST)
    )
    connection.execute("insert into notetypes values (?, ?, 0, -1, ?)", (key, note_type.name, config))
    field = bytes_field(3, "Arial") + varint_field(4, 20)
    connection.executemany(
        "insert into fields values (?, ?, ?, ?)",
        ((key, place, name, field) for place, name in enumerate(distinct(note_type.fields))),
    )
    names = distinct(one.name for one in note_type.templates)
    connection.executemany(
        "insert into templates values (?, ?, ?, 0, -1, ?)",
        (
            (key, place, name, bytes_field(1, one.front) + bytes_field(2, one.back))
            for place, (name, one) in enumerate(zip(names, note_type.templates, strict=True))
        ),
    )


def _with_default(decks: Mapping[int, ImportedDeck]) -> dict[int, ImportedDeck]:
    return {1: _DEFAULT, **decks}


def _options(deck: ImportedDeck) -> bytes:
    return (
        packed_floats(1, (1.0, 10.0))
        + packed_floats(2, (10.0,))
        + varint_field(9, _NEW if deck.new_per_day is None else deck.new_per_day)
        + varint_field(10, _REVIEWS if deck.reviews_per_day is None else deck.reviews_per_day)
        + float_field(11, 2.5)
        + float_field(12, 1.3)
        + float_field(13, 1.2)
        + float_field(15, 1.0)
        + varint_field(16, 36_500)
        + varint_field(17, 1)
        + varint_field(18, 1)
        + varint_field(19, 4)
        + varint_field(22, 8)
        + varint_field(24, 60)
        + float_field(37, deck.desired_retention or _RETENTION)
        + float_field(40, 0.9)
    )


def _options_json(key: int, deck: ImportedDeck) -> dict[str, Any]:
    new = _NEW if deck.new_per_day is None else deck.new_per_day
    reviews = _REVIEWS if deck.reviews_per_day is None else deck.reviews_per_day
    return {
        "id": key, "mod": 0, "name": f"{deck.name} {key}", "usn": -1, "maxTaken": 60, "autoplay": True,
        "timer": 0, "replayq": True, "dyn": False, "desiredRetention": deck.desired_retention or _RETENTION,
        "new": {"bury": False, "delays": [1.0, 10.0], "initialFactor": 2500, "ints": [1, 4, 0], "order": 1,
                "perDay": new},
        "rev": {"bury": False, "ease4": 1.3, "ivlFct": 1.0, "maxIvl": 36500, "perDay": reviews,
                "hardFactor": 1.2},
        "lapse": {"delays": [10.0], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0.0},
    }  # fmt: skip


def _deck_json(key: int, deck: ImportedDeck) -> dict[str, Any]:
    return {
        "id": key, "mod": 0, "name": deck.name, "usn": -1, "lrnToday": [0, 0], "revToday": [0, 0],
        "newToday": [0, 0], "timeToday": [0, 0], "collapsed": False, "browserCollapsed": False,
        "desc": deck.description, "dyn": 0, "conf": key, "extendNew": 0, "extendRev": 0,
    }  # fmt: skip


def _model(note_type: NoteTypeDraft) -> dict[str, Any]:
    return {
        "id": note_type_id(note_type.key), "name": note_type.name, "type": int(note_type.kind == "cloze"),
        "mod": 0, "usn": -1, "sortf": 0, "did": None, "css": note_type.css, "latexPre": _LATEX_PRE,
        "latexPost": _LATEX_POST, "latexsvg": False, "req": [], "tags": [], "vers": [],
        "flds": [
            {"name": name, "ord": place, "sticky": False, "rtl": False, "font": "Arial", "size": 20}
            for place, name in enumerate(note_type.fields)
        ],
        "tmpls": [
            {"name": one.name, "ord": place, "qfmt": one.front, "afmt": one.back, "bqfmt": "", "bafmt": "",
             "did": None, "bfont": "", "bsize": 0}
            for place, one in enumerate(note_type.templates)
        ],
    }  # fmt: skip
