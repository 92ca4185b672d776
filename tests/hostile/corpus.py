"""Hostile files, and controls that must pass: each is made here, with the answer it must get.

`corpus()` is the manifest. A case is accepted when `code` is "", possibly leaving things out (`skips`);
otherwise it must be refused with that code.
"""

import io
import struct
import zipfile
from collections.abc import Iterator
from functools import partial
from typing import Final

import zstandard

from app.formats.limits import MB
from app.formats.protobuf import bytes_field, varint_field
from tests.formats.anki_files import PNG, Collection, latest, legacy1, legacy2, stub, zipped, zstd
from tests.hostile.cases import Case, plain
from tests.hostile.contents import descriptions, media, rows, texts
from tests.hostile.documents import documents
from tests.hostile.workbooks import workbooks


def corpus() -> list[Case]:
    """All cases, named once each."""
    groups = (
        controls,
        archives,
        compressed,
        packages,
        databases,
        schemas,
        rows,
        descriptions,
        media,
        texts,
        workbooks,
        documents,
    )
    return [case for group in groups for case in group()]


def controls() -> Iterator[Case]:
    yield Case("control-legacy1", lambda: legacy1(plain()))
    yield Case("control-legacy2", lambda: legacy2(plain()))
    yield Case("control-legacy2-without-meta", lambda: legacy2(plain(), meta=False))
    yield Case("control-latest", lambda: latest(plain(18)))
    yield Case("control-latest-frames", lambda: latest(plain(18), frames=7))
    yield Case("control-schema-15", lambda: latest(plain(15)))
    yield Case("control-media", lambda: legacy1(plain(), {"猫.png": PNG, "a b.mp3": b"ID3"}))
    yield Case("control-media-latest", lambda: latest(plain(18), {"猫.png": PNG}))
    yield Case("control-deflated", lambda: _deflated(plain()))
    yield Case("control-foreign-table", lambda: legacy1(plain(extra_sql=["create table addon (x)"])))
    yield Case("control-small-pages", lambda: legacy1(plain(page_size=512)))
    yield Case("control-table", lambda: b"a\tb\nc\td\n", reader="table")
    yield Case("control-gb18030", lambda: "正面,背面\n猫,猫科动物\n".encode("gb18030"), reader="table")
    yield Case("control-list", lambda: "猫 - cat\n犬 - dog".encode(), reader="list")
    yield Case("control-questions", lambda: "问：一？\n答：二".encode(), reader="questions")


def _deflated(collection: Collection) -> bytes:
    return zipped([("collection.anki2", collection.bytes())], zipfile.ZIP_DEFLATED)


# --- archives ---


def archives() -> Iterator[Case]:
    yield Case("empty", lambda: b"", "file-empty")
    yield Case("not-zip", lambda: b"hello" * 100, "archive-broken")
    yield Case("zip-cut", lambda: legacy1(plain())[:-30], "archive-broken")
    yield Case("zip-head-cut", lambda: legacy1(plain())[3000:], "archive-broken")
    yield Case("zip-end-only", lambda: b"PK\x05\x06" + b"\0" * 18, "package-no-collection")
    yield Case(
        "zip-empty-name",
        lambda: _without_name(),
        "collection-broken",
    )
    yield Case("zip-bomb-flat", lambda: _bomb("collection.anki2"), "archive-ratio")
    yield Case("zip-bomb-aside", lambda: _bomb("0"), "archive-ratio")
    yield Case(
        "zip-lying-size", lambda: _patched(_bomb("collection.anki2"), 24, "<I", 1000), "archive-broken"
    )
    yield Case("zip-huge-claim", lambda: _patched(_plain_zip(), 24, "<I", 0x7FFFFFFF), "archive-unpacked")
    yield Case("zip-encrypted", lambda: _patched(_plain_zip(), 8, "<H", 1), "archive-encrypted")
    yield Case("zip-strong-encrypted", lambda: _patched(_plain_zip(), 8, "<H", 0x40), "archive-encrypted")
    yield Case("zip-method", lambda: _patched(_plain_zip(), 10, "<H", 99), "archive-method")
    yield Case("zip-offset", lambda: _patched(_plain_zip(), 42, "<I", 0x7FFFFFF0), "archive-broken")
    yield Case("zip-crc", lambda: _patched(_plain_zip(), 16, "<I", 7), "archive-broken")
    yield Case("zip-lzma", lambda: zipped([("collection.anki2", b"x")], zipfile.ZIP_LZMA), "archive-method")
    yield Case("zip-bzip2", lambda: zipped([("collection.anki2", b"x")], zipfile.ZIP_BZIP2), "archive-method")
    yield Case("zip-many-entries", lambda: _many(20_001), "archive-entries")
    yield Case("zip-count-lie", _count_lie, "archive-entries")
    yield Case("zip-twice", _twice, "archive-repeated-name")
    yield Case("zip-in-zip", lambda: zipped([("deck.apkg", legacy1(plain()))]), "package-no-collection")
    yield Case(
        "zip-road", lambda: zipped([("../collection.anki2", plain().bytes())]), "package-no-collection"
    )
    yield Case("zip-comment", lambda: _with_comment(_plain_zip()))


