"""An agency's money: its plan, for which clients it pays, its margin, and a statement for each client."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, g, request, url_for
from flask.typing import ResponseReturnValue

from billing import agencies as paying
from billing import choosing, payers, reversals
from billing.choosing import ChoiceError
from billing.models import Payer
from billing.payers import Buyer
from billing.plans import METRICS, TERMS, Order, for_agencies
from billing.stripe_api import StripeAwayError, StripeRefusedError, sold
from billing.told import words_of
from blueprints_ui import telling
from blueprints_ui.agencies import doors
from blueprints_ui.agencies.doors import agency_page
from blueprints_ui.plan_shelf import went_back
from groundwork import clock, config, scope
from groundwork.database import open_session
from hallway import account
from tenants.models import Tenant

agency_billing = Blueprint("agency_billing", __name__, url_prefix="/agencies/<uuid:agency_id>/billing")
TROUBLES = (ChoiceError, StripeRefusedError, StripeAwayError)


@agency_billing.get("")
@agency_page(sees="manage")
def show() -> ResponseReturnValue:
    payer = payers.of_agency(g.house.id)
    running = bool(payer and payer.status not in choosing.OVER)
    words: dict[str, Any] = {"payer": payer, "running": running, "plan": for_agencies()}
    words |= {"lost": reversals.lost(went_back(payer)), "told": [words_of(one)[0] for one in went_back(payer)]}
    words |= {"clients": paying.clients(g.house.id), "sold": sold(), "terms": TERMS, "metrics": METRICS}
    return doors.show("billing", "billing", **words, first=payer is None or payer.subscription is None)


@agency_billing.post("/<any(choose, portal):deed>")
@agency_page(writes="lead")
def leave(deed: str) -> ResponseReturnValue:
    """To a hosted page, which leads back here."""
    try:
        return telling.back_to(_checkout() if deed == "choose" else choosing.portal(_payer(), _back()))
    except TROUBLES as error:
        return telling.back_to(_here(), str(error), "error")


def _checkout() -> str:
    buyer = Buyer(g.house.name, g.who.email, agency_id=g.house.id)
    order = Order(for_agencies(), quantity=max(1, paying.count_covered(g.house.id)))
    return choosing.begin(buyer, order, _back())


@agency_billing.post("/<any(cancel, keep, settle):deed>")
@agency_page(writes="lead")
def decide(deed: str) -> ResponseReturnValue:
    """A decision about the subscription that runs."""
    do = getattr(choosing, deed)
    return telling.do(lambda: account.follow_changes(do(_payer()).changes), _here(), "Done.", *TROUBLES)


@agency_billing.get("/back")
@agency_page(sees="manage")
def back() -> ResponseReturnValue:
    """From a hosted page: the subscription is read, whatever the address says."""
    payer = payers.of_agency(g.house.id)
    if payer is None or not payer.customer:
        return telling.back_to(_here())
    return telling.do(lambda: account.follow_changes(choosing.came_back(payer).changes), _here(), None, StripeAwayError)


@agency_billing.post("/clients/<uuid:tenant_id>")
@agency_page(writes="lead")
def cover(tenant_id: UUID) -> ResponseReturnValue:
    """Who pays for this client: the agency (`pays`) or they themselves."""
    _client(tenant_id)
    pays = request.form.get("pays") == "agency"
    changed = lambda: account.follow_changes(paying.cover(g.house.id, tenant_id, pays=pays))  # noqa: E731
    return telling.do(changed, _here(), "Saved.", *TROUBLES)


@agency_billing.post("/margin")
@agency_page(writes="lead")
def margin() -> ResponseReturnValue:
    typed = request.form.get("margin", "")
    return telling.do(lambda: paying.set_margin(g.house.id, typed), _here(), "Saved.", ChoiceError)


@agency_billing.get("/statements/<uuid:tenant_id>")
@agency_page(sees="manage")
def statement(tenant_id: UUID) -> ResponseReturnValue:
    """What a client owes for a month (?month=2026-11), read through the agency's own wall."""
    client, month = _client(tenant_id), _month()
    with open_session(scope.agency(g.house.id)) as session:
        owed = paying.statement(session, tenant_id, month, g.house.rebill_margin_percent)
    before = (owed.since.replace(day=1) - (owed.until - owed.since) / 2).strftime("%Y-%m")
    after = owed.until.strftime("%Y-%m") if owed.until <= clock.now() else None
    words = {"client": client, "owed": owed, "metrics": METRICS, "plan": for_agencies()}
    return doors.show("statement", "billing", **words, before=before, after=after)


def _payer() -> Payer:
    payer = payers.of_agency(g.house.id)
    if payer is None:
        raise ChoiceError("There is no plan yet.")
    return payer


def _client(tenant_id: UUID) -> Tenant:
    found = next((one for one in paying.clients(g.house.id) if one.id == tenant_id), None)
    if found is None:
        abort(404)
    return found


def _month() -> datetime:
    try:
        return datetime.strptime(request.args.get("month", ""), "%Y-%m").replace(tzinfo=UTC)
    except ValueError:
        return clock.now()


def _here() -> str:
    return url_for("agency_billing.show", agency_id=g.house.id)


def _back() -> str:
    return config.settings().public_url + url_for("agency_billing.back", agency_id=g.house.id)
