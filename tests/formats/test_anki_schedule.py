"""Whatever a review log holds, its events replay to the state that the card row shows."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.parameters import DEFAULT_PARAMETERS
from app.core.schedule import replay
from app.formats.anki_schedule import Calendar, CardRow, Review, events_of, memory_of_sm2, state_of
from tests.formats.events import as_events, card_id

CREATED = 1_600_000_000
NOW = (CREATED + 3000 * 86_400) * 1000
CALENDAR = Calendar("Asia/Shanghai", 4, NOW, CREATED, -480, NOW - 1000)
NEW_CARD = CardRow(0, 0, 5, 0, 0, 0, 0, 0, 0, 0, {})
ROWS = st.lists(
    st.builds(
        Review,
        id=st.integers(0, 2900 * 86_400_000).map(lambda ms: CREATED * 1000 + ms),
        ease=st.integers(-1, 6),
        interval=st.integers(-9000, 9000),
        last_interval=st.integers(-9000, 9000),
        factor=st.sampled_from([0, 100, 613, 1300, 2500, 9000]),
        time=st.integers(-5, 10**7),
        type=st.integers(0, 6),
    ),
    max_size=8,
    unique_by=lambda review: review.id,
).map(lambda rows: sorted(rows, key=lambda review: review.id))
CARDS = st.builds(
    CardRow,
    type=st.sampled_from([0, 2]),
    queue=st.sampled_from([-3, -2, -1, 0, 2]),
    due=st.integers(-50, 40_000),
    interval=st.integers(-3, 40_000),
    factor=st.sampled_from([0, 500, 1300, 2500]),
    reps=st.integers(0, 70_000),
    lapses=st.integers(0, 9),
    original_due=st.sampled_from([0, 77]),
    original_deck=st.sampled_from([0, 9]),
    flags=st.integers(0, 9),
    data=st.sampled_from([{}, {"s": 3.5, "d": 5.0, "lrt": CREATED + 86_400}, {"s": "x", "d": None}]),
)
KEY = ("g", 0)


@given(CARDS, ROWS)
def test_the_events_lead_to_the_state(card: CardRow, rows: list[Review]) -> None:
    shown = state_of(card, CALENDAR)
    drafts, _ = events_of(shown, rows, CALENDAR)
    state = replay(card_id(KEY), as_events(KEY, drafts), [DEFAULT_PARAMETERS])
    assert (state.suspended, state.flag, state.buried_until) == (
        shown.suspended, shown.flag, shown.buried_until,
    )  # fmt: skip
    if shown.phase == 0:
        assert state.phase == 0
    else:
        assert state.phase > 0
        assert state.due_day == shown.due_day
    assert [draft.at for draft in drafts] == sorted(draft.at for draft in drafts)
    assert len({draft.key for draft in drafts}) == len(drafts)


@given(CARDS, ROWS)
def test_no_row_is_lost_without_being_counted(card: CardRow, rows: list[Review]) -> None:
    drafts, dropped = events_of(state_of(card, CALENDAR), rows, CALENDAR)
    told = sum(draft.key.startswith("review:") for draft in drafts)
    assert told + dropped + sum(row.type == 5 for row in rows) >= len(rows)
    assert told + dropped <= len(rows)


def test_forget_and_set_due_date_become_acts_of_their_own() -> None:
    def row(day: int, ease: int, kind: int, factor: int, interval: int = 0) -> Review:
        return Review(CREATED * 1000 + day * 86_400_000, ease, interval, 0, factor, 900, kind)

    rows = [row(1, 3, 0, 0), row(2, 0, 4, 0), row(5, 3, 0, 0), row(7, 0, 4, 2500, 90)]
    state = state_of(replace(NEW_CARD, type=2, queue=2, due=60, interval=90), CALENDAR)
    drafts, dropped = events_of(state, rows, CALENDAR)
    assert [draft.kind for draft in drafts] == ["answer", "reset", "answer", "due", "due"]
    assert drafts[3].data == {"day": drafts[3].day + 90}
    assert dropped == 0


def test_a_card_made_new_again_without_a_word_is_reset() -> None:
    rows = [Review(CREATED * 1000, 3, 1, 0, 0, 900, 0)]
    drafts, _ = events_of(state_of(NEW_CARD, CALENDAR), rows, CALENDAR)
    assert [draft.kind for draft in drafts] == ["answer", "reset"]


@pytest.mark.parametrize(
    ("interval", "factor", "difficulty"),
    [(10, 2500, 6.91406), (100, 4000, 1.0), (30, 600, 5.5), (30, 100, 1.0), (30, 1100, 10.0)],
)
def test_memory_of_sm2(interval: int, factor: int, difficulty: float) -> None:
    """The first row is the formula worked by hand; up to 1100 a factor is a difficulty already."""
    stability, found = memory_of_sm2(interval, factor)
    assert stability == interval
    assert found == pytest.approx(difficulty, abs=1e-4)


def test_a_lower_ease_is_a_harder_card() -> None:
    found = [memory_of_sm2(30, factor)[1] for factor in range(1300, 3100, 200)]
    assert found == sorted(found, reverse=True)
