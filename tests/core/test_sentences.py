"""Every error that the product can raise has its words, in both languages."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core import errors
from app.core.errors import DomainError, Refused
from app.core.sentences import SENTENCES

APP = Path(__file__).parents[2] / "app"
CLASSES = {
    name for name, item in vars(errors).items() if isinstance(item, type) and issubclass(item, DomainError)
}


def raised() -> Iterator[tuple[str, str, set[str]]]:
    """Where each domain error is made: place, code, names of its params."""
    for path in APP.rglob("*.py"):
        if "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in CLASSES and node.args:
                code = node.args[0]
                place = f"{path.relative_to(APP)}:{node.lineno}"
                names = {keyword.arg or "**" for keyword in node.keywords}
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    yield place, code.value, names


def texts(node: ast.AST) -> Iterator[str]:
    """The string constants of the code; that the document announces a problem raises none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if not (isinstance(node, ast.keyword) and node.arg == "problems"):
        for child in ast.iter_child_nodes(node):
            yield from texts(child)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_every_code_raised_has_a_sentence() -> None:
    codes = {code: place for place, code, _ in raised()}
    assert "zone-unknown" in codes
    assert not {place: code for code, place in codes.items() if code not in SENTENCES}


def test_every_sentence_is_said_somewhere() -> None:
    sources = [path for path in APP.rglob("*.py") if "node_modules" not in path.parts]
    sources.remove(APP / "core" / "sentences.py")
    said = {text for path in sources for text in texts(ast.parse(path.read_text("utf-8")))}
    assert not set(SENTENCES) - said


def test_what_a_sentence_names_is_given() -> None:
    short = {
        place: gaps - names
        for place, code, names in raised()
        if code in SENTENCES and "**" not in names and (gaps := _gaps(SENTENCES[code]["zh"])) - names
    }
    assert not short


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_both_languages_say_the_same_things(code: str) -> None:
    words = SENTENCES[code]
    assert set(words) == {"zh", "en"}
    assert _gaps(words["zh"]) == _gaps(words["en"])
    assert words["zh"].endswith("。")
    assert words["en"].endswith(".")
    assert code == code.lower().replace("_", "-")


def test_an_error_tells_its_code_its_params_and_its_field() -> None:
    error = Refused("zone-unknown", pointer="/zone", zone="Mars")
    assert (error.code, error.params, error.pointer) == ("zone-unknown", {"zone": "Mars"}, "/zone")
    assert str(error) == "zone-unknown zone='Mars' at /zone"
    assert str(Refused("busy")) == "busy"


def _gaps(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}
