"""Decks in levels for the golden vectors: which stands above which, and what each one's options come to."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final
from uuid import NAMESPACE_OID, UUID, uuid5

from app.core.deck_options import options_in_force, usual_options
from app.core.fuzz import fmix32
from app.core.levels import decks_above

Shelf = list[tuple[str, dict[str, Any]]]
_DRAWN: Final = 6


def deck_option_vectors() -> Mapping[str, Any]:
    return {
        "about": (
            "above = decks_above(decks in this order): by deck the nearest deck above it. in_force ="
            " options_in_force(own options, above, usual): the value that counts and the deck that says so,"
            " null for the learner. usual = usual_options(settings, desired_retention)."
        ),
        "shelves": [_vector(name, *told) for name, told in {**_told(), **_drawn()}.items()],
    }


def _vector(name: str, shelf: Shelf, settings: dict[str, Any], retention: float) -> dict[str, Any]:
    ids = [uuid5(NAMESPACE_OID, f"wengu shelf {name} {place}") for place in range(len(shelf))]
    above = decks_above([(deck_id, named) for deck_id, (named, _) in zip(ids, shelf, strict=True)])
    usual = usual_options(settings, retention)
    own = {deck_id: options for deck_id, (_, options) in zip(ids, shelf, strict=True)}
    in_force = options_in_force(own, above, usual)
    return {
        "name": name,
        "decks": [
            {"id": str(deck_id), "name": named, "options": options}
            for deck_id, (named, options) in zip(ids, shelf, strict=True)
        ],
        "settings": settings,
        "desired_retention": retention,
        "above": {str(deck_id): str(upper) for deck_id, upper in above.items()},
        "usual": usual,
        "in_force": {
            str(deck_id): {option: _plain(asdict(told)) for option, told in options.items()}
            for deck_id, options in in_force.items()
        },
    }


def _told() -> dict[str, tuple[Shelf, dict[str, Any], float]]:
    whole = {
        "new_per_day": 5,
        "reviews_per_day": 0,
        "new_order": "random",
        "review_order": "retrievability",
        "mix": "new-first",
        "desired_retention": 0.8,
        "read_aloud": "question",
        "voice": "zh-HK",
    }
    three: Shelf = [
        ("礼仪::国际::欧洲", {}),
        ("礼仪", whole),
        ("礼仪::国际", {"voice": "auto", "mix": "mix"}),
    ]
    odd: Shelf = [("a", whole), *((name, {}) for name in ("a::", "::a", "a:::b", "a::::b", "::"))]
    alike: Shelf = [("a", whole), *((name, {}) for name in ("ab", "a:b", "A::b", "a :: b"))]
    told: dict[str, tuple[Shelf, dict[str, Any]]] = {
        "nothing": ([], {}),
        "a deck that says nothing": ([("礼仪", {})], {}),
        "the learner's settings": (
            [("礼仪", {}), ("礼仪::国际", {"new_per_day": 3})],
            {"new_per_day": 50, "reviews_per_day": 400, "speech": "auto", "theme": "dark"},
        ),
        "three levels": (three, {"speech": "auto"}),
        "a level without a deck": ([("a", whole), ("a::b::c", {}), ("a::b::c::d", {"mix": "mix"})], {}),
        "two of one name": ([("a", {"new_per_day": 1}), ("a::b", {}), ("a", {"new_per_day": 2})], {}),
        "alike but not below": (alike, {}),
        "odd marks": (odd, {}),
        "nothing is not a value": ([("a", {"mix": "mix"}), ("a::b", {"mix": None, "old": 7})], {}),
        "zero is a value": ([("a", {"new_per_day": 9}), ("a::b", {"new_per_day": 0})], {"new_per_day": 0}),
    }
    return {name: (shelf, settings, 0.85) for name, (shelf, settings) in told.items()}


def _drawn() -> dict[str, tuple[Shelf, dict[str, Any], float]]:
    """Shelves drawn by lot."""
    return {f"drawn {number}": (_draw(number), {"reviews_per_day": number}, 0.9) for number in range(_DRAWN)}


def _draw(number: int) -> Shelf:
    lots = (fmix32(number * 1_000 + i + 1) for i in range(1_000))
    shelf: Shelf = []
    for _ in range(12):
        levels = ["ab"[next(lots) % 2] for _ in range(1 + next(lots) % 4)]
        options: dict[str, Any] = {}
        if next(lots) % 2:
            options["new_per_day"] = next(lots) % 30
        if next(lots) % 3 == 0:
            options["review_order"] = ("due", "random", "retrievability")[next(lots) % 3]
        if next(lots) % 4 == 0:
            options["desired_retention"] = 0.7 + next(lots) % 29 / 100
        shelf.append(("::".join(levels), options))
    return shelf


def _plain(told: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, UUID) else value for name, value in told.items()}
