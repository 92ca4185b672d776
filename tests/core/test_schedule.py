"""What single events do to a card."""

from dataclasses import replace
from uuid import UUID

import pytest

from app.core.events import KINDS, Event
from app.core.parameters import DEFAULT_PARAMETERS, Parameters
from app.core.schedule import REDUCERS, CardState, apply, previews, replay, retrievability
from tests.core.factories import CARD, FIRST_DAY, answers, event

ONE = DEFAULT_PARAMETERS
MINUTE = 60_000


def after(*log: Event, rules: Parameters = ONE) -> CardState:
    return replay(CARD, log, [rules])


def test_every_kind_of_event_has_a_reducer() -> None:
    assert set(REDUCERS) == set(KINDS)


def test_a_card_never_seen_is_new() -> None:
    assert after() == CardState()


def test_practice_moves_no_schedule() -> None:
    log = answers((0, 4), (9, 3))
    practice = [event(number, rating=1, data={"mode": "cram"}) for number in (2, 12)]
    assert after(*log, *practice) == after(*log)
    later = Parameters(2, practice[1].effective_at, weights=tuple(w * 1.2 for w in ONE.weights))
    assert replay(CARD, [*log, *practice], [ONE, later]).due_day == after(*log).due_day


@pytest.mark.parametrize(
    ("rating", "phase", "step", "minutes"),
    [(1, 1, 0, 1), (2, 1, 0, 5.5), (3, 1, 1, 10), (4, 2, None, None)],
)
def test_the_first_answer(rating: int, phase: int, step: int | None, minutes: float | None) -> None:
    answer = event(0, rating=rating)
    state = after(answer)
    assert (state.phase, state.step, state.reps) == (phase, step, 1)
    assert state.due_at == (None if minutes is None else answer.effective_at + minutes * MINUTE)
    assert (state.due_day == FIRST_DAY) == (minutes is not None)
    assert (state.last_day, state.last_at) == (FIRST_DAY, answer.effective_at)


def test_hard_repeats_the_second_step() -> None:
    good, hard = event(0, day=FIRST_DAY), event(1, rating=2, day=FIRST_DAY)
    state = after(good, hard)
    assert (state.step, state.due_at) == (1, hard.effective_at + 10 * MINUTE)


def test_hard_on_an_only_step_waits_half_as_long_again() -> None:
    hard = event(0, rating=2)
    state = after(hard, rules=replace(ONE, learning_steps=(15,)))
    assert state.due_at == hard.effective_at + 22.5 * MINUTE


def test_steps_of_a_day_and_more_are_whole_days() -> None:
    rules = replace(ONE, learning_steps=(10, 1440, 4320), relearning_steps=(1000,))
    state = after(event(0), rules=rules)
    assert (state.phase, state.step, state.due_day, state.due_at) == (1, 1, FIRST_DAY + 1, None)
    lapsed = after(event(0, rating=4), event(9, rating=1), event(10, rating=2), rules=rules)
    # 1,000 minutes for Again, half as many again for Hard: 25 hours are one day
    assert (lapsed.phase, lapsed.due_day, lapsed.due_at) == (3, FIRST_DAY + 11, None)


def test_without_learning_steps_the_first_answer_graduates() -> None:
    state = after(event(0, rating=1), rules=replace(ONE, learning_steps=()))
    assert (state.phase, state.due_day, state.due_at) == (2, FIRST_DAY + 1, None)


def test_only_again_on_a_review_card_is_a_lapse() -> None:
    assert after(*answers((0, 1), (0, 1))).lapses == 0
    assert after(*answers((0, 4), (9, 2))).lapses == 0
    lapsed = after(*answers((0, 4), (9, 1), (9, 1)))
    assert (lapsed.phase, lapsed.lapses, lapsed.leech) == (3, 1, False)


def test_eight_lapses_make_a_leech() -> None:
    again_and_good = [(10 + 10 * n, rating) for n in range(8) for rating in (1, 3)]
    assert after(*answers((0, 4), *again_and_good)).leech


def test_the_day_never_runs_backwards() -> None:
    seen = after(*answers((0, 4), (9, 3)))
    earlier = event(50, rating=3, day=FIRST_DAY + 8)
    state = apply(CARD, seen, earlier, ONE)
    assert state.last_day == FIRST_DAY + 9
    assert state == replace(
        apply(CARD, seen, replace(earlier, day=FIRST_DAY + 9), ONE), last_at=earlier.effective_at
    )


