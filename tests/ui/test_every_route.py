"""Every address of the pages, tried by those it is not meant for, with the ids of another business.

New routes are found by themselves; one with a new kind of id fails here until a row of that kind is made below.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from blueprints_ui.app import create_app
from blueprints_ui.deeds import DEEDS
from groundwork import clock, scope
from groundwork.config import Settings
from groundwork.database import new_id, open_session
from hallway import estimates, followup, forms
from hallway.appointments import Appointment
from hallway.calls.models import Alarm
from hallway.channels.models import NumberPurchase
from hallway.contacts import ContactMerge
from hallway.conversations import Conversation
from hallway.conversations.models import Attachment, Label, Note, Task
from hallway.followup import Enrollment, Sequence, sequences
from hallway.forms import FormSubmission
from hallway.leads.models import Lead, LeadField
from hallway.lists import CustomerList, TenantExport
from hallway.notices import Notice, PushDevice
from hallway.playbooks.models import SavedReply
from hallway.routing import RoutingRule, Team
from tenants import api_keys, invitations
from tenants.access_models import ExternalLogin, Passkey
from tenants.models import ROLES, CustomDomain, UserSession
from tests import makers
from tests.makers import DANA, World
from tests.ui.visitor import Visitor, words

# No business's page and no person's: they say nothing of anybody.
OPEN = {"auth.front", "auth.log_in", "auth.send_log_in", "auth.log_out", "auth.enter", "auth.join", "auth.send_join"}
OPEN |= {"agency_people.join", "agency_people.send_join", "agency_look.colors", "agency_look.logo"}
OPEN |= {
    "notice_page.worker",
    "setup_start.show",
    "setup_start.send",
    "setup_start.confirm",
    "setup_start.send_confirm",
    "single_sign_on.go",
    "single_sign_on.back",
}
OPEN |= {"own_address.look", "own_address.agree", "strength.show"}
OPEN |= {f"second_step.{name}" for name in ("ask", "send", "passkey_options", "send_passkey")}
OPEN |= {f"second_step.{name}" for name in ("forgot", "send_forgot", "choose", "send_reset")}
# For whoever holds a link with a token of ours: no log-in and no forgery token (RFC 8058); a wrong one names nothing.
LINKS = {"unsubscribing.ask", "unsubscribing.leave", "calendar_feed.feed"}
# A business's own pages for anybody: forms that strangers fill in; the JSON API asks for a secret key itself.
PUBLIC = {"hosted.show", "hosted.send", "hosted.thanks", "hosted.show_embedded", "hosted.send_embedded"}
PUBLIC |= {"hosted.thanks_embedded", "hosted.snippet", "forms_api.describe", "forms_api.submit"}
PUBLIC |= {"forms_api.ask_describe", "forms_api.ask_submit"}
KEYED = {"estimates_api.send", "estimates_api.decide", "estimates_api.show", "past_customers_api.tell"}
KEYED |= {"appointments_api.take_in", "leads_api.hand_over", "leads_api.show", "leads_api.look_through"}
UNGUARDED = {"static", "operations.alive", "operations.ready", "operations.metrics"}
# A person who may only read still owns a log-in and may leave; counting and previewing change nothing.
READERS_MAY_SEND = {
    "agency.switch_to",
    "agency.leave",
    "security_page.change_password",
    "security_page.end",
    "thread.count_segments",
    "notice_page.save",
    "notice_page.add_device",
    "notice_page.remove_device",
    "routing.try_out",
    "what_if.show",
    "words.show_preview",
    "saved_replies.show_preview",
}
# Pages that write their own line in the activity log, and forms that change nothing.
NOTED_ELSEWHERE = {
    "appointment_import.preview",
    "appointment_import.take_in",
    "appointment_rules.feed",
    "customer_lists.change",
    "customer_lists.save_columns",
    "customer_lists.start",
    "customer_lists.upload",
    "everything.ask",
    "appointment_rules.save",
    "agency.leave",
    "agency.switch_to",
    "estimate_pages.take_table",
    "form_settings.make",
    "form_settings.make_key",
    "form_settings.revoke_key",
    "form_settings.save",
    "merging.merge",
    "merging.split",
    "label_list.add",
    "label_list.remove",
    "label_list.save",
    "member_list.change_role",
    "member_list.decide",
    "member_list.invite",
    "member_list.keep_rules",
    "member_list.remove",
    "notice_page.add_device",
    "notice_page.connect_slack",
    "notice_page.remove_device",
    "notice_page.remove_slack",
    "notice_page.save",
    "routing.add",
    "routing.change",
    "routing.move",
    "routing.remove",
    "routing.save_plan",
    "routing.try_out",
    "shift_list.add_team",
    "shift_list.change_team",
    "shift_list.remove_team",
    "shift_list.save",
    "billing_page.cap",
    "billing_page.change",
    "billing_page.choose",
    "billing_page.decide",
    "billing_page.portal",
    "business.save",
    "consent_rules.save",
    "standing.resume",
    "own_domain.add",
    "own_domain.check",
    "own_domain.remove",
    "number_list.buy",
    "number_list.change",
    "number_list.compare",
    "number_list.keep",
    "number_list.release",
    "number_list.settle",
    "number_list.test",
    "opening_hours.add_closed_day",
    "opening_hours.busy",
    "opening_hours.remove_closed_day",
    "opening_hours.save",
    "setup_business.save",
    "setup_leaks.proposal",
    "setup_leaks.save",
    "setup_number.buy",
    "setup_number.go_on",
    "setup_phones.remove",
    "setup_phones.save",
    "setup_plan.choose",
    "setup_registration.look_at_pages",
    "setup_plan.save",
    "setup_proof.again",
    "setup_proof.save",
    "setup_registration.check",
    "setup_registration.save",
    "setup_wording.save",
    "setup_wording.show_preview",
    "presence.here",
    "phone_list.add",
    "phone_list.change",
    "phone_list.move",
    "phone_list.remove",
    "phone_list.ring_plan",
    "security_page.change_password",
    "security_page.end",
    "sequence_editor.draft",
    "sequence_editor.save",
    "sequence_list.install",
    "sequence_list.switch",
    "thread.count_segments",
    "saved_replies.add",
    "saved_replies.remove",
    "saved_replies.save",
    "saved_replies.show_preview",
    "what_if.show",
    "who_can_open.log_out",
    "words.reset",
    "words.save",
    "words.show_preview",
}
# What one may see about a phone number or words is one's own, also when another business knows the same number.
# Ids of a conversation and of what belongs to it.
HIDDEN_IDS = {"conversation_id", "contact_id", "message_id", "call_id", "note_id", "task_id", "alarm_id", "id_"}
HIDDEN_IDS |= {"address", "attachment_id", "appointment_id", "estimate_id", "enrollment_id", "lead_id", "merge_id"}
SHARED = {"plan", "address", "key", "name", "token", "number"}


@pytest.fixture
def ids(world: World) -> dict[str, Any]:
    """One row of every kind that an address can name, all of Alice's business."""
    with world.plumber.open() as session:
        talk = makers.make_conversation(session, source="text")
        call = makers.make_call(session, talk, business=world.plumber)
        text = makers.make_text_out(session, talk, business=world.plumber, state="failed")
        rows: dict[str, Any] = {
            "alarm_id": Alarm(id=new_id(), conversation_id=talk.id, reason="repeat_call", words="Called twice"),
            "attachment_id": Attachment(id=new_id(), message_id=text.id, source_url="x", content_type="image/png",
                                        data=b"png", state="stored"),
            "task_id": Task(id=new_id(), kind="call_back", key="1", title="Call back", reason="Landline", rule="x",
                            conversation_id=talk.id),
            "note_id": Note(id=new_id(), conversation_id=talk.id, at=clock.now(), kind="note", body="Gate code 4411",
                            author_name="Bob Tran"),
            "merge_id": ContactMerge(id=new_id(), kept_id=talk.contact_id, gone_id=new_id(), merged_by="Bob Tran",
                                     before={"gone": {"name": "Dana K"}, "talk": None}, moved={"filled": []}),
            "other_id": makers.make_contact(session, "Dana K", makers.MARCUS),
            "label_id": Label(id=new_id(), name="Warranty", color="teal"),
            "reply_id": SavedReply(id=new_id(), name="On our way", source="On our way."),
            "appointment_id": Appointment(id=new_id(), conversation_id=talk.id, what="Repair", zone="America/Chicago",
                                          starts_at=clock.in_(hours=30)),
            "rule_id": RoutingRule(id=new_id(), position=0, name="All", member_id=world.bob.member),
            "team_id": Team(id=new_id(), name="Drains"),
            "device_id": PushDevice(id=new_id(), member_id=world.alice.member, label="Phone", p256dh="x", auth="x",
                                    endpoint="https://x.example/1"),
            "notice_id": Notice(id=new_id(), member_id=world.alice.member, event="new_lead", title="New lead", body="x",
                                url_path="/inbox", told_at=clock.now()),
            "lead_id": Lead(id=new_id(), conversation_id=talk.id, source="text"),
            "domain_id": CustomDomain(id=new_id(), host="requests.bluffcreek.example", token="0" * 16),
            "list_id": CustomerList(id=new_id(), name="Customers", saved_as="CSV", heads=["Phone"], fields=["phone"],
                                    rows=1, pieces=1, added_by="Alice"),
            "export_id": TenantExport(id=new_id(), asked_by="Alice"),
            "purchase_id": NumberPurchase(id=new_id(), e164="+15125550111", label="Signs", state="done",
                                          price_cents=115, asked_by="Alice"),
        }  # fmt: skip
        form = forms.make_form(session, "Website")
        sent = FormSubmission(id=new_id(), form_id=form.id, at=clock.now(), via="hosted", state="quarantined")
        sent.dedupe_key = sent.fingerprint = sent.request_wording = "x"
        estimate = estimates.sent(session, talk, estimates.Draft(115000, "1042"), "Alice")
        rows |= {
            "submission_id": sent,
            "key_id": api_keys.make_key(session, "Server", "Alice", [*api_keys.SCOPES])[0],
            "form_id": form,
        }
        rows["estimate_id"] = estimate
        followup.moment(session, "estimate", talk, "1042")
        rows["enrollment_id"] = session.scalars(select(Enrollment)).first()
        session.add_all(rows.values())
        session.flush()
        lead = rows["lead_id"].id
        session.add(LeadField(lead_id=lead, name="service", value="leak", label="Leak"))
        known: dict[str, Any] = {name: row.id for name, row in rows.items()}
        known |= {"conversation_id": talk.id, "message_id": text.id, "call_id": call.id, "contact_id": talk.contact_id}
    known |= {"phone_id": world.plumber.phone_id, "number_id": world.plumber.number_id}
    known |= {"member_id": world.bob.member, "tenant_id": world.plumber.id, "session_id": _session_of(world)}
    known |= {"login_id": _external_login_of(world)}
    known |= {"passkey_id": _passkey_of(world), "invitation_id": _invitation_of(world)}
    known |= {"address": DANA, "key": "text_back.open", "name": "service", "token": "not-a-token", "id_": text.id}
    known |= {"sequence_id": _sequence_of(world), "plan": "growth", "agency_id": world.agency}
    known |= {"form_key": form.key, "number": estimate.number}
    known |= {"agency_id": world.agency, "user_id": world.nora.id, "piece_id": talk.id, "push_id": talk.id}
    return known


