"""Leads as JSON, for other programs: one handed over goes the way of a form, and how each stands can be looked up."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue

from blueprints_ui.guard import public_page, tenant_session
from blueprints_ui.security import limiter
from blueprints_ui.web_forms import door
from blueprints_ui.web_forms.door import Problem
from groundwork import config
from groundwork.database import Json
from hallway import followup, forms
from hallway.forms import Answers, Came, Shown
from hallway.insight import lead_states
from hallway.insight.lead_states import LeadState

leads_api = Blueprint("leads_api", __name__, url_prefix="/api/leads")
door.tell_problems(leads_api)
OFTEN = "1200 per hour"
WRONG = "Some fields need another look."
MOST, USUAL = 100, 50


@leads_api.post("")
@limiter.limit(OFTEN, key_func=lambda: f"api leads {request.remote_addr}")
@public_page
def hand_over() -> ResponseReturnValue:
    """{"name", "phone", "email", "message", "source", "page_url", ...}: answered, routed and followed as a form is."""
    door.needed_key("leads:write")
    sent = door.body()
    return door.once(lambda: _hand_over(sent))


def _hand_over(sent: Json) -> Response:
    typed = {name: door.words(sent, name) for name in (*forms.LONGEST, "page_url", "ip", "user_agent")}
    answers = _answers(sent, typed)
    source = door.words(sent, "source").strip()
    if len(source) > forms.LONGEST_SOURCE:
        raise Problem(422, WRONG, {"source": f"Up to {forms.LONGEST_SOURCE} characters, please."})
    follow_up = _agreed(sent, "follow_up")
    handed = forms.hand_over(tenant_session(), answers, _came(sent, typed), source, follow_up or None)
    return door.answer(_told(handed.lead.id), 201 if handed.new else 200)


def _answers(sent: Json, typed: Mapping[str, str]) -> Answers:
    answers = forms.read_answers(forms.form_of_api(tenant_session()), g.tenant.trade, typed)
    request_wording = door.words(sent, "request_wording")
    if len(request_wording) > door.LONGEST_WORDING:
        answers.errors["request_wording"] = f"Up to {door.LONGEST_WORDING:,} characters, please."
    if not answers.ok:
        raise Problem(422, WRONG, answers.errors)
    return answers


def _came(sent: Json, typed: Mapping[str, str]) -> Came:
    marketing = _agreed(sent, "marketing")
    return Came(
        via="api",
        shown=Shown(door.words(sent, "request_wording"), marketing),
        ticked=bool(marketing),
        page_url=typed["page_url"],
        ip=typed["ip"][:64] or None,
        user_agent=typed["user_agent"],
        trusted=True,
    )


def _agreed(sent: Json, name: str) -> str:
    """The words they agreed to; "" where they did not."""
    agreed, wording = door.agreement(sent, name)
    if agreed:
        door.check_wording(wording, name)
    return wording if agreed else ""


@leads_api.get("/<uuid:lead_id>")
@limiter.limit(OFTEN, key_func=lambda: f"api leads {request.remote_addr}")
@public_page
def show(lead_id: UUID) -> ResponseReturnValue:
    door.needed_key("leads:read")
    return door.answer(_told(lead_id))


@leads_api.get("")
@limiter.limit(OFTEN, key_func=lambda: f"api leads {request.remote_addr}")
@public_page
def look_through() -> ResponseReturnValue:
    """The newest first. `status`, `limit`, and `after`: the `next` of the page before."""
    door.needed_key("leads:read")
    status, after = request.args.get("status", ""), request.args.get("after", "")
    errors = {} if status in ("", *lead_states.STATUSES) else {"status": "It is open, booked or lost."}
    limit = request.args.get("limit", str(USUAL))
    if not (limit.isascii() and limit.isdecimal() and len(limit) < 4 and 1 <= int(limit) <= MOST):
        errors["limit"] = f"A whole number up to {MOST}."
    start = _id(after) if after else None
    if after and start is None:
        errors["after"] = "Send what stood in next."
    if errors:
        raise Problem(422, WRONG, errors)
    found, more = lead_states.page(tenant_session(), status or None, start, int(limit))
    return door.answer({"leads": [_as_json(one) for one in found], "next": str(more) if more else None})


def _id(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None


def _told(lead_id: UUID) -> Json:
    found = lead_states.one(tenant_session(), lead_id)
    if found is None:
        raise Problem(404, "There is no lead with this id here.")
    followed = followup.of_conversation(tenant_session(), found.conversation.id)
    running = [
        {"name": one.name, "state": one.state, "next_at": one.due_at and one.due_at.isoformat(), "why": one.stopped_why}
        for one in followed
    ]
    return _as_json(found) | {"follow_up": running}


def _as_json(one: LeadState) -> Json:
    lead, talk = one.lead, one.conversation
    about: Json = {"id": str(lead.id), "status": lead.status, "source": lead.source, "value_cents": lead.value_cents}
    about |= {"created_at": lead.created_at.isoformat(), "booked_at": lead.booked_at and lead.booked_at.isoformat()}
    about["person"] = {"name": one.contact.name, "phone": one.phone, "email": one.email}
    about["fields"] = {
        name: {"value": known.value, "label": known.label, "words": known.source_words}
        for name, known in sorted(one.fields.items())
    }
    about |= {"assigned_to": one.member, "urgent": talk.urgent_reason, "conversation": talk.status}
    about |= {"waiting_since": talk.waiting_since and talk.waiting_since.isoformat()}
    about |= {"answered_at": one.answered_at and one.answered_at.isoformat()}
    return about | {"url": f"{config.settings().tenant_url(g.tenant.slug)}/inbox/{talk.id}"}
