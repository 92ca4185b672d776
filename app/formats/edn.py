"""Two notations of Clojure data: EDN, and Transit as JSON. Keywords come out as text without their colon.

EDN: https://github.com/edn-format/edn; Transit: https://github.com/cognitect/transit-format. Of both only
what describes data is read: tagged values lose their tag.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

DEEPEST: Final = 32
_TOKEN: Final = re.compile(
    r"""[\s,]+|;[^\n]*|(?P<open>\#?\{|[(\[])|(?P<close>[)\]}])|(?P<skip>\#_)|"""
    r"""(?P<text>"(?:[^"\\]++|\\.)*+")|(?P<tag>\#[A-Za-z][\w./-]*)|(?P<char>\\\S+)|(?P<word>[^\s,;()\[\]{}"\\]+)""",
    re.DOTALL,
)
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?[NM]?")
_CLOSES: Final = {"{": "}", "#{": "}", "(": ")", "[": "]"}
_WORDS: Final[dict[str, Any]] = {"nil": None, "true": True, "false": False}
_ESCAPES: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r"}
_SKIP: Final = object()
_FEWEST_CACHED: Final = 4  # letters a text needs to be worth a cache code in Transit
_CODES: Final = 44
_CACHE_SIZE: Final = _CODES * _CODES


class BadData(ValueError):
    """The text is not of that notation."""


def read_edn(text: str) -> Any:
    """The first value of the text: dict, list, str, int, float, bool or None. Raises BadData."""
    opened: list[tuple[str, list[Any]]] = [("", [])]
    for kind, token in _tokens(text):
        values = opened[-1][1]
        if kind == "open":
            if len(opened) > DEEPEST:
                raise BadData("too deep")
            opened.append((token, []))
            continue
        if kind == "close":
            begun, inside = opened.pop() if len(opened) > 1 else ("", [])
            if _CLOSES.get(begun) != token:
                raise BadData(f"unexpected {token}")
            values = opened[-1][1]
            _put(values, _collection(begun, inside))
        elif kind == "skip":
            values.append(_SKIP)
        elif kind != "tag":
            _put(values, _value(kind, token))
        if len(opened) == 1 and values and values[-1] is not _SKIP:
            return values[-1]
    raise BadData("unfinished")


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise BadData(f"at {place}")
        place = match.end()
        if match.lastgroup:
            yield match.lastgroup, match[0]


def _put(values: list[Any], value: Any) -> None:
    if values and values[-1] is _SKIP:
        values.pop()
    else:
        values.append(value)


def _collection(begun: str, inside: list[Any]) -> Any:
    if begun != "{":
        return inside
    if len(inside) % 2:
        raise BadData("a map with a key alone")
    keys = [key if isinstance(key, str) else json.dumps(key, default=str) for key in inside[::2]]
    return dict(zip(keys, inside[1::2], strict=True))


def _value(kind: str, token: str) -> Any:
    if kind == "text":
        return _ESCAPES.sub(_unescaped, token[1:-1])
    if kind == "char":
        return token[1:2]
    if token in _WORDS:
        return _WORDS[token]
    if _NUMBER.fullmatch(token):
        plain = token.rstrip("NM")
        return int(plain) if plain.lstrip("+-").isdecimal() else float(plain)
    return token.removeprefix(":")


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else _ESCAPED.get(match[2], match[2])


def from_transit(value: Any) -> Any:
    """What a parsed JSON document means as Transit; plain JSON stays what it is. Raises BadData."""
    return _Transit().read(value)


class _Transit:
    """Reads one document; texts that repeat are written as codes of a cache that both sides fill alike."""

    def __init__(self) -> None:
        self._cache: list[str] = []

    def read(self, value: Any, *, key: bool = False) -> Any:
        if isinstance(value, str):
            return self._text(value, key)
        if isinstance(value, dict):
            return {str(self.read(name, key=True)): self.read(part) for name, part in value.items()}
        if isinstance(value, list):
            return self._list(value)
        return value

    def _list(self, value: list[Any]) -> Any:
        if value and value[0] == "^ ":
            if len(value) % 2 == 0:
                raise BadData("a map with a key alone")
            keys_and_parts = [self.read(part, key=place % 2 == 0) for place, part in enumerate(value[1:])]
            return {
                str(name): part for name, part in zip(keys_and_parts[::2], keys_and_parts[1::2], strict=True)
            }
        read = [self.read(part) for part in value]
        tagged = len(read) == 2 and isinstance(read[0], str) and read[0].startswith("\0#")
        return read[1] if tagged else read

    def _text(self, value: str, key: bool) -> Any:
        if value.startswith("^") and value != "^ ":
            value = self._cached(value)
        elif len(value) >= _FEWEST_CACHED and (key or value[:2] in ("~:", "~$", "~#")):
            if len(self._cache) == _CACHE_SIZE:
                self._cache.clear()
            self._cache.append(value)
        return _meant(value)

    def _cached(self, code: str) -> str:
        digits = [ord(letter) - 48 for letter in code[1:]]
        place = digits[0] if len(digits) == 1 else digits[0] * _CODES + digits[1] if len(digits) == 2 else -1
        if not 0 <= place < len(self._cache):
            raise BadData(f"unknown code {code[:8]}")
        return self._cache[place]


def _meant(value: str) -> Any:
    if not value.startswith("~") or len(value) < 2:
        return value
    mark, rest = value[1], value[2:]
    if mark in "~^`":
        return value[1:]
    if mark == "#":
        return "\0#" + rest  # a tag: the value beside it is what counts
    if mark in "im" and _NUMBER.fullmatch(rest):
        return int(float(rest))
    if mark in "df" and _NUMBER.fullmatch(rest):
        return float(rest)
    return {"_": None, "?": rest == "t"}.get(mark, rest)
