"""A run: phones study through a bad network while the service is killed; then all is drained and judged."""

import asyncio
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

from app.config import Settings
from app.db.engine import make_engine
from tests.chaos.phones import Phones, Plan
from tests.chaos.proxy import Proxy, Watch
from tests.chaos.service import Service
from tests.chaos.verdict import Verdict, judge

KINDS = ("worker", "worker", "worker", "master", "all", "pause", "pause")
LONGEST_PAUSE = 0.5


@dataclass(frozen=True)
class Scale:
    """How much of everything. `kills` SIGKILLs, spread evenly over the acts."""

    learners: int
    phones: int
    acts: int
    kills: int
    notes: int = 12
    days: int = 5
    kinds: tuple[str, ...] = KINDS

    def plan(self, address: str, seed: int, fault: str, report: Path) -> Plan:
        return Plan(
            address=address,
            seed=seed,
            learners=self.learners,
            phones=self.phones,
            notes=self.notes,
            acts=self.acts,
            days=self.days,
            fault=fault,
            report=str(report),
        )


@dataclass
class Killer:
    """Strikes in the middle of the work: some requests after it was armed, around the time of a commit."""

    service: Service
    proxy: Proxy
    chance: random.Random
    kinds: tuple[str, ...]
    _left: int = 0
    _moment: str = ""
    _struck: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.proxy.watch = Watch(lambda: self._see("forwarded"), lambda: self._see("answered"))

    def arm(self, within: int) -> None:
        """Strike after up to `within` more requests, of which the service must have answered one."""
        self._struck.clear()
        self._left = self.chance.randint(1, max(1, within))
        self._moment = self.chance.choice(["forwarded", "answered"])

    def _see(self, moment: str) -> None:
        if self._left <= 0 or moment != self._moment:
            return
        self._left -= 1
        if self._left == 0:
            # Somewhere within the transaction that has just begun, or right behind it.
            delay = self.chance.uniform(0, 0.01)
            asyncio.get_running_loop().call_later(delay, self._strike)

    def _strike(self) -> None:
        kind, place = self.chance.choice(self.kinds), self.chance.randrange(8)
        if kind == "worker":
            self.service.kill_worker(place)
        elif kind == "master":
            self.service.kill_master()
        elif kind == "all":
            self.service.kill_all()
        else:
            self.service.pause(place, self.chance.uniform(0.1, LONGEST_PAUSE))
        self._struck.set()

    async def done(self) -> None:
        """Come back when the strike has happened; when nothing is under way any more, strike now."""
        if self._left > 0:
            self._left = 0
            await self.service.ready()
            self._strike()
        await self._struck.wait()


async def storm(
    folder: Path, program: Path, scale: Scale, seed: int, database_url: str, fault: str = ""
) -> Verdict:
    """One whole run on a migrated database; logs and the phones' report go to `folder`. `fault` plants one,
    to see it caught (tests/chaos/faulty.py, app/web/test/chaos/faults.ts)."""
    module = "tests.chaos.faulty:app" if fault else "wsgi:app"
    service = Service(folder, {"WENGU_DATABASE_URL": database_url, "CHAOS_FAULT": fault}, module)
    proxy = Proxy(lambda: service.port, random.Random(seed))
    await proxy.open()
    phones = Phones(program, scale.plan(proxy.address, seed, fault, folder / "report.json"))
    service.start()
    try:
        await service.ready()
        await phones.begin()
        await _rage(phones, service, proxy, scale, seed)
        await proxy.calm()
        await service.ready()
        reports = await phones.drain()
        engine = make_engine(Settings.from_env(service.environ))
        verdict = judge(engine, reports, proxy.acked, time.time_ns() // 1_000_000)
        engine.dispose()
        verdict.bad, verdict.kills = proxy.bad, service.kills
        return verdict
    finally:
        phones.stop()
        await proxy.close()
        service.stop()


async def _rage(phones: Phones, service: Service, proxy: Proxy, scale: Scale, seed: int) -> None:
    """The acts in as many parts as it takes to kill so often, each part with its strike."""
    killer = Killer(service, proxy, random.Random(seed + 1), scale.kinds)
    proxy.stormy = True
    within = max(2, scale.learners * scale.phones // 3)
    done = 0.0
    while done < 1 and service.kills < scale.kills:
        # A pause is no kill: the parts get smaller when strikes were spent on pauses.
        done = min(1.0, done + (1 - done) / (scale.kills - service.kills + 1))
        await service.ready()
        killer.arm(within)
        await phones.reach(done)
        await killer.done()
    await phones.reach(1)
