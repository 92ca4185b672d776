"""Bytes are read by what they are, and every place in the normalised text leads back to the decoded one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.normalise import normalise
from app.text.reading import decode

SENTENCE = "入库须登记，出库须签字。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_is_read_in_its_usual_encodings(encoding: str) -> None:
    reading = decode(SENTENCE.encode(encoding))
    assert reading.text == SENTENCE
    assert not reading.guessed


def test_other_encodings_are_called_a_guess() -> None:
    reading = decode("Où sont les élèves ? Déjà à l'école, près de la forêt.".encode("latin-1"))
    assert reading.guessed


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    assert isinstance(decode(data).text, str)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("说明:甲,乙;丙(丁)?", "说明：甲，乙；丙（丁）？"),
        ("at 3:00, call (twice)", "at 3:00, call (twice)"),
        ("ＡＢ１２", "AB12"),
        ("零\u200b宽\ufeff", "零宽"),
        ("cafe\u0301", "café"),
        ('他说"好",又说"行"', "他说“好”，又说“行”"),
        ('a "b" c', 'a "b" c'),
    ],
)
def test_one_spelling_for_marks(written: str, read: str) -> None:
    assert normalise(written).text == read


@given(st.text(max_size=80))
def test_every_place_leads_back(decoded: str) -> None:
    normalised = normalise(decoded)
    assert len(normalised.offsets) == len(normalised.text) + 1
    assert list(normalised.offsets) == sorted(normalised.offsets)
    for at in range(len(normalised.text)):
        start, end = normalised.origin(at, at + 1)
        assert 0 <= start < end <= len(decoded)


def test_the_origin_of_a_span_holds_its_words() -> None:
    decoded = "一\u200b二,三"
    normalised = normalise(decoded)
    start, end = normalised.origin(1, 4)
    assert (normalised.text[1:4], decoded[start:end]) == ("二，三", "二,三")
