"""Real gunicorn processes and clients that keep them busy."""

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from app.core.day import learner_day
from app.core.ids import new_id

ROOT = Path(__file__).parents[2]
ZONE, ROLLOVER = "Asia/Shanghai", 4


@dataclass(frozen=True)
class Load:
    """What a run of requests showed: answers a second, and each request's seconds, sorted."""

    rate: float
    seconds: list[float]

    @property
    def p50(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p99(self) -> float:
        return self.seconds[min(len(self.seconds) - 1, int(len(self.seconds) * 0.99))]


class Client:
    """One phone with a kept-alive connection."""

    def __init__(self, port: int, session: str | None = None) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Content-Type": "application/json", "Origin": f"http://127.0.0.1:{port}"}
        if session:
            self.headers["Cookie"] = f"wengu_session={session}"
        self.device_id = str(fresh_id())
        self.sequence = 0
        self.cursor = 0

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        payload = None if body is None else json.dumps(body).encode()
        self.connection.request(method, path, payload, self.headers)
        answer = self.connection.getresponse()
        content = answer.read()
        assert answer.status < 300, (answer.status, content)
        cookie = answer.getheader("Set-Cookie")
        if cookie:
            self.headers["Cookie"] = cookie.split(";")[0]
        return json.loads(content) if content else None

    def begin(self, deck: str) -> list[str]:
        """Become a learner, add a shipped deck, and say which cards it has."""
        self.ask("POST", "/api/session", {"device_id": self.device_id, "zone": ZONE, "language": "zh"})
        self.ask("POST", f"/api/catalogue/{deck}")
        told = self.sync([])
        return [card["id"] for card in told["changes"]["cards"]]

    def sync(self, events: list[dict[str, Any]]) -> Any:
        told = self.ask(
            "POST",
            "/api/sync",
            {"device_id": self.device_id, "cursor": self.cursor, "want": 2000, "events": events},
        )
        self.cursor = told["cursor"]
        return told

    def answer(self, card_id: str) -> dict[str, Any]:
        at = time.time_ns() // 1_000_000
        self.sequence += 1
        return {
            "id": str(fresh_id()),
            "card_id": card_id,
            "kind": "answer",
            "rating": 3,
            "at": at,
            "clock_offset_ms": 0,
            "day": learner_day(at, ZONE, ROLLOVER),
            "duration_ms": 4000,
            "device_seq": self.sequence,
        }


def fresh_id() -> UUID:
    return new_id(time.time_ns() // 1_000_000, os.urandom)


@contextmanager
def serving(module: str, data: Path, settings: Mapping[str, str]) -> Iterator[int]:
    """gunicorn with the product's own configuration; yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environ = {name: value for name, value in os.environ.items() if not name.startswith("WENGU_")}
    environ |= {"WENGU_DATA": str(data), "WENGU_BIND": f"127.0.0.1:{port}", "WENGU_LOG_LEVEL": "error"}
    environ |= settings
    subprocess.run([sys.executable, "-m", "app.cli", "migrate"], cwd=ROOT, env=environ, check=True)
    command = [sys.executable, "-m", "gunicorn", "-c", "python:app.serve", module]
    with (data / "gunicorn.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
    try:
        wait_for(port, process, data / "gunicorn.log")
        yield port
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 120
    while True:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)


class Studying:
    """A phone that studies: one answer a request, one after the other."""

    def __init__(self, port: int) -> None:
        self.phone = Client(port)
        self.cards = self.phone.begin("polite-phrases")
        self.given = 0

    def answers(self, number: int) -> list[float]:
        """Give so many answers; the seconds that each request took."""
        seconds = []
        for _ in range(number):
            event = self.phone.answer(self.cards[self.given % len(self.cards)])
            self.given += 1
            began = time.perf_counter()
            told = self.phone.sync([event])
            seconds.append(time.perf_counter() - began)
            assert told["acked"] == [event["id"]], told
        self.phone.connection.close()  # the server would end it while the others have their turn
        return seconds


class StudyingNothing(Studying):
    """The same against the route without a database: it knows one session and takes every card."""

    def __init__(self, port: int, session: str) -> None:
        self.phone = Client(port, session)
        self.cards, self.given = [str(fresh_id())], 0


def at_once(phones: list[Studying], each: int) -> Load:
    """All phones give `each` answers at the same time."""
    seconds: list[float] = []
    start = threading.Barrier(len(phones) + 1)

    def study(phone: Studying) -> None:
        start.wait()
        seconds.extend(phone.answers(each))

    threads = [threading.Thread(target=study, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    assert len(seconds) == len(phones) * each
    return Load(len(seconds) / elapsed, sorted(seconds))
