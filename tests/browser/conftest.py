"""A real server and a real Chromium for the tests that do what a learner does."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
PHONE, DESKTOP = (360, 640), (1280, 800)
SMALL = (320, 640)

in_every_look = pytest.mark.parametrize(
    ("size", "theme", "language"),
    [
        pytest.param(size, theme, language, id=f"{size[0]}-{theme}-{language}")
        for size, theme, language in (
            (SMALL, "light", "zh-CN"),
            (SMALL, "dark", "en"),
            (PHONE, "dark", "zh-CN"),
            (PHONE, "light", "en"),
            (DESKTOP, "light", "zh-CN"),
            (DESKTOP, "dark", "en"),
        )
    ],
)
"""Each size, theme and language with each of the others; three at once are not looked at in every way."""
START_SECONDS = 90
# Deadlines, not waits: a machine that does much else besides is slow, not wrong.
expect.set_options(timeout=30_000)


@dataclass
class Server:
    """A served product of its own: process, address and data folder."""

    data: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environ = os.environ | {
            "WENGU_DATA": str(self.data),
            "WENGU_BIND": f"127.0.0.1:{self.port}",
            "WENGU_LOG_LEVEL": "warning",
        }
        environ.pop("DATABASE_URL", None)
        log = (self.data / "server.log").open("ab")
        command = [sys.executable, "-m", "app.cli", "serve"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        wait_until(self.ready, "the server is ready")

    def ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self.data / "server.log").read_text()
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def stop(self) -> None:
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=START_SECONDS)
        self.process = None


def wait_until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"waited {START_SECONDS} s in vain until {what}"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    served = Server(tmp_path_factory.mktemp("served"), free_port())
    served.start()
    yield served
    served.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server that the test may stop and start."""
    served = Server(tmp_path, free_port())
    served.start()
    yield served
    served.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which(os.environ.get("WENGU_CHROMIUM", "chromium"))
    assert chromium, "no Chromium: run tests/install_tools.sh"
    arguments = [
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-background-networking",
    ]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield started
        started.close()


class Console:
    """What a page complained about; a test ends with none of it."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.complaints: list[str] = []
        self.outside: list[str] = []
        self.address = address
        context.on("console", lambda message: self.hear(message.type, message.text))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", lambda request: self.see(request.url))

    def hear(self, kind: str, text: str) -> None:
        # A browser without a network says so itself for every request; that is no fault of the app.
        if (
            kind == "error"
            and "ERR_INTERNET_DISCONNECTED" not in text
            and "ERR_CONNECTION_REFUSED" not in text
        ):
            self.complaints.append(text)

    def see(self, url: str) -> None:
        if not url.startswith((self.address, "blob:", "data:")):
            self.outside.append(url)


@dataclass
class Learner:
    """A browser profile with one page open, and what its console said."""

    context: BrowserContext
    page: Page
    console: Console


OpenLearner = Callable[..., Learner]


@pytest.fixture
def open_learner(browser: Browser, server: Server) -> Iterator[OpenLearner]:
    opened: list[Learner] = []

    def open_it(
        *,
        size: tuple[int, int] = PHONE,
        language: str = "zh-CN",
        theme: str = "light",
        at: Server = server,
        bypass_csp: bool = False,
        path: str = "/",
    ) -> Learner:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=language,
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if theme == "dark" else "light",
            has_touch=size == PHONE,
            is_mobile=size == PHONE,
            bypass_csp=bypass_csp,
            # A card that is still fading in would be judged by a contrast nobody gets to see.
            reduced_motion="reduce" if bypass_csp else "no-preference",
        )
        context.set_default_timeout(30_000)
        console = Console(context, at.address)
        page = context.new_page()
        page.goto(at.address + path)
        opened.append(Learner(context, page, console))
        return opened[-1]

    yield open_it
    for learner in opened:
        learner.context.close()
    assert not [line for learner in opened for line in learner.console.complaints]
    assert not [url for learner in opened for url in learner.console.outside]
