"""Taking events in: into the log once and for all, then into the schedules and counts that follow from it."""

import struct
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from app.core.errors import Conflict, DomainError, Missing
from app.core.events import Event, Kind, effective_at, effective_day
from app.core.parameters import Parameters, newest
from app.core.schedule import CardState, apply, replay
from app.core.stats import DayCounts, counts_of, tally
from app.db.models import cards, events, tombstones
from app.db.prepared import Prepared, PreparedIn
from app.db.queries import dialect_of, insert_ignoring
from app.db.rows import CARD_COLUMNS, EVENT_COLUMNS, STATE_FIELDS, CardRow, columns_of, event_of, event_row
from app.services.day_counts import CountsByDeck, add_counts
from app.services.ledger import Ledger

_ORDER: Final = struct.Struct(">IQ16sQ16s")
_DAY_BIAS, _TIME_BIAS = 1 << 31, 1 << 63
_CARDS: Final = PreparedIn(
    lambda ids: select(*CARD_COLUMNS, cards.c.last_order, cards.c.deleted_at).where(
        cards.c.learner_id == bindparam("learner"), cards.c.id.in_(ids)
    )
)
_STORED: Final = PreparedIn(
    lambda ids: select(*EVENT_COLUMNS).where(
        events.c.learner_id == bindparam("learner"), events.c.id.in_(ids)
    )
)
_LOGS: Final = PreparedIn(
    lambda ids: select(*EVENT_COLUMNS).where(
        events.c.learner_id == bindparam("learner"), events.c.card_id.in_(ids)
    )
)
_MOVED: Final = (*STATE_FIELDS, "last_order", "parameters_version", "seq")
_UPDATE: Final = Prepared(
    update(cards)
    .where(cards.c.learner_id == bindparam("b_learner"), cards.c.id == bindparam("b_id"))
    .values({name: bindparam(name) for name in _MOVED})
)


@dataclass(frozen=True, slots=True)
class EventIn:
    """An event as the phone sends it; `data` is plain JSON."""

    id: UUID
    card_id: UUID
    kind: Kind
    rating: int | None
    at: int
    clock_offset_ms: int
    day: int
    duration_ms: int
    device_seq: int
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RefusedItem:
    """`problem` says why; the phone keeps the item where the learner sees it."""

    id: UUID
    problem: DomainError


@dataclass(frozen=True, slots=True)
class CorrectedDay:
    """The event counts on this learner day, not on the one that it claimed."""

    id: UUID
    day: int


@dataclass(slots=True)
class TakenIn:
    """`moved` are the live cards as they stand now, in the order of their change."""

    acked: list[UUID] = field(default_factory=list)
    refused: list[RefusedItem] = field(default_factory=list)
    corrected: list[CorrectedDay] = field(default_factory=list)
    moved: list[CardRow] = field(default_factory=list)


_Placed = tuple[bytes, Event]  # an event behind its order
_place: Final = itemgetter(0)


@dataclass(slots=True)
class _Card:
    """A card as it stood before; `last_order` as in the table."""

    row: CardRow
    last_order: bytes | None
    deleted_at: int | None


@dataclass(slots=True)
class _CardChange:
    """Where a card goes, and what the day's counts gain."""

    card: _Card
    state: CardState
    last_order: bytes | None
    counts: dict[int, DayCounts]


def take_in(ledger: Ledger, incoming: Sequence[EventIn], device_id: UUID) -> TakenIn:
    """Log the events of one device and bring their cards up to date. Bad ones are refused one by one."""
    result = TakenIn()
    if not incoming:
        return result
    batch = _distinct(ledger, incoming, device_id, result)
    touched = _read_cards(ledger, list({event.card_id for event in batch.values()}))
    homeless = [event for event in batch.values() if _gone(ledger, touched.get(event.card_id))]
    stored = _read_stored(ledger, homeless)
    refused = [event for event in homeless if event.id not in stored]
    known_gone = set(touched) | _buried_ids(ledger, refused)
    for event in refused:
        del batch[event.id]
        code = "card-deleted" if event.card_id in known_gone else "card-missing"
        result.refused.append(RefusedItem(event.id, Missing(code)))
    fresh = _append(ledger, [event for event in batch.values() if event.id not in stored])
    stored |= _read_stored(ledger, [event for event in batch.values() if event.id not in fresh])
    for event in batch.values():
        _answer_for(event, stored.get(event.id), result)
    just_logged = [batch[event_id] for event_id in batch if event_id in fresh]
    result.moved = _bring_up_to_date(ledger, just_logged, touched)
    return result


