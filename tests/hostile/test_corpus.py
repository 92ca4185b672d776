"""Every hostile file gets its expected answer, from the cage as from the reader itself."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.core.passages import PlainText
from app.formats.anki_collection import Reading
from app.formats.choose import read_file
from app.formats.documents.blocks import assembled
from app.formats.documents.reading import read_document
from app.formats.drafts import SKIPPED, ImportDraft, Record, gather
from app.formats.markup import MarkupTooLarge, check_markup
from app.formats.package import read_package
from app.formats.pasted import read_list, read_questions
from app.formats.refusals import WORDS, FileRefused
from app.formats.sandbox import read_caged, read_document_caged
from app.formats.table import read_table
from tests.formats.anki_files import NOW
from tests.hostile.cases import Case
from tests.hostile.corpus import corpus

READING = Reading("Asia/Shanghai", 4, NOW)
CASES = corpus()
THROUGH_THE_CAGE = {
    "control-latest", "control-media", "zip-bomb-flat", "zstd-bomb", "sqlite-noise", "models-deep",
    "row-data-bomb", "media-svg", "table-quotes", "questions-many-marks", "document-docx-bomb",
    "workbook-control", "workbook-bomb", "workbook-shared-words",
    "document-pdf-stream-bomb", "document-pdf-noise", "document-html-deep", "document-docx-entities",
}  # fmt: skip


def in_process(path: Path, case: Case, media: Path) -> Iterator[Record]:
    if case.reader == "package":
        return read_package(path, READING, media_folder=media)
    if case.reader == "auto":
        return read_file(path, "auto", READING, deck="x", media_folder=media)
    readers: dict[str, Callable[[bytes], Iterator[Record]]] = {
        "table": read_table,
        "list": read_list,
        "questions": read_questions,
    }
    return readers[case.reader](path.read_bytes())


def check_document(case: Case, read: Callable[[], PlainText]) -> None:
    """The expected refusal, or words whose marks lie among them."""
    if case.code:
        with pytest.raises(FileRefused) as refusal:
            read()
        assert refusal.value.code == case.code
        assert all(WORDS[case.code][language].format(**refusal.value.params) for language in WORDS[case.code])
        return
    text = read()
    assert any(map(str.isalnum, text.text))
    assert all(0 <= mark.start <= mark.end <= len(text.text) for mark in text.marks)


def check(case: Case, records: Iterator[Record]) -> None:
    """The expected answer: a refusal by its code, or a draft with nothing in it that a field may not hold."""
    if case.code:
        with pytest.raises(FileRefused) as refusal:
            gather(records)
        assert refusal.value.code == case.code
        words = WORDS[case.code]
        assert all(words[language].format(**refusal.value.params) for language in words)
        return
    draft = gather(records)
    left_out = {one.code for one in draft.skipped}
    assert case.skips <= left_out <= SKIPPED.keys()
    check_draft(draft, case)


def check_draft(draft: ImportDraft, case: Case) -> None:
    assert draft.notes or case.skips
    decks = {deck.key for deck in draft.decks}
    for note in draft.notes:
        assert 0 < len(note.guid) <= 64
        assert note.deck in decks
        assert all(card.deck in decks for card in note.cards)
        for value in (*note.fields.values(), *note.tags, note.guid):
            assert "\0" not in value
            try:
                check_markup(value)
            except MarkupTooLarge as refusal:
                pytest.fail(f"{case.name} lets a field through: {refusal.reason}")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_file_gets_its_answer(case: Case, tmp_path: Path) -> None:
    path, media = tmp_path / "file", tmp_path / "media"
    path.write_bytes(case.make())
    media.mkdir()
    if case.reader == "document":
        check_document(case, lambda: assembled(read_document(path)))
        return
    check(case, in_process(path, case, media))
    assert all(one.is_file() and len(one.name) == 64 for one in media.iterdir())


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.name in THROUGH_THE_CAGE], ids=lambda case: case.name
)
def test_the_cage_gives_the_same_answer(case: Case, tmp_path: Path) -> None:
    path, media = tmp_path / "file", tmp_path / "media"
    path.write_bytes(case.make())
    media.mkdir()
    if case.reader == "document":
        check_document(case, lambda: read_document_caged(path))
        return
    check(case, read_caged(path, case.reader, READING, media_folder=media))


def test_the_manifest_is_one() -> None:
    names = Counter(case.name for case in CASES)
    assert max(names.values()) == 1
    assert len(CASES) >= 150
    assert sum(case.code == "" for case in CASES) >= 30
    assert {case.code for case in CASES} - {""} <= WORDS.keys()
    assert names.keys() >= THROUGH_THE_CAGE
