"""Documentation as a test: what can be set, typed or called stands in the README."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from app.api.blueprints import RESOURCES
from app.api.openapi import path_of
from app.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def settings_in_code() -> set[str]:
    files = [*ROOT.glob("app/*.py"), *ROOT.glob("app/*/*.py"), ROOT / "wsgi.py"]
    return {name for file in files for name in re.findall(r"WENGU_[A-Z_]+\b", file.read_text("utf-8"))}


def commands(group: click.Group, words: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{words} {name}")
        else:
            yield f"{words} {name}"


def prefixes() -> set[str]:
    paths = {path_of(operation) for resource in RESOURCES for operation in resource.operations}
    return {"/".join(path.split("/")[:3]) for path in paths}


def test_there_are_things_to_document() -> None:
    assert "WENGU_DATA" in settings_in_code()
    assert "wengu serve" in set(commands(main, "wengu"))
    assert "/api/sync" in prefixes()


@pytest.mark.parametrize("name", sorted(settings_in_code()))
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert re.search(rf"\b{name}\b", README)


@pytest.mark.parametrize("command", sorted(commands(main, "wengu")))
def test_every_command_is_in_the_readme(command: str) -> None:
    assert command in README


@pytest.mark.parametrize(
    "prefix", sorted(prefixes() | {"/healthz", "/readyz", "/api/docs", "/api/openapi.json"})
)
def test_every_address_is_in_the_readme(prefix: str) -> None:
    assert prefix in README


def test_no_setting_is_documented_that_does_not_exist() -> None:
    assert set(re.findall(r"WENGU_[A-Z_]+\b", README)) <= settings_in_code() | {
        "WENGU_SOURCE_CHAPTER",
        "WENGU_TEST_DATABASES",
    }
