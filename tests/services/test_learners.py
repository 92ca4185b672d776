"""Learners: begun without a sign-up, claimed by a password, found by a secret, gone without a trace."""

import json
import os
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import Engine, select
from sqlmodel import SQLModel

from app.core.day import DAY_MS
from app.core.errors import Conflict, Missing, NotSignedIn, Refused, Throttled, TooLarge
from app.db.engine import writing
from app.db.models import Credential, Device, Learner, Login, SignIn, throttles
from app.services import sign_in as sign_in_module
from app.services.devices import (
    create_join_code,
    create_token,
    join,
    list_devices,
    list_tokens,
    remove_device,
    remove_token,
)
from app.services.export_account import export_account
from app.services.identity import SESSION_DAYS, hash_of, identify
from app.services.learners import (
    BEGINNERS_AN_HOUR,
    LearnerChanges,
    SignedIn,
    begin_anonymous,
    change_learner,
    create_anonymous,
    delete_account,
    read_learner,
    read_parameters,
)
from app.services.sign_in import claim, sign_in, sign_out
from tests.factories import HOUR, NOW, a_learner, a_phone, all_rows, an_id, random_bytes, some_cards

PASSWORD = "温故而知新,可以为师矣 2026"
MINUTE = 60_000


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed slowly on purpose; here a quick hash says as much."""
    monkeypatch.setattr(sign_in_module, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


def begin(engine: Engine, **other: Any) -> SignedIn:
    known: dict[str, Any] = {
        "device_id": an_id(),
        "device_name": "手机",
        "zone": "Asia/Shanghai",
        "language": "zh",
    }
    return create_anonymous(engine, **{**known, **other}, now=NOW, random=random_bytes)


def enter(engine: Engine, name: str, password: str, *, address: str = "::1", now: int = NOW) -> SignedIn:
    return sign_in(
        engine,
        name=name,
        password=password,
        device_id=an_id(),
        device_name="平板",
        address=address,
        now=now,
        random=random_bytes,
    )


def test_a_device_is_signed_in_from_the_start(engine: Engine) -> None:
    device_id = an_id()
    made = begin(engine, device_id=device_id)
    known = identify(engine, made.secret, NOW)
    assert known is not None
    assert (known.learner_id, known.language, known.way) == (made.learner.id, "zh", "session")
    assert known.device_id == device_id
    (session,) = all_rows(engine, SignIn)
    assert session["secret_hash"] == hash_of(made.secret)
    assert made.secret not in str(all_rows(engine, SignIn))


def test_no_other_secret_will_do(engine: Engine) -> None:
    made = begin(engine)
    last = "A" if made.secret[-1] != "A" else "E"
    stranger = begin(engine)
    wrong = [
        made.secret[:-1] + last,
        made.secret[:-4],
        "",
        "ws_",
        "wt_" + made.secret[3:],
        "ws_é" + made.secret[4:],
    ]
    mixed = made.secret[:20] + stranger.secret[20:]
    assert [identify(engine, secret, NOW) for secret in [*wrong, mixed, "ws_!" * 17]] == [None] * 8


def test_a_session_lives_while_it_is_used(engine: Engine) -> None:
    made = begin(engine)
    almost = NOW + SESSION_DAYS * DAY_MS
    assert identify(engine, made.secret, almost) is not None
    assert identify(engine, made.secret, almost + SESSION_DAYS * DAY_MS) is not None
    assert identify(engine, made.secret, almost + 3 * SESSION_DAYS * DAY_MS) is None


def test_an_unknown_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(Refused, match="zone-unknown"):
        begin(engine, zone="Mars/Olympus")


def test_settings_are_merged_and_told_to_the_phones(engine: Engine) -> None:
    phone = a_phone(engine)
    phone.sync()
    change_learner(
        engine, phone.learner_id, LearnerChanges(settings={"theme": "dark", "timer": True}), NOW, random_bytes
    )
    changed = change_learner(
        engine,
        phone.learner_id,
        LearnerChanges(settings={"theme": None}, language="en", rollover_hour=3),
        NOW,
        random_bytes,
    )
    assert (changed.settings, changed.language, changed.rollover_hour) == ({"timer": True}, "en", 3)
    assert phone.sync().changes.learner == changed
    assert phone.sync().changes.learner is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (LearnerChanges(zone="Nowhere"), "zone-unknown"),
        (LearnerChanges(rollover_hour=24), "rollover-hour"),
        (LearnerChanges(desired_retention=0.5), "retention-range"),
        (LearnerChanges(learning_steps=(0,)), "steps-invalid"),
        (LearnerChanges(language="en", relearning_steps=(10, 20)), "steps-invalid"),
        (LearnerChanges(maximum_interval=0), "maximum-interval"),
    ],
)
def test_a_bad_change_changes_nothing(engine: Engine, changes: LearnerChanges, code: str) -> None:
    learner_id = a_learner(engine)
    before = read_learner(engine, learner_id)
    with pytest.raises(Refused, match=code):
        change_learner(engine, learner_id, changes, NOW, random_bytes)
    assert read_learner(engine, learner_id) == before


def test_new_parameters_become_a_version_of_their_own(engine: Engine) -> None:
    phone = a_phone(engine)
    phone.sync()
    change_learner(engine, phone.learner_id, LearnerChanges(desired_retention=0.85), NOW, random_bytes)
    change_learner(engine, phone.learner_id, LearnerChanges(desired_retention=0.85), NOW + 1, random_bytes)
    found = read_parameters(engine, phone.learner_id)
    assert (found.version, found.desired_retention, found.from_at) == (2, 0.85, NOW)
    told = phone.sync().changes
    assert [row.version for row in told.parameters] == [2]
    assert told.learner is not None
    assert told.learner.parameters_version == 2


def test_claiming_moves_nothing(engine: Engine) -> None:
    phone = a_phone(engine)
    cards = some_cards(engine, phone.learner_id, 2)
    claimed = claim(engine, phone.learner_id, name=" Ann ", password=PASSWORD, now=NOW, random=random_bytes)
    assert (claimed.id, claimed.kind, claimed.name) == (phone.learner_id, "named", "Ann")
    entered = enter(engine, "ANN", PASSWORD)
    assert entered.learner == claimed
    assert identify(engine, entered.secret, NOW) is not None
    assert {row.id for row in phone.sync().changes.cards} == set(cards)
    (credential,) = all_rows(engine, Credential)
    assert credential["secret"].startswith("$argon2id$")


def test_hashes_are_slow_where_it_matters(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    claim(engine, a_learner(engine), name="ann", password=PASSWORD, now=NOW, random=random_bytes)
    (credential,) = all_rows(engine, Credential)
    assert extract_parameters(credential["secret"]).memory_cost >= 19_456


def test_what_cannot_be_claimed(engine: Engine) -> None:
    first, second = a_learner(engine), a_learner(engine)
    for password in ("a" * 14, "e\u0301" * 14):
        with pytest.raises(Refused, match="password-short"):
            claim(engine, first, name="ann", password=password, now=NOW, random=random_bytes)
    for name in ("", "  ", "a" * 101, "a\nb", "ß" * 60):  # folded, the last one is 120 long
        with pytest.raises(Refused, match="name-invalid"):
            claim(engine, first, name=name, password=PASSWORD, now=NOW, random=random_bytes)
    claim(engine, first, name="ann", password=PASSWORD, now=NOW, random=random_bytes)
    with pytest.raises(Conflict, match="name-taken"):
        claim(engine, second, name="Ann", password=PASSWORD, now=NOW, random=random_bytes)
    with pytest.raises(Conflict, match="already-claimed"):
        claim(engine, first, name="eve", password=PASSWORD, now=NOW, random=random_bytes)
    assert [row["name"] for row in all_rows(engine, Login)] == ["ann"]


def test_whoever_could_claim_a_name_can_sign_in_by_it(engine: Engine) -> None:
    for name in ("ß" * 50, "Ａｎｎ", "王" * 100):
        learner_id = a_learner(engine)
        claim(engine, learner_id, name=name, password=PASSWORD, now=NOW, random=random_bytes)
        assert enter(engine, name, PASSWORD).learner.id == learner_id


def test_trying_names_is_slowed_down(engine: Engine) -> None:
    claim(engine, a_learner(engine), name="ann", password=PASSWORD, now=NOW, random=random_bytes)
    eve = a_learner(engine)
    for _ in range(20):
        with pytest.raises(Conflict, match="name-taken"):
            claim(engine, eve, name="ann", password=PASSWORD, now=NOW, random=random_bytes)
    with pytest.raises(Throttled):
        claim(engine, eve, name="eve", password=PASSWORD, now=NOW, random=random_bytes)


def test_a_password_may_be_typed_decomposed(engine: Engine) -> None:
    claim(engine, a_learner(engine), name="ann", password="café" * 4, now=NOW, random=random_bytes)
    assert enter(engine, "ann", "cafe\u0301" * 4).learner.name == "ann"


def test_guessing_is_slowed_down_and_forgotten_again(engine: Engine) -> None:
    claim(engine, a_learner(engine), name="ann", password=PASSWORD, now=NOW, random=random_bytes)
    for name in ("ann", "nobody"):
        with pytest.raises(NotSignedIn, match="wrong-name-or-password"):
            enter(engine, name, "wrong wrong wrong")
    for _ in range(9):
        with pytest.raises(NotSignedIn):
            enter(engine, "ann", "wrong wrong wrong")
    with pytest.raises(Throttled) as stopped:
        enter(engine, "ann", PASSWORD, now=NOW + 5 * MINUTE)
    assert stopped.value.params["retry_after"] == 600
    assert enter(engine, "ann", PASSWORD, address="2001:db8::1").learner.name == "ann"
    assert enter(engine, "ann", PASSWORD, now=NOW + 15 * MINUTE).learner.name == "ann"


def test_signing_out_ends_one_session(engine: Engine) -> None:
    claim(engine, a_learner(engine), name="ann", password=PASSWORD, now=NOW, random=random_bytes)
    here, there = enter(engine, "ann", PASSWORD), enter(engine, "ann", PASSWORD)
    known = identify(engine, here.secret, NOW)
    assert known is not None
    sign_out(engine, known.learner_id, known.proof_id)
    sign_out(engine, known.learner_id, known.proof_id)
    assert identify(engine, here.secret, NOW) is None
    assert identify(engine, there.secret, NOW) is not None


def test_a_removed_device_is_signed_out(engine: Engine) -> None:
    device_id = an_id()
    made = begin(engine, device_id=device_id)
    with pytest.raises(Missing):
        remove_device(engine, a_learner(engine), device_id)
    remove_device(engine, made.learner.id, device_id)
    assert identify(engine, made.secret, NOW) is None
    assert list_devices(engine, made.learner.id, None, 10).items == []
    with pytest.raises(Missing, match="device-missing"):
        remove_device(engine, made.learner.id, device_id)


def test_tokens_for_scripts(engine: Engine) -> None:
    learner_id = a_learner(engine)
    new = create_token(engine, learner_id, name="script", now=NOW, random=random_bytes)
    known = identify(engine, new.secret, NOW)
    assert known is not None
    assert (known.learner_id, known.way, known.proof_id) == (learner_id, "token", new.token.id)
    with pytest.raises(Missing):
        remove_token(engine, a_learner(engine), new.token.id)
    remove_token(engine, learner_id, new.token.id)
    assert identify(engine, new.secret, NOW) is None
    with pytest.raises(Missing, match="token-missing"):
        remove_token(engine, learner_id, new.token.id)
    for n in range(100):
        create_token(engine, learner_id, name=str(n), now=NOW, random=random_bytes)
    with pytest.raises(TooLarge, match="too-many-tokens"):
        create_token(engine, learner_id, name="one more", now=NOW, random=random_bytes)
    assert len(list_tokens(engine, learner_id, None, 500).items) == 100


def test_a_code_lets_one_device_in_once(engine: Engine) -> None:
    learner_id = a_learner(engine)

    def enter_by(code: str, now: int = NOW) -> UUID:
        made = join(engine, code=code, device_id=an_id(), device_name="", now=now, random=random_bytes)
        assert identify(engine, made.secret, now) is not None
        return made.learner.id

    old, code = (create_join_code(engine, learner_id, now=NOW, random=random_bytes) for _ in range(2))
    assert enter_by(code.code) == learner_id
    late = create_join_code(engine, learner_id, now=NOW, random=random_bytes)
    for wrong, now in ((code.code, NOW), (old.code, NOW), (late.code, late.expires_at + 1), ("wj_x", NOW)):
        with pytest.raises(NotSignedIn, match="join-code-invalid"):
            enter_by(wrong, now)
    assert identify(engine, late.code, NOW) is None


def test_an_account_is_deleted_in_every_table(engine: Engine) -> None:
    phone, other = a_phone(engine), a_phone(engine)
    for each in (phone, other):
        cards = some_cards(engine, each.learner_id, 2)
        each.sync([each.event(card) for card in cards])
        create_token(engine, each.learner_id, name="x", now=NOW, random=random_bytes)
        create_join_code(engine, each.learner_id, now=NOW, random=random_bytes)
        claim(
            engine,
            each.learner_id,
            name=str(each.learner_id),
            password=PASSWORD,
            now=NOW,
            random=random_bytes,
        )
    delete_account(engine, phone.learner_id)
    with engine.connect() as connection:
        left = {
            table.name: len(
                connection.execute(select(table).where(table.c.learner_id == phone.learner_id)).all()
            )
            for table in SQLModel.metadata.sorted_tables
            if "learner_id" in table.c
        }
    assert set(left.values()) == {0}
    with pytest.raises(Missing):
        read_learner(engine, phone.learner_id)
    with pytest.raises(Missing):
        delete_account(engine, phone.learner_id)
    other.cursor = 0
    assert len(other.sync().changes.cards) == 2


def test_the_export_holds_everything_but_secrets(engine: Engine) -> None:
    phone = a_phone(engine)
    cards = some_cards(engine, phone.learner_id, 3)
    answers = [phone.event(card) for card in cards]
    phone.sync(answers)
    new = create_token(engine, phone.learner_id, name="x", now=NOW, random=random_bytes)
    some_cards(engine, a_learner(engine), 5)
    text = b"".join(export_account(engine, Path(), phone.learner_id, NOW))
    document = json.loads(text)
    assert {row["id"] for row in document["cards"]} == {str(card) for card in cards}
    assert {row["id"] for row in document["events"]} == {str(answer.id) for answer in answers}
    assert {row["fields"]["front"] for row in document["notes"]} == {"问0", "问1", "问2"}
    assert document["learner"]["id"] == str(phone.learner_id)
    assert [row["version"] for row in document["parameters"]] == [1]
    assert sum(row["good"] for row in document["days"]) == 3
    assert len(document["devices"]) == len(all_rows(engine, Device)) - 1
    assert new.secret.encode() not in text
    with pytest.raises(Missing):
        next(export_account(engine, Path(), an_id(), NOW))


def test_secrets_are_long_and_all_different() -> None:
    from app.services.identity import new_token_secret

    learner_id = an_id()
    made = {new_token_secret(learner_id, os.urandom) for _ in range(100)}
    assert len(made) == 100
    assert all(len(secret) == 3 + 64 for secret in made)


def test_beginning_from_one_address_is_slowed_down(engine: Engine) -> None:
    def begin_at(address: str, now: int = NOW) -> None:
        begin_anonymous(
            engine,
            address=address,
            device_id=an_id(),
            device_name="",
            zone="Asia/Shanghai",
            language="zh",
            now=now,
            random=random_bytes,
        )

    with writing(engine) as session:
        row = {"key": "begin from here", "window_start": NOW, "tries": BEGINNERS_AN_HOUR - 1}
        session.execute(throttles.insert(), [row])
    begin_at("here")
    before = all_rows(engine, Learner)
    with pytest.raises(Throttled, match="too-many-tries"):
        begin_at("here")
    assert all_rows(engine, Learner) == before
    begin_at("elsewhere")
    begin_at("here", NOW + HOUR)
    assert len(all_rows(engine, Learner)) == 3
