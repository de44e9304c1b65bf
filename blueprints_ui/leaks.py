"""Where leads leak: the eight signs with their numbers and the button that closes each."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from blueprints_ui.guard import page, tenant_session
from hallway.insight import leaks as measured

leaks = Blueprint("leaks", __name__)


@leaks.get("/leaks")
@page()
def show() -> ResponseReturnValue:
    signs = measured.signs(tenant_session())
    return render_template("leaks/page.html", signs=signs, leaking=measured.leaking(signs))


@leaks.get("/leaks/card")
@page()
def card() -> ResponseReturnValue:
    """The fragment of home and of set-up's end: the worst three; asked for after the page, which does not wait."""
    return render_template("leaks/card.html", leaking=measured.leaking(measured.signs(tenant_session())))
