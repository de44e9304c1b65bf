"""From the front page to live, through the forms a browser sends; what was left is found again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from groundwork import clock, config, scope
from groundwork.database import open_session
from hallway import calls, forms
from hallway.appointments import rules
from hallway.calls.models import Call
from hallway.channels import Number
from hallway.followup import Sequence
from hallway.notices import Notice
from hallway.setup import blueprint, steps, watching
from hallway.setup.models import LineTest
from tenants import domains, naming, routing
from tenants.models import Tenant
from tests import makers
from tests.carrier import Carrier, running_carrier
from tests.makers import DANA, World
from tests.ui.mailbox import Mailbox
from tests.ui.visitor import Visitor, words

START = {
    "business": "Ridgeline Roofing", "name": "Maya Ortiz", "email": "maya@ridgeline.example",
    "password": "three random words",
}  # fmt: skip
SHOP = {"name": "Ridgeline Roofing", "trade": "roofing", "zip": "78704", "phone": "(512) 555-0188", "hours": "always"}
LEAKS = {"leaks": ["missed_call", "estimate"], "who": "me", "software": "jobber", "reminds": "yes", "wording": "full"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carrier]:
    with running_carrier(Path(tmp_path_factory.mktemp("shop"))) as carrier:
        yield carrier


@pytest.fixture
def sandbox(shop: Carrier, world: World) -> Iterator[Carrier]:
    """The sandbox, as `hallway run` sets it up, beside the two businesses that are always there."""
    led = {"TWILIO_API_URL": shop.url, "SANDBOX_URL": shop.url}
    led |= {"TWILIO_ACCOUNT_SID": shop.account_sid, "TWILIO_AUTH_TOKEN": shop.auth_token}
    os.environ.update(led)
    config.settings.cache_clear()
    shop.clear_faults()
    yield shop
    for name in led:
        del os.environ[name]
    config.settings.cache_clear()


def _sign_up(app: Flask, **changes: str) -> Visitor:
    visitor = Visitor(app)
    visitor.get("/start")
    answer = visitor.send("/start", START | changes)
    assert answer.status_code == 303, words(answer)
    entered = visitor.follow(answer)
    visitor.follow(visitor.follow(entered))
    return visitor


def _tenant(slug: str) -> UUID:
    with open_session(scope.SYSTEM) as system:
        return system.scalars(select(Tenant.id).where(Tenant.slug == slug)).one()


def test_from_the_front_page_to_a_proved_missed_call(app: Flask, sandbox: Carrier, world: World) -> None:
    assert "Start free" in words(Visitor(app).get("/"))
    maya = _sign_up(app)
    assert maya.origin == "http://ridgeline-roofing.localhost:8000"
    assert "TX, Central time" in words(maya.get("/setup/business/place?zip=78704"))
    assert maya.send("/setup/business", SHOP).headers["Location"] == "/setup/leaks"
    assert "Your playbook" in words(maya.send("/setup/leaks/proposal", LEAKS))
    assert maya.send("/setup/leaks", LEAKS).headers["Location"] == "/setup/number"
    offered = words(maya.get("/setup/number"))
    assert "$1.15 a month" in offered
    number = "+1512555" + offered.split("(512) 555-")[2][:4]
    assert maya.send("/setup/number", {"mode": "forwarded", "e164": number}).headers["Location"] == "/setup/phones"
    phone = {"label": "Maya's cell", "number": "(512) 555-0171"}
    assert maya.send("/setup/phones", phone).headers["Location"] == "/setup/proof"
    assert "**61*" in words(maya.get("/setup/proof"))
    tenant_id = _tenant("ridgeline-roofing")
    account = routing.carrier_login_of(tenant_id)
    assert account
    with open_session(scope.tenant(tenant_id)) as session:
        asked = {"CallSid": "CA1", "From": DANA, "To": number, "CallStatus": "ringing"}
        calls.arrive(session, account.id, asked)
        call = session.scalars(select(Call)).one()
        makers.make_contact(session, phone=DANA)
        call.text_back, call.text_back_reason = "skipped", "They already got a text within the last 24 hours."
    assert "The call arrived" in words(maya.get("/setup/proof/state"))
    assert maya.send("/setup/proof").headers["Location"] == "/setup/wording"
    with open_session(scope.tenant(tenant_id)) as session:
        line = session.scalars(select(Number)).one()
        assert (line.e164, line.mode, line.waits_for_carrier) == (number, "forwarded", False)
        assert session.scalars(select(LineTest)).one().proved_at
        assert set(session.scalars(select(Sequence.key).where(Sequence.enabled))) == {"missed_call", "estimate"}
        assert rules.of(session).day_before_by == "dispatch"
    for path in ("/setup/wording", "/setup/registration", "/setup/plan"):
        assert maya.get(path).status_code == 200
    written = maya.get("/setup/wording").get_data(as_text=True)
    assert blueprint.RATES.replace("&", "&amp;") in written
    assert (
        maya.send("/setup/registration", {"business_kind": "company", "city": "Austin", "skip": "yes"})
        .headers["Location"]
        .startswith("/setup/")
    )
    assert 'value="Austin"' in maya.get("/setup/registration").get_data(as_text=True)
    assert maya.send("/setup/plan").status_code == 303
    done = words(maya.get("/setup/done"))
    assert "Runs now" in done
    assert "What callers read" in done  # left out above, and found again
    charlie = Visitor(app, world.charlie.slug)
    charlie.log_in(world.charles.email)
    assert "Ridgeline" not in words(charlie.get("/settings/numbers"))


def test_an_e_mail_is_confirmed_by_its_link_once_and_nothing_waits_for_it(
    app: Flask, world: World, mailbox: Mailbox
) -> None:
    maya, stranger = _sign_up(app), Visitor(app)
    link = mailbox.link(START["email"])
    assert "Not confirmed yet" in words(maya.get("/settings/security"))
    assert "Is this your e-mail" in words(stranger.get(link))
    assert "confirmed" in words(stranger.send(link))
    assert "not good any more" in words(stranger.send(link))
    assert "Not confirmed yet" not in words(maya.get("/settings/security"))


def test_a_sign_up_says_what_is_wrong_and_takes_no_e_mail_twice(app: Flask, world: World) -> None:
    visitor = Visitor(app)
    visitor.get("/start")
    assert "A password has at least" in words(visitor.send("/start", START | {"password": "short"}))
    assert "has an account already" in words(visitor.send("/start", START | {"email": world.alice.email}))
    assert Visitor(app, world.plumber.slug).get("/start").status_code == 404


def test_each_step_says_what_is_missing(app: Flask, sandbox: Carrier) -> None:
    maya = _sign_up(app)
    assert "No state has this ZIP" in words(maya.send("/setup/business", SHOP | {"zip": "00000"}))
    assert "Choose a trade" in words(maya.send("/setup/business", SHOP | {"trade": "piracy"}))
    assert "Choose one of the numbers" in words(maya.send("/setup/number", {"mode": "direct", "e164": "+15"}))
    assert "area code" in words(maya.get("/setup/number/search?near=1"))
    assert maya.get("/setup/proof").headers["Location"] == "/setup/number"
    maya.send("/setup/number", {"mode": "direct", "e164": "+15125550177"})
    assert "phone number" in words(maya.send("/setup/phones", {"number": "12"}))
    assert "tax id (EIN)" in words(maya.send("/setup/registration", {"business_kind": "company"}))
    assert "opt out" in words(maya.send("/setup/wording", {"text_back.open": "Hi!"})).lower()


def test_a_carrier_that_breaks_while_a_number_is_bought_is_told_and_the_next_visit_goes_on(
    app: Flask, sandbox: Carrier
) -> None:
    maya = _sign_up(app)
    maya.send("/setup/business", SHOP)
    sandbox.fault("error", "PhoneNumbers.json PhoneNumber", remaining=1)
    answer = maya.send("/setup/number", {"mode": "direct", "e164": "+15125550163"})
    assert "nothing is bought twice" in words(answer)
    assert "is not ready yet" in words(maya.get("/setup/number"))
    assert maya.send("/setup/number/go-on").headers["Location"] == "/setup/phones"
    assert "(512) 555-0163" in words(maya.get("/setup/number"))


def test_an_invited_client_starts_in_the_middle(alice: Visitor, world: World) -> None:
    assert alice.get("/setup").headers["Location"] == "/setup/leaks"
    with world.plumber.open() as session:
        done = {
            step.key for step, done in steps.progress(session, session.get_one(Tenant, world.plumber.id)).steps if done
        }
    assert done == {"business", "number", "phones", "plan"}  # nothing is sold here


def test_names_that_look_like_ours_or_anothers_are_refused(world: World) -> None:
    with open_session(scope.SYSTEM) as system:
        for name in (
            "admin",
            "supp0rt",
            "hallway-austin",
            "ha11way",
            "www",
            "bluff-creek",
            "b1uff-creek",
            "bluffcreek",
            "аpi",
        ):
            with pytest.raises(naming.AddressNameError):
                naming.checked(system, name)
        assert naming.checked(system, "Ｂluff-Creek-Austin") == "bluff-creek-austin"
        assert naming.proposed(system, "Bluff Creek") not in ("bluff-creek", "charlies")


def test_forwarding_that_stops_is_told_once_and_a_call_ends_the_alarm(world: World) -> None:
    with world.plumber.open() as session:
        number = session.scalars(select(Number)).one()
        number.mode = "forwarded"
        for days in range(10, 20):
            at = clock.now() - timedelta(days=days)
            makers.make_call(session, business=world.plumber, at=at, missed_reason="forwarded")
        for _ in range(2):
            watching.look(session, number, clock.now())
        assert number.quiet_since
        assert "No forwarded call" in session.scalars(select(Notice.title)).one()
        makers.make_call(session, business=world.plumber, at=clock.now(), missed_reason="forwarded")
        watching.look(session, number, clock.now())
        assert number.quiet_since is None
    with world.charlie.open() as session:
        quiet = session.scalars(select(Number)).one()
        quiet.mode = "forwarded"
        watching.look(session, quiet, clock.now())  # never got one: nothing to say
        assert quiet.quiet_since is None


def test_numbers_are_added_and_given_back_on_their_page(alice: Visitor, sandbox: Carrier, world: World) -> None:
    assert "$2.15 a month" in words(alice.get("/settings/numbers/add?toll_free=yes"))
    refused = alice.send(f"/settings/numbers/{world.plumber.number_id}/release", {"digits": "1"})
    assert "last four digits" in words(refused)
    digits = {"digits": world.plumber.number[-4:]}
    assert alice.send(f"/settings/numbers/{world.plumber.number_id}/release", digits).status_code == 303
    assert "Given back on" in words(alice.get("/settings/numbers"))
    alice.send(f"/settings/numbers/{world.plumber.number_id}/keep")
    assert "Given back on" not in words(alice.get("/settings/numbers"))
    assert alice.send(f"/settings/numbers/{world.plumber.number_id}/test").status_code == 303


def test_an_own_domain_serves_hosted_pages_alone_and_only_once_it_is_proved(
    app: Flask, world: World, alice: Visitor
) -> None:
    assert "our own domain" in words(alice.send("/settings/domain", {"host": "evil.localhost"}))
    assert "not a host name" in words(alice.send("/settings/domain", {"host": "10.0.0.1"}))
    host = "requests.bluffcreek.example"
    alice.send("/settings/domain", {"host": f"https://{host}/"})
    stranger = Visitor(app)
    stranger.origin = f"http://{host}"
    with world.plumber.open() as session:
        form = forms.make_form(session, "Website").key
        [mine] = domains.domains(session)
        wanted = domains.target(mine)
        assert not domains.check(session, mine, lambda _host: [f"0{wanted}"])
    assert stranger.get(f"/f/{form}").status_code == 404
    with world.charlie.open() as session:
        theirs = domains.add(session, host)
        assert not domains.check(session, theirs, lambda _host: [wanted])  # another business's token proves nothing
    with world.plumber.open() as session:
        assert domains.check(session, domains.domains(session)[0], lambda _host: [host, wanted])
    assert stranger.get(f"/f/{form}").status_code == 200
    for path in ("/", "/log-in", "/inbox", "/start", "/businesses", "/settings/domain"):
        answer = stranger.get(path)
        assert answer.status_code == 404, path
        assert "Set-Cookie" not in answer.headers
    with world.plumber.open() as session:
        domains.check(session, domains.domains(session)[0], lambda _host: ["somebody.else.example"])
    assert stranger.get(f"/f/{form}").status_code == 404