def _sequence_of(world: World) -> UUID:
    with world.plumber.open() as session:
        sequences.install(session, "missed_call")
        return session.scalars(select(Sequence.id).where(Sequence.moment == "missed_call")).one()


def _passkey_of(world: World) -> UUID:
    row = Passkey(id=new_id(), user_id=world.alice.id, rp_id="localhost", name="Phone", sign_count=0)
    row.credential_id, row.public_key = b"x", b"x"
    with open_session(scope.SYSTEM) as session:
        session.add(row)
    return row.id


def _external_login_of(world: World) -> UUID:
    row = ExternalLogin(id=new_id(), user_id=world.alice.id, issuer="https://id.example", subject="alice")
    with open_session(scope.SYSTEM) as session:
        session.add(row)
    return row.id


def _invitation_of(world: World) -> UUID:
    with world.plumber.open() as session:
        invitations.invite(session, "rosa@example.com", "Rosa Diaz", "agent", by=world.alice.id)
        return invitations.open_ones(session)[0].id


def _session_of(world: World) -> UUID:
    row = UserSession(token_sha256="0" * 64, user_id=world.alice.id, tenant_id=world.plumber.id)
    row.expires_at = clock.in_(hours=1)
    with open_session(scope.SYSTEM) as session:
        session.add(row)
        session.flush()
        return row.id


