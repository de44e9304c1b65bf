"""Settings → Password and devices: one's own log-in, on a business's host and on the base domain."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from blueprints_ui import forms, guard, hosts
from blueprints_ui.forms import Form
from blueprints_ui.guard import account_page, page
from blueprints_ui.security import limiter
from groundwork import scope
from groundwork.database import Json, open_session
from tenants import accounts, signin
from tenants.models import ROLES

security_page = Blueprint("security_page", __name__)


class PasswordForm(Schema):
    current = fields.Str(required=True, validate=validate.Length(1, 200, error="Enter the password you have now."))
    password = fields.Str(
        required=True,
        validate=validate.Length(accounts.SHORTEST_PASSWORD, 200, error="A password has at least {min} characters."),
    )

    @validates_schema
    def differs(self, values: Json, **_kept: Any) -> None:
        if values.get("current") == values.get("password"):
            raise ValidationError("That is the password you have now.", "password")


@security_page.get("/settings/security")
@page()
def show() -> ResponseReturnValue:
    return _page(Form())


@security_page.get("/account")
@account_page
def show_account() -> ResponseReturnValue:
    return _page(Form())


@security_page.post("/settings/security/password")
@limiter.limit("10 per 15 minutes")
@page(writes=ROLES)
def change_password() -> ResponseReturnValue:
    return _change_password()


@security_page.post("/account/password")
@limiter.limit("10 per 15 minutes")
@account_page
def change_account_password() -> ResponseReturnValue:
    return _change_password()


@security_page.post("/settings/security/devices/<uuid:session_id>/end")
@page(writes=ROLES)
def end(session_id: UUID) -> ResponseReturnValue:
    return _end(session_id)


@security_page.post("/account/devices/<uuid:session_id>/end")
@account_page
def end_on_account(session_id: UUID) -> ResponseReturnValue:
    return _end(session_id)


def _change_password() -> ResponseReturnValue:
    """A new password signs out every browser but this one, which gets a fresh session."""
    form = forms.read(PasswordForm())
    if form.ok:
        with open_session(scope.SYSTEM) as system:
            account = accounts.check_password(system, _email(), form.loaded["current"])
            if account is None or account.id != g.who.user_id:
                form.refuse("current", "That is not the password you have now.")
            else:
                accounts.set_password(system, account, form.loaded["password"])
                token = signin.start_again(system, g.who, hosts.here().tenant_id, guard.browser())
    if not form.ok:
        return _page(form), 422
    g.noted = True
    guard.sign_in(token)
    flash("Your password is changed. Every other device was logged out.", "good")
    return redirect(_where(), 303)


def _end(session_id: UUID) -> ResponseReturnValue:
    with open_session(scope.SYSTEM) as system:
        if not signin.end(system, g.who.user_id, session_id):
            abort(404)
    g.noted = True
    flash("That device is logged out.", "good")
    return redirect(_where(), 303)


def _email() -> str:
    """The account's own address; a member's row in a business may show another."""
    with open_session(scope.SYSTEM) as system:
        return accounts.email_of(system, g.who.user_id)


def _where() -> str:
    return url_for("security_page.show" if hosts.here().tenant_id else "security_page.show_account")


def _page(form: Form) -> str:
    with open_session(scope.SYSTEM) as system:
        devices = signin.sessions_of(system, g.who.user_id)
    at_business = hosts.here().tenant_id is not None
    template = "settings/security.html" if at_business else "auth/account.html"
    return render_template(template, form=form, devices=devices, here=g.who.session_id, prefix=_prefix(at_business))


def _prefix(at_business: bool) -> str:
    return "/settings/security" if at_business else "/account"
