"""Decks for the golden vectors of the linter: each note shows one rule, or just misses it."""

from typing import Any, Final

from app.core.lint import lint
from app.core.notes import DeckDraft, NoteDraft, NoteKind

_NOTES: Final[tuple[tuple[NoteKind, dict[str, str]], ...]] = (
    ("basic", {"front": "水的沸点是多少？", "back": "100 ℃"}),
    ("basic", {"front": "水的沸点是多少", "back": "100℃"}),
    ("basic", {"front": "水的沸点是多少？", "back": "一百度"}),
    ("basic", {"front": "一", "back": "two"}),
    ("basic", {"front": "谁写了《红楼梦》？", "back": "曹雪芹"}),
    ("basic", {"front": "曹雪芹写了什么？", "back": "曹雪芹"}),
    ("basic", {"front": "它有几条腿？", "back": "四条"}),
    ("basic", {"front": "其他动物有几条腿？", "back": "不一定"}),
    ("basic", {"front": "This is what?", "back": "A demonstrative pronoun"}),
    ("basic", {"front": "Thistle: what family?", "back": "Asteraceae"}),
    ("basic", {"front": "鲸是鱼吗？", "back": "否"}),
    ("basic", {"front": "Is a whale a fish?", "back": "No!"}),
    ("basic", {"front": "光速约为每秒多少公里？", "back": "300,000"}),
    ("basic", {"front": "光速约为每秒多少米？", "back": "300,000,000 m"}),
    ("basic", {"front": "太阳系有哪些行星？", "back": "水星、金星、地球、火星、木星、土星、天王星、海王星"}),
    ("basic", {"front": "五岳有哪些？", "back": "东岳、西岳、南岳、北岳、中岳、五岳"}),
    ("list", {"front": "五岳依次是？", "items": "东岳\n西岳\n南岳\n北岳\n中岳\n五岳"}),
    ("list", {"front": "八卦依次是？", "items": "乾\n坤\n震\n巽\n坎\n离\n艮\n兑"}),
    ("basic", {"front": "雨是怎样形成的？", "back": "水蒸气上升；遇冷凝结；落下"}),
    ("basic", {"front": "何为“光合作用”？", "back": "植物利用光能把二氧化碳和水变成有机物并放出氧气的过程"}),
    (
        "basic",
        {
            "front": "What is rain?",
            "back": "one two three four five six seven eight nine ten eleven 12 x",
        },
    ),
    ("cloze", {"text": "photo{{c1::syn}}thesis 需要{{c2::光}}"}),
    ("cloze", {"text": "天空{{c1::是}}蓝色{{c2::的}}"}),
    ("cloze", {"text": "The sky {{c1::is}} blue, grass is {{c2::green}}."}),
    ("choice", {"front": "7 是质数吗？", "back": "7", "choices": "6\n7\n8"}),
    ("type", {"front": "拼写：photosynthesis", "back": "Photosynthesis"}),
    ("basic", {"front": "乱码锟斤拷", "back": "什么"}),
    ("basic", {"front": "cafÃ© 是什么？", "back": "乱码"}),
    ("basic", {"front": "", "back": "空"}),
    ("reverse", {"front": "猫", "back": "cat"}),
    ("basic", {"front": "清朝入关是哪一年？", "back": "1644 年"}),
    ("basic", {"front": "清朝建立是哪一年？", "back": "1636 年"}),
    ("basic", {"front": "在一个标准大气压之下水的冰点是多少度？", "back": "0 ℃"}),
    ("basic", {"front": "在一个标准大气压之下水的沸点是多少度？", "back": "100 度"}),
    ("basic", {"front": "A big red round ball is what kind of toy for a child?", "back": "a round toy"}),
    (
        "basic",
        {"front": "A big red round ball is what kind of toy for a child, then?", "back": "a thing"},
    ),
)


def lint_vectors() -> dict[str, Any]:
    """One deck with all that the linter says of it, and each note alone."""
    return {
        "about": (
            "Findings of lint over the notes as one deck (together) and over each note as a deck of its"
            " own (alone, by note id): card, rule, level and the words at fault, in order."
        ),
        "notes": [
            {"id": _id(place), "kind": kind, "fields": fields} for place, (kind, fields) in enumerate(_NOTES)
        ],
        "together": _findings(range(len(_NOTES))),
        "alone": {_id(place): _findings([place]) for place in range(len(_NOTES))},
    }


def _id(place: int) -> str:
    return f"note-{place:02}"


def _findings(places: Any) -> list[dict[str, str]]:
    notes = tuple(NoteDraft(_id(place), _NOTES[place][0], _NOTES[place][1]) for place in places)
    deck = DeckDraft(slug="deck", name="deck", description="", language="zh-CN", version=1, notes=notes)
    return [
        {"card": found.card, "rule": found.rule, "level": found.level, "detail": found.detail}
        for found in lint([deck])
    ]
