"""Rows of question banks: a question, its options in columns or one cell, and the letters of the right ones.

    单选题 | 谁先伸手？ | 长者 | 晚辈 | 客人 | A

One right option makes a choice note; several, or an answer that no option is, make a plain question that
shows the options.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from app.core.notes import NoteKind, lines

_LETTER: Final = re.compile(r"[A-Ha-hＡ-Ｈ]")
_LETTERS: Final = re.compile(r"[A-Ha-hＡ-Ｈ](?:[\s,，、;；]{0,3}[A-Ha-hＡ-Ｈ]){0,7}")
_MARKED: Final = re.compile(r"(?:^|(?<=[\s；;]))[(（]?([A-HＡ-Ｈ])[.、．:：)）]\s{0,9}")
_OPTION_NAME: Final = re.compile(r"(?:选项|答案选项|option|choice)\s{0,3}[a-h1-8]|[a-h]\s{0,3}(?:选项|项)")


def option_columns(names: Sequence[str]) -> frozenset[int]:
    """Places of columns that hold one option each: 选项A, 选项B… or plain letters from A on."""
    plain = [name.strip().casefold() for name in names]
    found = frozenset(place for place, name in enumerate(plain) if _OPTION_NAME.fullmatch(name))
    if not found and {"a", "b", "c"} <= set(plain):
        found = frozenset(place for place, name in enumerate(plain) if re.fullmatch("[a-h]", name))
    return found if len(found) > 1 else frozenset()


def as_question(fields: Mapping[str, str]) -> tuple[NoteKind, dict[str, str]]:
    """The note of a row that has options: of kind `choice` where exactly one of them is right."""
    rest = {name: value for name, value in fields.items() if name != "choices"}
    options = _options(fields["choices"])
    if len(options) < 2 or len(set(options)) < len(options):
        return "basic", rest
    right = _right(fields.get("back", "").strip(), options)
    if len(right) == 1:
        return "choice", {**rest, "back": options[right[0]], "choices": "\n".join(options)}
    shown = [f"{chr(ord('A') + place)}. {option}" for place, option in enumerate(options)]
    answer = "\n".join(shown[place] for place in right) or fields.get("back", "")
    return "basic", {**rest, "front": "\n".join((fields.get("front", ""), *shown)), "back": answer}


def _options(cell: str) -> list[str]:
    """Without their letters, which stand before each or, in one cell, between them."""
    found = list(_MARKED.finditer(cell))
    if [_place(mark[1]) for mark in found] != list(range(len(found))) or len(found) < 2:
        return lines(cell)
    ends = [*(mark.start() for mark in found[1:]), len(cell)]
    cut = [cell[mark.end() : end].strip().rstrip("；;") for mark, end in zip(found, ends, strict=True)]
    return [" ".join(option.split("\n")) for option in cut if option]


def _right(answer: str, options: Sequence[str]) -> list[int]:
    if answer in options:
        return [options.index(answer)]
    if not _LETTERS.fullmatch(answer):
        return []
    places = sorted({_place(letter) for letter in _LETTER.findall(answer)})
    return places if places[-1] < len(options) else []


def _place(letter: str) -> int:
    return "ABCDEFGH".index(chr(ord(letter) - 0xFEE0) if letter >= "Ａ" else letter.upper())