def log_events(ledger: Ledger, settled: Sequence[Event]) -> int:
    """Log events whose days and times are settled, as an import brings them; how many were new."""
    if not settled:
        return 0
    ledger.flush()
    touched = _read_cards(ledger, list({event.card_id for event in settled}))
    written = _append(ledger, settled)
    _bring_up_to_date(ledger, [event for event in settled if event.id in written], touched)
    return len(written)


def order_of(event: Event) -> bytes:
    """The event's order key as bytes that sort the same way."""
    day, at, device, seq, event_id = event.order_key
    return _ORDER.pack(day + _DAY_BIAS, at + _TIME_BIAS, device, seq, event_id)


def last_order_of(log: Iterable[Event]) -> bytes | None:
    """The highest order of a card's log; None while an undo waits for an event that has not come yet."""
    ids, undone, last = set(), set(), b""
    for event in log:
        ids.add(str(event.id))
        last = max(last, order_of(event))
        if event.kind == "undo":
            undone.add(event.data["event"])
    return last if undone <= ids else None


def read_logs(ledger: Ledger, card_ids: Iterable[UUID]) -> dict[UUID, list[Event]]:
    """The events of these cards, undone ones too, in no order."""
    ledger.flush()
    return logs_of(ledger.connection, ledger.learner_id, card_ids)


def logs_of(connection: Connection, learner_id: UUID, card_ids: Iterable[UUID]) -> dict[UUID, list[Event]]:
    """The same for a learner who is only read."""
    logs: dict[UUID, list[Event]] = defaultdict(list)
    for row in _LOGS.rows(connection, list(card_ids), {"learner": learner_id}):
        event = event_of(row)
        logs[event.card_id].append(event)
    return logs


# --- which events are new -----------------------------------------------------------------------------------


def _distinct(
    ledger: Ledger, incoming: Sequence[EventIn], device_id: UUID, result: TakenIn
) -> dict[UUID, Event]:
    """Each id once; the same id with other content within one batch is refused."""
    batch: dict[UUID, Event] = {}
    for given in incoming:
        event = _dated(ledger, given, device_id)
        first = batch.setdefault(event.id, event)
        if first is not event and _content(first) != _content(event):
            result.refused.append(RefusedItem(event.id, Conflict("event-id-reused")))
    return batch


def _dated(ledger: Ledger, given: EventIn, device_id: UUID) -> Event:
    """The event with the time and the learner day that count."""
    effective = effective_at(given.at, given.clock_offset_ms, ledger.now)
    learner = ledger.learner
    day, corrected = effective_day(given.day, effective, learner.zone, learner.rollover_hour)
    data = dict(given.data)
    if corrected:
        data["claimed_day"] = given.day
    return Event(
        id=given.id,
        card_id=given.card_id,
        kind=given.kind,
        rating=given.rating,
        at=given.at,
        clock_offset_ms=given.clock_offset_ms,
        day=day,
        duration_ms=given.duration_ms,
        device_id=device_id,
        device_seq=given.device_seq,
        received_at=ledger.now,
        effective_at=effective,
        data=data,
    )


def _content(event: Event) -> Event:
    """What the device said, without what the service made of it: a retry may come in another minute."""
    data = dict(event.data)
    claimed = data.pop("claimed_day", event.day)
    return replace(event, day=claimed, received_at=0, effective_at=0, data=data)


def _append(ledger: Ledger, new: Sequence[Event]) -> set[UUID]:
    """Write to the log what it does not hold yet; the ids that were written."""
    if not new:
        return set()
    rows = [event_row(ledger.learner_id, event) for event in new]
    if len(rows) == 1:
        return {row[0] for row in _APPEND.run(ledger.connection, rows[0]).rows()}
    written = ledger.connection.execute(_appending(dialect_of(ledger.connection)), rows)
    return set(written.scalars())


def _appending(dialect: str) -> Any:
    return insert_ignoring(dialect, events).returning(events.c.id)


_APPEND: Final = Prepared(_appending)


def _read_stored(ledger: Ledger, wanted: Sequence[Event]) -> dict[UUID, Event]:
    if not wanted:
        return {}
    ids = [event.id for event in wanted]
    rows = _STORED.rows(ledger.connection, ids, {"learner": ledger.learner_id})
    return {row[0]: event_of(row) for row in rows}


def _answer_for(event: Event, stored: Event | None, result: TakenIn) -> None:
    """Ack what is in the log; a known id must bring what it brought before."""
    if stored is not None and _content(stored) != _content(event):
        result.refused.append(RefusedItem(event.id, Conflict("event-id-reused")))
        return
    logged = stored or event
    result.acked.append(logged.id)
    if "claimed_day" in logged.data:
        result.corrected.append(CorrectedDay(logged.id, logged.day))


