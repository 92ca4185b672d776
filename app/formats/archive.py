"""Zip archives from strangers: every byte that comes out is counted, and entry names are only data.

Nothing is ever extracted to a path that the archive names. The list of files is sized before it is parsed,
because the parser keeps it all in memory.
"""

import struct
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

import zstandard

from app.formats.limits import DEFAULT_LIMITS, KB, Limits, spelled
from app.formats.refusals import FileRefused

CHUNK: Final = 256 * KB
_ZSTD_PIECE: Final = 2 * KB  # at most 64 MB of output, by the format's densest blocks
_ENCRYPTED: Final = 0x41  # classic or strong
_END: Final = b"PK\x05\x06"
_END64: Final = b"PK\x06\x06"
_LOCATOR64: Final = b"PK\x06\x07"
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ZIP_ERRORS: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, OverflowError,
    RuntimeError, OSError,
)  # fmt: skip


@dataclass(slots=True)
class Budget:
    """What may still come out of an archive, whichever entry it comes from."""

    limits: Limits
    spent: int = 0

    def spend(self, size: int) -> None:
        """Raises FileRefused("archive-unpacked")."""
        self.spent += size
        if self.spent > self.limits.unpacked:
            raise FileRefused("archive-unpacked", limit=spelled(self.limits.unpacked))


@dataclass(slots=True)
class Archive:
    """An open archive; use it with `with`. Raises FileRefused from every method for a damaged one."""

    path: Path
    limits: Limits = DEFAULT_LIMITS
    budget: Budget = field(init=False)
    _zip: zipfile.ZipFile = field(init=False)
    _entries: dict[str, zipfile.ZipInfo] = field(init=False)

    def __enter__(self) -> Self:
        self.budget = Budget(self.limits)
        _check_size(self.path, self.limits)
        try:
            self._zip = zipfile.ZipFile(self.path)
        except _ZIP_ERRORS as error:
            raise FileRefused("archive-broken") from error
        try:
            self._entries = _census(self._zip.infolist(), self.limits)
        except FileRefused:
            self._zip.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        return list(self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def size(self, name: str) -> int:
        """Unpacked size as the archive claims it (bytes)."""
        return self._entries[name].file_size

    def chunks(
        self, name: str, *, most: int, too_large: FileRefused, zstd: bool = False
    ) -> Generator[bytes, None, None]:
        """The entry's bytes piece by piece, at most `most` of them; `too_large` is raised beyond."""
        entry = self._entries[name]
        total = 0
        with closing(self._unpacked(entry)) as packed:
            for chunk in self._plain(packed, entry.compress_size) if zstd else packed:
                total += len(chunk)
                if total > most:
                    raise too_large
                if zstd:
                    self.budget.spend(len(chunk))
                yield chunk

    def read(self, name: str, *, most: int, too_large: FileRefused, zstd: bool = False) -> bytes:
        """The whole entry in memory."""
        with closing(self.chunks(name, most=most, too_large=too_large, zstd=zstd)) as chunks:
            return b"".join(chunks)

    def copy(self, name: str, to: BinaryIO, *, most: int, too_large: FileRefused, zstd: bool = False) -> int:
        """Writes the entry to an open file and returns its size (bytes)."""
        total = 0
        with closing(self.chunks(name, most=most, too_large=too_large, zstd=zstd)) as chunks:
            for chunk in chunks:
                to.write(chunk)
                total += len(chunk)
        return total

    def _unpacked(self, entry: zipfile.ZipInfo) -> Generator[bytes, None, None]:
        total = 0
        try:
            with self._zip.open(entry) as source:
                while chunk := source.read(CHUNK):
                    total += len(chunk)
                    self.budget.spend(len(chunk))
                    _check_ratio(total, entry.compress_size, self.limits)
                    yield chunk
        except FileRefused:
            raise
        except _ZIP_ERRORS as error:
            raise FileRefused("archive-broken") from error

    def _plain(self, packed_chunks: Iterator[bytes], packed: int) -> Iterator[bytes]:
        total = 0
        for chunk in unzstd(packed_chunks, self.limits):
            total += len(chunk)
            _check_ratio(total, packed, self.limits)
            yield chunk


def unzstd(chunks: Iterator[bytes], limits: Limits) -> Iterator[bytes]:
    """The content of zstd frames laid end to end, in pieces of bounded size.

    Anki's frames carry no size, so only counting what comes out can stop a bomb; the caller counts. The
    input goes in by small pieces, since a few bytes of it may stand for a whole block of output.
    Raises FileRefused: "zstd-window", "zstd-broken" (also for a frame cut short).
    """
    decompressor = zstandard.ZstdDecompressor(max_window_size=limits.zstd_window)
    frame = decompressor.decompressobj()
    fresh = True
    try:
        for chunk in chunks:
            for start in range(0, len(chunk), _ZSTD_PIECE):
                piece = chunk[start : start + _ZSTD_PIECE]
                while piece:
                    yield frame.decompress(piece)
                    fresh, piece = frame.eof, frame.unused_data
                    if fresh:
                        frame = decompressor.decompressobj()
    except zstandard.ZstdError as error:
        code = "zstd-window" if "memory" in str(error) else "zstd-broken"
        raise FileRefused(code) from error
    if not fresh:
        raise FileRefused("zstd-broken")


def _check_size(path: Path, limits: Limits) -> None:
    """The file's own size, then the size of its directory as the end record tells it."""
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("file-empty")
    if size > limits.upload:
        raise FileRefused("file-too-large", limit=spelled(limits.upload))
    with path.open("rb") as file:
        tail_size = min(size, 22 + 65_535 + 20 + 56)
        file.seek(size - tail_size)
        tail = file.read(tail_size)
    end = tail.rfind(_END)
    if end < 0 or len(tail) - end < 22:
        raise FileRefused("archive-broken")
    count, directory = struct.unpack_from("<HI", tail, end + 10)
    locator, end64 = tail.rfind(_LOCATOR64, 0, end), tail.rfind(_END64, 0, end)
    if locator >= 0 and end64 >= 0 and len(tail) - end64 >= 56:
        count, directory = struct.unpack_from("<QQ", tail, end64 + 32)
    if count > limits.entries or directory > limits.directory:
        raise FileRefused("archive-entries", limit=limits.entries)


def _census(entries: list[zipfile.ZipInfo], limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """The files by name, after every check that needs no unpacking."""
    if len(entries) > limits.entries:
        raise FileRefused("archive-entries", limit=limits.entries)
    if sum(entry.file_size for entry in entries) > limits.unpacked:
        raise FileRefused("archive-unpacked", limit=spelled(limits.unpacked))
    files: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        if entry.filename.endswith("/"):
            continue
        if entry.flag_bits & _ENCRYPTED:
            raise FileRefused("archive-encrypted")
        if entry.compress_type not in _METHODS:
            raise FileRefused("archive-method")
        if entry.filename in files:
            raise FileRefused("archive-repeated-name")
        _check_ratio(entry.file_size, entry.compress_size, limits)
        files[entry.filename] = entry
    return files


def _check_ratio(unpacked: int, packed: int, limits: Limits) -> None:
    if unpacked > limits.ratio_above and unpacked > limits.ratio * max(packed, 1):
        raise FileRefused("archive-ratio")
