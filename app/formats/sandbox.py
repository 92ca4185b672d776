"""Reads a stranger's file in a process of its own, so that the worst it can do is to end that process.

    python -m app.formats.sandbox JOB.json

The child gets a path, options and limits; it prints records as JSON lines and nothing else. It has no more
memory, processor time, file size and open files than its cage says, nothing of its parent's environment, and
a clock that the parent holds. The parent believes nothing of what it prints: every line is checked again.
"""

import gc
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final, cast

from app.core.passages import PlainText
from app.formats.anki_collection import Reading
from app.formats.anki_values import json_of
from app.formats.documents.blocks import MOST_LETTERS, Block, DocumentHeader, Piece, assembled
from app.formats.drafts import Header, MediaDraft, Record
from app.formats.limits import DEFAULT_LIMITS, MB, Limits
from app.formats.lines import read_line, write_lines
from app.formats.readers import AS_IT_LOOKS, Reader, TextChoices
from app.formats.refusals import WORDS, FileRefused
from app.formats.table_layout import Layout
from app.formats.wire import BadLine

_LONGEST_LINE: Final = 64 * MB
_PIECE: Final = 256 * 1024
_LOOK_SECONDS: Final = 0.1
_REFUSAL: Final = "refused"
_BETWEEN_SEARCHES: Final = 50_000
_MEMORY_EXIT: Final = 77


@dataclass(frozen=True, slots=True)
class Cage:
    """What the child may use."""

    memory: int = 1536 * MB  # address space, bytes
    cpu_seconds: int = 90
    wall_seconds: float = 120.0  # that the parent waits, in all
    file_size: int = 512 * MB
    open_files: int = 64


DEFAULT_CAGE: Final = Cage()
DOCUMENT_CAGE: Final = Cage(cpu_seconds=60, wall_seconds=90.0)


def read_caged(
    path: Path,
    reader: Reader,
    reading: Reading,
    *,
    deck: str = "",
    media_folder: Path | None = None,
    text: TextChoices = AS_IT_LOOKS,
    limits: Limits = DEFAULT_LIMITS,
    cage: Cage = DEFAULT_CAGE,
) -> Iterator[Record]:
    """The records of a file, read by a child process and checked here.

    Raises FileRefused as the reader would, or "file-takes-too-long", "file-takes-too-much",
    "file-reader-failed" when the cage closed. Closing the iterator early ends the child.
    """
    job = {
        "path": str(path.absolute()), "reader": reader, "reading": asdict(reading), "deck": deck,
        "media_folder": str(media_folder.absolute()) if media_folder else None, "text": asdict(text),
        "limits": asdict(limits), "cage": asdict(cage),
    }  # fmt: skip
    for record in _caged(job, cage):
        if isinstance(record, DocumentHeader | Block):
            raise FileRefused("file-reader-failed")
        if isinstance(record, MediaDraft):
            _check_media(record, media_folder)
        yield record


def read_document_caged(
    path: Path, *, limits: Limits = DEFAULT_LIMITS, cage: Cage = DOCUMENT_CAGE
) -> PlainText:
    """The text of a document, read by a child process and checked here.

    Raises FileRefused as `app.formats.documents.reading` would, and when the cage closed.
    """
    job = {
        "path": str(path.absolute()),
        "reader": "document",
        "limits": asdict(limits),
        "cage": asdict(cage),
    }
    return assembled(_pieces(job, cage))


def _pieces(job: dict[str, Any], cage: Cage) -> Iterator[Piece]:
    letters = 0
    for record in _caged(job, cage):
        if not isinstance(record, DocumentHeader | Block):
            raise FileRefused("file-reader-failed")
        letters += len(record.text) + 1 if isinstance(record, Block) else 0
        if letters > MOST_LETTERS + 1:
            raise FileRefused("file-reader-failed")
        yield record


def _caged(job: dict[str, Any], cage: Cage) -> Iterator[Record | Piece]:
    with tempfile.TemporaryDirectory(prefix="wengu-cage-") as work:
        order = Path(work) / "job.json"
        order.write_text(json.dumps(job), "utf-8")
        with _child(order, Path(work), cage) as (process, pipe, watch):
            begun = False
            for line in _lines(pipe, watch):
                record = _checked(line)
                begun = begun or isinstance(record, Header | DocumentHeader)
                yield record
            _check_end(process, watch, begun)


class _Watch:
    """Ends the child when the parent has waited for it too long in all.

    Only waiting counts: a parent that is slow to store what it gets is no fault of the file.
    """

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.ran_out = False
        self._process, self._left = process, seconds
        self._since: float | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def waits(self) -> None:
        self._since = time.monotonic()

    def has(self) -> None:
        since, self._since = self._since, None
        self._left -= time.monotonic() - (since or time.monotonic())

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            since = self._since
            if since is not None and time.monotonic() - since > self._left:
                self.ran_out = True
                self._process.kill()
                return


