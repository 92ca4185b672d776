"""Bytes of a table or list to text, by what they are: marks, UTF-8, UTF-16, GB18030, then a guess."""

import codecs
import unicodedata
from dataclasses import dataclass
from typing import Final

from app.formats.limits import DEFAULT_LIMITS, KB, Limits, spelled
from app.formats.refusals import FileRefused

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE: Final = 64 * KB
_LIKELY_SHARE: Final = 0.9
_CONTROLS: Final = frozenset(map(chr, range(32))) - frozenset("\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f")


@dataclass(frozen=True, slots=True)
class Decoded:
    """NFC text with `\\n` line ends. `guessed`: the learner should see whether it reads well."""

    text: str
    encoding: str
    guessed: bool = False


def decode(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Decoded:
    """Raises FileRefused: "file-empty", "file-too-large", "text-not-text"."""
    if not data.strip():
        raise FileRefused("file-empty")
    if len(data) > limits.text:
        raise FileRefused("file-too-large", limit=spelled(limits.text))
    text, encoding, guessed = _decoded(data)
    if (
        "\0" in text
        or sum(character in _CONTROLS for character in text[:_SAMPLE]) > len(text[:_SAMPLE]) // 50
    ):
        raise FileRefused("text-not-text")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Decoded(unicodedata.normalize("NFC", text), encoding, guessed)


def _decoded(data: bytes) -> tuple[str, str, bool]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), encoding, False
    wide = _utf16(data)
    if wide:
        return data.decode(wide, "replace"), wide, True
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _reads_as_chinese(text):
            return text, encoding, False
    from charset_normalizer import from_bytes  # only where a guess is needed: most texts say what they are

    best = from_bytes(data[:_SAMPLE]).best()
    encoding = best.encoding if best else "utf-8"
    return data.decode(encoding, "replace"), encoding, True


def _utf16(data: bytes) -> str:
    """Which UTF-16 it is without a mark: line ends and blanks have a zero on one side only."""
    head = data[:_SAMPLE]
    for encoding, little in (("utf-16-le", True), ("utf-16-be", False)):
        pairs = [bytes((one, 0) if little else (0, one)) for one in b"\n\t, 01"]
        hits = sum(head.count(pair) for pair in pairs)
        if head.count(b"\0") and hits * 20 >= len(head) // 2:
            return encoding
    return ""


def _reads_as_chinese(text: str) -> bool:
    """GB18030 takes nearly any bytes, so look at the letters: ideographs and their punctuation."""
    letters = [character for character in text[:_SAMPLE] if ord(character) > 0x7F]
    common = sum(
        "\u4e00" <= letter <= "\u9fff" or letter in "，。、；：？！“”‘’（）《》—…　·" for letter in letters
    )
    return bool(letters) and common >= _LIKELY_SHARE * len(letters)
