"""The parsers that read what somebody brings, each as one call with a text."""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from app.core.errors import Refused
from app.core.lint import lint
from app.core.notes import DeckDraft, NoteDraft, faces
from app.core.passages import PlainText
from app.core.search import parse
from app.formats import hashcards, headings, mochi, obsidian
from app.formats.anki_collection import Reading
from app.formats.choose import kind_of_text, read_file
from app.formats.documents.reading import read_document
from app.formats.drafts import NoteTypeDraft, TemplateDraft
from app.formats.edn import from_transit, read_edn
from app.formats.light_html import as_html
from app.formats.light_markup import light_markup
from app.formats.lines import read_line
from app.formats.markdown import read_deck
from app.formats.markup import asked_names, clean
from app.formats.pages import Page
from app.formats.readers import Reader
from app.formats.templates import clozed, render_card
from app.text.offer import offer
from tests.formats.document_files import docx, epub, paragraph, pdf

KB: Final = 1024
READING: Final = Reading("UTC", 4, 0)


@dataclass(frozen=True, slots=True)
class Call:
    """A parser, and how long the shorter text is: enough to see how it grows."""

    run: Callable[[str], object]
    size: int
    must: float = 2.6


def _refusing(read: Callable[[str], object]) -> Callable[[str], object]:
    """The same, where a refusal is as good as an answer: only its time counts."""

    def run(text: str) -> object:
        try:
            return read(text)
        except (ValueError, Refused):
            return None

    return run


def _file(reader: Reader) -> Callable[[str], object]:
    """The road of an import from the file on."""

    def read(text: str) -> object:
        with tempfile.NamedTemporaryFile() as file:
            file.write(text.encode("utf-8", "replace"))
            file.flush()
            return _all(read_file(Path(file.name), reader, READING))

    return read


def _document(make: Callable[[str], bytes]) -> Callable[[str], object]:
    def read(text: str) -> object:
        with tempfile.NamedTemporaryFile() as file:
            file.write(make(text))
            file.flush()
            return _all(read_document(Path(file.name)))

    return read


def _all(records: Iterable[object]) -> int:
    return sum(1 for _ in records)


def _text(before: str) -> Callable[[str], object]:
    return _document(lambda text: (before + text).encode("utf-8", "replace"))


def _pages(
    find: Callable[[Page], Iterable[object]], before: str = "", after: str = ""
) -> Callable[[str], object]:
    return lambda text: _all(find(Page("a", f"{before}{text}{after}")))


def _printable(text: str) -> list[str]:
    return ["".join(letter for letter in row if letter.isprintable()) for row in text.split("\n")]


def _docx(text: str) -> bytes:
    return docx(*(paragraph(row) for row in _printable(text)))


def _pdf(text: str) -> bytes:
    plain = " ".join(text.encode("ascii", "ignore").decode().split())
    rows = [(10.0, plain[place : place + 80]) for place in range(0, len(plain), 80)]
    return pdf(*(rows[place : place + 40] for place in range(0, len(rows), 40)))


def _template(text: str) -> object:
    note_type = NoteTypeDraft("k", "t", "normal", ("a",), (TemplateDraft("c", text, text),))
    return render_card(note_type, {"a": "字 a[b]"}, 0)


def _filters(text: str) -> object:
    fronts = ("{{text:a}}", "{{furigana:a}}", "{{kana:a}}", "{{hint:a}}", "{{#a}}{{a}}{{/a}}")
    templates = tuple(TemplateDraft("c", front, "{{FrontSide}}") for front in fronts)
    note_type = NoteTypeDraft("k", "t", "normal", ("a",), templates)
    return [render_card(note_type, {"a": text}, place) for place in range(len(fronts))]


def _cards(text: str) -> object:
    """The text cut into cards of a line each, every one with a front of its own."""
    notes = tuple(
        NoteDraft(
            str(place),
            "basic",
            {"front": f"{place} {text[place : place + 30]}", "back": text[place : place + 9]},
        )
        for place in range(0, len(text), 40)
    )
    return lint([DeckDraft("a", "a", "", "zh-CN", 1, notes)], text)


