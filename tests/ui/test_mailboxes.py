"""Whose mailbox an address is: signing up with somebody else's, changing one's own, and news about both."""

from __future__ import annotations

import csv
import io
import re

from flask import Flask
from sqlalchemy import select, update

from groundwork import clock, scope
from groundwork.database import new_id, open_session
from tenants import signin
from tenants.access_models import Passkey
from tenants.models import AuditEvent, Member, Tenant, UserAccount, UserSession
from tests import makers
from tests.makers import PASSWORD, World
from tests.ui.mailbox import Mailbox
from tests.ui.visitor import Visitor, words

NEW = "alice@bluffcreek.example"
START = {"business": "Ridgeline Roofing", "name": "Maya Ortiz", "password": "copper pipe elbow"}


def sign_up(app: Flask, email: str, **changes: str) -> Visitor:
    visitor = Visitor(app)
    visitor.get("/start")
    visitor.follow(visitor.send("/start", START | {"email": email} | changes))
    visitor.get("/setup/business")
    return visitor


def said_by(visitor: Visitor, email: str) -> list[str]:
    """All a person is shown who signs up, looks at their log-in, leaves, and comes back."""
    pages = [words(visitor.get("/setup/business")), words(visitor.get("/settings/security"))]
    visitor.send("/log-out")
    again = visitor.log_in(email, START["password"])
    pages += [str(again.status_code), words(visitor.get("/settings/members"))]
    return [re.sub(r"ridgeline-roofing-\d", "ridgeline-roofing", page.replace(email, "")) for page in pages]


def test_signing_up_says_the_same_for_an_address_that_has_an_account_and_the_mailbox_is_told(
    app: Flask, world: World, mailbox: Mailbox, alice: Visitor
) -> None:
    fresh = said_by(sign_up(app, "maya@ridgeline.example"), "maya@ridgeline.example")
    thief = sign_up(app, world.alice.email)
    assert said_by(thief, world.alice.email) == fresh
    assert mailbox.of("maya@ridgeline.example")[0][0] == "Confirm your e-mail for Hallway"
    assert "You have a Hallway account already" in [subject for subject, _words in mailbox.of(world.alice.email)]
    assert thief.get("/settings").status_code == 200
    elsewhere = Visitor(app, world.plumber.slug)
    assert elsewhere.log_in(world.alice.email, START["password"]).status_code == 422, "nothing of hers opens to it"
    assert elsewhere.log_in(world.alice.email).status_code == 303
    assert "Bluff Creek" in words(alice.get("/settings"))


def test_what_one_opened_again_by_mistake_moves_into_the_account_one_has(
    app: Flask, world: World, mailbox: Mailbox
) -> None:
    maya = sign_up(app, world.alice.email)
    link, stranger = mailbox.link(world.alice.email), Visitor(app)
    assert "Move it into your account?" in words(stranger.get(link))
    assert "in your account now" in words(stranger.send(link))
    assert maya.get("/settings").status_code == 302, "the browser that signed up is out"
    assert Visitor(app).log_in(world.alice.email, START["password"]).status_code == 422
    alice = Visitor(app)
    alice.log_in(world.alice.email)
    assert {"Bluff Creek Plumbing", "Ridgeline Roofing"} <= set(re.findall(r"Bluff Creek Plumbing|Ridgeline Roofing",
                                                                         words(alice.get("/businesses"))))  # fmt: skip
    with open_session(scope.SYSTEM) as system:
        owners = (
            select(Member.user_id).join(Tenant, Tenant.id == Member.tenant_id).where(Tenant.name == "Ridgeline Roofing")
        )
        assert system.scalars(owners).all() == [world.alice.id]


def test_whoever_has_the_mailbox_takes_over_an_address_that_somebody_else_typed(
    app: Flask, world: World, mailbox: Mailbox
) -> None:
    email = "dana@example.com"
    thief = sign_up(app, email)
    with open_session(scope.SYSTEM) as system:
        account = system.scalars(select(UserAccount).where(UserAccount.email == email)).one()
        key = Passkey(id=new_id(), user_id=account.id, rp_id="localhost", name="Thief's", sign_count=0)
        key.credential_id, key.public_key, account.totp_sealed = b"x", b"x", "v1.x"
        system.add(key)
    dana = Visitor(app)
    dana.get("/log-in/forgot")
    dana.send("/log-in/forgot", {"email": email})
    dana.send(mailbox.link(email), {"password": "garden hose bib"})
    assert thief.get("/settings").status_code == 302
    assert dana.log_in(email, "garden hose bib").status_code == 303
    assert "Thief's" not in words(dana.get("/account"))
    assert "Not confirmed yet" not in words(dana.get("/account"))


