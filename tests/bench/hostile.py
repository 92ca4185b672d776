"""The hostile files, posted two at a time to the real service, while somebody else answers cards."""

import hashlib
import json
import os
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from tests.bench.report import Figure
from tests.bench.serving import Client, serving
from tests.hostile.cases import Case
from tests.hostile.corpus import corpus

PUSHERS = 2
LOOK_SECONDS = 0.05
PATIENCE_SECONDS = 240
CONTENT = (
    "import", "deck", "note", "card", "event", "note_type", "media", "note_media", "day_stat", "tombstone",
    "document", "candidate",
)  # fmt: skip
MB = 1024 * 1024


@dataclass
class Storm:
    """What came of the files, and how the other learner fared meanwhile."""

    port: int
    cases: Queue[Case]
    refusals: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    done: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def push(self) -> None:
        """Post file after file, each as it would be from a phone."""
        phone = Client(self.port)
        phone.ask(
            "POST", "/api/session", {"device_id": phone.device_id, "zone": "Asia/Shanghai", "language": "zh"}
        )
        while True:
            try:
                case = self.cases.get_nowait()
            except Empty:
                return
            content = case.make()
            began = time.perf_counter()
            told = self._read(phone, case, content)
            if told["state"] == "failed":
                self.refusals.append(time.perf_counter() - began)
            code = (told["problem"] or {}).get("type", "").removeprefix("/problems/")
            skipped = {item["code"] for item in told.get("skipped", ())}
            nothing = case.code == "" and code == "file-nothing-inside" and case.skips
            expected = case.code_by_content or case.code
            if not (code == expected and case.skips <= skipped) and not nothing:
                self.wrong.append(f"{case.name}: {code or told['state']}, not {expected or 'accepted'}")
            self.done += 1
            phone.ask("DELETE", f"{_place(case)}/{told['id']}")

    def _read(self, phone: Client, case: Case, content: bytes) -> Any:
        phone.connection.request(
            "POST",
            _place(case) + ("" if case.reader == "document" else f"?as={case.reader}"),
            content,
            {**phone.headers, "Content-Type": "application/octet-stream"},
        )
        answer = phone.connection.getresponse()
        told = json.loads(answer.read())
        assert answer.status == 202, told
        deadline = time.monotonic() + PATIENCE_SECONDS
        while told["state"] == "reading" and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
            told = phone.ask("GET", f"{_place(case)}/{told['id']}")
        return told

    def study(self) -> None:
        """Answer cards for as long as the files come."""
        phone = Client(self.port)
        own = phone.begin("polite-phrases")
        number = 0
        while not self.over.is_set():
            event = phone.answer(own[number % len(own)])
            began = time.perf_counter()
            told = phone.sync([event])
            self.answers.append(time.perf_counter() - began)
            assert told["acked"] == [event["id"]], told
            number += 1
            self.over.wait(0.1)


def hostile(most: int | None = None) -> Iterator[Figure]:
    """All files, or the first few."""
    cases = list(islice(corpus(), most))
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        with serving("wsgi:app", data, {}) as port:
            idle = _storm(port, [], 5.0)
            memory = _memory(data)
            before = _rows(data), _tree(data)
            storm = _storm(port, cases)
            grown = _memory(data) - memory
            after = _rows(data), _tree(data)
    p95 = _p95(storm.answers)
    yield Figure(
        f"{storm.done - len(storm.wrong)}/{len(cases)} as expected",
        float(len(storm.wrong)),
        0,
        detail="; ".join(storm.wrong[:5]),
    )
    yield Figure(
        "answers of somebody else meanwhile, p95 ms",
        p95 * 1000,
        300,
        detail=f"without files {_p95(idle.answers) * 1000:.0f} ms",
    )
    yield Figure("a refusal, median s", statistics.median(storm.refusals), 2)
    yield Figure("the slowest refusal, s", max(storm.refusals), 10)
    yield Figure("memory of the service, MB more", grown / MB, 256)
    yield Figure(
        "rows and files that refusals left", float(before != after), 0, detail=_difference(before, after)
    )


def _place(case: Case) -> str:
    return "/api/documents" if case.reader == "document" else "/api/imports"


def _storm(port: int, cases: Sequence[Case], seconds: float = 0.0) -> Storm:
    queue: Queue[Case] = Queue()
    for case in cases:
        queue.put(case)
    storm = Storm(port, queue)
    learner = threading.Thread(target=storm.study)
    learner.start()
    pushers = [threading.Thread(target=storm.push) for _ in range(PUSHERS if cases else 0)]
    for pusher in pushers:
        pusher.start()
    for pusher in pushers:
        pusher.join()
    if not cases:
        time.sleep(seconds)
    storm.over.set()
    learner.join()
    return storm


def _p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)]


def _rows(data: Path) -> dict[str, int]:
    """How much content there is of everybody who does not study a shipped deck."""
    others = "learner_id not in (select learner_id from deck where origin = 'shipped')"
    with closing(sqlite3.connect(data / "wengu.sqlite3")) as connection:
        return {
            table: int(connection.execute(f'select count(*) from "{table}" where {others}').fetchone()[0])
            for table in CONTENT
        }


def _tree(data: Path) -> dict[str, str]:
    """The files of the data folder but for the database and the log."""
    return {
        str(path.relative_to(data)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(data.rglob("*"))
        if path.is_file() and not path.name.startswith(("wengu.sqlite3", "gunicorn"))
    }


def _memory(data: Path) -> int:
    """Resident bytes of the server processes: those with our data folder in their environment."""
    mine = f"WENGU_DATA={data}".encode()
    total = 0
    for process in Path("/proc").iterdir():
        if not process.name.isdecimal() or int(process.name) == os.getpid():
            continue
        try:
            if (
                mine in (process / "environ").read_bytes().split(b"\0")
                and b"gunicorn" in (process / "cmdline").read_bytes()
            ):
                fields = (process / "statm").read_text().split()
                total += int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            continue
    return total


def _difference(before: Any, after: Any) -> str:
    return "" if before == after else f"{before} -> {after}"
