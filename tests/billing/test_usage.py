"""What is used is counted once, told to Stripe once, and stopped by the cap."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from billing import reporting, stripe_api, usage
from billing.models import UsageReport
from billing.stripe_api import StripeAwayError
from billing.usage import Usage
from groundwork import clock
from groundwork.database import new_id
from hallway.notices import Notice
from tests.billing.desk import Shop
from tests.makers import World
from tests.ui.visitor import words
from workers import jobs


def use(shop: Shop, segments: int) -> None:
    with shop.business.open() as session:
        usage.meter(session, [Usage("segments", new_id(), segments, clock.now())])
    jobs.answer(str(shop.business.id), "usage")


def told(shop: Shop) -> list[str]:
    with shop.business.open() as session:
        return list(session.scalars(select(Notice.title).order_by(Notice.id)))


def counted(shop: Shop, event: str = "hallway_segments") -> int:
    """What the desk's meter counted for this business."""
    mine = [one for one in shop.desk.all("billing.meter_event") if one["customer"] == shop.payer().customer]
    return sum(int(one["payload"]["value"]) for one in mine if one["event_name"] == event)


def invoices(shop: Shop) -> list[dict[str, Any]]:
    return [one for one in shop.desk.all("invoice") if one["customer"] == shop.payer().customer]


def begin_paying(shop: Shop, plan: str = "starter") -> None:
    shop.buy(plan)
    shop.catch_up("trialing")
    shop.desk.days(15)
    assert shop.catch_up("active") == "active"
    shop.log_in()


def test_use_beyond_the_plan_is_told_to_the_meter_once_and_stands_on_the_next_invoice(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_paying(shop)
    use(shop, 450)
    assert counted(shop) == 0
    really = stripe_api.report

    def lost_answer(*told: object) -> None:
        really(*told)  # type: ignore[arg-type]
        raise StripeAwayError("The answer was lost.")

    monkeypatch.setattr(stripe_api, "report", lost_answer)
    use(shop, 80)
    monkeypatch.undo()
    assert counted(shop) == 30
    use(shop, 10)
    assert counted(shop) == 40
    with shop.business.open() as session:
        assert [(one.quantity, one.state) for one in session.scalars(select(UsageReport).order_by(UsageReport.id))] == [
            (30, "sent"),
            (10, "sent"),
        ]
    page = words(shop.visitor.get("/settings/billing"))
    assert "540 of 500 included · 40 beyond, $1.20" in page
    use(shop, 5)
    shop.desk.days(32)
    shop.desk.carrier.wait(lambda: len(invoices(shop)) == 2, "no second invoice came")
    invoice = invoices(shop)[0]
    shop.catch_up()
    lines = [(line["amount"], line["quantity"]) for line in invoice["lines"]["data"]]
    assert lines == [(4900, 1), (135, 45)]
    assert reporting.file(shop.business.id) == 0, "a new period begins at nothing"


def test_the_cap_is_told_of_at_its_parts_and_stops_texts_but_not_the_answer_to_stop(shop: Shop, world: World) -> None:
    begin_paying(shop)
    assert shop.visitor.send("/settings/billing/cap", {"cap": "lots"}).status_code == 422
    shop.visitor.send("/settings/billing/cap", {"cap": "$3.00"})
    use(shop, 549)
    assert told(shop) == []
    use(shop, 1)
    use(shop, 31)
    assert told(shop) == ["50 % of your spend cap is reached", "80 % of your spend cap is reached"]
    assert shop.miss_a_call().state in ("queued", "claimed")
    use(shop, 19)
    assert told(shop)[2:] == ["100 % of your spend cap is reached"]
    message = shop.miss_a_call("+15125550163")
    assert (message.state, message.held_rule) == ("refused", "plan.cap")
    assert "Raise it under Settings, Plan and billing" in (message.error or "")
    shop.visitor.send("/settings/billing/cap", {"cap": ""})
    assert shop.miss_a_call("+15125550164").state in ("queued", "claimed")
    with world.charlie.open() as session:
        assert session.scalars(select(Notice)).all() == []


def test_a_trial_has_what_its_plan_includes_and_no_more(shop: Shop) -> None:
    shop.buy("starter")
    shop.catch_up("trialing")
    use(shop, 500)
    assert told(shop) == ["100 % of your trial's texts are used"]
    assert (shop.miss_a_call().held_rule, counted(shop)) == ("plan.trial_used", 0)