def test_an_address_changes_when_both_mailboxes_agreed_and_not_before(
    app: Flask, world: World, mailbox: Mailbox, alice: Visitor
) -> None:
    stranger = Visitor(app)
    alice.send("/account/email", {"email": NEW})
    void = mailbox.link(NEW)
    alice.send("/account/email", {"email": NEW.upper()})
    assert f"It becomes {NEW}" in words(alice.get("/settings/security"))
    assert stranger.get(void).status_code == 404, "a newer wish makes the older links void"
    for n, email in enumerate((NEW, world.alice.email)):
        link = mailbox.link(email)
        assert f"Log in as {NEW}?" in words(stranger.get(link))
        assert Visitor(app, world.plumber.slug).log_in(world.alice.email).status_code == 303, "still the old one"
        said = words(stranger.send(link))
        assert ("one mailbox agreed", "address is changed")[n] in said
        assert stranger.send(link).status_code == 422, "once"
    assert alice.get("/settings").status_code == 302, "logged out everywhere"
    assert Visitor(app, world.plumber.slug).log_in(world.alice.email).status_code == 422
    assert alice.log_in(NEW).status_code == 303
    assert NEW in words(alice.get("/settings/members"))
    for email in (NEW, world.alice.email):
        assert "Your log-in address was changed" in [subject for subject, _words in mailbox.of(email)]
    with world.plumber.open() as session:
        noted = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert noted == ["Asked for another log-in address"] * 2 + ["Changed their log-in address"]


def test_a_wish_for_another_address_tells_nothing_of_who_has_it_and_can_be_taken_back(
    app: Flask, world: World, mailbox: Mailbox, alice: Visitor
) -> None:
    pages = []
    for email in (NEW, world.charles.email):
        alice.send("/account/email", {"email": email})
        pages.append(words(alice.get("/settings/security")).replace(email, ""))
        link = mailbox.link(world.alice.email)
        said = Visitor(app)
        said.get(link)
        pages.append(words(said.send(link)).replace(email, ""))
    assert pages[:2] == pages[2:]
    assert "has an account" in mailbox.of(world.charles.email)[-1][0]
    alice.get("/settings/security")
    same = alice.send("/account/email", {"email": world.alice.email})
    assert "address you log in with now" in words(alice.follow(same))
    alice.send("/account/email", {"email": NEW})
    link = mailbox.link(NEW)
    alice.send("/account/email/take-back")
    assert Visitor(app).get(link).status_code == 404
    with open_session(scope.SYSTEM) as system:
        system.execute(update(UserSession).values(proved_at=clock.real() - signin.FRESH))
    assert "/account/prove" in alice.send("/account/email", {"email": NEW}).headers["Location"]


def test_a_log_in_on_a_new_device_is_told_and_on_a_known_one_is_not(
    app: Flask, world: World, mailbox: Mailbox, alice: Visitor
) -> None:
    def told() -> int:
        return [subject for subject, _words in mailbox.of(world.alice.email)].count("A new device logged in")

    assert told() == 0, "not of the very first"
    alice.send("/log-out")
    alice.log_in(world.alice.email)
    assert told() == 0
    Visitor(app, world.plumber.slug).log_in(world.alice.email, "not her password")
    assert told() == 0
    Visitor(app, world.plumber.slug).log_in(world.alice.email)
    assert told() == 1
    assert "from 127.0.0.1" in mailbox.of(world.alice.email)[-1][1]


