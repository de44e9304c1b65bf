"""Items of docs/security.md that no other test shows: how passwords are kept and typed, and what is random."""

from __future__ import annotations

import base64
import math
import re
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select

from groundwork import clock, config, keys, scope
from groundwork.config import Settings
from groundwork.database import open_session
from tenants import accounts, entering, passwords, second_factor, tokens
from tenants.models import UserAccount
from tests.makers import PASSWORD, World
from tests.ui.mailbox import Mailbox
from tests.ui.visitor import Visitor, words

LONG = " ".join(["copper pipe elbow", "garden hose bib"] * 4)[:128]


def test_a_password_counts_to_its_last_character_and_each_sign_is_one(app: Flask, world: World, alice: Visitor) -> None:
    assert len(LONG) == passwords.LONGEST
    too_long = {"current": PASSWORD, "password": f"{LONG}x"}
    assert "at most 128 characters" in words(alice.send("/settings/security/password", too_long))
    current = PASSWORD
    for password in (LONG, "жёлтый слон🐘 поёт", "Pa$$ 1_%&'\"<wiz>"):
        alice.get("/settings/security")
        sent = {"current": current, "password": f"  {password}  "}
        assert alice.send("/settings/security/password", sent).status_code == 303, password
        assert Visitor(app, world.plumber.slug).log_in(world.alice.email, password[:-1]).status_code == 422
        assert Visitor(app, world.plumber.slug).log_in(world.alice.email, password).status_code == 303
        current = password
    for twelve in ("🐘🌵🚰🔧🪠🛁🚿🧰🔩🪛🏠🧯", "жгутпокраска"):
        passwords.check(twelve)
        with pytest.raises(passwords.WeakPasswordError):
            passwords.check(twelve[:-1])


def test_a_password_does_not_grow_old(app: Flask, world: World) -> None:
    with open_session(scope.SYSTEM) as system:
        system.get_one(UserAccount, world.alice.id).password_set_at = clock.real() - timedelta(days=2000)
    visitor = Visitor(app, world.plumber.slug)
    assert visitor.log_in(world.alice.email).headers["Location"] == "/home"
    assert visitor.get("/settings").status_code == 200


def test_password_fields_are_named_for_managers_and_can_be_looked_at(
    app: Flask, world: World, alice: Visitor, mailbox: Mailbox
) -> None:
    alice.send("/settings/members", {"name": "Rosa Diaz", "email": "rosa@example.com", "role": "agent"})
    stranger = Visitor(app, world.plumber.slug)
    stranger.get("/log-in/forgot")
    stranger.send("/log-in/forgot", {"email": world.bob.email})
    seen = 0
    for visitor, path in ((stranger, "/log-in"), (Visitor(app), "/start"), (alice, "/settings/security"),
                          (alice, "/account/prove"), (stranger, mailbox.link("rosa@example.com")),
                          (stranger, mailbox.link(world.bob.email))):  # fmt: skip
        page = visitor.get(path).get_data(as_text=True)
        fields = re.findall(r'<input[^>]*type="password"[^>]*>', page)
        assert fields, path
        assert len(fields) == page.count("data-password-show"), f"one on {path} cannot be shown"
        for field in fields:
            new = 'autocomplete="new-password"' in field
            assert new or 'autocomplete="current-password"' in field, path
            assert "readonly" not in field
            assert "onpaste" not in page
            seen += new
    assert seen == 4


def test_a_password_is_kept_as_argon2id_with_a_salt_and_sealed_with_a_key_of_its_own(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = Settings(**{**vars(settings), "environment": "production"})
    monkeypatch.setattr(config, "settings", lambda: live)
    accounts._hasher.cache_clear()
    kept = [accounts.hash_password(PASSWORD) for _ in range(2)]
    opened = [keys.unseal(live.seal_keys, one, accounts.SEALED_FOR) for one in kept]
    salts = {one.split("$")[4] for one in opened}
    assert all(one.startswith("$argon2id$v=19$m=65536,t=3,p=4$") for one in opened)
    assert [len(base64.b64decode(f"{salt}==")) for salt in salts] == [16, 16], "each a salt of its own"
    monkeypatch.undo()
    accounts._hasher.cache_clear()
    with open_session(scope.SYSTEM) as system:
        account = system.get_one(UserAccount, world.alice.id)
        assert account.password_hash.startswith("v1.")
        plain = keys.unseal(config.settings().seal_keys, account.password_hash, accounts.SEALED_FOR)
        stolen = keys.seal((("s0", b"x" * 32),), plain, accounts.SEALED_FOR)
        for stored, good in ((stolen, False), ("v1.gone.AAAA", False), (plain, True)):
            account.password_hash = stored
            assert bool(accounts.check_password(system, world.alice.email, PASSWORD)) is good
        assert account.password_hash.startswith("v1."), "one from before is sealed at the next log-in"


def test_a_fresh_installation_knows_nobody(clean: Settings) -> None:
    with open_session(scope.SYSTEM) as system:
        assert system.scalar(select(func.count()).select_from(UserAccount)) == 0


def with_codes(world: World) -> pyotp.TOTP:
    with open_session(scope.SYSTEM) as system:
        account = system.get_one(UserAccount, world.alice.id)
        sealed = second_factor.offer(account.id)
        phone = pyotp.TOTP(second_factor.secret_of(account.id, sealed))
        second_factor.switch_on(system, account, sealed, phone.at(clock.real()))
    return phone


def test_a_log_in_half_done_ends_after_ten_minutes(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    phone, visitor = with_codes(world), Visitor(app, world.plumber.slug)
    assert visitor.log_in(world.alice.email).headers["Location"] == "/log-in/code"
    visitor.get("/log-in/code")
    real = clock.real
    monkeypatch.setattr(clock, "real", lambda: real() + entering.HALF_WAY + timedelta(seconds=1))
    answer = visitor.send("/log-in/code", {"code": phone.at(clock.real())})
    assert answer.headers["Location"] == "/log-in"
    assert "took too long" in words(visitor.get("/log-in"))


def test_a_code_used_again_is_refused_and_its_owner_hears_of_it(
    app: Flask, world: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.real()
    monkeypatch.setattr(clock, "real", lambda: now)
    phone, told = with_codes(world), []
    for code in ("000000", phone.at(now), phone.at(now + timedelta(seconds=second_factor.STEP_SECONDS))):
        visitor = Visitor(app, world.plumber.slug)
        visitor.log_in(world.alice.email)
        visitor.get("/log-in/code")
        status = visitor.send("/log-in/code", {"code": code}).status_code
        subjects = [subject for subject, _words in mailbox.of(world.alice.email)]
        told.append((status, subjects.count("A used code was tried again")))
    assert told == [(422, 0), (422, 1), (303, 1)]


def test_what_is_good_once_is_random_long_and_good_once(world: World, alice: Visitor) -> None:
    with open_session(scope.SYSTEM) as system:
        made = [tokens.make(system, "passkey", timedelta(minutes=5)) for _ in range(50)]
        assert [bool(tokens.use(system, "passkey", made[0])) for _ in range(2)] == [True, False]
        codes = second_factor.renew_codes(system, world.alice.id)
    with alice.client.session_transaction(base_url=alice.origin) as kept:
        made.append(kept["_user_id"])
    assert len(set(made)) == len(made)
    assert {len(base64.urlsafe_b64decode(f"{token}=")) for token in made} == {32}
    assert math.log2(len(second_factor.LETTERS)) * len(codes[0].replace("-", "")) > 64
