"""Builds Anki collections and packages row by row, valid ones and every kind of broken one."""

import io
import json
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pysqlite3.dbapi2 as sqlite
import zstandard

from app.formats import anki_schema
from app.formats.protobuf import bytes_field, float_field, varint_field

CREATED: Final = 1_700_000_000 - 1_700_000_000 % 86_400  # a midnight, UTC
FIRST_DAY: Final = CREATED // 86_400
NOW: Final = (CREATED + 400 * 86_400) * 1000
PNG: Final = b"\x89PNG\r\n\x1a\n" + b"pixels"
STUB_TEXT: Final = "Please update to the latest Anki version, then import the .colpkg/.apkg file again.\x1f"
BASIC, CLOZE, ODD = 101, 102, 103
DECK, CHILD, FILTERED_DECK = 201, 202, 203

_CARD_NUMBERS: Final = (
    "mod", "usn", "type", "queue", "due", "ivl", "factor", "reps", "lapses", "left", "odue", "odid", "flags",
)  # fmt: skip

Row = Sequence[Any]


def card(
    card_id: int, note_id: int, *, deck: int = DECK, ordinal: int = 0, data: Any = "{}", **own: int
) -> list[Any]:
    """A row of the card table; new unless `own` says otherwise (keys are Anki's column names)."""
    values = {"due": card_id % 1000, **own}
    return [card_id, note_id, deck, ordinal, *(values.get(name, 0) for name in _CARD_NUMBERS), data]


def review(at: int, card_id: int, ease: int = 3, **own: int) -> list[Any]:
    """A row of the review log at `at` ms."""
    row = {"ivl": 1, "lastIvl": -600, "factor": 2500, "time": 4000, "type": 0, **own}
    return [at, card_id, -1, ease, *(row[name] for name in ("ivl", "lastIvl", "factor", "time", "type"))]


def note(note_id: int, *values: str, mid: int = BASIC, guid: str | None = None, tags: str = "") -> list[Any]:
    flds = "\x1f".join(values)
    return [note_id, f"g{note_id}" if guid is None else guid, mid, 0, -1, tags, flds, values[0], 0, 0, ""]


