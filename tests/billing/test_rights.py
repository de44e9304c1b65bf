"""Rights end up as the subscription says, whatever is heard of it, and nothing that comes in is lost."""

from __future__ import annotations

import json
import time

import pytest
from sqlalchemy import select
from stripe import WebhookSignature

import billing
from groundwork import config
from hallway.conversations import Message, Task
from hallway.followup import Sequence
from tests.billing.conftest import SECRET
from tests.billing.desk import ASKS, DECLINED, GOOD, LATER, Shop
from tests.calls.door import make_client
from tests.followup.sequence import HELLO, begin, make_sequence
from tests.inbound.door import text_in
from tests.makers import DANA, PRIYA, World
from tests.ui.visitor import words
from workers import jobs

MARIA = "+15125550163"


def refused(message: Message) -> tuple[str, str | None]:
    return message.state, message.held_rule


def follow_up(shop: Shop, phone: str = PRIYA) -> Message:
    """Somebody's form sets the sequence going, and its first touch comes due."""
    begin(shop.business, key=phone, phone=phone)
    shop.desk.carrier.control("POST", "clock", {"seconds": 600})
    jobs.answer(str(shop.business.id), "timers:soon")
    return shop.messages("sequence", phone)[-1]


def test_a_plan_is_tried_changed_and_cancelled_and_the_pages_say_so(shop: Shop) -> None:
    visitor, desk = shop.visitor, shop.desk
    assert "Try Growth for 14 days" in words(visitor.get("/settings/billing"))
    url = shop.open_checkout("starter")
    assert "14 days free" in desk.page(url)
    assert desk.fill(url, number=DECLINED, do="pay")[0] == 402
    assert shop.catch_up() is None
    status, _ = desk.fill(url, number=ASKS, do="pay", state="TX")
    assert status == 200
    status, back = desk.fill(url, do="approve")
    shop.come_back(back)
    page = words(visitor.get("/settings/billing"))
    assert "Starter" in page
    assert "Free for 14 more days" in page
    assert "Visa ending in 3155" in page
    assert visitor.send("/settings/billing/choose", {"plan": "pro"}).status_code == 303
    assert len(desk.all("subscription")) == 1, "a second plan was sold beside the first"
    assert "Nothing: your trial goes on" in words(visitor.get("/settings/billing/change/growth"))
    desk.days(15)
    assert shop.catch_up("active") == "active"
    shop.log_in()
    preview = visitor.get("/settings/billing/change/pro").get_data(as_text=True)
    assert "Remaining time on 1 × Hallway Pro" in preview
    at = preview.split('name="at" value="')[1].split('"')[0]
    visitor.send("/settings/billing/change/pro", {"at": at})
    assert shop.tenant().plan == "pro"
    visitor.send("/settings/billing/cancel")
    assert "Ends on" in words(visitor.get("/settings/billing"))
    visitor.send("/settings/billing/keep")
    assert "Goes on by itself" in words(visitor.get("/settings/billing"))
    visitor.send("/settings/billing/cancel")
    assert shop.miss_a_call().state in ("queued", "claimed")
    desk.days(32)
    assert shop.catch_up("canceled") == "cancelled"
    assert refused(shop.miss_a_call(MARIA)) == ("refused", "plan.cancelled")
    with shop.business.open() as session:
        assert session.scalars(select(Task.phone).where(Task.kind == "call_back")).all() == [MARIA]
    shop.log_in()
    assert "Choose Growth" in words(visitor.get("/settings/billing"))


def test_a_declined_renewal_pauses_step_by_step_and_paying_brings_everything_back(shop: Shop) -> None:
    shop.buy(card=LATER)
    assert shop.catch_up("trialing") == "trial"
    shop.desk.days(15)
    assert shop.catch_up("past_due") == "grace"
    assert shop.miss_a_call().state in ("queued", "claimed")
    make_sequence(shop.business, HELLO)
    touch = follow_up(shop)
    assert refused(touch) == ("held", "plan.grace")
    shop.log_in()
    assert "A payment is missing" in words(shop.visitor.get("/home"))
    shop.new_card(LATER)
    assert shop.tenant().standing == "grace"
    shop.desk.days(20)
    assert shop.catch_up("unpaid") == "paused"
    assert refused(shop.miss_a_call(MARIA)) == ("refused", "plan.paused")
    text_in(shop.business, "please stop texting me", PRIYA)
    answer = shop.messages("opt_out_confirmation", PRIYA)
    assert [one.state for one in answer] == ["queued"], "the answer to STOP always goes"
    waiting = follow_up(shop, MARIA)
    assert refused(waiting) == ("held", "plan.paused")
    shop.log_in()
    shop.new_card(GOOD)
    assert shop.tenant().standing == "active"
    with shop.business.open() as session:
        again = session.get_one(Message, (shop.business.id, waiting.id))
        assert again.due_at is not None
        assert waiting.due_at is not None
        assert again.due_at < waiting.due_at, "what waited for the payment goes at once"
        assert session.scalars(select(Message.id).where(Message.direction == "in")).all()


