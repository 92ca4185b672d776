"""Bringing the database to the tables that this program expects."""

from sqlalchemy import Engine


def migrate(engine: Engine) -> None:
    """Run all migrations that have not run yet; several processes may try at once."""


def check_migrated(engine: Engine) -> None:
    """Raises Busy("not-migrated") unless the database answers and is at this program's version."""
