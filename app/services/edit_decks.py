"""What each kind of edit does to a deck.

Each checks first and then changes, so that a refusal changes nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from app.core.errors import Conflict as Clash
from app.db.models import Deck
from app.services.edit_bench import Bench, EditIn
from app.services.merge import Conflict, merge

_OPTION: Final = "options."


def create_deck(bench: Bench, edit: EditIn) -> list[Conflict]:
    """Raises Conflict("deck-exists" | "id-taken")."""
    if edit.entity_id in bench.decks:
        raise Clash("deck-exists")
    bench.take_id(edit.entity_id)
    position = edit.fields.get("position")
    deck = Deck(
        learner_id=bench.ledger.learner_id,
        id=edit.entity_id,
        name=edit.fields["name"],
        options=_set(edit.fields.get("options") or {}),
        position=bench.next_deck_position() if position is None else position,
        seq=bench.ledger.next_seq(),
    )
    bench.ledger.session.add(deck)
    bench.ledger.session.flush()
    bench.decks[deck.id] = deck
    return []


def update_deck(bench: Bench, edit: EditIn) -> list[Conflict]:
    """Merge the changes; a deck that was deleted meanwhile comes back. Raises Missing("deck-missing")."""
    deck = bench.deck(edit.entity_id)
    conflicts = []
    if deck.deleted_at is not None:
        conflicts.append(Conflict(deck.id, "deleted", False, True))
        bench.restore_deck(deck)
    merged = merge(
        {
            **{_OPTION + key: value for key, value in deck.options.items()},
            "name": deck.name,
            "position": deck.position,
        },
        deck.stamps,
        deck.version,
        wanted=_parts(edit.fields),
        base_version=edit.base_version,
        at=bench.moment(edit),
    )
    conflicts += [
        Conflict(deck.id, part.removeprefix(_OPTION), kept, other) for part, kept, other in merged.conflicts
    ]
    if merged.values:
        options = {
            part.removeprefix(_OPTION): v for part, v in merged.values.items() if part.startswith(_OPTION)
        }
        deck.options = _set({**deck.options, **options})
        deck.name = merged.values.get("name", deck.name)
        deck.position = merged.values.get("position", deck.position)
        deck.version += 1
        deck.seq = bench.ledger.next_seq()
    deck.stamps = merged.stamps
    return conflicts


def delete_deck(bench: Bench, edit: EditIn) -> list[Conflict]:
    """An edit that the deletion did not know of wins over it. Raises Missing("deck-missing")."""
    deck = bench.deck(edit.entity_id)
    if deck.deleted_at is not None:
        return []
    if deck.version > edit.base_version:
        return [Conflict(deck.id, "deleted", False, True)]
    bench.delete_deck(deck)
    return []


def restore_deck(bench: Bench, edit: EditIn) -> list[Conflict]:
    """Bring a deleted deck back with all that went with it. Raises Missing("deck-missing")."""
    bench.restore_deck(bench.deck(edit.entity_id))
    return []


DECK_EDITS: Final[Mapping[str, Callable[[Bench, EditIn], list[Conflict]]]] = {
    "create": create_deck,
    "update": update_deck,
    "delete": delete_deck,
    "restore": restore_deck,
}


def _parts(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The edit's changes, each under the name by which it is merged. An option given as None is taken off."""
    parts = {_OPTION + key: value for key, value in (fields.get("options") or {}).items()}
    return parts | {name: fields[name] for name in ("name", "position") if fields.get(name) is not None}


def _set(options: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in options.items() if value is not None}
