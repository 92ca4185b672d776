"""Text without any markup, one block a line."""

from collections.abc import Iterator

from app.formats.documents.blocks import Block, clean
from app.formats.documents.wrapping import looks_wrapped, unwrapped


def read_plain(text: str) -> Iterator[Block]:
    lines = clean(text).split("\n")
    for line in unwrapped(lines) if looks_wrapped(lines) else lines:
        yield Block("text", line.rstrip())