def _without_name() -> bytes:
    return zipped([("zx", b"x"), ("collection.anki2", b"")]).replace(b"zx", b"\0x")


def _plain_zip() -> bytes:
    return legacy1(plain())


def _bomb(name: str) -> bytes:
    return zipped([(name, b"\0" * (40 * MB)), ("collection.anki2.x", b"")], zipfile.ZIP_DEFLATED)


def _patched(data: bytes, offset: int, form: str, value: int) -> bytes:
    """The archive with one number in its first directory entry changed."""
    changed = bytearray(data)
    struct.pack_into(form, changed, data.index(b"PK\x01\x02") + offset, value)
    return bytes(changed)


def _many(count: int) -> bytes:
    return zipped([(str(place), b"") for place in range(count)])


def _count_lie() -> bytes:
    """A directory far larger than its end record admits in entries."""
    data = bytearray(_many(3))
    struct.pack_into("<I", data, data.rindex(b"PK\x05\x06") + 12, 0x7FFFFFFF)
    return bytes(data)


def _twice() -> bytes:
    data = zipped([("collection.anki2", plain().bytes()), ("collection.anki3", b"x")])
    return data.replace(b"collection.anki3", b"collection.anki2")


def _with_comment(data: bytes) -> bytes:
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = b"x" * 60_000
    return buffer.getvalue()


# --- zstd ---


def compressed() -> Iterator[Case]:
    whole = zstd(b"x" * 100_000)
    yield Case("zstd-none", lambda: _latest(b"plain bytes"), "zstd-broken")
    yield Case("zstd-empty", lambda: _latest(b""), "collection-broken")
    yield Case("zstd-cut", lambda: _latest(whole[:-4]), "zstd-broken")
    yield Case("zstd-garbage-after", lambda: _latest(zstd(plain(18).bytes()) + b"rubbish"), "zstd-broken")
    yield Case("zstd-bomb", lambda: _latest(zstd(b"\0" * (80 * MB))), "archive-ratio")
    yield Case("zstd-bomb-frames", lambda: _latest(zstd(b"\0" * (8 * MB)) * 40), "archive-ratio")
    yield Case("zstd-window", lambda: _latest(_wide_window()), "zstd-window")
    yield Case("zstd-skippable", lambda: _latest(b"\x50\x2a\x4d\x18\4\0\0\0abcd" + zstd(plain(18).bytes())))
    yield Case("zstd-flipped", lambda: _latest(_flipped(zstd(plain(18).bytes()))), "zstd-broken")
    yield Case("zstd-media-bomb", lambda: latest_raw({"0": zstd(b"\0" * (80 * MB))}), "archive-ratio")
    yield Case("zstd-media-cut", lambda: latest_raw({"0": whole[:-4]}), "zstd-broken")


def _latest(packed: bytes) -> bytes:
    return zipped([("meta", varint_field(1, 3)), ("collection.anki21b", packed), ("media", zstd(b""))])


def latest_raw(files: dict[str, bytes]) -> bytes:
    """A package of the newest kind whose media are as given, already packed."""
    listed = b"".join(bytes_field(1, bytes_field(1, f"{name}.png")) for name in files)
    head = [("meta", varint_field(1, 3)), ("collection.anki21b", zstd(plain(18).bytes()))]
    return zipped([*head, ("media", zstd(listed)), *files.items()])


def _wide_window() -> bytes:
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    frame = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    return frame.compress(b"abc" * 100_000) + frame.flush()


def _flipped(data: bytes) -> bytes:
    """A block header that claims a reserved type."""
    changed = bytearray(data)
    changed[6] |= 0x06
    return bytes(changed)


# --- packages ---


