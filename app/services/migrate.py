"""Bringing the database to the tables that this program expects."""

from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from app.config import ROOT
from app.core.errors import Busy
from app.db.engine import WRITES

_LOCK: Final = 0x57454E4755  # one migration at a time, whatever the number of processes


def migrate(engine: Engine) -> None:
    """Run all migrations that have not run yet; several processes may try at once."""
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def alembic_config() -> Config:
    """Alembic's configuration, wherever the program was started."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def current_revision(engine: Engine) -> str | None:
    """The revision that the database stands at, None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def check_migrated(engine: Engine) -> None:
    """Raises Busy("not-migrated") unless the database answers and is at this program's version."""
    try:
        found = current_revision(engine)
    except DBAPIError as error:
        raise Busy("database-unreachable") from error
    if found != ScriptDirectory.from_config(alembic_config()).get_current_head():
        raise Busy("not-migrated")