# --- cards --------------------------------------------------------------------------------------------------


def _read_cards(ledger: Ledger, card_ids: Sequence[UUID]) -> dict[UUID, _Card]:
    rows = _CARDS.rows(ledger.connection, card_ids, {"learner": ledger.learner_id})
    return {row[0]: _Card(CardRow(*row[:-2]), row[-2], row[-1]) for row in rows}


def _gone(ledger: Ledger, card: _Card | None) -> bool:
    """Whether the card was gone before this request, which may delete it after its last events."""
    return card is None or (card.deleted_at is not None and card.row.seq <= ledger.opened_seq)


def _buried_ids(ledger: Ledger, refused: Sequence[Event]) -> set[UUID]:
    """Which of the events' cards are known to have been deleted."""
    if not refused:
        return set()
    found = ledger.session.execute(
        select(tombstones.c.id).where(
            tombstones.c.learner_id == ledger.learner_id,
            tombstones.c.id.in_([event.card_id for event in refused]),
        )
    )
    return set(found.scalars())


def _bring_up_to_date(ledger: Ledger, fresh: Sequence[Event], touched: Mapping[UUID, _Card]) -> list[CardRow]:
    """Move the cards of fresh events to their new states; the live ones as they stand now."""
    by_card: dict[UUID, list[_Placed]] = defaultdict(list)
    for event in fresh:
        by_card[event.card_id].append((order_of(event), event))
    if not by_card:
        return []
    versions = ledger.parameter_versions()
    changes, late = [], []
    for card_id, its_events in by_card.items():
        its_events.sort(key=_place)
        if _on_top(touched[card_id], its_events, versions):
            changes.append(_applied(touched[card_id], its_events, newest(versions)))
        else:
            late.append(card_id)
    if late:
        logs = read_logs(ledger, late)
        changes += [
            _replayed(touched[card_id], logs[card_id], by_card[card_id], versions) for card_id in late
        ]
    return _write(ledger, changes, newest(versions).version)


def _on_top(card: _Card, fresh: Sequence[_Placed], versions: Sequence[Parameters]) -> bool:
    """Whether the events simply follow all that the card had: then nothing needs to be replayed."""
    current = newest(versions)
    return (
        card.last_order is not None
        and card.last_order < fresh[0][0]
        and (card.row.version == current.version or card.last_order == b"")
        and all(event.kind != "undo" and event.effective_at >= current.from_at for _, event in fresh)
    )


def _applied(card: _Card, fresh: Sequence[_Placed], parameters: Parameters) -> _CardChange:
    state = card.row.state
    counts: dict[int, DayCounts] = {}
    for _, event in fresh:
        if event.kind == "answer":
            counts[event.day] = counts.get(event.day, DayCounts()) + counts_of(state, event)
        state = apply(card.row.id, state, event, parameters)
    return _CardChange(card, state, fresh[-1][0], counts)


def _replayed(
    card: _Card, log: Sequence[Event], fresh: Sequence[_Placed], versions: Sequence[Parameters]
) -> _CardChange:
    """The state by replay of the whole log; counts as the log's tally now, less its tally before."""
    new_ids = {event.id for _, event in fresh}
    card_id = card.row.id
    counts = tally(card_id, log, versions)
    for day, before in tally(card_id, [e for e in log if e.id not in new_ids], versions).items():
        counts[day] = counts.get(day, DayCounts()) - before
    return _CardChange(card, replay(card_id, log, versions), last_order_of(log), counts)


def _write(ledger: Ledger, changes: Sequence[_CardChange], version: int) -> list[CardRow]:
    """Write the new states; the live cards as they stand now."""
    rows, counts, moved = [], CountsByDeck(), []
    for change in changes:
        card, columns = change.card.row, columns_of(change.state)
        seq = ledger.next_seq()
        if change.card.deleted_at is None:
            ledger.count_out(card.id, card)
            ledger.count_in(card.id, change.state)
            moved.append(replace(card, **columns, version=version, seq=seq))
        rows.append(
            {
                "b_learner": ledger.learner_id,
                "b_id": card.id,
                **columns,
                "last_order": change.last_order,
                "parameters_version": version,
                "seq": seq,
            }
        )
        counts.add_all(card.deck_id, change.counts)
    _UPDATE.run_each(ledger.connection, rows)
    add_counts(ledger.connection, ledger.learner_id, counts)
    return moved
