"""Beginning without signing up, proving who one is, and nobody else getting in."""

from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any

import pytest
from flask import Flask

from app.api import auth
from app.api.auth import client_mark
from tests.api.conftest import Person

PASSWORD = "温故而知新，可以为师矣，真好记"


def cookie_of(answer: Any) -> tuple[str, dict[str, Any]]:
    ((name, morsel),) = SimpleCookie(answer.headers["Set-Cookie"]).items()
    return name, {key: value for key, value in morsel.items() if value}


def begin(app: Flask, base_url: str) -> Any:
    body = {"device_id": Person.new_id(), "zone": "Asia/Shanghai", "language": "zh"}
    return app.test_client().post("/api/session", json=body, base_url=base_url)


def test_the_cookie_is_bound_to_the_host_over_tls(app: Flask) -> None:
    name, attributes = cookie_of(begin(app, "https://wengu.test"))
    assert name == "__Host-wengu"
    assert attributes["secure"]
    assert attributes["httponly"]
    assert attributes["samesite"] == "Lax"
    assert attributes["path"] == "/"
    assert "domain" not in attributes


def test_the_cookie_works_on_plain_http_too(app: Flask) -> None:
    name, attributes = cookie_of(begin(app, "http://192.168.1.5:8000"))
    assert name == "wengu_session"
    assert "secure" not in attributes
    assert attributes["httponly"]


def test_a_script_can_see_that_there_is_a_session_but_not_which(ann: Person) -> None:
    here = ann.client.get_cookie("wengu_here")
    assert here
    assert (here.value, here.http_only) == ("1", False)
    assert ann.ask("DELETE", "/api/session").status_code == 204
    assert ann.client.get_cookie("wengu_here") is None


def test_a_plain_cookie_counts_for_nothing_over_tls(app: Flask, ann: Person) -> None:
    cookie = ann.client.get_cookie("wengu_session")
    assert cookie
    client = app.test_client()
    client.set_cookie("wengu_session", cookie.value, domain="wengu.test")
    assert client.get("/api/learner", base_url="https://wengu.test").status_code == 401


