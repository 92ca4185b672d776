"""gunicorn's settings, made of Wengu's own: `wengu serve` runs `gunicorn -c python:app.serve wsgi:app`.

SQLite is written by one process with threads; PostgreSQL by several processes, loaded once and then forked.
"""

import gc
import logging
import os
import socket
import sys
from typing import Any

from app.config import Settings
from app.jobs import Lookout, now_ms

_settings = Settings.from_env(os.environ)
_sqlite = _settings.sqlite

bind = _settings.bind
worker_class = "gthread"
workers = _settings.workers
threads = _settings.threads
preload_app = not _sqlite
timeout = 60
graceful_timeout = 20
keepalive = 15
backlog = 512
limit_request_line = 8_190
limit_request_fields = 60
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - heartbeat files, not data
forwarded_allow_ips = "*" if _settings.trust_proxy else "127.0.0.1"
control_socket_disable = True
accesslog = None
loglevel = "warning"
proc_name = "wengu"


def when_ready(server: Any) -> None:
    """Say where the service is, once it really is there."""
    for line in addresses(_settings.bind, _settings.public_url):
        sys.stdout.write(line + "\n")
    sys.stdout.flush()


def post_fork(server: Any, worker: Any) -> None:
    """A forked process must not share database connections with its siblings."""
    if preload_app:
        server.app.wsgi().extensions["engine"].dispose(close=False)


def post_worker_init(worker: Any) -> None:
    """Each process looks for jobs, so that a few are done at a time.

    What was loaded stays: the collector need not look through it, for a tenth of a second, in the middle of
    somebody's answer.
    """
    gc.collect()
    gc.freeze()
    worker.lookout = Lookout(
        worker.wsgi.extensions["engine"], now_ms, most_workers=2 if _settings.workers == 1 else 1
    )
    worker.lookout.start()


def worker_exit(server: Any, worker: Any) -> None:
    """A server that ends takes its worker along."""
    if hasattr(worker, "lookout"):
        worker.lookout.stop()


def addresses(bind_to: str, public_url: str) -> list[str]:
    """The lines that tell a person which address to open, on this machine and on a phone."""
    host, _, port = bind_to.rpartition(":")
    everywhere = host.strip("[]") in ("", "0.0.0.0", "::")  # noqa: S104 - comparing, not binding
    lines = [f"Wengu 温故  http://{'127.0.0.1' if everywhere else host}:{port}"]
    if public_url:
        lines.append(f"            {public_url}")
    local = _local_address() if everywhere else None
    if local:
        lines.append(f"on a phone  http://{local}:{port}")
        lines.append("            (offline use there needs HTTPS: README, Running it for a team)")
    return lines


def _local_address() -> str | None:
    """This machine's address in its own network; connecting a UDP socket sends nothing, it picks a route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address: str = probe.getsockname()[0]
        return None if address.startswith("127.") else address


logging.getLogger("gunicorn.error").propagate = False