def test_agency_staff_change_no_credentials_in_a_client_s_account_and_are_out_after_four_hours(
    world: World, nora: Visitor
) -> None:
    nora.follow(nora.send(f"/businesses/{world.plumber.id}/open"))
    shown = words(nora.get("/settings/security"))
    assert "not in a client's account" in shown
    assert "What you do is written in their activity log. It ends at " in shown
    changed = {"current": PASSWORD, "password": "copper pipe elbow"}
    assert nora.send("/settings/security/password", changed).status_code == 403
    for path in ("/account/two-factor", "/account/two-factor/off", "/account/passkeys", "/account/email"):
        assert nora.send(path, {"email": NEW}).status_code == 403, path
    with open_session(scope.SYSTEM) as system:
        acting = select(UserSession.expires_at).where(UserSession.acting_for_agency_id.is_not(None))
        ends = system.scalars(acting).one()
        # What is left of it after four hours, whatever she does.
        system.execute(
            update(UserSession).values(expires_at=UserSession.expires_at - signin.ACTING, last_seen_at=clock.real())
        )
    assert ends - clock.real() <= signin.ACTING
    assert nora.get("/settings").status_code == 302


def test_one_logs_out_everywhere_at_once(app: Flask, world: World, alice: Visitor) -> None:
    others = [Visitor(app, world.plumber.slug), Visitor(app)]
    for other in others:
        other.log_in(world.alice.email)
    assert alice.send("/account/devices/end-all").headers["Location"] == "/log-in"
    for visitor, path in ((alice, "/settings"), (others[0], "/settings"), (others[1], "/account")):
        assert visitor.get(path).status_code == 302


def test_a_password_is_measured_while_it_is_typed_by_the_rule_that_decides(
    app: Flask, world: World, alice: Visitor
) -> None:
    makers.make_user("Somebody Else")
    for password, good in (("short", False), ("password1234", False), ("alice@example.com", False),
                           ("copper pipe elbow", True), ("x" * 200, False)):  # fmt: skip
        said = alice.send("/password-strength", {"password": password}).get_json()
        assert said["good"] is good, password
        assert 0 <= said["score"] <= 4
        assert said["words"]
        kept = {"current": PASSWORD, "password": password}
        if not good:
            assert said["words"] in words(alice.send("/settings/security/password", kept))
    stranger = Visitor(app)
    page = stranger.get("/start").get_data(as_text=True)
    assert "data-strength" in page
    assert "data-password-show" in page
    about = {"password": "ridgeline roofing", "about": "Ridgeline Roofing"}
    assert stranger.send("/password-strength", about).get_json()["good"] is False


def test_an_owner_sees_who_can_open_the_business_and_logs_them_out_of_it(
    app: Flask, world: World, alice: Visitor, bob: Visitor, nora: Visitor
) -> None:
    nora.follow(nora.send(f"/businesses/{world.plumber.id}/open"))
    with world.charlie.open() as session:
        session.add(Member(user_id=world.bob.id, name="Bob Tran", email=world.bob.email, role="agent"))
    there = Visitor(app, world.charlie.slug)
    there.log_in(world.bob.email)
    with open_session(scope.SYSTEM) as system:
        system.get_one(UserAccount, world.alice.id).totp_sealed = "v1.x"
    shown = words(alice.get("/settings/members/access"))
    assert "2 of 3 prove who they are by a password alone Bob Tran, Nora Lindqvist" in shown
    assert re.search(r"Nora Lindqvist Owner Northstar Marketing nora@example.com .*?None Last seen here now", shown)
    assert "Charlie" not in shown
    table = list(
        csv.DictReader(io.StringIO(alice.get("/settings/members/access/who-can-open.csv").get_data(as_text=True)))
    )
    assert [(row["name"], row["role"], row["of"], row["second factor"]) for row in table] == [
        ("Alice Romero", "Owner", "Bluff Creek Plumbing", "codes of an app"),
        ("Bob Tran", "Agent", "Bluff Creek Plumbing", "none"),
        ("Nora Lindqvist", "Owner", "Northstar Marketing", "none"),
    ]
    assert table[1]["devices"].endswith("from 127.0.0.1"), "one here, and not the one at the other business"
    assert ";" not in table[1]["devices"]
    alice.get("/settings/members/access")
    assert alice.send(f"/settings/members/access/{world.charles.id}/log-out").status_code == 404
    alice.send(f"/settings/members/access/{world.bob.id}/log-out")
    assert bob.get("/settings").status_code == 302
    assert there.get("/settings").status_code == 200
    assert bob.get("/settings/members/access").status_code == 302