def pages(app: Flask) -> list[tuple[Rule, str]]:
    """Every rule with each method a browser uses."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in UNGUARDED]
    return [(rule, method) for rule in rules for method in sorted(rule.methods or ()) if method in ("GET", "POST")]


def addresses(app: Flask, rule: Rule, ids: dict[str, Any]) -> Iterator[str]:
    """The rule with `ids` filled in, once for each of its choices."""
    missing = {name for name in rule.arguments if name not in ids and not _choices(rule, name)}
    assert not missing, f"{rule.rule}: make a row for {missing} in the fixture `ids`"
    choices: list[dict[str, Any]] = [{}]
    for name in rule.arguments:
        values = _choices(rule, name) or [ids[name]]
        choices = [{**chosen, name: value} for chosen in choices for value in values]
    adapter = app.url_map.bind("localhost")
    for chosen in choices:
        if rule.endpoint == "thread.why":
            chosen["id_"] = ids["call_id" if chosen["kind"] == "calls" else "message_id"]
        yield adapter.build(rule.endpoint, chosen, method=min(rule.methods or ()))


def guard_of(app: Flask, rule: Rule) -> str:
    return str(getattr(app.view_functions[rule.endpoint], "guard", ""))


def _choices(rule: Rule, name: str) -> list[str]:
    return sorted(getattr(rule._converters[name], "items", ()))


def ask(visitor: Visitor, method: str, address: str) -> Any:
    return visitor.get(address) if method == "GET" else visitor.send(address)


def test_every_address_has_a_guard(settings: Settings) -> None:
    """A blueprint that forgets the guard is found by its name, not by an accident."""
    app = create_app(settings)
    unguarded = {name for name, view in app.view_functions.items() if not hasattr(view, "guard")}
    assert unguarded == UNGUARDED
    assert {name for name, view in app.view_functions.items() if getattr(view, "guard", "") == "open_page"} == OPEN
    public = {name for name, view in app.view_functions.items() if getattr(view, "guard", "") == "public_page"}
    assert public == PUBLIC | KEYED


def test_whatever_agency_staff_change_has_words_in_the_clients_log(app: Flask) -> None:
    forms = {rule.endpoint for rule, method in pages(app) if method == "POST" and guard_of(app, rule) == "page"}
    assert forms == {*DEEDS, *NOTED_ELSEWHERE}


def test_a_stranger_is_asked_to_log_in_everywhere(app: Flask, world: World, ids: dict[str, Any]) -> None:
    for rule, method in pages(app):
        if rule.endpoint in OPEN | LINKS | PUBLIC | KEYED:
            continue
        slug = "bluff-creek" if guard_of(app, rule) == "page" else None
        for address in addresses(app, rule, ids):
            visitor = Visitor(app, slug)
            visitor.get("/log-in")
            answer = ask(visitor, method, address)
            assert answer.status_code == 302, f"{method} {address} answered {answer.status_code}"
            assert answer.headers["Location"].startswith("/log-in"), address


def test_a_link_without_a_token_of_ours_leads_nowhere(app: Flask, world: World, ids: dict[str, Any]) -> None:
    assert {name for name, view in app.view_functions.items() if getattr(view, "guard", "") == "token_page"} == LINKS
    for rule, method in pages(app):
        if rule.endpoint in LINKS:
            for address in addresses(app, rule, ids):
                assert ask(Visitor(app, "bluff-creek"), method, address).status_code == 404


def test_another_businesss_ids_name_nothing(app: Flask, charlie: Visitor, ids: dict[str, Any]) -> None:
    for rule, method in pages(app):
        named = set(rule.arguments) - SHARED - {name for name in rule.arguments if _choices(rule, name)}
        if rule.endpoint in OPEN | KEYED or not named:
            continue
        for address in addresses(app, rule, ids):
            answer = ask(charlie, method, address)
            assert answer.status_code == 404, f"{method} {address} answered {answer.status_code}"


def test_another_member_s_conversation_opens_at_no_door(
    app: Flask, world: World, alice: Visitor, bob: Visitor, ids: dict[str, Any]
) -> None:
    """Where agents are kept apart: every address with the ids of a conversation that is Alice's, asked by Bob."""
    with world.plumber.open() as session:
        talk = session.get_one(Conversation, (world.plumber.id, ids["conversation_id"]))
        talk.assigned_to = world.alice.member
    alice.send("/settings/members/rules", {"private_conversations": "yes"})
    for rule, method in pages(app):
        if guard_of(app, rule) != "page" or rule.endpoint in ("agency.leave", "security_page.end"):
            continue
        hidden = {name for name in rule.arguments if name in HIDDEN_IDS}
        for address in addresses(app, rule, ids):
            answer = ask(bob, method, address)
            assert answer.status_code in ((403, 404) if hidden else range(200, 500)), (
                f"{method} {address} answered {answer.status_code}"
            )
            assert "Dana Kowalski" not in words(answer), address
            assert "(512) 555-0148" not in words(answer) or "address" in rule.arguments, address


