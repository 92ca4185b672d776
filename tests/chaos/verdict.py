"""What a run must come to: nothing lost, nothing twice, and everyone of one mind."""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select
from sqlmodel import Session

from app.core.day import learner_day
from app.core.digest import set_digest, to_hex
from app.core.events import Event
from app.core.schedule import CardState, replay
from app.db.engine import reading
from app.db.models import cards, edits_done, events, learners, notes
from app.db.rows import EVENT_COLUMNS, event_of, state_of
from app.services.ledger import read_parameter_versions
from app.services.rebuild import rebuild

STATE_OF_PHONE = {"stability", "difficulty"}
CLOSE = 1e-5


@dataclass
class Verdict:
    """`lost`: acknowledged or shown as saved, and not there. `duplicated`: there twice, or made by no phone.
    `diverged`: a card, day, digest or daily count that is not what the log says. `bad`: server errors."""

    kills: int = 0
    acked: int = 0
    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    diverged: list[str] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not (self.lost or self.duplicated or self.diverged or self.bad)

    def __str__(self) -> str:
        return (
            f"lost={len(self.lost)} duplicated={len(self.duplicated)} diverged={len(self.diverged)} "
            f"acked={self.acked} kills={self.kills}"
        )

    def reasons(self, most: int = sys.maxsize) -> Iterator[str]:
        """What was wrong, of each kind at most so many."""
        for name in ("lost", "duplicated", "diverged", "bad"):
            found = getattr(self, name)
            yield from (f"{name}: {what}" for what in found[:most])
            if len(found) > most:
                yield f"{name}: … and {len(found) - most} more"


@dataclass
class Stored:
    """What the database holds of one learner."""

    zone: str
    rollover_hour: int
    digest: str
    log: list[Event]
    states: dict[UUID, CardState]
    alive: set[UUID]
    replayed: dict[UUID, CardState]
    notes: set[str]
    edits: set[str]


def judge(engine: Engine, phones: list[dict[str, Any]], acked: set[str], now: int) -> Verdict:
    """Compare what the phones did and heard, and what the service acknowledged, with the database."""
    heard = acked.union(*(phone["acked"] for phone in phones))
    verdict = Verdict(acked=len(heard))
    by_learner = defaultdict(list)
    for phone in phones:
        by_learner[UUID(phone["learner"])].append(phone)
    everywhere: set[str] = set()
    for learner_id, own in by_learner.items():
        with reading(engine) as session:
            stored = read_learner(session, learner_id)
        everywhere |= {str(event.id) for event in stored.log} | stored.edits
        check_log(verdict, stored, own)
        check_states(verdict, stored)
        for phone in own:
            check_phone(verdict, stored, phone)
    verdict.lost += [f"acknowledged: {one}" for one in sorted(heard - everywhere)]
    wrong = rebuild(engine, now)
    verdict.diverged += [f"{wrong} rows were not what a rebuild makes of the log"] if wrong else []
    return verdict


def read_learner(session: Session, learner_id: UUID) -> Stored:
    of_learner = [events.c.learner_id == learner_id]
    log = [event_of(row) for row in session.execute(select(*EVENT_COLUMNS).where(*of_learner))]
    logs = defaultdict(list)
    for event in log:
        logs[event.card_id].append(event)
    versions = read_parameter_versions(session, learner_id)
    rows = session.execute(select(cards).where(cards.c.learner_id == learner_id)).all()
    noted = session.execute(select(notes.c.id).where(notes.c.learner_id == learner_id)).scalars()
    edited = session.execute(select(edits_done.c.id).where(edits_done.c.learner_id == learner_id)).scalars()
    own = session.execute(select(learners).where(learners.c.id == learner_id)).one()
    return Stored(
        own.zone,
        own.rollover_hour,
        own.digest,
        log,
        states={row.id: state_of(row) for row in rows},
        alive={row.id for row in rows if row.deleted_at is None},
        replayed={row.id: replay(row.id, logs[row.id], versions) for row in rows},
        notes={str(note_id) for note_id in noted},
        edits={str(edit_id) for edit_id in edited},
    )


