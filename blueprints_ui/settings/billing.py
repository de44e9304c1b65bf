"""Settings → Plan and billing: what is chosen, what was used, what is owed; money itself changes hands at Stripe."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from billing import choosing, payers, rights, spending, standings, stripe_api
from billing.choosing import ChoiceError, Held
from billing.models import Payer
from billing.payers import Buyer
from billing.plans import FEATURES, METRICS, TERMS, for_tenants
from billing.stripe_api import StripeAwayError, StripeRefusedError
from billing.stripe_words import Invoice
from blueprints_ui import forms, guard
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, OWNERS, page, tenant_session
from groundwork import clock, config
from hallway import account

billing_page = Blueprint("billing_page", __name__, url_prefix="/settings/billing")
TROUBLES = (ChoiceError, StripeRefusedError, StripeAwayError)
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
        plan = choosing.plan_named(request.form.get("plan", ""))
        if g.tenant.paid_by_agency:
            raise ChoiceError("Your agency pays for this account. Ask it to change the plan.")
        where = choosing.begin(Buyer(g.tenant.name, g.who.email, tenant_id=g.tenant.id), plan, _back())
    except TROUBLES as error:
        return _refused(error)
    guard.note("Went to the checkout of a plan", {"plan": plan.name})
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
    payer = payers.of_tenant(g.tenant.id)
    if payer and payer.customer:
        try:
            _follow(choosing.came_back(payer))
        except StripeAwayError:
            flash("The payment service does not answer at the moment; this page catches up by itself.", "error")
    return redirect(url_for("billing_page.show"), 303)


@billing_page.get("/change/<plan>")
@page(roles=MANAGERS)
def preview(plan: str) -> ResponseReturnValue:
    """What a change costs now, before it is made."""
    try:
        wanted = choosing.plan_named(plan)
        found = choosing.preview(_payer(), wanted)
    except TROUBLES as error:
        return _refused(error)
    now = rights.plan_of(g.tenant)
    return render_template("settings/billing_change.html", plan=wanted, now=now, found=found, features=FEATURES)


@billing_page.post("/change/<plan>")
@page(roles=MANAGERS, writes=OWNERS)
def change(plan: str) -> ResponseReturnValue:
    """As previewed; what the page showed is what is billed."""
    try:
        wanted = choosing.plan_named(plan)
        _follow(choosing.change(_payer(), wanted, _previewed_at()))
    except TROUBLES as error:
        return _refused(error)
    return _done("Changed the plan", f"You are on {wanted.name} now.", {"plan": wanted.name})


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
        _follow(do(_payer()))
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


def _follow(held: Held) -> None:
    """What the reading changed was committed by itself; this request's own row has to be read again."""
    account.follow_changes(held.changes)
    tenant_session().refresh(g.tenant)


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
    tenant, payer = g.tenant, payers.of_tenant(g.tenant.id)
    plan, (since, until) = rights.plan_of(tenant), spending.period(tenant)
    used = spending.lines(tenant_session(), tenant.id, plan, since, until) if plan else []
    typed = Form({"cap": "" if tenant.spend_cap_cents is None else f"{tenant.spend_cap_cents / 100:.2f}"})
    return render_template(
        "settings/billing.html",
        plans=for_tenants(),
        plan=plan,
        payer=payer,
        stands=standings.of(tenant),
        running=bool(payer and payer.status not in choosing.OVER),
        features=FEATURES,
        metrics=METRICS,
        terms=TERMS,
        used=used,
        spent=spending.spent(used),
        invoices=_invoices(payer),
        may_pay=g.who.role in OWNERS,
        form=form or typed,
        first=payer is None or payer.subscription is None,
        now=clock.now(),
    )


def _invoices(payer: Payer | None) -> list[Invoice] | None:
    """None when Stripe does not answer: the page shows everything else."""
    if payer is None or payer.customer is None:
        return []
    try:
        return stripe_api.invoices(payer.customer)
    except (StripeAwayError, StripeRefusedError):
        return None
