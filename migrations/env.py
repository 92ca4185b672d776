"""How Alembic reaches the database: over the connection it is given, else over the one of the settings."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, Text
from sqlmodel import SQLModel

from app.config import Settings
from app.db import models  # noqa: F401  (fills the metadata)
from app.db.engine import make_engine
from app.db.types import Id, Json


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Our column types by their own names."""
    if kind == "type" and isinstance(item, Id | Json):
        autogen.imports.add("from app.db.types import Id, Json")
        return f"{type(item).__name__}()"
    if kind == "type" and isinstance(item, Text):
        return "sa.Text()"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_item=render_item,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        run(given)
        return
    engine = make_engine(Settings.from_env())
    with engine.connect().execution_options(wengu_writes=True) as connection:
        run(connection)
    engine.dispose()


main()
