"""How a deck is studied: what it says itself, else what the nearest deck above it says, else the learner."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.core.queue import DeckLimits

Options = Mapping[str, Any]

OPTION_NAMES: Final = (
    "new_per_day",
    "reviews_per_day",
    "new_order",
    "review_order",
    "mix",
    "desired_retention",
    "read_aloud",
    "voice",
)

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "new_order": ("position", "random"),
    "review_order": ("due", "random", "retrievability"),
    "mix": ("mix", "new-first", "reviews-first"),
    "read_aloud": ("off", "question", "both"),
    "voice": ("auto", "zh-CN", "zh-HK", "zh-TW", "en", "ja", "ko", "fr", "de", "es", "ru"),
}
"""What options that are words may say."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The value of an option, and the deck that says so; None when no deck does."""

    value: Any
    deck_id: UUID | None


def usual_options(settings: Options, desired_retention: float) -> dict[str, Any]:
    """What holds for decks that nothing is said about."""
    limits = DeckLimits()
    return {
        "new_per_day": settings.get("new_per_day", limits.new_per_day),
        "reviews_per_day": settings.get("reviews_per_day", limits.reviews_per_day),
        "new_order": limits.new_order,
        "review_order": limits.review_order,
        "mix": limits.mix,
        "desired_retention": desired_retention,
        "read_aloud": "both" if settings.get("speech") == "auto" else "off",
        "voice": "auto",
    }


def options_in_force(
    own: Mapping[UUID, Options], above: Mapping[UUID, UUID], usual: Options
) -> dict[UUID, dict[str, InForce]]:
    """For each deck every option as it counts. `own` is what each deck says itself, `above` as of levels."""
    top = {name: InForce(usual[name], None) for name in OPTION_NAMES}
    found: dict[UUID, dict[str, InForce]] = {}
    for deck_id in own:
        line = []
        upper: UUID | None = deck_id
        while upper is not None and upper not in found:
            line.append(upper)
            upper = above.get(upper)
        inherited = top if upper is None else found[upper]
        for each in reversed(line):
            inherited = found[each] = {**inherited, **_said_by(each, own[each])}
    return found


def limits_in_force(options: Mapping[str, InForce]) -> DeckLimits:
    return DeckLimits(**{name: options[name].value for name in DeckLimits.__dataclass_fields__})


def _said_by(deck_id: UUID, own: Options) -> dict[str, InForce]:
    return {name: InForce(own[name], deck_id) for name in OPTION_NAMES if own.get(name) is not None}
