"""Set-up, step 3: a number for callers, or one that the old number forwards to; found, priced, bought."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, g, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from blueprints_ui import forms, guard
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, page
from blueprints_ui.security import limiter
from blueprints_ui.setup import frame
from groundwork import config
from hallway import account
from hallway.channels import CarrierAwayError, buying, prices, shop
from hallway.channels.carrier import NoCarrierError
from hallway.channels.numbers import MODES, numbers
from hallway.channels.shop import Offer
from hallway.rulebook.places import area_codes

number = Blueprint("setup_number", __name__, url_prefix="/setup/number")
AWAY = "The carrier's list of numbers does not answer right now. Try again in a moment."
E164 = re.compile(r"\+1[2-9]\d{9}")


class NumberForm(Schema):
    mode = fields.Str(required=True, validate=validate.OneOf(list(MODES), error="Choose one."))
    e164 = fields.Str(
        required=True,
        validate=validate.Regexp(E164, error="Choose one of the numbers."),
        error_messages={"required": "Choose one of the numbers."},
    )


@number.get("")
@page(roles=MANAGERS)
def show() -> ResponseReturnValue:
    return _page(Form({"mode": request.args.get("mode", "forwarded")}))


@number.get("/search")
@limiter.limit("40 per minute")
@page(roles=MANAGERS)
def search() -> ResponseReturnValue:
    """The fragment with numbers for sale near an area code or ZIP."""
    found, wrong = find(request.args.get("near", ""), toll_free="toll_free" in request.args)
    return render_template("setup/offers.html", wrong=wrong, form=Form(), **on_offer(found))


@number.post("")
@limiter.limit("20 per hour")
@page(roles=MANAGERS, writes=MANAGERS)
def buy() -> ResponseReturnValue:
    """Write down what is wanted, then buy it; whatever stops half-way goes on at the next visit or by the clock."""
    form, session = offer_form(), guard.tenant_session()
    if not form.ok:
        return _page(form), 422
    e164, mode = form.loaded["e164"], form.loaded["mode"]
    try:
        row = buying.want(session, e164, label="Main line", mode=mode, asked_by=g.who.name)
    except buying.NumberError as error:
        form.refuse("e164", str(error))
        return _page(form), 422
    guard.note("Bought a number", {"number": e164, "costs": price_of(e164)})
    session.commit()
    return _after(form, buying.try_on(session, row.id).state, row.error)


def _after(form: Form, state: str, error: str | None) -> ResponseReturnValue:
    if state == "done":
        return frame.go_on("number")
    flash(error or "The number is on its way.", "error")
    return _page(form), 422 if state == "taken" else 202


@number.post("/go-on")
@page(roles=MANAGERS, writes=MANAGERS)
def go_on() -> ResponseReturnValue:
    """A number that was paid for or ordered and is not ours yet."""
    session = guard.tenant_session()
    rows = [buying.try_on(session, row.id) for row in buying.unfinished(session) if row.state in buying.OPEN]
    stuck = next((row for row in rows if row.state in buying.OPEN), None)
    return _after(Form(), stuck.state if stuck else "done", stuck.error if stuck else None)


def offer_form() -> Form:
    """The number that was chosen and how calls are to come in."""
    return forms.read(NumberForm())


def find(near: str, *, toll_free: bool = False) -> tuple[Sequence[Offer], str | None]:
    """Numbers for sale, or why there are none."""
    near = near.strip()
    if not toll_free and not re.fullmatch(r"\d{3}|\d{5}", near):
        return (), "Enter an area code (three digits) or a ZIP code (five)."
    code, zip_code = (near if len(near) == length and not toll_free else "" for length in (3, 5))
    try:
        found = shop.offers(area_code=code, zip_code=zip_code, toll_free=toll_free)
        found = found or _around(near)
    except CarrierAwayError:
        return (), AWAY
    except NoCarrierError:
        return (), "Whoever runs this installation has not connected a carrier yet, so no numbers can be bought."
    return found, None if found else "Nothing is for sale there. Try another area code nearby."


def on_offer(found: Sequence[Offer]) -> dict[str, Any]:
    """Numbers for sale for the page, with what one of them costs."""
    cost = account.number_cost(guard.tenant_session(), g.tenant, found[0].price) if found else None
    return {"offers": found, "cost": cost}


def price_of(e164: str) -> str:
    """What buying this number costs, for the log."""
    price = prices.kept(shop.kind_of(e164))
    return account.number_cost(guard.tenant_session(), g.tenant, price).short


def _around(near: str) -> list[Offer]:
    """Where a ZIP code has none: the business's own area, by the state's area codes."""
    codes = [npa for npa, place in area_codes().items() if place.state == g.tenant.state]
    for code in sorted(codes)[:8] if len(near) == 5 else ():
        found = shop.offers(area_code=code)
        if found:
            return found
    return []


def _page(form: Form) -> str:
    session = guard.tenant_session()
    mine = [one for one in numbers(session) if one.active]
    near = (g.tenant.phone or "")[2:5] or g.tenant.zip or ""
    found, wrong = find(near) if near and not mine else ((), None)
    return frame.show(
        "number",
        form=form,
        mine=mine,
        unfinished=[row for row in buying.unfinished(session) if row.state in buying.OPEN],
        near=near,
        wrong=wrong,
        **on_offer(found),
        sandbox=config.settings().sandbox_url is not None,
    )
