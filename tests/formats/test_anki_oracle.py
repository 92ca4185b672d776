"""Against Anki itself: what it writes is read whole, in the words of both sides."""

import time
from pathlib import Path
from typing import Any

import pytest

from app.core.parameters import DEFAULT_PARAMETERS
from app.core.schedule import replay
from app.formats.anki_collection import Reading
from app.formats.collection_write import Writing
from app.formats.drafts import ImportDraft, gather
from app.formats.package import read_package
from app.formats.package_write import Target, write_package
from tests.formats.anki_asked import ask
from tests.formats.events import as_events, card_id

GENERATIONS = {
    "latest.apkg": "anki-latest",
    "legacy2.apkg": "anki-legacy2",
    "latest.colpkg": "anki-latest",
    "legacy.colpkg": "anki-legacy2",
}
OUR_FIELDS = {
    "basic": ("front", "back"),
    "reverse": ("front", "back"),
    "type": ("front", "back"),
    "cloze": ("text", "note"),
}


@pytest.fixture(scope="session")
def made(anki_python: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("anki")
    return folder, ask(anki_python, "make", folder)


def read(path: Path) -> ImportDraft:
    return gather(read_package(path, Reading("UTC", 4, int(time.time() * 1000))))


@pytest.mark.parametrize("name", GENERATIONS)
def test_anki_packages_are_read_as_anki_knows_them(made: tuple[Path, dict[str, Any]], name: str) -> None:
    folder, truth = made
    draft = read(folder / name)
    assert draft.header.generation == GENERATIONS[name]
    decks = {deck.key: deck.name for deck in draft.decks}
    types = {one.key: one.name for one in draft.note_types}
    assert {note.guid for note in draft.notes} == set(truth["notes"])
    for note in draft.notes:
        expected = truth["notes"][note.guid]
        names = OUR_FIELDS.get(note.kind, tuple(expected["fields"]))
        assert [note.fields.get(one, "") for one in names] == list(expected["fields"].values())
        assert (sorted(note.tags), types[note.note_type]) == (expected["tags"], expected["type"])
        for card in note.cards:
            _same_card(card, expected["cards"][str(card.ordinal)], decks)
        assert len(note.cards) == len(expected["cards"])
    assert [one.name for one in draft.media] == truth["media"]
    assert {note.kind for note in draft.notes} == {"basic", "reverse", "type", "cloze"}
    assert not draft.skipped


def _same_card(card: Any, truth: dict[str, Any], decks: dict[str, str]) -> None:
    state = card.state
    assert decks[card.deck] == truth["deck"]
    assert (state.phase, state.suspended, state.flag) == (truth["type"], truth["suspended"], truth["flag"])
    assert (state.reps, state.lapses) == (truth["reps"], truth["lapses"])
    assert state.due_at == truth["due_at"]
    if truth["due_day"] is not None:
        assert state.due_day == truth["due_day"]
    if truth["position"] is not None:
        assert card.position == truth["position"]
    if truth["stability"] is not None:
        assert state.stability == pytest.approx(truth["stability"], rel=1e-3)
        assert state.difficulty == pytest.approx(truth["difficulty"], rel=1e-3)
    answers = [(one.at, one.rating, one.data.get("mode")) for one in card.events if one.kind == "answer"]
    assert answers == [
        (at, ease, "cram" if kind == 3 and not factor else None)
        for at, ease, kind, factor in truth["reviews"]
        if ease
    ]


def test_replaying_what_anki_wrote_keeps_its_due_days(made: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = made
    checked = 0
    for note in read(folder / "latest.apkg").notes:
        for card in note.cards:
            key = note.guid, card.ordinal
            state = replay(card_id(key), as_events(key, card.events), [DEFAULT_PARAMETERS])
            if card.state.phase == 2:
                assert (state.phase, state.due_day) == (2, card.state.due_day)
                checked += 1
            assert (state.suspended, state.flag) == (card.state.suspended, card.state.flag)
    assert checked >= 3


def test_a_state_without_history_or_with_half_of_it_is_seeded(made: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = made
    by_front = {note.fields.get("front"): note.cards[0] for note in read(folder / "legacy2.apkg").notes}
    assert [event.kind for event in by_front["问 2"].events] == ["answer"] * 5 + ["due"]
    half = by_front["问 3"].events
    assert [event.kind for event in half] == ["seed", "answer", "answer", "answer", "due"]
    assert half[0].data["stability"] == 30.0
    assert [event.kind for event in by_front["问 4"].events] == ["seed"]
    assert by_front["问 4"].events[0].data["stability"] == 500.0


def test_anki_opens_what_we_write(
    made: tuple[Path, dict[str, Any]], anki_python: Path, tmp_path: Path
) -> None:
    """Read with ours, written with ours in both generations, opened by Anki: the same cards and history."""
    folder, truth = made
    media = tmp_path / "media"
    media.mkdir()
    now = int(time.time() * 1000)
    source = read_package(folder / "latest.colpkg", Reading("UTC", 4, now), media_folder=media)
    draft = gather(source)
    targets: tuple[Target, ...] = ("anki-latest", "anki-legacy2")
    for target in targets:
        write_package(
            tmp_path / f"{target}.apkg", target, Writing("UTC", 4, now),
            note_types=draft.note_types, decks=draft.decks, notes=draft.notes,
            media=[(one.name, media / one.sha256) for one in draft.media],
        )  # fmt: skip
    media.rename(tmp_path / "kept")
    opened = ask(anki_python, "open", tmp_path)
    assert set(opened) == {"anki-latest.apkg", "anki-legacy2.apkg"}
    for found in opened.values():
        assert found["media"] == truth["media"]
        assert set(found["notes"]) == set(truth["notes"])
        for guid, note in found["notes"].items():
            expected = truth["notes"][guid]
            assert [value for value in note["fields"].values() if value] == [
                value for value in expected["fields"].values() if value
            ]
            assert note["tags"] == expected["tags"]
            assert set(note["cards"]) == set(expected["cards"])
            for ordinal, card in note["cards"].items():
                _same_in_anki(card, expected["cards"][ordinal])


def _same_in_anki(card: dict[str, Any], truth: dict[str, Any]) -> None:
    exact = ("deck", "type", "due_day", "due_at", "suspended", "flag", "reps", "lapses")
    assert {name: card[name] for name in exact} == {name: truth[name] for name in exact}
    for name in ("stability", "difficulty"):
        if truth[name] is not None:
            assert card[name] == pytest.approx(truth[name], rel=1e-3)
    answers = [
        [(at, ease, kind == 3 and not factor) for at, ease, kind, factor in side["reviews"] if ease]
        for side in (card, truth)
    ]
    assert answers[0] == answers[1]
