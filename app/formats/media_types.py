"""What a media file is, by its first bytes: its name and its sender are never believed.

Only types that a browser shows without running anything; SVG and HTML are not among them.
"""

from typing import Final

_MAGICS: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
)
_FAMILIES: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_BRANDS: Final = {b"avif": "image/avif", b"M4A ": "audio/mp4"}
_VIDEO_BRANDS: Final = frozenset(
    {b"isom", b"iso2", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"iso5", b"iso6"}
)
TYPES: Final = frozenset(
    {kind for _, _, kind in _MAGICS} | {*_FAMILIES.values(), *_BRANDS.values(), "video/mp4"}
)

_ENDINGS: Final = {
    "image/jpeg": "jpg", "image/avif": "avif", "audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/wav": "wav",
}  # fmt: skip


def ending_of(kind: str) -> str:
    """The ending by which other programs know such a file."""
    return _ENDINGS.get(kind) or kind.partition("/")[2]


def media_type(head: bytes) -> str | None:
    """The media type of a file that begins with `head`, None for one that is not shown."""
    for place, magic, kind in _MAGICS:
        if head.startswith(magic, place):
            return kind
    if head.startswith(b"RIFF"):
        return _FAMILIES.get(head[8:12])
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return _BRANDS.get(brand) or ("video/mp4" if brand in _VIDEO_BRANDS else None)
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06:
        return "audio/mpeg"
    return None
