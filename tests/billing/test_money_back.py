"""Payments that go back: told, written down, shown; and what a lost dispute does to the rights of a business."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from billing import payers
from groundwork import scope
from groundwork.database import open_session
from hallway.notices import Notice
from tenants.access_models import AccountMail
from tenants.models import AuditEvent
from tenants.post import words_of
from tests.billing.desk import GOOD, LATER, Desk, Shop
from tests.billing.test_rights import MARIA, refused
from tests.makers import World
from tests.ui.visitor import Visitor, words


def charges(shop: Shop) -> list[dict[str, Any]]:
    return [one for one in shop.desk.all("charge") if one["customer"] == shop.payer().customer]


def disputes(shop: Shop) -> list[dict[str, Any]]:
    mine = {one["id"] for one in charges(shop)}
    return [one for one in shop.desk.all("dispute") if one["charge"] in mine]


def act(shop: Shop, **told: str) -> None:
    """Something happens at the card desk, and its event arrives."""
    shop.desk.carrier.control("POST", "cards", told)
    event = shop.desk.all("event")[0]["id"]
    shop.desk.carrier.wait(lambda: event in [one.event for one in shop.events()], "the event never came")
    shop.catch_up()


def told(shop: Shop) -> list[str]:
    with shop.business.open() as session:
        return list(session.scalars(select(Notice.title).order_by(Notice.id)))


def log(shop: Shop) -> list[tuple[str, str]]:
    with shop.business.open() as session:
        rows = session.scalars(select(AuditEvent).where(AuditEvent.actor_name == "Stripe").order_by(AuditEvent.id))
        return [(row.actor_name, row.action) for row in rows]


@pytest.fixture
def paying(shop: Shop) -> Shop:
    shop.buy("starter")
    shop.desk.days(15)
    assert shop.catch_up("active") == "active"
    shop.log_in()
    return shop


def test_a_refund_is_told_once_written_down_and_shown_and_rights_stay(paying: Shop, world: World) -> None:
    shop = paying
    act(shop, refund=charges(shop)[0]["id"], cents="1000")
    assert told(shop) == ["$10.00 is given back to you"]
    shop.catch_up()
    shop.visitor.get("/settings/billing/back")
    assert told(shop) == ["$10.00 is given back to you"], "a second reading is no news"
    assert log(shop) == [("Stripe", "$10.00 is given back to you")]
    page = words(shop.visitor.get("/settings/billing"))
    assert "−$10.00 Given back to you" in page
    assert "$10.00 is given back to you" in words(shop.visitor.get("/settings/activity"))
    assert shop.tenant().standing == "active"
    with world.charlie.open() as session:
        assert session.scalars(select(Notice)).all() == []


def test_a_lost_dispute_is_a_missing_payment_until_it_is_paid_again(paying: Shop) -> None:
    shop = paying
    act(shop, dispute=charges(shop)[0]["id"])
    assert shop.tenant().standing == "active", "nothing is decided yet"
    assert "Disputed at your bank" in words(shop.visitor.get("/settings/billing"))
    act(shop, decide=disputes(shop)[0]["id"], how="lost")
    assert shop.tenant().standing == "grace"
    assert [one.split("$")[0] for one in told(shop)] == ["A payment of ", "Your bank took "]
    assert "Your bank took a payment back: $53.04" in words(shop.visitor.get("/settings/billing"))
    assert shop.miss_a_call().state in ("queued", "claimed"), "callers are texted back through the grace"
    shop.desk.days(15)
    assert refused(shop.miss_a_call(MARIA)) == ("refused", "plan.paused")
    shop.log_in()
    shop.new_card(LATER)
    assert "declined" in words(shop.visitor.follow(shop.visitor.send("/settings/billing/settle")))
    assert shop.tenant().standing == "paused"
    shop.new_card(GOOD)
    for _ in range(2):
        shop.visitor.send("/settings/billing/settle")
    assert shop.tenant().standing == "active"
    again = [one for one in shop.desk.all("invoice") if one["metadata"].get("dispute") == disputes(shop)[0]["id"]]
    assert [(one["status"], one["total"]) for one in again] == [("paid", 5304)], "paid again once"
    assert "Taken back, paid again" in words(shop.visitor.get("/settings/billing"))


def test_a_dispute_whose_events_are_lost_is_found_by_the_next_reading(paying: Shop) -> None:
    shop = paying
    shop.desk.carrier.fault("lost", "type=charge.dispute")
    for step in ({"dispute": charges(shop)[0]["id"]}, {}):
        told_ = step or {"decide": disputes(shop)[0]["id"], "how": "lost"}
        shop.desk.carrier.control("POST", "cards", told_)
    shop.catch_up()
    assert shop.tenant().standing == "active", "nobody heard of it yet"
    shop.desk.days(1)
    shop.catch_up()
    assert shop.tenant().standing == "grace"


def test_an_agency_hears_by_mail_of_what_went_back_and_its_clients_of_what_it_means(
    shop: Shop, desk: Desk, world: World, nora: Visitor
) -> None:
    page = f"/agencies/{world.agency}/billing"
    nora.get(page)
    nora.send(f"{page}/clients/{world.plumber.id}", {"pays": "agency"})
    url = nora.send(f"{page}/choose").headers["Location"]
    desk.fill(url, number=GOOD, exp="12/34", do="pay")
    nora.get(f"{page}/back")
    desk.days(15)
    payer = payers.of_agency(world.agency)
    assert payer

    def paid() -> list[str]:
        return [one["id"] for one in desk.all("charge") if one["customer"] == payer.customer]

    desk.carrier.wait(paid, "the trial never ended")
    desk.carrier.control("POST", "cards", {"dispute": paid()[0]})
    desk.carrier.control("POST", "cards", {"decide": desk.all("dispute")[0]["id"], "how": "lost"})
    nora.log_in(world.nora.email)
    nora.get(f"{page}/back")
    assert shop.tenant().standing == "grace"
    assert "Your bank took a payment back" in words(nora.get(page))
    assert told(shop) == ["A payment for Hallway is missing"]
    with open_session(scope.SYSTEM) as system:
        mails = [(one.recipient, words_of(one)) for one in system.scalars(select(AccountMail))]
    assert [to for to, said in mails if "payment is missing" in said] == [world.nora.email]
    nora.send(f"{page}/settle")
    assert shop.tenant().standing == "active"
