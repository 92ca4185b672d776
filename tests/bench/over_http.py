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
from tests.bench.serving import ROOT, Load, answers_under_load, serving
from tests.postgres import cluster

ROUNDS, ANSWERS = 3, 300

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
    """One client, one answer a request; the median of rounds that alternate with the yardstick."""
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
    with _served("wsgi:app", settings) as real, _served("tests.bench.no_database:app", {}) as bare:
        for _ in range(ROUNDS):
            nothing = answers_under_load(bare, 1, ANSWERS, SECRET)
            load = answers_under_load(real, 1, ANSWERS)
            rates.append(load.rate)
            ratios.append(load.rate / nothing.rate)
    return statistics.median(ratios), statistics.median(rates)


def tail() -> Iterator[Figure]:
    """Sixteen phones at once on SQLite."""
    with _served("wsgi:app", {"WENGU_THREADS": "16"}) as port:
        load: Load = answers_under_load(port, 16, 60)
    detail = f"p50 {load.p50 * 1000:.1f} ms, p99 {load.p99 * 1000:.1f} ms (must <= 50), {load.rate:.0f}/s"
    yield Figure("16 clients, SQLite, p99 / p50", load.p99 / load.p50, 5, detail=detail)


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
