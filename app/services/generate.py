"""Making, checking and handing out the shipped decks: files in, files out, no database."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.core.lint import FIXES, Finding, lint
from app.core.notes import DeckDraft, faces
from app.formats.documents.blocks import assembled
from app.formats.documents.reading import read_document
from app.formats.markdown import read_deck, write_deck
from app.text.offer import note_of, offer
from app.text.overlay import Overlay, OverlayError, read_overlay
from app.text.pipeline import candidates
from app.text.reading import decode
from app.text.starter import Bare, assemble, bare_paragraphs, content_version

ACCEPTED: Final = "accepted-warnings.txt"
_ACCEPTED_LINE: Final = re.compile(r"(\S+) ([a-z-]+): (.+)")


@dataclass(frozen=True, slots=True)
class GenerationReport:
    document: str
    encoding: str
    guessed: bool  # the encoding is a guess
    candidates: int
    decks: dict[str, int]  # slug -> number of cards
    bare: tuple[Bare, ...]  # paragraphs without a card

    def lines(self) -> list[str]:
        """What `wengu generate --report` prints."""
        cards = sum(self.decks.values())
        rows = [f"{self.document}: {self.candidates} candidates, {cards} cards in {len(self.decks)} decks"]
        rows += [f"  {slug}: {count}" for slug, count in self.decks.items()]
        if self.guessed:
            rows.append(f"  the encoding {self.encoding} is a guess: look whether the cards read well")
        rows.append(f"paragraphs without a card: {len(self.bare)}")
        rows += [
            f"  [{bare.start}-{bare.end}] {' / '.join(bare.section)}: {bare.reason or 'no reason given'}"
            for bare in self.bare
        ]
        return rows


def generate(source: Path, overlays: Path | None, out: Path) -> GenerationReport:
    """Write one `<slug>.md` a deck into `out`. Without overlays the source may be any document, and what a
    learner would be shown of it becomes one deck.

    Raises OverlayError when an edit fits nothing in the text, FileRefused for what is no document; then
    nothing is written.
    """
    edits = _overlays(overlays) if overlays else []
    if not edits:
        return _as_offered(source, out)
    reading = decode(source.read_bytes())
    shape, found = candidates(reading.text)
    decks = assemble(shape, found, edits)
    _write(decks, out)
    return GenerationReport(
        document=shape.document,
        encoding=reading.encoding,
        guessed=reading.guessed,
        candidates=len(found),
        decks={deck.slug: _cards(deck) for deck in decks},
        bare=tuple(bare_paragraphs(shape, decks, edits)),
    )


def _as_offered(source: Path, out: Path) -> GenerationReport:
    text = assembled(read_document(source))
    offered = offer(text)
    notes = tuple(note_of(card, offered.document) for card in offered.cards if card.shown)
    slug = _slug(source.stem)
    deck = DeckDraft(slug, offered.document or slug, "", offered.language, content_version(notes), notes)
    _write([deck], out)
    return GenerationReport(
        document=offered.document,
        encoding=text.encoding,
        guessed=text.guessed,
        candidates=len(offered.cards),
        decks={slug: _cards(deck)},
        bare=tuple(
            Bare(place.section, place.start, place.end, "") for place in offered.paragraphs if not place.cards
        ),
    )


def _write(decks: Sequence[DeckDraft], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for deck in decks:
        (out / f"{deck.slug}.md").write_text(write_deck(deck), "utf-8", newline="\n")


def shipped_decks(folder: Path) -> list[DeckDraft]:
    """The decks of a folder in the order of their file names. Raises DeckSyntaxError."""
    return [read_deck(path.read_text("utf-8")) for path in sorted(folder.glob("*.md"))]


def lint_decks(folder: Path) -> list[Finding]:
    """Findings on the decks of a folder, without the warnings that somebody accepted with a reason in
    `overlays/accepted-warnings.txt`. Raises OverlayError for an acceptance that accepts nothing."""
    findings = lint(shipped_decks(folder), generated=True)
    path = folder / "overlays" / ACCEPTED
    accepted = _accepted(path) if path.exists() else {}
    met = {(finding.card, finding.rule) for finding in findings}
    if stale := [f"{where}: accepts nothing" for key, where in accepted.items() if key not in met]:
        raise OverlayError(stale)
    return [each for each in findings if each.level == "error" or (each.card, each.rule) not in accepted]


def export_jsonl(folder: Path, out: Path) -> int:
    """One JSON object a card; returns how many."""
    rows = []
    for deck in shipped_decks(folder):
        for note in deck.notes:
            source = note.source and {
                "document": note.source.document,
                "section": list(note.source.section),
                "start": note.source.start,
                "end": note.source.end,
            }
            rows += [
                {
                    "deck": deck.name,
                    "kind": note.kind,
                    "front": face.front,
                    "back": face.back,
                    "note": face.note,
                    "source": source,
                }
                for face in faces(note.kind, note.fields)
            ]
    out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8", newline="\n")
    return len(rows)


def _overlays(folder: Path) -> list[Overlay]:
    problems: list[str] = []
    read = []
    for path in sorted(folder.glob("*.md")) if folder.is_dir() else []:
        try:
            read.append(read_overlay(path.read_text("utf-8"), path.name))
        except OverlayError as error:
            problems += error.problems
    if problems:
        raise OverlayError(problems)
    return read


def _accepted(path: Path) -> dict[tuple[str, str], str]:
    """`guid rule: reason` a line; errors cannot be accepted."""
    accepted, problems = {}, []
    for number, row in enumerate(path.read_text("utf-8").splitlines(), 1):
        match = _ACCEPTED_LINE.fullmatch(row)
        if match and FIXES.get(match[2], ("error",))[0] == "warning":
            accepted[match[1], match[2]] = f"{path.name}:{number}"
        elif row.strip() and not row.startswith("#"):
            problems.append(f"{path.name}:{number}: not `card rule: reason` of a warning")
    if problems:
        raise OverlayError(problems)
    return accepted


def _slug(stem: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", stem.casefold()).strip("-") or "text"


def _cards(deck: DeckDraft) -> int:
    return sum(len(faces(note.kind, note.fields)) for note in deck.notes)
