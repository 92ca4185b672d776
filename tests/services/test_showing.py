"""Both sides of cards whose templates came from elsewhere."""

import pytest

from app.formats.drafts import NoteTypeDraft, TemplateDraft
from app.services.showing import render_sides


@pytest.mark.parametrize(
    ("back", "shown"),
    [
        ("{{FrontSide}}\n\n<hr id=answer>\n\n{{b}}", "犬"),
        ("{{FrontSide}}<br>{{b}}", "<br>犬"),
        ("{{b}}<hr>{{FrontSide}}", "犬<hr><b>猫</b>"),
        ("{{FrontSide}}", "<b>猫</b>"),
        ("{{b}}", "犬"),
    ],
)
def test_the_question_is_not_said_again_above_the_answer(back: str, shown: str) -> None:
    kind = NoteTypeDraft("1", "t", "normal", ("a", "b"), (TemplateDraft("c", "<b>{{a}}</b>", back),))
    (side,) = render_sides(kind, {"a": "猫", "b": "犬"}, [0], deck="d", tags="")
    assert (side.front, side.back) == ("<b>猫</b>", shown)
