"""The phones: app/web/test/chaos bundled and run by Node, with the real store and the real sync client."""

import asyncio
import json
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.bench.serving import ROOT

WEB = ROOT / "app" / "web"


@dataclass(frozen=True)
class Plan:
    """What the phones do; the same names in app/web/test/chaos/plan.ts."""

    address: str
    seed: int
    learners: int
    phones: int
    notes: int
    acts: int
    days: int
    fault: str
    report: str


def bundle(folder: Path) -> Path:
    """Build the phones for Node."""
    command = ["./with_node.sh", "npx", "vite", "build", "--config", "test/chaos/vite.config.ts"]
    done = subprocess.run(
        [*command, "--outDir", str(folder)], cwd=WEB, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "phones.mjs"


class Phones:
    """All phones of a run in one process."""

    def __init__(self, program: Path, plan: Plan) -> None:
        self.program, self.plan = program, plan
        self.log = Path(plan.report).with_suffix(".log")
        self._process: asyncio.subprocess.Process | None = None

    async def begin(self) -> None:
        """Every learner has a deck and every phone has joined."""
        with self.log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                str(WEB / "with_node.sh"),
                "node",
                str(self.program),
                json.dumps(asdict(self.plan)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        await self._hear("begun")

    async def reach(self, share: float) -> None:
        """Come back when every phone has done this share of its acts."""
        await self._tell({"reach": share}, "reached")

    async def drain(self) -> list[dict[str, Any]]:
        """Let all phones send and fetch everything; what each of them made, saved, heard and holds."""
        await self._tell({"drain": True}, "drained")
        assert self._process is not None
        await self._process.wait()
        reports: list[dict[str, Any]] = json.loads(Path(self.plan.report).read_text("utf-8"))
        return reports

    async def _tell(self, order: dict[str, Any], then: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        await self._process.stdin.drain()
        await self._hear(then)

    async def _hear(self, word: str) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        heard = (await self._process.stdout.readline()).decode().strip()
        if heard != word:
            self.stop()
            ended = await self._process.wait()
            said = self.log.read_text("utf-8")[-4000:]
            raise RuntimeError(
                f"waited for {word!r}, heard {heard!r}; the phones ended with {ended}:\n{said}"
            )

    def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