def test_a_page_of_one_business_shows_nothing_of_another(app: Flask, charlie: Visitor, ids: dict[str, Any]) -> None:
    for rule, method in pages(app):
        if method == "POST" or rule.endpoint in OPEN:
            continue
        for address in addresses(app, rule, ids):
            page = words(charlie.get(address))
            assert not any(name in page for name in ("Bluff Creek", "Dana Kowalski", "Alice", "(512) 555-0177")), (
                address
            )


# What each role may open and send. A new page appears here, or is open to everybody and sent by all who write.
OWNERS_SEND = {"contacts.erase", "member_list.change_role", "member_list.decide", "member_list.invite"}
OWNERS_SEND |= {"who_can_open.log_out"}
OWNERS_SEND |= {"own_domain.add", "own_domain.check", "own_domain.remove"}
OWNERS_SEND |= {"member_list.keep_rules", "member_list.remove", "number_list.keep", "number_list.release"}
OWNERS_SEND |= {f"billing_page.{name}" for name in ("cap", "change", "choose", "decide", "portal")}
OWNERS_SEND |= {"setup_plan.choose"}
OWNERS_SEE = {"who_can_open.show", "who_can_open.download"}
MANAGERS_SEE = {"activity.show", "billing_page.back", "billing_page.preview", "billing_page.show", "number_list.add"}
MANAGERS_SEND = {
    "appointment_rules.feed", "appointment_rules.save", "business.save", "consent_rules.save", "contacts.lift",
    "form_settings.make", "form_settings.make_key", "form_settings.revoke_key", "form_settings.save",
    "label_list.add", "label_list.remove", "label_list.save", "notice_page.connect_slack", "notice_page.remove_slack",
    "number_list.buy", "number_list.change", "number_list.compare", "number_list.settle", "number_list.test",
    "opening_hours.add_closed_day", "opening_hours.remove_closed_day", "opening_hours.save",
    "phone_list.add", "phone_list.change", "phone_list.move", "phone_list.remove", "phone_list.ring_plan",
    "routing.add", "routing.change", "routing.move", "routing.remove", "routing.save_plan",
    "saved_replies.add", "saved_replies.remove", "saved_replies.save", "sequence_editor.draft", "sequence_editor.save",
    "sequence_list.install", "sequence_list.switch", "shift_list.add_team", "shift_list.change_team",
    "shift_list.remove_team", "shift_list.save", "standing.resume", "words.reset", "words.save",
}  # fmt: skip
# Blueprints that managers and owners alone see and send.
MANAGERS_ALONE = ("setup_", "customer_lists.", "everything.")