def test_a_device_in_use_keeps_its_cookie(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Set-Cookie" not in ann.get("/api/learner").headers
    kept = ann.client.get_cookie("wengu_session")
    two_days_on = auth.now_ms() + 2 * 86_400_000
    monkeypatch.setattr(auth, "now_ms", lambda: two_days_on)
    name, attributes = cookie_of(ann.get("/api/learner"))
    assert (name, attributes["max-age"]) == ("wengu_session", str(auth.COOKIE_SECONDS))
    assert ann.client.get_cookie("wengu_session").value == kept.value  # type: ignore[union-attr]
    assert "Set-Cookie" not in ann.get("/api/learner").headers


def test_beginning_twice_gives_the_same_learner(ann: Person) -> None:
    body = {"device_id": ann.device_id, "zone": "Asia/Shanghai", "language": "zh"}
    again = ann.post("/api/session", body)
    assert (again.status_code, again.json) == (200, {"learner": ann.learner})


def test_an_unknown_zone_is_named(app: Flask) -> None:
    body = {"device_id": Person.new_id(), "zone": "Mars/Olympus", "language": "zh"}
    answer = app.test_client().post("/api/session", json=body)
    assert (answer.status_code, answer.json and answer.json["type"]) == (422, "/problems/zone-unknown")


def test_signing_in_elsewhere_and_out_again(app: Flask, ann: Person) -> None:
    assert ann.post("/api/learner/claim", {"name": "安", "password": PASSWORD}).status_code == 200
    phone = Person(app.test_client())
    login = {"name": "安", "password": PASSWORD, "device_id": phone.device_id}
    assert phone.post("/api/session/sign-in", login).json["learner"]["id"] == ann.learner["id"]  # type: ignore[index]
    assert phone.get("/api/learner").status_code == 200
    assert phone.ask("DELETE", "/api/session").status_code == 204
    assert phone.get("/api/learner").status_code == 401
    assert ann.get("/api/learner").status_code == 200


def test_a_wrong_password_says_no_more_than_a_wrong_name(app: Flask, ann: Person) -> None:
    ann.post("/api/learner/claim", {"name": "安", "password": PASSWORD})
    phone = Person(app.test_client())
    tries = [("安", "wrong password, long"), ("nobody", "wrong password, long")]
    answers = [
        phone.post("/api/session/sign-in", {"name": name, "password": word, "device_id": phone.device_id})
        for name, word in tries
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    titles = {answer.json["title"] for answer in answers if answer.json}
    assert len(titles) == 1


def test_a_new_password_ends_every_other_session(app: Flask, ann: Person) -> None:
    change, new = "/api/learner/password", "a sentence that only I know"
    early = ann.post(change, {"old": PASSWORD, "new": new})
    assert (early.status_code, early.json and early.json["type"]) == (409, "/problems/no-password")
    ann.post("/api/learner/claim", {"name": "安", "password": PASSWORD})
    phone = Person(app.test_client())
    login = {"name": "安", "password": PASSWORD, "device_id": phone.device_id}
    assert phone.post("/api/session/sign-in", login).status_code == 200
    wrong = ann.post(change, {"old": "not the one, surely", "new": new})
    assert (wrong.status_code, wrong.json and wrong.json["type"]) == (422, "/problems/password-wrong")
    assert ann.post(change, {"old": PASSWORD, "new": "too short"}).status_code == 422
    assert phone.get("/api/learner").status_code == 200
    assert ann.post(change, {"old": PASSWORD, "new": new}).status_code == 204
    assert [ann.get("/api/learner").status_code, phone.get("/api/learner").status_code] == [200, 401]
    assert phone.post("/api/session/sign-in", login).status_code == 401
    assert phone.post("/api/session/sign-in", login | {"password": new}).status_code == 200


def test_guessing_the_password_to_change_is_slowed_down(ann: Person) -> None:
    ann.post("/api/learner/claim", {"name": "安", "password": PASSWORD})
    guess = {"old": "guess", "new": "guess, guess, guess"}
    answers = [ann.post("/api/learner/password", guess).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_guessing_is_slowed_down(app: Flask, ann: Person) -> None:
    ann.post("/api/learner/claim", {"name": "安", "password": PASSWORD})
    phone = Person(app.test_client())
    login = {"name": "安", "password": "guess, guess, guess", "device_id": phone.device_id}
    answers = [phone.post("/api/session/sign-in", login) for _ in range(30)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_second_phone_joins_by_a_code_once(app: Flask, ann: Person) -> None:
    code = ann.post("/api/devices/join-code").json["code"]  # type: ignore[index]
    first, second = Person(app.test_client()), Person(app.test_client())
    joined = [
        phone.post("/api/session/join", {"code": code, "device_id": phone.device_id})
        for phone in (first, second)
    ]
    assert [answer.status_code for answer in joined] == [200, 401]
    assert first.get("/api/learner").json["id"] == ann.learner["id"]  # type: ignore[index]
    assert len(ann.get("/api/devices").json["items"]) == 2  # type: ignore[index]


def test_a_token_stands_for_the_learner_until_it_is_removed(app: Flask, ann: Person) -> None:
    made = ann.post("/api/tokens", {"name": "script"}).json
    assert made
    script, bearer = app.test_client(), {"Authorization": f"Bearer {made['token']}"}
    assert script.post("/api/decks", json={"name": "mine"}, headers=bearer).status_code == 201
    assert ann.ask("DELETE", f"/api/tokens/{made['id']}").status_code == 204
    assert script.get("/api/learner", headers=bearer).status_code == 401


def test_a_bearer_token_makes_the_cookie_count_for_nothing(ann: Person) -> None:
    for wrong in ("Bearer wrong", "Bearer ", "Basic YTpi", "Bearer " + "x" * 5_000):
        answer = ann.get("/api/learner", Authorization=wrong)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


FOREIGN = {"Origin": "https://evil.test"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost"}, 201),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://behind.proxy"}, 201),
        (FOREIGN, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://localhost"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({}, 403),
    ],
)
def test_other_sites_cannot_act_for_the_learner(ann: Person, headers: dict[str, str], status: int) -> None:
    answer = ann.client.post("/api/decks", json={"name": "x"}, headers=headers)
    assert answer.status_code == status
    assert len(ann.get("/api/decks").json["items"]) == (status == 201)  # type: ignore[index]


def test_other_sites_can_neither_sign_in_nor_begin(app: Flask) -> None:
    for path in ("/api/session", "/api/session/sign-in", "/api/session/join"):
        assert app.test_client().post(path, json={}, headers=FOREIGN).status_code == 403


def test_forms_of_other_sites_are_no_json(ann: Person) -> None:
    answer = ann.client.post(
        "/api/decks", data='{"name": "x"}', content_type="text/plain", headers={"Origin": "http://localhost"}
    )
    assert answer.status_code == 415


def test_deleting_the_account_must_be_meant_and_leaves_nothing(
    ann: Person, somebody: Callable[[], Person]
) -> None:
    somebody().add_deck()
    ann.add_deck()
    for wrong in ({}, {"confirm": False}, {"confirm": "yes"}):
        assert ann.ask("DELETE", "/api/learner", wrong).status_code == 422
    assert ann.ask("DELETE", "/api/learner", {"confirm": True}).status_code == 204
    assert ann.get("/api/learner").status_code == 401


def test_titles_are_in_the_learners_own_language(ann: Person) -> None:
    missing = f"/api/decks/{Person.new_id()}"
    english = {"Accept-Language": "en"}
    assert ann.get(missing, **english).json["title"] == "找不到这个卡组。"  # type: ignore[index]
    ann.ask("PATCH", "/api/learner", {"language": "en"})
    assert ann.get(missing).json["title"] == "There is no such deck."  # type: ignore[index]


def test_the_app_is_answered_in_the_language_that_it_shows(ann: Person) -> None:
    """Language is chosen for each device; what the account says counts for scripts."""
    headers = {"Wengu-Api": "1", "Accept-Language": "en"}
    answer = ann.get(f"/api/decks/{Person.new_id()}", **headers)
    assert answer.json["title"] == "There is no such deck."  # type: ignore[index]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
    ],
)
def test_addresses_are_told_apart_without_being_kept(app: Flask, first: str, second: str, same: bool) -> None:
    marks = []
    for address in (first, second):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            marks.append(client_mark())
    assert (marks[0] == marks[1]) is same
    assert first not in marks[0]


