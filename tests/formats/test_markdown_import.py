"""Markdown of every tool people come from: the cards it means, where they go, and what they already know."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.core.day import DAY_MS
from app.core.notes import DeckDraft, NoteDraft
from app.formats.anki_collection import Reading
from app.formats.archive import Archive
from app.formats.drafts import ImportDraft, ImportedNote, gather
from app.formats.folder import is_folder, read_folder
from app.formats.limits import DEFAULT_LIMITS
from app.formats.markdown import write_deck
from app.formats.markdown_import import Dialect, NoPictures, dialect_of, read_pages
from app.formats.pages import Page
from app.formats.refusals import FileRefused

READING = Reading("Asia/Shanghai", 4, 1_790_000_000_000)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def read(text: str, dialect: Dialect | None = None, path: str = "笔记") -> ImportDraft:
    page = Page(path, text)
    found = dialect or dialect_of([page])
    assert found is not None
    records = read_pages([page], found, deck="", pictures=NoPictures(), limits=DEFAULT_LIMITS)
    return gather(records)


def read_zip(folder: Path, files: Mapping[str, str | bytes], deck: str = "") -> ImportDraft:
    path = folder / "notes.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    with Archive(path) as opened:
        assert is_folder(opened)
        return gather(read_folder(opened, READING, deck=deck, media_folder=folder, limits=DEFAULT_LIMITS))


def told(note: ImportedNote) -> tuple[str, dict[str, str], str]:
    return note.kind, note.fields, note.deck


# --- Obsidian ---

OBSIDIAN = """---
tags: [flashcards, 礼仪]
---
# 见面
首次见面::久仰
- 久未联系:::久违 #问候 <!--SR:!2026-09-30,4,270!2026-10-01,3,250-->

怎样看人？
分几步？
?
先看额头
再看眼睛

#flashcards/宴会/座次
主宾坐在==主人右侧==^[左还是右]，副主宾在==左侧==。

