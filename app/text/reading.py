"""Bytes to text: by what the bytes are, not by what the file is called."""

import codecs
from dataclasses import dataclass
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_COMMON_SHARE: Final = 0.9


@dataclass(frozen=True, slots=True)
class Reading:
    text: str
    encoding: str
    guessed: bool  # the learner should look whether the text reads well


def decode(data: bytes) -> Reading:
    """Never fails: what no encoding explains is read as UTF-8 with replacement marks and called a guess."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Reading(data[len(mark) :].decode(encoding, "replace"), encoding, False)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _reads_as_chinese(text):
            return Reading(text, encoding, False)
    from charset_normalizer import from_bytes  # only where a guess is needed: most texts say what they are

    best = from_bytes(data).best()
    if best is None:
        return Reading(data.decode("utf-8", "replace"), "utf-8", True)
    return Reading(str(best), best.encoding, True)


def _reads_as_chinese(text: str) -> bool:
    """GB18030 accepts nearly any bytes, so look at the letters: common ideographs and their punctuation."""
    letters = [character for character in text if ord(character) > 0x7F]
    common = sum(
        "\u4e00" <= letter <= "\u9fff" or letter in "，。、；：？！“”‘’（）《》—…　·" for letter in letters
    )
    return bool(letters) and common >= _COMMON_SHARE * len(letters)
