"""Rules that every table keeps, so that the data can be spread by learner and no number overflows."""

import pytest
from sqlalchemy import BigInteger, Engine, ForeignKeyConstraint, Table, UniqueConstraint
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from app.db.models import events, learners
from tests.factories import ROWS, a_row

REFERENCE = {"login", "throttle"}
TABLES = SQLModel.metadata.sorted_tables
OWNED = [table for table in TABLES if table.name not in {*REFERENCE, "learner"}]


@pytest.mark.parametrize("table", OWNED, ids=lambda table: table.name)
def test_the_learner_is_in_every_key(table: Table) -> None:
    assert next(iter(table.primary_key.columns)).name == "learner_id"
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint | ForeignKeyConstraint):
            assert "learner_id" in constraint.columns
    for index in table.indexes:
        assert index.columns.keys()[0] == "learner_id" or table.name == "job"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_milliseconds_and_sequences_are_wide(table: Table) -> None:
    wide = {"at", "seq", "own_seq", "device_seq", "window_start", "lease_until"}
    for column in table.columns:
        if column.name in wide or column.name.endswith("_at") or column.name == "clock_offset_ms":
            assert isinstance(column.type, BigInteger), column


def test_there_is_a_row_for_each_table() -> None:
    assert {table.name for table in TABLES} == set(ROWS)


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "guess"}, {"rating": 5}, {"rating": None}, {"kind": "flag"}, {"kind": None}],
    ids=str,
)
def test_the_log_refuses_what_is_no_event(engine: Engine, wrong: dict[str, object]) -> None:
    with engine.begin() as connection:
        connection.execute(learners.insert(), a_row("learner"))
        connection.execute(events.insert(), a_row("event"))
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(events.insert(), a_row("event", id=a_row("job")["id"], **wrong))
