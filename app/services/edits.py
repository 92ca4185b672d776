"""Edits of content: made on any device, merged part by part, each taken in once."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from uuid import UUID

from sqlalchemy import insert, select

from app.core.errors import Conflict as Clash
from app.core.errors import DomainError
from app.db.models import edits_done
from app.services.edit_bench import EditIn, lay_out
from app.services.edit_decks import DECK_EDITS
from app.services.edit_exams import EXAM_EDITS
from app.services.edit_notes import NOTE_EDITS
from app.services.events_in import RefusedItem
from app.services.exam_wakening import ask_for_plan
from app.services.ledger import Ledger
from app.services.merge import Conflict

_EDITS = {"note": NOTE_EDITS, "deck": DECK_EDITS, "exam": EXAM_EDITS}


@dataclass(slots=True)
class Edited:
    acked: list[UUID] = field(default_factory=list)
    refused: list[RefusedItem] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def take_in_edits(ledger: Ledger, edits: Sequence[EditIn], random: Callable[[int], bytes]) -> Edited:
    """Do the edits in their order.

    One that was done before is not done again; bad ones are refused one by one.
    """
    result = Edited()
    if not edits:
        return result
    done = _read_done(ledger, edits)
    bench = lay_out(ledger, [edit for edit in edits if edit.id not in done], random)
    fresh: dict[UUID, tuple[str, list[Conflict]]] = {}
    for edit in edits:
        known, said = done.get(edit.id) or fresh.get(edit.id), _hash(edit)
        if known is not None and known[0] != said:
            result.refused.append(RefusedItem(edit.id, Clash("edit-id-reused")))
            continue
        if known is None:
            try:
                known = said, _EDITS[edit.entity][edit.op](bench, edit)
            except DomainError as problem:
                result.refused.append(RefusedItem(edit.id, problem))
                continue
            fresh[edit.id] = known
        result.acked.append(edit.id)
        result.conflicts += known[1]
    bench.settle()
    _write_done(ledger, fresh)
    if any(edit.id in fresh for edit in edits):
        ask_for_plan(ledger, random)
    return result


def _read_done(ledger: Ledger, edits: Sequence[EditIn]) -> dict[UUID, tuple[str, list[Conflict]]]:
    rows = ledger.session.execute(
        select(edits_done.c.id, edits_done.c.content_hash, edits_done.c.conflicts).where(
            edits_done.c.learner_id == ledger.learner_id, edits_done.c.id.in_([edit.id for edit in edits])
        )
    )
    return {
        row.id: (
            row.content_hash,
            [Conflict(**{**c, "entity_id": UUID(c["entity_id"])}) for c in row.conflicts],
        )
        for row in rows
    }


def _write_done(ledger: Ledger, fresh: dict[UUID, tuple[str, list[Conflict]]]) -> None:
    rows = [
        {
            "learner_id": ledger.learner_id,
            "id": edit_id,
            "content_hash": said,
            "conflicts": [
                {**asdict(conflict), "entity_id": str(conflict.entity_id)} for conflict in conflicts
            ],
            "received_at": ledger.now,
        }
        for edit_id, (said, conflicts) in fresh.items()
    ]
    if rows:
        ledger.session.execute(insert(edits_done), rows)


def _hash(edit: EditIn) -> str:
    said = json.dumps(asdict(edit), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
