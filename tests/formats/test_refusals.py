"""Every reason has its words in both languages, and nothing is refused without a reason that has."""

import ast
import string
from pathlib import Path

import pytest

from app.core.sentences import SENTENCES
from app.formats.drafts import SKIPPED
from app.formats.refusals import WORDS, FileRefused

FORMATS = Path(__file__).parents[2] / "app" / "formats"


def calls(name: str) -> list[tuple[str, ast.Call]]:
    return [
        (f"{path.name}:{node.lineno}", node)
        for path in FORMATS.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]


def constants(call: ast.Call, place: int) -> list[str]:
    arguments = call.args[place : place + 1]
    return [
        part.value
        for argument in arguments
        for part in ast.walk(argument)
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value
    ]


def gaps(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


@pytest.mark.parametrize("code", sorted(WORDS | SKIPPED))
def test_both_languages_say_the_same(code: str) -> None:
    words = (WORDS | SKIPPED)[code]
    assert set(words) == {"zh", "en"}
    assert gaps(words["zh"]) == gaps(words["en"])
    assert words["zh"].endswith("。")
    assert words["en"].endswith(".")


def test_refusals_give_what_their_sentence_names() -> None:
    found = calls("FileRefused")
    assert len(found) > 40
    for place, call in found:
        given = {keyword.arg for keyword in call.keywords}
        for code in constants(call, 0):
            assert code in WORDS, place
            if None not in given:
                assert gaps(WORDS[code]["zh"]) <= given, place


def test_what_is_left_out_has_words() -> None:
    for place, call in calls("Skipped"):
        codes = [code for code in constants(call, 1) if code in SKIPPED or "-" in code]
        assert set(codes) <= SKIPPED.keys(), place


def test_no_code_means_two_things() -> None:
    assert not WORDS.keys() & SENTENCES.keys()
    with pytest.raises(ValueError, match="no words"):
        FileRefused("no-such-code")
