"""The phone's tables say what the session says."""

import json

import numpy as np
import pytest

from app.core.exam.plan import Learner, make_plan
from app.core.exam.tables import decode, encode, export, load, open_session
from tests.core.exam.decks import exam, minutes, mixed


def test_tables_survive_json_and_score_like_the_session() -> None:
    cards = mixed(200)
    plan = make_plan(cards, [exam(200)], minutes(10, 7), Learner())
    today = load(json.loads(json.dumps(export(plan))))[0][0]
    scores = open_session(plan, cards, 600).scores
    for card in np.nonzero(cards.seen)[0][:60]:
        said = today.score(cards.stability[card], cards.difficulty[card], -int(cards.last_day[card]))
        wanted = max(float(scores[card]), 0.0)
        assert said == pytest.approx(wanted, rel=1e-3, abs=2e-4)
    new = int(np.nonzero(~cards.seen)[0][0])
    assert today.new == pytest.approx(float(scores[new]), rel=1e-3)


def test_a_card_seen_today_is_scored_as_a_repeat() -> None:
    plan = make_plan(mixed(50), [exam(50, 0.6)], minutes(10, 1), Learner())
    today = load(export(plan))[0][0]
    assert today.score(0.3, 5.0, 0) > 0.0
    assert today.score(0.3, 5.0, 1) != today.score(0.3, 5.0, 0)


def test_codes_are_close_and_keep_the_order() -> None:
    gains = np.geomspace(1e-7, 0.9, 500)
    assert decode(encode(gains)) == pytest.approx(gains, rel=2e-4)
    assert list(decode(encode(np.array([0.0, 1e-9])))) == [0.0, 0.0]


def test_a_week_of_tables_is_small() -> None:
    plan = make_plan(mixed(50), [exam(50, 20.6)], minutes(10, 21), Learner(), steps=5)
    exported = export(plan, 7)
    assert [day["day"] for day in exported["groups"][0]["days"]] == list(range(7))
    assert len(json.dumps(exported)) < 120_000


def test_tables_of_another_version_are_refused() -> None:
    with pytest.raises(ValueError, match="version"):
        load({"version": 99})
