"""Sentences that name three steps or more in their order: 先核对证件，再核对签名，然后录入系统。"""

import re
from itertools import pairwise
from typing import Final

from app.text.clauses import Span, clauses
from app.text.found import Found, Passage

_FIRST: Final = re.compile(
    r"(?P<who>.{0,16}?)(?:应当|应该|必须|务必|应|须|需|要)?(?P<step>(?:首先|先)(?![生后进前例河]).{2,24})"
)
_NEXT: Final = re.compile(r"(?:再(?!次)|然后|接着|随后|最后|其次|之后).{2,24}")
_LEAST_STEPS: Final = 3


def sequence(passage: Passage, sentence: Span) -> Found | None:
    """All steps as one card, asked for what comes before the first: one of them alone would hide the rest."""
    parts = list(clauses(sentence))
    for place, part in enumerate(parts):
        first = _FIRST.fullmatch(part.text)
        steps = [part]
        while first and place + len(steps) < len(parts) and _NEXT.match(parts[place + len(steps)].text):
            steps.append(parts[place + len(steps)])
        about = "，".join(
            [*(each.text for each in parts[:place]), *([first["who"]] if first and first["who"] else [])]
        )
        if first is None or len(steps) < _LEAST_STEPS or not about or place + len(steps) < len(parts):
            continue
        said = [first["step"], *(each.text.rstrip("。；") for each in steps[1:])]
        if all(one != other for one, other in pairwise(said)):
            ask = f"{about}，依次要做什么？" if place or not first["who"] else f"{about}依次要做什么？"
            return Found(
                "order.steps", "order", sentence, (passage.ask(ask),), "，".join(said), 0.86, cue=about
            )
    return None
