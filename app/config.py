"""Every setting of the service, read once from the environment."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, cast, get_args
from urllib.parse import urlsplit

ROOT: Final = Path(__file__).resolve().parent.parent
Synchronous = Literal["NORMAL", "FULL", "EXTRA"]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


class SettingsError(ValueError):
    """A setting cannot be used; the text names it and says what would do."""

    def __init__(self, name: str, wanted: str) -> None:
        super().__init__(f"{name}: {wanted}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says. Each field names its variable in `NAMES`."""

    data: Path = Path("var")  # the folder of everything that must survive a restart
    database_url: str = ""  # empty: SQLite inside `data`
    bind: str = "127.0.0.1:8000"
    secret: str = field(default="", repr=False)  # empty: kept in `data`, see `read_secret`
    decks: Path = ROOT / "decks"
    web_dist: Path = ROOT / "app" / "web" / "dist"
    workers: int = 1
    threads: int = 8
    log_level: LogLevel = "INFO"
    public_url: str = ""  # the https origin that people type, when a proxy stands before the service
    trust_proxy: bool = False  # believe one proxy's X-Forwarded-* headers
    sqlite_synchronous: Synchronous = "FULL"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read `environ`; an empty value counts as absent. Raises SettingsError."""
        given = {name: value for name in NAMES if (value := environ.get(name, "").strip())}
        data = Path(given.get("WENGU_DATA", "var")).absolute()
        database_url = given.get("WENGU_DATABASE_URL") or environ.get("DATABASE_URL", "").strip()
        sqlite = not database_url or database_url.startswith("sqlite")
        workers = _whole(given, "WENGU_WORKERS", 1 if sqlite else (os.cpu_count() or 1), 64)
        if sqlite and workers > 1:
            raise SettingsError("WENGU_WORKERS", "must be 1 with SQLite; set DATABASE_URL for more processes")
        return cls(
            data=data,
            database_url=database_url or f"sqlite:///{data / 'wengu.sqlite3'}",
            bind=given.get("WENGU_BIND", "127.0.0.1:8000"),
            secret=_long_enough(given.get("WENGU_SECRET", "")),
            decks=Path(given.get("WENGU_DECKS", ROOT / "decks")).absolute(),
            web_dist=Path(given.get("WENGU_WEB_DIST", ROOT / "app" / "web" / "dist")).absolute(),
            workers=workers,
            threads=_whole(given, "WENGU_THREADS", 8, 256),
            log_level=cast(LogLevel, _one_of(given, "WENGU_LOG_LEVEL", "INFO", get_args(LogLevel))),
            public_url=_origin(given.get("WENGU_PUBLIC_URL", "")),
            trust_proxy=_one_of(given, "WENGU_TRUST_PROXY", "0", ("0", "1")) == "1",
            sqlite_synchronous=cast(
                Synchronous, _one_of(given, "WENGU_SQLITE_SYNCHRONOUS", "FULL", get_args(Synchronous))
            ),
        )

    @property
    def sqlite(self) -> bool:
        return not self.database_url or self.database_url.startswith("sqlite")

    def read_secret(self) -> str:
        """The key for signing and hashing.

        It is the setting, else what `secret.key` in the data folder holds; that is made at first use.
        """
        if self.secret:
            return self.secret
        path = self.data / "secret.key"
        if not path.exists():
            self.data.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(f"secret.{os.getpid()}.{secrets.token_hex(4)}")
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(32))
            try:
                os.link(fresh, path)  # whoever comes first wins; nobody reads a half-written key
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text("ascii").strip()


NAMES: Final = (
    "WENGU_DATA",
    "WENGU_DATABASE_URL",
    "WENGU_BIND",
    "WENGU_SECRET",
    "WENGU_DECKS",
    "WENGU_WEB_DIST",
    "WENGU_WORKERS",
    "WENGU_THREADS",
    "WENGU_LOG_LEVEL",
    "WENGU_PUBLIC_URL",
    "WENGU_TRUST_PROXY",
    "WENGU_SQLITE_SYNCHRONOUS",
)
"""The variables; DATABASE_URL is read too, because hosting services set it."""


def _whole(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = given.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
        raise SettingsError(name, f"a whole number from 1 to {most}, not {text!r}")
    return int(text)


def _one_of(given: Mapping[str, str], name: str, default: str, choices: tuple[str, ...]) -> str:
    value = given.get(name, default).upper()
    if value not in choices:
        raise SettingsError(name, f"one of {', '.join(choices)}, not {value!r}")
    return value


def _long_enough(secret: str) -> str:
    if secret and len(secret) < 32:
        raise SettingsError("WENGU_SECRET", "at least 32 characters; leave it out and one is generated")
    return secret


def _origin(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/")):
        raise SettingsError("WENGU_PUBLIC_URL", f"an origin such as https://cards.example, not {url!r}")
    return url.rstrip("/")
