"""CrowdAnki folders: note types, sub-decks, options and media; no history to bring."""

import copy
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from app.formats.anki_collection import Reading
from app.formats.archive import Archive
from app.formats.drafts import ImportDraft, gather
from app.formats.folder import read_folder
from app.formats.limits import DEFAULT_LIMITS
from app.formats.refusals import FileRefused

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
READING = Reading("Asia/Shanghai", 4, 1_790_000_000_000)


def a_type(uuid: str, fields: str, *templates: tuple[str, str], cloze: bool = False) -> dict[str, Any]:
    return {
        "__type__": "NoteModel", "crowdanki_uuid": uuid, "name": uuid, "type": int(cloze), "css": "",
        "flds": [{"name": name, "ord": place} for place, name in enumerate(fields.split())],
        "tmpls": [{"name": f"Card {n}", "ord": n, "qfmt": front, "afmt": back}
                  for n, (front, back) in enumerate(templates)],
    }  # fmt: skip


def a_note(guid: str, model: str, *fields: str, tags: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "__type__": "Note", "guid": guid, "note_model_uuid": model, "fields": list(fields), "tags": list(tags)
    }  # fmt: skip


DECK: dict[str, Any] = {
    "__type__": "Deck", "name": "地理", "desc": "首都", "deck_config_uuid": "o1", "media_files": ["cat.png"],
    "deck_configurations": [{"crowdanki_uuid": "o1", "new": {"perDay": 7}, "rev": {"perDay": 70}}],
    "note_models": [
        a_type("basic", "Front Back", ("{{Front}}", "{{FrontSide}}<hr id=answer>{{Back}}")),
        a_type("two", "Land Capital Flag", ("{{Land}}", "{{Capital}}"),
               ("{{#Flag}}{{Flag}}{{/Flag}}", "{{Land}}")),
        a_type("gaps", "Text Extra", ("{{cloze:Text}}", "{{cloze:Text}}{{Extra}}"), cloze=True),
    ],
    "notes": [a_note("g1", "basic", "法国", "巴黎", tags=("欧洲",))],
    "children": [{
        "__type__": "Deck", "name": "亚洲", "children": [], "notes": [
            a_note("g2", "two", "中国", "北京", '<img src="cat.png">'),
            a_note("g3", "two", "日本", "东京", ""),
            a_note("g4", "gaps", "{{c1::泰国}}的首都是{{c2::曼谷}}", ""),
            a_note("g5", "nowhere", "x", "y"),
        ],
    }],
}  # fmt: skip


def read(folder: Path, deck: Any) -> ImportDraft:
    path = folder / "crowd.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("地理/deck.json", deck if isinstance(deck, str) else json.dumps(deck))
        archive.writestr("地理/media/cat.png", PNG)
    with Archive(path) as opened:
        return gather(read_folder(opened, READING, deck="", media_folder=folder, limits=DEFAULT_LIMITS))


def test_everything_in_the_folder_arrives(tmp_path: Path) -> None:
    draft = read(tmp_path, DECK)
    assert [(deck.name, deck.new_per_day, deck.reviews_per_day) for deck in draft.decks] == [
        ("地理", 7, 70),
        ("地理::亚洲", None, None),
    ]
    assert [
        (note.guid, note.kind, note.deck, [card.ordinal for card in note.cards]) for note in draft.notes
    ] == [
        ("g1", "basic", "地理", [0]),
        ("g2", "anki", "地理::亚洲", [0, 1]),
        ("g3", "anki", "地理::亚洲", [0]),
        ("g4", "cloze", "地理::亚洲", [0, 1]),
    ]
    assert draft.notes[0].fields == {"front": "法国", "back": "巴黎"}
    assert draft.notes[0].tags == ("欧洲",)
    assert [media.name for media in draft.media] == ["cat.png"]
    assert [(one.code, one.name) for one in draft.skipped] == [("note-type-missing", "g5")]


@pytest.mark.parametrize(
    "broken", ["", "[]", "{}", '{"__type__": "Deck"}', "{" * 100, '{"__type__": "Deck", "notes": 5}']
)
def test_what_is_no_deck_is_refused(tmp_path: Path, broken: str) -> None:
    with pytest.raises(FileRefused):
        read(tmp_path, broken)


def test_a_deck_within_itself_a_thousand_times_ends(tmp_path: Path) -> None:
    deck = copy.deepcopy(DECK)
    for _ in range(8):
        deck = {"__type__": "Deck", "name": "d", "notes": [], "children": [deck]}
    assert len(read(tmp_path, deck).notes) == 4