def test_no_role_passes_a_door_that_is_not_its_own(app: Flask, world: World, ids: dict[str, Any]) -> None:
    """Every address of a business with every role: what is said below about a page holds at its door."""
    people = {}
    for name, role in (("Maya Ortiz", "manager"), ("Bob Tran", "agent"), ("Rita Vance", "read_only")):
        person = world.bob if role == "agent" else makers.make_member(world.plumber, name, role)
        people[role] = Visitor(app, world.plumber.slug)
        people[role].log_in(person.email)
    for rule, method in pages(app):
        if guard_of(app, rule) != "page":
            continue
        view: Any = app.view_functions[rule.endpoint]
        allowed = view.roles if method == "GET" else view.writes
        assert allowed == _expected(rule.endpoint, method), rule.endpoint
        for role in people.keys() - set(allowed):
            for address in addresses(app, rule, ids):
                answer = ask(people[role], method, address)
                assert answer.status_code == 403, f"{role}: {method} {address} answered {answer.status_code}"


def _expected(endpoint: str, method: str) -> tuple[str, ...]:
    if method == "GET" and endpoint in OWNERS_SEE:
        return ROLES[:1]
    managers = MANAGERS_SEE if method == "GET" else MANAGERS_SEND
    if method == "POST" and endpoint in OWNERS_SEND:
        return ROLES[:1]
    if endpoint in managers or endpoint.startswith(MANAGERS_ALONE):
        return ROLES[:2]
    if method == "GET" or endpoint in READERS_MAY_SEND - {"thread.count_segments"}:
        return ROLES
    return ROLES[:3]


