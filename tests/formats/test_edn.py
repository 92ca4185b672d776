"""EDN and Transit: what they mean, and that broken or hostile text is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats.edn import DEEPEST, BadData, from_transit, read_edn


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("nil", None),
        ("true", True),
        (":name", "name"),
        ("-12", -12),
        ("7N", 7),
        ("2.5e1M", 25.0),
        (r'"a\n\"b\" 温"', 'a\n"b" 温'),
        (r'"\u6e29"', "温"),
        (r"\c", "c"),
        ("[1, 2 #_ 3 4] ; rest", [1, 2, 4]),
        ("(1 (2))", [1, [2]]),
        ('#{"a" "b"}', ["a", "b"]),
        ('{:a 1 "b" {:c nil}}', {"a": 1, "b": {"c": None}}),
        ('#inst "2024-01-02T03:04:05Z"', "2024-01-02T03:04:05Z"),
        ("; first\n{:a #{}}", {"a": []}),
    ],
)
def test_edn(text: str, meant: object) -> None:
    assert read_edn(text) == meant


@pytest.mark.parametrize(
    "text", ["", "[", "]", "{:a}", '"open', "[1}", "{:a 1", "[" * (DEEPEST + 2) + "]" * (DEEPEST + 2)]
)
def test_broken_edn(text: str) -> None:
    with pytest.raises(BadData):
        read_edn(text)


@given(st.text(alphabet='[]{}()#_:;"\\a1 \n,', max_size=60))
def test_edn_reads_anything_or_says_that_it_cannot(text: str) -> None:
    try:
        read_edn(text)
    except BadData:
        return


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["^ ", "~:version", 2, "~:decks", []], {"version": 2, "decks": []}),
        ([["^ ", "~:name", "a"], ["^ ", "^0", "b"]], [{"name": "a"}, {"name": "b"}]),
        ({"~:id": "~:x", "~:at": "~m1700000000000"}, {"id": "x", "at": 1_700_000_000_000}),
        (["~#set", ["~:a", "~:b"]], ["a", "b"]),
        (["~~tilde", "~^hat", "~?t", "~_"], ["~tilde", "^hat", True, None]),
        ({"plain": [1, 2.5, None]}, {"plain": [1, 2.5, None]}),
    ],
)
def test_transit(written: object, meant: object) -> None:
    assert from_transit(json.loads(json.dumps(written))) == meant


@pytest.mark.parametrize("written", [["^9"], ["^ ", "alone"], ["^zz"]])
def test_broken_transit(written: object) -> None:
    with pytest.raises(BadData):
        from_transit(written)
