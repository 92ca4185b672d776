"""Anki, asked from outside: it lives in an environment of its own, made once and kept in pytest's cache."""

import fcntl
import json
import subprocess
import venv
from pathlib import Path
from typing import Any

import pytest

ANKI = "anki==26.9.3"
HOME_NAME = ANKI.replace("==", "-")
SCRIPT = Path(__file__).parent / "anki_oracle.py"


def environment(cache: pytest.Cache) -> Path:
    """The interpreter of an environment with Anki in it; skips the test where it cannot be had."""
    try:
        return installed(cache.mkdir(HOME_NAME))
    except NoAnki as error:
        pytest.skip(str(error))


class NoAnki(RuntimeError):
    """Anki cannot be installed here."""


def installed(home: Path) -> Path:
    """The interpreter of the environment in that folder, made when it is not there. Raises NoAnki."""
    python, ready = home / "venv" / "bin" / "python", home / "ready"
    # The tests of two databases run beside each other: one makes the environment, the other waits for it.
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            _make(home / "venv", python)
            ready.touch()
    return python


def _make(folder: Path, python: Path) -> None:
    venv.create(folder, with_pip=True, clear=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ANKI]
    done = subprocess.run(install, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise NoAnki(f"{ANKI} cannot be installed here: {done.stderr.strip()[-200:]}")


def ask(python: Path, command: str, folder: Path) -> Any:
    done = subprocess.run(
        [python, SCRIPT, command, folder], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])
