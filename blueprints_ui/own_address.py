"""Another e-mail address to log in with: asked for on one's own page, agreed to by both mailboxes."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from blueprints_ui import forms, guard, hosts
from blueprints_ui.guard import open_page, own_log_in, own_page
from blueprints_ui.proving import fresh
from blueprints_ui.security import limiter
from groundwork import config, scope
from groundwork.database import open_session
from tenants import addresses
from tenants.addresses import AddressError
from tenants.models import UserAccount

own_address = Blueprint("own_address", __name__)
HOME = "two_factor.security"
NO_MAIL = "This installation sends no e-mail yet, so no mailbox can agree. Ask whoever runs it."
SENT = "A link is on its way to both mailboxes. The address changes once both have agreed, within a day."


class AddressForm(Schema):
    email = fields.Email(
        required=True, error_messages={"required": "Enter the new e-mail.", "invalid": "That is not an e-mail address."}
    )


@own_address.post("/account/email")
@limiter.limit("5 per hour", key_func=lambda: f"address {getattr(guard.signed_in(), 'user_id', '')}")
@own_page
@own_log_in
@fresh(HOME)
def ask() -> ResponseReturnValue:
    """The answer is the same for an address that has an account."""
    form = forms.read(AddressForm())
    words = _ask(form.loaded["email"]) if form.ok else form.errors["email"]
    if words:
        flash(words, "error")
    else:
        guard.note_own("Asked for another log-in address")
        flash(SENT, "good")
    return redirect(_home(), 303)


def _ask(email: str) -> str | None:
    """Why not, in words."""
    if not config.settings().mail_url:
        return NO_MAIL
    base = config.settings().public_url
    try:
        with open_session(scope.SYSTEM) as system:
            account = system.get_one(UserAccount, g.who.user_id)
            addresses.ask(system, account, email, lambda token: base + url_for("own_address.look", token=token))
    except AddressError as error:
        return str(error)
    return None


def _home() -> str:
    return url_for("security_page.show" if hosts.here().tenant_id else "security_page.show_account")


@own_address.post("/account/email/take-back")
@own_page
@own_log_in
@fresh(HOME)
def take_back() -> ResponseReturnValue:
    with open_session(scope.SYSTEM) as system:
        addresses.take_back(system, system.get_one(UserAccount, g.who.user_id))
    guard.note_own("Took their wish for another log-in address back")
    flash("Your log-in address stays as it is.", "good")
    return redirect(_home(), 303)


@own_address.get("/agree/<token>")
@limiter.limit("30 per minute")
@open_page
def look(token: str) -> ResponseReturnValue:
    """A button, for programs that read mail open every link in it."""
    with open_session(scope.SYSTEM) as system:
        new = addresses.look(system, token)
    return render_template("auth/agree.html", new=new, said=None), 200 if new else 404


@own_address.post("/agree/<token>")
@limiter.limit("20 per hour")
@open_page
def agree(token: str) -> ResponseReturnValue:
    with open_session(scope.SYSTEM) as system:
        new, said = addresses.look(system, token), addresses.agree(system, token)
    return render_template("auth/agree.html", new=new, said=said), 200 if said else 422
