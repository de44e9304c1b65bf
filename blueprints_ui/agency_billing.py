"""An agency's money: its plan, for which clients it pays, its margin, and a statement for each client."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing import agencies as paying
from billing import choosing, payers, reversals
from billing.choosing import ChoiceError
from billing.payers import Buyer
from billing.plans import METRICS, TERMS, Order, for_agencies
from billing.stripe_api import StripeAwayError, StripeRefusedError, sold
from billing.told import words_of
from blueprints_ui.guard import account_page
from blueprints_ui.plan_shelf import went_back
from groundwork import clock, config, scope
from groundwork.database import open_session
from hallway import account
from tenants import agencies
from tenants.models import Agency, Tenant

agency_billing = Blueprint("agency_billing", __name__, url_prefix="/agencies/<uuid:agency_id>/billing")
TROUBLES = (ChoiceError, StripeRefusedError, StripeAwayError)


@agency_billing.get("")
@account_page
def show(agency_id: UUID) -> ResponseReturnValue:
    house, may_pay = _agency(agency_id)
    payer = payers.of_agency(agency_id)
    running = bool(payer and payer.status not in choosing.OVER)
    words: dict[str, Any] = {
        "house": house,
        "payer": payer,
        "running": running,
        "may_pay": may_pay,
        "plan": for_agencies(),
    }
    words |= {"lost": reversals.lost(went_back(payer)), "told": [words_of(one)[0] for one in went_back(payer)]}
    words |= {"clients": paying.clients(agency_id), "sold": sold(), "terms": TERMS, "metrics": METRICS}
    return render_template("agency/billing.html", **words, first=payer is None or payer.subscription is None)


@agency_billing.post("/<any(choose, portal, cancel, keep, settle):deed>")
@account_page
def decide(agency_id: UUID, deed: str) -> ResponseReturnValue:
    """To a hosted page, or a decision about the subscription that runs."""
    house = _owned(agency_id)
    try:
        if deed == "choose":
            buyer = Buyer(house.name, g.who.email, agency_id=agency_id)
            count = max(1, paying.count_covered(agency_id))
            return redirect(choosing.begin(buyer, Order(for_agencies(), quantity=count), _back(agency_id)), 303)
        payer = payers.of_agency(agency_id)
        if payer is None:
            raise ChoiceError("There is no plan yet.")
        if deed == "portal":
            return redirect(choosing.portal(payer, _back(agency_id)), 303)
        account.follow_changes(getattr(choosing, deed)(payer).changes)
        flash("Done.", "good")
    except TROUBLES as error:
        flash(str(error), "error")
    return redirect(url_for("agency_billing.show", agency_id=agency_id), 303)


@agency_billing.get("/back")
@account_page
def back(agency_id: UUID) -> ResponseReturnValue:
    """From a hosted page: the subscription is read, whatever the address says."""
    _agency(agency_id)
    payer = payers.of_agency(agency_id)
    if payer and payer.customer:
        try:
            account.follow_changes(choosing.came_back(payer).changes)
        except StripeAwayError as error:
            flash(str(error), "error")
    return redirect(url_for("agency_billing.show", agency_id=agency_id), 303)


@agency_billing.post("/clients/<uuid:tenant_id>")
@account_page
def cover(agency_id: UUID, tenant_id: UUID) -> ResponseReturnValue:
    """Who pays for this client: the agency (`pays`) or they themselves."""
    _owned(agency_id)
    _client(agency_id, tenant_id)
    try:
        account.follow_changes(paying.cover(agency_id, tenant_id, pays=request.form.get("pays") == "agency"))
        flash("Saved.", "good")
    except TROUBLES as error:
        flash(str(error), "error")
    return redirect(url_for("agency_billing.show", agency_id=agency_id), 303)


@agency_billing.post("/margin")
@account_page
def margin(agency_id: UUID) -> ResponseReturnValue:
    _owned(agency_id)
    try:
        paying.set_margin(agency_id, request.form.get("margin", ""))
        flash("Saved.", "good")
    except ChoiceError as error:
        flash(str(error), "error")
    return redirect(url_for("agency_billing.show", agency_id=agency_id), 303)


@agency_billing.get("/statements/<uuid:tenant_id>")
@account_page
def statement(agency_id: UUID, tenant_id: UUID) -> ResponseReturnValue:
    """What a client owes for a month (?month=2026-11), read through the agency's own wall."""
    house, _ = _agency(agency_id)
    client, month = _client(agency_id, tenant_id), _month()
    with open_session(scope.agency(agency_id)) as session:
        owed = paying.statement(session, tenant_id, month, house.rebill_margin_percent)
    before = (owed.since.replace(day=1) - (owed.until - owed.since) / 2).strftime("%Y-%m")
    after = owed.until.strftime("%Y-%m") if owed.until <= clock.now() else None
    words = {"house": house, "client": client, "owed": owed, "metrics": METRICS, "plan": for_agencies()}
    return render_template("agency/statement.html", **words, before=before, after=after)


def _agency(agency_id: UUID) -> tuple[Agency, bool]:
    """The agency, if this person looks after all its clients, and whether they may pay for it."""
    with open_session(scope.SYSTEM) as system:
        found = agencies.find(system, agency_id, g.who.user_id)
    if found is None or not found[1].manages:
        abort(404)
    return found[0], found[1].leads


def _owned(agency_id: UUID) -> Agency:
    house, may_pay = _agency(agency_id)
    if not may_pay:
        abort(403, "An owner of the agency decides about its money.")
    return house


def _client(agency_id: UUID, tenant_id: UUID) -> Tenant:
    found = next((one for one in paying.clients(agency_id) if one.id == tenant_id), None)
    if found is None:
        abort(404)
    return found


def _month() -> datetime:
    try:
        return datetime.strptime(request.args.get("month", ""), "%Y-%m").replace(tzinfo=UTC)
    except ValueError:
        return clock.now()


def _back(agency_id: UUID) -> str:
    return config.settings().public_url + url_for("agency_billing.back", agency_id=agency_id)
