"""Candidates of a text as rows: written after a reading, with the verdicts of the reading before kept."""

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, bindparam, delete, insert, select, update

from app.core.ids import new_ids
from app.db.engine import reading, writing
from app.db.models import candidates
from app.db.rows import Fetched
from app.services.content import chunks
from app.text.offer import Offer, OfferedCard, heirs

ROWS_AT_ONCE: Final = 2_000


def put_candidates(
    engine: Engine,
    learner_id: UUID,
    document_id: UUID,
    found: Offer,
    *,
    now: int,
    random: Callable[[int], bytes],
    report: Callable[[int, int], None],
) -> None:
    """Bring the candidates to what was found now, a few thousand at a time: nobody sees them meanwhile.

    A verdict stays with its sentence; where another sentence answers the same question now, it is kept and
    marked; where none does, the candidate is gone but remembered. Those without a verdict are replaced.
    """
    own = (candidates.c.learner_id == learner_id) & (candidates.c.document_id == document_id)
    with writing(engine) as session:
        session.execute(delete(candidates).where(own, candidates.c.verdict.is_(None)))
    with reading(engine) as session:
        judged = session.execute(
            select(candidates.c.id, candidates.c.key, candidates.c.rule, candidates.c.fields).where(own)
        ).all()
    now_known = {card.id: card for card in found.cards}
    kept = [(row, now_known[row.key], False) for row in judged if row.key in now_known]
    lost = [row for row in judged if row.key not in now_known]
    heir_of = heirs([(row.key, row.rule, _asked(row)) for row in lost], found.cards)
    taken = {card.id for _, card, _ in kept}
    for row in lost:
        heir = heir_of.get(row.key)
        if heir is not None and heir not in taken:
            kept.append((row, now_known[heir], True))
            taken.add(heir)
    still = {row.id for row, _, _ in kept}
    _update(engine, learner_id, kept, [row.id for row in lost if row.id not in still])
    fresh = [card for card in found.cards if card.id not in taken]
    ids = new_ids(now, random)
    for done, part in enumerate(chunks(fresh, ROWS_AT_ONCE)):
        rows = [_row(learner_id, document_id, next(ids), card) for card in part]
        with writing(engine) as session:
            session.execute(insert(candidates), rows)
        report(min((done + 1) * ROWS_AT_ONCE, len(fresh)), len(fresh))


def _asked(row: Fetched) -> str:
    return str(row.fields.get("front") or row.fields.get("text", ""))


def _update(
    engine: Engine, learner_id: UUID, kept: Sequence[tuple[Fetched, OfferedCard, bool]], gone: Sequence[UUID]
) -> None:
    mine = (candidates.c.learner_id == learner_id) & (candidates.c.id == bindparam("b_id"))
    rows = [
        {"b_id": row.id, "key": card.id, **_found(card), "gone": False, "changed": changed, "step": 0,
         "past": []}
        for row, card, changed in kept
    ]  # fmt: skip
    for part in chunks(rows, ROWS_AT_ONCE):
        with writing(engine) as session:
            session.execute(update(candidates).where(mine), list(part))
    for lost in chunks(gone, ROWS_AT_ONCE):
        with writing(engine) as session:
            session.execute(
                update(candidates).where(mine).values(gone=True, step=0, past=[]),
                [{"b_id": candidate_id} for candidate_id in lost],
            )


def _found(card: OfferedCard) -> dict[str, Any]:
    return {
        "rule": card.rule,
        "group": card.group,
        "kind": card.kind,
        "fields": dict(card.fields),
        "section": list(card.section),
        "spans": [list(span) for span in card.spans],
        "start": card.spans[0][0],
        "paragraph": card.paragraph,
        "rank": card.rank,
        "place": card.place,
        "shown": card.shown,
        "findings": list(card.findings),
    }


def _row(learner_id: UUID, document_id: UUID, candidate_id: UUID, card: OfferedCard) -> dict[str, Any]:
    return {
        "learner_id": learner_id,
        "id": candidate_id,
        "document_id": document_id,
        "key": card.id,
        **_found(card),
        "verdict": None,
        "own_fields": None,
        "changed": False,
        "gone": False,
        "step": 0,
        "past": [],
        "note_id": None,
    }
