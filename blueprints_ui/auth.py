"""Log-in, log-out, entering a business, and joining one."""

from __future__ import annotations

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate
from werkzeug.exceptions import NotFound

from blueprints_ui import forms, guard, hosts
from blueprints_ui.forms import Form
from blueprints_ui.guard import open_page
from blueprints_ui.security import limiter
from groundwork import scope
from groundwork.database import open_session
from tenants import accounts, acting, invitations, signin
from tenants.members import MemberError

auth = Blueprint("auth", __name__)
# Browsers read a backslash as a slash, drop tabs and line ends, and take two slashes for another host.
OWN_PAGE = re.compile(r"/(?!/)[^\\\x00-\x1f\x7f]*")
WRONG = "That e-mail and password do not open an account here."


class LogInForm(Schema):
    email = fields.Email(
        required=True, error_messages={"required": "Enter your e-mail.", "invalid": "That is not an e-mail address."}
    )
    password = fields.Str(required=True, validate=validate.Length(min=1, max=200, error="Enter your password."))
    remember = fields.Bool()


class JoinForm(Schema):
    password = fields.Str(
        required=True,
        validate=validate.Length(
            min=accounts.SHORTEST_PASSWORD, max=200, error="A password has at least {min} characters."
        ),
    )


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
    return f"log-in {accounts.normal_email(request.form.get('email', ''))[:200]}"


@auth.post("/log-in")
@limiter.limit("20 per minute")
@limiter.limit("10 per 15 minutes", key_func=_typed_email)
@open_page
def send_log_in() -> ResponseReturnValue:
    """Check the password; on a business's host the person has to work there."""
    form = forms.read(LogInForm())
    token = _new_token(form) if form.ok else None
    if token is None:
        form.errors = form.errors or {"email": WRONG}
        return _log_in_page(form), 422
    guard.sign_in(token, remember=bool(form.loaded.get("remember")))
    return redirect(_back() or after_log_in(), 303)


def _new_token(form: Form) -> str | None:
    tenant_id = hosts.here().tenant_id
    with open_session(scope.SYSTEM) as system:
        account = accounts.check_password(system, form.loaded["email"], form.loaded["password"])
        if account is None:
            return None
        remember = bool(form.loaded.get("remember"))
        token = signin.start(system, account.id, tenant_id, guard.browser(), remember=remember)
        if signin.find(system, token, tenant_id) is None:  # right password, but no member of this business
            system.rollback()
            return None
    return token


def _log_in_page(form: Form) -> str:
    return render_template("auth/log_in.html", form=form, place=hosts.here(), back=_back())


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
            cookie = signin.start(system, account.id, place.tenant_id, guard.browser())
    except MemberError as error:
        form.refuse("password", str(error))
        return _join_page(token, form), 422
    guard.sign_in(cookie)
    return redirect(after_log_in(), 303)


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
    wanted = request.values.get("next", "")
    return wanted if OWN_PAGE.fullmatch(wanted) else None
