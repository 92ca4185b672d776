"""Importing and exporting 50,000 notes, against plain inserts of the same rows, and beside Anki itself."""

import io
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import Engine

from app.config import Settings
from app.db.engine import make_engine, writing
from app.services import imports
from app.services.export_decks import ExportFormat, export_decks
from app.services.import_read import read_import
from app.services.import_rows import Options
from app.services.import_store import store_import
from tests.bench.in_process import now_ms, sqlite_engine
from tests.bench.report import Figure
from tests.bench.serving import ROOT
from tests.factories import a_learner
from tests.formats.anki_asked import HOME_NAME, ask, installed
from tests.formats.anki_files import Collection, card, latest, note

NOTES = 50_000
EXPORTS: Final[tuple[ExportFormat, ...]] = ("apkg", "apkg-legacy", "csv", "markdown", "json")
TABLES = ("deck", "note", "card")
MB = 1024 * 1024


def package(number: int) -> bytes:
    """A package as Anki writes it, every second note with markup."""
    return latest(
        Collection(
            version=18,
            notes=[
                note(
                    place + 1,
                    f"单词{place} word number {place}",
                    f"释义 of <b>word</b> {place}, with some text" if place % 2 else f"释义 {place}",
                )
                for place in range(number)
            ],
            cards=[card(10_000_000 + place, place + 1) for place in range(number)],
        )
    )


def table(number: int) -> bytes:
    return "".join(f"单词{place},释义 of word {place} with some text\n" for place in range(number)).encode()


def imports_of_50_000() -> Iterator[Figure]:
    """Read, previewed and stored; again; taken out; the same for a CSV file; and what Anki needs for it."""
    with tempfile.TemporaryDirectory() as folder, sqlite_engine() as engine:
        data, learner = Path(folder), a_learner(engine)
        content = package(NOTES)
        first = _import(engine, data, learner, content, "big.apkg")
        floor = _plain_inserts(Path(str(engine.url.database)))
        second = _import(engine, data, learner, content, "big.apkg")
        out = {wanted: _export(engine, data, learner, wanted) for wanted in EXPORTS}
        held = _peak("export", Path(str(engine.url.database)), learner)
        other = a_learner(engine)
        csv = _import(engine, data, other, table(NOTES), "big.csv")
    yield Figure(
        "import of 50,000 notes / plain inserts of the same rows",
        sum(first) / floor,
        1.7,
        detail=f"read {first[0]:.1f} s, stored {first[1]:.1f} s, inserts {floor:.2f} s",
    )
    yield Figure("the same file again / the first time", sum(second) / sum(first), 0.5)
    yield Figure(
        "CSV of 50,000 rows / plain inserts", sum(csv) / floor, detail=f"{csv[0]:.1f} s + {csv[1]:.1f} s"
    )
    yield Figure("memory of an import, MB more than its file unpacked", _memory(content), 60)
    yield from _beside_anki(content, sum(first), sum(second), out["apkg"])
    for wanted, seconds in out.items():
        yield Figure(
            f"export of 50,000 as {wanted} / plain inserts", seconds / floor, detail=f"{seconds:.1f} s"
        )
    yield Figure("memory of an export, MB more", (held - _peak("start")) / MB, 60)


def _beside_anki(content: bytes, first: float, second: float, out: float) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "big.apkg").write_bytes(content)
        theirs = ask(installed(ROOT / ".pytest_cache" / "d" / HOME_NAME), "hurry", Path(folder))
    for name, key, ours in (
        ("import of 50,000 notes", "import", first),
        ("the same file again", "again", second),
        ("export", "export", out),
    ):
        yield Figure(
            f"{name} / Anki's own", ours / theirs[key], detail=f"{ours:.1f} s, Anki {theirs[key]:.2f} s"
        )


def _export(engine: Engine, data: Path, learner_id: UUID, wanted: ExportFormat) -> float:
    """Seconds until the last piece."""
    began = time.perf_counter()
    told = export_decks(engine, data, learner_id, wanted, deck_id=None, history=True, now=now_ms())
    assert sum(len(piece) for piece in told.pieces) > NOTES
    return time.perf_counter() - began


def _import(engine: Engine, data: Path, learner_id: UUID, content: bytes, name: str) -> tuple[float, float]:
    """Seconds of reading and of storing."""
    row = imports.open_import(
        engine, data, learner_id, io.BytesIO(content), name=name, options=Options(), now=now_ms(),
        random=os.urandom,
    )  # fmt: skip
    began = time.perf_counter()
    read_import(engine, data, learner_id, row.id, now=now_ms(), report=_nothing, finish=_nothing)
    read = time.perf_counter()
    imports.commit_import(engine, learner_id, row.id, now=now_ms(), random=os.urandom)
    with writing(engine) as session:
        session.connection().exec_driver_sql("delete from job")
    store_import(
        engine, data, learner_id, row.id, now=now_ms(), random=os.urandom, report=_nothing, finish=_nothing
    )
    done = imports.read_import_row(engine, learner_id, row.id).row
    assert done.state == "done", done
    return read - began, time.perf_counter() - read


def _plain_inserts(database: Path) -> float:
    """Seconds to insert all rows of these tables into empty ones, in one transaction."""
    names = ", ".join(f"'{name}'" for name in TABLES)
    schema = f"select sql from sqlite_master where tbl_name in ({names}) and sql is not null"
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(sqlite3.connect(database)) as full,
        closing(sqlite3.connect(Path(folder) / "plain.sqlite3", isolation_level=None)) as bare,
    ):
        for pragma in ("journal_mode=wal", "synchronous=full"):
            bare.execute(f"pragma {pragma}")
        for (statement,) in full.execute(schema).fetchall():
            bare.execute(statement)
        rows = {name: full.execute(f'select * from "{name}"').fetchall() for name in TABLES}
        began = time.perf_counter()
        bare.execute("begin immediate")
        for name, own in rows.items():
            holes = ", ".join("?" * len(own[0]))
            bare.executemany(f'insert into "{name}" values ({holes})', own)
        bare.execute("commit")
        return time.perf_counter() - began


def _memory(content: bytes) -> float:
    """How much more a process holds at most when it imports, beside one that only starts."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "big.apkg"
        file.write_bytes(content)
        return (_peak("import", file) - _peak("start")) / MB


def _peak(what: str, *given: object) -> int:
    """The most memory (bytes) of a process that does this."""
    command = [sys.executable, "-m", "tests.bench.imports", what, *map(str, given)]
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def _nothing(*_: object) -> None:
    """Nobody watches."""


def main(what: str, *given: str) -> None:
    """Print the most memory that this process held (bytes)."""
    if what == "export":
        database, learner = Path(given[0]), UUID(given[1])
        engine = make_engine(Settings.from_env({"WENGU_DATA": str(database.parent)}))
        for wanted in EXPORTS:
            _export(engine, database.parent, learner, wanted)
    else:
        content = Path(given[0]).read_bytes() if what == "import" else package(10)
        with tempfile.TemporaryDirectory() as folder, sqlite_engine() as engine:
            _import(engine, Path(folder), a_learner(engine), content, "big.apkg")
    # Not getrusage: what that tells begins with the most that the parent held.
    status = Path("/proc/self/status").read_text("ascii")
    print(int(status.partition("VmHWM:")[2].split()[0]) * 1024)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
