"""What a phone feels: answers over HTTP against the same route with nothing behind it."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.bench.no_database import SECRET
from tests.bench.report import Figure
from tests.bench.serving import ROOT, Studying, StudyingNothing, at_once, serving
from tests.postgres import cluster

WARM_UP, ROUNDS, ANSWERS = 150, 15, 40
"""Short rounds in turn with the yardstick: what else the machine does meets both alike."""

FIRST_ANSWER = """
import os, sys, time
began = time.perf_counter()
from pathlib import Path
from app import create_app
from app.config import Settings
app = create_app(Settings.from_env(os.environ))
client = app.test_client()
answer = client.get("/readyz")
assert answer.status_code == 200, answer.text
print(time.perf_counter() - began)
"""


def answers() -> Iterator[Figure]:
    """One client, one answer a request; the median of rounds that alternate with the yardstick.

    The yardstick is the same route with the same cookie, request and answer, and nothing behind it.
    """
    with cluster(durable=True) as url:
        for name, settings, must in (
            ("SQLite NORMAL", {"WENGU_SQLITE_SYNCHRONOUS": "NORMAL"}, 0.6),
            ("SQLite FULL", {}, 0.4),
            ("PostgreSQL", {"WENGU_DATABASE_URL": url.render_as_string(hide_password=False)}, 0.4),
        ):
            ratio, rate = _against_nothing(settings)
            yield Figure(
                f"answers a second, {name} / no database", ratio, must, True, f"{rate:.0f} answers/s"
            )


def _against_nothing(settings: Mapping[str, str]) -> tuple[float, float]:
    rates, ratios = [], []
    with _served("wsgi:app", settings) as port, _served("tests.bench.no_database:app", {}) as bare_port:
        real, bare = Studying(port), StudyingNothing(bare_port, SECRET)
        bare.answers(WARM_UP)
        real.answers(WARM_UP)
        for _ in range(ROUNDS):
            nothing, seconds = sum(bare.answers(ANSWERS)), sum(real.answers(ANSWERS))
            rates.append(ANSWERS / seconds)
            ratios.append(nothing / seconds)
    return statistics.median(ratios), max(rates)


def tail() -> Iterator[Figure]:
    """Sixteen phones at once on SQLite: the best of some rounds, as others may need the machine too."""
    with _served("wsgi:app", {"WENGU_THREADS": "16"}) as port:
        phones = [Studying(port) for _ in range(16)]
        at_once(phones, 20)
        load = min((at_once(phones, 40) for _ in range(5)), key=lambda load: load.p99)
    yield Figure("16 clients, SQLite, p99 in ms", load.p99 * 1000, 50, detail=f"{load.rate:.0f} answers/s")
    yield Figure(
        "16 clients, SQLite, p99 / p50", load.p99 / load.p50, 5, detail=f"p50 {load.p50 * 1000:.1f} ms"
    )


def first_answer_of_a_fresh_process() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        environ = {"WENGU_DATA": folder, "PATH": "/usr/bin:/bin"}
        subprocess.run([sys.executable, "-m", "app.cli", "migrate"], cwd=ROOT, env=environ, check=True)
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        empty = time.perf_counter() - began
        times = []
        for _ in range(5):
            ran = subprocess.run(
                [sys.executable, "-c", FIRST_ANSWER], cwd=ROOT, env=environ, check=True, capture_output=True
            )
            times.append(float(ran.stdout))
    seconds = statistics.median(times)
    yield Figure(
        "first answer of a fresh process, seconds",
        seconds,
        0.8,
        detail=f"{seconds / empty:.0f} x an empty Python",
    )


@contextmanager
def _served(module: str, settings: Mapping[str, str]) -> Iterator[int]:
    with tempfile.TemporaryDirectory() as folder, serving(module, Path(folder), settings) as port:
        yield port
