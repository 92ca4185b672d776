"""A PostgreSQL cluster that lives as long as the tests do, in a temporary folder, behind its own socket."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL


class NoPostgres(RuntimeError):
    """PostgreSQL is not installed here."""


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[URL]:
    """Start a cluster; the URL of its database. Tests need no durability, the bench does."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="wengu-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data = folder / "data"
        _run(
            programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"
        )
        _run(
            programs / "pg_ctl",
            "-D",
            data,
            "-w",
            "-s",
            "-l",
            folder / "log",
            "-o",
            _options(folder, durable),
            "start",
        )
        try:
            yield URL.create(
                "postgresql", username="postgres", database="postgres", query={"host": str(folder)}
            )
        finally:
            _run(programs / "pg_ctl", "-D", data, "-w", "-s", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _options(folder: Path, durable: bool) -> str:
    settings = {"max_connections": "40", "shared_buffers": "64MB"}
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return f"-k {folder} -h '' " + " ".join(f"-c {name}={value}" for name, value in settings.items())


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise NoPostgres(
            "PostgreSQL is missing, so its part of the tests cannot run: apt-get install postgresql."
        )
    return found[-1].parent if found else Path(str(on_path)).parent


def _run(program: Path, *arguments: str | Path) -> None:
    """PostgreSQL refuses to run as root; the tests in a container often do."""
    command = [str(program), *map(str, arguments)]
    user = "postgres" if os.geteuid() == 0 else None
    if user is not None:
        pwd.getpwnam(user)
    done = subprocess.run(command, user=user, cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr or done.stdout}")
