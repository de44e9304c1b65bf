"""Settings → Members: who works here and in which role."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from blueprints_ui import forms, guard
from blueprints_ui.forms import Form
from blueprints_ui.guard import OWNERS, page
from groundwork import config
from tenants import invitations, members
from tenants.members import ROLE_MEANING, ROLE_WORDS, MemberError
from tenants.models import ROLES, Member

member_list = Blueprint("member_list", __name__, url_prefix="/settings/members")


class InviteForm(Schema):
    name = fields.Str(required=True, validate=validate.Length(1, 80, error="Enter their name."))
    email = fields.Email(
        required=True, error_messages={"required": "Enter their e-mail.", "invalid": "That is not an e-mail address."}
    )
    role = fields.Str(required=True, validate=validate.OneOf(ROLES, error="Choose a role."))


@member_list.get("")
@page()
def show() -> ResponseReturnValue:
    return _page(Form({"role": "agent"}))


@member_list.post("")
@page(writes=OWNERS)
def invite() -> ResponseReturnValue:
    """A link for the new member, shown once; whoever invites passes it on."""
    form = forms.read(InviteForm())
    if form.ok:
        try:
            token = invitations.invite(guard.tenant_session(), **form.loaded, by=g.who.user_id)
        except MemberError as error:
            form.refuse("email", str(error))
    if not form.ok:
        return _page(form), 422
    guard.note("Invited a member", {"e-mail": form.loaded["email"], "role": ROLE_WORDS[form.loaded["role"]]})
    link = config.settings().tenant_url(g.tenant.slug) + url_for("auth.join", token=token)
    return _page(Form({"role": "agent"}), invited=form.loaded["name"], link=link)


@member_list.post("/<uuid:member_id>/role")
@page(writes=OWNERS)
def change_role(member_id: UUID) -> ResponseReturnValue:
    member, role = _member(member_id), request.form.get("role", "")
    if role not in ROLES:
        abort(400)
    try:
        members.change_role(guard.tenant_session(), member, role)
    except MemberError as error:
        flash(str(error), "error")
    else:
        guard.note("Changed a member's role", {"member": member.name, "role": ROLE_WORDS[role]})
        flash(f"{member.name} is now: {ROLE_WORDS[role].lower()}.", "good")
    return redirect(url_for("member_list.show"), 303)


@member_list.post("/<uuid:member_id>/remove")
@page(writes=OWNERS)
def remove(member_id: UUID) -> ResponseReturnValue:
    member = _member(member_id)
    try:
        members.remove(guard.tenant_session(), member)
    except MemberError as error:
        flash(str(error), "error")
    else:
        guard.note("Removed a member", {"member": member.name, "e-mail": member.email})
        flash(f"{member.name} can no longer open this business.", "good")
    return redirect(url_for("member_list.show"), 303)


def _member(member_id: UUID) -> Member:
    session = guard.tenant_session()
    member = session.get(Member, (session.tenant_id, member_id))
    if member is None or member.removed_at:
        abort(404)
    return member


def _page(form: Form, *, invited: str | None = None, link: str | None = None) -> str:
    return render_template(
        "settings/members.html",
        form=form,
        members=members.members(guard.tenant_session()),
        role_meaning=ROLE_MEANING,
        roles=ROLES,
        invited=invited,
        link=link,
        may_change=g.who.role in OWNERS,
    )
