"""Every test that asks for `engine` runs on each database named in WENGU_TEST_DATABASES."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import URL, Engine, MetaData, text
from sqlmodel import SQLModel

from app.config import Settings
from app.db import models
from app.db.engine import make_engine
from app.services.migrate import migrate
from tests.formats.anki_asked import environment
from tests.postgres import NoPostgres, cluster

# A test that judges by the clock fails on a busy machine.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

KINDS = ("sqlite", "postgresql", "postgresql-partitioned")
CHOSEN = tuple(filter(None, os.environ.get("WENGU_TEST_DATABASES", "sqlite").split(",")))
PARTITIONS = 3


def pytest_configure() -> None:
    unknown = set(CHOSEN) - set(KINDS)
    if unknown or not CHOSEN:
        raise pytest.UsageError(f"WENGU_TEST_DATABASES: {', '.join(KINDS)}, not {','.join(CHOSEN)!r}")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[URL]:
    try:
        with cluster() as url:
            yield url
    except NoPostgres as missing:
        pytest.fail(str(missing))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "wengu.sqlite3"
    engine = make_engine(_settings(f"sqlite:///{path}"))
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_engines(request: pytest.FixtureRequest) -> Iterator[dict[str, Engine]]:
    """Engines of the PostgreSQL databases in use, made when first asked for."""
    engines: dict[str, Engine] = {}
    yield engines
    for engine in engines.values():
        engine.dispose()


@pytest.fixture(params=CHOSEN)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine on an empty database with all tables."""
    if request.param == "sqlite":
        path = tmp_path / "wengu.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        made = make_engine(_settings(f"sqlite:///{path}"))
        yield made
        made.dispose()
        return
    engines: dict[str, Engine] = request.getfixturevalue("postgres_engines")
    if request.param not in engines:
        fresh = create_database(request.getfixturevalue("postgres_url"), request.param.replace("-", "_"))
        if request.param == "postgresql":
            migrate(fresh)
        else:
            create_partitioned(fresh)
        engines[request.param] = fresh
    made = engines[request.param]
    empty(made)
    yield made


def empty(engine: Engine) -> None:
    """Delete what the test before left, row by row: for a handful of rows in a hundred tables and partitions
    that is many times faster than TRUNCATE, which makes new files for each."""
    with engine.begin() as connection:
        for table in reversed(SQLModel.metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.fixture(params=[kind for kind in CHOSEN if kind != "postgresql-partitioned"])
def bare_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine on a database without any table, for migrations."""
    if request.param == "sqlite":
        made = make_engine(_settings(f"sqlite:///{tmp_path / 'bare.sqlite3'}"))
    else:
        made = create_database(request.getfixturevalue("postgres_url"), f"bare_{os.urandom(4).hex()}")
    yield made
    made.dispose()


def create_database(server: URL, name: str) -> Engine:
    """A new database on the test cluster."""
    admin = make_engine(_settings(server.render_as_string(hide_password=False)))
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    admin.dispose()
    return make_engine(_settings(server.set(database=name).render_as_string(hide_password=False)))


def create_partitioned(engine: Engine) -> None:
    """All tables, and those of learners spread by learner: what a key forgot of the learner fails here."""
    metadata = MetaData(naming_convention=SQLModel.metadata.naming_convention)
    for table in SQLModel.metadata.sorted_tables:
        table.to_metadata(metadata)
    spread = [table for table in metadata.sorted_tables if table.name not in ("login", "throttle")]
    for table in spread:
        key = "id" if table.name == models.learners.name else "learner_id"
        table.dialect_options["postgresql"]["partition_by"] = f"HASH ({key})"
    with engine.begin() as connection:
        metadata.create_all(connection)
        for table in spread:
            for number in range(PARTITIONS):
                connection.execute(
                    text(
                        f'CREATE TABLE "{table.name}_{number}" PARTITION OF "{table.name}" '
                        f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {number})"
                    )
                )


def _settings(url: str) -> Settings:
    return Settings(database_url=url, sqlite_synchronous="NORMAL")


@pytest.fixture(scope="session")
def anki_python(request: pytest.FixtureRequest) -> Path:
    """The interpreter of an environment with Anki in it."""
    assert request.config.cache is not None
    return environment(request.config.cache)
