"""The product under test: real gunicorn processes with the product's own settings, killed at any moment."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.bench.serving import ROOT
from tests.chaos.proxy import connected

Pid = int


class Service:
    """One service and its database. Each new master takes a new port, out of the way of orphans."""

    def __init__(self, data: Path, settings: Mapping[str, str], module: str = "wsgi:app") -> None:
        self.data = data
        self.module = module
        self.port = 0
        self.kills = 0
        self._master: subprocess.Popen[bytes] | None = None
        self._orphans: list[int] = []
        own = {"WENGU_DATA": str(data), "WENGU_LOG_LEVEL": "error"}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("WENGU_")}
        self.environ = clean | own | dict(settings)
        self.environ.pop("DATABASE_URL", None)

    def start(self) -> None:
        self.port = free_port()
        environ = self.environ | {"WENGU_BIND": f"127.0.0.1:{self.port}"}
        command = [sys.executable, "-m", "gunicorn", "-c", "python:app.serve", self.module]
        with (self.data / "gunicorn.log").open("ab") as log:
            self._master = subprocess.Popen(
                command, cwd=ROOT, env=environ, stdout=log, stderr=log, start_new_session=True
            )

    async def ready(self) -> None:
        """Come back when a worker answers."""
        while True:
            with contextlib.suppress(OSError):
                async with connected(self.port) as (reader, writer):
                    writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    if (await reader.readline()).startswith(b"HTTP/1.1 200"):
                        return
            assert self.master.poll() is None, (self.data / "gunicorn.log").read_text()
            await asyncio.sleep(0.02)

    @property
    def master(self) -> "subprocess.Popen[bytes]":
        assert self._master is not None
        return self._master

    def workers(self) -> list[Pid]:
        listed = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def kill_worker(self, place: int) -> None:
        """SIGKILL one of the workers; the master will start another."""
        workers = self.workers()
        if workers:
            os.kill(workers[place % len(workers)], signal.SIGKILL)
            self.kills += 1

    def kill_master(self) -> None:
        """SIGKILL the master alone: its workers go on until they notice. Then what a supervisor does."""
        self._orphans += [os.pidfd_open(pid) for pid in self.workers()]
        self.master.kill()
        self.master.wait()
        self.kills += 1
        self.start()

    def kill_all(self) -> None:
        """SIGKILL everything at once, as a power cut would, and start again."""
        os.killpg(self.master.pid, signal.SIGKILL)
        self.master.wait()
        self.kills += 1
        self.start()

    def pause(self, place: int, seconds: float) -> None:
        """SIGSTOP one worker for a while."""
        workers = self.workers()
        if not workers:
            return
        process = os.pidfd_open(workers[place % len(workers)])
        signal.pidfd_send_signal(process, signal.SIGSTOP)

        def go_on() -> None:
            send(process, signal.SIGCONT)
            os.close(process)

        asyncio.get_running_loop().call_later(seconds, go_on)

    def stop(self) -> None:
        """End everything that this service started."""
        for orphan in self._orphans:
            send(orphan, signal.SIGKILL)
            os.close(orphan)
        self._orphans.clear()
        if self._master is not None:
            os.killpg(self._master.pid, signal.SIGKILL)
            self._master.wait()
            self._master = None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def send(process: int, what: signal.Signals) -> None:
    """Signal a process, unless it is gone."""
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(process, what)
