"""Settings come from the environment, strictly, and secrets are made, never given by the code."""

import stat
from pathlib import Path

import pytest

from app.config import NAMES, Settings, SettingsError


def test_without_any_variable_everything_lies_in_var() -> None:
    settings = Settings.from_env({})
    assert settings.data == Path("var").absolute()
    assert settings.database_url == f"sqlite:///{Path('var').absolute() / 'wengu.sqlite3'}"
    assert (settings.sqlite, settings.workers, settings.secret) == (True, 1, "")


def test_the_database_of_a_hosting_service_is_taken() -> None:
    settings = Settings.from_env({"DATABASE_URL": "postgresql://db/wengu", "WENGU_WORKERS": "4"})
    assert (settings.database_url, settings.sqlite, settings.workers) == ("postgresql://db/wengu", False, 4)
    both = Settings.from_env({"DATABASE_URL": "postgresql://a/b", "WENGU_DATABASE_URL": "postgresql://c/d"})
    assert both.database_url == "postgresql://c/d"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WENGU_WORKERS", "2"),
        ("WENGU_WORKERS", "0"),
        ("WENGU_THREADS", "many"),
        ("WENGU_THREADS", "²"),
        ("WENGU_LOG_LEVEL", "loud"),
        ("WENGU_SQLITE_SYNCHRONOUS", "OFF"),
        ("WENGU_TRUST_PROXY", "yes"),
        ("WENGU_PUBLIC_URL", "cards.example"),
        ("WENGU_PUBLIC_URL", "https://cards.example/app"),
        ("WENGU_SECRET", "short"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({name: value})


def test_every_variable_is_listed() -> None:
    source = (Path(__file__).parent.parent / "app" / "config.py").read_text("utf-8")
    assert all(source.count(f'"{name}"') >= 2 for name in NAMES)


def test_the_secret_is_made_once_and_only_for_its_owner(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "new")
    secret = settings.read_secret()
    assert len(secret) >= 32
    assert settings.read_secret() == secret
    assert Settings(data=tmp_path / "other").read_secret() != secret
    (file,) = (tmp_path / "new").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Settings(data=tmp_path, secret="s" * 32).read_secret() == "s" * 32
    assert secret not in repr(Settings(secret=secret))
