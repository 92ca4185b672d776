"""An app that was off for a year is told to update before anything of it is judged."""

import pytest

from tests.api.conftest import Person


@pytest.mark.parametrize("said", ["1", "7", "", "one", "-1", "9" * 4000])
def test_apps_of_today_and_scripts_are_heard(ann: Person, said: str) -> None:
    assert ann.get("/api/learner", **{"Wengu-Api": said}).status_code == 200


@pytest.mark.parametrize(("language", "words"), [("zh", "请先更新"), ("en", "Please update")])
def test_an_app_too_old_is_told_so(ann: Person, language: str, words: str) -> None:
    headers = {"Wengu-Api": "0", "Accept-Language": language}
    answer = ann.post("/api/sync", {"nobody": "understands this"}, **headers)
    assert answer.status_code == 426
    assert words in answer.get_json()["title"]
    assert answer.get_json()["type"].endswith("/app-too-old")
