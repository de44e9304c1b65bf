"""Proving who one is: second factors, forgotten passwords, guessing, devices, and what a business asks for."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select, update

from blueprints_ui.app import create_app
from groundwork import clock, config, scope
from groundwork.config import Settings
from groundwork.database import open_session
from tenants import accounts, entering, passwords, second_factor, signin
from tenants.access_models import AccountToken, RecoveryCode
from tenants.models import AuditEvent, Member, UserAccount, UserSession
from tests import makers
from tests.makers import PASSWORD, World
from tests.ui.mailbox import Mailbox
from tests.ui.visitor import TOKEN, Visitor, words

STEP = second_factor.STEP_SECONDS


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands, so that no code changes between two lines."""
    now = clock.real()
    monkeypatch.setattr(clock, "real", lambda: now)


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    real = clock.real
    monkeypatch.setattr(clock, "real", lambda: real() + timedelta(seconds=seconds))


def set_up(visitor: Visitor) -> tuple[pyotp.TOTP, list[str]]:
    """Switch codes on as a person does; returns the app and the recovery codes."""
    page = visitor.get("/account/two-factor").get_data(as_text=True)
    assert "<svg" in page
    offered = re.search(r'name="offered" value="([^"]+)"', page)
    secret = re.search(r"select-all\">([A-Z2-7 ]+)<", page)
    assert offered
    assert secret
    app = pyotp.TOTP(secret[1].replace(" ", ""))
    shown = visitor.send("/account/two-factor", {"offered": offered[1], "code": app.at(clock.real())})
    assert shown.status_code == 200
    codes = re.findall(r"select-all\">([a-z0-9-]{19})<", shown.get_data(as_text=True))
    visitor.get("/account/security")
    visitor.get("/settings/security" if "bluff" in visitor.origin else "/account")
    return app, codes


def half_way(app: Flask, world: World) -> Visitor:
    """Alice at the page that asks for her code."""
    visitor = Visitor(app, world.plumber.slug)
    visitor.get("/log-in")
    answer = visitor.send("/log-in", {"email": world.alice.email, "password": PASSWORD, "next": "/settings/hours"})
    assert answer.headers["Location"] == "/log-in/code"
    visitor.get("/log-in/code")
    return visitor


def test_a_code_is_asked_for_taken_once_and_may_be_a_step_off(
    still: None, app: Flask, world: World, alice: Visitor
) -> None:
    phone, _codes = set_up(alice)
    assert alice.get("/settings").status_code == 200
    visitor = half_way(app, world)
    assert visitor.get("/settings").status_code == 302  # not in yet
    now = clock.real()
    for code in ("000000", phone.at(now), phone.at(now + timedelta(seconds=3 * STEP))):
        assert visitor.send("/log-in/code", {"code": code}).status_code == 422, "wrong, spent at set-up, or too far off"
    ahead = phone.at(now + timedelta(seconds=STEP))
    assert visitor.send("/log-in/code", {"code": ahead}).headers["Location"] == "/settings/hours"
    again = half_way(app, world)
    assert again.send("/log-in/code", {"code": ahead}).status_code == 422


def test_after_five_wrong_codes_the_log_in_begins_anew(still: None, app: Flask, world: World, alice: Visitor) -> None:
    phone, _codes = set_up(alice)
    visitor = half_way(app, world)
    for _ in range(entering.MOST_TRIES):
        assert visitor.send("/log-in/code", {"code": "000000"}).status_code == 422
    right = phone.at(clock.real() + timedelta(seconds=STEP))
    assert visitor.send("/log-in/code", {"code": right}).headers["Location"] == "/log-in"
    assert visitor.get("/settings").status_code == 302


def test_a_recovery_code_works_once_and_its_owner_hears_of_it(
    app: Flask, world: World, alice: Visitor, mailbox: Mailbox
) -> None:
    _phone, codes = set_up(alice)
    assert len(set(codes)) == second_factor.CODES
    assert half_way(app, world).send("/log-in/code", {"code": codes[3].upper()}).status_code == 303
    assert half_way(app, world).send("/log-in/code", {"code": codes[3]}).status_code == 422
    assert "A recovery code was used" in [subject for subject, _words in mailbox.of(world.alice.email)]
    with open_session(scope.SYSTEM) as system:
        kept = [row.code_sha256 for row in system.scalars(select(RecoveryCode))]
        sealed = system.get_one(UserAccount, world.alice.id).totp_sealed or ""
    assert not any(code.replace("-", "") in "".join(kept) for code in codes)
    assert sealed.startswith("v1.")


