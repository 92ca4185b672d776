"""Promise 1, acted out: phones study through a bad network while the service is killed; nothing is lost."""

import asyncio
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import URL

from app.services.migrate import migrate
from tests.chaos.phones import bundle
from tests.chaos.storm import Scale, storm
from tests.conftest import CHOSEN, create_database

SHORT = Scale(learners=3, phones=3, acts=40, kills=5)
QUIET = Scale(learners=2, phones=3, acts=40, kills=0)
CUTS = Scale(learners=2, phones=3, acts=40, kills=2, kinds=("all",))

DatabaseUrl = Callable[[str], str]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle(tmp_path_factory.mktemp("phones"))


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> DatabaseUrl:
    """The URL of a new, migrated database of that kind."""

    def make(kind: str) -> str:
        if kind == "sqlite":
            path = tmp_path / "wengu.sqlite3"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            return f"sqlite:///{path}"
        server: URL = request.getfixturevalue("postgres_url")
        engine = create_database(server, f"chaos_{os.urandom(4).hex()}")
        migrate(engine)
        engine.dispose()
        return engine.url.render_as_string(hide_password=False)

    return make


@pytest.mark.parametrize("kind", [kind for kind in CHOSEN if kind != "postgresql-partitioned"])
def test_no_answer_is_lost_or_doubled(
    kind: str, program: Path, database_url: DatabaseUrl, tmp_path: Path
) -> None:
    verdict = asyncio.run(storm(tmp_path, program, SHORT, 1, database_url(kind)))
    assert list(verdict.reasons()) == []
    assert str(verdict) == f"lost=0 duplicated=0 diverged=0 acked={verdict.acked} kills={verdict.kills}"
    assert verdict.kills == SHORT.kills
    assert verdict.acked >= SHORT.learners * SHORT.phones * SHORT.acts * 0.9


@pytest.mark.parametrize(
    ("fault", "scale", "caught_as"),
    [
        ("ack-before-commit", CUTS, "lost: acknowledged"),
        ("no-unique-id", QUIET, "duplicated: event .* which no phone made"),
        ("drops-undo", QUIET, "diverged: card .* its log says"),
        ("forgets-undo", QUIET, "lost: phone .* as saved"),
        ("unsorted-replay", QUIET, "diverged: card .* its log says"),
        ("outbox-emptied-on-send", QUIET, "lost: phone .* as saved"),
        ("wrong-day-at-rollover", QUIET, "diverged: event .* counts on day"),
    ],
)
def test_a_planted_fault_is_caught(
    fault: str, scale: Scale, caught_as: str, program: Path, database_url: DatabaseUrl, tmp_path: Path
) -> None:
    verdict = asyncio.run(storm(tmp_path, program, scale, 1, database_url("sqlite"), fault))
    found = [reason for reason in verdict.reasons() if re.match(caught_as, reason)]
    assert found, f"{fault} went unnoticed: {verdict}"