def check_log(verdict: Verdict, stored: Stored, phones: list[dict[str, Any]]) -> None:
    """Each event of each phone once, with the content that it was made with, on the right learner day."""
    made = {event_id: event for phone in phones for event_id, event in phone["made"].items()}
    numbers = Counter((event.device_id, event.device_seq) for event in stored.log)
    twice = [pair for pair in numbers.items() if pair[1] > 1]
    verdict.duplicated += [f"{count} events have number {n} of phone {d}" for (d, n), count in twice]
    for event in stored.log:
        known = made.get(str(event.id))
        if known is None:
            verdict.duplicated.append(f"event {event.id}, which no phone made")
            continue
        sent = (known["card_id"], known["kind"], known["rating"], known["at"], known["duration_ms"])
        stays = known["data"].items() <= event.data.items()
        if not stays or sent != (str(event.card_id), event.kind, event.rating, event.at, event.duration_ms):
            verdict.lost.append(f"event {event.id} as it was: {sent}")
        right = learner_day(event.effective_at, stored.zone, stored.rollover_hour)
        if event.day != right:
            verdict.diverged.append(f"event {event.id} counts on day {event.day}, not {right}")


def check_states(verdict: Verdict, stored: Stored) -> None:
    """Each card's row is the replay of its log, and the digest is the sum over the rows."""
    for card_id, state in stored.states.items():
        if state != stored.replayed[card_id]:
            verdict.diverged.append(f"card {card_id} is {state}, its log says {stored.replayed[card_id]}")
    alive = [(card_id, stored.replayed[card_id]) for card_id in stored.alive]
    if to_hex(set_digest(alive)) != stored.digest:
        verdict.diverged.append("the service's digest is not the sum over the replayed cards")


def check_phone(verdict: Verdict, stored: Stored, phone: dict[str, Any]) -> None:
    """What the phone showed as saved is there (or listed as refused), and it holds what the service holds."""
    name = f"phone {phone['device']}"
    there = {str(event.id) for event in stored.log} | set(phone["refused"])
    verdict.lost += [f"{name} showed event {one} as saved" for one in phone["saved"] if one not in there]
    verdict.lost += [f"{name} showed note {one} as saved" for one in set(phone["notes"]) - stored.notes]
    verdict.lost += [f"{name} still has {phone['unsent']} unsent"] if phone["unsent"] else []
    for one, why in phone["refused"].items():
        # An act on a card that another phone has deleted is refused, and listed; nothing else may be.
        if why != "/problems/card-deleted":
            verdict.lost.append(f"{name}: {one} was refused, {why}")
    if phone["phase"] != "idle":
        verdict.diverged.append(f"{name} ended {phone['phase']}")
    for what in ("digest", "heard"):
        if phone[what] != stored.digest:
            verdict.diverged.append(f"{name}: {what} {phone[what]}, the service has {stored.digest}")
    if set(phone["cards"]) != {str(card_id) for card_id in stored.alive}:
        verdict.diverged.append(f"{name} has {len(phone['cards'])} cards, the service {len(stored.alive)}")
    for card_id in stored.alive:
        state = stored.states[card_id]
        on_phone = phone["cards"].get(str(card_id))
        if not same(on_phone, asdict(state)):
            verdict.diverged.append(f"{name}: card {card_id} is {on_phone}, not {state}")


def same(on_phone: dict[str, Any] | None, on_service: dict[str, Any]) -> bool:
    """Exact, but for the last digits of what two languages compute."""
    if on_phone is None:
        return False
    for name, value in on_service.items():
        other = on_phone[name]
        if name in STATE_OF_PHONE and value is not None and other is not None:
            if abs(other - value) > CLOSE * max(abs(value), 1.0):
                return False
        elif other != value:
            return False
    return True
