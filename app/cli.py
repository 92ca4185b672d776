"""`wengu …`: what is done on the machine itself. A failure is one sentence on standard error and exit 1."""

import errno
import os
import secrets
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from app import __version__
from app.core.errors import DomainError

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.exc import DBAPIError

    from app.config import Settings

ROOT = Path(__file__).parent.parent


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="wengu")
def main() -> None:
    """Wengu 温故: spaced-repetition flashcards for certification exams."""


@main.command()
def migrate() -> None:
    """Bring the database to this version's tables."""
    from app.services.migrate import migrate as run

    with spoken():
        run(engine())
    click.echo("The database is up to date.")


@main.command()
@click.option("--bind", help="HOST:PORT to listen on instead of WENGU_BIND.")
def serve(bind: str | None) -> None:
    """Check the machine, migrate the database, then serve with gunicorn."""
    from app.services.migrate import migrate as run

    with spoken():
        if bind:
            os.environ["WENGU_BIND"] = bind
        check_port(settings().bind)
        run(engine())
    os.chdir(ROOT)
    command = [sys.executable, "-m", "gunicorn", "-c", "python:app.serve", "wsgi:app"]
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, no shell


@main.command()
def rebuild() -> None:
    """Compute every card anew from its events; says how many rows changed (none should)."""
    from app.services.rebuild import rebuild as run

    with spoken():
        click.echo(f"{run(migrated(), time.time_ns() // 1_000_000)} rows changed.")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("tests/golden"))
def golden(folder: Path) -> None:
    """Write the vectors that Python and TypeScript must both reproduce."""
    from app.core.golden import write_golden

    with spoken():
        write_golden(folder)
    click.echo(f"Wrote the golden vectors to {folder}.")


@main.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--overlay",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of edits; without it one deck of the best candidates is made.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("decks"))
@click.option("--report", is_flag=True, help="Also name every paragraph that no card comes from.")
def generate(source: Path, overlay: Path | None, out: Path, report: bool) -> None:
    """Make decks from the text SOURCE and the edits in the overlay folder, if any."""
    from app.services.generate import generate as run

    with spoken():
        found = run(source, overlay, out)
    lines = found.lines()
    click.echo("\n".join(lines if report else lines[:1]))


@main.command()
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path("decks")
)
def lint(folder: Path) -> None:
    """Check every card of the decks in FOLDER; exit 1 where there are errors."""
    from app.services.generate import lint_decks

    with spoken():
        findings = lint_decks(folder)
    for finding in findings:
        where = f"{finding.deck} {finding.card}"
        click.echo(f"{finding.level} {where} {finding.rule}: {finding.detail} · {finding.fix[1]}")
    errors = sum(finding.level == "error" for finding in findings)
    click.echo(f"{errors} errors, {len(findings) - errors} warnings")
    if errors:
        sys.exit(1)


@main.group()
def export() -> None:
    """Write decks in other forms."""


@export.command("decks")
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path("decks")
)
@click.option(
    "--jsonl", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write."
)
def export_decks(folder: Path, jsonl: Path) -> None:
    """Write one JSON object a card."""
    from app.services.generate import export_jsonl

    with spoken():
        click.echo(f"Wrote {export_jsonl(folder, jsonl)} cards to {jsonl}.")


@main.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--learner", required=True, help="Whose it becomes: the name of an account, or an id.")
@click.option("--deck", default="", help="Where cards go that name no deck; else the file's name.")
@click.option("--as", "reader", default="auto", help="How to read the file, when its looks mislead.")
@click.option("--without-scheduling", is_flag=True, help="Take the cards as new, without their history.")
@click.option("--take-theirs", is_flag=True, help="Replace notes that the learner edited since.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and store nothing.")
def import_file(
    file: Path,
    learner: str,
    deck: str,
    reader: str,
    without_scheduling: bool,
    take_theirs: bool,
    dry_run: bool,
) -> None:
    """Import FILE: an Anki package, a table, a list or a file of questions."""
    from app.services.import_at_once import import_at_once

    options = {
        "reader": reader,
        "deck": deck,
        "scheduling": not without_scheduling,
        "conflicts": "take" if take_theirs else "keep",
    }
    with spoken():
        database = engine()
        lines = import_at_once(
            database,
            settings().data,
            whose(database, learner),
            file,
            options,
            dry_run=dry_run,
            clock=now_ms,
            random=os.urandom,
        )
    click.echo("\n".join(lines))


def whose(database: "Engine", learner: str) -> UUID:
    """The learner of an id, or of an account's name. Raises Missing("learner-missing")."""
    from app.services.sign_in import learner_named

    try:
        return UUID(learner)
    except ValueError:
        return learner_named(database, learner)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@main.command("reset-password")
