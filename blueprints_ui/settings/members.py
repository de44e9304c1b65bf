"""Settings → Members: who works here and in which role."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from blueprints_ui import forms, guard
from blueprints_ui.forms import Form
from blueprints_ui.guard import OWNERS, page
from blueprints_ui.proving import fresh
from blueprints_ui.security import limiter
from groundwork import clock, config, scope
from groundwork.database import open_session
from tenants import businesses, invitations, members, second_factor, signin, tokens
from tenants.access_models import Invited
from tenants.members import ROLE_MEANING, ROLE_WORDS, MemberError
from tenants.models import ROLES, Member

member_list = Blueprint("member_list", __name__, url_prefix="/settings/members")
NO_MAIL = "This installation sends no e-mail yet, and the link may go to their mailbox alone. Ask whoever runs it."


class InviteForm(Schema):
    name = fields.Str(required=True, validate=validate.Length(1, 80, error="Enter their name."))
    email = fields.Email(
        required=True, error_messages={"required": "Enter their e-mail.", "invalid": "That is not an e-mail address."}
    )
    role = fields.Str(required=True, validate=validate.OneOf(ROLES, error="Choose a role."))


class RulesForm(Schema):
    require_two_factor = fields.Bool(load_default=False)
    private_conversations = fields.Bool(load_default=False)


@member_list.get("")
@page()
def show() -> ResponseReturnValue:
    return _page(Form({"role": "agent"}))


@member_list.post("")
@page(writes=OWNERS)
def invite() -> ResponseReturnValue:
    """A link goes to the new member's mailbox, and nowhere else: it is what proves the address to be theirs."""
    form, session = forms.read(InviteForm()), guard.tenant_session()
    if form.ok and not config.settings().mail_url:
        form.refuse("email", NO_MAIL)
    if form.ok:
        try:
            token = invitations.invite(session, **form.loaded, by=g.who.user_id)
        except MemberError as error:
            form.refuse("email", str(error))
    if not form.ok:
        return _page(form), 422
    row = next(one for one in invitations.open_ones(session) if one.token_sha256 == tokens.sha256(token))
    guard.note("Invited a member", {"e-mail": row.email, "role": ROLE_WORDS[row.role]})
    _send(row, token)
    flash(f"{row.name} gets a mail with a link that works for three days.", "good")
    return redirect(url_for("member_list.show"), 303)


@member_list.post("/invitations/<uuid:invitation_id>/<any(resend,withdraw):deed>")
@limiter.limit("60 per hour")
@page(writes=OWNERS)
def decide(invitation_id: UUID, deed: str) -> ResponseReturnValue:
    """Send the link again, which makes the older one void; or take the invitation back."""
    session = guard.tenant_session()
    row = session.get(Invited, (session.tenant_id, invitation_id))
    if row is None or row.accepted_at or row.revoked_at:
        abort(404)
    if deed == "withdraw":
        invitations.take_back(session, row)
        guard.note("Took an invitation back", {"e-mail": row.email})
        flash(f"The link for {row.name} opens nothing any more.", "good")
    elif not config.settings().mail_url:
        flash(NO_MAIL, "error")
    else:
        _send_again(row)
    return redirect(url_for("member_list.show"), 303)


def _send_again(row: Invited) -> None:
    try:
        token = invitations.renew(guard.tenant_session(), row)
    except MemberError as error:
        flash(str(error), "error")
        return
    row.by_user_id = g.who.user_id
    _send(row, token)
    guard.note("Sent an invitation again", {"e-mail": row.email})
    flash(f"{row.name} gets a new mail. The link before it opens nothing any more.", "good")


def _send(row: Invited, token: str) -> None:
    link = config.settings().tenant_url(g.tenant.slug) + url_for("auth.join", token=token)
    invitations.mail(guard.tenant_session(), row, link, g.tenant.name, g.who.name)


@member_list.post("/rules")
@page(writes=OWNERS)
@fresh("member_list.show")
def keep_rules() -> ResponseReturnValue:
    """Who needs a second factor, and who sees which conversations."""
    form = forms.read(RulesForm())
    changed = businesses.change(g.tenant, form.loaded)
    if changed:
        guard.note("Changed who may see what, and who needs a second factor", changed)
    flash("Saved.", "good")
    return redirect(url_for("member_list.show"), 303)


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
        _log_out(member)
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
        _log_out(member)
        flash(f"{member.name} can no longer open this business.", "good")
    return redirect(url_for("member_list.show"), 303)


def _log_out(member: Member) -> None:
    """Whoever may do other things than before logs in anew here; what a stolen cookie could do ends too."""
    with open_session(scope.SYSTEM) as system:
        signin.end_at(system, member.user_id, g.tenant.id)
        if member.user_id == g.who.user_id and member.removed_at is None:
            guard.sign_in(signin.start_again(system, g.who, g.tenant.id, guard.browser()))


def _member(member_id: UUID) -> Member:
    session = guard.tenant_session()
    member = session.get(Member, (session.tenant_id, member_id))
    if member is None or member.removed_at:
        abort(404)
    return member


def _page(form: Form) -> str:
    session = guard.tenant_session()
    people, may_change = members.members(session), g.who.role in OWNERS
    with open_session(scope.SYSTEM) as system:
        guarded = second_factor.who_has_one(system, [member.user_id for member in people])
    return render_template(
        "settings/members.html",
        form=form,
        members=people,
        guarded=guarded if may_change else set(),
        invited=invitations.open_ones(session) if may_change else [],
        now=clock.real(),
        rules=Form({name: getattr(g.tenant, name) for name in RulesForm().fields}),
        role_meaning=ROLE_MEANING,
        roles=ROLES,
        may_change=may_change,
        room=members.room(session, g.tenant.id),
    )
