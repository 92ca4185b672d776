"""Decks stand in levels, by `::` in their names: which deck is above which."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Final, TypeVar

LEVEL: Final = "::"
_Id = TypeVar("_Id", bound=Hashable)
LONGEST_NAME: Final = 200
"""Of a deck, all its levels together."""


def decks_above(decks: Iterable[tuple[_Id, str]]) -> dict[_Id, _Id]:
    """For each deck (id, name) the nearest that stands above it, where there is one.

    A level without a deck is passed over. Of several decks with one name the first has those below.
    """
    known = list(decks)
    by_name: dict[str, _Id] = {}
    for deck_id, name in known:
        by_name.setdefault(name, deck_id)
    above = {}
    for deck_id, name in known:
        while LEVEL in name:
            name = name[: name.rindex(LEVEL)]
            if name in by_name:
                above[deck_id] = by_name[name]
                break
    return above


def line_of(deck_id: _Id, above: Mapping[_Id, _Id]) -> list[_Id]:
    """The deck and all that stand above it, from below."""
    line = [deck_id]
    while (upper := above.get(line[-1])) is not None:
        line.append(upper)
    return line


def decks_below(deck_ids: Iterable[_Id], above: Mapping[_Id, _Id]) -> dict[_Id, list[_Id]]:
    """For each deck itself and all that stand below it, in the order given."""
    below: dict[_Id, list[_Id]] = {}
    for deck_id in deck_ids:
        for each in line_of(deck_id, above):
            below.setdefault(each, []).append(deck_id)
    return below


def name_below(name: str, old: str, new: str) -> str | None:
    """What a deck is called after the one above it was renamed; None for one that is not below it."""
    return new + name[len(old) :] if name.startswith(old + LEVEL) else None
