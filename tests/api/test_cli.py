"""`wengu …` on a machine of its own: what works, and the one sentence where it does not."""

import json
import os
import socket
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from app import create_app
from app.cli import check_port, main
from app.config import Settings
from app.db.engine import make_engine
from app.formats.markdown import write_deck
from app.serve import addresses
from tests.api.conftest import SHIPPED, Person
from tests.factories import a_learner


@pytest.fixture
def wengu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Command":
    for name in os.environ:
        if name.startswith("WENGU_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    monkeypatch.setenv("WENGU_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WENGU_BIND", "127.0.0.1:8000")
    monkeypatch.setattr(os, "execv", lambda *_: pytest.fail("served where it should have refused"))
    return Command()


class Command:
    """Runs one command and keeps what it said."""

    def __call__(self, *words: str) -> Result:
        return CliRunner().invoke(main, words)


def only_sentence(result: Result) -> str:
    """What a failing command said: one line, exit 1."""
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    return line


def test_migrating_twice_is_as_good_as_once(wengu: Command, tmp_path: Path) -> None:
    for _ in range(2):
        assert wengu("migrate").exit_code == 0
    assert (tmp_path / "data" / "wengu.sqlite3").is_file()


def test_rebuilding_an_empty_database_changes_nothing(wengu: Command) -> None:
    wengu("migrate")
    assert wengu("rebuild").output == "0 rows changed.\n"


def test_a_busy_port_is_said(wengu: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"Port {port} is in use" in only_sentence(wengu("serve", "--bind", f"127.0.0.1:{port}"))


@pytest.mark.parametrize("bind", ["8000", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:99999", "127.0.0.1:http"])
def test_an_address_that_is_none_is_said(wengu: Command, bind: str) -> None:
    assert "is no HOST:PORT" in only_sentence(wengu("serve", "--bind", bind))


def test_an_address_of_another_machine_is_said(wengu: Command) -> None:
    assert "no address to listen on" in only_sentence(wengu("serve", "--bind", "192.0.2.1:8000"))


def test_a_free_port_is_none_to_speak_of() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    check_port(f"127.0.0.1:{port}")


def test_a_folder_that_cannot_be_written_is_said(
    wengu: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("WENGU_DATA", str(tmp_path / "file" / "data"))
    assert "cannot be written" in only_sentence(wengu("migrate"))


def test_an_old_sqlite_is_said(wengu: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pysqlite3.dbapi2.sqlite_version_info", (3, 45, 1))
    assert "SQLite" in only_sentence(wengu("migrate"))


def test_a_database_that_does_not_answer_is_said(wengu: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("WENGU_DATABASE_URL", f"postgresql://someone:secret@127.0.0.1:{port}/wengu")
    said = only_sentence(wengu("migrate"))
    assert "The database cannot be used" in said
    assert "secret" not in said


@pytest.mark.parametrize("words", [["rebuild"], ["decks", "update", str(UUID(int=1))]])
def test_an_empty_database_is_said(wengu: Command, words: list[str]) -> None:
    assert "wengu migrate" in only_sentence(wengu(*words))


def test_a_learner_who_is_not_there_is_said(wengu: Command) -> None:
    wengu("migrate")
    for learner in (str(UUID(int=1)), "Nobody"):
        assert "no such account" in only_sentence(wengu("decks", "update", learner))


def test_a_file_that_is_no_database_is_said(wengu: Command, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "wengu.sqlite3").write_bytes(b"not a database at all, " * 100)
    assert "not a database" in only_sentence(wengu("migrate"))


def test_a_database_of_a_newer_version_is_said(wengu: Command, tmp_path: Path) -> None:
    wengu("migrate")
    with closing(sqlite3.connect(tmp_path / "data" / "wengu.sqlite3")) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()
    assert "another version of Wengu" in only_sentence(wengu("migrate"))


def test_a_setting_that_cannot_be_is_named(wengu: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENGU_THREADS", "many")
    assert "WENGU_THREADS" in only_sentence(wengu("migrate"))


def test_decks_are_checked_and_exported(wengu: Command, tmp_path: Path) -> None:
    folder = tmp_path / "decks"
    folder.mkdir()
    (folder / "kitchen.md").write_text(write_deck(SHIPPED), "utf-8")
    result = wengu("export", "decks", str(folder), "--jsonl", str(tmp_path / "cards.jsonl"))
    assert result.exit_code == 0
    rows = [json.loads(line) for line in (tmp_path / "cards.jsonl").read_text("utf-8").splitlines()]
    assert [row["front"] for row in rows][:2] == ["锅", "刀"]
    checked = wengu("lint", str(folder))
    assert "errors, " in checked.output
    assert checked.exit_code == (1 if "error kitchen" in checked.output else 0)


def test_a_deck_that_is_none_is_said(wengu: Command, tmp_path: Path) -> None:
    (tmp_path / "broken.md").write_text("no deck at all\n", "utf-8")
    assert "line 1" in only_sentence(wengu("lint", str(tmp_path)))


def test_golden_vectors_are_written(wengu: Command, tmp_path: Path) -> None:
    assert wengu("golden", str(tmp_path / "golden")).exit_code == 0
    assert (tmp_path / "golden" / "schedule.json").is_file()


def test_the_address_to_open_is_said() -> None:
    assert addresses("127.0.0.1:8000", "") == ["Wengu 温故  http://127.0.0.1:8000"]
    everywhere = addresses("0.0.0.0:80", "https://cards.example")
    assert everywhere[0] == "Wengu 温故  http://127.0.0.1:80"
    assert "https://cards.example" in everywhere[1]


def test_a_file_is_imported_for_a_learner(wengu: Command, tmp_path: Path) -> None:
    wengu("migrate")
    database = make_engine(Settings(data=tmp_path / "data"))
    learner = str(a_learner(database))
    file = tmp_path / "动物.txt"
    file.write_text("猫咪\tcat\n小狗\tdog\n", "utf-8")
    tried = wengu("import", str(file), "--learner", learner, "--dry-run")
    assert "2 new" in tried.output
    assert "Nothing was stored." in tried.output
    assert "Stored." in wengu("import", str(file), "--learner", learner).output
    again = wengu("import", str(file), "--learner", learner).output
    assert "0 new" in again
    assert "2 unchanged" in again
    with database.connect() as connection:
        decks = connection.exec_driver_sql("select name from deck").scalars().all()
        waiting = connection.exec_driver_sql("select count(*) from job").scalar_one()
    database.dispose()
    assert (decks, waiting) == (["动物"], 0)


def test_why_a_file_cannot_be_imported_is_said(wengu: Command, tmp_path: Path) -> None:
    wengu("migrate")
    database = make_engine(Settings(data=tmp_path / "data"))
    learner = str(a_learner(database))
    database.dispose()
    (tmp_path / "bad.apkg").write_bytes(b"PK\x03\x04")
    call = ("import", str(tmp_path / "bad.apkg"), "--learner")
    assert "The archive is damaged." in only_sentence(wengu(*call, learner))
    assert "no such account" in only_sentence(wengu(*call, str(UUID(int=1))))
    assert "no such reader" in only_sentence(wengu(*call, learner, "--as", "magic"))


def test_the_password_of_a_learner_is_reset(wengu: Command, tmp_path: Path) -> None:
    wengu("migrate")
    app = create_app(Settings.from_env(os.environ))
    ann = Person(app.test_client())
    ann.begin()
    assert (
        ann.post("/api/learner/claim", {"name": "Ann", "password": "forgotten, forgotten"}).status_code == 200
    )
    assert only_sentence(wengu("reset-password", "Bob", "--print")) == "Error: There is no such account."
    printed = wengu("reset-password", "ann", "--print")
    assert printed.exit_code == 0
    assert ann.get("/api/learner").status_code == 401
    login = {"name": "Ann", "password": printed.stdout.strip(), "device_id": ann.device_id}
    assert ann.post("/api/session/sign-in", login).status_code == 200
    assert wengu("decks", "update", "Ann").exit_code == 0
    asked = CliRunner().invoke(main, ["reset-password", "Ann"], input="short\n")
    assert asked.exit_code == 1
    assert "at least 15 characters" in asked.stderr
    asked = CliRunner().invoke(main, ["reset-password", "Ann"], input="typed by the admin\n")
    assert "typed by the admin" not in asked.output
    assert ann.post("/api/session/sign-in", login | {"password": "typed by the admin"}).status_code == 200
