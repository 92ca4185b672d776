"""What an import says of itself: counts, decks, what is left out and why, what clashes, how cards look."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from uuid import UUID

from app.db.rows import Fetched
from app.formats.drafts import SKIPPED, NoteTypeDraft, Skipped, TableDraft
from app.formats.refusals import FileRefused
from app.services.import_files import StagedNote
from app.services.import_plan import Planned
from app.services.showing import ANKI, clean_or_plain, face_or_fields, render_sides

MOST_DECKS: Final = 500
MOST_NAMES: Final = 20
MOST_CONFLICTS: Final = 100
MOST_SAMPLES: Final = 12
LONGEST_EXCERPT: Final = 500
_COUNTED: Final = {
    "new": "new", "updated": "updated", "unchanged": "unchanged", "conflict": "conflicts",
    "deleted": "deleted",
}  # fmt: skip


@dataclass(slots=True)
class Report:
    """Grows while notes are read; `counts` are complete at any moment."""

    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(
            (
                "notes", "cards", "reviews", "media", "new", "updated", "unchanged", "conflicts", "deleted",
                "skipped", "new_cards", "new_reviews", "new_media", "media_bytes",
            ),
            0,
        )
    )  # fmt: skip
    encoding: str = ""
    guessed: bool = False
    table: dict[str, Any] | None = None
    _decks: dict[str, list[int]] = field(default_factory=dict)
    _skipped: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _skips: Counter[tuple[str, str]] = field(default_factory=Counter)
    _conflicts: list[dict[str, Any]] = field(default_factory=list)
    _samples: list[dict[str, Any]] = field(default_factory=list)

    def take(
        self, plan: Planned, deck_names: Mapping[str, str], note_types: Mapping[str, NoteTypeDraft]
    ) -> None:
        note, counts = plan.note, self.counts
        reviews = sum(event.kind == "answer" for card in note.cards for event in card.events)
        counts["notes"] += 1
        counts["cards"] += len(note.cards)
        counts["reviews"] += reviews
        counts[_COUNTED[plan.act]] += 1
        if plan.act != "deleted":
            counts["new_cards"] += len(plan.new_cards)
            fresh = [event for _, own in plan.new_events for event in own]
            fresh += [event for card in plan.new_cards for event in card.events]
            counts["new_reviews"] += sum(event.kind == "answer" for event in fresh)
        deck = self._decks.setdefault(deck_names[note.deck], [0, 0])
        deck[0] += 1
        for card in note.cards:
            self._decks.setdefault(deck_names[card.deck], [0, 0])[1] += 1
        if plan.act == "conflict" and plan.row is not None and len(self._conflicts) < MOST_CONFLICTS:
            self._conflicts.append(_conflict(plan.row, note))
        if len(self._samples) < MOST_SAMPLES:
            self._samples.append(_sample(note, deck_names[note.deck], note_types.get(note.note_type)))

    def skip(self, what: Skipped) -> None:
        """Raises FileRefused("file-reader-failed") for a reason that has no words."""
        if what.code not in SKIPPED or what.count < 0:
            raise FileRefused("file-reader-failed")
        key = (what.what, what.code)
        self._skips[key] += what.count
        self.counts["skipped"] += what.count if what.what == "note" else 0
        names = self._skipped.setdefault(key, [])
        if what.name and len(names) < MOST_NAMES:
            names.append(what.name[:200])

    def take_table(self, table: TableDraft) -> None:
        self.table = {
            **asdict(table),
            "rows": [[cell[:200] for cell in row[:100]] for row in table.rows[:20]],
        }

    def as_json(self, deck_ids: Mapping[str, UUID]) -> dict[str, Any]:
        """The report as it is kept."""
        return {
            "encoding": self.encoding,
            "guessed_encoding": self.guessed,
            "table": self.table,
            "decks": [
                {"name": name, "notes": count[0], "cards": count[1], "exists": name in deck_ids}
                for name, count in sorted(self._decks.items())[:MOST_DECKS]
            ],
            "decks_total": len(self._decks),
            "skipped": [
                {"what": what, "code": code, "count": count, "names": self._skipped[what, code]}
                for (what, code), count in self._skips.items()
            ],
            "conflicts": self._conflicts,
            "samples": self._samples,
        }


def _conflict(row: Fetched, note: StagedNote) -> dict[str, Any]:
    """Both versions of what differs, short and clean."""
    differing = [
        {
            "name": name,
            "mine": _excerpt(row.fields.get(name, ""), row.format),
            "theirs": _excerpt(note.fields.get(name, ""), note.format),
        }
        for name in dict.fromkeys((*row.fields, *note.fields))
        if row.fields.get(name, "") != note.fields.get(name, "")
    ]
    if sorted(row.tags) != sorted(note.tags):
        mine, theirs = " ".join(row.tags), " ".join(note.tags)
        differing.append({"name": "tags", "mine": _excerpt(mine, "text"), "theirs": _excerpt(theirs, "text")})
    return {"note_id": str(row.id), "deck": row.deck_name, "fields": differing}


def _excerpt(value: str, form: str) -> str:
    short = value[:LONGEST_EXCERPT]
    return clean_or_plain(short) if form == "html" else short


def _sample(note: StagedNote, deck: str, note_type: NoteTypeDraft | None) -> dict[str, Any]:
    """The first card of the note as it will look."""
    ordinal = note.cards[0].ordinal
    front, back, below = "", "", ""
    if note.kind == ANKI and note_type is not None:
        (side,) = render_sides(note_type, note.fields, [ordinal], deck=deck, tags=" ".join(note.tags))
        front, back = side.front, side.back
    elif note.kind != ANKI:
        fields = note.fields
        if note.format == "html":
            fields = {name: clean_or_plain(value) for name, value in fields.items()}
        face = face_or_fields(note.kind, fields, ordinal)
        front, back, below = face.front, face.back, face.note
    return {
        "deck": deck, "kind": note.kind, "format": note.format,
        "front": front[:5_000], "back": back[:5_000], "note": below[:5_000],
    }  # fmt: skip
