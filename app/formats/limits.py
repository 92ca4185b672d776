"""How much an imported file may ask for, in one place so that tests can make it small."""

from dataclasses import dataclass
from typing import Final

KB: Final = 1024
MB: Final = 1024 * KB


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes unless a comment says otherwise."""

    upload: int = 100 * MB
    unpacked: int = 512 * MB  # all entries of an archive together, zstd inside zip included
    collection: int = 256 * MB
    entries: int = 20_000  # files in an archive
    directory: int = 8 * MB  # the archive's own list of its files
    ratio: int = 200  # unpacked over packed ...
    ratio_above: int = 4 * MB  # ... once this much has come out
    zstd_window: int = 32 * MB
    field: int = 64 * KB
    media_file: int = 32 * MB
    notes: int = 500_000  # rows
    cards: int = 1_000_000  # rows
    reviews: int = 5_000_000  # rows
    note_types: int = 2_000
    decks: int = 20_000
    sqlite_steps: int = 3_000_000_000  # of SQLite's virtual machine; five million reviews need a tenth
    text: int = 64 * MB  # a table or list
    columns: int = 100
    cell: int = 256 * KB


DEFAULT_LIMITS: Final = Limits()


def spelled(size: int) -> str:
    """A size as a learner reads it, such as `256 MB`."""
    return f"{size // MB} MB" if size >= MB else f"{max(size // KB, 1)} KB"
