"""The long run: `python -m tests.chaos`, on SQLite and PostgreSQL; a line each, exit 1 unless all is well."""

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from app.config import Settings
from app.db.engine import make_engine
from app.services.migrate import migrate
from tests.chaos.phones import bundle
from tests.chaos.storm import Scale, storm
from tests.conftest import create_database
from tests.postgres import cluster

MOST_SAID = 20


@contextlib.contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of a new, migrated database."""
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'wengu.sqlite3'}"
        engine = make_engine(Settings(data=folder, database_url=url))
        migrate(engine)
        engine.dispose()
        yield url
        return
    with cluster() as server:
        engine = create_database(server, f"chaos_{os.urandom(4).hex()}")
        migrate(engine)
        engine.dispose()
        yield engine.url.render_as_string(hide_password=False)


def run(kind: str, scale: Scale, seed: int, folder: Path) -> bool:
    """One run; its line on standard output, all else on standard error."""
    own = folder / kind
    own.mkdir()
    program = bundle(folder)
    sys.stderr.write(
        f"{kind}: {scale.learners} learners, {scale.phones} phones each, {scale.acts} acts each\n"
    )
    began = time.monotonic()
    with database(kind, own) as url:
        verdict = asyncio.run(storm(own, program, scale, seed, url))
    sys.stdout.write(f"{verdict}\n")
    sys.stdout.flush()
    sys.stderr.write(f"{kind}: {time.monotonic() - began:.0f} s, seed {seed}\n")
    for reason in verdict.reasons(MOST_SAID):
        sys.stderr.write(f"{reason}\n")
    return verdict.good


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--learners", type=int, default=50)
    parser.add_argument("--phones", type=int, default=3)
    parser.add_argument("--acts", type=int, default=400, help="of each phone")
    parser.add_argument("--kills", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    given = parser.parse_args()
    scale = Scale(given.learners, given.phones, given.acts, given.kills)
    with tempfile.TemporaryDirectory(prefix="wengu-chaos-") as folder:
        kinds = given.database or ["sqlite", "postgresql"]
        good = [run(kind, scale, given.seed, Path(folder)) for kind in kinds]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
