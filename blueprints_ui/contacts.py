"""A person: their details, and the consent file of each of their addresses."""

from __future__ import annotations

import json
from uuid import UUID

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from blueprints_ui import reading, regions
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, OWNERS, note, page, tenant_session
from groundwork import live, phones
from hallway import consent, inbound
from hallway.consent.facts import Channel
from hallway.consent.mail_rules import ADDRESS
from hallway.contacts import Contact, ContactPoint, may_see
from hallway.contacts import details as deeds
from hallway.conversations import Conversation
from hallway.tidying.merging import merges_of

contacts = Blueprint("contacts", __name__)
FIELDS = ("name", "address", "state", "zip_code", "timezone")
LONGEST_EVIDENCE = 500  # characters
NOT_THEIRS = "This person does not exist here, or is not yours to see."
US_ZONES = [
    ("", "By state and area code"),
    ("America/New_York", "Eastern"),
    ("America/Chicago", "Central"),
    ("America/Denver", "Mountain"),
    ("America/Phoenix", "Arizona"),
    ("America/Los_Angeles", "Pacific"),
    ("America/Anchorage", "Alaska"),
    ("Pacific/Honolulu", "Hawaii"),
]


@contacts.get("/contacts/<uuid:contact_id>")
@page()
def show(contact_id: UUID) -> ResponseReturnValue:
    contact = _contact(contact_id)
    values = {"name": contact.name, "address": contact.address, "state": contact.state}
    values |= {"zip_code": contact.zip, "timezone": contact.timezone or ""}
    return _page(contact, Form(values))


@contacts.post("/contacts/<uuid:contact_id>")
@page()
def save(contact_id: UUID) -> ResponseReturnValue:
    contact = _contact(contact_id)
    typed = {name: request.form.get(name, "") for name in FIELDS}
    try:
        deeds.amend(contact, **typed)
    except deeds.BadDetailError as error:
        return _page(contact, Form(typed, {error.field: str(error)})), 422
    conversation_id = _conversation_of(contact_id)
    if conversation_id:
        live.tell(tenant_session(), "conversation", conversation_id)
    flash("Saved.", "good")
    return redirect(url_for("contacts.show", contact_id=contact_id), code=303)


def _page(contact: Contact, form: Form) -> str:
    points = tenant_session().scalars(
        select(ContactPoint).where(ContactPoint.contact_id == contact.id).order_by(ContactPoint.id)
    )
    zones = [*US_ZONES]
    if contact.timezone and contact.timezone not in dict(zones):
        zones.append((contact.timezone, contact.timezone))
    talk = _conversation_of(contact.id)
    known = {"points": points.all(), "zones": zones, "merges": merges_of(tenant_session(), contact.id)}
    return render_template("contacts/page.html", contact=contact, form=form, conversation_id=talk, **known)


@contacts.get("/contacts/<uuid:contact_id>/consent")
@page()
def consent_file(contact_id: UUID) -> ResponseReturnValue:
    """The file of a person's first phone, else e-mail address; `address` chooses another one of theirs."""
    address = _point_of(contact_id)
    talk = _conversation_of(contact_id)
    return _file_page(address, contact_id, talk)


@contacts.get("/consent/<address>")
@page()
def consent_of(address: str) -> ResponseReturnValue:
    """The file of any number or e-mail address, also of one we never met."""
    address = _read(address)
    return _file_page(address, None, None)


@contacts.get("/consent/<address>.<any(json,csv):form>")
@page()
def download(address: str, form: str) -> ResponseReturnValue:
    """The file to hand out."""
    address = _read(address)
    found = consent.file(tenant_session(), address)
    if form == "csv":
        body, kind = found.as_csv(), "text/csv; charset=utf-8"
    else:
        body, kind = json.dumps(found.as_json(), indent=2, ensure_ascii=False), "application/json"
    name = f"consent-{address.lstrip('+')}.{form}"
    note("Downloaded a consent file", {"phone": _masked(address), "form": form.upper()})
    return Response(body, headers={"Content-Type": kind, "Content-Disposition": f'attachment; filename="{name}"'})


@contacts.post("/consent/<address>/erase")
@page(writes=OWNERS)
def erase(address: str) -> ResponseReturnValue:
    """Erase the person's words and details at their request; proof of consent and of the stop stays."""
    address = _read(address)
    if request.form.get("confirm", "").strip().upper() != "ERASE":
        flash("Nothing was erased. Type ERASE into the field to confirm.", "error")
    else:
        consent.erase(tenant_session(), address)
        note("Erased a person's data at their request", {"phone": _masked(address)})
        flash("Erased. What the law asks to keep as proof is still in this file.", "good")
    return redirect(url_for("contacts.consent_of", address=address), code=303)


