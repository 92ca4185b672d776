"""What a learner types to find cards: the grammar, and which cards it means.

    deck:语文  tag:易错  kind:cloze  is:due  flag:1  prop:lapses>3  prop:due<=7  words  "words together"
    -not   this OR that   (brackets)   AND may be left out; small letters do between two terms

`deck:` and `tag:` mean their sublevels too; a `*` at the end stands for any ending. Full-width signs
are read as their narrow twins. The phone reads the same (`app/web/src/search.ts`); both keep
`tests/golden/search.json`.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne
from typing import Final, Literal, get_args

from app.core.schedule import LEECH_LAPSES

LONGEST: Final = 400
MOST_TERMS: Final = 40
DEEPEST: Final = 16

State = Literal["new", "learning", "review", "due", "suspended", "buried", "flagged", "leech"]
STATES: Final[tuple[State, ...]] = get_args(State)
KINDS: Final = ("basic", "reverse", "cloze", "list", "type", "choice", "anki")
NUMBERS: Final = ("due", "lapses", "reps", "interval", "stability", "difficulty")
SHORT: Final = {"ivl": "interval", "s": "stability", "d": "difficulty"}  # as Anki writes them
COMPARED: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<=": le,
    ">=": ge,
    "!=": ne,
    "=": eq,
    "<": lt,
    ">": gt,
}


class SearchInvalid(ValueError):
    """The search cannot be read. `words` are those at fault.

    Reasons: quote-open, bracket-open, bracket-empty, key-unknown, value-missing, value-unknown,
    number-unknown, nothing-beside, too-long.
    """

    def __init__(self, reason: str, words: str = "") -> None:
        super().__init__(f"{reason}: {words}")
        self.reason = reason
        self.words = words


@dataclass(frozen=True, slots=True)
class All:
    """Every one of these holds; with none of them, any card does."""

    of: tuple["Search", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    of: tuple["Search", ...]


@dataclass(frozen=True, slots=True)
class Not:
    of: "Search"


@dataclass(frozen=True, slots=True)
class Word:
    """Folded text that stands in a field or tag."""

    text: str


@dataclass(frozen=True, slots=True)
class Level:
    """A deck or tag by its folded name, with all below it; `open_end`: any name that begins so."""

    what: Literal["deck", "tag"]
    name: str
    open_end: bool


@dataclass(frozen=True, slots=True)
class Is:
    state: State


@dataclass(frozen=True, slots=True)
class Kind:
    kind: str


@dataclass(frozen=True, slots=True)
class Flag:
    flag: int


@dataclass(frozen=True, slots=True)
class Number:
    name: str
    sign: str
    value: float


Search = All | AnyOf | Not | Word | Level | Is | Kind | Flag | Number


@dataclass(frozen=True, slots=True)
class Facts:
    """What a search asks of a card. Names, tags and text are folded; `due` counts from today."""

    deck: str
    tags: tuple[str, ...]
    text: str
    kind: str
    phase: int
    suspended: bool
    buried: bool
    flag: int
    due: int | None
    lapses: int
    reps: int
    interval: int | None
    stability: float | None
    difficulty: float | None


def folded(text: str) -> str:
    """Case, width and form make no difference to finding."""
    return unicodedata.normalize("NFKC", text).lower()


def parse(text: str) -> Search:
    """The search that a text means. Raises SearchInvalid."""
    if len(text) > LONGEST:
        raise SearchInvalid("too-long")
    tokens = _tokens(text)
    if len(tokens) > MOST_TERMS:
        raise SearchInvalid("too-long")
    reader = _Reader(tokens)
    found = reader.any_of(0)
    if not reader.ended():
        raise SearchInvalid("nothing-beside", ")")
    return found


# --- tokens ---


@dataclass(frozen=True, slots=True)
class _Token:
    """`is` says what it does: a sign of the grammar, quoted words, or a run of characters."""

    sign: Literal["(", ")", "-", "AND", "OR", "words", "run"]
    text: str = ""
    value: str | None = None  # of a run that ends with a quoted value


_BLANK: Final = frozenset(" \t\r\n\u3000")
_QUOTES: Final = frozenset('"“”＂')
_OPEN: Final = frozenset("(（")
_CLOSE: Final = frozenset(")）")
_KEY: Final = re.compile(r"([A-Za-z]+)[:：](.*)", re.DOTALL)


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = depth = 0
    while at < len(text):
        char = text[at]
        if char in _BLANK:
            at += 1
        elif char in _OPEN:
            tokens.append(_Token("("))
            depth, at = depth + 1, at + 1
        elif char in _CLOSE and depth:
            tokens.append(_Token(")"))
            depth, at = depth - 1, at + 1
        elif char in "-－" and at + 1 < len(text) and text[at + 1] not in _BLANK:
            tokens.append(_Token("-"))
            at += 1
        elif char in _QUOTES:
            words, at = _quoted(text, at)
            tokens.append(_Token("words", words))
        else:
            token, at = _run(text, at, depth)
            tokens.append(token)
    if depth:
        raise SearchInvalid("bracket-open")
    return [_between(tokens, place) for place in range(len(tokens))]


def _between(tokens: list[_Token], place: int) -> _Token:
    """The token, where `or` and `and` between two terms are signs: alone they are words to find."""
    token, around = tokens[place], [each.sign for each in tokens[max(place - 1, 0) : place + 2 : 2]]
    is_sign = token.sign == "run" and token.text.lower() in ("or", "and") and len(around) == 2 and place > 0
    if not is_sign or around[0] not in (")", "words", "run") or around[1] not in ("(", "-", "words", "run"):
        return token
    return _Token("OR") if token.text.lower() == "or" else _Token("AND")


def _quoted(text: str, at: int) -> tuple[str, int]:
    words = ""
    end = at + 1
    while end < len(text) and text[end] not in _QUOTES:
        if text[end] == "\\" and end + 1 < len(text):
            end += 1
        words += text[end]
        end += 1
    if end >= len(text):
        raise SearchInvalid("quote-open", text[at:])
    return words, end + 1


def _run(text: str, at: int, depth: int) -> tuple[_Token, int]:
    end = at
    while end < len(text) and text[end] not in _BLANK and not (depth and text[end] in _CLOSE):
        if text[end] in _QUOTES and text[end - 1] in ":：":
            value, after = _quoted(text, end)
            return _Token("run", text[at:end], value), after
        end += 1
    run = text[at:end]
    return (_Token("AND") if run == "AND" else _Token("OR") if run == "OR" else _Token("run", run)), end


# --- the grammar ---


class _Reader:
    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def ended(self) -> bool:
        return self.at >= len(self.tokens)

    def sign(self) -> str | None:
        return None if self.ended() else self.tokens[self.at].sign

    def any_of(self, depth: int) -> Search:
        if depth > DEEPEST:
            raise SearchInvalid("too-long")
        parts = [self.all_of(depth)]
        while self.sign() == "OR":
            self.at += 1
            parts.append(self.all_of(depth, beside="OR"))
        if len(parts) > 1 and parts[0] == All(()):
            raise SearchInvalid("nothing-beside", "OR")
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def all_of(self, depth: int, beside: str = "") -> Search:
        parts: list[Search] = []
        while self.sign() not in (None, ")", "OR"):
            if self.sign() == "AND":
                self.at += 1
                beside = "AND"
                if not parts or self.sign() in (None, ")", "OR", "AND"):
                    raise SearchInvalid("nothing-beside", beside)
            parts.append(self.term(depth))
        if not parts and beside:
            raise SearchInvalid("nothing-beside", beside)
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def term(self, depth: int) -> Search:
        token = self.tokens[self.at]
        self.at += 1
        if token.sign == "-":
            if depth > DEEPEST or self.sign() in (None, ")", "AND", "OR"):
                raise SearchInvalid("nothing-beside", "-")
            return Not(self.term(depth + 1))
        if token.sign == "(":
            inside = self.any_of(depth + 1)
            self.at += 1
            if inside == All(()):
                raise SearchInvalid("bracket-empty")
            return inside
        if token.sign == "words":
            return Word(folded(token.text))
        return _condition(token)


def _condition(token: _Token) -> Search:
    keyed = _KEY.fullmatch(token.text)
    if keyed is None:
        return Word(folded(token.text))
    key, value = keyed[1].lower(), token.value if token.value is not None else keyed[2]
    if key not in _CONDITIONS:
        raise SearchInvalid("key-unknown", keyed[1])
    if not value.strip():
        raise SearchInvalid("value-missing", keyed[1])
    return _CONDITIONS[key](folded(value), token.value is not None)


def _deck(value: str, quoted: bool) -> Search:
    return _level("deck", value, quoted)


def _tag(value: str, quoted: bool) -> Search:
    return _level("tag", value, quoted)


def _level(what: Literal["deck", "tag"], value: str, quoted: bool) -> Search:
    open_end = value.endswith("*") and not quoted
    return Level(what, value[:-1] if open_end else value, open_end)


def _is(value: str, quoted: bool) -> Search:
    for state in STATES:
        if state == value:
            return Is(state)
    raise SearchInvalid("value-unknown", f"is:{value}")


def _kind(value: str, quoted: bool) -> Search:
    if value not in KINDS:
        raise SearchInvalid("value-unknown", f"kind:{value}")
    return Kind(value)


def _flag(value: str, quoted: bool) -> Search:
    if not re.fullmatch("[0-7]", value):
        raise SearchInvalid("value-unknown", f"flag:{value}")
    return Flag(int(value))


_NUMBER: Final = re.compile(r"([a-z]+)(<=|>=|!=|=|<|>)(-?[0-9]{1,9}(?:\.[0-9]{1,6})?)")


def _number(value: str, quoted: bool) -> Search:
    plain = value.replace("≤", "<=").replace("≥", ">=").replace("≠", "!=")
    found = _NUMBER.fullmatch(plain)
    name = SHORT.get(found[1], found[1]) if found else ""
    if found is None or name not in NUMBERS:
        raise SearchInvalid("number-unknown", f"prop:{value}")
    return Number(name, found[2], float(found[3]))


_CONDITIONS: Final[Mapping[str, Callable[[str, bool], Search]]] = {
    "deck": _deck,
    "tag": _tag,
    "is": _is,
    "kind": _kind,
    "flag": _flag,
    "prop": _number,
}


# --- which cards ---


def matches(search: Search, card: Facts) -> bool:
    """Whether the card is one of those meant."""
    match search:
        case All(of):
            return all(matches(part, card) for part in of)
        case AnyOf(of):
            return any(matches(part, card) for part in of)
        case Not(of):
            return not matches(of, card)
        case Word(text):
            return text in card.text
        case Level("deck", _, _):
            return is_within(search, card.deck)
        case Level():
            return any(is_within(search, tag) for tag in card.tags) or (search == NO_TAG and not card.tags)
        case Is(state):
            return _stands(state, card)
        case Kind(kind):
            return card.kind == kind
        case Flag(flag):
            return card.flag == flag
        case Number(name, sign, value):
            number = getattr(card, name)
            return number is not None and COMPARED[sign](number, value)


NO_TAG: Final = Level("tag", "none", False)


def is_within(level: Level, name: str) -> bool:
    """Whether the folded name of a deck or tag is the one meant, or below it."""
    if level.open_end:
        return name.startswith(level.name)
    return name == level.name or name.startswith(f"{level.name}::")


def _stands(state: State, card: Facts) -> bool:
    return {
        "new": card.phase == 0,
        "learning": card.phase in (1, 3),
        "review": card.phase == 2,
        "due": not card.suspended and card.phase > 0 and card.due is not None and card.due <= 0,
        "suspended": card.suspended,
        "buried": card.buried,
        "flagged": card.flag > 0,
        "leech": card.lapses >= LEECH_LAPSES,
    }[state]
