"""Buying numbers and giving them back: whatever breaks, the carrier's list ends up equal to ours."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select, update

from groundwork import clock, scope
from groundwork.database import open_session
from groundwork.tables import Timer
from hallway.channels import Number, buying, carrier, comparing, prices, releasing, shop
from hallway.channels.models import CarrierPrice, NumberPurchase
from tenants import routing
from tests.carrier import Carrier
from tests.makers import Business
from tests.sending.at_carrier import fresh_number

STEPS: list[tuple[object, str]] = [
    (carrier, "own_numbers"),
    (carrier, "buy_number"),
    (shop, "service_of"),
    (shop, "join_service"),
    (shop, "name"),
    (routing, "route_number"),
    (buying, "_list"),
]


class KilledError(Exception):
    """Somebody pulled the plug."""


def _want(business: Business, e164: str) -> UUID:
    with business.open() as session:
        return buying.want(session, e164, label="Yard signs", source="Yard signs", asked_by="Alice Romero").id


def _go_on(business: Business, purchase: UUID) -> str:
    with business.open() as session:
        return buying.try_on(session, purchase).state


def _ours(business: Business) -> set[str]:
    with business.open() as session:
        return set(session.scalars(select(Number.e164).where(Number.active)))


def _billed(business: Business) -> set[str]:
    login = routing.carrier_login_of(business.id)
    assert login
    return set(shop.billed(login))


@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
@pytest.mark.parametrize(("module", "name"), STEPS, ids=[name for _, name in STEPS])
def test_a_purchase_killed_at_any_step_is_finished_by_the_next_visit_and_bought_once(
    plumber: Business, charlie: Business, monkeypatch: pytest.MonkeyPatch, module: object, name: str, after: bool
) -> None:
    wanted, real = fresh_number(), getattr(module, name)
    purchase = _want(plumber, wanted)

    def killed(*given: object, **named: object) -> object:
        if after:
            real(*given, **named)
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(module, name, killed)
        if name != "own_numbers":  # asked only when a number is taken
            with pytest.raises(KilledError):
                _go_on(plumber, purchase)
    with plumber.open() as session:
        assert session.scalar(select(Timer.state).where(Timer.key == str(purchase))) in ("ready", "void")
    assert _go_on(plumber, purchase) == "done"
    assert _billed(plumber) == _ours(plumber) == {plumber.number, wanted}
    assert wanted not in _billed(charlie)
    with open_session(scope.SYSTEM) as system:
        assert routing.tenant_of_number(system, wanted) == plumber.id


@pytest.mark.parametrize("kind", ["error", "cut", "cut_after_accept", "too_many"])
def test_a_carrier_that_fails_half_way_is_told_and_nothing_is_bought_twice(
    plumber: Business, carrier: Carrier, kind: str
) -> None:
    purchase = _want(plumber, fresh_number())
    carrier.fault(kind, "POST /2010-04-01/Accounts/", remaining=1)
    assert _go_on(plumber, purchase) in buying.OPEN
    with plumber.open() as session:
        [row] = buying.unfinished(session)
        assert "nothing is bought twice" in (row.error or "")
        buying.finish_purchase(session, session.scalars(select(Timer).where(Timer.key == str(purchase))).one())
    assert _billed(plumber) == _ours(plumber)
    assert len(_ours(plumber)) == 2


def test_a_number_sold_meanwhile_is_told_and_not_listed(plumber: Business, carrier: Carrier) -> None:
    wanted = fresh_number()
    carrier.fault("sold", wanted, remaining=1)
    purchase = _want(plumber, wanted)
    assert _go_on(plumber, purchase) == "taken"
    assert wanted not in _ours(plumber) | _billed(plumber)
    with plumber.open() as session:
        assert buying.unfinished(session) == []


def test_the_daily_comparison_finishes_shows_and_marks(plumber: Business, charlie: Business, carrier: Carrier) -> None:
    """A number bought whose row forgot it, one nobody asked for, and one the carrier took away."""
    bought, stray = fresh_number(), fresh_number()
    purchase = _want(plumber, bought)
    sdk = carrier.sdk(plumber.account_sid, plumber.auth_token)
    sdk.incoming_phone_numbers.create(phone_number=bought, friendly_name=f"Yard signs {purchase}")
    sdk.incoming_phone_numbers.create(phone_number=stray)
    with plumber.open() as session:
        open_ones = comparing.compare(session)
        assert [(row.e164, row.state) for row in open_ones] == [(stray, "stray")]
        comparing.keep_stray(session, open_ones[0])
        session.commit()
        assert buying.try_on(session, open_ones[0].id).state == "done"
    assert _billed(plumber) == _ours(plumber) == {plumber.number, bought, stray}
    login = routing.carrier_login_of(plumber.id)
    assert login
    shop.give_back(login, shop.billed(login)[stray][0])
    shop.give_back(login, "PN" + "0" * 32)  # gone already: no error
    with plumber.open() as session:
        comparing.compare(session)
        missing = session.scalars(select(Number.e164).where(Number.missing_since.is_not(None))).all()
    assert missing == [stray]
    assert _ours(charlie) == {charlie.number}


def test_a_number_works_on_for_a_week_and_is_then_gone_for_good(plumber: Business, charlie: Business) -> None:
    login = routing.carrier_login_of(plumber.id)
    assert login
    with plumber.open() as session:
        number = session.scalars(select(Number)).one()
        number.provider_sid = shop.billed(login)[number.e164][0]
        with pytest.raises(buying.NumberError, match="last four digits"):
            releasing.release(session, number, "0000")
        releasing.release(session, number, number.e164[-4:])
        timer = session.scalars(select(Timer).where(Timer.kind == "release_number")).one()
        releasing.release_number(session, timer)  # before its time: nothing
    assert _billed(plumber) == _ours(plumber) == {plumber.number}
    with time_machine.travel(clock.now() + timedelta(days=8), tick=True), plumber.open() as session:
        releasing.release_number(session, session.scalars(select(Timer).where(Timer.kind == "release_number")).one())
    assert _billed(plumber) == _ours(plumber) == set()
    with open_session(scope.SYSTEM) as system:
        assert routing.tenant_of_number(system, plumber.number) is None
        assert routing.tenant_of_number(system, charlie.number) == charlie.id


def test_a_number_given_back_by_mistake_is_kept(plumber: Business) -> None:
    with plumber.open() as session:
        number = session.scalars(select(Number)).one()
        releasing.release(session, number, number.e164[-4:])
        releasing.keep(session, number)
        assert number.release_at is None
        assert session.scalar(select(Timer.state).where(Timer.kind == "release_number")) == "void"


def test_the_shop_shows_places_and_prices(carrier: Carrier) -> None:
    [offer] = shop.offers(area_code="512", limit=1)
    assert (offer.kind, offer.place, offer.price.cents) == ("local", "Austin, TX", 115)
    assert {one.e164[:5] for one in shop.offers(zip_code="78701")} == {"+1512"}
    assert {one.kind for one in shop.offers(toll_free=True)} == {"toll_free"}


def test_one_purchase_under_way_is_not_begun_twice(plumber: Business) -> None:
    wanted = fresh_number()
    assert _want(plumber, wanted) == _want(plumber, wanted)
    with plumber.open() as session, pytest.raises(buying.NumberError, match="already"):
        buying.want(session, plumber.number, label="x", asked_by="x")
    with plumber.open() as session:
        assert session.scalars(select(NumberPurchase)).one().state == "wanted"


def test_the_carrier_tells_its_prices_once_a_day_and_the_last_ones_stay_when_it_is_away(
    carrier: Carrier, clean: object
) -> None:
    asked = "GET /v1/PhoneNumbers/Countries/US"
    carrier.fault("error", asked, remaining=1)
    assert prices.monthly("local") == prices.Price(prices.LISTED["local"], None), "nothing was ever told"
    told = prices.monthly("toll_free")
    assert told.cents == 215
    assert told.told_at
    with open_session(scope.SYSTEM) as session:
        session.execute(update(CarrierPrice).values(cents=99))
    assert prices.monthly("local").cents == 99, "told today: not asked again"
    with open_session(scope.SYSTEM) as session:
        session.execute(update(CarrierPrice).values(told_at=told.told_at - timedelta(days=4)))
    carrier.fault("error", asked, remaining=1)
    old = prices.monthly("local")
    assert (old.cents, old.told_at) == (99, told.told_at - timedelta(days=4))
    assert prices.monthly("local").cents == 115
