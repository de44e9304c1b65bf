"""The plan in set-up: chosen there, paid at the hosted page, and done when the subscription says so."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from billing.agencies import cover
from groundwork import config, scope
from groundwork.database import open_session
from hallway import account
from hallway.channels.prices import Price
from hallway.setup import steps
from tenants.models import Tenant
from tests.billing.desk import GOOD, Desk, Shop
from tests.makers import World
from tests.ui.visitor import Visitor, words


def step_is_done(shop: Shop) -> bool:
    with shop.business.open() as session:
        found = steps.progress(session, session.get_one(Tenant, shop.business.id)).steps
        return next(done for step, done in found if step.key == "plan")


def cost(shop: Shop) -> str:
    """What one more number costs them."""
    with shop.business.open() as session:
        tenant = session.get_one(Tenant, shop.business.id)
        return account.number_cost(session, tenant, Price(115, None)).short


def test_a_plan_is_chosen_in_set_up_and_the_step_is_done_when_it_runs(shop: Shop, desk: Desk) -> None:
    page = words(shop.visitor.get("/setup/plan"))
    assert "$129 a month" in page
    assert cost(shop) == "Included"
    assert "2,000 text segments a month" in page
    assert "$1,290 a year" in words(shop.visitor.get("/setup/plan?pay=year"))
    shop.visitor.send("/setup/plan")
    assert not step_is_done(shop), "deciding later is no plan"
    assert "Plan and payment can wait" in words(shop.visitor.get("/setup/done"))
    refused = shop.visitor.send("/setup/plan/choose", {"plan": "agency"})
    assert "There is no such plan" in words(shop.visitor.follow(refused))
    url = shop.visitor.send("/setup/plan/choose", {"plan": "growth"}).headers["Location"]
    gone = next(one for one in desk.all("checkout.session") if one["url"] == url)["cancel_url"]
    shop.come_back(gone)
    assert "Nothing was bought" in words(shop.visitor.get("/setup/plan"))
    status, back = desk.fill(url, do="without", state="TX")
    assert status == 303
    assert "/setup/plan/back" in back
    shop.come_back(back)
    assert step_is_done(shop)
    assert cost(shop) == "Included", "Growth has three"
    shop.change("starter")
    assert cost(shop) == "$4.00 a month", "Starter has one, and it is there"
    assert "Free until" in words(shop.visitor.get("/setup/plan"))
    desk.days(15)
    shop.catch_up("paused")
    desk.days(3)
    assert not step_is_done(shop), "a plan that is paused is no plan"
    shop.log_in()
    assert "A payment is missing" in words(shop.visitor.get("/setup/plan"))


def test_a_client_whose_agency_pays_has_nothing_to_choose(shop: Shop, desk: Desk, world: World, nora: Visitor) -> None:
    cover(world.agency, world.plumber.id, pays=True)
    assert "It has not bought its plan yet" in words(shop.visitor.get("/setup/plan"))
    assert step_is_done(shop)
    nora.get(f"/agencies/{world.agency}/billing")
    url = nora.send(f"/agencies/{world.agency}/billing/choose").headers["Location"]
    desk.fill(url, number=GOOD, exp="12/34", do="pay")
    nora.get(f"/agencies/{world.agency}/billing/back")
    page = words(shop.visitor.get("/setup/plan"))
    assert "Your agency looks after this" in page
    assert "3,000 text segments a month" in page
    shop.visitor.send("/setup/plan/choose", {"plan": "growth"})
    assert "Your agency pays for this account" in words(shop.visitor.get("/setup/plan"))
    with open_session(scope.SYSTEM) as system:
        system.execute(update(Tenant).where(Tenant.id == world.plumber.id).values(paid_by_agency=False))


def test_where_nothing_is_sold_there_is_nothing_to_choose(shop: Shop) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("STRIPE_SECRET_KEY")
        config.settings.cache_clear()
        assert "Everything is included" in words(shop.visitor.get("/setup/plan"))
        assert step_is_done(shop)
    config.settings.cache_clear()
