"""Settings → Password and devices: one's own log-in, on a business's host and on the base domain."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from blueprints_ui import forms, guard, hosts
from blueprints_ui.forms import Form
from blueprints_ui.guard import account_page, own_log_in, page
from blueprints_ui.proving import fresh
from blueprints_ui.security import limiter
from groundwork import scope
from groundwork.database import Json, open_session
from tenants import accounts, addresses, external_logins, passkeys, second_factor, signin
from tenants.models import ROLES, UserAccount
from tenants.passwords import WeakPasswordError

security_page = Blueprint("security_page", __name__)


class PasswordForm(Schema):
    current = fields.Str(required=True, validate=validate.Length(1, 200, error="Enter the password you have now."))
    password = fields.Str(required=True, validate=validate.Length(1, 200, error="Enter the new password."))

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
@own_log_in
def change_password() -> ResponseReturnValue:
    return _change_password()


@security_page.post("/account/password")
@limiter.limit("10 per 15 minutes")
@account_page
def change_account_password() -> ResponseReturnValue:
    return _change_password()


@security_page.post("/settings/security/devices/<uuid:session_id>/end")
@page(writes=ROLES)
@fresh("security_page.show")
def end(session_id: UUID) -> ResponseReturnValue:
    return _end(session_id)


@security_page.post("/account/devices/<uuid:session_id>/end")
@account_page
@fresh("security_page.show_account")
def end_on_account(session_id: UUID) -> ResponseReturnValue:
    return _end(session_id)


def _change_password() -> ResponseReturnValue:
    """A new password signs out every browser but this one, which gets a fresh session."""
    form = forms.read(PasswordForm())
    token = _with_new_password(form) if form.ok else None
    if token is None:
        return _page(form), 422
    guard.note_own("Changed their password")
    guard.sign_in(token, remember=guard.is_remembered())
    flash("Your password is changed. Every other device was logged out.", "good")
    return redirect(_where(), 303)


def _with_new_password(form: Form) -> str | None:
    try:
        with open_session(scope.SYSTEM) as system:
            email = accounts.email_of(system, g.who.user_id)
            account = accounts.check_password(system, email, form.loaded["current"])
            if account is None or account.id != g.who.user_id:
                form.refuse("current", "That is not the password you have now.")
                return None
            accounts.set_password(system, account, form.loaded["password"], keep=g.who.session_id)
            return signin.start_again(system, g.who, hosts.here().tenant_id, guard.browser())
    except WeakPasswordError as error:
        form.refuse("password", str(error))
        return None


def _end(session_id: UUID) -> ResponseReturnValue:
    with open_session(scope.SYSTEM) as system:
        if not signin.end(system, g.who.user_id, session_id):
            abort(404)
    guard.note_own("Logged one of their devices out")
    flash("That device is logged out.", "good")
    return redirect(_where(), 303)


def _where() -> str:
    return url_for("security_page.show" if hosts.here().tenant_id else "security_page.show_account")


def _page(form: Form) -> str:
    at_business = hosts.here().tenant_id is not None
    with open_session(scope.SYSTEM) as system:
        account = system.get_one(UserAccount, g.who.user_id)
        return render_template(
            "settings/security.html" if at_business else "auth/account.html",
            form=form,
            none_typed=Form(),
            email=account.email,
            confirmed=account.email_confirmed_at is not None,
            wished=addresses.wished(system, account),
            devices=signin.sessions_of(system, account.id),
            here=g.who.session_id,
            prefix=_prefix(at_business),
            app_codes=account.totp_sealed is not None,
            codes_left=second_factor.codes_left(system, account.id),
            single_sign_on=external_logins.of_account(system, account.id),
            passkeys=passkeys.of_account(system, account.id),
        )


def _prefix(at_business: bool) -> str:
    return "/settings/security" if at_business else "/account"
