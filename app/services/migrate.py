"""Bringing the database to the tables that this program expects."""

from functools import cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from app.config import ROOT
from app.core.errors import Busy
from app.db.engine import WRITES

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS: Final = ROOT / "migrations"
_LOCK: Final = 0x57454E4755  # one migration at a time, whatever the number of processes


def migrate(engine: Engine) -> None:
    """Run all migrations that have not run yet; several processes may try at once."""
    from alembic import command

    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def alembic_config() -> "Config":
    """Alembic's configuration, wherever the program was started.

    Alembic is loaded by whoever migrates: a server that starts only looks where its database stands.
    """
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def current_revision(engine: Engine) -> str | None:
    """The revision that the database stands at, None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


@cache
def newest_revision() -> str:
    """The revision that this program expects: migrations are numbered by the names of their files."""
    return max(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py")).partition("_")[0]


def check_migrated(engine: Engine) -> None:
    """Raises Busy("not-migrated") unless the database answers and is at this program's version."""
    try:
        found = current_revision(engine)
    except DBAPIError as error:
        raise Busy("database-unreachable") from error
    if found != newest_revision():
        raise Busy("not-migrated")
