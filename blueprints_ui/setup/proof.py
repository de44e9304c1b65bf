"""Set-up, step 5: forwarding codes carrier by carrier, and the live proof, which turns green by itself."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blueprints_ui import guard
from blueprints_ui.guard import MANAGERS, page
from blueprints_ui.setup import frame
from groundwork import config
from hallway.channels import Number, forwarding
from hallway.channels.numbers import numbers
from hallway.setup import proof as proving

proof = Blueprint("setup_proof", __name__, url_prefix="/setup/proof")


@proof.get("")
@page(roles=MANAGERS)
def show() -> ResponseReturnValue:
    """Watching begins when the page is opened: nobody has to press anything before calling."""
    number = _number()
    if number is None:
        flash("Choose a number first, then prove it.", "error")
        return redirect(url_for("setup_number.show"))
    return frame.show("proof", ways=forwarding.ways(number.e164, number.ring_seconds), **_standing(number))


@proof.get("/state")
@page(roles=MANAGERS)
def state() -> ResponseReturnValue:
    """The fragment that tells how the test stands; asked again whenever something happens."""
    number = _number()
    return render_template("setup/proof_state.html", **_standing(number)) if number else ""


@proof.post("/again")
@page(roles=MANAGERS, writes=MANAGERS)
def again() -> ResponseReturnValue:
    number = _number()
    if number:
        proving.begin(guard.tenant_session(), number)
    return redirect(url_for("setup_proof.show"), 303)


@proof.post("")
@page(roles=MANAGERS, writes=MANAGERS)
def save() -> ResponseReturnValue:
    number = _number()
    return frame.go_on("proof", done=bool(number and _standing(number)["found"].good))


def _number() -> Number | None:
    return next((one for one in numbers(guard.tenant_session()) if one.active), None)


def _standing(number: Number) -> dict[str, Any]:
    session = guard.tenant_session()
    test = proving.latest(session, number) or proving.begin(session, number)
    found = proving.look(session, test)
    sandbox = config.settings().sandbox_url
    # The sandbox knows no line of theirs that could forward: the Hallway number stands in for it.
    own_line = number.mode == "forwarded" and g.tenant.phone and not sandbox
    dial = g.tenant.phone if own_line else number.e164
    return {"number": number, "found": found, "dial": dial, "sandbox_url": sandbox}