def _one_card(text: str) -> object:
    fields = {"front": text, "back": text[:-1], "note": text}
    notes = (NoteDraft("a", "basic", fields), NoteDraft("b", "cloze", {"text": text + "{{c1::a}}"}))
    return lint([DeckDraft("a", "a", "", "zh-CN", 1, notes)], text)


def _mochi(text: str) -> object:
    return {"templates": [{"id": "a", "content": text, "fields": []}]}


def _line(text: str) -> object:
    return read_line('{"record":"note","guid":"a","kind":"basic","fields":{"front":' + text)


FIELD: Final = 30 * KB  # twice that is the longest field
CALLS: Final[dict[str, Call]] = {
    name: Call(_refusing(run), size)
    for name, (run, size) in {
        "which reader": (kind_of_text, 16 * KB),
        "table": (_file("table"), 16 * KB),
        "list": (_file("list"), 16 * KB),
        "questions": (_file("questions"), 16 * KB),
        "export of ours": (_file("json"), 16 * KB),
        "deck file": (read_deck, 16 * KB),
        "Obsidian": (_pages(obsidian.find_cards), 16 * KB),
        "Obsidian, one line": (_pages(obsidian.find_cards, after="::b"), 16 * KB),
        "Obsidian, gaps": (_pages(obsidian.find_cards, after=" ==a=="), 16 * KB),
        "Obsidian, two sides": (_pages(obsidian.find_cards, after="\n?\nb"), 16 * KB),
        "Obsidian's signs": (obsidian.looks_like_obsidian, 16 * KB),
        "hashcards, gaps": (_pages(hashcards.find_cards, "C: ", "[a]"), 16 * KB),
        "hashcards": (_pages(hashcards.find_cards), 16 * KB),
        "hashcards' signs": (hashcards.looks_like_hashcards, 16 * KB),
        "Mochi": (_pages(mochi.find_cards), 16 * KB),
        "fields of Mochi's templates": (lambda text: mochi.templates_of(_mochi(text)), 16 * KB),
        "headings": (_pages(headings.find_cards), 16 * KB),
        "pictures of Markdown": (lambda text: _file("obsidian")(text + " ![a](b)::b"), 16 * KB),
        "EDN": (read_edn, 16 * KB),
        "Transit": (lambda text: from_transit([text[:200], *text.split()]), 16 * KB),
        "a line of the cage": (_line, 16 * KB),
        "cleaning of markup": (clean, FIELD),
        "files that markup asks for": (asked_names, FIELD),
        "markup of ours as HTML": (as_html, FIELD),
        "HTML as markup of ours": (light_markup, FIELD),
        "gaps of Anki": (lambda text: clozed(text, 1, answer=True), FIELD),
        "template": (_template, FIELD),
        "filters of templates": (_filters, FIELD),
        "gaps of ours": (lambda text: faces("cloze", {"text": text + "{{c1::a}}"}), FIELD),
        "lists of ours": (lambda text: faces("list", {"front": "a", "items": text}), FIELD),
        "search": (lambda text: [parse(text) for _ in range(40)], 200),
        "linter, one long card": (_one_card, FIELD // 4),
        "linter, many cards": (_cards, 16 * KB),
        "plain text": (_text("字 "), 16 * KB),
        "Markdown document": (_text("# a\n\n"), 16 * KB),
        "HTML document": (_text("<html><body>"), 16 * KB),
        "Word document": (_document(_docx), 16 * KB),
        "EPUB": (_document(lambda text: epub("<html><body>" + text)), 16 * KB),
        "PDF": (_document(_pdf), 16 * KB),
        "text to cards": (lambda text: offer(PlainText(text)), 4 * KB),
    }.items()
}  # fmt: skip
# The library that cleans grows faster on thousands of bare ampersands; the longest field takes it 70 ms.
CALLS["cleaning of markup"] = replace(CALLS["cleaning of markup"], must=3.6)
