"""One spelling for the rules to read, with a way back to the decoded text.

Chinese texts mix ASCII and full-width punctuation; the rules want one of them. Letters and digits
become ASCII, marks next to a Chinese character become full-width, invisible characters go. Nothing is
reworded.
"""

import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_TO_FULL: Final = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
_INVISIBLE: Final = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\r")
_SPACES: Final = frozenset("\u00a0\u3000\u2002\u2003\u2009\v\f")
_LIKE_CHINESE: Final = frozenset("，。、；：？！“”‘’（）《》…")


@dataclass(frozen=True, slots=True)
class Normalised:
    text: str
    offsets: Sequence[int]  # offsets[i]: where text[i] began in the decoded text; one more entry for the end

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The span in the decoded text of text[start:end]."""
        return (self.offsets[start], self.offsets[end - 1] + 1) if end > start else (self.offsets[start],) * 2


def normalise(decoded: str) -> Normalised:
    letters, offsets = _composed(decoded)
    _turn_quotes(letters)
    for place in range(len(letters)):
        letters[place] = _widened(letters, place)
    offsets.append(len(decoded))
    return Normalised("".join(letters), offsets)


def is_chinese(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _composed(decoded: str) -> "tuple[list[str], array[int]]":
    letters: list[str] = []
    offsets = array("q")
    for place, character in enumerate(decoded):
        if character in _INVISIBLE or "\ud800" <= character <= "\udfff":
            continue
        if letters and unicodedata.combining(character):
            joined = unicodedata.normalize("NFC", letters[-1] + character)
            if len(joined) == 1:
                letters[-1] = joined
                continue
        letters.append(_plain(character))
        offsets.append(place)
    return letters, offsets


def _turn_quotes(letters: list[str]) -> None:
    """Straight quotation marks in a Chinese line become opening and closing ones, by turns."""
    begin = 0
    for place in range(len(letters) + 1):
        if place < len(letters) and letters[place] != "\n":
            continue
        quotes = [at for at in range(begin, place) if letters[at] == '"']
        if quotes and len(quotes) % 2 == 0 and any(map(is_chinese, letters[begin:place])):
            for turn, at in enumerate(quotes):
                letters[at] = "“”"[turn % 2]
        begin = place + 1


def _plain(character: str) -> str:
    if "\u4e00" <= character <= "\u9fff" or "!" <= character <= "~":
        return character
    if character in _SPACES:
        return " "
    code = ord(character)
    if 0xFF10 <= code <= 0xFF19 or 0xFF21 <= code <= 0xFF3A or 0xFF41 <= code <= 0xFF5A:
        return chr(code - 0xFEE0)
    if character == "\0":
        return " "
    composed = unicodedata.normalize("NFC", character)
    return composed if len(composed) == 1 else character


def _widened(letters: list[str], place: int) -> str:
    """An ASCII mark that touches Chinese text is meant as the full-width one."""
    letter = letters[place]
    if letter not in _TO_FULL:
        return letter
    around = (letters[place - 1] if place else "", letters[place + 1] if place + 1 < len(letters) else "")
    chinese = any(near and (is_chinese(near) or near in _LIKE_CHINESE) for near in around)
    return _TO_FULL[letter] if chinese else letter
