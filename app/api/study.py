"""What to study now."""

from uuid import UUID

from sqlalchemy import Engine

from app.api.cards import Face
from app.api.contract import Resource
from app.api.fields import Id, Limit, Out, Query
from app.api.rows import CardRow, NoteRow
from app.services.identity import Identity
from app.services.study import study_queue

resource = Resource("study", "Study")


class QueueQuery(Query):
    """Of one deck or of all; how many cards at most."""

    deck_id: Id | None = None
    limit: Limit = 20


class PreviewOut(Out):
    """What a rating would do: come back in `minutes` today, or in `days` on the learner day `due_day`."""

    rating: int
    due_day: int
    due_at: int | None
    days: int
    minutes: float | None


class StudyItemOut(Out):
    """A card to study, with all that it takes to show it."""

    card: CardRow
    note: NoteRow
    face: Face
    previews: list[PreviewOut]


class QueueCounts(Out):
    """What is left of today, within the limits of the day."""

    new: int
    learning: int
    review: int


class Later(Out):
    """A card in learning that comes back at `due_at` (ms)."""

    due_at: int
    card_id: UUID


class QueueOut(Out):
    """The next cards in order, and what is left of the day: altogether and by deck."""

    items: list[StudyItemOut]
    later: list[Later]
    counts: QueueCounts
    decks: dict[UUID, QueueCounts]
    day: int
    now: int


@resource.on("GET", "/study/queue", problems={404: ("deck-missing",)})
def read_queue(caller: Identity, query: QueueQuery, engine: Engine, now: int) -> QueueOut:
    """The cards to study now, each with what the four ratings would do."""
    queue = study_queue(engine, caller.learner_id, deck_id=query.deck_id, limit=query.limit, now=now)
    by_deck = {deck: QueueCounts.model_validate(counts) for deck, counts in queue.counts.items()}
    return QueueOut(
        items=[StudyItemOut.model_validate(item) for item in queue.items],
        later=[Later(due_at=due_at, card_id=card_id) for due_at, card_id in queue.later],
        counts=QueueCounts(
            new=sum(counts.new for counts in by_deck.values()),
            learning=sum(counts.learning for counts in by_deck.values()),
            review=sum(counts.review for counts in by_deck.values()),
        ),
        decks=by_deck,
        day=queue.day,
        now=queue.now,
    )
