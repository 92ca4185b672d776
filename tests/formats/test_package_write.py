"""What we write as Anki packages, we read again as it was."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.notes import KINDS, note_vectors
from app.formats.anki_collection import Reading
from app.formats.collection_write import Writing
from app.formats.drafts import CardDraft, ImportDraft, ImportedDeck, ImportedNote, NoteTypeDraft, gather
from app.formats.light_html import as_html
from app.formats.package import read_package
from app.formats.package_write import Target, write_package
from tests.formats.anki_files import NOW, PNG, latest
from tests.formats.test_package import MEDIA, rich

ZONES = [("UTC", 0), ("Asia/Shanghai", 4), ("Asia/Kathmandu", 3), ("America/St_Johns", 4)]


def write(
    folder: Path, target: Target, draft: ImportDraft, zone: str = "UTC", rollover: int = 0
) -> ImportDraft:
    """The draft, written and read again."""
    out = folder / "out.apkg"
    out.unlink(missing_ok=True)
    media = [(one.name, folder / "media" / one.sha256) for one in draft.media]
    write_package(
        out, target, Writing(zone, rollover, NOW),
        note_types=draft.note_types, decks=draft.decks, notes=draft.notes, media=media,
    )  # fmt: skip
    return gather(read_package(out, Reading(zone, rollover, NOW)))


def read(folder: Path, zone: str = "UTC", rollover: int = 0) -> ImportDraft:
    path = folder / "in.apkg"
    path.write_bytes(latest(rich(18), MEDIA))
    (folder / "media").mkdir(exist_ok=True)
    return gather(read_package(path, Reading(zone, rollover, NOW), media_folder=folder / "media"))


@pytest.mark.parametrize("target", ["anki-latest", "anki-legacy2"])
@pytest.mark.parametrize(("zone", "rollover"), ZONES)
def test_a_package_survives_the_way_out_and_back(
    tmp_path: Path, target: Target, zone: str, rollover: int
) -> None:
    before = read(tmp_path, zone, rollover)
    after = write(tmp_path, target, before, zone, rollover)
    assert after.header.generation == target
    names = [{deck.key: deck.name for deck in draft.decks} for draft in (before, after)]
    for one, other in zip(before.notes, after.notes, strict=True):
        assert (other.guid, other.kind, other.fields, other.tags) == (
            one.guid,
            one.kind,
            one.fields,
            one.tags,
        )
        for card, same in zip(one.cards, other.cards, strict=True):
            assert names[1][same.deck] == names[0][card.deck]
            assert (same.ordinal, same.position) == (card.ordinal, card.position)
            lost = {"stability": None, "difficulty": None, "last_day": None, "interval": 0}
            assert replace(same.state, **lost) == replace(card.state, **lost)  # type: ignore[arg-type]
            assert _answers(same) == _answers(card)
            if card.state.stability is not None:
                assert same.state.stability == pytest.approx(card.state.stability, abs=1e-3)
    assert {one.sha256: one.name for one in after.media} == {one.sha256: one.name for one in before.media}
    odd = next(one for one in after.note_types if one.name == "Odd")
    assert odd.templates[1].front == "{{#Reading}}{{Reading}}{{/Reading}}"


def _answers(card: CardDraft) -> list[tuple[int, int | None, object]]:
    return [(event.at, event.rating, event.data) for event in card.events if event.kind == "answer"]


@pytest.mark.parametrize("target", ["anki-latest", "anki-legacy2"])
def test_every_kind_of_ours_comes_back_as_itself(tmp_path: Path, target: Target) -> None:
    vectors = [vector for vector in note_vectors() if "faces" in vector]
    notes = tuple(
        ImportedNote(
            f"g{place}", vector["kind"], vector["fields"], "d",
            cards=tuple(CardDraft(face["ordinal"], "d", place) for face in vector["faces"]),
        )
        for place, vector in enumerate(vectors)
    )  # fmt: skip
    draft = ImportDraft(read(tmp_path).header, None, (), (ImportedDeck("d", "甲::乙"),), notes, (), ())
    after = write(tmp_path, target, draft)
    assert {note.kind for note in after.notes} == set(KINDS)
    for note, other in zip(notes, after.notes, strict=True):
        lined = {"items", "choices"} if note.kind in ("list", "choice") else set()
        expected = {
            name: as_html(value).replace("<br>", "\n") if name in lined else as_html(value)
            for name, value in note.fields.items()
            if value.strip()
        }
        assert (other.kind, other.guid) == (note.kind, note.guid)
        assert other.fields == expected


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**粗**与*斜*，3*4*5", "<b>粗</b>与<i>斜</i>，3*4*5"),
        ("`a<b` \\*x\\*", "<code>a&lt;b</code> *x*"),
        ("$x^2$，$5 and $10，$$y$$", r"\(x^2\)，$5 and $10，\[y\]"),
        ("{漢|hàn} {{c1::**甲**}}", "<ruby>漢<rt>hàn</rt></ruby> {{c1::<b>甲</b>}}"),
        ("头\n- 一\n- 二\n尾\n行", "头<ul><li>一</li><li>二</li></ul>尾<br>行"),
        (
            "头\n|甲|**乙**|\n|:-|-:|\n|1|\n|a\\|b|2|3|\n尾",
            "头<table><thead><tr><th>甲</th><th><b>乙</b></th></tr></thead><tbody><tr><td>1</td></tr>"
            "<tr><td>a|b</td><td>2</td></tr></tbody></table>尾",
        ),
        ("|不是表|\n行", "|不是表|<br>行"),
        ("```py\n*a* < b\n\n- c\n```\n尾", "<pre><code>*a* &lt; b\n\n- c</code></pre>尾"),
        ("```\n开着", "```<br>开着"),
        ("头\n$$\nx^2\n$$\n尾", "头" + r"\[x^2\]" + "尾"),
        ("$$\n开着", "$$<br>开着"),
    ],
)
def test_the_marks_of_our_texts_are_html_for_anki(text: str, html: str) -> None:
    assert as_html(text) == html


def test_names_that_anki_would_take_for_one(tmp_path: Path) -> None:
    kinds = tuple(
        NoteTypeDraft(str(key), name, "normal", ("a", "A"), read(tmp_path).note_types[0].templates * 2)
        for key, name in ((5, "x"), (6, "X"), (7, "Wengu basic"))
    )
    decks = tuple(ImportedDeck(str(key), name) for key, name in ((1, "Default"), (2, "d"), (3, "D")))
    notes = tuple(
        ImportedNote(
            f"g{place}", "anki", {"a": "1", "A": "2"}, deck.key, note_type=kind.key,
            cards=(CardDraft(0, deck.key, 1),),
        )
        for place, (kind, deck) in enumerate(itertools.product(kinds, decks))
    )  # fmt: skip
    draft = ImportDraft(read(tmp_path).header, None, kinds, decks, notes, (), ())
    for target in ("anki-latest", "anki-legacy2"):
        after = write(tmp_path, target, draft)
        assert len(after.notes) == 9
        assert {deck.name for deck in after.decks} == {"Default", "d", "D 2"}


def test_reviews_at_the_same_moment_are_all_kept(tmp_path: Path) -> None:
    before = read(tmp_path)
    first = before.notes[0]
    twin = replace(first, guid="twin")
    after = write(tmp_path, "anki-latest", replace(before, notes=(first, twin)))
    assert [len(_answers(note.cards[0])) for note in after.notes] == [4, 4]


def test_notes_are_taken_one_by_one(tmp_path: Path) -> None:
    """An export of a whole account must not hold it in memory: nothing asks for a note before it is due."""
    taken = []

    def notes() -> Iterator[ImportedNote]:
        for place in range(50):
            taken.append(place)
            card = CardDraft(0, "d", place)
            yield ImportedNote(f"g{place}", "basic", {"front": "a", "back": "b"}, "d", cards=(card,))

    picture = tmp_path / "p.png"
    picture.write_bytes(PNG)
    out = tmp_path / "o.apkg"
    write_package(
        out, "anki-latest", Writing("UTC", 0, NOW),
        note_types=(), decks=[ImportedDeck("d", "d")], notes=notes(), media=iter([("p.png", picture)]),
    )  # fmt: skip
    assert taken == list(range(50))
    assert len(gather(read_package(out, Reading("UTC", 0, NOW))).media) == 1


@pytest.mark.parametrize(("zone", "west"), [("UTC", 0), ("Asia/Shanghai", -480), ("Asia/Kathmandu", -345)])
def test_west_minutes(zone: str, west: int) -> None:
    assert Writing(zone, 4, NOW).west_minutes == west
