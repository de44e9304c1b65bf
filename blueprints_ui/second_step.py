"""Log-in by other means than the password alone: the code after it, a passkey, and a forgotten password."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from blueprints_ui import auth, forms, guard, hosts, known_devices
from blueprints_ui.forms import Form
from blueprints_ui.guard import open_page
from blueprints_ui.security import limiter
from groundwork import config, scope
from groundwork.database import open_session
from tenants import accounts, entering, passkeys, resets
from tenants.passkeys import PasskeyError
from tenants.passwords import WeakPasswordError

second_step = Blueprint("second_step", __name__)
SENT = "If that address has an account here, a link is on its way. It works once, for an hour."
NOT_GOOD = "That link was already used or is too old. Ask for a new one."


class CodeForm(Schema):
    code = fields.Str(required=True, validate=validate.Length(6, 40, error="Enter the six digits, or a recovery code."))


class AskForm(Schema):
    email = fields.Email(
        required=True, error_messages={"required": "Enter your e-mail.", "invalid": "That is not an e-mail address."}
    )


class ResetForm(Schema):
    password = fields.Str(required=True, validate=validate.Length(1, 200, error="Enter the new password."))


@second_step.get("/log-in/code")
@open_page
def ask() -> ResponseReturnValue:
    if not session.get("half_way"):
        return redirect(url_for("auth.log_in"))
    return render_template("auth/code.html", form=Form())


@second_step.post("/log-in/code")
@limiter.limit("20 per minute")
@open_page
def send() -> ResponseReturnValue:
    """The code of the app, or one from paper."""
    form, half_way = forms.read(CodeForm()), str(session.get("half_way", ""))
    if not form.ok:
        return render_template("auth/code.html", form=form), 422
    with open_session(scope.SYSTEM) as system:
        entry = entering.with_code(system, half_way, hosts.here().tenant_id, form.loaded["code"], guard.browser())
    if entry == entering.TOO_LATE:
        session.pop("half_way", None)
        flash(entering.TOO_LATE, "error")
        return redirect(url_for("auth.log_in"), 303)
    if isinstance(entry, str):
        form.refuse("code", entry)
        return render_template("auth/code.html", form=form), 422
    return auth.go_in(entry, back=session.get("back"))


@second_step.post("/log-in/passkey/options")
@limiter.limit("30 per minute")
@open_page
def passkey_options() -> ResponseReturnValue:
    with open_session(scope.SYSTEM) as system:
        return passkeys.ask(system, hosts.rp_id())


@second_step.post("/log-in/passkey")
@limiter.limit("30 per minute")
@open_page
def send_passkey() -> ResponseReturnValue:
    """{"go": ...} for whoever may come in, {"error": ...} for others."""
    sent = request.get_json(silent=True) or {}
    try:
        with open_session(scope.SYSTEM) as system:
            account = passkeys.prove(system, hosts.rp_id(), hosts.origin(), sent)
            place, browser = hosts.here().tenant_id, guard.browser()
            entry = entering.enter(system, account, place, browser, remember=True, proved_twice=True)
    except PasskeyError as error:
        return {"error": str(error)}, 422
    if entry is None or entry.token is None:
        return {"error": "This passkey's owner does not work here."}, 422
    guard.sign_in(entry.token, remember=True)
    answer = jsonify(go=hosts.own_page_or_none(request.args.get("next", "")) or auth.after_log_in())
    known_devices.welcome(answer, entry.email)
    return answer


@second_step.get("/log-in/forgot")
@open_page
def forgot() -> ResponseReturnValue:
    return _forgot(Form({"email": request.args.get("email", "")}))


def _typed_email() -> str:
    return f"reset {accounts.normal_email(request.form.get('email', ''))[:200]}"


@second_step.post("/log-in/forgot")
@limiter.limit("20 per hour")
@limiter.limit("5 per hour", key_func=_typed_email)
@open_page
def send_forgot() -> ResponseReturnValue:
    """Always the same answer, whether or not there is such an account."""
    form = forms.read(AskForm())
    if not form.ok:
        return _forgot(form), 422
    with open_session(scope.SYSTEM) as system:
        resets.ask(system, form.loaded["email"], lambda token: hosts.address() + url_for(".choose", token=token))
    return _forgot(form, sent=True)


def _forgot(form: Form, *, sent: bool = False) -> str:
    return render_template("auth/forgot.html", form=form, sent=SENT if sent else None, mail=config.settings().mail_url)


@second_step.get("/log-in/reset/<token>")
@limiter.limit("30 per minute")
@open_page
def choose(token: str) -> ResponseReturnValue:
    with open_session(scope.SYSTEM) as system:
        account = resets.account_of(system, token)
        email = account.email if account else None
    return render_template("auth/reset.html", form=Form(), email=email, not_good=NOT_GOOD)


@second_step.post("/log-in/reset/<token>")
@limiter.limit("20 per minute")
@open_page
def send_reset(token: str) -> ResponseReturnValue:
    form, email = forms.read(ResetForm()), None
    try:
        with open_session(scope.SYSTEM) as system:
            account = resets.account_of(system, token)
            email = account.email if account else None
            done = resets.finish(system, token, form.loaded["password"]) if form.ok else None
    except WeakPasswordError as error:
        form.refuse("password", str(error))
        done = None
    if done is None:
        return render_template("auth/reset.html", form=form, email=email, not_good=NOT_GOOD), 422
    flash("Your password is changed, and every device was logged out. Log in with the new one.", "good")
    return redirect(url_for("auth.log_in"), 303)
