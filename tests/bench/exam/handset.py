"""The service and a phone with one clock for both: real HTTP, the phone's own code under Node."""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine
from werkzeug.serving import WSGIRequestHandler, make_server

from app import create_app
from app.api import auth, contract
from app.config import Settings
from app.jobs import work_off
from app.services.migrate import migrate

ROOT = Path(__file__).parents[3]
WEB = ROOT / "app" / "web"


class Clock:
    """What time it is for everybody, ms UTC."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nobody reads it."""


class Service:
    """The service on a port of its own; `work` does the jobs that wait."""

    def __init__(self, address: str, engine: Engine, settings: Settings, clock: Clock) -> None:
        self.address, self.engine, self.settings, self.clock = address, engine, settings, clock

    def work(self) -> int:
        return work_off(self.engine, self.settings, self.clock)


@contextmanager
def serving(data: Path, clock: Clock) -> Iterator[Service]:
    """The service with its clock replaced, for as long as the block runs."""
    settings = Settings(data=data, web_dist=data / "dist", log_level="ERROR")
    app = create_app(settings)
    engine: Engine = app.extensions["engine"]
    migrate(engine)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    with patch.object(auth, "now_ms", clock), patch.object(contract, "now_ms", clock):
        thread.start()
        try:
            yield Service(f"http://127.0.0.1:{server.server_port}", engine, settings, clock)
        finally:
            server.shutdown()
            thread.join()
            engine.dispose()


def bundle(folder: Path) -> Path:
    """Build the phone for Node."""
    command = ["./with_node.sh", "npx", "vite", "build", "--config", "test/exam/vite.config.ts"]
    done = subprocess.run(
        [*command, "--outDir", str(folder)], cwd=WEB, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "exam_phone.mjs"


class Handset:
    """One phone in a process of its own, told what to do line by line (app/web/test/exam/main.ts)."""

    def __init__(self, program: Path) -> None:
        self._process = subprocess.Popen(
            [str(WEB / "with_node.sh"), "node", str(program)],
            cwd=WEB,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ.copy(),
        )

    def do(self, **order: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(f"{list(order)}: {answer['error']}")
        return answer

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()