def test_a_secret_offered_to_one_person_is_no_use_to_another(world: World, alice: Visitor) -> None:
    alice.get("/account/two-factor")
    stolen = second_factor.offer(world.bob.id)
    assert alice.send("/account/two-factor", {"offered": stolen, "code": "123456"}).status_code == 400


def test_what_guards_an_account_changes_only_after_a_fresh_proof(world: World, alice: Visitor) -> None:
    set_up(alice)
    with open_session(scope.SYSTEM) as system:
        system.execute(update(UserSession).values(proved_at=clock.real() - signin.FRESH))
    for path in ("/account/two-factor/off", "/account/two-factor/codes", "/settings/members/rules"):
        assert "/account/prove?next=" in alice.send(path).headers["Location"]
    assert "/account/prove?next=" in alice.send("/account/devices/end-others").headers["Location"]
    assert alice.send("/account/passkeys/options").status_code == 303
    asked = alice.get("/account/two-factor").headers["Location"]
    assert asked == "/account/prove?next=/account/two-factor"
    alice.get(asked)
    assert alice.send("/account/prove", {"password": "not hers", "next": "/account/two-factor"}).status_code == 422
    before = cookie(alice)
    proved = alice.send("/account/prove", {"password": PASSWORD, "next": "/account/two-factor"})
    assert proved.headers["Location"] == "/account/two-factor"
    assert cookie(alice) != before
    alice.get("/settings/security")
    assert alice.send("/account/two-factor/off").headers["Location"] == "/settings/security"
    assert "Off" in words(alice.get("/settings/security"))


def cookie(visitor: Visitor) -> str:
    found = visitor.client.get_cookie("hallway", visitor.origin.removeprefix("http://").split(":")[0])
    assert found
    return str(found.value)


