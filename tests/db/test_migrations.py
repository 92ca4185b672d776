"""Each migration, up and down with rows in the tables; the models say the same as the migrations."""

from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, inspect, select
from sqlmodel import SQLModel

from app.core.errors import Busy
from app.db.engine import WRITES
from app.services.migrate import alembic_config, check_migrated, current_revision, migrate
from tests.factories import ROWS, a_row


def run(engine: Engine, name: str, *arguments: Any) -> None:
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        config = alembic_config()
        config.attributes["connection"] = connection
        getattr(command, name)(config, *arguments)


def test_0001_makes_tables_that_keep_rows_and_takes_them_away_again(bare_engine: Engine) -> None:
    run(bare_engine, "upgrade", "0001")
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
    run(bare_engine, "upgrade", "0001")
    with bare_engine.connect() as connection:
        assert all(connection.execute(select(table)).first() is None for table in tables)


def test_models_and_migrations_agree(bare_engine: Engine) -> None:
    migrate(bare_engine)
    run(bare_engine, "check")


def test_migrating_twice_is_migrating_once(bare_engine: Engine) -> None:
    with pytest.raises(Busy, match="not-migrated"):
        check_migrated(bare_engine)
    migrate(bare_engine)
    migrate(bare_engine)
    check_migrated(bare_engine)
    assert current_revision(bare_engine) == "0001"
