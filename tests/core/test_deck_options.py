"""What a deck's options come to, and where each value is from."""

from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.core.deck_options import OPTION_NAMES, InForce, limits_in_force, options_in_force, usual_options
from app.core.levels import decks_above, decks_below, line_of, name_below
from app.core.queue import DeckLimits

A, B, C = (UUID(int=n) for n in (1, 2, 3))
USUAL = usual_options({}, 0.9)


def test_the_nearest_deck_that_says_something_is_followed() -> None:
    above = {B: A, C: B}
    own = {C: {"mix": "mix"}, A: {"mix": "new-first", "voice": "ja"}, B: {"voice": "auto"}}
    found = options_in_force(own, above, USUAL)
    assert found[C]["mix"] == InForce("mix", C)
    assert found[C]["voice"] == InForce("auto", B)
    assert found[B]["mix"] == InForce("new-first", A)
    assert found[B]["new_per_day"] == InForce(20, None)
    assert limits_in_force(found[B]) == DeckLimits(mix="new-first")


def test_the_learner_has_the_last_word() -> None:
    usual = usual_options({"new_per_day": 50, "speech": "auto"}, 0.8)
    found = options_in_force({A: {}}, {}, usual)[A]
    assert (found["new_per_day"], found["desired_retention"]) == (InForce(50, None), InForce(0.8, None))
    assert (found["read_aloud"].value, found["voice"].value) == ("both", "auto")
    assert tuple(found) == OPTION_NAMES


def test_a_renamed_deck_takes_those_below_along() -> None:
    assert name_below("a::b::c", "a::b", "x") == "x::c"
    assert name_below("a::bc", "a::b", "x") is None
    assert name_below("a::b", "a::b", "x") is None


names = st.lists(st.sampled_from("ab:"), min_size=1, max_size=9).map("".join)
shelves = st.lists(st.tuples(st.uuids(), names), max_size=8, unique_by=lambda deck: deck[0])


@given(shelves, st.data())
def test_what_a_deck_shows_is_what_the_first_of_its_line_says(
    decks: list[tuple[UUID, str]], data: st.DataObject
) -> None:
    above = decks_above(decks)
    said = st.fixed_dictionaries({}, optional={"new_per_day": st.integers(0, 9), "voice": st.just("ja")})
    own = {deck_id: data.draw(said) for deck_id, _ in decks}
    found = options_in_force(own, above, USUAL)
    named = dict(decks)
    for deck_id, options in found.items():
        line = line_of(deck_id, above)
        assert all(named[low].startswith(named[up] + "::") for low, up in pairwise(line))
        for option, told in options.items():
            says = next((each for each in line if option in own[each]), None)
            assert told == InForce(USUAL[option] if says is None else own[says][option], says)
    below = decks_below(named, above)
    assert all(deck in below[upper] for deck in named for upper in line_of(deck, above))
