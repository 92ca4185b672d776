"""Taking an import back: what it made goes with all its history, what it changed is as it was before."""

from collections.abc import Callable
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, Table, exists, func, insert, literal, or_, select, update
from sqlmodel import Session

from app.core.stats import tally
from app.db.engine import reading, writing
from app.db.models import cards, decks, learners, notes, tombstones
from app.db.rows import STATE_FIELDS
from app.services.content import bury
from app.services.day_counts import CountsByDeck, add_counts
from app.services.events_in import logs_of
from app.services.exam_wakening import ask_for_plan
from app.services.import_back import GoingBack
from app.services.import_new import discard_hidden
from app.services.import_plain import HIDDEN
from app.services.import_read import Finish, Progress
from app.services.import_rows import find_import, set_import
from app.services.ledger import Ledger, changing, read_parameter_versions
from app.services.media import files_of_hidden, remove_unused, remove_unused_types

CARDS_AT_ONCE: Final = 500
_ATTEMPTS: Final = 3


def take_back(
    engine: Engine,
    data: Path,
    learner_id: UUID,
    import_id: UUID,
    *,
    now: int,
    random: Callable[[int], bytes],
    report: Progress,
    finish: Finish,
) -> None:
    """Take an import in state "undoing" back and leave it "undone". `finish` as in `read_import`.

    First all of it disappears, in one transaction; then it is removed bit by bit, also by a second worker
    where the first one died.
    """
    with reading(engine) as session:
        row = find_import(session, learner_id, import_id)
    kept = 0
    if row.state == "undoing":
        kept = _make_disappear(engine, learner_id, import_id, now, random, report)
        files = files_of_hidden(engine, learner_id)
        discard_hidden(engine, learner_id)
        files += remove_unused_types(engine, learner_id)
        remove_unused(engine, data, learner_id, files)
    with writing(engine) as session:
        values = {"state": "undone", "finished_at": now, "counts": {**row.counts, "kept": kept}}
        if row.state == "undoing":
            set_import(session, learner_id, import_id, values, only_in="undoing")
        finish(session)


class _Moved(RuntimeError):
    """Something of the learner's changed while the counts were taken."""


def _make_disappear(
    engine: Engine,
    learner_id: UUID,
    import_id: UUID,
    now: int,
    random: Callable[[int], bytes],
    report: Progress,
) -> int:
    """Hide what the import made, and put back what it changed; how many notes stay as they were edited since.

    What the days' counts lose is worked out before anybody is kept from writing.
    """
    for attempt in range(_ATTEMPTS):
        with reading(engine) as session:
            seq = session.execute(select(learners.c.seq).where(learners.c.id == learner_id)).scalar_one()
            lost = _counts(session, learner_id, import_id, report)
        with changing(engine, learner_id, now) as ledger:
            if ledger.opened_seq != seq:
                if attempt < _ATTEMPTS - 1:
                    continue
                lost = _counts(ledger.session, learner_id, import_id, report)
            _hide(ledger, import_id)
            add_counts(ledger.connection, learner_id, lost)
            kept = GoingBack(ledger, import_id).run()
            _close_decks(ledger, import_id)
            ask_for_plan(ledger, random)
            return kept
    raise AssertionError("the last attempt does not give way")


def _counts(session: Session, learner_id: UUID, import_id: UUID, report: Progress) -> CountsByDeck:
    """What the answers to the import's cards count, to be taken away."""
    versions = read_parameter_versions(session, learner_id)
    studied = session.execute(
        select(cards.c.id, cards.c.deck_id)
        .join(notes, (notes.c.learner_id == cards.c.learner_id) & (notes.c.id == cards.c.note_id))
        .where(
            cards.c.learner_id == learner_id,
            notes.c.import_id == import_id,
            cards.c.seq > 0,
            or_(cards.c.last_order.is_(None), cards.c.last_order != b""),
        )
    ).all()
    lost = CountsByDeck()
    for start in range(0, len(studied), CARDS_AT_ONCE):
        part = studied[start : start + CARDS_AT_ONCE]
        logs = logs_of(session.connection(), learner_id, [card.id for card in part])
        for card in part:
            lost.take_all(card.deck_id, tally(card.id, logs[card.id], versions))
        report(start, len(studied))
    return lost


def _hide(ledger: Ledger, import_id: UUID) -> None:
    """Nobody sees the import's notes and cards any more; they are removed later."""
    mine = select(notes.c.id).where(
        notes.c.learner_id == ledger.learner_id, notes.c.import_id == import_id, notes.c.seq > 0
    )
    names = ("id", *STATE_FIELDS)
    alive = select(*(cards.c[name] for name in names)).where(
        cards.c.learner_id == ledger.learner_id, cards.c.note_id.in_(mine), cards.c.deleted_at.is_(None)
    )
    for card in ledger.session.execute(alive):
        ledger.count_out(card.id, card)
    for entity, table, where in (
        ("card", cards, cards.c.note_id.in_(mine)),
        ("note", notes, notes.c.import_id == import_id),
    ):
        own = (table.c.learner_id == ledger.learner_id) & (table.c.seq > 0) & where
        _tell(ledger, entity, table, own & table.c.deleted_at.is_(None))
        ledger.session.execute(
            update(table).where(own).values(deleted_at=HIDDEN + ledger.now, seq=-table.c.seq)
        )


def _tell(ledger: Ledger, entity: str, table: Table, which: ColumnElement[bool]) -> None:
    """Note down what goes, for phones that hold it."""
    place = func.row_number().over(order_by=table.c.id)
    gone = select(table.c.learner_id, table.c.id, literal(entity), literal(ledger.seq) + place).where(which)
    done = ledger.session.connection().execute(
        insert(tombstones).from_select(["learner_id", "id", "entity", "seq"], gone),
        execution_options={"preserve_rowcount": True},
    )
    ledger.skip(int(done.rowcount))


def _close_decks(ledger: Ledger, import_id: UUID) -> None:
    """Decks that the import made and nothing else uses go."""
    used = or_(
        *(
            exists().where(
                table.c.learner_id == decks.c.learner_id,
                table.c.deck_id == decks.c.id,
                table.c.deleted_at.is_(None),
            )
            for table in (notes, cards)
        )
    )
    empty = ledger.session.execute(
        select(decks.c.id).where(
            decks.c.learner_id == ledger.learner_id,
            decks.c.origin == "import",
            decks.c.origin_version == str(import_id),
            decks.c.deleted_at.is_(None),
            ~used,
        )
    )
    for deck_id in list(empty.scalars()):
        ledger.session.execute(
            update(decks)
            .where(decks.c.learner_id == ledger.learner_id, decks.c.id == deck_id)
            .values(deleted_at=ledger.now, version=decks.c.version + 1, seq=ledger.next_seq())
        )
        bury(ledger, "deck", [deck_id])
