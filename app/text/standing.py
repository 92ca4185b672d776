"""A Chinese question must stand by itself: it gets the subject, the condition and the end that it needs."""

import re
from dataclasses import replace
from typing import Final

from app.text.clause_context import HEADLESS, POINTS, ClauseContext
from app.text.duty_fronts import begun_in_word, duty
from app.text.found import Found, Passage
from app.text.lists import count_word

_GAPPED: Final = frozenset(
    {"number", "often", "since", "fact.figure", "fact.every", "fact.year", "fact.by", "fact.what",
     "fact.whom", "fact.members", "fact.trait", "fact.sanction"}
)  # fmt: skip
_ONE_OF: Final = re.compile("(?:下列|以下)(?P<what>[^，。；]{1,6})之一")
_INNER: Final = str.maketrans("“”", "‘’")
_LONGEST_ITEM: Final = 24
_LONGEST, _SHORT, _LEAST = 110, 9, 3


def standing(passage: Passage, found: Found) -> Found | None:
    """The find with a front that needs nothing from around it, or None where it cannot have one."""
    if not passage.chinese:
        return found
    asks = tuple(ask for ask in found.asks if not begun_in_word(found, ask))
    found = replace(found, asks=asks or found.asks)
    if found.rule in ("ban", "norm"):
        return duty(passage, found)
    if found.rule == "who" and (at := ClauseContext.of(passage, found.span)) and at.leads_to_rule:
        return None
    if found.rule not in _GAPPED:
        return found
    place = ClauseContext.of(passage, found.span)
    gapped = _gapped(passage, found)
    if place is None or not gapped:
        return found
    return _completed(passage, found, place, gapped)


def _completed(passage: Passage, found: Found, place: ClauseContext, gapped: str) -> Found | None:
    if found.rule in ("fact.what", "fact.members") and place.leads_to_rule:
        return None
    if gapped.endswith(("遵循什么", "坚持什么")) and place.followed and "原则" not in found.back:
        return None  # the first of several things that commas part
    body = gapped + place.end(gapped)
    loose = HEADLESS.match(body) or POINTS.search(body) or len(gapped) <= _SHORT
    loose = loose or place.continues(body) or place.conditional
    short = place.headed(passage, body, gapped.endswith("的")) if loose else body
    if short is None:
        return None
    if not place.head and len(re.sub("多少.?|几", "", gapped)) < _LEAST:
        return None
    short = short.removesuffix("的") if len(short) > _SHORT else short
    short, long = (_by_item(passage, ask) for ask in (short, f"{place.head}{body}"))
    said = [ask for ask in dict.fromkeys((short, long)) if len(ask) <= _LONGEST]
    asks = tuple(passage.ask(f"{ask.rstrip('：:')}？") for ask in said)
    return replace(found, asks=asks) if asks else None


def _by_item(passage: Passage, ask: str) -> str:
    """`下列行为之一` by the first of them: another list of deeds has another sanction."""
    found = _ONE_OF.search(ask)
    if found is None:
        return ask
    short = [item for item in passage.items if len(item) <= _LONGEST_ITEM]
    if not short:
        return f"{ask[: found.start()]}规定的{ask[found.start('what') :]}"
    what = found["what"].removesuffix("的")
    many = f"等{count_word(len(passage.items))}种{what}之一" if len(passage.items) > 1 else f"的{what}"
    first = short[0].removesuffix("的").translate(_INNER)
    return f"{ask[: found.start()]}“{first}”{many}{ask[found.end() :]}"


def _gapped(passage: Passage, found: Found) -> str:
    """The clause with its gap, as the rule made it, without label and scene."""
    if found.rule.startswith("fact."):
        return found.cue
    body = found.asks[0].removeprefix(f"{passage.label}：").rstrip("？")
    begin = found.span.text[: max(0, found.span.text.find(found.back))]
    at = body.rfind(begin) if begin else max(body.find("多少"), body.find("几分之几"))
    return body[max(at, 0) :]
