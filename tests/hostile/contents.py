"""Hostile contents in sound archives: rows, descriptions, media and texts."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from app.formats.limits import KB, MB
from app.formats.protobuf import bytes_field, varint_field
from tests.formats.anki_files import (
    BASIC,
    NOW,
    PNG,
    card,
    latest,
    legacy1,
    note,
    review,
    zipped,
    zstd,
)  # fmt: skip
from tests.hostile.cases import Case, plain

# --- rows ---


def rows() -> Iterator[Case]:
    long, deep = "x" * (65 * KB), "<div>" * 3000
    yield Case("row-long-field", lambda: _with_note(note(3, long, "b")), skips=frozenset({"field-too-long"}))
    yield Case(
        "row-very-long-field",
        lambda: _with_note(note(3, "y" * (8 * MB), "b")),
        skips=frozenset({"field-too-long"}),
    )
    yield Case("row-deep-markup", lambda: _with_note(note(3, deep, "b")), skips=frozenset({"field-too-deep"}))
    yield Case("row-many-fields", lambda: _with_note(note(3, *"abcdefgh")), skips=frozenset({"fields-wrong"}))
    yield Case(
        "row-no-type", lambda: _with_note(note(3, "a", "b", mid=7)), skips=frozenset({"note-type-missing"})
    )
    yield Case(
        "row-same-guid", lambda: _with_note(note(3, "a", "b", guid="g1")), skips=frozenset({"repeated"})
    )
    yield Case("row-long-guid", lambda: _with_note(note(3, "a", "b", guid="g" * 100_000)))
    yield Case("row-no-guid", lambda: _with_note(note(3, "a", "b", guid="")))
    yield Case(
        "row-blob-fields", lambda: _with_note([3, b"\xff", BASIC, 0, 0, b"\0", b"\xff\x1f\0", 0, 0, 0, ""])
    )
    yield Case("row-nul", lambda: _with_note(note(3, "a\0b", "c\0")))
    yield Case("row-many-tags", lambda: _with_note(note(3, "a", "b", tags="t " * 50_000 + "x" * 5000)))
    yield Case("row-orphan-card", lambda: _with_card(card(99, 77)), skips=frozenset({"note-missing"}))
    yield Case("row-ordinals", lambda: _with_card(card(99, 1, ordinal=2**40)))
    yield Case(
        "row-extremes", lambda: _with_card(card(99, 1, type=2, queue=-9, due=-(2**62), ivl=2**62, odid=2**62))
    )
    yield Case("row-card-texts", lambda: _with_card([99, 1, "x", 0, *("y" * 13), b"\0"]))
    yield Case("row-data-bomb", lambda: _with_card(card(99, 2, type=2, data="[" * 100_000)))
    yield Case("row-data-nested", lambda: _with_card(card(99, 2, type=2, data='{"s":' * 500 + "1")))
    yield Case(
        "row-data-types",
        lambda: _with_card(card(99, 2, type=2, data='{"s":[],"d":1e999,"lrt":"x","pos":{}}')),
    )
    yield Case(
        "row-many-cards",
        lambda: legacy1(plain(notes=[note(1, "a", "b"), note(2, "c", "d")], cards=[
            *(card(place, 1, ordinal=place) for place in range(1000)), card(5000, 2)])),
        skips=frozenset({"fields-wrong"}),
    )  # fmt: skip
    yield Case(
        "log-orphan", lambda: _with_review(review(NOW, 4242)), skips=frozenset({"review-card-missing"})
    )
    yield Case("log-ease", lambda: _with_review(review(NOW - 5, 21, 77)), skips=frozenset({"review-invalid"}))
    yield Case("log-future", lambda: _with_review(review(2**60, 21)), skips=frozenset({"review-invalid"}))
    yield Case("log-past", lambda: _with_review(review(-5, 21)), skips=frozenset({"review-invalid"}))
    yield Case(
        "log-extremes", lambda: _with_review(review(NOW - 9, 21, time=2**60, ivl=2**60, factor=-(2**60)))
    )
    yield Case("log-due-far", lambda: _with_review(review(NOW - 9, 21, 0, type=4, ivl=2**50)))


def _with_note(row: list[Any]) -> bytes:
    base = plain()
    return legacy1(replace(base, notes=[*base.notes, row], cards=[*base.cards, card(31, 3)]))


def _with_card(row: list[Any]) -> bytes:
    base = plain()
    return legacy1(replace(base, cards=[*base.cards, row]))


def _with_review(row: list[Any]) -> bytes:
    base = plain()
    return legacy1(replace(base, reviews=[*base.reviews, row]))


# --- what a collection says about itself ---


def descriptions() -> Iterator[Case]:
    broken = {"open": "{", "deep": "[" * 200_000, "number": "1" * 9000 + "x", "word": "hello", "empty": ""}
    for name, text in broken.items():
        yield Case(
            f"models-{name}",
            partial(lambda text: legacy1(plain(models=text)), text),
            "collection-data",
        )
        yield Case(
            f"decks-{name}",
            partial(lambda text: legacy1(plain(decks=text)), text),
            "collection-data",
        )
    missing = frozenset({"note-type-missing"})
    yield Case("models-list", lambda: legacy1(plain(models="[1, 2]")), skips=missing)
    yield Case("models-no-fields", lambda: legacy1(plain(models=_model(flds=[]))), skips=missing)
    yield Case(
        "models-same-fields", lambda: legacy1(plain(models=_model(flds=[{"name": "a"}] * 2))), skips=missing
    )
    yield Case(
        "models-odd-types", lambda: legacy1(plain(models=_model(flds=5, tmpls={"a": 1}))), skips=missing
    )
    yield Case("models-too-many", lambda: legacy1(plain(models=_many_models())), "too-many-rows")
    yield Case("decks-wrong", lambda: legacy1(plain(decks='{"201": {"id": "x", "name": 5}}')))
    yield Case(
        "decks-long-name",
        lambda: legacy1(plain(decks=json.dumps({"201": {"id": 201, "name": "a::" * 9000}}))),
    )
    yield Case("decks-too-many", lambda: legacy1(plain(decks=json.dumps(
        {str(key): {"id": key, "name": "d"} for key in range(20_001)}))), "too-many-rows")  # fmt: skip
    yield Case("conf-list", lambda: legacy1(plain(conf="[]")))
    yield Case("conf-offset", lambda: legacy1(plain(conf='{"creationOffset": 99999999999}')))
    yield Case("conf-created", lambda: legacy1(plain(created=2**61)))
    for table, column in (
        ("templates", "config"),
        ("notetypes", "config"),
        ("decks", "kind"),
        ("deck_config", "config"),
    ):
        for name, value in (("cut", "x'0aff'"), ("text", "'words'"), ("not-utf8", "x'0a02ffff1a02ffff'")):
            harmless = name == "not-utf8" and table in ("decks", "deck_config")
            if harmless:
                continue
            sql = f"update {table} set {column} = {value}"
            yield Case(
                f"{table}-{name}",
                partial(lambda sql: latest(plain(18, extra_sql=[sql])), sql),
                "collection-data",
            )


def _model(**changes: Any) -> str:
    sides = {"qfmt": "{{a}}", "afmt": "{{b}}", "name": "T", "ord": 0}
    model = {"id": BASIC, "name": "M", "flds": [{"name": "a"}, {"name": "b"}], "tmpls": [sides], **changes}
    return json.dumps({str(BASIC): model})


def _many_models() -> str:
    return json.dumps({str(key): {"id": key} for key in range(2001)})


# --- media ---


def media() -> Iterator[Case]:
    named = frozenset({"media-name"})
    kinds = frozenset({"media-type"})
    for place, name in enumerate(
        ("../../etc/passwd", "/abs.png", "a\\b.png", "..", "a\nb.png", "x" * 300, "c:d.png")
    ):
        yield Case(
            f"media-name-{place}",
            partial(lambda name: legacy1(plain(), {name: PNG}), name),
            skips=named,
        )
    strangers = {
        "svg": b"<svg onload=alert(1)>", "html": b"<!doctype html><script>", "exe": b"MZ\x90",
        "empty": b"", "pdf": b"%PDF-1.7", "elf": b"\x7fELF",
    }  # fmt: skip
    for name, data in strangers.items():
        yield Case(
            f"media-{name}",
            partial(lambda data: legacy1(plain(), {"a.png": data}), data),
            skips=kinds,
        )
    broken = {
        "list": b"[]",
        "open": b"{",
        "numbers": b'{"0": 1}',
        "deep": b"[" * 99_999,
        "bytes": b"\xff\xfe",
    }
    for name, data in broken.items():
        yield Case(
            f"media-map-{name}",
            partial(lambda data: zipped([("collection.anki2", plain().bytes()), ("media", data)]), data),
            "package-media-map",
        )
    yield Case(
        "media-map-huge",
        lambda: zipped([("collection.anki2", plain().bytes()), ("media", b" " * (33 * MB))]),
        "package-media-map",
    )
    yield Case("media-map-protobuf", lambda: _latest_map(b"\x0a\xff\xff\xff\xff\x0f"), "package-media-map")
    yield Case("media-map-integers", lambda: _latest_map(varint_field(1, 5)), "package-media-map")
    yield Case("media-missing", lambda: _latest_map(bytes_field(1, bytes_field(1, "a.png"))),
               skips=frozenset({"media-missing"}))  # fmt: skip
    yield Case("media-same-name", lambda: zipped([
        ("collection.anki2", plain().bytes()), ("media", b'{"0": "a.png", "1": "a.png"}'),
        ("0", PNG), ("1", PNG),
    ]), skips=named)  # fmt: skip
    yield Case("media-large", lambda: legacy1(plain(), {"a.png": PNG + bytes(range(256)) * (33 * MB // 256)}),
               skips=frozenset({"media-too-large"}))  # fmt: skip


def _latest_map(listed: bytes) -> bytes:
    head = [("meta", varint_field(1, 3)), ("collection.anki21b", zstd(plain(18).bytes()))]
    return zipped([*head, ("media", zstd(listed))])


# --- texts ---


def texts() -> Iterator[Case]:
    table: dict[str, tuple[bytes, str]] = {
        "empty": (b"", "file-empty"),
        "blank": (b" \n\t\n", "file-empty"),
        "png": (PNG + b"\0" * 500, "text-not-text"),
        "zip": (zipped([("a", b"x")]), "text-not-text"),
        "one-column": (b"a\nb\nc\n", "table-no-columns"),
        "wide": (b"a," * 500 + b"b\n", "table-too-wide"),
        "quote-open": (b'a,"b\nc,d\n' * 1 + b"e,f\n" * 1000, "table-quote-open"),
        "quotes": (b'"' * 200_001, "table-quote-open"),
        "quotes-even": (b'"' * 200_000, "table-no-columns"),
        "header-separator": (b"#separator:abc\na\tb\n", "table-header"),
        "header-column": (b"#guid column:999\na\tb\n", "table-header"),
        "only-head": (b"front,back\n", "file-nothing-inside"),
        "long-line": (b"a\t" + b"b" * (2 * MB), "table-quote-open"),
        "utf16-half": (b"\xff\xfea\0,\0b\0\n\0\0\xd8", ""),
        "bom-only": (b"\xef\xbb\xbf", "table-no-columns"),
        "headers-only": (b"#html:true\n" * 5000, "table-no-columns"),
    }
    for name, (data, code) in table.items():
        packed = "package-no-collection" if name == "zip" else ""
        yield Case(f"table-{name}", partial(bytes, data), code, "table", code_by_content=packed)
    yield Case("table-formula", lambda: b"=cmd|' /C calc'!A0\t=1+1\n", reader="table")
    yield Case("table-cell", lambda: b"a\tb\n" + b"c" * (70 * KB) + b"\td\n", reader="table",
               skips=frozenset({"cell-too-long"}))  # fmt: skip
    yield Case("table-broken-cloze", lambda: b"front\tback\n{{c1::a\tb\nc\td\n", reader="table",
               skips=frozenset({"row-invalid"}))  # fmt: skip
    yield Case("list-none", lambda: b"just words\nand more", "table-no-columns", "list")
    yield Case("list-blank", lambda: b"\n\n", "file-empty", "list")
    yield Case("list-separators", lambda: b" - " * 300_000, "table-no-columns", "list")
    yield Case(
        "list-clozes",
        lambda: b"{{c1::" * 30_000 + b" - b",
        reader="list",
        skips=frozenset({"cell-too-long"}),
    )
    yield Case("questions-none", lambda: b"nothing asked", "file-nothing-inside", "questions")
    yield Case("questions-many-marks", lambda: b"Q:\n" * 200_000, "file-nothing-inside", "questions")
    yield Case("questions-one-answer", lambda: b"Q: a\n" + b"A: b\n" * 40_000, "", "questions",
               skips=frozenset({"cell-too-long"}))  # fmt: skip