```cpp
std::vector<int> a;
```
用 `a::b` 表示作用域。
"""


def test_obsidian_cards_of_every_kind() -> None:
    draft = read(OBSIDIAN)
    assert draft.header.generation == "obsidian"
    assert [told(note) for note in draft.notes] == [
        ("basic", {"front": "首次见面", "back": "久仰"}, "-"),
        ("reverse", {"front": "久未联系", "back": "久违"}, "-"),
        ("basic", {"front": "怎样看人？\n分几步？", "back": "先看额头\n再看眼睛"}, "-"),
        (
            "cloze",
            {"text": "主宾坐在{{c1::主人右侧::左还是右}}，副主宾在{{c2::左侧}}。"},
            "宴会::座次",
        ),
    ]
    assert draft.notes[1].tags == ("礼仪", "问候")


def test_a_line_of_tags_names_the_deck_below_and_is_no_text() -> None:
    draft = read(
        "#review\n#flashcards/海图\n灯塔::航标\n\n浮标::也是航标 #flashcards/浮 #漂\n\n"
        "#待办\n雾笛\n?\n雾天鸣响\n"
    )
    assert [told(note) for note in draft.notes] == [
        ("basic", {"front": "灯塔", "back": "航标"}, "海图"),
        ("basic", {"front": "浮标", "back": "也是航标"}, "浮"),
        ("basic", {"front": "雾笛", "back": "雾天鸣响"}, "海图"),
    ]
    assert [note.tags for note in draft.notes] == [(), ("漂",), ()]


def test_other_tags_on_a_line_of_their_own_are_the_cards() -> None:
    draft = read("What is DNA?\n?\nThe carrier of genes\n#biology #flashcards/科学\n", "obsidian")
    (note,) = draft.notes
    assert (note.fields["back"], note.tags) == ("The carrier of genes", ("biology",))


def test_obsidian_dates_become_states_of_the_single_cards() -> None:
    note = read(OBSIDIAN).notes[1]
    assert [card.state.interval for card in note.cards] == [4, 3]
    first, second = note.cards
    assert first.state.due_day == 20_726  # 2026-09-30
    (seed,) = first.events
    assert (seed.kind, seed.day) == ("seed", 20_722)
    assert seed.data["stability"] == 4
    assert second.state.difficulty is not None
    assert first.state.difficulty is not None
    assert second.state.difficulty > first.state.difficulty  # less ease is more difficulty


def test_a_sibling_that_was_never_shown_stays_new() -> None:
    draft = read("a:::b <!--SR:!2026-09-30,4,270!2000-01-01,1,250-->\n")
    assert [bool(card.events) for card in draft.notes[0].cards] == [True, False]


def test_pages_without_the_tag_hold_no_cards_where_others_have_it(tmp_path: Path) -> None:
    draft = read_zip(
        tmp_path,
        {
            "vault/.obsidian/app.md": "x::y",
            "vault/日记/今天.md": "天气:: 晴",
            "vault/礼仪/用语.md": "#flashcards\n请人指点::请教\n",
        },
    )
    assert [told(note) for note in draft.notes] == [("basic", {"front": "请人指点", "back": "请教"}, "礼仪")]


def test_pictures_come_along_by_path_or_by_name_and_missing_ones_are_told(tmp_path: Path) -> None:
    draft = read_zip(
        tmp_path,
        {
            "v/a/one.md": "#flashcards\n看 ![图](img/x.png)::![[y.png|200]] [[z|那个]]\n无 ![图](no.png)::无",
            "v/a/img/x.png": PNG,
            "v/pics/y.png": PNG + b"1",
        },
    )
    x, y = (media.sha256 for media in draft.media)
    assert draft.notes[0].fields == {"front": f"看 ![图](media/{x})", "back": f"![](media/{y}) 那个"}
    assert draft.notes[1].fields["front"] == "无 [图]"
    assert [(one.what, one.code, one.name) for one in draft.skipped] == [("media", "media-missing", "no.png")]
    assert (tmp_path / x).read_bytes() == PNG


# --- hashcards ---


def test_hashcards() -> None:
    draft = read(
        '+++\nname = "化学"\n+++\n\nQ: What is\nthe order?\nA: The cardinality\n\nof the set.\n\n'
        "C: The [order] of a [group] is in [the book](http://x), ![](a.png), \\[this\\].\n---\nQ: 单独\n",
    )
    assert draft.header.generation == "hashcards"
    assert [told(note) for note in draft.notes] == [
        ("basic", {"front": "What is\nthe order?", "back": "The cardinality\n\nof the set."}, "化学"),
        (
            "cloze",
            {"text": "The {{c1::order}} of a {{c2::group}} is in [the book](http://x), [a.png], [this]."},
            "化学",
        ),
    ]
    assert [one.code for one in draft.skipped if one.what == "note"] == ["row-empty"]


def test_the_italics_of_hashcards_become_ours() -> None:
    (note,) = read("Q: Is _this_ a `_code_` in snake_case_name?\nA: _Yes, it is_.\n").notes
    assert note.fields == {"front": "Is *this* a `_code_` in snake_case_name?", "back": "*Yes, it is*."}


# --- headings ---


def test_headings_ask_and_the_text_below_answers() -> None:
    draft = read(
        "# 商务礼仪\n\n## 握手\n先长辈，后晚辈。\n\n### 时间\n三秒左右。\n"
        "```\n# no heading\n```\n## 空的\n## 名片\n双手递。\n"
    )
    assert [told(note) for note in draft.notes] == [
        ("basic", {"front": "握手", "back": "先长辈，后晚辈。"}, "商务礼仪"),
        ("basic", {"front": "握手 › 时间", "back": "三秒左右。\n```\n# no heading\n```"}, "商务礼仪"),
        ("basic", {"front": "名片", "back": "双手递。"}, "商务礼仪"),
    ]


def test_a_body_that_was_edited_keeps_the_identity_of_its_heading() -> None:
    one, two = (read(f"# A\nx\n# B\n{body}\n").notes[1] for body in ("old", "new"))
    assert one.guid == two.guid
    assert one.fields != two.fields


# --- our own format ---


def test_our_own_deck_files_keep_identities_kinds_and_tags() -> None:
    deck = DeckDraft(
        "k", "厨房::刀具", "", "zh-CN", 1,
        (NoteDraft("k-1", "list", {"front": "三件？", "items": "锅\n碗\n盆"}, ("a", "b")),
         NoteDraft("k-2", "choice", {"front": "哪个？", "back": "锅", "choices": "锅\n车"})),
    )  # fmt: skip
    draft = read(write_deck(deck))
    assert draft.header.generation == "markdown"
    assert [(note.guid, *told(note), note.tags) for note in draft.notes] == [
        ("k-1", "list", {"front": "三件？", "items": "锅\n碗\n盆"}, "厨房::刀具", ("a", "b")),
        ("k-2", "choice", {"front": "哪个？", "back": "锅", "choices": "锅\n车"}, "厨房::刀具", ()),
    ]


def test_a_line_that_a_deck_file_cannot_have_is_named() -> None:
    text = "---\nname: a\nslug: a\nlanguage: en\n---\n\nQ: x\nA: y\n\nwhat is this\n"
    with pytest.raises(FileRefused, match="deck-file-line") as refused:
        read(text)
    assert refused.value.params["line"] == 10


# --- what is none of these ---


def test_plain_prose_is_no_deck(tmp_path: Path) -> None:
    assert dialect_of([Page("a", "只是一段话。\n\n又是一段。")]) is None
    with pytest.raises(FileRefused, match="file-nothing-inside"):
        read_zip(tmp_path, {"a.md": "只是一段话。"})


def test_the_same_card_twice_is_told_and_one_of_another_page_is_kept(tmp_path: Path) -> None:
    draft = read_zip(tmp_path, {"a.md": "Q: x\nA: 1\n\nQ: x\nA: 2\n", "b.md": "Q: x\nA: 3\n"})
    assert [note.fields["back"] for note in draft.notes] == ["1", "2", "3"]
    assert len({note.guid for note in draft.notes}) == 3
    again = read_zip(tmp_path, {"a.md": "Q: x\nA: 1\n\nQ: x\nA: 2\n", "b.md": "Q: x\nA: 3\n"})
    assert [note.guid for note in again.notes] == [note.guid for note in draft.notes]


# --- Mochi ---

EDN = """{:version 2
 :templates [{:id :t1 :name "词" :content "# << 词 >>\\n---\\n<< 义 >>"
              :fields {:name {:id :name :name "词"} :f2 {:id :f2 :name "义"}}}]
 :decks [{:id :d1 :name "日语"}
         {:id :d2 :name "N5" :parent-id :d1
          :cards [{:id :c1 :content "猫\\n---\\n![](@media/cat.png)" :tags #{"动物"}
                   :reviews [{:date #inst "2026-03-02T01:00:00Z" :interval 1 :remembered? true}
                             {:date #inst "2026-03-01T01:00:00Z" :interval 0 :remembered? false}]}
                  {:id :c2 :content "水在 {{100}} 度{{2::沸腾}}" :reviews []}
                  {:id :c3 :name "犬" :template-id :t1 :content "" :fields {:f2 {:id :f2 :value "dog"}}}
                  {:id :c4 :content "gone" :trashed? true}]}]}"""


def test_mochi_packages_with_their_history(tmp_path: Path) -> None:
    draft = read_zip(tmp_path, {"data.edn": EDN, "cat.png": PNG})
    (picture,) = draft.media
    assert [told(note) for note in draft.notes] == [
        ("basic", {"front": "猫", "back": f"![](media/{picture.sha256})"}, "日语::N5"),
        ("cloze", {"text": "水在 {{c1::100}} 度{{c2::沸腾}}"}, "日语::N5"),
        ("basic", {"front": "# 犬", "back": "dog"}, "日语::N5"),
    ]
    events = draft.notes[0].cards[0].events
    assert [(event.rating, event.day) for event in events] == [(1, 20_513), (3, 20_514)]
    assert events[1].at - events[0].at == DAY_MS
    assert draft.notes[0].tags == ("动物",)


@pytest.mark.parametrize("data", ["{:decks", '{:decks [{:cards "x"}]}', "[]", "nil"])
def test_broken_mochi_data_is_refused(tmp_path: Path, data: str) -> None:
    with pytest.raises(FileRefused):
        read_zip(tmp_path, {"data.edn": data})
