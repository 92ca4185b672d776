"""The network between phones and service: a TCP proxy that knows where a request ends, and hurts there."""

import asyncio
import contextlib
import json
import random
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

Upstream = Callable[[], int]

WEATHER = {
    "fine": 66,
    "slow": 6,
    "cut before": 4,  # nothing reaches the service
    "cut inside": 4,  # half of the request does
    "blind cut": 5,  # the phone is cut off while the service works
    "cut after": 5,  # the service has committed, the phone hears nothing
    "cut within the answer": 3,
    "double": 4,  # two copies at the same time
    "late": 3,  # the phone is cut off; the request arrives after later ones
    "again": 3,  # answered, and a copy arrives after later ones
}
UNHURT = {"fine": 1}


@dataclass
class Message:
    head: bytes
    body: bytes

    @property
    def whole(self) -> bytes:
        return self.head + self.body

    def header(self, name: str) -> str:
        for line in self.head.decode("latin-1").split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name:
                return value.strip()
        return ""


@dataclass
class Watch:
    """Who wants to know that a request has been handed to the service, or that it has been answered."""

    forwarded: Callable[[], None] = lambda: None
    answered: Callable[[], None] = lambda: None


@dataclass
class Proxy:
    """`upstream` says on which port the service is now. `acked` are the ids that the service acknowledged,
    whether or not a phone heard of it; `bad` the server errors that no phone should ever see."""

    upstream: Upstream
    chance: random.Random
    watch: Watch = field(default_factory=Watch)
    stormy: bool = False
    acked: set[str] = field(default_factory=set)
    bad: list[str] = field(default_factory=list)
    fates: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    _held: list[tuple[int, Message]] = field(default_factory=list)
    _background: set[asyncio.Task[None]] = field(default_factory=set)
    _server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def calm(self) -> None:
        """Only good weather from now on; what was held back arrives first."""
        self.stormy = False
        for _, message in self._held:
            self._send_later(message)
        self._held.clear()
        while self._background:
            await asyncio.gather(*self._background)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        await self.calm()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a phone, until one side ends it."""
        try:
            while await self._pass_on(await read_message(reader), writer):
                pass
        except (OSError, EOFError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _pass_on(self, request: Message, writer: asyncio.StreamWriter) -> bool:
        """Let one request meet its fate; whether the connection lives on."""
        self.requests += 1
        self._release()
        weather = WEATHER if self.stormy else UNHURT
        (fate,) = self.chance.choices(list(weather), list(weather.values()))
        self.fates[fate] += 1
        answer = await self._fetch(fate, request)
        if answer is None:
            return False
        if fate == "cut within the answer":
            writer.write(answer.whole[: self.chance.randrange(len(answer.whole))])
            await writer.drain()
            return False
        writer.write(answer.whole)
        await writer.drain()
        return answer.header("connection").lower() != "close"

    async def _fetch(self, fate: str, request: Message) -> Message | None:
        """The answer that the phone gets, None when it is cut off."""
        if fate == "cut before":
            return None
        if fate == "cut inside":
            await self._send_half(request)
            return None
        if fate in ("late", "again"):
            self._held.append((self.requests + self.chance.randint(2, 40), request))
        if fate == "late":
            return None
        if fate == "blind cut":
            self._send_later(request)
            return None
        if fate == "slow":
            await asyncio.sleep(self.chance.uniform(0.005, 0.08))
        if fate == "double":
            self._send_later(request)
        answer = await self._exchange(request)
        return None if fate == "cut after" else answer

    def _release(self) -> None:
        """Send what was held back long enough."""
        due = [message for when, message in self._held if when <= self.requests]
        self._held = [held for held in self._held if held[0] > self.requests]
        for message in due:
            self._send_later(message)

    def _send_later(self, request: Message) -> None:
        async def send() -> None:
            with contextlib.suppress(OSError, EOFError):
                await self._exchange(request)

        task = asyncio.create_task(send())
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _send_half(self, request: Message) -> None:
        async with connected(self.upstream()) as (_, writer):
            writer.write(request.whole[: self.chance.randrange(1, len(request.whole))])
            await writer.drain()

    async def _exchange(self, request: Message) -> Message:
        """The service's answer. Raises OSError or EOFError where there is none."""
        async with connected(self.upstream()) as (reader, writer):
            writer.write(request.whole)
            await writer.drain()
            self.watch.forwarded()
            answer = await read_message(reader)
        self._note(request, answer)
        self.watch.answered()
        return answer

    def _note(self, request: Message, answer: Message) -> None:
        status = int(answer.head.split(b" ", 2)[1])
        if status >= 500 and status not in (503, 507):
            self.bad.append(f"{status} {answer.body[:200].decode(errors='replace')}")
        if status == 200 and request.head.startswith(b"POST /api/sync "):
            body = answer.body
            if answer.header("content-encoding") == "gzip":
                body = zlib.decompress(body, wbits=31)
            self.acked.update(json.loads(body)["acked"])


@contextlib.asynccontextmanager
async def connected(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to the service that ends with the block. Raises OSError."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def read_message(reader: asyncio.StreamReader) -> Message:
    """One HTTP message whose length its head gives. Raises EOFError (IncompleteReadError) when it is cut."""
    message = Message(await reader.readuntil(b"\r\n\r\n"), b"")
    if length := message.header("content-length"):
        message.body = await reader.readexactly(int(length))
    return message
