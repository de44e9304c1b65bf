"""Forms as JSON: what one asks and shows, and sending one, from a page of any allowed site or from a server."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, request
from flask.typing import ResponseReturnValue

from blueprints_ui.guard import public_page, tenant_session
from blueprints_ui.security import limiter
from blueprints_ui.web_forms import door
from blueprints_ui.web_forms.door import Problem
from blueprints_ui.web_forms.pages import BAIT, address, wordings
from groundwork.database import Json
from hallway import forms
from hallway.forms import Came, OtherRequestError, Shown, WebForm
from hallway.leads.services import services

forms_api = Blueprint("forms_api", __name__, url_prefix="/api/forms")
door.tell_problems(forms_api)
DAY = "86400"


@forms_api.get("/<form_key>")
@limiter.limit("600 per hour", key_func=lambda: f"api {request.remote_addr}")
@public_page
def describe(form_key: str) -> ResponseReturnValue:
    """What the form asks, the wordings to show, and the token that proves that they were."""
    form = _form(form_key)
    shown = wordings(form)
    about: Json = {"key": form.key, "title": form.title, "intro": form.intro, "language": form.language}
    about |= {"kind": form.kind, "url": address(form), "fields": forms.asked(form)}
    about["services"] = [{"id": one.id, "label": one.label} for one in services(g.tenant.trade)]
    about["wording"] = {"request": shown.request, "marketing": shown.marketing or None}
    return _shared(door.answer(about | {"token": forms.stamp(form.key, shown)}), form)


@forms_api.post("/<form_key>/submissions")
@limiter.limit("300 per hour; 60 per minute", key_func=lambda: f"api send {request.remote_addr}")
@public_page
def submit(form_key: str) -> ResponseReturnValue:
    """One request for the business. 201 with its id; 200 when this very request was taken before."""
    form = _form(form_key)
    try:
        answer = _submit(form)
    except Problem as error:
        answer = door.problem(error.status, error.detail, error.errors)
    return _shared(answer, form)


@forms_api.route("/<form_key>", methods=["OPTIONS"], endpoint="ask_describe")
@forms_api.route("/<form_key>/submissions", methods=["OPTIONS"], endpoint="ask_submit")
@public_page
def preflight(form_key: str) -> ResponseReturnValue:
    """A browser asks whether a page of another site may."""
    answer = _shared(make_response("", 204), _form(form_key))
    answer.headers["Access-Control-Allow-Methods"] = "GET, POST"
    answer.headers["Access-Control-Allow-Headers"] = "Content-Type, Idempotency-Key"
    answer.headers["Access-Control-Max-Age"] = DAY
    return answer


def _form(form_key: str) -> WebForm:
    form = forms.find_form(tenant_session(), form_key)
    if form is None:
        raise Problem(404, "There is no form with this key here.")
    return form


def _shared(answer: Response, form: WebForm) -> Response:
    """Pages of the sites that the business named may read the answer; no cookie ever counts."""
    origin = request.headers.get("Origin", "")
    answer.vary.add("Origin")
    if origin and forms.allows(form, origin):
        answer.headers["Access-Control-Allow-Origin"] = origin
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _submit(form: WebForm) -> Response:
    key, origin, sent = door.secret_key("forms:write"), request.headers.get("Origin", ""), door.body()
    if origin and not forms.allows(form, origin):
        raise Problem(403, "This site may not send the form. Name it under Settings, Forms.")
    if not form.active:
        raise Problem(410, "This form is closed.")
    typed = {name: door.words(sent, name) for name in (*forms.LONGEST, BAIT, "token", "page_url", "ip", "user_agent")}
    answers = forms.read_answers(form, g.tenant.trade, typed)
    if not answers.ok:
        raise Problem(422, "Some fields need another look.", answers.errors)
    try:
        taken = forms.take(tenant_session(), form, answers, _came(form, sent, typed, trusted=key is not None))
    except OtherRequestError as error:
        raise Problem(409, str(error)) from error
    kept: Json = {"id": str(taken.submission.id), "received_at": taken.submission.at.isoformat()}
    return door.answer(kept | {"state": _told_state(taken.submission.state)}, 201 if taken.new else 200)


def _told_state(state: str) -> str:
    """A sender learns that a person looks first, and nothing of why."""
    return "held_for_review" if state in ("quarantined", "discarded") else "accepted"


def _came(form: WebForm, sent: Json, typed: dict[str, str], *, trusted: bool) -> Came:
    agreed, wording = door.agreement(sent, "marketing")
    now = wordings(form)
    shown = Shown(door.words(sent, "request_wording") or ("" if trusted else now.request), wording)
    if agreed:
        _check_wording(wording, now, trusted=trusted)
    elif not trusted:
        shown = Shown(shown.request, wording or now.marketing)
    return Came(
        via="api",
        shown=shown,
        ticked=agreed,
        token=typed["token"],
        bait=typed[BAIT],
        page_url=typed["page_url"] or request.headers.get("Referer"),
        ip=(typed["ip"][:64] or None) if trusted else request.remote_addr,
        user_agent=typed["user_agent"] if trusted else request.user_agent.string,
        trusted=trusted,
        idempotency_key=door.idempotency_key(),
    )


def _check_wording(wording: str, now: Shown, *, trusted: bool) -> None:
    """Consent is kept with the words that were shown: without them there is none. A page shows the form's own."""
    door.check_wording(wording, "marketing")
    if not trusted and wording != now.marketing:
        words = "Show and send the wording that GET /api/forms/<form_key> answers."
        raise Problem(422, "Consent counts only for the words of this form.", {"marketing": words})
