"""Prove again who you are, before what guards an account or a business is changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from blueprints_ui import forms, guard, hosts
from blueprints_ui.forms import Form
from blueprints_ui.guard import View, own_page
from blueprints_ui.security import limiter
from groundwork import scope
from groundwork.database import open_session
from tenants import accounts, passkeys, signin
from tenants.passkeys import PasskeyError

proving = Blueprint("proving", __name__)


class ProofForm(Schema):
    password = fields.Str(required=True, validate=validate.Length(1, 200, error="Enter your password."))


def fresh(back: str) -> Callable[[View], View]:
    """For whoever proved within ten minutes who they are; others prove it first and come to this page, or `back`."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(**ids: Any) -> ResponseReturnValue:
            if g.who.proof.fresh:
                return view(**ids)
            if request.method != "GET":
                flash("Show first that it is you; then do it again.", "error")
            where = url_for("proving.ask", next=guard.this_page() or url_for(back))
            if request.is_json:
                return {"go": where}, 403
            return redirect(where, 303)

        guarded.asks_for_proof = True  # type: ignore[attr-defined]
        return guarded

    return wrap


@proving.get("/account/prove")
@own_page
def ask() -> ResponseReturnValue:
    return _page(Form())


@proving.post("/account/prove")
@limiter.limit("10 per 15 minutes", key_func=lambda: f"proof {getattr(guard.signed_in(), 'user_id', '')}")
@own_page
def prove() -> ResponseReturnValue:
    form = forms.read(ProofForm())
    if form.ok:
        with open_session(scope.SYSTEM) as system:
            email = accounts.email_of(system, g.who.user_id)
            if accounts.check_password(system, email, form.loaded["password"]) is None:
                form.refuse("password", "That is not your password.")
            else:
                token = signin.start_again(system, g.who, hosts.here().tenant_id, guard.browser())
    if not form.ok:
        return _page(form), 422
    return _back_with(token)


@proving.post("/account/prove/passkey")
@limiter.limit("20 per minute")
@own_page
def prove_by_passkey() -> ResponseReturnValue:
    sent, place = request.get_json(silent=True) or {}, hosts.here()
    try:
        with open_session(scope.SYSTEM) as system:
            account = passkeys.prove(system, hosts.rp_id(), hosts.origin(), sent)
            if account.id != g.who.user_id:
                return {"error": "That passkey belongs to somebody else."}, 422
            token = signin.start_again(system, g.who, place.tenant_id, guard.browser(), second_factor=True)
    except PasskeyError as error:
        return {"error": str(error)}, 422
    remembered = guard.is_remembered()
    guard.sign_in(token, remember=remembered)
    return {"go": _back()}


def _back_with(token: str) -> ResponseReturnValue:
    back = _back()
    guard.sign_in(token, remember=guard.is_remembered())
    return redirect(back, 303)


def _back() -> str:
    home = "security_page.show" if hosts.here().tenant_id else "security_page.show_account"
    return hosts.own_page_or_none(request.values.get("next", "")) or url_for(home)


def _page(form: Form) -> str:
    return render_template("auth/prove.html", form=form, back=_back())
