"""Sentences: both languages, everywhere."""

import string

import pytest

from app.api.words import FIELD_SENTENCES, HTTP_SENTENCES, LANGUAGES, field_sentence, language_of, sentence


@pytest.mark.parametrize("catalogue", [HTTP_SENTENCES, FIELD_SENTENCES])
def test_every_sentence_has_both_languages_and_the_same_gaps(catalogue: dict[str, dict[str, str]]) -> None:
    for words in catalogue.values():
        assert set(words) == set(LANGUAGES)
        gaps = [
            {name for _, name, _, _ in string.Formatter().parse(text)} - {None} for text in words.values()
        ]
        assert gaps[0] == gaps[1]


def test_an_unknown_code_still_has_a_sentence() -> None:
    assert sentence("never-heard-of", "en", {}) == "This request could not be understood."
    assert field_sentence("never-heard-of", "zh", {}) == "不符合要求。"


def test_a_missing_parameter_breaks_no_answer() -> None:
    assert "{limit}" in sentence("body-too-large", "en", {})


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "zh"),
        ("", "zh"),
        ("de", "zh"),
        ("en", "en"),
        ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("de, en;q=0.3", "en"),
        ("zh;q=0.1, en;q=0.2", "en"),
        ("en;q=nonsense", "zh"),
        ("eng", "zh"),
        ("en;q=0", "zh"),
    ],
)
def test_the_language_is_negotiated(header: str | None, language: str) -> None:
    assert language_of(header) == language
