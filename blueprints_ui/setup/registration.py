"""Set-up, step 7, and later from the numbers' page: registering to text, what reviewers say, and trying again."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from blueprints_ui import forms, guard
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, page
from blueprints_ui.security import limiter
from blueprints_ui.setup import frame
from groundwork import config, phones
from hallway.registration import filing, lint, pages, questions
from hallway.registration.lint import Problem
from hallway.registration.models import Registration
from tenants.businesses import STATES

registration = Blueprint("setup_registration", __name__, url_prefix="/setup/registration")
SHORT, LONG = validate.Length(max=300, error="That is too long."), validate.Length(max=4096, error="That is too long.")
TEXTS = ("description", "flow", "sample_1", "sample_2")


RegistrationForm = Schema.from_dict(
    {
        **{name: fields.Str(load_default="", validate=SHORT) for name in questions.FIELDS},
        **{name: fields.Str(load_default="", validate=LONG) for name in TEXTS},
        "business_kind": fields.Str(required=True, validate=validate.OneOf(list(questions.BUSINESS_KINDS))),
        "business_type": fields.Str(load_default="", validate=validate.OneOf(["", *questions.BUSINESS_TYPES])),
        "state": fields.Str(load_default="", validate=validate.OneOf(["", *STATES])),
    },
    name="RegistrationForm",
)


@registration.get("")
@page(roles=MANAGERS)
def show() -> ResponseReturnValue:
    mine = _registration()
    known = mine.form or questions.prefilled(guard.tenant_session(), g.tenant, g.who.name, g.who.email)
    return _page(mine, Form(known))


@registration.get("/state")
@page(roles=MANAGERS)
def state() -> ResponseReturnValue:
    """The fragment that says how the filing stands, asked again when the carrier decided."""
    return render_template("setup/registration_state.html", mine=_registration())


@registration.post("/check")
@limiter.limit("60 per minute")
@page(roles=MANAGERS, writes=MANAGERS)
def check() -> ResponseReturnValue:
    """The fragment that says what a reviewer would stumble over, while it is written."""
    written = _normal(dict(forms.read(RegistrationForm()).values))
    problems = lint.look(written, _registration().kind, g.tenant.name)
    return render_template("setup/registration_check.html", problems=problems)


@registration.post("/pages")
@limiter.limit("10 per minute")
@page(roles=MANAGERS, writes=MANAGERS)
def look_at_pages() -> ResponseReturnValue:
    """The fragment that says what a reviewer would find on their website, policy and form."""
    found = pages.look(_normal(dict(forms.read(RegistrationForm()).values)), g.tenant.name)
    return render_template("setup/registration_pages.html", problems=found)


@registration.post("")
@limiter.limit("20 per hour")
@page(roles=MANAGERS, writes=MANAGERS)
def save() -> ResponseReturnValue:
    """Leave it for later with what was typed kept, or hand it in once nothing stops it."""
    mine, form = _registration(), forms.read(RegistrationForm())
    if mine.state in ("submitting", "pending", "approved"):
        return frame.go_on("registration")
    said = _normal({**mine.form, **form.loaded} if form.ok else dict(form.values))
    if request.form.get("skip"):
        mine.form = {name: said.get(name, "") for name in questions.FIELDS}
        return frame.go_on("registration")
    _refuse_faults(form, lint.look(said, mine.kind, g.tenant.name))
    seen = _look_at_pages(form, said) if form.ok else []
    if not form.ok or not all(problem.away for problem in seen):
        return _page(mine, form, seen, looked_at=pages.looked_at(said) if seen else ""), 422
    filing.submit(guard.tenant_session(), mine, said)
    guard.note("Registered to text with the carriers", {"kind": questions.KINDS[mine.kind]})
    for problem in seen:
        flash(problem.words, "error")
    flash("Handed in. You hear from us when the carriers decide; set-up goes on meanwhile.", "good")
    return redirect(url_for("setup_registration.show"), 303)


def _look_at_pages(form: Form, said: dict[str, str]) -> list[Problem]:
    """What is wrong with their pages; shown once, and handed in all the same if they say so."""
    if request.form.get("looked_at") == pages.looked_at(said):
        return []
    found = pages.look(said, g.tenant.name)
    _refuse_faults(form, found)
    return found


def _refuse_faults(form: Form, problems: list[Problem]) -> None:
    for problem in problems:
        if problem.error and problem.field not in form.errors:
            form.refuse(problem.field, problem.words)


def _normal(said: dict[str, str]) -> dict[str, str]:
    """Addresses with their scheme, the phone as the carriers write it."""
    for name in ("website", "privacy_url", "terms_url", "opt_in_url"):
        if said.get(name) and "://" not in said[name]:
            said[name] = f"https://{said[name]}"
    try:
        said["contact_phone"] = phones.e164(said.get("contact_phone", ""))
    except phones.NotAPhoneNumberError:
        said["contact_phone"] = ""
    return said


def _registration() -> Registration:
    """The filing that is asked for, else the first that this business's numbers need."""
    session = guard.tenant_session()
    needed = filing.needed(session)
    kind = request.values.get("kind") or needed[0]
    if kind not in questions.KINDS:
        abort(404)
    return filing.of(session, kind)


def _page(mine: Registration, form: Form, seen: list[Problem] | None = None, looked_at: str = "") -> str:
    return frame.show(
        "registration",
        form=form,
        mine=mine,
        needed=[(kind, questions.KINDS[kind]) for kind in filing.needed(guard.tenant_session())],
        kinds=[(value, words, None) for value, words in questions.BUSINESS_KINDS.items()],
        types=[(value, value) for value in questions.BUSINESS_TYPES],
        states=[(value, value) for value in ("", *STATES)],
        untouched=not mine.form and request.method == "GET",
        problems=[*lint.look(form.values, mine.kind, g.tenant.name), *(seen or [])],
        looked_at=looked_at,
        sandbox=config.settings().sandbox_url is not None,
    )
