"""Follow-up → what if: a draft run over the last month's moments, and all it would have done."""

from __future__ import annotations

import json
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

import billing
from blueprints_ui import regions
from blueprints_ui.guard import page, tenant_session
from blueprints_ui.sequences import drafts
from blueprints_ui.sequences.listing import NAMES, STARTS
from groundwork.database import Json
from hallway.followup import Plan, Sequence, switching
from hallway.insight import what_if as insight
from tenants.models import ROLES

what_if = Blueprint("what_if", __name__, url_prefix="/sequences")
PER_PAGE = 50
LONGEST = 200_000
OUTCOMES = {
    "sent": ("would have gone", "good"),
    "held": ("would have waited, then gone", "brand"),
    "refused": ("the gate would have refused", "bad"),
    "skipped": ("skipped: in the middle of a talk", "neutral"),
    "stopped": ("stopped before", "warn"),
    "task": ("for a person", "neutral"),
    "unknown": ("cannot be known", "outline"),
    "ahead": ("still ahead today", "outline"),
}
STOPPED_BY = {"reply": "replies", "booking": "bookings", "opt_out": "opt-outs", "takeover": "one of you writing"}


@what_if.get("/<uuid:sequence_id>/what-if")
@page()
def saved(sequence_id: UUID) -> ResponseReturnValue:
    """The version in force."""
    sequence = regions.mine(Sequence, sequence_id)
    return _page(sequence, switching.plan_of(tenant_session(), sequence).as_json(), draft=False)


@what_if.post("/<uuid:sequence_id>/what-if")
@page(writes=ROLES)
def show(sequence_id: UUID) -> ResponseReturnValue:
    """The draft in the editor's form, or the one this page carries along while one leafs through it."""
    sequence, carried = regions.mine(Sequence, sequence_id), request.form.get("plan")
    plan = _carried(carried) if carried else drafts.read(request.form)
    return _page(sequence, plan, draft=True)


def _carried(text: str) -> Json:
    try:
        plan = json.loads(text) if len(text) <= LONGEST else None
    except ValueError:
        plan = None
    if not isinstance(plan, dict) or not isinstance(plan.get("steps"), list):
        raise BadRequest("Open the sequence again; what this page carried along cannot be read.")
    return plan


def _page(sequence: Sequence, plan: Json, *, draft: bool) -> ResponseReturnValue:
    billing.require(tenant_session(), "what_if")
    words = {"sequence": sequence, "plan": plan, "draft": draft, "moment": NAMES[sequence.moment]}
    words |= {"outcomes": OUTCOMES, "stopped_by": STOPPED_BY, "cannot_know": insight.CANNOT_KNOW}
    words |= {"starts": STARTS[sequence.moment], "most": insight.MOST_MOMENTS}
    try:
        read = Plan.from_json(plan)
    except ValueError as error:
        return render_template("sequences/what_if.html", found=None, trouble=str(error), **words), 422
    found = insight.replay(tenant_session(), read, sequence.moment, sequence_id=sequence.id, only_if=sequence.only_if)
    only = request.form.get("only", "")
    lines = [line for line in found.lines if not only or line.outcome == only]
    pages = max(1, -(-len(lines) // PER_PAGE))
    typed = request.form.get("page", "")
    number = min(int(typed), pages) if typed.isdecimal() and int(typed) else 1
    shown = lines[(number - 1) * PER_PAGE : number * PER_PAGE]
    words |= {"only": only, "number": number, "pages": pages, "total": len(lines), "plan_json": json.dumps(plan)}
    return render_template("sequences/what_if.html", found=found, lines=shown, **words)
