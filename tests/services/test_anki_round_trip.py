"""From Anki through the service's database back to Anki: collections of any kind, in every generation."""

import json
import tempfile
import time
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from app.services.export_decks import ExportFormat, export_decks
from tests.factories import a_learner
from tests.formats.anki_asked import ask
from tests.formats.anki_files import zipped
from tests.services.importing import Desk

WORDS = st.text("甲乙丙 aéz<>&\"'=+-{}:|1/。[]()*_`~", max_size=12).map(
    lambda text: unicodedata.normalize("NFC", text)
)
TYPES = ("Basic", "Basic (and reversed card)", "Basic (type in the answer)", "Cloze")
TARGETS: dict[str, ExportFormat] = {"legacy1": "apkg-legacy", "legacy2": "apkg", "latest": "apkg-legacy"}


@st.composite
def logs(draw: st.DrawFn) -> list[tuple[int, int, int, int, int, int]]:
    """Rows of a card that was learnt in two steps, seen again, and learnt again after each slip."""
    days = sorted(draw(st.sets(st.integers(40, 2_000), min_size=2, max_size=6)), reverse=True)
    rows = [(days[0], 3, -600, 0, 0, 0), (days[1], 3, 2, -600, 2500, 0)]
    slipped = False
    for ago in days[2:]:
        ease = 3 if slipped else draw(st.integers(1, 4))
        rows.append((ago, ease, 9, 4, 2500, 2 if slipped else 1))
        slipped = ease == 1
    return [*rows, (30, 3, 9, -600, 2500, 2)] if slipped else rows


@st.composite
def notes(draw: st.DrawFn) -> dict[str, Any]:
    """A note with the state and history that its cards shall have."""
    kind = draw(st.sampled_from(TYPES))
    front, back = draw(WORDS), draw(WORDS)
    picture = draw(st.sampled_from(("", "", "猫.png", "a b(1).png")))
    shown = f'<img src="{picture}">' if picture else ""
    fields = [f"问{front}{shown}", f"<b>答</b>{back}"]
    if kind == "Cloze":
        fields = [f"甲{shown} {{{{c1::乙::几}}}} {{{{c3::丙}}}}", back]
    phase = draw(st.booleans())
    log = draw(logs()) if phase and draw(st.booleans()) else []
    lapses = draw(st.integers(0, 12))
    return {
        "type": kind,
        "fields": fields,
        "deck": draw(st.sampled_from(("一", "一::二", "一::二::三", "四 五"))),
        "tags": draw(st.lists(st.sampled_from(("易错", "a::b", "x-y")), unique=True)),
        "picture": picture,
        "phase": phase,
        "log": log,
        "put": draw(st.sampled_from(("", "", "suspended"))),
        "flag": draw(st.sampled_from((0, 0, 1, 7))),
        "due": draw(st.integers(-300, 900)),
        "interval": draw(st.integers(1, 900)),
        "reps": lapses + draw(st.integers(1, 40)),
        "lapses": lapses,
        "memory": draw(st.none() | st.tuples(st.floats(0.5, 3_000), st.floats(1, 10))),
    }


def legacy1(package: Path) -> bytes:
    """The same collection as it was packed before 2018: in `collection.anki2`, without `meta`."""
    with zipfile.ZipFile(package) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    collection = files.pop("collection.anki21")
    files.pop("meta", None)
    return (
        zipped([*files.items(), ("collection.anki2", collection)])
        if "collection.anki2" not in files
        else zipped(
            [(name, collection if name == "collection.anki2" else data) for name, data in files.items()]
        )
    )


@settings(
    max_examples=2,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(plans=st.lists(st.lists(notes(), min_size=3, max_size=12), min_size=3, max_size=3))
def test_what_anki_wrote_is_in_anki_again(
    engine: Engine, anki_python: Path, plans: list[list[dict[str, Any]]]
) -> None:
    """Each collection goes another way: by its generation in, by the other one out."""
    with tempfile.TemporaryDirectory() as place:
        folder, out = Path(place), Path(place) / "out"
        out.mkdir()
        (folder / "plans.json").write_text(json.dumps(plans), "utf-8")
        truth = ask(anki_python, "build", folder)
        for number, (generation, target) in enumerate(TARGETS.items()):
            content = (
                legacy1(folder / f"{number}-legacy2.apkg")
                if generation == "legacy1"
                else (folder / f"{number}-{generation}.apkg").read_bytes()
            )
            _through(engine, folder / generation, content, target, out / f"{number}.apkg", truth[number])
        opened = ask(anki_python, "open", out)
    for number, expected in enumerate(truth):
        _compare(opened[f"{number}.apkg"], expected)


def _through(
    engine: Engine, data: Path, content: bytes, target: ExportFormat, path: Path, truth: dict[str, Any]
) -> None:
    """Imported by one learner, imported again, and taken out."""
    now = int(time.time() * 1000)
    desk = Desk(engine, data, a_learner(engine, now, "UTC"), now)
    first = desk.do(content)
    assert first.counts["new"] == len(truth["notes"])
    before = desk.digest()
    again = desk.do(content)
    assert again.counts["new"] == again.counts["updated"] == 0
    assert desk.digest() == before
    made = export_decks(engine, data, desk.learner_id, target, deck_id=None, history=True, now=now)
    path.write_bytes(b"".join(made.pieces))


def _compare(found: dict[str, Any], truth: dict[str, Any]) -> None:
    assert found["media"] == truth["media"]
    assert found["notes"].keys() == truth["notes"].keys()
    for guid, expected in truth["notes"].items():
        note = found["notes"][guid]
        assert [value for value in note["fields"].values() if value] == [
            value for value in expected["fields"].values() if value
        ]
        assert note["tags"] == expected["tags"]
        assert note["cards"].keys() == expected["cards"].keys()
        for ordinal, card in expected["cards"].items():
            _same_card(note["cards"][ordinal], card)


def _same_card(found: dict[str, Any], truth: dict[str, Any]) -> None:
    exact = ("deck", "type", "due_day", "suspended", "flag")
    assert {name: found[name] for name in exact} == {name: truth[name] for name in exact}
    log = [(at, ease) for at, ease, _, _ in truth["reviews"]]
    assert [(at, ease) for at, ease, _, _ in found["reviews"] if ease] == log
    if truth["type"] and not log:
        assert (found["reps"], found["lapses"]) == (truth["reps"], truth["lapses"])
        if truth["stability"] is not None:
            assert found["stability"] == pytest.approx(truth["stability"], rel=2e-3)
            assert found["difficulty"] == pytest.approx(truth["difficulty"], rel=2e-3)
