"""Notes as they may be shown: markup cleaned, cards of Anki's note types rendered, files named by their hash.

What is stored stays as it was brought, for edits and exports; cleaning at the last moment means that a better
rule for what is harmless covers all that was imported before.
"""

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from app.core.notes import OPTIONAL, REQUIRED, CardFace, InvalidNote, NoteKind, faces
from app.db.models import cards, decks, note_media, note_types
from app.db.rows import NoteRow, Side
from app.formats.drafts import NoteTypeDraft, TemplateDraft
from app.formats.limits import Limits
from app.formats.markup import MarkupTooLarge, clean
from app.formats.templates import MOST_OUTPUT, BadTemplate, Rendered, render_card

ANKI: Final = "anki"
MOST_SIDES: Final = 500
_SIDE_LIMITS: Final = Limits(field=2 * MOST_OUTPUT)
_RULE: Final = re.compile(r"\A\s*(?:<hr[^<>]{0,80}>)?\s*", re.IGNORECASE)
_GAP: Final = re.compile(r"\{\{c([0-9]{1,3})::")


@dataclass(frozen=True, slots=True)
class KnownType:
    """A note type with the files that its templates ask for."""

    draft: NoteTypeDraft
    media: Mapping[str, str]


def shown(session: Session, learner_id: UUID, rows: Sequence[NoteRow]) -> list[NoteRow]:
    """The notes in a form that is safe to show, in their order: four statements at most."""
    marked = [row for row in rows if row.format == "html"]
    if not marked:
        return list(rows)
    files = _files(session, learner_id, [row.id for row in marked])
    types = read_types(session, learner_id, {row.note_type_id for row in marked if row.note_type_id})
    templated = [row for row in marked if row.kind == ANKI]
    names = _deck_names(session, learner_id, {row.deck_id for row in templated})
    ordinals = _ordinals(session, learner_id, [row.id for row in templated])

    def one(row: NoteRow) -> NoteRow:
        known = types.get(row.note_type_id) if row.note_type_id else None
        deck = names.get(row.deck_id, "")
        return _shown(row, known, ordinals.get(row.id, ()), deck, files.get(row.id, {}))

    return [one(row) if row.format == "html" else row for row in rows]


def face_of(note: NoteRow, ordinal: int) -> CardFace:
    """What a card of a shown note asks and answers."""
    if note.kind == ANKI:
        side = next((side for side in note.sides or () if side.ordinal == ordinal), None)
        return CardFace(ordinal, side.front, side.back, "") if side else CardFace(ordinal, "", "", "")
    return face_or_fields(note.kind, note.fields, ordinal)


def face_or_fields(kind: str, fields: Mapping[str, str], ordinal: int) -> CardFace:
    """The card of clean fields; where cleaning left too little for one, the fields as they are."""
    own = cast(NoteKind, kind)
    try:
        made = faces(own, fields)
    except InvalidNote:
        made = []
    # By name: PostgreSQL gives the fields in an order of its own.
    front, back, *rest = (fields.get(name, "") for name in (*REQUIRED[own], *OPTIONAL[own]))
    plain = CardFace(ordinal, front, back, "\n".join(filter(None, rest)))
    return next((face for face in made if face.ordinal == ordinal), plain)


def read_types(session: Session, learner_id: UUID, ids: Iterable[UUID]) -> dict[UUID, KnownType]:
    wanted = list(ids)
    if not wanted:
        return {}
    rows = session.execute(
        select(note_types).where(note_types.c.learner_id == learner_id, note_types.c.id.in_(wanted))
    )
    return {
        row.id: KnownType(
            NoteTypeDraft(
                row.key,
                row.name,
                "cloze" if row.kind == "cloze" else "normal",
                tuple(row.fields),
                tuple(TemplateDraft(**template) for template in row.templates),
                row.css,
            ),
            row.media,
        )
        for row in rows
    }


