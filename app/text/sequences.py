"""Sentences that name three steps or more in their order: 先核对证件，再核对签名，然后录入系统。"""

import re
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
        later = parts[place + 1 :]
        if (
            first is None
            or len(later) + 1 < _LEAST_STEPS
            or not all(_NEXT.match(each.text) for each in later)
        ):
            continue
        scene = "".join(f"{each.text}，" for each in parts[:place])
        about = scene + first["who"]
        if about:
            ask = passage.ask(f"{about}依次要做什么？")
            back = "，".join([first["step"], *(each.text.rstrip("。；") for each in later)])
            return Found("order.steps", "order", sentence, (ask,), back, 0.86, cue=about.rstrip("，"))
    return None
