"""Make and change forms: what they ask, what they say, and which sites may show them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from sqlalchemy import select

from groundwork.database import Json, ScopedSession, new_id
from hallway.forms.models import API, WebForm
from hallway.forms.words import CHOICES, FIELDS, KINDS, LANGUAGES, USUAL

HOST = re.compile(
    r"(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?::\d{1,5})?"
)
LONGEST = {"name": 60, "title": 100, "intro": 400, "thanks": 400}
MOST_SITES, MOST_FORMS = 20, 50
TITLES = {
    ("request", "en"): "How can we help?",
    ("request", "es"): "¿En qué le ayudamos?",
    ("estimate", "en"): "Ask for an estimate",
    ("estimate", "es"): "Pida un presupuesto",
}


class BadFormError(ValueError):
    """Something about a form that cannot be kept; `errors` is {field: words}."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


def forms_of(session: ScopedSession) -> Sequence[WebForm]:
    return session.scalars(select(WebForm).where(WebForm.key != API).order_by(WebForm.id)).all()


def find_form(session: ScopedSession, key: str) -> WebForm | None:
    """The form with this public key, of this business alone."""
    return session.scalar(select(WebForm).where(WebForm.key == key, WebForm.key != API))


def make_form(session: ScopedSession, name: str, kind: str = "request", language: str = "en") -> WebForm:
    """A new form that asks the usual things. Raises BadFormError."""
    errors = {}
    if not 0 < len(name.strip()) <= LONGEST["name"]:
        errors["name"] = f"Give it a name of up to {LONGEST['name']} characters."
    if kind not in KINDS or language not in LANGUAGES:
        errors["kind"] = "Choose one from the list."
    if len(forms_of(session)) >= MOST_FORMS:
        errors["name"] = f"There are {MOST_FORMS} forms already. Change one that is no longer needed."
    if errors:
        raise BadFormError(errors)
    form = WebForm(id=new_id(), key=secrets.token_hex(5), name=name.strip(), kind=kind, language=language)
    form.title, form.fields, form.sites = TITLES[kind, language], dict(USUAL), []
    session.add(form)
    session.flush()
    return form


def amend(form: WebForm, wanted: Json) -> Json:
    """Change `form` to `wanted` (its columns); returns what changed. Raises BadFormError and changes nothing."""
    errors = {name: f"Up to {most} characters, please." for name, most in LONGEST.items() if len(wanted[name]) > most}
    errors |= {name: "Please fill this in." for name in ("name", "title") if not wanted[name]}
    errors |= {name: "Write the whole address, like https://example.com/privacy."
               for name in ("privacy_url", "terms_url") if wanted[name] and not _is_page(wanted[name])}  # fmt: skip
    fields = wanted["fields"]
    if set(fields) != set(FIELDS) or not set(fields.values()) <= set(CHOICES):
        errors["fields"] = "Choose for each field whether it is asked."
    elif fields["phone"] == fields["email"] == "off":
        errors["fields"] = "Ask for a phone number or an e-mail address: without either nobody can be answered."
    if not 1 <= wanted["monthly_texts"] <= 30:
        errors["monthly_texts"] = "Between 1 and 30 a month."
    try:
        wanted["sites"] = read_sites(wanted["sites"])
    except ValueError as error:
        errors["sites"] = str(error)
    if errors:
        raise BadFormError(errors)
    changed = {name: value for name, value in wanted.items() if getattr(form, name) != value}
    for name, value in changed.items():
        setattr(form, name, value)
    return changed


def read_sites(text: str) -> list[str]:
    """ "example.com, https://www.example.com/contact" -> ["https://example.com", "https://www.example.com"].

    A site without a scheme is meant with https; http is kept where it is written. Raises ValueError in plain words.
    """
    sites = []
    for word in filter(None, re.split(r"[\s,;]+", text.strip().lower())):
        scheme, _, rest = word.rpartition("://")
        host = rest.split("/")[0]
        if scheme not in ("", "http", "https") or not HOST.fullmatch(host):
            raise ValueError(f"“{word[:60]}” is not the address of a web site. Write it like example.com.")
        sites.append(f"{scheme or 'https'}://{host}")
    if len(sites) > MOST_SITES:
        raise ValueError(f"Up to {MOST_SITES} sites, please.")
    return list(dict.fromkeys(sites))


def allows(form: WebForm, origin: str) -> bool:
    """Whether a page of `origin` ("https://www.example.com") may show and send this form."""
    return not form.sites or any(_fits(site, origin) for site in form.sites)


def _fits(site: str, origin: str) -> bool:
    if "://*." not in site:
        return site == origin
    scheme, _, host = site.partition("://*.")
    own_scheme, _, own_host = origin.partition("://")
    return own_scheme == scheme and own_host.endswith(f".{host}")


def _is_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and len(url) <= 300 and " " not in url