def test_reset_forgets_all_but_flag_and_suspension() -> None:
    state = after(
        event(0, rating=4),
        event(1, "flag", data={"flag": 5}),
        event(2, "suspend"),
        event(3, "bury", data={"until": FIRST_DAY + 9}),
        event(4, "reset"),
    )
    assert state == CardState(flag=5, suspended=True)


def test_due_moves_a_seen_card_only() -> None:
    assert after(event(0, "due", data={"day": 20_100})) == CardState()
    learning = after(event(0), event(1, "due", data={"day": 20_100}))
    assert (learning.phase, learning.due_day, learning.due_at) == (1, 20_100, None)


SEED = {"phase": 2, "stability": 30.0, "difficulty": 5.0, "due_day": 20_020, "last_day": 19_990, "reps": 6}


def test_seed_sets_a_new_card_only() -> None:
    seed = event(0, "seed", data={**SEED, "lapses": 2})
    state = after(seed)
    assert (state.phase, state.step, state.stability, state.reps, state.lapses) == (2, None, 30.0, 6, 2)
    own, reset = event(1, rating=4), event(2, "reset")
    late = replace(seed, day=FIRST_DAY + 3)
    assert after(own, late) == after(own)
    assert after(own, reset, late).stability == 30.0


def test_a_seed_out_of_range_is_brought_into_it() -> None:
    state = after(event(0, "seed", data={**SEED, "stability": 1e9, "difficulty": 0.0, "lapses": 0}))
    assert (state.stability, state.difficulty) == (36_500.0, 1.0)


def test_an_answer_unburies_and_leaves_a_suspended_card_suspended() -> None:
    hidden = [event(0, "suspend"), event(1, "bury", data={"until": FIRST_DAY + 5})]
    assert after(*hidden).buried_until == FIRST_DAY + 5
    state = after(*hidden, event(2))
    assert (state.buried_until, state.suspended, state.reps) == (None, True, 1)
    assert not after(*hidden, event(2, "unsuspend")).suspended


def test_the_decks_own_retention_decides_the_interval_and_not_the_memory() -> None:
    usual, strict = event(0, rating=4), event(0, rating=4, data={"retention": 0.97})
    assert (after(strict).due_day or 0) < (after(usual).due_day or 0)
    assert after(strict).stability == after(usual).stability
    assert after(event(0, rating=4, data={"retention": 0.01})) == after(
        event(0, rating=4, data={"retention": 0.7})
    )


def test_half_a_day_is_rounded_up() -> None:
    """As JavaScript does: 2.5 days become 3, which fuzz makes 2 to 4; Python alone would say 2."""
    rules = replace(ONE, weights=(0.5, 1.5, 2.5, 4.5, *ONE.weights[4:]), learning_steps=())
    good = [previews(UUID(int=number), CardState(), 0, 0, rules)[2].days for number in range(40)]
    assert set(good) == {2, 3, 4}


def test_an_undo_reaches_only_its_own_target() -> None:
    answer, unknown = event(0), event(1, "undo", data={"event": str(CARD)})
    assert after(answer, unknown) == after(answer)
    assert apply(CARD, after(answer), unknown, ONE) == after(answer)


def test_previews_follow_the_decks_retention() -> None:
    state = after(*answers((0, 4), (8, 3)))
    day = FIRST_DAY + 40
    usual = previews(CARD, state, 0, day, ONE)
    strict = previews(CARD, state, 0, day, ONE, 0.99)
    assert strict[2].days < usual[2].days
    assert usual[0].minutes == 10


def test_recall_fades_with_the_days() -> None:
    state = after(event(0, rating=4))
    chances = [retrievability(state, FIRST_DAY + days, ONE) or 0 for days in (-3, 0, 1, 8, 300, 10**7)]
    assert chances[0] == chances[1] == 1
    assert chances[1:] == sorted(chances[1:], reverse=True)
    assert chances[3] == pytest.approx(0.9, abs=0.01)
    assert retrievability(CardState(), FIRST_DAY, ONE) is None


def test_a_forged_day_breaks_nothing() -> None:
    state = after(event(0, rating=4), event(1, day=10**9), event(2, rating=1, day=10**12))
    assert state.last_day == 10**12
    assert state.lapses == 1