@contacts.post("/consent/<address>/lift")
@page(writes=MANAGERS)
def lift(address: str) -> ResponseReturnValue:
    """Let messages go out again because the person asked for it; how they asked is kept as evidence."""
    address, evidence, session = _read(address), request.form.get("evidence", ""), tenant_session()
    words, tone = "The stop is lifted. Marketing stays off.", "good"
    channel: Channel = "email" if "@" in address else "sms"
    try:
        if consent.release(session, address, evidence[:LONGEST_EVIDENCE], by=g.who.name, channel=channel):
            note("Lifted a stop", {"phone": _masked(address), "evidence": evidence.strip()[:LONGEST_EVIDENCE]})
        else:
            words = "There is no stop in force."
    except ValueError as error:
        words, tone = str(error), "bad"
    talk = request.form.get("conversation", type=UUID)
    if talk:
        live.tell(session, "conversation", reading.find(talk).conversation.id)
        return regions.again(talk, words, tone=tone)
    flash(words, "error" if tone == "bad" else "good")
    return redirect(url_for("contacts.consent_of", address=address), code=303)


@contacts.post("/consent/<address>/stop")
@page()
def stop(address: str) -> ResponseReturnValue:
    """They told one of us to stop: nothing more goes there, and their follow-up ends now."""
    address, said = _read(address), request.form.get("said", "").strip()[:LONGEST_EVIDENCE]
    try:
        new = inbound.stop_by_staff(tenant_session(), address, by=g.who.name, said=said)
        if new:
            note("Stopped an address at their request", {"phone": _masked(address), "said": said})
        flash("Nothing more goes there." if new else "A stop was in force already.", "good")
    except ValueError as error:
        flash(str(error), "error")
    return redirect(url_for("contacts.consent_of", address=address), code=303)


def _file_page(address: str, contact_id: UUID | None, conversation_id: UUID | None) -> str:
    found = consent.file(tenant_session(), address)
    return render_template(
        "contacts/consent.html",
        found=found,
        events=_in_order(found),
        contact_id=contact_id or found.contact_id,
        conversation_id=conversation_id,
        is_owner=g.who.role in OWNERS,
    )


def _in_order(found: consent.ConsentFile) -> list[tuple[str, dict[str, object]]]:
    """Everything in the file as (what, row), the newest first."""
    kinds = (
        ("consent", found.consent, "occurred_at"),
        ("stop", found.suppressions, "created_at"),
        ("decision", found.decisions, "asked_at"),
        ("message", found.messages, "at"),
        ("call", found.calls, "started_at"),
    )
    rows = [(what, row | {"when": row[key]}) for what, some, key in kinds for row in some]
    return sorted(rows, key=lambda pair: pair[1]["when"], reverse=True)


def _contact(contact_id: UUID) -> Contact:
    contact = tenant_session().get(Contact, (g.tenant.id, contact_id))
    if contact is None:
        raise NotFound(NOT_THEIRS)
    return contact


def _point_of(contact_id: UUID) -> str:
    _contact(contact_id)
    mine = select(ContactPoint.value).where(ContactPoint.contact_id == contact_id)
    in_order = mine.order_by(ContactPoint.kind != "phone", ContactPoint.id)
    found = tenant_session().scalars(in_order.where(ContactPoint.kind.in_(("phone", "email")))).all()
    wanted = request.args.get("address")
    if not found or (wanted and wanted not in found):
        raise NotFound("There is no such phone number or e-mail address of this person.")
    return wanted or found[0]


def _conversation_of(contact_id: UUID) -> UUID | None:
    return tenant_session().scalar(select(Conversation.id).where(Conversation.contact_id == contact_id))


def _read(address: str) -> str:
    """E.164, or a lower-case e-mail address; of a stranger, or of a person whom this member may see."""
    address = _normal(address)
    if g.who.viewer and not may_see(tenant_session(), address):
        raise NotFound(NOT_THEIRS)
    return address


def _normal(address: str) -> str:
    if ADDRESS.fullmatch(address.lower()):
        return address.lower()
    try:
        return phones.e164(address)
    except phones.NotAPhoneNumberError:
        abort(404, "That is no phone number like +15125550148 and no e-mail address.")


def _masked(address: str) -> str:
    name, at, domain = address.rpartition("@")
    return f"{name[0]}…@{domain}" if at else phones.masked(address)
