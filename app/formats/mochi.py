"""Mochi: `.mochi` packages (a zip with `data.edn` or `data.json`), and Markdown pages, one a card.

A card's sides are parted by `---`; `{{gap}}` and `{{1::gap}}` make gaps; `<< Field >>` in a template stands
for a field of the card. Reviews say when, and whether it was remembered: they become answers Good or Again.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from app.core.day import learner_day
from app.core.notes import NoteKind
from app.formats.anki_collection import Reading
from app.formats.anki_values import objects, tags_of, words
from app.formats.drafts import EventDraft
from app.formats.pages import Found, Page, deck_of, gap, rows_of, text_of

_GAP: Final = re.compile(r"\{\{(?:([0-9]{1,2})::)?((?:[^{}\n]|\{(?!\{)|\}(?!\}))+)\}\}")
_SIDES: Final = re.compile(r"^---[ \t]*$", re.MULTILINE)
_FIELD: Final = re.compile(r"<<\s{0,20}([^<>\s][^<>\n]{0,79}?)\s{0,20}>>")
_ATTACHED: Final = re.compile(r"@media/")
_GOOD, _AGAIN = 3, 1
_DEEPEST_DECK: Final = 20


@dataclass(frozen=True, slots=True)
class MochiDeck:
    """A deck of a package: `path` is its name with those above it."""

    path: str
    cards: tuple[Mapping[str, Any], ...]


def looks_like_mochi(text: str) -> bool:
    """Whether a page has gaps as Mochi writes them."""
    return _GAP.search(text) is not None and "{{c1::" not in text


def find_cards(page: Page) -> Iterator[Found]:
    """The page as one note."""
    values, rows = rows_of(page)
    yield from _found(text_of(rows), deck_of(page.folder), tags_of(values.get("tags", "")), line=1)


def decks_of(data: Any) -> list[MochiDeck]:
    """The decks of a package's data, as EDN or Transit gave it."""
    listed = {words(deck.get("id")): deck for deck in objects(_part(data, "decks"))}
    return [MochiDeck(_path(key, listed), tuple(objects(deck.get("cards")))) for key, deck in listed.items()]


def cards_of(deck: MochiDeck, templates: Mapping[str, str], reading: Reading) -> Iterator[Found]:
    """The notes of a package's deck."""
    for place, card in enumerate(deck.cards, 1):
        if card.get("archived?") is True or card.get("trashed?"):
            continue
        content = _content(card, templates)
        tags = tags_of(" ".join(words(tag) for tag in card.get("tags") or () if isinstance(tag, str)))
        events = _history(card.get("reviews"), reading) if reading.scheduling else ()
        yield from _found(content, deck.path, tags, line=place, guid=words(card.get("id")), events=events)


def templates_of(data: Any) -> dict[str, str]:
    """Content of each template, by id, with fields named by their ids."""
    found = {}
    for template in objects(_part(data, "templates")):
        names = {
            words(field.get("name")): words(field.get("id")) for field in objects(template.get("fields"))
        }
        found[words(template.get("id"))] = _by_id(words(template.get("content")), names)
    return found


def _by_id(content: str, names: Mapping[str, str]) -> str:
    return _FIELD.sub(lambda match: f"<<{names.get(match[1], match[1])}>>", content)


def _part(data: Any, name: str) -> Any:
    return data.get(name) if isinstance(data, dict) else None


def _path(key: str, listed: Mapping[str, Mapping[str, Any]]) -> str:
    levels: list[str] = []
    while key in listed and len(levels) < _DEEPEST_DECK:
        levels.insert(0, words(listed[key].get("name")).replace("/", "／") or "-")
        key = words(listed[key].get("parent-id"))
    return "::".join(levels)


def _content(card: Mapping[str, Any], templates: Mapping[str, str]) -> str:
    own = words(card.get("content"))
    template = templates.get(words(card.get("template-id")))
    if not template:
        return own
    values = {words(field.get("id")): words(field.get("value")) for field in objects(card.get("fields"))} | {
        "name": words(card.get("name"))
    }
    return _FIELD.sub(lambda match: values.get(match[1], ""), template)


def _found(
    content: str, deck: str, tags: tuple[str, ...], *, line: int, guid: str = "",
    events: tuple[EventDraft, ...] = (),
) -> Iterator[Found]:  # fmt: skip
    content = _ATTACHED.sub("", content)
    sides = [side.strip() for side in _SIDES.split(content)]
    if not any(sides):
        return
    if _GAP.search(content):
        kind: NoteKind = "cloze"
        fields = {"text": _gapped(sides[0]), "note": "\n\n".join(sides[1:])}
    else:
        kind = "basic"
        fields = {"front": sides[0], "back": "\n\n".join(sides[1:])}
    own = {name: value for name, value in fields.items() if value}
    yield Found(line, kind, own, deck, tags, events=(events,) if events else (), guid=guid)


def _gapped(text: str) -> str:
    """Gaps with a number keep it; the others are numbered as one group, as Mochi hides them together."""
    return _GAP.sub(lambda match: gap(int(match[1] or 1) or 1, match[2].strip()), text)


def _history(reviews: Any, reading: Reading) -> tuple[EventDraft, ...]:
    events = []
    for review in objects(reviews):
        at = _moment(review.get("date"))
        if at is None or not 946_684_800_000 <= at <= reading.now:
            continue
        day = learner_day(at, reading.zone, reading.rollover_hour)
        rating = _GOOD if review.get("remembered?") is True else _AGAIN
        events.append(EventDraft(f"review:{at}", "answer", at, day, rating))
    return tuple(sorted(events, key=lambda event: event.at))


def _moment(value: Any) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value[:40])
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
