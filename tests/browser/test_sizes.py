"""What a phone has to load: the budgets in kB gzip, failing when they are passed."""

import gzip
import re
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT

pytestmark = pytest.mark.browser
DIST = ROOT / "app/web/dist"
KB = 1000


def gzipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def first_load() -> list[Path]:
    """The scripts that index.html names (the entry, what it preloads), and the first words of a language."""
    html = (DIST / "index.html").read_text("utf-8")
    words = max(DIST.glob("assets/words-*-first-*.js"), key=gzipped)
    named = re.findall(r'(?:src|href)="([^"]+\.js)"', html)
    return [*(DIST / name.lstrip("/") for name in named), words]


def test_first_load_script() -> None:
    scripts = first_load()
    assert scripts
    assert sum(map(gzipped, scripts)) <= 41 * KB


def test_whole_app_without_what_few_cards_need() -> None:
    """In one language, as a phone shows it; sanitiser and formulas come only with cards that need them.

    Of it 11 kB are the statistics: charts and tables, their words, and what counts days on the phone.
    """
    rare = ("purify", "formula", "words-zh-")
    scripts = [path for path in DIST.glob("assets/*.js") if not path.name.startswith(rare)]
    assert sum(map(gzipped, scripts)) <= 164 * KB  # a compressor of another version must not fail the build


def test_style_and_service_worker() -> None:
    """The first style; that of other pages comes with them."""
    first = re.findall(r'href="/([^"]+\.css)"', (DIST / "index.html").read_text("utf-8"))
    assert first
    assert sum(gzipped(DIST / name) for name in first) <= 6 * KB
    assert sum(map(gzipped, DIST.glob("assets/*.css"))) <= 10 * KB
    assert gzipped(DIST / "sw.js") <= 7 * KB
