"""Computing schedules and daily counts anew from the log."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from app.core.parameters import Parameters, newest
from app.core.schedule import CardState, replay
from app.core.stats import tally
from app.db.models import cards
from app.db.rows import STATE_FIELDS, Fetched, columns_of, state_of
from app.services.day_counts import CountsByDeck
from app.services.events_in import last_order_of, read_logs
from app.services.ledger import Ledger

_CARDS_AT_ONCE: Final = 500
_COLUMNS: Final = [
    cards.c[name]
    for name in ("id", "deck_id", *STATE_FIELDS, "parameters_version", "last_order", "deleted_at")
]


def recompute_cards(ledger: Ledger, versions: Sequence[Parameters]) -> int:
    """Replay every card that has a log; how many were not what their log says."""
    return _recompute(ledger, versions, CountsByDeck())


def recompute_with_counts(ledger: Ledger, versions: Sequence[Parameters]) -> tuple[int, CountsByDeck]:
    """The same, with the counts of all days and decks as the log gives them."""
    counts = CountsByDeck()
    return _recompute(ledger, versions, counts), counts


def _recompute(ledger: Ledger, versions: Sequence[Parameters], counts: CountsByDeck) -> int:
    wrong = 0
    for batch in _batches(ledger):
        logs = read_logs(ledger, [card.id for card in batch])
        updates = []
        for card in batch:
            log = logs.get(card.id, [])
            if log:
                counts.add_all(card.deck_id, tally(card.id, log, versions))
            right = replay(card.id, log, versions) if log else CardState()
            last = last_order_of(log)
            version = newest(versions).version if log else card.parameters_version
            if (right, last, version) == (state_of(card), card.last_order, card.parameters_version):
                continue
            updates.append(_row(ledger, card, right, last, version))
        if updates:
            mine = (cards.c.learner_id == ledger.learner_id) & (cards.c.id == bindparam("b_id"))
            ledger.session.execute(update(cards).where(mine), updates)
        wrong += len(updates)
    return wrong


def _row(
    ledger: Ledger, card: Fetched, right: CardState, last_order: bytes | None, version: int
) -> dict[str, Any]:
    if card.deleted_at is None:
        ledger.count_out(card.id, card)
        ledger.count_in(card.id, right)
    return {
        "b_id": card.id,
        **columns_of(right),
        "last_order": last_order,
        "parameters_version": version,
        "seq": ledger.next_seq(),
    }


def _batches(ledger: Ledger) -> Iterator[Sequence[Fetched]]:
    """All cards of the learner, deleted ones too, by id; not those that an import is still writing."""
    mine = (cards.c.learner_id == ledger.learner_id) & (cards.c.seq > 0)
    last = None
    while True:
        where = mine if last is None else mine & (cards.c.id > last)
        question = select(*_COLUMNS).where(where).order_by(cards.c.id).limit(_CARDS_AT_ONCE)
        batch = ledger.session.execute(question).all()
        if not batch:
            return
        yield batch
        last = batch[-1].id
