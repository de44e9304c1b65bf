"""Every status a subscription can have, by what comes of it; and whatever it is, nothing that comes in is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from billing.plans import TERMS
from billing.standings import Subscription, judge
from hallway.conversations import Message, Task
from hallway.forms import FormSubmission
from tests.billing.desk import GOOD, LATER, Shop
from tests.billing.test_rights import MARIA, refused
from tests.inbound.door import text_in
from tests.ui.visitor import words

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
DAY = timedelta(days=1)
READ = Subscription(
    id="sub_1", status="active", plan="growth", quantity=1, trial_end=NOW + DAY, period_start=NOW - DAY,
    period_end=NOW + DAY, cancel_at=None, trouble_since=None, asked_to_pause=False, parts={}, details={},
)  # fmt: skip


@pytest.mark.parametrize(
    ("status", "since", "standing"),
    [
        ("trialing", None, "trial"), ("active", None, "active"), ("canceled", None, "cancelled"),
        ("incomplete", 0, None), ("incomplete_expired", 0, None),
        ("past_due", 13, "grace"), ("past_due", 15, "paused"), ("unpaid", 13, "grace"), ("unpaid", 15, "paused"),
        ("paused", 2, "grace"), ("paused", 4, "paused"),
        ("something_new", 13, "grace"), ("something_new", 15, "paused"), ("something_new", None, "grace"),
    ],
)  # fmt: skip
def test_each_status_has_its_standing(status: str, since: int | None, standing: str | None) -> None:
    trouble = None if since is None else NOW - since * DAY
    read = replace(READ, status=status, trouble_since=trouble, details={"paused_by": "trial"})
    assert judge(read, NOW).standing == standing


def test_a_pause_somebody_asked_for_begins_at_once_and_one_for_money_has_its_grace() -> None:
    assert judge(replace(READ, status="paused", asked_to_pause=True), NOW).standing == "paused"
    for_money = replace(READ, status="paused", trouble_since=NOW - 13 * DAY)
    assert judge(for_money, NOW).standing == "grace"
    assert judge(None, NOW).standing is None


def owes_until(shop: Shop, status: str, final: str) -> None:
    """A card that is declined whenever it is charged, until the last try."""
    shop.desk.final(final)
    shop.buy(card=LATER)
    shop.desk.days(15)
    assert shop.catch_up("past_due") == "grace"
    shop.desk.days(16)
    shop.catch_up(status)


def comes_in(shop: Shop) -> None:
    """A text, a call and a form: all are there, whoever pays or not."""
    text_in(shop.business, "Water heater is leaking")
    assert shop.miss_a_call(MARIA).state == "refused"
    answer = shop.api("/api/leads", {"name": "Dana", "phone": MARIA, "message": "Please call"})
    assert answer.status_code < 300, answer.get_data(as_text=True)
    with shop.business.open() as session:
        assert session.scalars(select(Message.body).where(Message.direction == "in", Message.channel == "sms")).all()
        assert MARIA in session.scalars(select(Task.phone).where(Task.kind == "call_back")).all()
        assert len(session.scalars(select(FormSubmission)).all()) == 1


def test_a_subscription_that_stripe_ends_for_want_of_money_can_be_had_again(shop: Shop) -> None:
    owes_until(shop, "canceled", "canceled")
    assert shop.tenant().standing == "cancelled"
    comes_in(shop)
    shop.log_in()
    assert "Your plan has ended" in words(shop.visitor.get("/home"))
    url = shop.open_checkout("starter")
    assert "Subscribe for $49.00" in shop.desk.page(url), "the trial was had"
    assert shop.desk.fill(url, number=LATER, exp="12/34", do="pay")[0] == 402
    status, back = shop.desk.fill(url, number=GOOD, exp="12/34", do="pay")
    assert status == 303
    shop.come_back(back)
    assert (shop.tenant().plan, shop.tenant().standing) == ("starter", "active")
    assert shop.miss_a_call("+15125550199").state in ("queued", "claimed")


def bills(shop: Shop) -> list[str]:
    return [one["status"] for one in shop.desk.all("invoice") if one["customer"] == shop.payer().customer]


@pytest.mark.parametrize("final", ["past_due", "paused", "unpaid"])
def test_whatever_the_account_does_after_the_last_try_grace_is_ours_and_paying_ends_it(shop: Shop, final: str) -> None:
    owes_until(shop, final, final)
    assert shop.tenant().standing == "paused", "fourteen days after the first payment failed"
    assert shop.tenant().standing_until
    assert refused(shop.miss_a_call(MARIA)) == ("refused", "plan.paused")
    shop.desk.days(20)  # another period begins, unpaid too where there is still one
    unpaid = 2 if final == "past_due" else 1
    shop.desk.carrier.wait(lambda: bills(shop).count("open") == unpaid, "the bill of the next period never came")
    shop.catch_up(final)
    shop.log_in()
    page = words(shop.visitor.get("/settings/billing"))
    assert "A payment is missing: $" in page
    shop.new_card(GOOD)
    assert shop.tenant().standing == "active"
    assert set(bills(shop)) == {"paid"}
    assert TERMS.grace == 14 * DAY