# --- signing in where somebody studied without an account ---


def sign_in_at(phone: Person, **more: Any) -> Any:
    login = {"name": "安", "password": PASSWORD, "device_id": phone.device_id, **more}
    return phone.post("/api/session/sign-in", login)


@pytest.fixture
def account(ann: Person) -> Person:
    assert ann.post("/api/learner/claim", {"name": "安", "password": PASSWORD}).status_code == 200
    ann.add_deck()
    return ann


def answered(person: Person) -> dict[str, int]:
    return {card["id"]: card["reps"] for card in person.cards()}


def test_what_was_studied_on_a_phone_is_added_at_sign_in(account: Person, bob: Person) -> None:
    bob.add_deck()
    before = [card["id"] for card in bob.cards()]
    bob.sync([bob.event(card) for card in before])
    signed_in = sign_in_at(bob, add=True).json
    places = {each["before"]: each["after"] for each in signed_in["moved"]}
    assert signed_in["learner"]["id"] == account.learner["id"]
    assert answered(account) == answered(bob) == {places[card]: 1 for card in before}


def test_an_addition_whose_answer_was_lost_is_asked_for_again(account: Person, bob: Person) -> None:
    bob.add_deck()
    card = bob.cards()[0]["id"]
    bob.sync([bob.event(card)])
    cookie = bob.client.get_cookie("wengu_session")
    first = sign_in_at(bob, add=True).json
    bob.client.set_cookie("wengu_session", cookie.value)  # type: ignore[union-attr]
    again = sign_in_at(bob, add=True).json
    assert sorted(map(str, again["moved"])) == sorted(map(str, first["moved"]))
    assert sorted(answered(account).values()) == [0, 0, 0, 1]
    assert sign_in_at(bob, add=True).json["moved"] == []


def test_without_being_asked_to_nothing_is_added(account: Person, bob: Person) -> None:
    bob.add_deck()
    bob.sync([bob.event(card["id"]) for card in bob.cards()])
    assert sign_in_at(bob).json["moved"] == []
    assert set(answered(account).values()) == {0}


def test_what_was_studied_on_a_phone_is_added_when_it_joins_by_a_code(ann: Person, bob: Person) -> None:
    for person in (ann, bob):
        person.add_deck()
    bob.sync([bob.event(card["id"]) for card in bob.cards()])
    code = ann.post("/api/devices/join-code").json["code"]  # type: ignore[index]
    joining = {"device_id": bob.device_id, "add": True}
    wrong = bob.post("/api/session/join", {**joining, "code": code[:-2] + "__"})
    assert (wrong.status_code, set(answered(ann).values())) == (401, {0})
    joined = bob.post("/api/session/join", {**joining, "code": code}).json
    assert joined["learner"]["id"] == ann.learner["id"]  # type: ignore[index]
    assert set(answered(ann).values()) == {1}


def test_a_wrong_password_adds_nothing(account: Person, bob: Person) -> None:
    bob.post("/api/decks", {"name": "我的"})
    assert sign_in_at(bob, add=True, password="wrong password, long").status_code == 401
    assert len(account.get("/api/decks").json["items"]) == 1  # type: ignore[index]
    assert len(bob.get("/api/decks").json["items"]) == 1  # type: ignore[index]


def test_who_has_nothing_to_add_is_told_so(app: Flask, account: Person, bob: Person) -> None:
    stranger = Person(app.test_client())
    bob.post("/api/learner/claim", {"name": "波", "password": PASSWORD})
    for person in (stranger, bob):
        answer = sign_in_at(person, add=True)
        assert (answer.status_code, answer.json["type"]) == (409, "/problems/nothing-to-add")
