"""Which acts of a file the learner's log has already, under ids of its own.

Own answers that a learner took out and brings again have other ids in the log than an import gives; so has a
history that came by another kind of file before. An act is known by its kind, its rating and its moment; what
a file only says about how a card stands (its due day, its marks) is known when it changes nothing there.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.core.events import Event
from app.core.parameters import Parameters, newest
from app.core.schedule import apply, replay
from app.services.events_in import logs_of
from app.services.import_files import StagedEvent
from app.services.import_names import event_id
from app.services.ledger import read_parameter_versions

_SAME_MOMENT_MS: Final = 1_000  # a package moves an act on by a millisecond for each other at that moment


def known_acts(
    session: Session, learner_id: UUID, histories: Mapping[UUID, Sequence[StagedEvent]], logged: set[UUID]
) -> set[UUID]:
    """The ids that an import would give to acts that need not come. `histories` are the file's, by card;
    `logged` are those of its ids that the log has."""
    open_ones = [
        card_id
        for card_id, staged in histories.items()
        if any(event_id(card_id, event) not in logged for event in staged)
    ]
    if not open_ones:
        return set()
    logs = logs_of(session.connection(), learner_id, open_ones)
    versions = read_parameter_versions(session, learner_id)
    return {
        event_id(card_id, event)
        for card_id, log in logs.items()
        for event in _known(card_id, log, histories[card_id], logged, versions)
    }


def _known(
    card_id: UUID,
    log: Sequence[Event],
    staged: Sequence[StagedEvent],
    logged: set[UUID],
    versions: Sequence[Parameters],
) -> Iterator[StagedEvent]:
    moments: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for own in sorted(log, key=lambda event: event.effective_at):
        moments[own.kind, own.rating].append(own.effective_at)
    acts: list[StagedEvent] = []
    rest: list[StagedEvent] = []
    for event in staged:
        known = event_id(card_id, event) in logged or _happened(moments[event.kind, event.rating], event.at)
        (acts if known else rest).append(event)
    yield from acts
    if any(event.kind == "answer" for event in rest):
        return  # the file knows more: what it says of the card counts
    is_told = any(event.kind == "answer" for event in acts) or bool(moments["seed", None])
    for event in rest:
        if is_told if event.kind == "seed" else _changes_nothing(card_id, log, event, versions):
            yield event


def _happened(moments: Sequence[int], at: int) -> bool:
    place = bisect_left(moments, at - _SAME_MOMENT_MS)
    return place < len(moments) and moments[place] <= at + _SAME_MOMENT_MS


def _changes_nothing(
    card_id: UUID, log: Sequence[Event], staged: StagedEvent, versions: Sequence[Parameters]
) -> bool:
    """Whether the card stands at that moment as the act would have it."""
    before = [event for event in log if (event.day, event.effective_at) <= (staged.day, staged.at)]
    state = replay(card_id, before, versions)
    event = Event(
        event_id(card_id, staged), card_id, staged.kind, staged.rating, staged.at, 0, staged.day,
        staged.duration_ms, card_id, 0, staged.at, staged.at, staged.data,
    )  # fmt: skip
    return apply(card_id, state, event, newest(versions)) == state
