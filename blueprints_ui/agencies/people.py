"""The agency's people: who may do what, in all clients or in single ones."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from blueprints_ui import forms, telling
from blueprints_ui.agencies import doors
from blueprints_ui.agencies.doors import agency_page
from blueprints_ui.forms import Form
from blueprints_ui.guard import open_page
from blueprints_ui.security import limiter
from groundwork import config, scope
from groundwork.database import ScopedSession, open_session
from tenants import agencies, second_factor, signin
from tenants.members import ROLE_MEANING, ROLE_WORDS, MemberError
from tenants.models import ROLES
from tenants.passwords import WeakPasswordError

agency_people = Blueprint("agency_people", __name__, url_prefix="/agency")


class InviteForm(Schema):
    name = fields.Str(required=True, validate=validate.Length(1, 80, error="Write their name."))
    email = fields.Email(required=True, error_messages={"invalid": "That is not an e-mail address."})
    role = fields.Str(required=True, validate=validate.OneOf(ROLES, error="Choose a role."))


@agency_people.get("/<uuid:agency_id>/people")
@agency_page()
def show() -> ResponseReturnValue:
    return _page(Form({"role": "agent"}))


@agency_people.post("/<uuid:agency_id>/people")
@agency_page(writes="lead")
def invite() -> ResponseReturnValue:
    """A link by mail, good for three days."""
    form = forms.read(InviteForm())
    if form.ok:
        try:
            _mail(form)
        except MemberError as error:
            form.refuse("email", str(error))
    if not form.ok:
        return _page(form), 422
    return telling.back_to(url_for(".show", agency_id=g.house.id), f"{form.loaded['name']} was invited by e-mail.")


def _mail(form: Form) -> None:
    told = form.loaded
    with open_session(scope.SYSTEM) as system:
        token = agencies.invite(system, g.house, told["email"], told["name"], told["role"], g.who)
        link = config.settings().public_url + url_for("agency_people.join", token=token)
        agencies.mail(system, g.house, told["email"], told["name"], told["role"], link, g.who.name)


@agency_people.post("/<uuid:agency_id>/people/<uuid:user_id>")
@agency_page(writes="lead")
def save(user_id: UUID) -> ResponseReturnValue:
    """`role` in all clients if `everywhere`; `client:<id>` is a role in one, or empty."""
    role = request.form.get("role", "")
    typed = {place.tenant_id: request.form.get(f"client:{place.tenant_id}", "") for place in g.places}
    single = {id_: each for id_, each in typed.items() if each}
    if role not in ROLES or set(single.values()) - set(ROLES):
        abort(400)
    return _do(
        user_id,
        lambda system: agencies.change(
            system, g.house.id, user_id, role, everywhere="everywhere" in request.form, single=single
        ),
        "Saved.",
    )


@agency_people.post("/<uuid:agency_id>/people/<uuid:user_id>/remove")
@agency_page(writes="lead")
def remove(user_id: UUID) -> ResponseReturnValue:
    return _do(user_id, lambda system: agencies.remove(system, g.house.id, user_id), "They can open nothing any more.")


def _do(user_id: UUID, deed: Callable[[ScopedSession], None], words: str) -> ResponseReturnValue:
    def done() -> None:
        with open_session(scope.SYSTEM) as system:
            if agencies.find(system, g.house.id, user_id) is None:
                abort(404)
            deed(system)

    return telling.do(done, url_for(".show", agency_id=g.house.id), words, MemberError)


@agency_people.get("/join/<token>")
@open_page
def join(token: str) -> ResponseReturnValue:
    return _join_page(token, Form())


def _invited_email() -> str:
    """One count for all invitations of an address, so that a link is no second door for guessing its password."""
    with open_session(scope.SYSTEM) as system:
        told = agencies.invited(system, (request.view_args or {}).get("token", ""))
    return f"log-in {told['email']}" if told else "log-in with no invitation"


@agency_people.post("/join/<token>")
@limiter.limit("20 per minute")
@limiter.limit("10 per 15 minutes", key_func=_invited_email)
@open_page
def send_join(token: str) -> ResponseReturnValue:
    """Join with a new password, or the one of the account there is."""
    form = Form(dict(request.form))
    try:
        with open_session(scope.SYSTEM) as system:
            agencies.join(system, token, request.form.get("password", "")[:200])
    except (MemberError, WeakPasswordError) as error:
        form.refuse("password", str(error))
        return _join_page(token, form), 422
    # They log in themselves: an account that was there may ask for a second factor.
    return telling.back_to(url_for("auth.log_in"), "You joined. Log in to see the clients.")


def _join_page(token: str, form: Form) -> str:
    with open_session(scope.SYSTEM) as system:
        told = agencies.invited(system, token)
        name = agencies.name_of(system, told) if told else None
    return render_template("agency/join.html", form=form, told=told, agency=name, token=token)


def _page(form: Form) -> str:
    with open_session(scope.SYSTEM) as system:
        everybody = agencies.staff(system, g.house.id)
        ids = [one.user_id for one in everybody]
        safe, seen = second_factor.who_has_one(system, ids), signin.last_seen(system, ids)
    values = {"role_meaning": ROLE_MEANING, "roles": ROLES, "role_words": ROLE_WORDS}
    return doors.show(
        "people", "people", form=form, everybody=everybody, safe=safe, seen=seen, places=g.places, **values
    )
