"""The house's own budgets: what review would otherwise have to say again and again."""

import ast
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FUNCTION_LINES, FUNCTION_LINES_P90, MODULE_LINES = 60, 30, 400
TOP_LEVEL = {
    "app", "decks", "migrations", "tests", "wsgi.py", "pyproject.toml", "README.md", "Makefile", "LICENSE",
    "CHANGELOG.md", "CONTRIBUTING.md", "requirements.lock", "requirements-dev.lock",
}  # fmt: skip
REGISTRY_HOSTS = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com")
UNFINISHED = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error", "lorem" + " ipsum")


def tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [path for name in listing.decode().split("\0") if name and (path := ROOT / name).is_file()]


def code_files() -> list[Path]:
    return [path for path in tracked() if path.suffix in {".py", ".ts", ".tsx", ".css"}]


def functions() -> Iterator[tuple[str, int]]:
    for path in (ROOT / "app").rglob("*.py"):
        if "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                yield f"{path.relative_to(ROOT)}:{node.name}", node.end_lineno - node.lineno + 1


def test_functions_are_short() -> None:
    lengths = dict(functions())
    assert not {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES}
    assert statistics.quantiles(lengths.values(), n=10)[-1] <= FUNCTION_LINES_P90


def test_modules_are_short() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in code_files()
    }
    assert not {name: lines for name, lines in lengths.items() if lines > MODULE_LINES}


def test_the_top_level_holds_only_what_it_should() -> None:
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


@pytest.mark.parametrize("words", [REGISTRY_HOSTS, UNFINISHED], ids=["registry hosts", "unfinished work"])
def test_words_that_stand_nowhere(words: tuple[str, ...]) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in tracked()
        if path.suffix not in {".png", ".ico"}
        for word in words
        if word in path.read_text("utf-8", errors="replace")
    ]
    assert not found


def test_lock_files_pin_every_package_with_a_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        pins = [
            line for line in (ROOT / name).read_text("utf-8").splitlines() if line and line[0] not in " #"
        ]
        assert pins
        assert all("==" in pin and pin.endswith("\\") for pin in pins)
