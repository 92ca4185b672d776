"""A learner's search as a condition of SQL: the same cards as `core/search.py` means."""

from collections.abc import Callable, Mapping, Sequence
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, true
from sqlmodel import Session

from app.core.errors import Refused
from app.core.schedule import LEECH_LAPSES
from app.core.search import (
    NO_TAG,
    All,
    AnyOf,
    Flag,
    Is,
    Kind,
    Level,
    Not,
    Number,
    Search,
    SearchInvalid,
    State,
    Word,
    folded,
    is_within,
    parse,
)
from app.db.models import cards, decks, notes
from app.services.content import TAG_MARK

_SIGNS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "<=": le,
    ">=": ge,
    "!=": ne,
    "=": eq,
    "<": lt,
    ">": gt,
}


def read_search(text: str) -> Search:
    """Raises Refused("search-…") with the words at fault."""
    try:
        return parse(text)
    except SearchInvalid as problem:
        raise Refused(f"search-{problem.reason}", pointer="/search", words=problem.words) from problem


def condition_of(session: Session, learner_id: UUID, search: Search, today: int) -> ColumnElement[bool]:
    """What the rows of card and note must fulfil."""
    rows = session.execute(
        select(decks.c.id, decks.c.name).where(decks.c.learner_id == learner_id, decks.c.deleted_at.is_(None))
    )
    return _condition(search, today, [(row.id, folded(row.name)) for row in rows])


def _condition(search: Search, today: int, names: Sequence[tuple[UUID, str]]) -> ColumnElement[bool]:
    match search:
        case All(of):
            return and_(true(), *(_condition(part, today, names) for part in of))
        case AnyOf(of):
            return or_(false(), *(_condition(part, today, names) for part in of))
        case Not(of):
            return not_(_condition(of, today, names))
        case Word(text):
            return notes.c.search_text.contains(text, autoescape=True)
        case Level("deck", _, _):
            return cards.c.deck_id.in_([deck_id for deck_id, name in names if is_within(search, name)])
        case Level():
            return _tagged(search)
        case Is(state):
            return in_state(state, today)
        case Kind(kind):
            return notes.c.kind == kind
        case Flag(flag):
            return cards.c.flag == flag
        case Number(name, sign, value):
            # What is not known is neither more nor less: false, also under a "not".
            return func.coalesce(_SIGNS[sign](_number(name, today), value), false())


def _tagged(level: Level) -> ColumnElement[bool]:
    text = notes.c.search_text
    begins = TAG_MARK + level.name
    if level.open_end:
        return text.contains(begins, autoescape=True)
    found = or_(text.contains(f"{begins}\n", autoescape=True), text.contains(f"{begins}::", autoescape=True))
    return or_(found, not_(text.contains(TAG_MARK))) if level == NO_TAG else found


def _number(name: str, today: int) -> ColumnElement[Any]:
    due = func.nullif(cards.c.phase, 0) * 0 + cards.c.due_day
    if name == "due":
        return due - today
    return due - cards.c.last_day if name == "interval" else cards.c[name]


def in_state(state: State, today: int) -> ColumnElement[bool]:
    """Whether a card stands so on a learner day."""
    conditions: dict[State, ColumnElement[bool]] = {
        "new": cards.c.phase == 0,
        "learning": cards.c.phase.in_([1, 3]),
        "review": cards.c.phase == 2,
        "due": and_(~cards.c.suspended, cards.c.phase > 0, func.coalesce(cards.c.due_day <= today, false())),
        "suspended": cards.c.suspended,
        "buried": func.coalesce(cards.c.buried_until > today, false()),
        "flagged": cards.c.flag > 0,
        "leech": cards.c.lapses >= LEECH_LAPSES,
    }
    return conditions[state]