@contextmanager
def _child(
    order: Path, work: Path, cage: Cage
) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes], _Watch]]:
    """The running child, what it prints, and its watch; all are ended on leaving."""
    root = Path(__file__).parents[2]
    process = subprocess.Popen(  # noqa: S603 - our own module, and a path that we made
        [sys.executable, "-P", "-m", "app.formats.sandbox", str(order)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=work,
        env={"PYTHONPATH": str(root), "TMPDIR": str(work), "LANG": "C.UTF-8", "PYTHONHASHSEED": "0"},
        start_new_session=True,
    )
    pipe = cast(IO[bytes], process.stdout)
    watch = _Watch(process, cage.wall_seconds)
    try:
        yield process, pipe, watch
    finally:
        watch.stop()
        process.kill()
        process.wait()
        pipe.close()


def _lines(pipe: IO[bytes], watch: _Watch) -> Iterator[bytes]:
    """The child's lines, however many come at once. A last one without its end is left out."""
    begun: list[bytes] = []  # pieces of a line whose end has not come yet
    size = 0
    while size <= _LONGEST_LINE:
        watch.waits()
        piece = os.read(pipe.fileno(), _PIECE)
        watch.has()
        if not piece:
            return  # a child that ended in the middle of a line: its exit says why
        *whole, rest = piece.split(b"\n")
        if whole:
            whole[0] = b"".join([*begun, whole[0]])
            begun, size = [], 0
            yield from whole
        begun.append(rest)
        size += len(rest)


def _checked(line: bytes) -> Record | Piece:
    if line.startswith(b'{"%s"' % _REFUSAL.encode()):
        raise _refusal(line)
    try:
        return read_line(line)
    except BadLine as error:
        raise FileRefused("file-reader-failed") from error


def _refusal(line: bytes) -> FileRefused:
    told = json_of(line, "refusal")[_REFUSAL]
    code, params = (told.get("code"), told.get("params")) if isinstance(told, dict) else (None, None)
    if code not in WORDS or not isinstance(params, dict):
        return FileRefused("file-reader-failed")
    return FileRefused(
        code, **{str(name): value for name, value in params.items() if isinstance(value, str | int)}
    )


def _check_media(record: MediaDraft, folder: Path | None) -> None:
    """The file that the child says it wrote: a plain one of that size under its hash."""
    if len(record.sha256) != 64 or not set(record.sha256) <= set("0123456789abcdef"):
        raise FileRefused("file-reader-failed")
    if folder is not None:
        file = folder / record.sha256
        if file.is_symlink() or not file.is_file() or file.stat().st_size != record.size:
            raise FileRefused("file-reader-failed")


def _check_end(process: subprocess.Popen[bytes], watch: _Watch, begun: bool) -> None:
    watch.waits()
    status = process.wait()
    watch.has()
    if watch.ran_out or status == -signal.SIGXCPU:
        raise FileRefused("file-takes-too-long")
    if status == _MEMORY_EXIT or status == -signal.SIGKILL:
        raise FileRefused("file-takes-too-much")
    if status or not begun:
        raise FileRefused("file-reader-failed")


# --- in the child ---------------------------------------------------------------------------------


def main(order: Path) -> int:
    """Locks the cage from inside, then reads. Every refusal is one last line."""
    job = json.loads(order.read_text("utf-8"))
    _lock(Cage(**job["cage"]))
    # What is loaded by now is no garbage, and records leave none that only a search would find.
    gc.freeze()
    gc.set_threshold(_BETWEEN_SEARCHES, 20, 20)
    out = os.fdopen(os.dup(1), "wb", _PIECE)
    try:
        for line in write_lines(_records(job)):
            out.write(line)
    except FileRefused as refusal:
        told = {_REFUSAL: {"code": refusal.code, "params": refusal.params}}
        out.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")
    except MemoryError:
        return _MEMORY_EXIT
    out.flush()
    return 0


def _lock(cage: Cage) -> None:
    for what, most in (
        (resource.RLIMIT_AS, cage.memory),
        (resource.RLIMIT_CPU, cage.cpu_seconds),
        (resource.RLIMIT_FSIZE, cage.file_size),
        (resource.RLIMIT_NOFILE, cage.open_files),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def _records(job: dict[str, Any]) -> Iterator[Record | Piece]:
    path, limits = Path(job["path"]), Limits(**job["limits"])
    if job["reader"] == "document":
        from app.formats.documents.reading import read_document  # only here: readers take a while to load

        return read_document(path, limits)
    from app.formats.choose import read_file

    return read_file(
        path,
        job["reader"],
        Reading(**job["reading"]),
        deck=job["deck"],
        media_folder=Path(job["media_folder"]) if job["media_folder"] else None,
        text=_choices(**job["text"]),
        limits=limits,
    )


def _choices(layout: dict[str, Any] | None, encoding: str, between: str, above: str) -> TextChoices:
    if layout is None:
        return TextChoices(None, encoding, between, above)
    lists = ("columns", "tags", "field_names")
    own: dict[str, Any] = {name: tuple(value) if name in lists else value for name, value in layout.items()}
    return TextChoices(Layout(**own), encoding, between, above)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
