"""Settings → Numbers: what customers call, how calls come from there to us; buying, testing and giving back."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from blueprints_ui import forms, guard
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, page
from blueprints_ui.security import limiter
from blueprints_ui.setup.number import find, offer_form, on_offer, price_of
from groundwork import clock, timers
from hallway.channels import CarrierAwayError, Number, buying, comparing, forwarding, numbers, releasing
from hallway.channels.models import NumberPurchase
from hallway.registration import filing
from hallway.setup import proof, watching

number_list = Blueprint("number_list", __name__, url_prefix="/settings/numbers")
AWAY = "The carrier does not answer right now. Try again in a moment."


class NumberForm(Schema):
    label = fields.Str(required=True, validate=validate.Length(1, 40, error="Give it a name of up to 40 characters."))
    source = fields.Str(load_default="", validate=validate.Length(max=40, error="Up to 40 characters."))
    mode = fields.Str(required=True, validate=validate.OneOf(list(numbers.MODES), error="Choose one."))


@number_list.get("")
@page()
def show() -> ResponseReturnValue:
    return _page()


@number_list.post("/<uuid:number_id>")
@page(writes=MANAGERS)
def change(number_id: UUID) -> ResponseReturnValue:
    number, form = _number(number_id), forms.read(NumberForm())
    if not form.ok:
        return _page({number.id: form}), 422
    changed = numbers.change_number(number, **{**form.loaded, "source": form.loaded["source"] or None})
    if changed:
        guard.note("Changed a number", {"number": number.label, **changed})
    flash("Saved.", "good")
    return _back()


@number_list.get("/add")
@limiter.limit("60 per minute")
@page(roles=MANAGERS)
def add() -> ResponseReturnValue:
    """Another number: found by area code or ZIP, with its price."""
    near = request.args.get("near", "") or (g.tenant.phone or "")[2:5] or g.tenant.zip or ""
    toll_free = "toll_free" in request.args
    found, wrong = find(near, toll_free=toll_free)
    form = Form({"mode": "direct", "label": ""})
    return render_template("settings/number_add.html", form=form, wrong=wrong, near=near, **on_offer(found))


@number_list.post("/add")
@limiter.limit("20 per hour")
@page(writes=MANAGERS)
def buy() -> ResponseReturnValue:
    session, form = guard.tenant_session(), offer_form()
    label = form.values.get("label") or "Another line"
    try:
        if form.ok:
            asked = {"label": str(label)[:40], "mode": form.loaded["mode"], "asked_by": g.who.name}
            row = buying.want(session, form.loaded["e164"], source=form.values.get("source") or None, **asked)
    except buying.NumberError as error:
        form.refuse("e164", str(error))
    if not form.ok:
        found, wrong = find(str(form.values.get("near", "")))
        near = form.values.get("near", "")
        return render_template("settings/number_add.html", form=form, wrong=wrong, near=near, **on_offer(found)), 422
    guard.note("Bought a number", {"number": row.e164, "costs": price_of(row.e164)})
    session.commit()
    row = buying.try_on(session, row.id)
    flash(row.error or "The number is yours and works.", "error" if row.error else "good")
    return _back()


@number_list.post("/compare")
@limiter.limit("20 per hour")
@page(writes=MANAGERS)
def compare() -> ResponseReturnValue:
    """The carrier's list against ours, now instead of tonight."""
    timers.put(guard.tenant_session(), "compare_numbers", "all", clock.now(), move=True, queue="soon")
    guard.note("Compared the numbers with the carrier")
    flash("We compare the carrier's list with yours now. What differs shows here in a moment.", "good")
    return _back()


@number_list.post("/purchases/<uuid:purchase_id>/<any(go_on, keep, give_back):deed>")
@page(writes=MANAGERS)
def settle(purchase_id: UUID, deed: str) -> ResponseReturnValue:
    """A purchase that stopped half-way, or a number the carrier bills and nobody asked for."""
    session = guard.tenant_session()
    row = session.get(NumberPurchase, (session.tenant_id, purchase_id))
    if row is None:
        abort(404)
    try:
        if deed == "give_back":
            comparing.give_back_stray(session, row)
        else:
            comparing.keep_stray(session, row)
            session.commit()
            row = buying.try_on(session, row.id)
    except CarrierAwayError:
        flash(AWAY, "error")
    guard.note("Settled a number at the carrier", {"number": row.e164, "now": row.state})
    return _back()


@number_list.post("/<uuid:number_id>/release")
@page(writes=guard.OWNERS)
def release(number_id: UUID) -> ResponseReturnValue:
    number = _number(number_id)
    try:
        releasing.release(guard.tenant_session(), number, request.form.get("digits", ""))
    except buying.NumberError as error:
        return _page({number.id: _form_of(number, {"digits": str(error)})}), 422
    guard.note("Gave a number back", {"number": number.label, "works until": str(number.release_at)})
    flash("It works for another week, then it is gone for good. You can keep it until then.", "good")
    return _back()


@number_list.post("/<uuid:number_id>/keep")
@page(writes=guard.OWNERS)
def keep(number_id: UUID) -> ResponseReturnValue:
    number = _number(number_id)
    releasing.keep(guard.tenant_session(), number)
    guard.note("Kept a number", {"number": number.label})
    flash("The number stays yours.", "good")
    return _back()


@number_list.post("/<uuid:number_id>/test")
@limiter.limit("10 per hour")
@page(writes=MANAGERS)
def test(number_id: UUID) -> ResponseReturnValue:
    """Call the business's own line, which has to come back to us unanswered."""
    number = _number(number_id)
    try:
        watching.test_call(guard.tenant_session(), number)
        flash("We are calling your line now. Do not answer: it should come back to us within a minute.", "good")
    except watching.CannotTestError as error:
        flash(str(error), "error")
    guard.note("Tested the forwarding", {"number": number.label})
    return _back()


def _number(number_id: UUID) -> Number:
    session = guard.tenant_session()
    number = session.get(Number, (session.tenant_id, number_id))
    if number is None:
        abort(404)
    return number


def _back() -> ResponseReturnValue:
    return redirect(url_for("number_list.show"), 303)


def _form_of(number: Number, errors: dict[str, str] | None = None) -> Form:
    return Form({"label": number.label, "mode": number.mode, "source": number.source or ""}, errors or {})


def _page(refused: Mapping[UUID, Form] = MappingProxyType({})) -> str:
    """`refused` is the form that was not taken, by its number."""
    session = guard.tenant_session()
    mine = [number for number in numbers.numbers(session) if number.active]
    tests = {number.id: proof.latest(session, number, "forwarding") for number in mine}
    return render_template(
        "settings/numbers.html",
        numbers=mine,
        forms={number.id: _form_of(number) for number in mine} | dict(refused),
        ways={number.id: forwarding.ways(number.e164, number.ring_seconds) for number in mine},
        tests={id_: (test, proof.look(session, test)) for id_, test in tests.items() if test},
        unfinished=buying.unfinished(session),
        filings=[filing.of(session, kind) for kind in filing.needed(session)] if mine else [],
    )
