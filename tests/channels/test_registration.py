"""Registering to text: every step at the carrier, refusals, second tries, and what breaks on the way."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from groundwork.database import Json
from groundwork.tables import Timer
from hallway.channels import Number, buying
from hallway.notices import Notice
from hallway.registration import filing, lint, questions
from tenants import routing
from tenants.models import Tenant
from tests import makers
from tests.carrier import Carrier
from tests.makers import Business
from tests.sending.at_carrier import fresh_number

FILLED: Json = {
    "ein": "12-3456789", "street": "1120 Bluff Creek Dr", "city": "Austin", "zip": "78704", "terms_url": "",
    "website": "https://bluffcreek.example", "privacy_url": "https://bluffcreek.example/privacy",
    "contact_phone": "+15125550177", "opt_in_url": "https://bluffcreek.example/contact",
}  # fmt: skip


@pytest.fixture
def reviewers(carrier: Carrier) -> Iterator[Carrier]:
    """A carrier whose reviewers answer at once."""
    carrier.control("POST", "settings", {"review_seconds": 0.05})
    yield carrier
    carrier.control("POST", "settings", {"review_seconds": 20})


def _said(business: Business, **changes: str) -> Json:
    with business.open() as session:
        tenant = session.get_one(Tenant, business.id)
        return questions.prefilled(session, tenant, "Alice Romero", "alice@bluffcreek.example") | FILLED | changes


def _buy(business: Business, e164: str) -> None:
    with business.open() as session:
        row = buying.want(session, e164, label="Line", asked_by="Alice")
        session.commit()
        buying.try_on(session, row.id)
        session.execute(update(Number).values(waits_for_carrier=True))


def _submit(business: Business, kind: str, said: Json) -> None:
    with business.open() as session:
        filing.submit(session, filing.of(session, kind), said)


def _follow(business: Business, kind: str, times: int = 4) -> str:
    """What the clock does, some rounds of it."""
    for _ in range(times):
        with business.open() as session:
            timer = session.scalars(select(Timer).where(Timer.kind == "follow_registration", Timer.key == kind)).one()
            filing.follow(session, timer)
        time.sleep(0.1)
    with business.open() as session:
        return filing.of(session, kind).state


def test_brand_and_campaign_are_filed_step_by_step_and_then_texts_may_go(
    plumber: Business, charlie: Business, reviewers: Carrier
) -> None:
    makers.make_member(plumber, "Alice Romero", "owner")
    _buy(plumber, fresh_number())
    _submit(plumber, "10dlc", _said(plumber))
    assert _follow(plumber, "10dlc") == "approved"
    with plumber.open() as session:
        assert set(filing.of(session, "10dlc").sids) == {"profile", "messaging", "brand", "campaign"}
        assert session.scalars(select(Number.waits_for_carrier)).all() == [False, False]
        assert "approved" in session.scalars(select(Notice.title)).one()
    with charlie.open() as session:
        assert filing.of(session, "10dlc").state == "draft"


def test_a_refused_brand_says_why_and_goes_in_again_with_another_tax_id(plumber: Business, reviewers: Carrier) -> None:
    _buy(plumber, fresh_number())
    _submit(plumber, "10dlc", _said(plumber, ein="00-0000000"))
    assert _follow(plumber, "10dlc") == "refused"
    with plumber.open() as session:
        first = filing.of(session, "10dlc")
        assert "tax id does not match" in first.reasons[0]["words"]
        brand = first.sids["brand"]
    _submit(plumber, "10dlc", _said(plumber))
    assert _follow(plumber, "10dlc") == "approved"
    with plumber.open() as session:
        again = filing.of(session, "10dlc")
        assert again.tries == 2
        assert again.sids["brand"] != brand


def test_a_refused_campaign_keeps_its_brand(plumber: Business, reviewers: Carrier) -> None:
    _buy(plumber, fresh_number())
    reviewers.fault("filing_refused", "campaign", remaining=1)
    _submit(plumber, "10dlc", _said(plumber))
    assert _follow(plumber, "10dlc") == "refused"
    with plumber.open() as session:
        brand = filing.of(session, "10dlc").sids["brand"]
        assert "not shared" in filing.of(session, "10dlc").reasons[0]["words"]
    _submit(plumber, "10dlc", _said(plumber))
    assert _follow(plumber, "10dlc") == "approved"
    with plumber.open() as session:
        assert filing.of(session, "10dlc").sids["brand"] == brand


@pytest.mark.parametrize("kind", ["error", "cut_after_accept"])
def test_a_carrier_that_fails_on_the_way_registers_no_brand_twice(
    plumber: Business, reviewers: Carrier, kind: str
) -> None:
    _buy(plumber, fresh_number())
    reviewers.fault(kind, "POST /v1/a2p/BrandRegistrations", remaining=1)
    reviewers.fault(kind, "POST /v1/Services", remaining=1)
    _submit(plumber, "10dlc", _said(plumber))
    assert _follow(plumber, "10dlc", times=6) == "approved"
    client = reviewers.sdk(plumber.account_sid, plumber.auth_token)
    assert len(client.messaging.v1.brand_registrations.list()) == 1
    login = routing.carrier_login_of(plumber.id)
    assert login
    assert len(client.messaging.v1.services(login.service_sid).us_app_to_person.list()) == 1


def test_a_toll_free_number_is_verified_by_itself(plumber: Business, reviewers: Carrier) -> None:
    _buy(plumber, "+18335550142")
    reviewers.fault("filing_refused", "toll-free", remaining=1)
    _submit(plumber, "toll_free", _said(plumber))
    assert _follow(plumber, "toll_free") == "refused"
    _submit(plumber, "toll_free", _said(plumber))
    assert _follow(plumber, "toll_free") == "approved"
    with plumber.open() as session:
        waits = dict(session.execute(select(Number.kind, Number.waits_for_carrier)).all())
    assert waits == {"toll_free": False, "local": True}


def test_what_is_filled_in_for_them_passes_the_lint_and_what_reviewers_refuse_does_not(plumber: Business) -> None:
    said = _said(plumber)
    assert lint.look(said, "10dlc", plumber.name) == []
    for field, bad in {
        "ein": "12-345678",
        "privacy_url": "",
        "website": "https://www.facebook.com/bluffcreek",
        "sample_1": "Hi there, book now at bit.ly/x1 for your free tune-up",
        "flow": "We bought a list of people and text all of them about our wonderful offers.",
        "description": "We send [OFFER] to everybody.",
    }.items():
        assert field in {problem.field for problem in lint.look({**said, field: bad}, "10dlc", plumber.name)}, field
    assert "opt_in_url" in {one.field for one in lint.look({**said, "opt_in_url": ""}, "toll_free", plumber.name)}
