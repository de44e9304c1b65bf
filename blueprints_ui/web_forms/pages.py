"""A form on its own page and inside another site's: filled in, sent, thanked for. No cookie, no script needed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from blueprints_ui import security
from blueprints_ui.guard import public_page, tenant_session
from blueprints_ui.security import limiter
from groundwork import clock, config, phones
from hallway import forms
from hallway.channels.numbers import numbers
from hallway.forms import Answers, Came, Shown, WebForm
from hallway.leads.services import services
from tenants import hours

hosted = Blueprint("hosted", __name__)
LARGEST = 42 * 1024 * 1024  # five photos of 8 MB and the words
BAIT = "website"  # people do not see this field; machines fill in everything
HOUR = 3600


@hosted.get("/f/<form_key>")
@public_page
def show(form_key: str) -> ResponseReturnValue:
    """The form on its own page."""
    return _page(find(form_key), Answers({}), embedded=False)


@hosted.post("/f/<form_key>")
@limiter.limit("60 per hour; 15 per minute", key_func=lambda: f"form {request.remote_addr}")
@public_page
def send(form_key: str) -> ResponseReturnValue:
    return _send(form_key, embedded=False)


@hosted.get("/f/<form_key>/thanks")
@public_page
def thanks(form_key: str) -> ResponseReturnValue:
    return _thanks(form_key, embedded=False)


@hosted.get("/f/<form_key>/embed")
@public_page
def show_embedded(form_key: str) -> ResponseReturnValue:
    """The form for the frame that the snippet opens in another site."""
    return _page(find(form_key), Answers({}), embedded=True)


@hosted.post("/f/<form_key>/embed")
@limiter.limit("60 per hour; 15 per minute", key_func=lambda: f"form {request.remote_addr}")
@public_page
def send_embedded(form_key: str) -> ResponseReturnValue:
    return _send(form_key, embedded=True)


@hosted.get("/f/<form_key>/embed/thanks")
@public_page
def thanks_embedded(form_key: str) -> ResponseReturnValue:
    return _thanks(form_key, embedded=True)


@hosted.get("/f/<form_key>.js")
@public_page
def snippet(form_key: str) -> ResponseReturnValue:
    """The one line's script: it puts the form where it stands, or a link where a frame cannot be shown."""
    form = find(form_key)
    about = {"form": form, "base": address(form), "words": forms.words_of(form)}
    answer = make_response(render_template("web_forms/snippet.js", **about))
    answer.mimetype = "text/javascript"
    answer.headers["Cache-Control"] = f"public, max-age={HOUR}"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def find(form_key: str) -> WebForm:
    """This business's form with that key. Raises NotFound."""
    form = forms.find_form(tenant_session(), form_key)
    if form is None:
        raise NotFound("There is no form at this address. It may have been mistyped.")
    return form


def address(form: WebForm) -> str:
    """Where the form lives, whatever host it was asked for."""
    return config.settings().tenant_url(g.tenant.slug) + url_for("hosted.show", form_key=form.key)


def wordings(form: WebForm) -> Shown:
    """What stands beside button and box right now."""
    return Shown(forms.request_wording(form, g.tenant.name), forms.marketing_wording(form, g.tenant.name))


def _send(form_key: str, *, embedded: bool) -> ResponseReturnValue:
    request.max_content_length = LARGEST
    form = find(form_key)
    if not form.active:
        return _page(form, Answers({}), embedded=embedded)
    answers = forms.read_answers(form, g.tenant.trade, request.form)
    if forms.asked(form)["photos"] != "off":
        files = [(file.filename or "", file.read()) for file in request.files.getlist("photos") if file.filename]
        forms.add_photos(answers, form.language, files)
    if not answers.ok:
        return _page(form, answers, embedded=embedded, status=422)
    taken = forms.take(tenant_session(), form, answers, _came(embedded))
    return redirect(_thanks_address(form, taken.submission, embedded=embedded), 303)


def _came(embedded: bool) -> Came:
    shown = Shown(request.form.get("request_wording", ""), request.form.get("marketing_wording", ""))
    page = request.form.get("page") if embedded else None
    return Came(
        via="embed" if embedded else "hosted",
        shown=shown,
        ticked="marketing" in request.form,
        token=request.form.get("token", ""),
        bait=request.form.get(BAIT, ""),
        page_url=_web_address(page) or request.base_url,
        ip=request.remote_addr,
        user_agent=request.user_agent.string,
    )


def _web_address(text: str | None) -> str | None:
    """The page of the other site, as its own script told us; only an address of the web."""
    try:
        parts = urlsplit((text or "").strip())
    except ValueError:
        return None
    return parts.geturl() if parts.scheme in ("http", "https") and parts.hostname else None


def _thanks_address(form: WebForm, submission: forms.FormSubmission, *, embedded: bool) -> str:
    """What happens next depends on what they gave; the address tells that much and no more."""
    aside = submission.state == "quarantined"  # nothing is sent to them before a person has looked
    gave = "" if aside else ("p" if submission.phone else "") + ("e" if submission.email else "")
    endpoint = "hosted.thanks_embedded" if embedded else "hosted.thanks"
    return url_for(endpoint, form_key=form.key, by=gave, theme=_theme())


def _page(form: WebForm, answers: Answers, *, embedded: bool, status: int = 200) -> ResponseReturnValue:
    shown = wordings(form)
    page = render_template(
        "web_forms/form.html" if form.active else "web_forms/closed.html",
        **_about(form, embedded=embedded),
        answers=answers,
        how=forms.asked(form),
        services=sorted(((one.id, one.label) for one in services(g.tenant.trade)), key=lambda pair: pair[1]),
        shown=shown,
        token=forms.stamp(form.key, shown),
        ticked="marketing" in request.form,
        page_url=request.values.get("page", "")[:1000],
        bait=BAIT,
    )
    return _framed(make_response(page, status), form, embedded=embedded)


def _thanks(form_key: str, *, embedded: bool) -> ResponseReturnValue:
    form, now, gave = find(form_key), clock.now(), request.args.get("by", "")
    page = render_template(
        "web_forms/thanks.html",
        **_about(form, embedded=embedded),
        by_phone="p" in gave,
        by_email="e" in gave,
        closed=hours.situation(g.tenant, now) in ("after_hours", "holiday"),
        reopens=hours.reopens_in_words(g.tenant, now) or "soon",
    )
    return _framed(make_response(page), form, embedded=embedded)


def _about(form: WebForm, *, embedded: bool) -> dict[str, Any]:
    line = next((number.e164 for number in numbers(tenant_session()) if number.active), None) or g.tenant.phone
    about = {"form": form, "words": forms.words_of(form), "embedded": embedded, "theme": _theme()}
    return about | {"call": phones.pretty(line) if line else None, "dial": line}


def _theme() -> str:
    """Inside another site the form looks as that site asks; on its own page as the device does."""
    wanted = request.values.get("theme", "")
    return wanted if wanted in ("light", "dark", "auto") else "light"


def _framed(answer: Response, form: WebForm, *, embedded: bool) -> Response:
    """Who may put this page into a frame: nobody, or the sites that the business named."""
    ancestors = (" ".join(form.sites) or "http: https:") if embedded else "'none'"
    answer.headers["Content-Security-Policy"] = "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            "font-src 'self'",
            "img-src 'self' data:",
            f"script-src 'nonce-{security.nonce()}'",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {ancestors}",
        )
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
