"""Set-up, step 8: plan and payment. It is done when the subscription, or the agency that pays, says so."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from billing import standings
from billing.plans import TERMS
from blueprints_ui import guard, plan_shelf
from blueprints_ui.guard import MANAGERS, OWNERS, page
from blueprints_ui.plan_shelf import TROUBLES
from blueprints_ui.setup import frame

plan = Blueprint("setup_plan", __name__, url_prefix="/setup/plan")


@plan.get("")
@page(roles=MANAGERS)
def show() -> ResponseReturnValue:
    return frame.show("plan", choose_by=g.tenant.created_at + TERMS.before_plan, **plan_shelf.shelf())


@plan.post("/choose")
@page(roles=MANAGERS, writes=OWNERS)
def choose() -> ResponseReturnValue:
    """To the hosted checkout, which leads back here."""
    try:
        where, detail = plan_shelf.checkout("setup_plan.back")
    except TROUBLES as error:
        flash(str(error), "error")
        return redirect(url_for("setup_plan.show"), 303)
    guard.note("Went to the checkout of a plan", detail)
    return redirect(where, 303)


@plan.get("/back")
@page(roles=MANAGERS)
def back() -> ResponseReturnValue:
    """On with set-up when a plan runs, else here again; what the address says counts for nothing."""
    read = plan_shelf.read_again()
    if standings.of(g.tenant) in ("trial", "active"):
        flash("Your trial has begun." if standings.of(g.tenant) == "trial" else "Your plan runs.", "good")
        return frame.go_on("plan", done=False)
    if read:
        told = "Nothing was bought." if "cancelled" in request.args else "The payment has not arrived yet."
        flash(f"{told} You can choose here whenever you like.", "error")
    return redirect(url_for("setup_plan.show"), 303)


@plan.post("")
@page(roles=MANAGERS, writes=MANAGERS)
def save() -> ResponseReturnValue:
    """On, now or without a plan for the time being: what is had shows by itself."""
    return frame.go_on("plan", done=False)
