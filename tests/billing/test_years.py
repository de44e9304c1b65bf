"""A plan paid by the year: sold, changed into and out of, and usage counted by the month all the same."""

from __future__ import annotations

import re
from datetime import timedelta

from billing import usage
from billing.usage import Usage
from groundwork import clock
from groundwork.database import new_id
from tests.billing.desk import GOOD, Shop
from tests.ui.visitor import words
from workers import jobs


def amounts(shop: Shop) -> list[int]:
    return [one["total"] for one in reversed(shop.desk.all("invoice")) if one["customer"] == shop.payer().customer]


def preview(shop: Shop, plan: str, interval: str) -> tuple[str, str]:
    """What the page says it costs, and the moment it says so."""
    answer = shop.visitor.get(f"/settings/billing/change/{plan}?interval={interval}")
    page = answer.get_data(as_text=True)
    return words(answer), page.split('name="at" value="')[1].split('"')[0]


def test_a_year_is_bought_and_usage_beyond_it_is_billed_by_the_month(shop: Shop) -> None:
    shop.visitor.get("/settings/billing?pay=year")
    sent = shop.visitor.send("/settings/billing/choose", {"plan": "starter", "interval": "year"})
    url = sent.headers["Location"]
    assert "then $490.00 a year" in shop.desk.page(url)
    status, back = shop.desk.fill(url, number=GOOD, exp="12/34", zip="10001", do="pay")
    assert status == 303
    shop.come_back(back)
    [subscription] = [one for one in shop.desk.all("subscription") if one["customer"] == shop.payer().customer]
    parts = {one["price"]["metadata"]["part"] for one in subscription["items"]["data"]}
    assert parts == {"base", "segments", "minutes", "numbers"}, "nobody would count what is used"
    shop.desk.days(15)
    assert shop.catch_up("active") == "active"
    start, end = shop.tenant().period_start, shop.tenant().period_end
    assert start
    assert end
    assert timedelta(days=27) < end - start < timedelta(days=32), "amounts are included by the month"
    shop.log_in()
    page = words(shop.visitor.get("/settings/billing"))
    assert "$490.00 a year" in page
    assert str(start.year + 1) in page.split("Goes on by itself on ")[1][:20]
    with shop.business.open() as session:
        usage.meter(session, [Usage("segments", new_id(), 510, clock.now())])
    jobs.answer(str(shop.business.id), "usage")
    shop.desk.days(32)
    shop.desk.carrier.wait(lambda: amounts(shop) == [49_000, 30], f"the invoices are {amounts(shop)}")
    shop.log_in()
    shop.visitor.send("/settings/billing/cancel")
    ends = shop.payer().cancel_at
    assert ends
    assert ends - start > timedelta(days=364), "the year that is paid is not lost"
    refused = shop.visitor.follow(shop.visitor.get("/settings/billing/change/pro?interval=year"))
    assert "Keep it first" in words(refused)


def test_a_change_to_the_year_and_back_shows_what_it_costs_and_gives_back(shop: Shop) -> None:
    shop.buy("growth")
    shop.desk.days(15)
    assert shop.catch_up("active") == "active"
    shop.log_in()
    assert "Pay by the year" in words(shop.visitor.get("/settings/billing?pay=year"))
    shown, at = preview(shop, "growth", "year")
    assert "Unused time on 1 × Hallway Growth" in shown
    assert "$1,290.00 a year" in shown
    lines, due = shown.split("What it costs now ")[1].split(" From then on")[0].rsplit("Due now, tax included ", 1)
    sums = [float(one.replace("−", "-").replace("$", "").replace(",", "")) for one in re.findall(r"−?\$[\d,.]+", lines)]
    assert f"${sum(sums):,.2f}" == due, "a column of numbers that does not add up"
    shop.visitor.send("/settings/billing/change/growth", {"at": at, "interval": "year"})
    assert shop.payer().details["interval"] == "year"
    year = amounts(shop)[-1]
    assert 129_000 - 12_900 < year / 1.0825 < 129_000, "the month that was paid is taken off"
    shown, at = preview(shop, "starter", "month")
    assert "Kept for your next invoices" in shown
    assert "Due now, tax included $0.00" in shown
    shop.visitor.send("/settings/billing/change/starter", {"at": at})
    assert (shop.tenant().plan, shop.payer().details["interval"]) == ("starter", "month")
    shop.desk.days(32)
    shop.catch_up()
    [credit] = [one for one in shop.desk.all("customer") if one["id"] == shop.payer().customer]
    assert credit["balance"] < -100_000, "the rest of the year pays the months to come"
    assert shop.tenant().standing == "active"
    assert shop.visitor.send("/settings/billing/choose", {"plan": "pro", "interval": "week"}).status_code in (302, 303)