def ordinals_of(note_type: NoteTypeDraft, fields: Mapping[str, str]) -> list[int]:
    """Which cards the fields make: those whose front shows something."""
    if note_type.kind == "cloze":
        numbers = {int(number) for value in fields.values() for number in _GAP.findall(value)}
        return sorted(number - 1 for number in numbers if 0 < number <= MOST_SIDES)
    found = []
    for ordinal in range(len(note_type.templates)):
        try:
            blank = render_card(note_type, fields, ordinal).blank
        except BadTemplate:
            blank = False
        if not blank:
            found.append(ordinal)
    return found


def clean_or_plain(text: str, limits: Limits = _SIDE_LIMITS) -> str:
    """Clean HTML; what is beyond the caps of the cleaner is shown as the letters it consists of."""
    try:
        return clean(text, limits)
    except MarkupTooLarge:
        return html.escape(text)


def render_sides(
    note_type: NoteTypeDraft, fields: Mapping[str, str], ordinals: Iterable[int], *, deck: str, tags: str
) -> tuple[Side, ...]:
    """The cards of these ordinals as clean HTML; one that is blank or broken shows the fields themselves."""
    sides = []
    for ordinal in ordinals:
        try:
            made = render_card(note_type, fields, ordinal, deck=deck, tags=tags)
        except (BadTemplate, IndexError):
            made = None
        if made is None or made.blank:
            first, *rest = fields.values() if fields else ("",)
            sides.append(Side(ordinal, clean_or_plain(first), clean_or_plain("<hr>".join((first, *rest)))))
        else:
            sides.append(Side(ordinal, clean_or_plain(made.front), clean_or_plain(_answer(made))))
    return tuple(sides)


def _answer(made: Rendered) -> str:
    """The back without the front that most templates repeat, and the rule behind it: the app shows both."""
    rest = made.back.removeprefix(made.front)
    answer = _RULE.sub("", rest, count=1) if len(rest) < len(made.back) else rest
    return answer if answer.strip() else made.back


def _shown(
    row: NoteRow, known: KnownType | None, ordinals: Iterable[int], deck: str, files: Mapping[str, str]
) -> NoteRow:
    cleaned = {name: clean_or_plain(value) for name, value in row.fields.items()}
    if row.kind != ANKI or known is None:
        return replace(row, fields=cleaned, media=files)
    sides = render_sides(known.draft, row.fields, ordinals, deck=deck, tags=" ".join(row.tags))
    return replace(row, fields=cleaned, sides=sides, media={**known.media, **files})


def _ordinals(session: Session, learner_id: UUID, note_ids: Sequence[UUID]) -> dict[UUID, list[int]]:
    """Which cards these notes have."""
    found: dict[UUID, list[int]] = defaultdict(list)
    if note_ids:
        rows = session.execute(
            select(cards.c.note_id, cards.c.ordinal)
            .where(
                cards.c.learner_id == learner_id,
                cards.c.note_id.in_(note_ids),
                cards.c.deleted_at.is_(None),
            )
            .order_by(cards.c.note_id, cards.c.ordinal)
        )
        for row in rows:
            found[row.note_id].append(row.ordinal)
    return found


def _files(session: Session, learner_id: UUID, note_ids: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    rows = session.execute(
        select(note_media.c.note_id, note_media.c.name, note_media.c.hash).where(
            note_media.c.learner_id == learner_id, note_media.c.note_id.in_(note_ids)
        )
    )
    found: dict[UUID, dict[str, str]] = defaultdict(dict)
    for row in rows:
        found[row.note_id][row.name] = row.hash
    return found


def _deck_names(session: Session, learner_id: UUID, ids: Iterable[UUID]) -> dict[UUID, str]:
    wanted = list(ids)
    if not wanted:
        return {}
    rows = session.execute(
        select(decks.c.id, decks.c.name).where(decks.c.learner_id == learner_id, decks.c.id.in_(wanted))
    )
    return {row.id: row.name for row in rows}
