"""Candidates and the edits of people become decks."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.core.notes import DeckDraft, InvalidNote, NoteDraft, NoteKind, Source, faces
from app.text.outline import Outline
from app.text.overlay import Edit, Overlay, OverlayError
from app.text.pipeline import LEAST_RANK, Candidate, draft

_FIELDS: Final = {
    "Q": "front",
    "A": "back",
    "RQ": "reverse_front",
    "RA": "reverse_back",
    "E": "note",
    "L": "items",
    "C": "text",
}
_SHAPES: Final = {
    "L": ("back", "reverse_front", "reverse_back"),
    "A": ("items",),
    "C": ("front", "back", "items"),
}


@dataclass(frozen=True, slots=True)
class Bare:
    """A paragraph without a card; `reason` is what an overlay says about it, "" when nobody did."""

    section: tuple[str, ...]
    start: int
    end: int
    reason: str


def assemble(shape: Outline, found: Sequence[Candidate], overlays: Sequence[Overlay]) -> list[DeckDraft]:
    """The decks in the order of their `place`. Raises OverlayError when an edit fits nothing in the text."""
    by_id = {candidate.id: candidate for candidate in found}
    problems = [*_unmatched(shape, by_id, overlays), *_claimed_twice(overlays)]
    if problems:
        raise OverlayError(problems)
    mentioned = {
        name for overlay in overlays for edit in overlay.edits if edit.act != "skip" for name in edit.names
    }
    decks = []
    for overlay in sorted(overlays, key=lambda each: int(each.front.get("place", "0") or 0)):
        notes = [
            *_as_found(shape, found, overlay, overlays, mentioned),
            *_edited(shape, by_id, overlay, problems),
        ]
        notes.sort(key=lambda note: note.source.start if note.source else 0)  # else as the overlay has them
        if notes:
            decks.append(_deck(overlay, notes))
    if problems:
        raise OverlayError(problems)
    return decks


def bare_paragraphs(shape: Outline, decks: Sequence[DeckDraft], overlays: Sequence[Overlay]) -> list[Bare]:
    """Every paragraph that no card's span touches, in reading order."""
    spans = [(note.source.start, note.source.end) for deck in decks for note in deck.notes if note.source]
    reasons = {
        tuple(edit.names[0].split(" / ")): edit.values["Why"]
        for overlay in overlays for edit in overlay.edits if edit.act == "skip"
    }  # fmt: skip
    bare = []
    for paragraph in shape.paragraphs():
        start, end = shape.normalised.origin(paragraph.span.start, paragraph.span.end)
        if not any(begin < end and start < stop for begin, stop in spans):
            path = paragraph.section.path
            reason = next((why for suffix, why in reasons.items() if _ends_with(path, suffix)), "")
            bare.append(Bare(path, start, end, reason))
    return bare


def content_version(notes: Sequence[NoteDraft]) -> str:
    """Changes when, and only when, the content does."""
    content = [[note.guid, note.kind, sorted(note.fields.items()), note.tags] for note in notes]
    return "c" + hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:11]


def _deck(overlay: Overlay, notes: Sequence[NoteDraft]) -> DeckDraft:
    front = overlay.front
    return DeckDraft(
        front["slug"],
        front["name"],
        front["description"],
        front["language"],
        content_version(notes),
        tuple(notes),
        place=int(front.get("place", "0") or 0),
    )


def _as_found(
    shape: Outline,
    found: Sequence[Candidate],
    overlay: Overlay,
    overlays: Sequence[Overlay],
    mentioned: set[str],
) -> Iterator[NoteDraft]:
    if overlay.take == "listed":
        return
    for candidate in found:
        wanted = candidate.id not in mentioned and candidate.rank >= LEAST_RANK
        if wanted and _owner(candidate.section, overlays) is overlay:
            yield _asked(_own_words(draft(candidate, shape.document)), candidate, overlay)


def _own_words(note: NoteDraft) -> NoteDraft:
    """A deck that is handed on carries facts, not the sentences of the text that a rule put into the note."""
    return replace(note, fields={name: value for name, value in note.fields.items() if name != "note"})


def _owner(path: tuple[str, ...], overlays: Sequence[Overlay]) -> Overlay | None:
    """The overlay that names the nearest section above a card."""
    for length in range(len(path), 0, -1):
        for overlay in overlays:
            if any(_ends_with(path[:length], suffix) for suffix in overlay.sections):
                return overlay
    return None


def _ends_with(path: tuple[str, ...], suffix: tuple[str, ...]) -> bool:
    return len(path) >= len(suffix) and path[len(path) - len(suffix) :] == suffix


