"""What a session shows, and when it stops."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.exam.attendance import Attendance
from app.core.exam.plan import Learner, make_plan
from app.core.exam.scope import Cards, Exam, Section
from app.core.exam.session import Session
from app.core.exam.tables import open_session
from tests.core.exam.decks import deck, exam, minutes, mixed

ALWAYS = Learner(attendance=Attendance(chance=1.0))
SECONDS = {True: 8.0, False: 18.0}


def session_of(cards: Cards, wanted: Exam, count: float = 10) -> Session:
    days = int(wanted.at) + 1
    return open_session(make_plan(cards, [wanted], minutes(count, days), ALWAYS), cards, 60 * count)


def play(session: Session, grades: st.DataObject | None = None) -> list[int]:
    """Study until the session ends; passes unless told otherwise. Returns the cards in order."""
    shown = []
    while (card := session.pick()) is not None:
        passed = grades is None or grades.draw(st.booleans())
        new = not session.seen[card]
        session.answered(card, 3 if passed else 1, 20.0 if new else SECONDS[passed])
        shown.append(card)
        assert len(shown) < 5_000
    return shown


@settings(max_examples=10, deadline=None)
@given(size=st.integers(5, 120), seed=st.integers(0, 99), at=st.integers(0, 8), share=st.floats(0.1, 0.9))
def test_a_dropped_card_never_gets_time(size: int, seed: int, at: int, share: float) -> None:
    cards = mixed(size, seed)
    dropped = np.random.default_rng(seed).random(size) < share
    session = session_of(cards, Exam(at + 0.6, np.zeros(size, np.int64), dropped=dropped))
    assert not set(play(session)) & set(np.nonzero(dropped)[0])


def test_a_dropped_section_never_gets_time() -> None:
    section = np.arange(60) % 3
    session = session_of(mixed(60), Exam(4.6, section, {1: Section(dropped=True)}))
    shown = play(session)
    assert shown
    assert all(section[card] != 1 for card in shown)


@settings(max_examples=10, deadline=None)
@given(size=st.integers(40, 200), seed=st.integers(0, 99), count=st.integers(5, 25), grades=st.data())
def test_the_minutes_are_kept_within_two_percent_and_one_slip(
    size: int, seed: int, count: int, grades: st.DataObject
) -> None:
    session = session_of(mixed(size, seed), exam(size), count)
    play(session, grades)
    assert session.spent <= count * 60 * 1.02 + 10.0  # a fail takes 10 s more than a pass


def test_no_card_is_asked_more_than_four_times_a_day() -> None:
    session = session_of(deck(new=3), exam(3, 0.6), 60)
    shown = play(session)
    assert max(shown.count(card) for card in range(3)) <= 4


def test_an_answer_changes_only_its_own_card() -> None:
    session = session_of(mixed(80), exam(80))
    before, card = session.scores.copy(), session.pick()
    assert card is not None
    session.answered(card, 3, 8.0)
    changed = np.nonzero(before != session.scores)[0]
    assert list(changed) == [card]


def test_ten_more_minutes_go_on() -> None:
    session = session_of(deck(new=300), exam(300), 5)
    first = play(session)
    session.extend(600)
    assert len(play(session)) > len(first)


def test_cards_seen_earlier_today_are_offered_as_repeats_at_most() -> None:
    cards = deck(seen=5, stability=0.3, age=0)
    cards.answers_today[:] = [1, 2, 3, 4, 5]
    session = session_of(cards, exam(5, 0.6))
    assert list(np.isfinite(session.scores)) == [True, True, True, False, False]


def test_new_cards_of_equal_worth_come_in_the_order_of_the_deck() -> None:
    assert play(session_of(deck(new=200), exam(200), 2))[:3] == [0, 1, 2]


def test_every_card_comes_with_its_reason() -> None:
    cards = deck(new=1, seen=1, stability=4.0, age=4)
    session = session_of(cards, exam(2, 0.6))
    assert session.why(1).kind == "new"
    reason = session.why(0)
    assert reason.kind == "review"
    assert reason.recall is not None
    assert 0.85 < reason.recall < 0.95
    session.answered(0, 3, 8.0)
    assert session.why(0).kind == "repeat"
