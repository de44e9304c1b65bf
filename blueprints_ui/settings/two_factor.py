"""One's own second factor: codes of an authenticator app, recovery codes, and passkeys; on every host alike."""

from __future__ import annotations

from uuid import UUID

import segno
from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from blueprints_ui import forms, guard, hosts
from blueprints_ui.forms import Form
from blueprints_ui.guard import own_log_in, own_page
from blueprints_ui.proving import fresh
from blueprints_ui.security import limiter
from groundwork import scope
from groundwork.database import open_session
from groundwork.keys import UnsealError
from tenants import accounts, external_logins, passkeys, second_factor, signin
from tenants.models import UserAccount
from tenants.passkeys import PasskeyError
from tenants.second_factor import SecondFactorError

two_factor = Blueprint("two_factor", __name__, url_prefix="/account")
HOME = "two_factor.security"
LONGEST_NAME = 60


class SwitchOnForm(Schema):
    code = fields.Str(required=True, validate=validate.Length(6, 10, error="Enter the six digits the app shows."))
    offered = fields.Str(required=True)


@two_factor.get("/security")
@own_page
def security() -> ResponseReturnValue:
    """The page of one's own log-in, under the address it has on this host."""
    return redirect(_home())


@two_factor.get("/two-factor")
@own_page
@own_log_in
@fresh(HOME)
def show() -> ResponseReturnValue:
    return _set_up_page(Form(), second_factor.offer(g.who.user_id))


@two_factor.post("/two-factor")
@limiter.limit("20 per 15 minutes")
@own_page
@own_log_in
@fresh(HOME)
def switch_on() -> ResponseReturnValue:
    """The first right code proves that the app has the secret; from now on log-in asks for one."""
    form = forms.read(SwitchOnForm())
    if not form.ok:
        return _set_up_page(form, str(form.values.get("offered", ""))), 422
    try:
        with open_session(scope.SYSTEM) as system:
            account = system.get_one(UserAccount, g.who.user_id)
            codes = second_factor.switch_on(system, account, form.loaded["offered"], form.loaded["code"])
            signin.end_others(system, g.who.user_id, g.who.session_id)
            token = signin.start_again(system, g.who, hosts.here().tenant_id, guard.browser(), second_factor=True)
    except SecondFactorError as error:
        form.refuse("code", str(error))
        return _set_up_page(form, form.loaded["offered"]), 422
    except UnsealError:
        abort(400)
    guard.note_own("Switched two-factor on for their log-in")
    guard.sign_in(token, remember=guard.is_remembered())
    return _codes_page(codes)


@two_factor.post("/two-factor/off")
@own_page
@own_log_in
@fresh(HOME)
def switch_off() -> ResponseReturnValue:
    with open_session(scope.SYSTEM) as system:
        second_factor.switch_off(system, system.get_one(UserAccount, g.who.user_id))
        signin.end_others(system, g.who.user_id, g.who.session_id)
        signin.forget_factor(system, g.who.session_id)
    guard.note_own("Switched two-factor off for their log-in")
    flash("Two-factor is off. Your password alone logs in now.", "good")
    return redirect(_home(), 303)


@two_factor.post("/two-factor/codes")
@own_page
@own_log_in
@fresh(HOME)
def renew() -> ResponseReturnValue:
    with open_session(scope.SYSTEM) as system:
        account = system.get_one(UserAccount, g.who.user_id)
        if account.totp_sealed is None:
            abort(404)
        codes = second_factor.renew_codes(system, account.id)
        what = "The recovery codes you had before log you in no longer."
        accounts.tell(system, account, "New recovery codes were made", what)
    guard.note_own("Made new recovery codes for their log-in")
    return _codes_page(codes)


@two_factor.post("/passkeys/options")
@limiter.limit("20 per minute")
@own_page
@own_log_in
@fresh(HOME)
def passkey_options() -> ResponseReturnValue:
    with open_session(scope.SYSTEM) as system:
        return passkeys.offer(system, system.get_one(UserAccount, g.who.user_id), hosts.rp_id())


