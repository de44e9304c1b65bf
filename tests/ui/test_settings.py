"""The settings, as an owner changes them: what is kept, what is refused, what is written down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from groundwork import clock
from hallway import consent, sending
from hallway.calls.models import Phone
from hallway.calls.phones import phones
from hallway.channels import forwarding
from hallway.channels.models import Number
from hallway.playbooks.models import Wording
from tenants import hours
from tenants.models import AuditEvent, Member, Tenant
from tests import makers
from tests.makers import World
from tests.ui.mailbox import Mailbox
from tests.ui.visitor import Visitor, words

DETAILS = {
    "name": "Bluff Creek Plumbing", "trade": "plumbing", "phone": "(512) 555-0100", "website": "bluffcreek.example.com",
    "state": "TX", "zip": "78704", "timezone": "America/Chicago",
}  # fmt: skip
WEEK = {f"{day}_open": "yes" for day in ("mon", "tue")} | {
    "mon_from": "07:30", "mon_to": "12:00", "mon_from2": "13:00", "mon_to2": "17:00",
    "tue_from": "22:00", "tue_to": "06:00", "wed_from": "08:00", "wed_to": "17:00",
}  # fmt: skip


def tenant_of(world: World) -> Tenant:
    with world.plumber.open() as session:
        tenant = session.get(Tenant, world.plumber.id)
        assert tenant
        return tenant


def noted(world: World) -> list[str]:
    with world.plumber.open() as session:
        return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def test_the_details_are_kept_in_one_form_and_the_change_is_noted(world: World, alice: Visitor) -> None:
    answer = alice.send("/settings/business", {**DETAILS, "name": "Bluff Creek & Sons", "phone": "512.555.0199"})
    assert answer.status_code == 303
    tenant = tenant_of(world)
    assert (tenant.name, tenant.phone) == ("Bluff Creek & Sons", "+15125550199")
    assert tenant.website == "https://bluffcreek.example.com"
    assert "Bluff Creek Plumbing → Bluff Creek & Sons" in words(alice.get("/settings/activity"))


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "Enter a name"),
        ("phone", "call me", "is not a phone number"),
        ("zip", "787", "A ZIP has five digits"),
        ("timezone", "Mars/Olympus", "Choose a time zone"),
        ("website", "not a site", "is not a web address"),
        ("trade", "piracy", "Choose a trade"),
    ],
)
def test_a_wrong_detail_is_told_beside_its_field_and_nothing_is_lost(
    world: World, alice: Visitor, field: str, typed: str, said: str
) -> None:
    answer = alice.send("/settings/business", {**DETAILS, "state": "CO", field: typed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in words(answer)
    assert f'id="{field}-error"' in page
    assert '<option value="CO" selected' in page
    assert tenant_of(world).state == "TX"


def test_a_name_with_markup_is_shown_as_typed(alice: Visitor) -> None:
    alice.send("/settings/business", {**DETAILS, "name": "<script>alert(1)</script> Plumbing"})
    page = alice.get("/settings/business").get_data(as_text=True)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_week_holds_breaks_and_nights(world: World, alice: Visitor) -> None:
    assert alice.send("/settings/hours", {**WEEK, "observe_federal_holidays": "yes"}).status_code == 303
    tenant = tenant_of(world)
    assert tenant.hours == {"mon": [["07:30", "12:00"], ["13:00", "17:00"]], "tue": [["22:00", "06:00"]]}
    assert tenant.observe_federal_holidays


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"mon_to": ""}, "give both a beginning and an end"),
        ({"mon_from": "25:00"}, "give both a beginning and an end"),
        ({"mon_from2": "11:00"}, "begins before the first has ended"),
    ],
)
def test_an_impossible_day_is_named_and_the_week_stays(
    world: World, alice: Visitor, wrong: dict[str, str], said: str
) -> None:
    answer = alice.send("/settings/hours", {**WEEK, **wrong})
    assert answer.status_code == 422
    assert said in words(answer)
    assert tenant_of(world).hours == makers.WEEKDAYS


def test_a_closed_day_counts_and_goes_away_again(world: World, alice: Visitor) -> None:
    day = (datetime.now(UTC) + timedelta(days=40)).date()
    alice.send("/settings/hours/closed-days", {"date": day.isoformat(), "name": "Crew picnic"})
    assert hours.closed_day_name(tenant_of(world), day) == "Crew picnic"
    assert "Crew picnic" in words(alice.get("/settings/hours"))
    alice.send("/settings/hours/closed-days/remove", {"date": day.isoformat()})
    assert tenant_of(world).closed_days == []


def test_the_busy_sign_ends_by_itself(world: World, alice: Visitor) -> None:
    alice.send("/settings/hours/busy", {"for": "120"})
    until = tenant_of(world).busy_until
    assert until
    assert timedelta(minutes=119) < until - clock.now() <= timedelta(minutes=120)
    alice.send("/settings/hours/busy", {"for": "off"})
    assert tenant_of(world).busy_until is None


def test_busy_for_the_rest_of_the_day_ends_at_midnight_in_the_businesss_zone(world: World, bob: Visitor) -> None:
    bob.send("/settings/hours/busy", {"for": "day"})
    tenant = tenant_of(world)
    assert tenant.busy_until
    local = tenant.busy_until.astimezone(hours.zone(tenant))
    assert (local.hour, local.minute) == (0, 0)


def test_a_phone_is_added_moved_changed_and_removed(world: World, alice: Visitor) -> None:
    alice.send("/settings/phones", {"label": "Office", "number": "(512) 555-0188", "rings": "yes"})
    with world.plumber.open() as session:
        office = session.scalars(select(Phone).where(Phone.label == "Office")).one()
        assert (office.e164, office.rings, office.on_call) == ("+15125550188", True, False)
    alice.send(f"/settings/phones/{office.id}/earlier")
    with world.plumber.open() as session:
        assert [phone.label for phone in phones(session)] == ["Office", "Alice's cell"]
    alice.send(f"/settings/phones/{office.id}", {"label": "Front desk", "on_call": "yes"})
    with world.plumber.open() as session:
        changed = session.scalars(select(Phone).where(Phone.e164 == "+15125550188")).one()
        assert (changed.label, changed.rings, changed.on_call) == ("Front desk", False, True)
    alice.send(f"/settings/phones/{office.id}/remove")
    with world.plumber.open() as session:
        assert [phone.label for phone in phones(session)] == ["Alice's cell"]


def test_a_phone_that_answered_calls_can_be_removed(world: World, alice: Visitor) -> None:
    with world.plumber.open() as session:
        call = makers.make_call(session, makers.make_conversation(session), business=world.plumber, missed=False)
        assert call.answered_by == world.plumber.phone_id
    assert alice.send(f"/settings/phones/{world.plumber.phone_id}/remove").status_code == 303
    with world.plumber.open() as session:
        assert phones(session) == []
        kept = session.get(type(call), (world.plumber.id, call.id))
        assert kept
        assert kept.answered_at


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("(512) 555-0177", "in the list already"),
        ("(512) 555-0100", "would ring in a circle"),
        ("12", "too few or too many digits"),
        ("", "Enter the phone's number"),
    ],
)
def test_a_phone_that_cannot_ring_is_refused_with_the_reason(alice: Visitor, number: str, said: str) -> None:
    answer = alice.send("/settings/phones", {"label": "New cell", "number": number})
    assert answer.status_code == 422
    assert said in words(answer)
    assert 'value="New cell"' in answer.get_data(as_text=True)


def test_a_ring_time_above_twenty_seconds_is_kept_and_warned_about(world: World, alice: Visitor) -> None:
    plan = f"/settings/phones/ring-plan/{world.plumber.number_id}"
    assert alice.send(plan, {"ring_order": "at_once", "ring_seconds": "25"}).status_code == 303
    page = alice.get("/settings/phones").get_data(as_text=True)
    assert f'id="seconds-{world.plumber.number_id}-warning" >' in page
    alice.send(plan, {"ring_order": "at_once", "ring_seconds": "18"})
    page = alice.get("/settings/phones").get_data(as_text=True)
    assert f'id="seconds-{world.plumber.number_id}-warning" hidden>' in page
    with world.plumber.open() as session:
        number = session.scalars(select(Number)).one()
        assert (number.ring_order, number.ring_seconds) == ("at_once", 18)


@pytest.mark.parametrize("seconds", ["4", "61", "soon", ""])
def test_an_impossible_ring_time_is_refused(world: World, alice: Visitor, seconds: str) -> None:
    plan = f"/settings/phones/ring-plan/{world.plumber.number_id}"
    assert alice.send(plan, {"ring_order": "in_turn", "ring_seconds": seconds}).status_code == 422


def test_a_forwarded_number_shows_what_to_dial(world: World, alice: Visitor) -> None:
    alice.send(f"/settings/numbers/{world.plumber.number_id}", {"label": "Truck", "mode": "forwarded"})
    page = words(alice.get("/settings/numbers"))
    assert "**61*15125550100**20#" in page
    assert "*715125550100" in page
    assert "Call your carrier" in page


@pytest.mark.parametrize(("seconds", "dialled"), [(3, 5), (18, 20), (22, 20), (23, 25), (60, 30)])
def test_gsm_takes_ring_times_in_steps_of_five(seconds: int, dialled: int) -> None:
    assert forwarding.gsm_seconds(seconds) == dialled


def test_own_words_are_kept_and_the_trades_come_back(world: World, alice: Visitor) -> None:
    mine = "{{ business.name }} here. What broke? Reply STOP to opt out."
    assert alice.send("/settings/wording/text_back.open", {"source": mine}).status_code == 303
    assert "Bluff Creek Plumbing here. What broke?" in words(alice.get("/settings/wording"))
    alice.send("/settings/wording/text_back.open/reset")
    with world.plumber.open() as session:
        assert session.scalars(select(Wording)).all() == []
    assert noted(world) == ["Changed the wording", "Went back to the trade's wording"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ business.name }} here. What broke?", "how to opt out"),
        ("What broke? Reply STOP to opt out.", "never says who is speaking"),
        ("{{ business.name }} {{ owner.ssn }} Reply STOP to opt out.", "There is no {{ owner.ssn }} here"),
        ("{{ business.name", "line 1"),
        ("", "There are no words here"),
    ],
)
def test_wording_that_would_break_is_not_saved_and_stays_in_the_editor(
    world: World, alice: Visitor, source: str, said: str
) -> None:
    answer = alice.send("/settings/wording/text_back.open", {"source": source})
    assert answer.status_code == 422
    assert said in words(answer)
    with world.plumber.open() as session:
        assert session.scalars(select(Wording)).all() == []


def test_another_business_sees_its_own_name_in_the_preview(charlie: Visitor) -> None:
    charlie.get("/settings/wording/text_back.open")
    answer = charlie.send("/settings/wording/text_back.open/preview",
                          {"source": "{{ business.name }} here. Reply STOP to opt out."})  # fmt: skip
    assert "Charlie's Garage Doors here." in words(answer)
    assert "1 segment" in words(answer)
    assert "never says who is speaking" not in words(answer)


def test_the_texting_rules_are_kept_within_reason(world: World, alice: Visitor) -> None:
    rules = {"text_back_window_hours": "12", "marketing_start": "10:00", "marketing_end": "18:00"}
    assert alice.send("/settings/consent", rules).status_code == 303
    tenant = tenant_of(world)
    assert (tenant.text_back_enabled, tenant.text_back_window_hours) == (False, 12)
    assert alice.send("/settings/consent", {**rules, "text_back_window_hours": "0"}).status_code == 422
    assert alice.send("/settings/consent", {**rules, "marketing_end": "09:00"}).status_code == 422
    assert tenant_of(world).marketing_end == "18:00"


def test_those_who_said_stop_are_found_by_name_and_number(world: World, alice: Visitor) -> None:
    with world.plumber.open() as session:
        makers.make_contact(session, "Dana Kowalski", makers.DANA)
        makers.make_contact(session, "Marcus Bell", makers.MARCUS)
        consent.suppress(session, makers.DANA, "opt_out", words="please stop texting me")
        consent.suppress(session, makers.MARCUS, "wrong_number")
    page = words(alice.get("/settings/consent"))
    assert "2 people" in page
    assert "“please stop texting me”" in page
    for wanted in ("dana", "555-0148", "(512) 555-0148"):
        found = words(alice.get(f"/settings/consent?q={wanted}"))
        assert "Dana Kowalski" in found
        assert "Marcus Bell" not in found
    assert "Nobody on the list matches" in words(alice.get("/settings/consent?q=zebra"))


def test_a_new_member_joins_by_the_link_and_it_works_once(
    app: Flask, world: World, alice: Visitor, mailbox: Mailbox
) -> None:
    link = _invite(alice, mailbox, "Rosa Diaz", "rosa@example.com", "agent")
    rosa = Visitor(app, world.plumber.slug)
    assert "Join Bluff Creek Plumbing" in words(rosa.get(link))
    assert rosa.send(link, {"password": "short"}).status_code == 422
    assert rosa.send(link, {"password": "garden hose bib"}).status_code == 303
    assert "Bluff Creek Plumbing" in words(rosa.get("/settings"))
    late = Visitor(app, world.plumber.slug)
    assert "not good any more" in words(late.get(link))
    late.get("/log-in")
    assert late.send(link, {"password": "another password"}).status_code == 422


def test_who_has_an_account_joins_with_its_password_and_nobody_resets_it(
    app: Flask, world: World, alice: Visitor, mailbox: Mailbox
) -> None:
    """Else the owner of any business could take over the log-in of anybody whose e-mail they know."""
    link = _invite(alice, mailbox, "Charlie Novak", world.charles.email, "agent")
    thief = Visitor(app, world.plumber.slug)
    thief.get(link)
    assert thief.send(link, {"password": "a password of mine"}).status_code == 422
    assert thief.send(link, {"password": makers.PASSWORD}).status_code == 303
    assert Visitor(app, world.charlie.slug).log_in(world.charles.email).status_code == 303


def test_an_invitation_is_good_for_its_own_business_only(
    app: Flask, world: World, alice: Visitor, mailbox: Mailbox
) -> None:
    link = _invite(alice, mailbox, "Rosa Diaz", "rosa@example.com", "owner")
    visitor = Visitor(app, world.charlie.slug)
    assert "not good any more" in words(visitor.get(link))
    visitor.get("/log-in")
    assert visitor.send(link, {"password": "garden hose bib"}).status_code == 422


def test_a_removed_member_does_not_come_back_by_the_old_link(
    app: Flask, world: World, alice: Visitor, mailbox: Mailbox
) -> None:
    link = _invite(alice, mailbox, "Rosa Diaz", "rosa@example.com", "agent")
    rosa = Visitor(app, world.plumber.slug)
    rosa.get(link)
    rosa.send(link, {"password": "garden hose bib"})
    with world.plumber.open() as session:
        member = session.scalars(select(Member).where(Member.email == "rosa@example.com")).one()
    alice.send(f"/settings/members/{member.id}/remove")
    assert rosa.get("/settings").status_code == 302
    rosa.get("/log-in")
    assert rosa.send(link, {"password": "garden hose bib"}).status_code == 422


def test_a_business_keeps_at_least_one_owner(world: World, alice: Visitor) -> None:
    alice.send(f"/settings/members/{world.alice.member}/role", {"role": "agent"})
    assert "needs at least one owner" in words(alice.get("/settings/members"))
    alice.send(f"/settings/members/{world.alice.member}/remove")
    assert alice.get("/settings/members").status_code == 200


def test_an_agent_looks_at_the_settings_and_changes_none(world: World, bob: Visitor) -> None:
    assert "Owners and managers can change it" in words(bob.get("/settings/business"))
    assert bob.send("/settings/business", DETAILS).status_code == 403
    assert bob.send("/settings/members", {"name": "X", "email": "x@example.com", "role": "owner"}).status_code == 403
    assert bob.get("/settings/activity").status_code == 403


def test_a_manager_changes_settings_but_no_members(app: Flask, world: World) -> None:
    makers.make_member(world.plumber, "Maya Ortiz", "manager")
    maya = Visitor(app, world.plumber.slug)
    maya.log_in("maya@example.com")
    assert maya.send("/settings/business", DETAILS).status_code == 303
    assert maya.send(f"/settings/members/{world.bob.member}/remove").status_code == 403


def test_the_log_of_changes_goes_on_page_by_page(world: World, alice: Visitor) -> None:
    for n in range(26):
        alice.send("/settings/hours/busy", {"for": "60" if n % 2 else "off"})
        alice.send("/settings/business", {**DETAILS, "name": f"Bluff Creek {n}"})
    first = alice.get("/settings/activity").get_data(as_text=True)
    older = first.split('href="/settings/activity?before=')[1].split('"')[0]
    second = words(alice.get(f"/settings/activity?before={older.replace('&amp;', '&')}"))
    assert "Bluff Creek Plumbing → Bluff Creek 0" in second
    assert "Bluff Creek 24 → Bluff Creek 25" not in second


def _invite(owner: Visitor, mailbox: Mailbox, name: str, email: str, role: str) -> str:
    answer = owner.send("/settings/members", {"name": name, "email": email, "role": role})
    assert answer.status_code == 303
    return mailbox.link(email)


def test_a_phone_that_texted_stop_is_named_where_phones_and_notices_are_set(
    world: World, alice: Visitor, charlie: Visitor
) -> None:
    with world.plumber.open() as session:
        sending.stop_texting(session, world.plumber.cell, "opt_out", words="STOP")
    for page in ("/settings/phones", "/settings/notices"):
        shown = words(alice.get(page))
        assert "Alice's cell gets no texts from Hallway" in shown
        assert "Text START from that phone to (512) 555-0100" in shown
        assert "gets no texts" not in words(charlie.get(page))
