"""Decks that come with an import: what each says for itself, given what it would inherit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core.deck_options import usual_options
from app.core.levels import decks_above, line_of
from app.core.parameters import clip_retention
from app.services.import_rows import ImportRow
from app.services.shelf import Shelf


@dataclass(frozen=True, slots=True)
class FileDecks:
    """The decks of a file by key, beside those that the learner has by name (`deck_ids` grows meanwhile)."""

    row: ImportRow
    decks: Mapping[str, Mapping[str, Any]]
    deck_ids: Mapping[str, UUID]
    above: Mapping[str, str]
    in_force: Mapping[str, Mapping[str, Any]]  # options by the name of the learner's deck; "" without one

    @staticmethod
    def beside(
        shelf: Shelf, row: ImportRow, decks: Mapping[str, Mapping[str, Any]], deck_ids: Mapping[str, UUID]
    ) -> "FileDecks":
        in_force: dict[str, Mapping[str, Any]] = {
            "": usual_options(shelf.learner.settings, shelf.parameters.desired_retention)
        }
        for deck_id, name in shelf.names.items():
            in_force[name] = {each: found.value for each, found in shelf.options[deck_id].items()}
        above = decks_above((key, deck["name"]) for key, deck in decks.items())
        return FileDecks(row, decks, deck_ids, above, in_force)

    def followed(self, key: str) -> list[str]:
        """Decks not there yet that say something for this one: they are needed without cards too."""
        own = self._options(key)
        missing = (
            each for each in line_of(key, self.above)[1:] if self.decks[each]["name"] not in self.deck_ids
        )
        return [each for each in missing if self._options(each).keys() - own.keys()]

    def _options(self, key: str) -> dict[str, float | str]:
        """What the deck says for itself. Anki's presets repeat on every deck what the one above has."""
        said = self._said(key)
        if self.row.generation == "json" or not said:  # our own export says what each deck says
            return said
        inherited = self._inherited(key)
        return {name: value for name, value in said.items() if inherited.get(name) != value}

    def _inherited(self, key: str) -> Mapping[str, Any]:
        above = self.above.get(key)
        known, in_force = self._known_above(self.decks[key]["name"])
        if above is None or len(known) >= len(self.decks[above]["name"]):
            return in_force
        return {**self._inherited(above), **self._said(above)}

    def _known_above(self, name: str) -> tuple[str, Mapping[str, Any]]:
        """The nearest deck above that the learner has already, with what counts there."""
        while "::" in name:
            name = name.rpartition("::")[0]
            if name in self.in_force:
                return name, self.in_force[name]
        return "", self.in_force[""]

    def _said(self, key: str) -> dict[str, float | str]:
        told = self.decks[key]
        if not self.row.chosen.deck_options:
            return {}
        options: dict[str, float | str] = dict(told["options"])
        for name in ("new_per_day", "reviews_per_day"):
            if told[name] is not None:
                options[name] = min(max(int(told[name]), 0), 9_999)
        if told["desired_retention"] is not None:
            options["desired_retention"] = clip_retention(told["desired_retention"])
        return options

    def row_of(self, key: str, position: int) -> dict[str, Any]:
        return {
            "name": self.decks[key]["name"],
            "slug": None,
            "origin": "import",
            "origin_version": str(self.row.id),
            "options": self._options(key),
            "position": position,
            "version": 1,
            "stamps": {},
        }
