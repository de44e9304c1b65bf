"""Sign-up on the base domain: an account and a business in one form, then on to the business's own address."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate
from werkzeug.exceptions import NotFound

from blueprints_ui import forms, guard, hosts
from blueprints_ui.forms import Form
from blueprints_ui.guard import open_page, page
from blueprints_ui.security import limiter
from groundwork import clock, config, scope
from groundwork.database import ScopedSession, open_session
from hallway.setup import steps
from tenants import accounts, acting, confirming, naming, opening, passwords
from tenants.signin import Proof

start = Blueprint("setup_start", __name__)
TAKEN = "This e-mail has an account already. Log in, then choose “Add a business”."


class BusinessNameForm(Schema):
    business = fields.Str(
        required=True,
        validate=validate.Length(2, 80, error="Enter the name your customers know, up to 80 characters."),
        error_messages={"required": "Enter the name of your business."},
    )


class StartForm(BusinessNameForm):
    name = fields.Str(required=True, validate=validate.Length(1, 80, error="Enter your name."))
    email = fields.Email(
        required=True, error_messages={"required": "Enter your e-mail.", "invalid": "That is not an e-mail address."}
    )
    password = fields.Str(required=True)


@start.get("/start")
@open_page
def show() -> ResponseReturnValue:
    _on_the_base_domain()
    return _page(Form())


def _typed_email() -> str:
    """A mailbox is written to a few times, whoever types its address."""
    return f"start {accounts.normal_email(request.form.get('email', ''))[:200]}"


@start.post("/start")
@limiter.limit("10 per hour")
@limiter.limit("5 per hour", key_func=_typed_email)
@open_page
def send() -> ResponseReturnValue:
    """Make the account and the business, and enter it; who is logged in here only names another business."""
    _on_the_base_domain()
    who = guard.signed_in()
    form = forms.read(BusinessNameForm() if who else StartForm())
    opened = None
    if form.ok:
        with open_session(scope.SYSTEM) as system:
            opened = _open(system, form)
    if opened is None:
        return _page(form), 422
    user_id, tenant_id = opened
    proof = who.proof if who else Proof(clock.real())
    entered = acting.open_business(user_id, tenant_id, guard.browser(), proof)
    if entered is None:
        raise NotFound
    place, token = entered
    return redirect(config.settings().tenant_url(place.slug) + url_for("auth.enter", t=token, next="/setup"), 303)


def _open(system: ScopedSession, form: Form) -> Any:
    """(user, tenant) of the new business; None with the reason in the form.

    Nobody learns whether an address has an account, but from its mailbox.
    """
    who = guard.signed_in()
    try:
        user_id = who.user_id if who else _account(system, form)
        tenant = opening.open_business(system, user_id, form.loaded["business"])
    except passwords.WeakPasswordError as error:
        form.refuse("password", str(error))
    except accounts.EmailTakenError:
        form.refuse("email", TAKEN)
    except (opening.OpeningError, naming.AddressNameError) as error:
        form.refuse("business", str(error))
    else:
        return user_id, tenant.id
    system.rollback()
    return None


def _account(system: ScopedSession, form: Form) -> Any:
    typed = form.loaded
    passwords.check(typed["password"], typed["name"], typed["email"], typed["business"])
    confirmed = not config.settings().mail_url  # where no mail goes out, no mailbox can say anything
    account = accounts.create_account(system, typed["email"], typed["name"], typed["password"], confirmed=confirmed)
    if not confirmed:
        confirming.ask(system, account)
    return account.id


def _on_the_base_domain() -> None:
    if hosts.here().tenant_id is not None:
        raise NotFound("Businesses are opened at Hallway's own address.")


def _page(form: Form) -> str:
    return render_template("setup/start.html", form=form, who=guard.signed_in(), shortest=passwords.SHORTEST)


@start.get("/confirm/<token>")
@open_page
def confirm(token: str) -> ResponseReturnValue:
    """A button, for programs that read mail open every link in it."""
    _on_the_base_domain()
    with open_session(scope.SYSTEM) as system:
        would = confirming.would(system, token)
    return render_template("setup/confirm.html", would=would, said=None)


@start.post("/confirm/<token>")
@limiter.limit("20 per hour")
@open_page
def send_confirm(token: str) -> ResponseReturnValue:
    _on_the_base_domain()
    with open_session(scope.SYSTEM) as system:
        said = confirming.confirm(system, token)
    return render_template("setup/confirm.html", would=None, said=said), 200 if said else 422


@start.get("/setup")
@page(roles=guard.MANAGERS)
def resume() -> ResponseReturnValue:
    """Where set-up goes on: the first step that is not done."""
    progress = steps.progress(guard.tenant_session(), g.tenant)
    return redirect(url_for(f"setup_{progress.next}.show") if progress.next else url_for("setup_done.show"))