def packages() -> Iterator[Case]:
    base = plain().bytes()
    yield Case("package-nothing", lambda: zipped([("x", b"")]), "package-no-collection")
    yield Case("package-stub", lambda: zipped([("collection.anki2", stub())]), "package-stub")
    for number, code in ((0, "package-meta"), (4, "package-too-new"), (2**40, "package-too-new")):
        meta = varint_field(1, number)
        yield Case(
            f"package-version-{number}",
            partial(lambda meta: zipped([("meta", meta), ("collection.anki2", base)]), meta),
            code,
        )
    for name, meta in (
        ("cut", b"\x08"),
        ("text", b"\x0a\x01x"),
        ("long", b"\x08" + b"\xff" * 20),
        ("big", b"x" * 9999),
    ):
        yield Case(
            f"package-meta-{name}",
            partial(lambda meta: zipped([("meta", meta), ("collection.anki2", base)]), meta),
            "package-meta",
        )
    yield Case(
        "package-latest-without-collection",
        lambda: zipped([("meta", varint_field(1, 3)), ("collection.anki2", base)]),
        "package-stub",
    )
    yield Case("package-anki21b-plain", lambda: zipped([("collection.anki21b", base)]), "zstd-broken")


# --- SQLite ---


def databases() -> Iterator[Case]:
    good = plain().bytes()
    yield Case("sqlite-text", lambda: _collection(b"not a database" * 100), "collection-broken")
    yield Case("sqlite-header-only", lambda: _collection(good[:100]), "collection-broken")
    yield Case("sqlite-cut", lambda: _collection(good[: len(good) // 2]), "collection-broken")
    yield Case(
        "sqlite-zeros", lambda: _collection(good[:4096] + b"\0" * (len(good) - 4096)), "collection-broken"
    )
    yield Case("sqlite-noise", lambda: _collection(_noise(good)), "collection-broken")
    yield Case("sqlite-page-size", lambda: _collection(good[:16] + b"\0\3" + good[18:]), "collection-broken")
    yield Case(
        "sqlite-encoding", lambda: _collection(good[:56] + b"\0\0\0\7" + good[60:]), "collection-broken"
    )
    yield Case(
        "sqlite-freelist", lambda: _collection(good[:32] + b"\xff" * 8 + good[40:]), "collection-broken"
    )
    yield Case("sqlite-root-loop", lambda: _collection(_loop(good)), "collection-broken")
    yield Case("sqlite-wal-mode", lambda: _collection(good[:18] + b"\2\2" + good[20:]))
    yield Case("sqlite-empty", lambda: _collection(Collection().bytes()), "file-nothing-inside")


def _collection(data: bytes) -> bytes:
    return zipped([("collection.anki2", data)])


def _noise(data: bytes) -> bytes:
    changed = bytearray(data)
    for place in range(4096, len(changed), 97):
        changed[place] ^= 0x5A
    return bytes(changed)


def _loop(data: bytes) -> bytes:
    """The schema's page turned into an inner page whose child is itself."""
    changed = bytearray(data)
    changed[100] = 5
    struct.pack_into(">I", changed, 108, 1)
    return bytes(changed)


SCHEMA_TRICKS: Final = {
    "view": "create view v as select 1",
    "view-as-notes": "alter table notes rename to n; create view notes as select * from n",
    "trigger": "create trigger t after insert on notes begin delete from notes; end",
    "fts": "create virtual table f using fts5(x)",
    "rtree": "create virtual table r using rtree(id, a, b)",
    "generated": "alter table cards drop column flags; alter table cards add column flags int as (abs(due))",
    "no-revlog": "drop table revlog",
    "no-column": "alter table cards rename column due to undue",
    "many-tables": ";".join(f"create table t{place} (x)" for place in range(600)),
}


def schemas() -> Iterator[Case]:
    for name, statement in SCHEMA_TRICKS.items():
        yield Case(
            f"schema-{name}",
            partial(lambda statement: legacy1(plain(extra_sql=[statement])), statement),
            "collection-schema",
        )
    for version, code in ((1, "collection-too-old"), (10, "collection-too-old"), (12, "collection-too-old"),
                          (19, "collection-too-new"), (2**31, "collection-too-new")):  # fmt: skip
        yield Case(
            f"schema-version-{version}",
            partial(lambda version: legacy1(plain(version=version)), version),
            code,
        )
    yield Case(
        "schema-expression-index",
        lambda: legacy1(plain(extra_sql=["create index i on notes (abs(id))"])),
    )
    yield Case("schema-no-col-row", lambda: legacy1(plain(extra_sql=["delete from col"])), "collection-data")
