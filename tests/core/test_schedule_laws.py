"""What must hold for every history, whatever it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from fsrs import Card, Rating, Scheduler
from hypothesis import given
from hypothesis import strategies as st

from app.core.day import DAY_MS
from app.core.events import Event
from app.core.fuzz import fuzz_range
from app.core.parameters import Parameters
from app.core.schedule import REVIEW, CardState, apply, effective_log, previews, replay, walk
from tests.core.factories import CARD, FIRST_DAY, answer_logs, event, logs, rules


@given(logs(), rules(), st.data())
def test_order_and_repetition_change_nothing(log: list[Event], one: Parameters, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(log + data.draw(st.lists(st.sampled_from(log)))))
    assert replay(CARD, shuffled, [one]) == replay(CARD, log, [one])


@given(logs(), rules())
def test_taking_back_the_last_act_is_never_having_done_it(log: list[Event], one: Parameters) -> None:
    standing = effective_log(log)
    last = event(len(log), rating=1, day=max(item.day for item in log) + 2)
    undo = event(len(log) + 1, "undo", day=last.day, data={"event": str(last.id)})
    assert replay(CARD, [*log, last], [one]) != replay(CARD, standing, [one])
    assert replay(CARD, [*log, last, undo], [one]) == replay(CARD, standing, [one])


@given(logs(), rules())
def test_an_undo_cannot_be_undone(log: list[Event], one: Parameters) -> None:
    again = [
        event(100 + number, "undo", data={"event": str(item.id)})
        for number, item in enumerate(log)
        if item.kind == "undo"
    ]
    assert replay(CARD, log + again, [one]) == replay(CARD, log, [one])


@given(logs(), rules())
def test_one_by_one_is_all_at_once(log: list[Event], one: Parameters) -> None:
    state = CardState()
    for item in effective_log(log):
        state = apply(CARD, state, item, one)
    assert state == replay(CARD, log, [one])


@given(logs(), rules())
def test_a_walk_ends_where_the_replay_does(log: list[Event], one: Parameters) -> None:
    steps = list(walk(CARD, log, [one]))
    assert [item for item, _, _ in steps] == effective_log(log)
    assert all(before == after for (_, _, after), (_, before, _) in pairwise(steps))
    assert (steps[-1][2] if steps else CardState()) == replay(CARD, log, [one])


@given(answer_logs(least=2), rules(1), rules(2), st.data())
def test_new_rules_move_no_due_day_until_the_next_answer(
    log: list[Event], old: Parameters, new: Parameters, data: st.DataObject
) -> None:
    """Whenever the new rules come, the card is due when those in force at its last answer said."""
    place = data.draw(st.integers(0, len(log)))
    begins = log[place].effective_at if place < len(log) else log[-1].effective_at + 1
    versions = [replace(new, from_at=begins), old]
    *earlier, last = log
    known = versions if last.effective_at >= begins else [old]
    as_it_was = apply(CARD, replay(CARD, earlier, known), last, max(known, key=lambda item: item.version))

    state = replay(CARD, log, versions)
    assert (state.due_day, state.due_at) == (as_it_was.due_day, as_it_was.due_at)
    assert (state.phase, state.step) == (as_it_was.phase, as_it_was.step)
    memory = replay(CARD, log, [new])
    assert (state.stability, state.difficulty) == (memory.stability, memory.difficulty)


@given(answer_logs(shortest_gap=1), rules())
def test_memory_is_that_of_stock_fsrs(log: list[Event], one: Parameters) -> None:
    """Where sessions are whole days apart, learner days and fsrs's own count of days are the same."""
    stock = Scheduler(
        parameters=one.weights,
        desired_retention=one.desired_retention,
        learning_steps=[timedelta(minutes=step) for step in one.learning_steps],
        relearning_steps=[timedelta(minutes=step) for step in one.relearning_steps],
        maximum_interval=one.maximum_interval,
        enable_fuzzing=False,
    )
    card = Card(card_id=1)
    state = CardState()
    for item in log:
        moment = datetime(1970, 1, 1, 12, tzinfo=UTC) + timedelta(days=item.day)
        card, _ = stock.review_card(card, Rating(item.rating or 0), moment)
        state = apply(CARD, state, item, one)
        assert card.stability is not None
        if card.stability > 36_500:  # where ts-fsrs stops, fsrs goes on
            return
        assert (state.stability, state.difficulty) == (card.stability, card.difficulty)
        assert (state.phase, state.step) == (int(card.state), card.step)
        assert state.due_day is not None
        if state.phase == REVIEW:
            low, high = fuzz_range((card.due - moment).days, one.maximum_interval)
            assert low - 1 <= state.due_day - item.day <= high + 1  # a half rounds the other way


@given(logs(), rules(), st.uuids())
def test_fuzz_moves_due_days_and_nothing_else(log: list[Event], one: Parameters, other: UUID) -> None:
    ours, theirs = replay(CARD, log, [one]), replay(other, log, [one])
    assert replace(ours, due_day=None) == replace(theirs, due_day=None)


@given(logs(), rules())
def test_states_keep_their_promises(log: list[Event], one: Parameters) -> None:
    for item, before, after in walk(CARD, log, [one]):
        assert (after.step is None) == (after.phase in (0, REVIEW))
        assert after.stability is None or 0.001 <= after.stability <= 36_500
        assert after.difficulty is None or 1 <= after.difficulty <= 10
        assert (after.phase == 0) == (after.due_day is None)
        if item.kind == "answer":
            assert after.reps == before.reps + 1
            assert after.last_day is not None
            assert before.last_day is None or after.last_day >= before.last_day
            assert after.due_day is not None
            assert after.due_day >= after.last_day
            assert after.due_at is None or after.phase in (1, 3)


@given(logs(), rules(), st.integers(0, 60))
def test_a_preview_shows_what_the_answer_does(log: list[Event], one: Parameters, later: int) -> None:
    state = replay(CARD, log, [one])
    day = max(item.day for item in log) + later
    now = day * DAY_MS
    shown = previews(CARD, state, now, day, one)
    assert [preview.rating for preview in shown] == [1, 2, 3, 4]
    for preview in shown:
        done = apply(CARD, state, event(99, rating=preview.rating, day=day, at=now), one)
        assert (preview.due_day, preview.due_at) == (done.due_day, done.due_at)
        assert preview.minutes is None or now + preview.minutes * 60_000 == preview.due_at
        assert preview.due_day == day + preview.days or (state.last_day or FIRST_DAY) > day
