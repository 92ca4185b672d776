"""A phone that was away: for a month, with a clock years off, in other zones, over a change of the clocks."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from app.core.day import learner_day
from app.services.cards import read_card
from app.services.rebuild import rebuild
from tests.factories import DAY, HOUR, NOW, Phone, a_learner, a_phone, some_cards, today

TEN_YEARS = 3_652 * DAY
MINUTE = 60_000


def test_a_phone_off_for_a_month_comes_back_to_what_one_phone_would_have(engine: Engine) -> None:
    """Two phones take turns on the same cards; the second sends everything at the end, in two halves."""
    always = a_phone(engine)
    cards = some_cards(engine, always.learner_id, 3)
    away = Phone(engine, always.learner_id)
    away.sync(now=NOW - 31 * DAY)
    kept, at_once = [], []
    for day in range(30, 0, -1):
        at = NOW - day * DAY
        given = always.event(cards[day % 3], at=at, rating=1 + day % 4)
        always.sync([given], now=at)
        kept.append(away.event(cards[(day + 1) % 3], at=at + HOUR, rating=3))
        at_once += [given, kept[-1]]
    late = [away.sync(part, now=NOW) for part in (kept[15:], kept[:15])]
    assert [each.refused for each in late] == [[], []]
    assert {event for each in late for event in each.acked} == {event.id for event in kept}
    one = a_phone(engine)
    same = dict(zip(cards, some_cards(engine, one.learner_id, 3), strict=True))
    for event in at_once:
        again = one.event(same[event.card_id], at=event.at, rating=event.rating)
        one.sync([again], now=event.at)
    for card, twin in same.items():
        found, wanted = (
            read_card(engine, learner, each).card.state
            for learner, each in ((always.learner_id, card), (one.learner_id, twin))
        )
        assert (found.reps, found.lapses, found.last_day) == (wanted.reps, wanted.lapses, wanted.last_day)
        assert found.stability == pytest.approx(wanted.stability)
    assert rebuild(engine, NOW, [always.learner_id]) == 0
    assert away.sync().digest == always.sync().digest


@pytest.mark.parametrize("wrong", [TEN_YEARS, -TEN_YEARS], ids=["ahead", "behind"])
def test_a_clock_ten_years_off_that_was_measured_counts_as_now(engine: Engine, wrong: int) -> None:
    phone = a_phone(engine)
    (card,) = some_cards(engine, phone.learner_id, 1)
    made = phone.event(card, at=NOW + wrong)
    event = replace(made, clock_offset_ms=wrong, day=today())
    result = phone.sync([event])
    assert (result.acked, result.refused, result.corrected) == ([event.id], [], [])
    state = read_card(engine, phone.learner_id, card).card
    assert (state.last_day, state.last_at) == (today(), NOW)


def test_a_clock_ten_years_ahead_that_nobody_measured_is_never_in_the_future(engine: Engine) -> None:
    phone = a_phone(engine)
    (card,) = some_cards(engine, phone.learner_id, 1)
    result = phone.sync([phone.event(card, at=NOW + TEN_YEARS)])
    assert [each.day for each in result.corrected] == [today()]
    assert result.server_time == NOW
    state = read_card(engine, phone.learner_id, card).card
    assert state.last_day == today()
    assert state.last_at is not None
    assert state.last_at <= NOW + 5 * MINUTE


def test_who_flies_over_the_date_line_keeps_the_days_of_each_place(engine: Engine) -> None:
    phone = a_phone(engine)
    cards = some_cards(engine, phone.learner_id, 1)
    start = NOW + 5 * HOUR
    flights = [("Pacific/Auckland", 0), ("Pacific/Honolulu", HOUR), ("Pacific/Auckland", DAY)]
    places = [(zone, start + after) for zone, after in flights]
    given = [replace(phone.event(cards[0], at=at), day=learner_day(at, zone, 4)) for zone, at in places]
    assert given[1].day == given[0].day - 1
    result = phone.sync(given, now=start + DAY)
    assert (len(result.acked), result.corrected) == (3, [])
    card = read_card(engine, phone.learner_id, cards[0]).card
    assert (card.reps, card.last_day) == (3, given[2].day)
    assert rebuild(engine, start + DAY, [phone.learner_id]) == 0


@pytest.mark.parametrize(
    ("month", "day"), [(3, 29), (10, 25)], ids=["an hour is left out", "an hour comes twice"]
)
def test_over_a_change_of_the_clocks_no_day_is_lost_or_doubled(engine: Engine, month: int, day: int) -> None:
    phone = a_phone(engine, a_learner(engine, zone="Europe/Berlin"))
    cards = some_cards(engine, phone.learner_id, 5)
    noon = round(datetime(2026, month, day, 12, tzinfo=UTC).timestamp() * 1000)
    given = []
    for number, card in enumerate(cards):
        at = noon + (number - 2) * DAY
        given.append(replace(phone.event(card, at=at), day=learner_day(at, "Europe/Berlin", 4)))
    result = phone.sync(given, now=noon + 3 * DAY)
    assert (len(result.acked), result.corrected) == (5, [])
    days = [read_card(engine, phone.learner_id, card).card.last_day for card in cards]
    assert days == list(range(given[0].day, given[0].day + 5))
