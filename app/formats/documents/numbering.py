"""The numbers that a word processor writes before paragraphs by itself: 第三条, （二）, 1.2, a)."""

import re
from dataclasses import dataclass, field
from typing import Final

from app.formats.documents.xml import Handler

_DIGITS: Final = "〇一二三四五六七八九"
_CHINESE: Final = frozenset(
    {
        "chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "japaneseCounting",
        "ideographDigital", "taiwaneseCounting", "taiwaneseCountingThousand", "ideographTraditional",
        "japaneseDigitalTenThousand",
    }
)  # fmt: skip
_ROMAN: Final = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_PLACE: Final = re.compile(r"%([1-9])")
_DEEPEST: Final = 9


@dataclass(slots=True)
class _Level:
    format: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class Numbering(Handler):
    """Definitions as numbering.xml has them, and the counters of one reading."""

    lists: dict[str, str] = field(default_factory=dict)  # numId -> abstractNumId
    levels: dict[tuple[str, int], _Level] = field(default_factory=dict)
    _counts: dict[tuple[str, int], int] = field(default_factory=dict)
    _abstract: str = ""
    _number: str = ""
    _at: int = -1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        value = attributes.get("val", "")
        if name == "abstractNum":
            self._abstract, self._at = attributes.get("abstractNumId", ""), -1
        elif name == "num":
            self._number, self._abstract, self._at = attributes.get("numId", ""), "", -1
        elif name == "abstractNumId" and self._number:
            self.lists[self._number] = value
        elif name == "lvl" and self._abstract:
            self._at = whole(attributes.get("ilvl"))
            self.levels[self._abstract, self._at] = _Level()
        elif self._abstract and (level := self.levels.get((self._abstract, self._at))):
            if name == "numFmt":
                level.format = value
            elif name == "lvlText":
                level.text = value[:60]
            elif name == "start":
                level.start = whole(value, 1)

    def marker(self, number: str, at: int) -> str | None:
        """What stands before the next paragraph of that list, "" for a bullet, None for no list."""
        abstract = self.lists.get(number)
        level = self.levels.get((abstract, at)) if abstract is not None else None
        if abstract is None or level is None:
            return None
        self._counts[abstract, at] = self._counts.get((abstract, at), level.start - 1) + 1
        for deeper in range(at + 1, _DEEPEST):
            self._counts.pop((abstract, deeper), None)
        if level.format in ("bullet", "none"):
            return ""
        return _PLACE.sub(lambda place: self._spelled(abstract, int(place[1]) - 1), level.text).strip()

    def _spelled(self, abstract: str, at: int) -> str:
        level = self.levels.get((abstract, at), _Level())
        return spelled(self._counts.get((abstract, at), level.start), level.format)


def whole(text: str | None, otherwise: int = 0) -> int:
    """A small whole number out of an attribute."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 6 else otherwise


def spelled(count: int, style: str) -> str:
    """A counter in the style of its list."""
    if style in _CHINESE and 0 < count < 1000:
        return _chinese(count)
    if style in ("lowerLetter", "upperLetter") and 0 < count <= 26:
        letter = "abcdefghijklmnopqrstuvwxyz"[count - 1]
        return letter.upper() if style == "upperLetter" else letter
    if style in ("lowerRoman", "upperRoman") and 0 < count < 40:
        roman = _roman(count)
        return roman.upper() if style == "upperRoman" else roman
    if style == "decimalEnclosedCircle" and 0 < count <= 20:
        return chr(0x245F + count)
    return str(count)


def _chinese(count: int) -> str:
    hundreds, tens, ones = count // 100, count // 10 % 10, count % 10
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def _roman(count: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        while count >= value:
            text += letters
            count -= value
    return text
