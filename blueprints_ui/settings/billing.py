"""Settings → Plan and billing: what is chosen, what was used, what is owed; money itself changes hands at Stripe."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from billing import choosing, payers, rights, spending, stripe_api
from billing.choosing import ChoiceError
from billing.models import Payer
from billing.plans import FEATURES
from billing.stripe_api import StripeAwayError, StripeRefusedError
from billing.stripe_words import Invoice
from blueprints_ui import forms, guard, plan_shelf
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, OWNERS, page, tenant_session
from blueprints_ui.plan_shelf import TROUBLES
from groundwork import clock, config
from hallway import account
from tenants import members

billing_page = Blueprint("billing_page", __name__, url_prefix="/settings/billing")
OLDEST_PREVIEW = 3600


class CapForm(Schema):
    cap = fields.Str(load_default="")


@billing_page.get("")
@page(roles=MANAGERS)
def show() -> ResponseReturnValue:
    return _page()


@billing_page.post("/choose")
@page(roles=MANAGERS, writes=OWNERS)
def choose() -> ResponseReturnValue:
    """To the hosted checkout of a plan."""
    try:
        where, detail = plan_shelf.checkout("billing_page.back")
    except TROUBLES as error:
        return _refused(error)
    guard.note("Went to the checkout of a plan", detail)
    return redirect(where, 303)


@billing_page.post("/portal")
@page(roles=MANAGERS, writes=OWNERS)
def portal() -> ResponseReturnValue:
    """To the hosted page for card, address and invoices; `card` leads straight to a new card."""
    try:
        return redirect(choosing.portal(_payer(), _back(), card="card" in request.form), 303)
    except TROUBLES as error:
        return _refused(error)


@billing_page.get("/back")
@page(roles=MANAGERS)
def back() -> ResponseReturnValue:
    """They return from a hosted page, which is no proof of anything: the subscription is read."""
    plan_shelf.read_again()
    return redirect(url_for("billing_page.show"), 303)


@billing_page.get("/change/<plan>")
@page(roles=MANAGERS)
def preview(plan: str) -> ResponseReturnValue:
    """What a change costs now, before it is made."""
    try:
        payer, order = _payer(), choosing.order_of(plan, request.args.get("interval", "month"))
        found = choosing.preview(payer, order)
    except TROUBLES as error:
        return _refused(error)
    before: dict[str, Any] = {"now": rights.plan_of(g.tenant), "paid": plan_shelf.interval_of(payer)}
    before["working"] = members.room(tenant_session(), g.tenant.id).taken
    return render_template("settings/billing_change.html", order=order, found=found, features=FEATURES, **before)


@billing_page.post("/change/<plan>")
@page(roles=MANAGERS, writes=OWNERS)
def change(plan: str) -> ResponseReturnValue:
    """As previewed; what the page showed is what is billed."""
    try:
        order = choosing.order_of(plan, request.form.get("interval", "month"))
        plan_shelf.follow(choosing.change(_payer(), order, _previewed_at()))
    except TROUBLES as error:
        return _refused(error)
    said = f"You are on {order.plan.name} now, paid by the {order.interval}."
    return _done("Changed the plan", said, {"plan": order.plan.name, "paid by the": order.interval})


@billing_page.post("/<any(cancel, keep, settle):deed>")
@page(roles=MANAGERS, writes=OWNERS)
def decide(deed: str) -> ResponseReturnValue:
    """End with the paid period, take that back, or pay what is open with the card that is there."""
    do, noted, said = {
        "cancel": (choosing.cancel, "Cancelled the plan", "Cancelled. Everything works until the paid time is over."),
        "keep": (choosing.keep, "Kept the plan after all", "The plan goes on."),
        "settle": (choosing.settle, "Paid an open invoice", "Paid. Everything works again."),
    }[deed]
    try:
        plan_shelf.follow(do(_payer()))
    except TROUBLES as error:
        return _refused(error)
    return _done(noted, said, {})


@billing_page.post("/cap")
@page(roles=MANAGERS, writes=OWNERS)
def cap() -> ResponseReturnValue:
    form = forms.read(CapForm())
    try:
        before, after = account.set_cap(tenant_session(), form.loaded["cap"])
    except ValueError as error:
        form.refuse("cap", str(error))
        return _page(form), 422
    return _done("Changed the spend cap", "Saved.", {"spend cap": [before, after]})


def _payer() -> Payer:
    payer = payers.of_tenant(g.tenant.id)
    if payer is None or g.tenant.paid_by_agency:
        raise ChoiceError("There is no plan of your own to change.")
    return payer


def _previewed_at() -> datetime:
    typed, now = request.form.get("at", ""), clock.now()
    at = datetime.fromtimestamp(int(typed), UTC) if typed.isdecimal() and len(typed) < 12 else now
    if not 0 <= (now - at).total_seconds() <= OLDEST_PREVIEW:
        raise ChoiceError("The preview was too old. Look at it again before you change.")
    return at


def _back() -> str:
    return config.settings().tenant_url(g.tenant.slug) + url_for("billing_page.back")


def _done(noted: str, said: str, detail: dict[str, Any]) -> ResponseReturnValue:
    guard.note(noted, detail)
    flash(said, "good")
    return redirect(url_for("billing_page.show"), 303)


def _refused(error: Exception) -> ResponseReturnValue:
    flash(str(error), "error")
    return redirect(url_for("billing_page.show"), 303)


def _page(form: Form | None = None) -> str:
    tenant, shelf = g.tenant, plan_shelf.shelf()
    plan, (since, until) = shelf["plan"], spending.period(tenant)
    used = spending.lines(tenant_session(), tenant.id, plan, since, until) if plan else []
    typed = Form({"cap": "" if tenant.spend_cap_cents is None else f"{tenant.spend_cap_cents / 100:.2f}"})
    return render_template(
        "settings/billing.html",
        used=used,
        spent=spending.spent(used),
        invoices=_invoices(shelf["payer"]),
        form=form or typed,
        **shelf,
    )


def _invoices(payer: Payer | None) -> list[Invoice] | None:
    """None when Stripe does not answer: the page shows everything else."""
    if payer is None or payer.customer is None:
        return []
    try:
        return stripe_api.invoices(payer.customer)
    except (StripeAwayError, StripeRefusedError):
        return None
