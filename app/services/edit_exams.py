"""What each kind of edit does to an exam.

Each checks first and then changes, so that a refusal changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, select

from app.core.day import learner_day
from app.core.errors import Conflict as Clash
from app.core.errors import Refused
from app.core.exam.rules import MOST_RUNNING, check_day, check_marks, check_minutes, is_running
from app.db.models import Exam, cards, decks, exam_plans, exams
from app.services.content import bury, unbury
from app.services.edit_bench import Bench, EditIn
from app.services.merge import Conflict, merge

_KEYED: Final = ("sections", "cards")
"""Fields whose keys are merged one by one."""
_PLAIN: Final = (
    "name",
    "day",
    "time",
    "decks",
    "minutes",
    "days_off",
    "target",
    "buffer_days",
    "result",
    "archived",
)


def create_exam(bench: Bench, edit: EditIn) -> list[Conflict]:
    """Raises Conflict("exam-exists" | "id-taken"), Refused and TooLarge as `core.exam.rules` does, and
    Refused("exam-no-cards" | "exam-too-many")."""
    if edit.entity_id in bench.exams:
        raise Clash("exam-exists")
    given = {name: value for name, value in edit.fields.items() if name in (*_PLAIN, *_KEYED)}
    for name in _KEYED:
        given[name] = _set(given.get(name) or {})
    today = _day_of(bench, edit)
    check_day(given["day"], today)
    check_minutes(given["minutes"])
    check_marks(given["sections"], given["cards"])
    _check_cards(bench, given.get("decks"))
    _check_running(bench, edit, is_running(given["day"], bool(given.get("archived")), _today(bench)))
    bench.take_id(edit.entity_id)
    exam = Exam(
        learner_id=bench.ledger.learner_id,
        id=edit.entity_id,
        created_day=today,
        seq=bench.ledger.next_seq(),
        **given,
    )
    bench.ledger.session.add(exam)
    bench.ledger.session.flush()
    bench.exams[exam.id] = exam
    return []


def update_exam(bench: Bench, edit: EditIn) -> list[Conflict]:
    """Merge the changes; an exam that was deleted meanwhile comes back. Raises Missing("exam-missing"), and
    what `create_exam` refuses."""
    exam = bench.exam(edit.entity_id)
    merged = merge(
        _parts(_fields_of(exam)),
        exam.stamps,
        exam.version,
        wanted=_parts(edit.fields),
        base_version=edit.base_version,
        at=bench.moment(edit),
    )
    after = _whole(_fields_of(exam), merged.values)
    _check_changes(bench, edit, exam, after)
    conflicts = []
    if exam.deleted_at is not None:
        conflicts.append(Conflict(exam.id, "deleted", False, True))
        _bring_back(bench, exam)
    conflicts += [Conflict(exam.id, part, kept, other) for part, kept, other in merged.conflicts]
    if merged.values:
        for name, value in after.items():
            setattr(exam, name, value)
        if "day" in merged.values or ("archived" in merged.values and exam.day >= _today(bench)):
            exam.spread_on = None
        exam.version += 1
        exam.seq = bench.ledger.next_seq()
    exam.stamps = merged.stamps
    return conflicts


def delete_exam(bench: Bench, edit: EditIn) -> list[Conflict]:
    """An edit that the deletion did not know of wins over it. Raises Missing("exam-missing")."""
    exam = bench.exam(edit.entity_id)
    if exam.deleted_at is not None:
        return []
    if exam.version > edit.base_version:
        return [Conflict(exam.id, "deleted", False, True)]
    exam.deleted_at = bench.ledger.now
    exam.seq = bench.ledger.next_seq()
    bench.ledger.session.flush()
    bench.ledger.session.execute(
        delete(exam_plans).where(
            exam_plans.c.learner_id == bench.ledger.learner_id, exam_plans.c.exam_id == exam.id
        )
    )
    bury(bench.ledger, "exam", [exam.id])
    return []


def restore_exam(bench: Bench, edit: EditIn) -> list[Conflict]:
    """Raises Missing("exam-missing"), Refused("exam-too-many")."""
    exam = bench.exam(edit.entity_id)
    if exam.deleted_at is not None:
        _check_running(bench, edit, is_running(exam.day, exam.archived, _today(bench)))
        _bring_back(bench, exam)
    return []


EXAM_EDITS: Final[Mapping[str, Callable[[Bench, EditIn], list[Conflict]]]] = {
    "create": create_exam,
    "update": update_exam,
    "delete": delete_exam,
    "restore": restore_exam,
}


def _bring_back(bench: Bench, exam: Exam) -> None:
    exam.deleted_at = None
    exam.seq = bench.ledger.next_seq()
    unbury(bench.ledger, [exam.id])


# --- parts ---


def _parts(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields, each under the name by which it is merged; keys of `sections` and `cards` by themselves."""
    parts = {name: fields[name] for name in _PLAIN if name in fields}
    for name in _KEYED:
        parts |= {f"{name}.{key}": value for key, value in (fields.get(name) or {}).items()}
    return parts


