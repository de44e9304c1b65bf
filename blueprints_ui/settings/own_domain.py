"""Settings → Your own address: a host of the business's own for its forms and unsubscribe pages."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from blueprints_ui import forms, guard
from blueprints_ui.forms import Form
from blueprints_ui.guard import OWNERS, page
from blueprints_ui.security import limiter
from tenants import domains
from tenants.models import CustomDomain

own_domain = Blueprint("own_domain", __name__, url_prefix="/settings/domain")


class DomainForm(Schema):
    host = fields.Str(required=True, error_messages={"required": "Enter a host name."})


@own_domain.get("")
@page()
def show() -> ResponseReturnValue:
    return _page(Form())


@own_domain.post("")
@page(writes=OWNERS)
def add() -> ResponseReturnValue:
    form = forms.read(DomainForm())
    try:
        if form.ok:
            made = domains.add(guard.tenant_session(), form.loaded["host"])
            guard.note("Added an own address", {"host": made.host})
    except domains.DomainError as error:
        form.refuse("host", str(error))
    return redirect(url_for("own_domain.show"), 303) if form.ok else (_page(form), 422)


@own_domain.post("/<uuid:domain_id>/check")
@limiter.limit("20 per hour")
@page(writes=OWNERS)
def check(domain_id: UUID) -> ResponseReturnValue:
    domain = _domain(domain_id)
    if domains.check(guard.tenant_session(), domain):
        flash(f"{domain.host} serves your pages from now on.", "good")
    guard.note("Checked an own address", {"host": domain.host, "found": not domain.error})
    return redirect(url_for("own_domain.show"), 303)


@own_domain.post("/<uuid:domain_id>/remove")
@page(writes=OWNERS)
def remove(domain_id: UUID) -> ResponseReturnValue:
    domain = _domain(domain_id)
    guard.note("Removed an own address", {"host": domain.host})
    domains.remove(guard.tenant_session(), domain)
    return redirect(url_for("own_domain.show"), 303)


def _domain(domain_id: UUID) -> CustomDomain:
    session = guard.tenant_session()
    domain = session.get(CustomDomain, (session.tenant_id, domain_id))
    if domain is None:
        abort(404)
    return domain


def _page(form: Form) -> str:
    mine = domains.domains(guard.tenant_session())
    return render_template(
        "settings/own_domain.html", form=form, domains=mine, targets={one.id: domains.target(one) for one in mine}
    )