def _asked(note: NoteDraft, candidate: Candidate, overlay: Overlay) -> NoteDraft:
    """The note with the questions that this deck uses for cards of its rule."""
    if candidate.rule not in overlay.asks:
        return note
    known = {"cue": candidate.cue, "back": candidate.back}
    forwards, backwards = (template.format(**known) for template in overlay.asks[candidate.rule])
    fields = note.fields | {"front": forwards}
    if backwards:
        fields |= {"reverse_front": backwards, "reverse_back": candidate.cue}
    return replace(note, fields=fields, kind="reverse" if backwards else note.kind)


def _edited(
    shape: Outline, by_id: Mapping[str, Candidate], overlay: Overlay, problems: list[str]
) -> Iterator[NoteDraft]:
    for edit in overlay.edits:
        if edit.act not in ("card", "new"):
            continue
        note = _new(shape, edit) if edit.act == "new" else _merged(shape, by_id, overlay, edit)
        note = _marked(_reworded(note, edit))
        try:
            faces(note.kind, note.fields)
        except InvalidNote as refusal:
            problems.append(f"{edit.where}: {refusal}")
        yield note


def _marked(note: NoteDraft) -> NoteDraft:
    """The provenance says that a person changed the words."""
    source = note.source
    if source is None or not source.rule:
        return note
    return replace(note, source=replace(source, rule=f"{source.rule}+edit"))


def _new(shape: Outline, edit: Edit) -> NoteDraft:
    start, end = edit.place
    source = Source(shape.document, _section_at(shape, start), start, end, "")
    return NoteDraft(edit.names[0], "basic", {}, (), source)


def _section_at(shape: Outline, start: int) -> tuple[str, ...]:
    path: tuple[str, ...] = ()
    for section in shape.sections():
        if section.parent and shape.normalised.offsets[section.span.start] <= start:
            path = section.path
    return path


def _merged(shape: Outline, by_id: Mapping[str, Candidate], overlay: Overlay, edit: Edit) -> NoteDraft:
    first, *others = (by_id[name] for name in edit.names)
    note = _asked(_own_words(draft(first, shape.document)), first, overlay)
    elsewhere = dict.fromkeys(other.section[-1] for other in others if other.section != first.section)
    if elsewhere and "E" not in edit.values:
        note = replace(note, fields=note.fields | {"note": f"又见“{'”“'.join(elsewhere)}”。"})
    return note


def _reworded(note: NoteDraft, edit: Edit) -> NoteDraft:
    fields = dict(note.fields)
    for key, name in _FIELDS.items():
        if key in edit.values:
            for shed in _SHAPES.get(key, ()):
                fields.pop(shed, None)
            fields[name] = edit.values[key]
    if was := edit.values.get("Was"):
        fields["note"] = f"{fields.get('note', '')}原文作“{was}”。"
    if edit.values.get("Dir") == "one" or ("A" in edit.values and "RQ" not in edit.values):
        fields.pop("reverse_front", None)
        fields.pop("reverse_back", None)
    fields = {name: value for name, value in fields.items() if value}
    return replace(note, fields=fields, kind=_kind(fields), tags=tuple(edit.values.get("Tags", "").split()))


def _kind(fields: Mapping[str, str]) -> NoteKind:
    if "text" in fields:
        return "cloze"
    if "items" in fields:
        return "list"
    return "reverse" if "reverse_front" in fields else "basic"


def _unmatched(shape: Outline, by_id: Mapping[str, Candidate], overlays: Sequence[Overlay]) -> Iterator[str]:
    paths = [section.path for section in shape.sections()]
    length = len(shape.normalised.offsets) and shape.normalised.offsets[-1]
    for overlay in overlays:
        for suffix in overlay.sections:
            if not any(_ends_with(path, suffix) for path in paths):
                yield f"{overlay.file}:1: no section “{' / '.join(suffix)}” in the text"
        for edit in overlay.edits:
            if edit.act == "new" and edit.place[1] > length:
                yield f"{edit.where}: the place lies behind the end of the text"
            if edit.act == "skip" and not any(
                _ends_with(path, tuple(edit.names[0].split(" / "))) for path in paths
            ):
                yield f"{edit.where}: no section “{edit.names[0]}” in the text"
            if edit.act in ("card", "drop"):
                yield from (f"{edit.where}: no candidate {name}" for name in edit.names if name not in by_id)


def _claimed_twice(overlays: Sequence[Overlay]) -> Iterator[str]:
    claims: dict[str, str] = {}
    for overlay in overlays:
        for edit in overlay.edits:
            for name in edit.names if edit.act != "skip" else ():
                if name in claims:
                    yield f"{edit.where}: {name} is edited already at {claims[name]}"
                claims[name] = edit.where
