"""Searches for the golden vectors, over a handful of cards that differ in all that can be asked."""

from dataclasses import asdict
from typing import Any, Final

from app.core.search import Facts, SearchInvalid, folded, matches, parse

_PLAIN: Final = Facts(
    deck="语文::古诗",
    tags=(),
    text="床前明月光\n疑是地上霜",
    kind="basic",
    phase=0,
    suspended=False,
    buried=False,
    flag=0,
    due=None,
    lapses=0,
    reps=0,
    interval=None,
    stability=None,
    difficulty=None,
)


def _card(**changes: Any) -> Facts:
    facts = {**asdict(_PLAIN), **changes}
    facts["tags"] = tuple(folded(tag) for tag in facts["tags"])
    return Facts(**{**facts, "deck": folded(facts["deck"]), "text": folded(facts["text"])})


def _seen(phase: int, due: int, **changes: Any) -> Facts:
    return _card(
        **{"phase": phase, "due": due, "reps": 5, "interval": 12, "stability": 12.5, "difficulty": 5.0}
        | changes
    )


_CARDS: Final = (
    _PLAIN,
    _card(deck="语文", text="How do you say “Salt AND Pepper”?", kind="reverse", tags=["易错"]),
    _card(deck="语文学", text="ＡＢＣ half (x) 10:30", tags=["易错::字形", "b"]),
    _card(deck="English::Words", text="say-so or else", kind="cloze", tags=["Exam"], flag=1),
    _seen(2, -3, deck="English", text="a due card", lapses=8, flag=3),
    _seen(2, 0, deck="English", text="due today", lapses=3, difficulty=9.25),
    _seen(2, 7, text="明月几时有", buried=True, reps=0),
    _seen(2, 8, text="suspended 明 月", suspended=True, interval=30, stability=0.5),
    _seen(1, 0, deck="English::Words::None", text="learning", tags=["none"], interval=0),
    _seen(3, -1, text="relearning", kind="list", lapses=4, suspended=True),
    _seen(1, 0, text="a step of today", kind="choice", interval=None),
)

_SEARCHES: Final = (
    "",
    "　 ",
    "明月",
    "明 月",
    '"明 月"',
    "“明 月”",
    "say",
    "SAY",
    "abc",
    "half (x)",
    "10:30",
    "-明月",
    "－明月",
    "deck:语文",
    "deck:语文*",
    "deck:古诗",
    "deck:english",
    'deck:"English::Words"',
    "deck：语文",
    "DECK:English",
    "tag:易错",
    "tag:易错*",
    "tag:exam",
    "tag:none",
    "-tag:none",
    'tag:"a*"',
    "kind:cloze",
    "kind:anki",
    "is:new",
    "is:learning",
    "is:review",
    "is:due",
    "is:suspended",
    "is:buried",
    "is:flagged",
    "is:leech",
    "-is:suspended is:review",
    "flag:0",
    "flag:1",
    "-flag:0",
    "prop:lapses>3",
    "prop:lapses>=3",
    "prop:due<=7",
    "prop:due=0",
    "prop:due!=0",
    "-prop:due!=0",
    "prop:due<0",
    "prop:due<=-1",
    "prop:interval<12",
    "prop:stability<=0.5",
    "prop:difficulty>9.2",
    "prop:reps=0",
    "prop:ivl<12",
    "prop:s<=0.5",
    "prop:d>9.2",
    "prop:lapses≥4",
    "prop:lapses＞3",
    "is:due AND deck:English",
    "is:new OR is:due",
    "is:new OR is:due deck:english",
    "(is:new OR is:due) deck:english",
    "（is:new OR is:due） -tag:exam",
    "-(is:new OR is:due)",
    "--明月",
    "((明月))",
    "or",
    "and",
    "明月 or learning",
    "learning and -is:suspended",
    "(关 or 明月) And is:review",
    "or else",
    "so or",
    "a or or b",
    "a or OR b",
    "say-so",
    "a - b",
    "-",
    "Salt AND",
    '"AND"',
    '"say \\"so"',
    "明月 OR",
    "OR 明月",
    "AND",
    "a AND AND b",
    "a OR OR b",
    "()",
    "(明月",
    "明月)",
    "x (a OR b",
    '"明月',
    'deck:"语文',
    "deck:",
    'deck:""',
    "deck: 语文",
    "is:here",
    "kind:sound",
    "flag:8",
    "flag:red",
    "prop:lapses",
    "prop:ease>2",
    "prop:lapses>many",
    "prop:lapses>3.5.1",
    "colour:red",
    "http://x",
    "注意：明月",
    "-)",
    "(-)",
    "a" * 401,
    " ".join("a" * 41),
    "(" * 18 + "a" + ")" * 18,
    "-" * 18 + "a",
)


def search_vectors() -> dict[str, Any]:
    return {
        "about": (
            "Which cards each search finds, by place in cards; or the reason why it cannot be read and"
            " the words at fault. Text, names and tags of the cards are folded already; due counts"
            " from today."
        ),
        "cards": [{**asdict(card), "tags": list(card.tags)} for card in _CARDS],
        "searches": [{"search": search, **_outcome(search)} for search in _SEARCHES],
    }


def _outcome(search: str) -> dict[str, Any]:
    try:
        parsed = parse(search)
    except SearchInvalid as problem:
        return {"problem": {"reason": problem.reason, "words": problem.words}}
    return {"finds": [place for place, card in enumerate(_CARDS) if matches(parsed, card)]}