def test_whoever_only_reads_changes_nothing(app: Flask, world: World, ids: dict[str, Any]) -> None:
    makers.make_member(world.plumber, "Rita Vance", "read_only")
    rita = Visitor(app, world.plumber.slug)
    rita.log_in("rita@example.com")
    for rule, method in pages(app):
        guarded = guard_of(app, rule) == "page"
        if method != "POST" or not guarded or rule.endpoint in READERS_MAY_SEND:
            continue
        for address in addresses(app, rule, ids):
            answer = rita.send(address)
            assert answer.status_code == 403, f"{address} answered {answer.status_code}"


def test_no_form_is_taken_without_its_token(app: Flask, alice: Visitor, ids: dict[str, Any]) -> None:
    for rule, method in pages(app):
        if method != "POST" or guard_of(app, rule) in ("account_page", "public_page", "token_page"):
            continue
        for address in addresses(app, rule, ids):
            assert alice.forge(address).status_code in (400, 429), address


def test_every_page_answers_its_owner(app: Flask, alice: Visitor, ids: dict[str, Any]) -> None:
    for rule, method in pages(app):
        if method == "GET" and rule.endpoint != "auth.enter":
            for address in addresses(app, rule, ids):
                answer = alice.get(address)
                assert answer.status_code < 500, f"{address} answered {answer.status_code}"


def test_the_api_of_a_business_opens_to_its_own_secret_alone(app: Flask, world: World, ids: dict[str, Any]) -> None:
    with world.charlie.open() as session:
        secret = api_keys.make_key(session, "Doors", "Charlie", [*api_keys.SCOPES])[1]
    stranger = Visitor(app, world.plumber.slug)
    for rule, method in pages(app):
        if rule.endpoint in KEYED:
            for address in addresses(app, rule, ids):
                for sent in ({}, {"Authorization": f"Bearer {secret}"}, {"Authorization": "Bearer hwk_x"}):
                    answer = stranger.client.open(address, method=method, base_url=stranger.origin, headers=sent)
                    assert answer.status_code == 401, f"{method} {address}"
                    assert answer.mimetype == "application/problem+json"


def test_no_form_breaks_when_it_comes_empty(app: Flask, alice: Visitor, ids: dict[str, Any]) -> None:
    forms = [rule for rule, method in pages(app) if method == "POST" and rule.endpoint not in OPEN]
    for rule in sorted(forms, key=lambda rule: rule.endpoint == "agency.leave"):  # leaving comes last
        for address in addresses(app, rule, ids):
            answer = alice.send(address)
            assert answer.status_code < 500, f"{address} answered {answer.status_code}"