def test_a_forgotten_password_is_chosen_anew_by_a_link_that_works_once(
    app: Flask, world: World, alice: Visitor, mailbox: Mailbox
) -> None:
    visitor = Visitor(app, world.plumber.slug)
    visitor.get("/log-in/forgot")
    answers = [visitor.send("/log-in/forgot", {"email": email}) for email in ("nobody@example.com", world.alice.email)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert words(answers[0]) == words(answers[1])
    assert mailbox.of("nobody@example.com") == []
    first = mailbox.link(world.alice.email)
    visitor.send("/log-in/forgot", {"email": world.alice.email.upper()})
    link = mailbox.link(world.alice.email)
    assert "not good any more" in words(visitor.get(first)), "a newer link makes the older one void"
    assert "not good any more" in words(visitor.get("/log-in/reset/made-up"))
    assert world.alice.email in words(visitor.get(link))
    assert visitor.send(link, {"password": "password1234"}).status_code == 422
    assert visitor.send(link, {"password": "copper pipe elbow"}).headers["Location"] == "/log-in"
    assert alice.get("/settings").status_code == 302, "every device is logged out"
    assert visitor.send(link, {"password": "another pipe elbow"}).status_code == 422
    assert visitor.log_in(world.alice.email).status_code == 422
    assert visitor.log_in(world.alice.email, "copper pipe elbow").status_code == 303
    assert "Your password was changed" in [subject for subject, _words in mailbox.of(world.alice.email)]
    with open_session(scope.SYSTEM) as system:
        kept = system.scalars(select(AccountToken.token_sha256)).all()
    assert not any(row in link for row in kept)


def test_a_link_of_an_hour_ago_chooses_no_password(
    app: Flask, world: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Visitor(app, world.plumber.slug)
    visitor.get("/log-in/forgot")
    visitor.send("/log-in/forgot", {"email": world.alice.email})
    link = mailbox.link(world.alice.email)
    later(monkeypatch, 3601)
    assert visitor.send(link, {"password": "copper pipe elbow"}).status_code == 422


def test_a_reset_asks_for_the_second_factor_as_before(
    app: Flask, world: World, alice: Visitor, mailbox: Mailbox
) -> None:
    set_up(alice)
    visitor = Visitor(app, world.plumber.slug)
    visitor.get("/log-in/forgot")
    visitor.send("/log-in/forgot", {"email": world.alice.email})
    visitor.send(mailbox.link(world.alice.email), {"password": "copper pipe elbow"})
    answer = visitor.log_in(world.alice.email, "copper pipe elbow")
    assert answer.headers["Location"] == "/log-in/code"


@pytest.mark.parametrize(
    "weak", ["short", "password1234", "123456789012", "qwertyuiop12", "aaaaaaaaaaaa", "alice@example.com"]
)
def test_a_password_a_thief_tries_first_is_refused(weak: str) -> None:
    with pytest.raises(passwords.WeakPasswordError):
        passwords.check(weak, "alice@example.com", "Alice Romero")
    passwords.check("copper pipe elbow", "alice@example.com")


def test_guessing_elsewhere_does_not_keep_the_owner_out(app: Flask, world: World, alice: Visitor) -> None:
    alice.send("/log-out")
    for n in range(11):
        thief = Visitor(app, world.plumber.slug)
        thief.client.environ_base = {**thief.client.environ_base, "REMOTE_ADDR": f"10.0.0.{n}"}
        answer = thief.log_in(world.alice.email, f"guess number {n}")
    assert answer.status_code == 429
    assert alice.log_in(world.alice.email).status_code == 303, "from the browser she always uses"
    mark = alice.client.get_cookie("hallway-known", "bluff-creek.localhost")
    assert mark
    thief.client.set_cookie("hallway-known", f"{mark.value}x", domain="bluff-creek.localhost")
    assert thief.log_in(world.alice.email).status_code == 429, "a mark that is not ours counts for nothing"


def test_a_browser_left_alone_is_logged_out_and_an_open_page_is_no_activity(
    alice: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, 20 * 60)
    assert alice.get("/live-ticket").status_code == 200
    later(monkeypatch, 11 * 60)
    assert alice.get("/settings").status_code == 302


def test_a_remembered_browser_stays_a_week_of_silence_and_thirty_days_at_most(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Visitor(app, world.plumber.slug)
    visitor.log_in(world.alice.email, remember="yes")
    for _ in range(5):
        later(monkeypatch, 6 * 86400)
        assert visitor.get("/settings").status_code == (200 if _ < 4 else 302)


def test_all_other_devices_are_logged_out_at_once(app: Flask, world: World, alice: Visitor) -> None:
    others = [Visitor(app, world.plumber.slug), Visitor(app)]
    for other in others:
        other.log_in(world.alice.email)
    alice.get("/settings/security")
    alice.send("/account/devices/end-others")
    assert alice.get("/settings").status_code == 200
    assert [other.get(path).status_code for other, path in zip(others, ("/settings", "/account"), strict=True)] == [
        302
    ] * 2


def test_a_business_asks_its_owners_and_managers_for_a_second_factor(
    app: Flask, world: World, alice: Visitor, bob: Visitor, nora: Visitor
) -> None:
    assert alice.send("/settings/members/rules", {"require_two_factor": "yes"}).status_code == 303
    assert alice.get("/settings/hours").headers["Location"] == "/settings/security"
    assert alice.send("/settings/hours/busy", {"for": "60"}).headers["Location"] == "/settings/security"
    assert "asks its owners and managers for a second factor" in words(alice.get("/settings/security"))
    assert bob.get("/settings").status_code == 200, "an agent needs none"
    nora.follow(nora.send(f"/businesses/{world.plumber.id}/open"))
    assert nora.get("/settings/hours").headers["Location"] == "/settings/security", "agency staff too"
    set_up(alice)
    assert alice.get("/settings/hours").status_code == 200


def test_agency_staff_bring_their_second_factor_along(app: Flask, world: World, alice: Visitor, nora: Visitor) -> None:
    alice.send("/settings/members/rules", {"require_two_factor": "yes"})
    set_up(nora)
    nora.follow(nora.send(f"/businesses/{world.plumber.id}/open"))
    assert nora.get("/settings/hours").status_code == 200


def test_what_people_do_to_their_own_log_in_stands_in_their_business_s_log(world: World, alice: Visitor) -> None:
    set_up(alice)
    alice.send("/account/two-factor/codes")
    with world.plumber.open() as session:
        noted = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert noted == ["Switched two-factor on for their log-in", "Made new recovery codes for their log-in"]
    assert "Made new" not in words(alice.get("/settings/activity?q=switched"))
    assert "Switched two-factor" in words(alice.get(f"/settings/activity?by={world.alice.id}&q=switched"))
    assert "Nothing like that" in words(alice.get(f"/settings/activity?by={world.bob.id}"))
    with world.charlie.open() as session:
        assert session.scalars(select(AuditEvent)).all() == []


def test_an_invitation_is_sent_again_taken_back_and_tells_nothing_of_accounts(
    app: Flask, world: World, alice: Visitor, mailbox: Mailbox
) -> None:
    said = []
    for email in ("rosa@example.com", world.charles.email):
        answer = alice.send("/settings/members", {"name": "Rosa Diaz", "email": email, "role": "agent"})
        said.append(words(alice.follow(answer)).replace(email, "").count("Rosa Diaz"))
    assert said[1] == said[0] + 1, "the list is one longer, and says no more of who has an account"
    first = mailbox.link("rosa@example.com")
    page = alice.get("/settings/members").get_data(as_text=True)
    assert "/join/" not in page, "the link goes to the mailbox alone"
    charles, rosa = re.findall(r"/settings/members/invitations/([0-9a-f-]+)/resend", page)
    alice.send(f"/settings/members/invitations/{rosa}/resend")
    second = mailbox.link("rosa@example.com")
    visitor = Visitor(app, world.plumber.slug)
    assert "not good any more" in words(visitor.get(first))
    assert "Join Bluff Creek" in words(visitor.get(second))
    alice.send(f"/settings/members/invitations/{rosa}/withdraw")
    assert visitor.send(second, {"password": "garden hose bib"}).status_code == 422
    assert alice.send(f"/settings/members/invitations/{rosa}/resend").status_code == 404
    assert charles in alice.get("/settings/members").get_data(as_text=True)


def test_whoever_joins_with_an_account_still_owes_its_second_factor(
    app: Flask, world: World, alice: Visitor, mailbox: Mailbox
) -> None:
    charlie = Visitor(app, world.charlie.slug)
    charlie.log_in(world.charles.email)
    with open_session(scope.SYSTEM) as system:
        account = system.get_one(UserAccount, world.charles.id)
        sealed = second_factor.offer(account.id)
        app_ = pyotp.TOTP(second_factor.secret_of(account.id, sealed))
        second_factor.switch_on(system, account, sealed, app_.at(clock.real()))
    alice.send("/settings/members", {"name": "Charlie", "email": world.charles.email, "role": "agent"})
    visitor = Visitor(app, world.plumber.slug)
    link = mailbox.link(world.charles.email)
    visitor.get(link)
    assert visitor.send(link, {"password": PASSWORD}).headers["Location"] == "/log-in/code"


def test_a_changed_role_logs_its_member_out_here_and_nowhere_else(app: Flask, world: World, alice: Visitor) -> None:
    with world.charlie.open() as session:
        session.add(Member(user_id=world.bob.id, name="Bob Tran", email=world.bob.email, role="agent"))
    here, there = Visitor(app, world.plumber.slug), Visitor(app, world.charlie.slug)
    here.log_in(world.bob.email)
    there.log_in(world.bob.email)
    alice.send(f"/settings/members/{world.bob.member}/role", {"role": "manager"})
    assert here.get("/settings").status_code == 302
    assert there.get("/settings").status_code == 200
    carol = makers.make_member(world.plumber, "Carol Diaz", "owner")
    before = cookie(alice)
    alice.send(f"/settings/members/{world.alice.member}/role", {"role": "manager"})
    assert cookie(alice) != before
    assert alice.get("/settings").status_code == 200
    assert alice.send(f"/settings/members/{carol.member}/remove").status_code == 403


def test_a_disabled_account_is_out_everywhere(app: Flask, world: World, alice: Visitor) -> None:
    with open_session(scope.SYSTEM) as system:
        system.get_one(UserAccount, world.alice.id).disabled_at = clock.real()
        assert accounts.check_password(system, world.alice.email, PASSWORD) is None
    assert alice.get("/settings").status_code == 302


def test_under_https_every_cookie_is_bound_to_its_host_and_to_encryption(
    clean: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """__Host- makes the browser itself refuse a cookie with a Domain, or one set without encryption."""
    monkeypatch.setenv("PUBLIC_URL", "https://hallway.example")
    config.settings.cache_clear()
    try:
        world, client = makers.make_world(), create_app(config.settings()).test_client()
        where = f"https://{world.plumber.slug}.hallway.example"
        form = TOKEN.search(client.get("/log-in", base_url=where).get_data(as_text=True))
        assert form
        said = {"csrf_token": form[1], "email": world.alice.email, "password": PASSWORD}
        answer = client.post("/log-in", base_url=where, data=said, headers={"Referer": where})
    finally:
        config.settings.cache_clear()
    cookies = answer.headers.getlist("Set-Cookie")
    assert sorted(cookie.split("=")[0] for cookie in cookies) == ["__Host-hallway", "__Host-hallway-known"]
    for cookie in cookies:
        parts = set(cookie.split("; ")[1:])
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= parts
        assert not any(part.startswith("Domain") for part in parts)
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


def test_a_passkey_s_answer_that_is_made_up_opens_nothing(app: Flask, world: World) -> None:
    visitor = Visitor(app, world.plumber.slug)
    visitor.get("/log-in")
    made_up: list[Any] = [{}, [], {"response": {"clientDataJSON": "e30"}}, {"rawId": "AA", "response": {}}]
    for sent in made_up:
        answer = visitor.client.post(
            "/log-in/passkey", base_url=visitor.origin, json=sent, headers={"X-CSRFToken": visitor._token}
        )
        assert answer.status_code == 422
        assert "error" in answer.get_json()
