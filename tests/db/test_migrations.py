"""Each migration, up and down with rows in the tables; the models say the same as the migrations."""

from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, Table, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from app.core.errors import Busy
from app.db.engine import WRITES
from app.db.models import day_plans, exam_plans, exams
from app.db.types import Id, Json
from app.services.content import search_text
from app.services.migrate import alembic_config, check_migrated, current_revision, migrate, newest_revision
from tests.factories import ROWS, a_row, an_id


def newest() -> str:
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert head
    return head


def run(engine: Engine, name: str, *arguments: Any) -> None:
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        config = alembic_config()
        config.attributes["connection"] = connection
        getattr(command, name)(config, *arguments)


def test_the_tables_keep_rows_and_go_away_again(bare_engine: Engine) -> None:
    run(bare_engine, "upgrade", "head")
    tables = SQLModel.metadata.sorted_tables
    assert {table.name for table in tables} == set(ROWS)
    with bare_engine.begin() as connection:
        for table in tables:
            connection.execute(table.insert(), a_row(table.name))
    with bare_engine.connect() as connection:
        for table in tables:
            assert dict(connection.execute(select(table)).mappings().one()) == a_row(table.name), table.name
    run(bare_engine, "downgrade", "base")
    assert set(inspect(bare_engine).get_table_names()) == {"alembic_version"}
    run(bare_engine, "upgrade", "head")
    with bare_engine.connect() as connection:
        assert all(connection.execute(select(table)).first() is None for table in tables)


def table_as_it_is(connection: Connection, name: str) -> Table:
    """A table as the database has it now, with our column types where it matters."""
    now = SQLModel.metadata.tables[name]
    table = Table(name, MetaData(), autoload_with=connection)
    for column in table.columns:
        if column.name in now.columns and isinstance(now.columns[column.name].type, Id | Json):
            column.type = now.columns[column.name].type
    return table


def put_rows(connection: Connection, *rows: tuple[str, dict[str, Any]]) -> None:
    """Rows of the factories with changes, as far as the tables have those columns now."""
    for name, changes in rows:
        table = table_as_it_is(connection, name)
        row = {**a_row(name), **changes}
        connection.execute(table.insert(), {key: row[key] for key in row if key in table.columns})


def test_0002_keeps_jobs_in_both_directions(bare_engine: Engine) -> None:
    run(bare_engine, "upgrade", "0001")
    with bare_engine.begin() as connection:
        put_rows(connection, ("learner", {}), ("job", {"progress": 0.5}))
    run(bare_engine, "upgrade", "0002")
    with bare_engine.connect() as connection:
        row = connection.execute(select(table_as_it_is(connection, "job"))).mappings().one()
        assert (row["attempts"], row["done"], row["total"], row["problem"]) == (0, 0, 0, None)
        assert row["id"] == a_row("job")["id"]
    run(bare_engine, "downgrade", "0001")
    with bare_engine.connect() as connection:
        row = connection.execute(select(table_as_it_is(connection, "job"))).mappings().one()
        assert (row["progress"], row["id"]) == (0, a_row("job")["id"])


def test_0003_adds_exams_and_lets_phones_hear_that_one_is_gone(bare_engine: Engine) -> None:
    run(bare_engine, "upgrade", "0002")
    gone = an_id()
    with bare_engine.begin() as connection:
        put_rows(connection, ("learner", {}), ("tombstone", {}))
    run(bare_engine, "upgrade", "0003")
    with bare_engine.begin() as connection:
        put_rows(connection, ("tombstone", {"id": gone, "entity": "exam"}))
        for table in (exams, exam_plans, day_plans):
            connection.execute(table.insert(), a_row(table.name))
    with pytest.raises(IntegrityError), bare_engine.begin() as connection:
        put_rows(connection, ("tombstone", {"id": an_id(), "entity": "job"}))
    run(bare_engine, "downgrade", "0002")
    assert "exam" not in inspect(bare_engine).get_table_names()
    with bare_engine.connect() as connection:
        row = connection.execute(select(table_as_it_is(connection, "tombstone"))).mappings().one()
        assert {name: row[name] for name in ("id", "entity")} == {
            name: a_row("tombstone")[name] for name in ("id", "entity")
        }
    with pytest.raises(IntegrityError), bare_engine.begin() as connection:
        put_rows(connection, ("tombstone", {"id": gone, "entity": "exam"}))


