"""Settings → Forms: what each form asks and says, where it may stand, keys for developers, and what was set aside."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from blueprints_ui import forms as typing_forms
from blueprints_ui import guard
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, page, tenant_session
from groundwork import config
from groundwork.database import Json
from hallway import forms
from hallway.forms import WebForm
from hallway.forms.words import CHOICES, FIELDS, KINDS, LANGUAGES
from tenants import api_keys
from tenants.models import ApiKey

form_settings = Blueprint("form_settings", __name__, url_prefix="/settings/forms")
LABELS = {
    "name": "Name",
    "phone": "Phone",
    "email": "E-mail",
    "service": "Service, from your trade’s list",
    "message": "Message",
    "address": "Address",
    "preferred_time": "Preferred time",
    "photos": "Photos",
}


class NewForm(Schema):
    name = fields.Str(load_default="")
    kind = fields.Str(load_default="request")
    language = fields.Str(load_default="en")


class KeyForm(Schema):
    label = fields.Str(load_default="")
    scopes = fields.List(fields.Str(), load_default=[])


@form_settings.get("")
@page()
def show() -> ResponseReturnValue:
    return _list(Form({"kind": "request", "language": "en"}))


@form_settings.post("")
@page(writes=MANAGERS)
def make() -> ResponseReturnValue:
    form = typing_forms.read(NewForm())
    try:
        made = forms.make_form(tenant_session(), form.loaded["name"], form.loaded["kind"], form.loaded["language"])
    except forms.BadFormError as error:
        form.errors |= error.errors
        return _list(form), 422
    guard.note("Made a web form", {"form": made.name})
    return redirect(url_for("form_settings.edit", form_id=made.id), 303)


@form_settings.get("/<uuid:form_id>")
@page()
def edit(form_id: UUID) -> ResponseReturnValue:
    web_form = _form(form_id)
    return _edit_page(web_form, Form(_as_fields(web_form)))


@form_settings.post("/<uuid:form_id>")
@page(writes=MANAGERS)
def save(form_id: UUID) -> ResponseReturnValue:
    web_form, told = _form(form_id), request.form
    wanted: Json = {name: told.get(name, "").strip() for name in ("name", "sites")}
    wanted |= {name: told.get(name, "").strip() or None for name in ("privacy_url", "terms_url")}
    wanted |= sent()
    wanted["fields"] = {name: wanted.pop(f"asks_{name}") for name in FIELDS}
    typed: dict[str, Any] = dict(told)
    try:
        changed = forms.amend(web_form, wanted)
    except forms.BadFormError as error:
        typed |= {name: name in told for name in ("ask_marketing", "active")}
        return _edit_page(web_form, Form(typed, dict(error.errors))), 422
    if changed:
        guard.note("Changed a web form", {"form": web_form.name, **changed})
    flash("Saved.", "good")
    return redirect(url_for("form_settings.edit", form_id=form_id), 303)


def sent() -> Json:
    """What was typed about what a form says and asks."""
    told = request.form
    found: Json = {name: told.get(name, "").strip() for name in ("title", "intro", "thanks")}
    found |= {name: name in told for name in ("ask_marketing", "active")}
    found["monthly_texts"] = int(told.get("monthly_texts", "0")) if _is_small(told.get("monthly_texts", "")) else 0
    return found | {f"asks_{name}": told.get(f"asks_{name}", "") for name in FIELDS}


@form_settings.get("/set-aside")
@page()
def aside() -> ResponseReturnValue:
    """Submissions that looked like spam; a person decides."""
    rows, after = forms.set_aside(tenant_session(), _uuid(request.args.get("after", "")))
    return render_template("settings/forms_aside.html", rows=rows, after=after, labels=LABELS)


@form_settings.post("/set-aside/<uuid:submission_id>/<any(release, discard):deed>")
@page()
def judge(submission_id: UUID, deed: str) -> ResponseReturnValue:
    row = tenant_session().get(forms.FormSubmission, (g.tenant.id, submission_id))
    if row is None:
        abort(404)
    decide = forms.release if deed == "release" else forms.discard
    if decide(tenant_session(), submission_id, g.who.name):
        done = {"release": "Released: it is a lead now, and gets its answer.", "discard": "Thrown away."}
        flash(done[deed], "good")
    else:
        flash("Somebody has decided about this one already.", "good")
    return redirect(url_for("form_settings.aside"), 303)


@form_settings.get("/developers")
@page()
def developers() -> ResponseReturnValue:
    return _developers_page(Form())


@form_settings.post("/developers")
@page(writes=MANAGERS)
def make_key() -> ResponseReturnValue:
    """A new secret key; this page shows it once."""
    form = typing_forms.read(KeyForm())
    try:
        key, secret = api_keys.make_key(tenant_session(), form.loaded["label"], g.who.name, form.loaded["scopes"])
    except api_keys.KeyRefusedError as error:
        form.refuse("label", str(error))
        return _developers_page(form), 422
    guard.note("Made a secret key", {"key": key.label, "may": key.scopes})
    return _developers_page(Form(), secret)


@form_settings.post("/developers/<uuid:key_id>/revoke")
@page(writes=MANAGERS)
def revoke_key(key_id: UUID) -> ResponseReturnValue:
    key = tenant_session().get(ApiKey, (g.tenant.id, key_id))
    if key is None:
        abort(404)
    api_keys.revoke_key(key)
    guard.note("Took a secret key back", {"key": key.label})
    flash(f"{key.label} opens nothing any more.", "good")
    return redirect(url_for("form_settings.developers"), 303)


def _form(form_id: UUID) -> WebForm:
    found = tenant_session().get(WebForm, (g.tenant.id, form_id))
    if found is None:
        abort(404)
    return found


def _is_small(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 4


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _as_fields(web_form: WebForm) -> dict[str, Any]:
    columns = ("name", "title", "intro", "thanks", "ask_marketing", "monthly_texts", "active")
    values: dict[str, Any] = {name: getattr(web_form, name) for name in columns}
    values |= {"privacy_url": web_form.privacy_url or "", "terms_url": web_form.terms_url or ""}
    values["sites"] = "\n".join(web_form.sites)
    return values | {f"asks_{name}": how for name, how in forms.asked(web_form).items()}


def _address(web_form: WebForm) -> str:
    return config.settings().tenant_url(g.tenant.slug) + url_for("hosted.show", form_key=web_form.key)


def _list(form: Form) -> str:
    session = tenant_session()
    about: dict[str, Any] = {"forms": forms.forms_of(session), "aside": forms.count_aside(session), "form": form}
    return render_template("settings/forms.html", **about, kinds=KINDS, languages=LANGUAGES, address=_address)


def _edit_page(web_form: WebForm, form: Form) -> str:
    return render_template(
        "settings/forms_edit.html",
        web_form=web_form,
        form=form,
        address=_address(web_form),
        labels=LABELS,
        choices=CHOICES,
        kinds=KINDS,
        languages=LANGUAGES,
        request_wording=forms.request_wording(web_form, g.tenant.name),
        marketing_wording=forms.marketing_wording(web_form, g.tenant.name),
    )


def _developers_page(form: Form, secret: str | None = None) -> str:
    session = tenant_session()
    every = forms.forms_of(session)
    return render_template(
        "settings/forms_developers.html",
        form=form,
        secret=secret,
        keys=api_keys.keys_of(session),
        scopes=api_keys.SCOPES,
        base=config.settings().tenant_url(g.tenant.slug),
        form_key=every[0].key if every else "your-form-key",
    )
