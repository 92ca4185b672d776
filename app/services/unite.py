"""Adding what an anonymous learner did to an account: nothing is lost, nothing counted twice.

It goes in many short transactions, so that a large collection keeps nobody else from writing. All of it
can be done again: what the account has already is found by its id (or, in a deck that both took from the
catalogue, by the note's guid), so an addition that was cut off is completed by asking once more. The
anonymous learner stays as they were until `forget_united` removes them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, Table, func, insert, select

from app.core.day import DAY_MS
from app.core.errors import Conflict
from app.db.engine import asking, reading, writing
from app.db.models import decks, learners, notes, united
from app.db.queries import dialect_of, insert_or
from app.db.rows import Fetched
from app.services.catalogue import copy_of
from app.services.deck_deletion import RESTORE_DAYS, restore_deck_with_content
from app.services.exam_wakening import ask_for_plan
from app.services.import_files import remove_learner
from app.services.learners import delete_account
from app.services.ledger import Ledger, changing
from app.services.unite_notes import unite_notes
from app.services.unite_rest import unite_exams, unite_files, unite_texts, unite_types

NOTES_AT_ONCE: Final = 500


@dataclass(slots=True)
class Places:
    """Where things of the anonymous learner are in the account, by their ids, as far as those differ."""

    moved: dict[UUID, UUID] = field(default_factory=dict)

    def of(self, thing: UUID) -> UUID:
        return self.moved.get(thing, thing)

    def note_down(self, thing: UUID, place: UUID) -> None:
        if thing != place:
            self.moved[thing] = place


def unite(
    engine: Engine, data: Path, source: UUID, account: UUID, *, now: int, random: Callable[[int], bytes]
) -> dict[UUID, UUID]:
    """Add all of the anonymous learner `source` to the account. What is called otherwise there, by its id.

    `data` is the folder of files. Raises Conflict("nothing-to-add") when the source is no anonymous learner.
    """
    if source == account:
        return {}
    _check_anonymous(engine, source)
    places = Places()
    with changing(engine, account, now) as ledger:
        _unite_decks(ledger, source, places)
        types = unite_types(ledger, source)
        files = unite_files(ledger, source)
    for digest in files:
        digest.copy(data, source, account)
    for part in _note_ids(engine, source):
        with changing(engine, account, now) as ledger:
            unite_notes(ledger, source, part, places, types)
    with changing(engine, account, now) as ledger:
        unite_texts(ledger, source, places)
        unite_exams(ledger, source, places)
        _mark(ledger, source)
        ask_for_plan(ledger, random)
    return places.moved


def forget_united(engine: Engine, data: Path, now: int) -> int:
    """Remove anonymous learners that were added to an account long ago and not used since; how many."""
    with reading(engine) as session:
        found = session.execute(
            select(united.c.id, united.c.learner_id, united.c.at).where(
                united.c.at < now - (RESTORE_DAYS + 1) * DAY_MS
            )
        ).all()
    return sum(_forget(engine, data, row) for row in found)


def delete_with_united(engine: Engine, data: Path, learner_id: UUID) -> None:
    """Delete an account for good, with the anonymous learners that were added to it. Raises Missing."""
    with reading(engine) as session:
        found = session.execute(
            select(united.c.id, united.c.learner_id, united.c.at).where(united.c.learner_id == learner_id)
        ).all()
    for row in found:
        _forget(engine, data, row)
    delete_account(engine, learner_id)
    remove_learner(data, learner_id)


def _forget(engine: Engine, data: Path, row: Fetched) -> bool:
    """Remove the learner, unless another of their devices went on after all; whether they were there."""
    with asking(engine) as connection:
        seen = connection.execute(select(learners.c.last_seen_day).where(learners.c.id == row.id)).scalar()
    unused = seen is not None and seen <= row.at // DAY_MS + 1
    if unused:
        delete_account(engine, row.id)
        remove_learner(data, row.id)
    with writing(engine) as session:
        session.execute(united.delete().where(united.c.learner_id == row.learner_id, united.c.id == row.id))
    return unused


def _check_anonymous(engine: Engine, source: UUID) -> None:
    with asking(engine) as connection:
        kind = connection.execute(select(learners.c.kind).where(learners.c.id == source)).scalar()
    if kind != "anonymous":
        raise Conflict("nothing-to-add")


def _mark(ledger: Ledger, source: UUID) -> None:
    upsert = insert_or(dialect_of(ledger.session), united).values(
        learner_id=ledger.learner_id, id=source, at=ledger.now
    )
    keys = [united.c.learner_id, united.c.id]
    ledger.session.execute(upsert.on_conflict_do_update(index_elements=keys, set_={"at": upsert.excluded.at}))


def _note_ids(engine: Engine, source: UUID) -> Iterator[Sequence[UUID]]:
    """The learner's notes, without what an import is still writing, some at a time."""
    after: UUID | None = None
    while True:
        question = select(notes.c.id).where(notes.c.learner_id == source, notes.c.seq > 0)
        if after is not None:
            question = question.where(notes.c.id > after)
        with asking(engine) as connection:
            found = connection.execute(question.order_by(notes.c.id).limit(NOTES_AT_ONCE)).scalars().all()
        if not found:
            return
        yield found
        after = found[-1]


def _unite_decks(ledger: Ledger, source: UUID, places: Places) -> None:
    """A deck of the catalogue meets the account's copy of it; others join under their own ids."""
    had = set(_ids(ledger, decks))
    place = _last_position(ledger)
    for row in _rows(ledger, source, decks):
        if row["id"] in had:
            continue
        copy = copy_of(ledger, row["slug"]) if row["origin"] == "shipped" and row["slug"] else None
        if copy is None:
            place += 1
            own = {"learner_id": ledger.learner_id, "position": place, "seq": ledger.next_seq()}
            ledger.session.execute(insert(decks), [{**row, **own}])
            continue
        if copy.deleted_at is not None and row["deleted_at"] is None:
            restore_deck_with_content(ledger, copy)
        places.note_down(row["id"], copy.id)


def _rows(ledger: Ledger, source: UUID, table: Table) -> list[dict[str, Any]]:
    found = ledger.session.execute(
        select(table).where(table.c.learner_id == source, table.c.seq > 0).order_by(table.c.position)
    )
    return [dict(row) for row in found.mappings()]


def _ids(ledger: Ledger, table: Table) -> Sequence[UUID]:
    return (
        ledger.session.execute(select(table.c.id).where(table.c.learner_id == ledger.learner_id))
        .scalars()
        .all()
    )


def _last_position(ledger: Ledger) -> int:
    found = ledger.session.execute(
        select(func.max(decks.c.position)).where(decks.c.learner_id == ledger.learner_id)
    ).scalar_one()
    return -1 if found is None else int(found)