def test_an_expired_trial_without_a_card_pauses_after_its_grace_and_a_card_begins_the_plan(shop: Shop) -> None:
    shop.buy(card=None)
    assert shop.catch_up("trialing") == "trial"
    shop.desk.days(15)
    assert shop.catch_up("paused") == "grace"
    assert shop.miss_a_call().state in ("queued", "claimed")
    shop.desk.days(3)
    assert refused(shop.miss_a_call(MARIA)) == ("refused", "plan.paused"), "grace runs out without any news"
    shop.log_in()
    shop.new_card(GOOD)
    assert shop.tenant().standing == "active"


@pytest.mark.parametrize("fault", ["doubled", "disordered", "lost"])
def test_rights_follow_the_subscription_however_its_events_come(shop: Shop, fault: str) -> None:
    shop.buy()
    shop.catch_up("trialing")
    shop.desk.days(15)
    shop.catch_up("active")
    shop.desk.carrier.fault(fault, "type=customer.subscription")
    shop.log_in()
    shop.visitor.get("/settings/billing")
    portal = shop.visitor.send("/settings/billing/portal").headers["Location"]
    assert shop.desk.fill(portal, do="cancel")[0] == 303
    shop.desk.days(33)
    shop.desk.carrier.wait(lambda: shop.desk.all("subscription")[0]["status"] == "canceled", "it never ended")
    shop.desk.days(1)  # so long an event may be lost
    assert shop.catch_up("canceled") == "cancelled"
    kept = [event.event for event in shop.events()]
    assert len(kept) == len(set(kept))
    told = [one for one in shop.desk.all("event") if one["type"] == "customer.subscription.deleted"]
    if fault == "lost":
        assert told[0]["id"] not in kept
    text_in(shop.business, "Water heater is leaking")
    with shop.business.open() as session:
        assert session.scalars(select(Message.body).where(Message.direction == "in")).all() == [
            "Water heater is leaking"
        ]


def test_an_event_is_taken_once_and_only_with_stripes_signature(shop: Shop) -> None:
    hooks = make_client()
    raw = json.dumps({"id": "evt_1", "object": "event", "type": "customer.updated", "api_version": "2026-10-28.endive",
                      "data": {"object": {"id": "cus_nobody", "object": "customer"}}})  # fmt: skip

    def post(body: str, secret: str = SECRET, at: int | None = None) -> int:
        signed = WebhookSignature.generate_signature_header(body, secret, at)
        return hooks.post("/hooks/stripe", data=body, headers={"Stripe-Signature": signed}).status_code

    assert post(raw, "whsec_of_somebody_else") == 400
    assert post(raw, at=int(time.time()) - 4000) == 400
    assert post("no json") == 400
    assert hooks.post("/hooks/stripe", data=raw).status_code == 400
    assert [post(raw), post(raw)] == [200, 200]
    assert [(event.event, event.raw, event.state) for event in shop.events()] == [("evt_1", raw, "ignored")]


def test_a_feature_beyond_the_plan_is_refused_in_page_api_and_worker_alike(shop: Shop, world: World) -> None:
    shop.buy("starter")
    make_sequence(shop.business, HELLO, moment="past_customer")
    with shop.business.open() as session:
        sequence = session.scalars(select(Sequence)).one()
    page = shop.visitor.get(f"/sequences/{sequence.id}/what-if")
    assert page.status_code == 402
    assert "part of Growth. You are on Starter." in words(page)
    assert shop.visitor.send(f"/sequences/{sequence.id}/switch", {"to": "on"}).status_code == 402
    assert shop.api("/api/past-customers", {"phone": DANA, "last_job": "J-17"}).status_code == 402
    begin(shop.business, kind="past_customer")
    assert shop.enrolled() == []
    shop.change("growth")
    assert shop.visitor.get(f"/sequences/{sequence.id}/what-if").status_code == 200
    assert shop.api("/api/past-customers", {"phone": PRIYA, "last_job": "J-18"}).status_code == 202
    assert [one.state for one in shop.enrolled()] == ["running"]
    shop.change("starter")
    shop.desk.days(1)
    jobs.answer(str(shop.business.id), "timers:soon")
    assert [(one.state, one.stopped_by) for one in shop.enrolled()] == [("stopped", "plan")]
    assert shop.messages("sequence", PRIYA) == []


def test_nothing_is_refused_where_nothing_is_sold(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STRIPE_SECRET_KEY")
    config.settings.cache_clear()
    with world.plumber.open() as session:
        assert billing.standing(session) == "self_hosted"
        assert billing.allows(session, "reactivation_campaigns").allowed
    monkeypatch.undo()
    config.settings.cache_clear()