def test_0004_adds_what_imports_need_and_keeps_the_notes(bare_engine: Engine) -> None:
    run(bare_engine, "upgrade", "0003")
    with bare_engine.begin() as connection:
        put_rows(connection, ("learner", {}), ("deck", {}), ("note", {}))
    run(bare_engine, "upgrade", "0004")
    with bare_engine.begin() as connection:
        row = connection.execute(select(table_as_it_is(connection, "note"))).mappings().one()
        assert (row["id"], row["note_type_id"], row["import_id"]) == (a_row("note")["id"], None, None)
        put_rows(connection, ("import", {}), ("media", {}), ("note_media", {}))
    run(bare_engine, "downgrade", "0003")
    with bare_engine.connect() as connection:
        row = connection.execute(select(table_as_it_is(connection, "note"))).mappings().one()
        assert row["guid"] == a_row("note")["guid"]
        assert "import" not in inspect(connection).get_table_names()


def test_0005_tells_tags_from_text_in_both_directions(bare_engine: Engine) -> None:
    run(bare_engine, "upgrade", "0004")
    # Keys in the order in which PostgreSQL keeps them.
    said: dict[str, Any] = {"fields": {"back": "x\x1fy", "front": "ＡＢＣ Straße"}, "tags": ["易错", "B::c"]}
    before = "x\x1fy\nａｂｃ strasse\n易错\nb::c"
    with bare_engine.begin() as connection:
        put_rows(connection, ("learner", {}), ("deck", {}), ("note", said | {"search_text": before}))
    run(bare_engine, "upgrade", "0005")
    with bare_engine.connect() as connection:
        text = connection.execute(select(table_as_it_is(connection, "note").c.search_text)).scalar_one()
        assert text == search_text(said["fields"], said["tags"]) == "x y\nabc straße\n\x1f易错\n\x1fb::c\n"
    run(bare_engine, "downgrade", "0004")
    with bare_engine.connect() as connection:
        text = connection.execute(select(table_as_it_is(connection, "note").c.search_text)).scalar_one()
        assert text == before


def test_0006_adds_texts_and_takes_them_away_again(bare_engine: Engine) -> None:
    run(bare_engine, "upgrade", "0006")
    with bare_engine.begin() as connection:
        put_rows(connection, ("learner", {}), ("document", {}), ("candidate", {}))
    run(bare_engine, "downgrade", "0005")
    assert not {"document", "candidate"} & set(inspect(bare_engine).get_table_names())
    run(bare_engine, "upgrade", "0006")
    with bare_engine.connect() as connection:
        assert connection.execute(select(table_as_it_is(connection, "candidate"))).first() is None


def test_0007_adds_who_was_united_and_takes_it_away_again(bare_engine: Engine) -> None:
    run(bare_engine, "upgrade", "0007")
    with bare_engine.begin() as connection:
        put_rows(connection, ("learner", {}), ("united", {}))
    run(bare_engine, "downgrade", "0006")
    assert "united" not in inspect(bare_engine).get_table_names()
    run(bare_engine, "upgrade", "0007")
    with bare_engine.connect() as connection:
        assert connection.execute(select(table_as_it_is(connection, "united"))).first() is None
        assert connection.execute(select(table_as_it_is(connection, "learner"))).one()


def test_models_and_migrations_agree(bare_engine: Engine) -> None:
    migrate(bare_engine)
    run(bare_engine, "check")


def test_migrating_twice_is_migrating_once(bare_engine: Engine) -> None:
    with pytest.raises(Busy, match="not-migrated"):
        check_migrated(bare_engine)
    migrate(bare_engine)
    migrate(bare_engine)
    check_migrated(bare_engine)
    assert current_revision(bare_engine) == newest_revision() == newest()