@click.argument("name")
@click.option("--print", "made", is_flag=True, help="Make a new password and print it, instead of asking.")
def reset_password(name: str, made: bool) -> None:
    """Give the learner who signs in as NAME a new password; all their devices have to sign in anew."""
    from app.services.sign_in import reset_password as run

    with spoken():
        database = migrated()
        new = secrets.token_urlsafe(18) if made else click.prompt("New password", hide_input=True)
        run(database, name, new)
    if made:
        click.echo(new)
    click.echo("The password is changed; every device of theirs has to sign in anew.", err=made)


@main.group()
def decks() -> None:
    """The decks that come with the service."""


@decks.command("update")
@click.argument("learner")
def update_decks(learner: str) -> None:
    """Bring the shipped decks of one LEARNER (the name of an account, or an id) to the shipped version; their
    history and own edits stay.

    The app offers the same to each learner; this is for those who ask for help.
    """
    from app.services.catalogue import add_deck, list_catalogue, shipped_decks
    from app.services.learners import read_learner

    with spoken():
        database, shipped = migrated(), shipped_decks(settings().decks)
        owner = whose(database, learner)
        read_learner(database, owner)
        old = [
            item
            for item in list_catalogue(database, owner, shipped)
            if item.added and item.added.version != item.version
        ]
        for item in old:
            merged = add_deck(
                database, owner, shipped, item.slug, now=time.time_ns() // 1_000_000, random=os.urandom
            )
            click.echo(
                f"{item.name}: {merged.added} added, {merged.updated} changed, {len(merged.kept)} kept"
            )
    click.echo(f"{len(old)} decks updated.")


def settings() -> "Settings":
    """The settings of this process's environment."""
    from app.config import Settings

    return Settings.from_env(os.environ)


def engine() -> "Engine":
    """The database of the settings. Raises click.ClickException where its folder or SQLite does not serve."""
    from app.db.engine import make_engine

    wanted = settings()
    if wanted.sqlite:
        check_folder(wanted.data)
    return make_engine(wanted)


def migrated() -> "Engine":
    """The database of the settings, for a command that needs its tables."""
    from app.services.migrate import check_migrated

    database = engine()
    check_migrated(database)
    return database


def check_port(bind: str) -> None:
    """Raise click.ClickException with a sentence where nobody could listen on `bind`."""
    host, colon, port = bind.rpartition(":")
    if not colon or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise click.ClickException(
            f"WENGU_BIND is {bind}, which is no HOST:PORT, for example 127.0.0.1:8000."
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError as error:
            raise click.ClickException(_port_sentence(error, bind, port)) from None


def _port_sentence(error: OSError, bind: str, port: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use: stop what listens there, or choose another with WENGU_BIND=HOST:PORT."
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights than this user has: choose one above 1023 with WENGU_BIND."
    return f"This machine has no address to listen on for WENGU_BIND={bind}: {error.strerror}."


def check_folder(folder: Path) -> None:
    """Raise click.ClickException with a sentence where `folder` cannot be made or written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise click.ClickException(
            f"{folder} cannot be written ({error.strerror}): choose another data folder with WENGU_DATA."
        ) from None


@contextmanager
def spoken() -> Iterator[None]:
    """Turn what a person can mend into one sentence and exit code 1."""
    from alembic.util import CommandError
    from sqlalchemy.exc import DBAPIError

    from app.config import SettingsError
    from app.core.sentences import SENTENCES
    from app.db.engine import DatabaseUnusable
    from app.formats.markdown import DeckSyntaxError
    from app.formats.refusals import WORDS
    from app.text.overlay import OverlayError

    try:
        yield
    except (SettingsError, DatabaseUnusable, DeckSyntaxError, OverlayError) as error:
        raise click.ClickException(str(error)) from None
    except DomainError as error:
        words = (SENTENCES.get(error.code) or WORDS.get(error.code) or {}).get("en", error.code)
        raise click.ClickException(words.format(**error.params)) from None
    except DBAPIError as error:
        raise click.ClickException(_database_sentence(error)) from None
    except CommandError as error:
        raise click.ClickException(
            f"The database was written by another version of Wengu ({error}): start that one, or a newer one."
        ) from None
    except PermissionError as error:
        raise click.ClickException(f"{error.filename} cannot be written by this user.") from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or 'The system'}: {error.strerror}.") from None


def _database_sentence(error: "DBAPIError") -> str:
    """What the database said, in its first line; the settings, not this sentence, say where it is."""
    said = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
    return f"The database cannot be used: {said[0].rstrip('.')}. See WENGU_DATABASE_URL and WENGU_DATA."


if __name__ == "__main__":
    main()
