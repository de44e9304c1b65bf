"""Logging in and out, staying on one's own host, and entering from another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select, update

from groundwork import clock, scope
from groundwork.database import open_session
from tenants import accounts, signin
from tenants.models import AuditEvent, Member, Tenant, UserSession
from tests import makers
from tests.makers import World
from tests.ui.visitor import Visitor, words

HERE = signin.Browser("127.0.0.1", "Firefox")


def test_a_member_logs_in_at_her_business_and_sees_its_name(alice: Visitor) -> None:
    assert "Bluff Creek Plumbing" in words(alice.get("/settings"))


def test_a_wrong_password_and_an_unknown_address_read_the_same(app: Flask, world: World) -> None:
    visitor = Visitor(app, world.plumber.slug)
    wrong = visitor.log_in(world.alice.email, "not her password")
    unknown = visitor.log_in("nobody@example.com", "not her password")
    assert wrong.status_code == unknown.status_code == 422
    assert "do not open an account here" in words(wrong)
    assert words(wrong).replace(world.alice.email, "") == words(unknown).replace("nobody@example.com", "")


def test_the_typed_address_stays_in_the_form_and_the_password_does_not(app: Flask, world: World) -> None:
    page = Visitor(app, world.plumber.slug).log_in(world.alice.email, "wrong-password-1").get_data(as_text=True)
    assert f'value="{world.alice.email}"' in page
    assert "wrong-password-1" not in page


def test_a_member_of_another_business_cannot_log_in_here(app: Flask, world: World) -> None:
    visitor = Visitor(app, world.plumber.slug)
    assert visitor.log_in(world.charles.email).status_code == 422
    assert visitor.get("/settings").status_code == 302


def test_a_cookie_of_one_business_opens_no_other(app: Flask, world: World, alice: Visitor) -> None:
    cookie = alice.client.get_cookie("hallway", "bluff-creek.localhost")
    assert cookie
    thief = Visitor(app, world.charlie.slug)
    thief.client.set_cookie("hallway", cookie.value, domain="charlies.localhost")
    assert thief.get("/settings").headers["Location"].startswith("/log-in")


def test_the_cookie_belongs_to_one_host_and_no_script_reads_it(app: Flask, world: World) -> None:
    visitor = Visitor(app, world.plumber.slug)
    cookies = visitor.log_in(world.alice.email, remember="yes").headers.getlist("Set-Cookie")
    assert len(cookies) == 2  # the session, and the mark of a browser that logged in before
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Domain" not in cookie
        assert "Expires" in cookie


def test_without_remember_the_cookie_ends_with_the_browser(app: Flask, world: World) -> None:
    cookies = Visitor(app, world.plumber.slug).log_in(world.alice.email).headers.getlist("Set-Cookie")
    (own,) = [cookie for cookie in cookies if cookie.startswith("hallway=")]
    assert "Expires" not in own


def test_the_database_keeps_no_token_that_opens_anything(alice: Visitor) -> None:
    with alice.client.session_transaction(base_url=alice.origin) as kept:
        token = kept["_user_id"]
    with open_session(scope.SYSTEM) as session:
        rows = session.scalars(select(UserSession)).all()
    assert rows
    assert not any(token in (row.token_sha256, str(row.id)) for row in rows)


def test_logging_in_replaces_whatever_session_was_planted(app: Flask, world: World) -> None:
    visitor = Visitor(app, world.plumber.slug)
    visitor.get("/log-in")
    with visitor.client.session_transaction(base_url=visitor.origin) as planted:
        planted["planted"] = "by somebody else"
        before = planted["csrf_token"]
    visitor.log_in(world.alice.email)
    with visitor.client.session_transaction(base_url=visitor.origin) as kept:
        assert "planted" not in kept
        assert kept["csrf_token"] != before


def test_after_logging_out_the_old_cookie_is_worth_nothing(app: Flask, world: World, alice: Visitor) -> None:
    cookie = alice.client.get_cookie("hallway", "bluff-creek.localhost")
    assert cookie
    assert alice.send("/log-out").headers["Clear-Site-Data"] == '"cache"'
    again = Visitor(app, world.plumber.slug)
    again.client.set_cookie("hallway", cookie.value, domain="bluff-creek.localhost")
    assert again.get("/settings").status_code == 302


def test_a_form_from_another_site_is_refused(alice: Visitor, world: World) -> None:
    answer = alice.forge("/settings/business", {"name": "Stolen"})
    assert answer.status_code == 400
    assert "open for too long" in words(answer)
    assert "Bluff Creek Plumbing" in words(alice.get("/settings"))


def test_the_page_wanted_before_logging_in_comes_after_it(app: Flask, world: World) -> None:
    visitor = Visitor(app, world.plumber.slug)
    asked = visitor.get("/settings/hours?x=1")
    assert asked.headers["Location"] == "/log-in?next=/settings/hours?x%3D1"
    visitor.get(asked.headers["Location"])
    answer = visitor.send(
        "/log-in", {"email": world.alice.email, "password": makers.PASSWORD, "next": "/settings/hours"}
    )
    assert answer.headers["Location"] == "/settings/hours"


@pytest.mark.parametrize("trap", ["//evil.example/x", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_after_logging_in_nobody_is_sent_to_another_site(app: Flask, world: World, trap: str) -> None:
    visitor = Visitor(app, world.plumber.slug)
    visitor.get("/log-in")
    answer = visitor.send("/log-in", {"email": world.alice.email, "password": makers.PASSWORD, "next": trap})
    assert answer.headers["Location"] == "/home"


def test_a_fragment_asks_the_whole_page_to_log_in(app: Flask, world: World) -> None:
    answer = Visitor(app, world.plumber.slug).get("/nav-counts", **{"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/log-in"


def test_guessing_at_one_address_is_slowed_down(app: Flask, world: World) -> None:
    answers = [Visitor(app, world.plumber.slug).log_in(world.alice.email, f"guess {n}").status_code for n in range(11)]
    assert answers[:10] == [422] * 10
    assert answers[10] == 429


def test_a_removed_member_is_out_at_the_next_click(bob: Visitor, world: World) -> None:
    assert bob.get("/settings").status_code == 200
    with world.plumber.open() as session:
        session.execute(update(Member).where(Member.user_id == world.bob.id).values(removed_at=clock.now()))
    assert bob.get("/settings").status_code == 302


def test_a_session_ends_after_its_time(alice: Visitor) -> None:
    with open_session(scope.SYSTEM) as session:
        session.execute(update(UserSession).values(expires_at=clock.now() - timedelta(seconds=1)))
    assert alice.get("/settings").status_code == 302


def test_nobodys_subdomain_is_a_plain_page(app: Flask, world: World) -> None:
    answer = Visitor(app, "nobody").get("/log-in")
    assert answer.status_code == 404
    assert "no business at this address" in words(answer)


def test_a_member_of_one_business_goes_straight_in_from_the_base_domain(app: Flask, world: World) -> None:
    visitor = Visitor(app)
    visitor.log_in(world.bob.email)
    visitor.follow(visitor.get("/businesses"))
    assert visitor.origin == "http://bluff-creek.localhost:8000"
    assert "Bluff Creek Plumbing" in words(visitor.get("/settings"))


def test_a_hand_over_works_once(app: Flask, world: World, nora: Visitor) -> None:
    link = nora.send(f"/businesses/{world.plumber.id}/open").headers["Location"]
    path = link.removeprefix("http://bluff-creek.localhost:8000")
    first, second = Visitor(app, "bluff-creek"), Visitor(app, "bluff-creek")
    assert first.get(path).headers["Location"] == "/home"
    assert second.get(path).headers["Location"] == "/log-in"
    assert "already used" in words(second.get("/log-in"))


def test_a_hand_over_is_good_for_its_own_business_and_minute_only(app: Flask, world: World) -> None:
    with open_session(scope.SYSTEM) as session:
        other = signin.hand_over(session, world.alice.id, world.plumber.id, None, HERE)
        late = signin.hand_over(session, world.alice.id, world.plumber.id, None, HERE)
    assert Visitor(app, "charlies").get(f"/enter?t={other}").headers["Location"] == "/log-in"
    with open_session(scope.SYSTEM) as session:
        session.execute(update(UserSession).values(expires_at=clock.now() - timedelta(seconds=1)))
    assert Visitor(app, "bluff-creek").get(f"/enter?t={late}").headers["Location"] == "/log-in"


def test_changing_the_password_logs_every_other_device_out(app: Flask, world: World, alice: Visitor) -> None:
    other = Visitor(app, world.plumber.slug)
    other.log_in(world.alice.email)
    answer = alice.send("/settings/security/password", {"current": makers.PASSWORD, "password": "copper pipe elbow"})
    assert answer.status_code == 303
    assert alice.get("/settings").status_code == 200
    assert other.get("/settings").status_code == 302
    assert Visitor(app, world.plumber.slug).log_in(world.alice.email, "copper pipe elbow").status_code == 303


def test_the_password_changes_only_for_who_knows_the_old_one(alice: Visitor) -> None:
    answer = alice.send("/settings/security/password", {"current": "a guess", "password": "copper pipe elbow"})
    assert answer.status_code == 422
    assert "not the password you have now" in words(answer)


def test_a_lost_device_is_logged_out_from_the_list(app: Flask, world: World, alice: Visitor) -> None:
    lost = Visitor(app, world.plumber.slug)
    lost.log_in(world.alice.email)
    with open_session(scope.SYSTEM) as session:
        devices = signin.sessions_of(session, world.alice.id)
    (other,) = [device for device, _business in devices if device.id != _own(alice)]
    alice.send(f"/settings/security/devices/{other.id}/end")
    assert lost.get("/settings").status_code == 302
    assert alice.get("/settings").status_code == 200


def test_nobody_logs_another_person_out(world: World, alice: Visitor, bob: Visitor) -> None:
    assert bob.send(f"/settings/security/devices/{_own(alice)}/end").status_code == 404
    assert alice.get("/settings").status_code == 200


def test_a_hash_made_with_other_settings_is_renewed_at_log_in(world: World) -> None:
    with open_session(scope.SYSTEM) as session:
        account = accounts.find_account(session, world.alice.email)
        assert account
        account.password_hash = old = PasswordHasher(2, 16, 1).hash(makers.PASSWORD)
        assert accounts.check_password(session, world.alice.email, makers.PASSWORD)
        assert account.password_hash != old
        assert accounts.check_password(session, world.alice.email, makers.PASSWORD)


def test_an_agencys_visit_stands_in_the_clients_log(world: World, nora: Visitor) -> None:
    nora.follow(nora.send(f"/businesses/{world.plumber.id}/open"))
    assert "acting for" in words(nora.get("/settings")).lower()
    nora.send("/settings/hours/busy", {"for": "60"})
    left = nora.send("/leave")
    assert left.headers["Location"] == "http://localhost:8000/businesses"
    assert nora.get("/settings").status_code == 302
    with world.plumber.open() as session:
        entries = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    told = [(entry.action, entry.actor_name, entry.acting_for) for entry in entries]
    assert told == [
        ("Opened this account", "Nora Lindqvist", "Northstar Marketing"),
        ("Switched the busy sign on", "Nora Lindqvist", "Northstar Marketing"),
        ("Left this account", "Nora Lindqvist", "Northstar Marketing"),
    ]


def test_agency_staff_open_no_business_that_is_not_their_client(world: World, nora: Visitor) -> None:
    assert nora.send(f"/businesses/{world.charlie.id}/open").status_code == 404


def test_agency_staff_are_out_as_soon_as_the_client_leaves_the_agency(world: World, nora: Visitor) -> None:
    nora.follow(nora.send(f"/businesses/{world.plumber.id}/open"))
    with open_session(scope.SYSTEM) as session:
        tenant = session.get(Tenant, world.plumber.id)
        assert tenant
        tenant.agency_id = None
    assert nora.get("/settings").status_code == 302


def test_a_member_of_two_businesses_switches_without_logging_in_again(world: World, alice: Visitor) -> None:
    with world.charlie.open() as session:
        session.add(Member(user_id=world.alice.id, name="Alice Romero", email=world.alice.email, role="agent"))
    assert "Charlie's Garage Doors" in words(alice.get("/switch"))
    alice.follow(alice.send(f"/switch/{world.charlie.id}"))
    assert alice.origin == "http://charlies.localhost:8000"
    assert "Charlie's Garage Doors" in words(alice.get("/settings"))


def test_nobody_switches_to_a_business_they_have_no_part_in(world: World, alice: Visitor) -> None:
    assert alice.send(f"/switch/{world.charlie.id}").status_code == 404
    assert "Charlie" not in words(alice.get("/switch"))


def _own(visitor: Visitor) -> object:
    with visitor.client.session_transaction(base_url=visitor.origin) as kept:
        token = kept["_user_id"]
    with open_session(scope.SYSTEM) as session:
        return session.scalar(select(UserSession.id).where(UserSession.token_sha256 == signin._sha256(token)))
