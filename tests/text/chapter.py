"""The source of the starter decks, where it is at hand: it never enters the repository."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
CHAPTER = Path(os.environ.get("WENGU_SOURCE_CHAPTER", str(ROOT.parent / "shared" / "source" / "chapter.txt")))
needs_chapter = pytest.mark.skipif(
    not CHAPTER.exists(), reason=f"the source chapter is not at {CHAPTER} (set WENGU_SOURCE_CHAPTER)"
)