@two_factor.post("/passkeys")
@limiter.limit("20 per minute")
@own_page
@own_log_in
@fresh(HOME)
def add_passkey() -> ResponseReturnValue:
    """{"go": ...} once it is kept, {"error": ...} else."""
    sent = request.get_json(silent=True) or {}
    name = " ".join(str(sent.get("name", "")).split())[:LONGEST_NAME] or "Passkey"
    try:
        with open_session(scope.SYSTEM) as system:
            account = system.get_one(UserAccount, g.who.user_id)
            passkeys.add(system, account, hosts.rp_id(), hosts.origin(), sent, name)
            token = signin.start_again(system, g.who, hosts.here().tenant_id, guard.browser(), second_factor=True)
    except PasskeyError as error:
        return {"error": str(error)}, 422
    guard.note_own("Added a passkey to their log-in", {"name": name})
    guard.sign_in(token, remember=guard.is_remembered())
    flash("The passkey is kept. Next time it logs you in by itself.", "good")
    return {"go": _home()}


@two_factor.post("/passkeys/<uuid:passkey_id>/remove")
@own_page
@own_log_in
@fresh(HOME)
def remove_passkey(passkey_id: UUID) -> ResponseReturnValue:
    with open_session(scope.SYSTEM) as system:
        if not passkeys.remove(system, system.get_one(UserAccount, g.who.user_id), passkey_id):
            abort(404)
    guard.note_own("Removed a passkey from their log-in")
    flash("That passkey logs in no longer.", "good")
    return redirect(_home(), 303)


@two_factor.post("/single-sign-on/<uuid:login_id>/disconnect")
@own_page
@own_log_in
@fresh(HOME)
def disconnect(login_id: UUID) -> ResponseReturnValue:
    with open_session(scope.SYSTEM) as system:
        if not external_logins.disconnect(system, system.get_one(UserAccount, g.who.user_id), login_id):
            abort(404)
    guard.note_own("Disconnected single sign-on from their log-in")
    flash("Single sign-on is disconnected. Logging in with it connects it again.", "good")
    return redirect(_home(), 303)


@two_factor.post("/devices/end-others")
@own_page
@fresh(HOME)
def end_others() -> ResponseReturnValue:
    with open_session(scope.SYSTEM) as system:
        ended = signin.end_others(system, g.who.user_id, g.who.session_id)
    guard.note_own("Logged their other devices out")
    flash(f"{ended} other device{'s are' if ended != 1 else ' is'} logged out.", "good")
    return redirect(_home(), 303)


@two_factor.post("/devices/end-all")
@own_page
def end_all() -> ResponseReturnValue:
    """Out everywhere, here too; it takes no proof, for it opens nothing."""
    with open_session(scope.SYSTEM) as system:
        signin.end_others(system, g.who.user_id)
    guard.note_own("Logged all of their devices out")
    guard.sign_out()
    flash("Every device is logged out.", "good")
    return redirect(url_for("auth.log_in"), 303)


def _home() -> str:
    return url_for("security_page.show" if hosts.here().tenant_id else "security_page.show_account")


def _set_up_page(form: Form, offered: str) -> str:
    try:
        secret = second_factor.secret_of(g.who.user_id, offered)
    except UnsealError:
        abort(400)
    picture = segno.make(second_factor.address_of(g.who.email, secret), error="m")
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    svg = picture.svg_inline(scale=5, border=2, omitsize=True, svgclass="qr", lineclass=None)
    return render_template("auth/two_factor.html", form=form, offered=offered, secret=spaced, picture=svg, **_frame())


def _codes_page(codes: list[str]) -> str:
    return render_template("auth/recovery_codes.html", codes=codes, back=_home(), **_frame())


def _frame() -> dict[str, str]:
    """These pages stand in the settings of a business, or in the plain account pages of the base domain."""
    at_business = hosts.here().tenant_id is not None
    return {"frame": "settings/base_settings.html" if at_business else "auth/base_own.html"}