@dataclass
class Collection:
    """What goes into a collection; the defaults are three note types and two decks, and no note."""

    notes: list[Row] = field(default_factory=list)
    cards: list[Row] = field(default_factory=list)
    reviews: list[Row] = field(default_factory=list)
    version: int = 11
    created: int = CREATED
    west_minutes: int | None = 0
    scheduler: int = 2
    extra_sql: Sequence[str] = ()
    page_size: int = 4096
    conf: str | None = None
    models: str | None = None
    decks: str | None = None

    def bytes(self) -> bytes:
        """The SQLite file."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "c.anki2"
            connection = sqlite.connect(str(path))
            connection.create_collation(
                "unicase", lambda a, b: (a.lower() > b.lower()) - (a.lower() < b.lower())
            )
            connection.execute(f"pragma page_size={self.page_size}")
            connection.execute("pragma synchronous=off")
            modern = self.version > 11
            connection.executescript(
                anki_schema.COMMON + (anki_schema.MODERN if modern else anki_schema.LEGACY)
            )
            self._fill(connection, modern)
            for statement in self.extra_sql:
                connection.executescript(statement)
            connection.commit()
            connection.close()
            return path.read_bytes()

    def _fill(self, connection: Any, modern: bool) -> None:
        conf = {"schedVer": self.scheduler, "creationOffset": self.west_minutes}
        texts = ["", "", "", ""]
        if not modern:
            texts = [
                json.dumps(conf) if self.conf is None else self.conf,
                json.dumps(_legacy_models()) if self.models is None else self.models,
                json.dumps(_legacy_decks()) if self.decks is None else self.decks,
                json.dumps(
                    {"1": {"id": 1, "new": {"perDay": 7}, "rev": {"perDay": 70}, "desiredRetention": 0.85}}
                ),
            ]
        connection.execute(
            "insert into col values (1, ?, ?, 0, ?, 0, 0, 0, ?, ?, ?, ?, '{}')",
            (self.created, NOW - 86_400_000, self.version, *texts),
        )
        for table, rows in (("notes", self.notes), ("cards", self.cards), ("revlog", self.reviews)):
            for row in rows:
                connection.execute(f"insert into {table} values ({','.join('?' * len(row))})", list(row))
        if modern:
            _fill_modern(connection, conf)


_LEGACY_OPTIONS: Final = {"id": 1, "new": {"perDay": 7}, "rev": {"perDay": 70}, "desiredRetention": 0.85}


def _legacy_models() -> dict[str, Any]:
    def model(
        key: int, name: str, kind: int, fields: Iterable[str], templates: Iterable[tuple[str, str]]
    ) -> Any:
        return {
            "id": key, "name": name, "type": kind, "css": ".card{}",
            "flds": [{"name": one, "ord": place} for place, one in enumerate(fields)],
            "tmpls": [
                {"name": f"T{place}", "ord": place, "qfmt": front, "afmt": back}
                for place, (front, back) in enumerate(templates)
            ],
        }  # fmt: skip

    return {str(one[0]): model(*one) for one in NOTE_TYPES}


NOTE_TYPES: Final[tuple[tuple[int, str, int, tuple[str, ...], tuple[tuple[str, str], ...]], ...]] = (
    (BASIC, "Basic", 0, ("Front", "Back"), (("{{Front}}", "{{FrontSide}}\n\n<hr id=answer>\n\n{{Back}}"),)),
    (CLOZE, "Cloze", 1, ("Text", "Back Extra"), (("{{cloze:Text}}", "{{cloze:Text}}<br>\n{{Back Extra}}"),)),
    (
        ODD,
        "Odd",
        0,
        ("Word", "Reading", "Meaning"),
        (("<b>{{Word}}</b>", "{{Word}}<hr>{{Meaning}}"), ("{{#Reading}}{{Reading}}{{/Reading}}", "{{Word}}")),
    ),
)


def _legacy_decks() -> dict[str, Any]:
    return {
        str(key): {"id": key, "name": name, "dyn": dyn, "conf": 1, "desc": ""}
        for key, name, dyn in (
            (1, "Default", 0), (DECK, "父", 0), (CHILD, "父::子", 0), (FILTERED_DECK, "Cram", 1),
        )
    }  # fmt: skip


def _fill_modern(connection: Any, conf: Mapping[str, Any]) -> None:
    for setting, value in conf.items():
        connection.execute("insert into config values (?, 0, 0, ?)", (setting, json.dumps(value).encode()))
    options = varint_field(9, 7) + varint_field(10, 70) + float_field(37, 0.85)
    connection.execute("insert into deck_config values (1, 'Default', 0, 0, ?)", (options,))
    normal = bytes_field(1, varint_field(1, 1))
    for key, name, container in (
        (1, "Default", normal), (DECK, "父", normal), (CHILD, "父\x1f子", normal),
        (FILTERED_DECK, "Cram", bytes_field(2, varint_field(1, 1))),
    ):  # fmt: skip
        connection.execute("insert into decks values (?, ?, 0, 0, x'', ?)", (key, name, container))
    for key, name, kind, fields, templates in NOTE_TYPES:
        config = varint_field(1, kind) + bytes_field(3, ".card{}")
        connection.execute("insert into notetypes values (?, ?, 0, 0, ?)", (key, name, config))
        for place, one in enumerate(fields):
            connection.execute("insert into fields values (?, ?, ?, x'')", (key, place, one))
        for place, (front, back) in enumerate(templates):
            sides = bytes_field(1, front) + bytes_field(2, back)
            connection.execute(
                "insert into templates values (?, ?, ?, 0, 0, ?)", (key, place, f"T{place}", sides)
            )


def zstd(data: bytes, frames: int = 1) -> bytes:
    """Frames without a content size, as Anki writes them."""
    step = max(-(-len(data) // frames), 1)
    packed = b""
    for start in range(0, max(len(data), 1), step):
        frame = zstandard.ZstdCompressor().compressobj()
        packed += frame.compress(data[start : start + step]) + frame.flush()
    return packed


def zipped(entries: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return buffer.getvalue()


def stub() -> bytes:
    """The collection with one note that newer Anki lays beside the real one."""
    text = STUB_TEXT.split("\x1f")
    return Collection(notes=[note(1, *text)], cards=[card(1, 1)]).bytes()


def legacy1(collection: Collection, media: Mapping[str, bytes] | None = None) -> bytes:
    return zipped([("collection.anki2", collection.bytes()), *_legacy_media(media or {})])


def legacy2(collection: Collection, media: Mapping[str, bytes] | None = None, *, meta: bool = True) -> bytes:
    head = [("meta", varint_field(1, 2))] if meta else []
    return zipped(
        [
            *head,
            ("collection.anki21", collection.bytes()),
            ("collection.anki2", stub()),
            *_legacy_media(media or {}),
        ],
        zipfile.ZIP_DEFLATED,
    )


def latest(
    collection: Collection, media: Mapping[str, bytes] | None = None, *, frames: int = 1, version: int = 3
) -> bytes:
    names = list(media or {})
    listed = b"".join(bytes_field(1, bytes_field(1, name), always=True) for name in names)
    return zipped(
        [
            ("meta", varint_field(1, version)),
            ("collection.anki21b", zstd(collection.bytes(), frames)),
            ("collection.anki2", stub()),
            ("media", zstd(listed)),
            *((str(place), zstd((media or {})[name])) for place, name in enumerate(names)),
        ]
    )


def _legacy_media(media: Mapping[str, bytes]) -> list[tuple[str, bytes]]:
    names = list(media)
    listed = json.dumps({str(place): name for place, name in enumerate(names)}).encode()
    return [("media", listed), *((str(place), media[name]) for place, name in enumerate(names))]
