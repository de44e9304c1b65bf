"""Log-in, log-out, entering a business, and joining one."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate
from werkzeug.exceptions import NotFound

from blueprints_ui import forms, guard, hosts, known_devices
from blueprints_ui.forms import Form
from blueprints_ui.guard import open_page
from blueprints_ui.security import limiter
from groundwork import config, scope
from groundwork.database import open_session
from tenants import accounts, acting, entering, invitations, signin
from tenants.entering import Entry
from tenants.members import MemberError
from tenants.passwords import WeakPasswordError

auth = Blueprint("auth", __name__)
WRONG = "That e-mail and password do not open an account here."


class LogInForm(Schema):
    email = fields.Email(
        required=True, error_messages={"required": "Enter your e-mail.", "invalid": "That is not an e-mail address."}
    )
    password = fields.Str(required=True, validate=validate.Length(min=1, max=200, error="Enter your password."))
    remember = fields.Bool()


class JoinForm(Schema):
    password = fields.Str(required=True, validate=validate.Length(min=1, max=200, error="Enter a password."))


@auth.get("/")
@open_page
def front() -> ResponseReturnValue:
    """The first page of any host: where this person works, the log-in, or on the base domain what Hallway is."""
    if guard.signed_in() is None and hosts.here().tenant_id is None:
        return render_template("setup/front.html")
    if guard.signed_in() is None:
        return redirect(url_for("auth.log_in"))
    return redirect(after_log_in())


@auth.get("/log-in")
@open_page
def log_in() -> ResponseReturnValue:
    if guard.signed_in():
        return redirect(_back() or after_log_in())
    return _log_in_page(Form({"remember": True}))


def _typed_email() -> str:
    """Tries are counted by address; a browser that logged in with it before has a count of its own."""
    email = accounts.normal_email(request.form.get("email", ""))[:200]
    return f"log-in {email} {known_devices.mark(email) or ''}"


@auth.post("/log-in")
@limiter.limit("20 per minute")
@limiter.limit("10 per 15 minutes", key_func=_typed_email)
@open_page
def send_log_in() -> ResponseReturnValue:
    """Check the password; on a business's host the person has to work there."""
    form = forms.read(LogInForm())
    entry = _try_to_enter(form) if form.ok else None
    if entry is None:
        form.errors = form.errors or {"email": WRONG}
        return _log_in_page(form), 422
    return go_in(entry, back=_back())


def _try_to_enter(form: Form) -> Entry | None:
    remember = bool(form.loaded.get("remember"))
    with open_session(scope.SYSTEM) as system:
        account = accounts.check_password(system, form.loaded["email"], form.loaded["password"])
        if account is None:
            return None
        return entering.enter(system, account, hosts.here().tenant_id, guard.browser(), remember=remember)


def go_in(entry: Entry, *, back: str | None = None) -> Response:
    """Into the product with a fresh cookie, or to the page that asks for the second factor."""
    if entry.token is None:
        session.clear()
        session["half_way"], session["back"] = entry.half_way, back
        return make_response(redirect(url_for("second_step.ask"), 303))
    guard.sign_in(entry.token, remember=entry.stays)
    answer = make_response(redirect(back or after_log_in(), 303))
    known_devices.welcome(answer, entry.email)
    return answer


def _log_in_page(form: Form) -> str:
    return render_template(
        "auth/log_in.html", form=form, place=hosts.here(), back=_back(), single_sign_on=config.settings().oidc_name
    )


@auth.post("/log-out")
@open_page
def log_out() -> ResponseReturnValue:
    who = guard.signed_in()
    if who:
        with open_session(scope.SYSTEM) as system:
            signin.end(system, who.user_id, who.session_id)
    guard.sign_out()
    return redirect(url_for("auth.log_in"), 303)


@auth.get("/enter")
@limiter.limit("30 per minute")
@open_page
def enter() -> ResponseReturnValue:
    """The end of a hand-over from another host of ours: good once, for a minute."""
    tenant_id = hosts.here().tenant_id
    if tenant_id is None:
        raise NotFound
    token = acting.enter(request.args.get("t", ""), tenant_id, guard.browser())
    if token is None:
        flash("That link was already used or is too old. Log in, or open the business again.", "error")
        return redirect(url_for("auth.log_in"))
    guard.sign_in(token)
    return redirect(_back() or after_log_in())


@auth.get("/join/<token>")
@open_page
def join(token: str) -> ResponseReturnValue:
    """An invitation: set a password, or give the one of the account that exists."""
    return _join_page(token, Form())


def _invited_email() -> str:
    """One count for all invitations of an address, so that a link is no second door for guessing its password."""
    place = hosts.here()
    invitation = place.tenant_id and invitations.read((request.view_args or {}).get("token", ""), place.tenant_id)
    return f"log-in {invitation.email}" if invitation else "log-in with no invitation"


@auth.post("/join/<token>")
@limiter.limit("20 per minute")
@limiter.limit("10 per 15 minutes", key_func=_invited_email)
@open_page
def send_join(token: str) -> ResponseReturnValue:
    place, form = hosts.here(), forms.read(JoinForm())
    invitation = place.tenant_id and invitations.read(token, place.tenant_id)
    if not form.ok or not invitation:
        return _join_page(token, form), 422
    try:
        with open_session(scope.SYSTEM) as system:
            account = invitations.accept(system, invitation, form.loaded["password"])
            entry = entering.enter(system, account, place.tenant_id, guard.browser())
    except (MemberError, WeakPasswordError) as error:
        form.refuse("password", str(error))
        return _join_page(token, form), 422
    return go_in(entry or Entry())


def _join_page(token: str, form: Form) -> str:
    place = hosts.here()
    invitation = place.tenant_id and invitations.read(token, place.tenant_id)
    known = spent = False
    if invitation:
        with open_session(scope.SYSTEM) as system:
            spent = invitations.spent(system, invitation)
            known = accounts.find_account(system, invitation.email) is not None
    return render_template("auth/join.html", form=form, invitation=invitation, spent=spent, known=known, place=place)


def after_log_in() -> str:
    """The first page of somebody who just logged in."""
    return "/home" if hosts.here().tenant_id else url_for("agency.places")


def _back() -> str | None:
    """Where they wanted to go, if it is a page of this very host."""
    return hosts.own_page_or_none(request.values.get("next", ""))