def _whole(fields: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with changed parts put in."""
    after = dict(fields) | {name: value for name, value in changed.items() if name in _PLAIN}
    for name in _KEYED:
        keys = {part.partition(".")[2]: v for part, v in changed.items() if part.startswith(f"{name}.")}
        after[name] = _set({**fields[name], **keys})
    return after


def _fields_of(exam: Exam) -> dict[str, Any]:
    return {name: getattr(exam, name) for name in (*_PLAIN, *_KEYED)}


def _set(marks: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in marks.items() if value is not None}


# --- checks ---


def _check_changes(bench: Bench, edit: EditIn, exam: Exam, after: Mapping[str, Any]) -> None:
    if after["day"] != exam.day:
        check_day(after["day"], _day_of(bench, edit))
    check_minutes(after["minutes"])
    check_marks(after["sections"], after["cards"])
    if after["decks"] != exam.decks:
        _check_cards(bench, after["decks"])
    today = _today(bench)
    runs = exam.deleted_at is None and is_running(exam.day, exam.archived, today)
    _check_running(bench, edit, is_running(after["day"], after["archived"], today) and not runs)


def _check_cards(bench: Bench, deck_ids: Sequence[str] | None) -> None:
    """Raises Refused("exam-no-cards")."""
    bench.settle()
    learner_id = bench.ledger.learner_id
    question = (
        select(cards.c.id)
        .join(decks, (decks.c.learner_id == cards.c.learner_id) & (decks.c.id == cards.c.deck_id))
        .where(cards.c.learner_id == learner_id, cards.c.deleted_at.is_(None), decks.c.deleted_at.is_(None))
    )
    if deck_ids is not None:
        question = question.where(cards.c.deck_id.in_([UUID(deck_id) for deck_id in deck_ids]))
    if bench.ledger.session.execute(question.limit(1)).first() is None:
        raise Refused("exam-no-cards", pointer="/decks")


def _check_running(bench: Bench, edit: EditIn, one_more: bool) -> None:
    """Raises Refused("exam-too-many")."""
    if not one_more:
        return
    bench.ledger.session.flush()
    running = bench.ledger.session.execute(
        select(func.count()).where(
            exams.c.learner_id == bench.ledger.learner_id,
            exams.c.id != edit.entity_id,
            exams.c.deleted_at.is_(None),
            exams.c.archived.is_(False),
            exams.c.day >= _today(bench),
        )
    ).scalar_one()
    if running >= MOST_RUNNING:
        raise Refused("exam-too-many", most=MOST_RUNNING)


def _today(bench: Bench) -> int:
    return learner_day(bench.ledger.now, bench.ledger.learner.zone, bench.ledger.learner.rollover_hour)


def _day_of(bench: Bench, edit: EditIn) -> int:
    """The learner day on which the edit was made."""
    learner = bench.ledger.learner
    return learner_day(bench.moment(edit), learner.zone, learner.rollover_hour)
